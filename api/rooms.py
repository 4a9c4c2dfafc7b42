"""The rooms of the house, gathered here and nowhere else."""

import data.room
import dispatch.room
import gis.room
import maps.room
import planning.room
import referral.room
import routing.room
import surveillance.room
from gis.rooms.house import open_house

HOUSE = open_house((
    gis.room.ROOM, data.room.ROOM, routing.room.ROOM, dispatch.room.ROOM, surveillance.room.ROOM,
    planning.room.ROOM, referral.room.ROOM, maps.room.ROOM,
))  # fmt: skip

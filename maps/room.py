"""What this room says of itself: nothing yet."""

from gis.rooms.model import Room

ROOM = Room(name="maps")

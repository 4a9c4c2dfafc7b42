"""What this room says of itself: who will work in it."""

from gis.permissions import EVENTS_READ
from gis.rooms.model import Role, Room
from gis.words import Words
from routing.permissions import ROAD_CONDITIONS_READ, ROUTING_USE

ROOM = Room(
    name="surveillance",
    roles=(
        Role(
            "cdc", Words(en="disease control", zh="疾控人员"),
            (ROUTING_USE, ROAD_CONDITIONS_READ, EVENTS_READ),
        ),
    ),
)  # fmt: skip

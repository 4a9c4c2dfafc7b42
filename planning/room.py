"""What this room says of itself: who will work in it."""

from dispatch.permissions import ARRIVALS_READ
from gis.permissions import RESOURCE_READ
from gis.rooms.model import Role, Room
from gis.words import Words
from routing.permissions import ROAD_CONDITIONS_READ, ROUTING_USE

ROOM = Room(
    name="planning",
    roles=(
        Role(
            "planner", Words(en="planner", zh="规划人员"),
            (ROUTING_USE, ROAD_CONDITIONS_READ, RESOURCE_READ, ARRIVALS_READ),
        ),
    ),
)  # fmt: skip

"""What this room says of itself: who will work in it."""

from gis.rooms.model import Role, Room
from gis.words import Words
from routing.permissions import ROUTING_USE

ROOM = Room(
    name="referral",
    roles=(
        Role("clinic", Words(en="clinic", zh="诊所"), (ROUTING_USE,)),
    ),
)  # fmt: skip

"""What this room says of itself: who works in it, and minutes by road."""

from dispatch.permissions import ARRIVALS_READ
from gis.permissions import EVENTS_READ, RESOURCE_READ
from gis.rooms.model import Right, Role, Room
from gis.words import Words
from planning.access.layers import LAYERS
from planning.permissions import ACCESS_READ, STUDY_WRITE
from planning.studies.jobs import JOBS
from routing.permissions import ROAD_CONDITIONS_READ, ROUTING_USE

ROOM = Room(
    name="planning",
    layers=LAYERS,
    jobs=JOBS,
    permissions=(
        Right(
            ACCESS_READ,
            Words(
                en="see minutes by road to stations and hospitals",
                zh="查看到急救站与医院的道路行程时间",
            ),
            held_by=("administrator", "dispatcher", "supervisor", "hospital", "cdc"),
        ),
        Right(
            STUDY_WRITE,
            Words(en="make planning studies", zh="创建规划方案"),
            held_by=("administrator",),
        ),
    ),
    roles=(
        Role(
            "planner", Words(en="planner", zh="规划人员"),
            (
                ROUTING_USE, ROAD_CONDITIONS_READ, RESOURCE_READ, ARRIVALS_READ, EVENTS_READ,
                ACCESS_READ, STUDY_WRITE,
            ),
        ),
    ),
)  # fmt: skip

"""What this room says of itself: who works in it, minutes by road, studies and their report."""

from dispatch.permissions import ARRIVALS_READ, PLACE_SEARCH
from gis.permissions import EVENTS_READ, RESOURCE_READ
from gis.rooms.model import Page, Report, Right, Role, Room
from gis.words import Words
from planning.access.layers import LAYERS
from planning.history.register import FIELDS as HISTORY_FIELDS
from planning.permissions import ACCESS_READ, STUDY_WRITE
from planning.studies.jobs import JOBS
from planning.studies.register import FIELDS as STUDY_FIELDS
from routing.permissions import ROAD_CONDITIONS_READ, ROUTING_USE

ON_A_STUDY = Report(
    name="study",
    words=Words(en="Planning study", zh="规划研究报告"),
    says=Words(
        en="One study: what was asked, what it found and how sure that is, who gains and loses, "
        "and what the numbers do not say",
        zh="单项研究：参数、结论及其可靠程度、谁受益谁受损，以及这些数字没有说明什么",
    ),
    permission=ACCESS_READ,
    build="planning.reports.study:build",
    of_one="planning.reports.study:require",
    order=50,
)
ROOM = Room(
    name="planning",
    layers=LAYERS,
    reports=(ON_A_STUDY,),
    jobs=JOBS,
    pages=(
        Page(
            "/planner", Words(en="Planning", zh="规划"), "planner/main.js",
            Words(
                en="Who is covered, where the next station or unit goes, and how good that is.",
                zh="覆盖现状，下一个站点或车辆放在哪里，方案有多好。",
            ),
            permission=(ACCESS_READ,), order=18, landing_for=("planner",),
            styles=("map.css", "reports.css", "planner.css"),
        ),
    ),
    personal_fields=(*HISTORY_FIELDS, *STUDY_FIELDS),
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
                ACCESS_READ, STUDY_WRITE, PLACE_SEARCH,
            ),
        ),
    ),
)  # fmt: skip

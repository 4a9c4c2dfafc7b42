"""What this room says of itself: reported cases, who may see them, who works in it."""

from gis.permissions import EVENTS_READ, RESOURCE_READ
from gis.rooms.model import Consumer, Event, Page, Report, Right, Role, Room, Subject
from gis.words import Words
from routing.permissions import ROAD_CONDITIONS_READ, ROUTING_USE
from surveillance.cases.register import FIELDS, SUBJECTS
from surveillance.cluster_runs.layers import LAYERS as CLUSTER_LAYERS
from surveillance.cluster_runs.register import FIELDS as CLUSTER_FIELDS
from surveillance.counting.published import PUBLISHED
from surveillance.indicators.layers import LAYERS as INDICATOR_LAYERS
from surveillance.inspections.layers import LAYERS as INSPECTION_LAYERS
from surveillance.inspections.register import FIELDS as INSPECTION_FIELDS
from surveillance.institutions.register import FIELDS as INSTITUTION_FIELDS
from surveillance.intake.jobs import JOBS as IMPORT_JOBS
from surveillance.permissions import (
    CASES_IMPORT,
    CASES_READ,
    CASES_SENSITIVE,
    SIGNALS_WORK,
    SURVEILLANCE_READ,
)
from surveillance.risk.layers import LAYERS as RISK_LAYERS
from surveillance.risk.layers_points import LAYERS as POINT_LAYERS
from surveillance.signals.announced import SIGNAL_EVENTS
from surveillance.signals.jobs import JOBS, TIMERS
from surveillance.signals.layers import LAYERS
from surveillance.signals.register import FIELDS as SIGNAL_FIELDS
from surveillance.syndromic.following import FOLLOWED
from surveillance.vulnerability.layers import LAYERS as VULNERABILITY_LAYERS
from surveillance.vulnerability.register import FIELDS as VULNERABILITY_FIELDS

_CDC = (
    ROUTING_USE, ROAD_CONDITIONS_READ, RESOURCE_READ, EVENTS_READ, SURVEILLANCE_READ, CASES_READ,
    CASES_IMPORT, SIGNALS_WORK,
)  # fmt: skip

BULLETINS = (
    Report(
        "bulletin", Words(en="Disease bulletin", zh="疫情周报与月报（疾控内部）"),
        Words(
            en="Cases and deaths of a week or month by disease and district, with the period "
            "before and last year, signals, curves, and how complete the data are.",
            zh="一周或一月各病种、各区病例与死亡，环比、同比、本年累计、预警信号、曲线与数据完整性。",
        ),
        CASES_READ, "surveillance.bulletin.report:build", of_periods=True,
        # Children count with their disease, as in every curve; nothing of one child is told.
        counts_by=(CASES_SENSITIVE,),
    ),
    Report(
        "bulletin_published",
        Words(en="Disease bulletin, published counts", zh="疫情周报与月报（公开）"),
        Words(
            en="Published counts of a week or month by disease and district; small are hidden.",
            zh="一周或一月各病种、各区已发布病例数；小数目不公布。",
        ),
        SURVEILLANCE_READ, "surveillance.bulletin.report:build_published", of_periods=True,
    ),
)  # fmt: skip

ROOM = Room(
    name="surveillance",
    permissions=(
        Right(
            SURVEILLANCE_READ,
            Words(en="see signals, published counts of cases", zh="查看预警信号与已发布病例数"),
            held_by=("supervisor", "planner", "administrator"),
        ),
        Right(CASES_READ, Words(en="read reported cases one by one", zh="查看病例个案")),
        Right(CASES_IMPORT, Words(en="import reported cases", zh="导入病例报告")),
        Right(
            CASES_SENSITIVE,
            Words(
                en="read sensitive cases: HIV and sexually transmitted, tuberculosis, psychiatric,"
                " reproductive, under 14",
                zh="查看敏感病例：艾滋病与性病、结核病、精神障碍、生殖健康、未满14岁",
            ),
        ),
        Right(SIGNALS_WORK, Words(en="work on signals", zh="处理预警信号")),
    ),
    roles=(
        Role("cdc", Words(en="disease control", zh="疾控人员"), _CDC),
        Role(
            "cdc_sensitive",
            Words(en="disease control, sensitive cases too", zh="疾控人员（含敏感病例）"),
            (*_CDC, CASES_SENSITIVE),
        ),
    ),
    subjects=(
        Subject("case", CASES_READ),
        Subject("case_source", CASES_READ),
        Subject("signal", CASES_READ),
        Subject("cluster_run", CASES_READ),
        Subject("surveillance_run", SURVEILLANCE_READ),
    ),
    events=(
        Event(
            "case.person_erased", "case", "Who a reported case is was erased.",
            Words(en="{count} personal values erased", zh="已删除个人信息{count}项"),
        ),
        Event(
            "cases.imported", "case_source", "A file of cases or counts was taken in.",
            Words(
                en="{rows} rows imported: {new} new, {revised} revised, {rejected} rejected",
                zh="导入{rows}行：新增{new}，订正{revised}，拒绝{rejected}",
            ),
        ),
        *SIGNAL_EVENTS,
        Event(
            "clusters.found", "cluster_run", "A day was scanned for clusters.",
            Words(en="Clusters of {day}: {told}", zh="{day}聚集{told}处"),
        ),
    ),
    jobs=(*JOBS, *IMPORT_JOBS),
    consumers=(
        Consumer(
            "surveillance.syndromic", FOLLOWED, "surveillance.syndromic.service:follow_call"
        ),
    ),
    timers=TIMERS,
    layers=(
        *LAYERS, *RISK_LAYERS, *POINT_LAYERS, *CLUSTER_LAYERS, *VULNERABILITY_LAYERS,
        *INDICATOR_LAYERS, *INSPECTION_LAYERS,
    ),
    published=PUBLISHED,
    reports=BULLETINS,
    pages=(
        Page(
            "/cdc", Words(en="Disease control", zh="疾病控制"), "cdc/main.js",
            Words(
                en="What is unusual today, where and since when; each disease with its curve.",
                zh="今日异常信号、地点与起始时间；各病种流行曲线。",
            ),
            permission=(CASES_READ, SURVEILLANCE_READ), order=15,
            landing_for=("cdc", "cdc_sensitive"), styles=("map.css", "cdc.css", "reports.css"),
        ),
    ),
    personal_fields=(
        *FIELDS, *INSTITUTION_FIELDS, *SIGNAL_FIELDS, *CLUSTER_FIELDS, *VULNERABILITY_FIELDS,
        *INSPECTION_FIELDS,
    ),
    personal_subjects=SUBJECTS,
)  # fmt: skip

"""What is published of incidents: how many, by week, district and urgency."""

from gis.disclosure.model import CountedGroup, PublishedCount, Rhythm, Sensitivity
from gis.permissions import PUBLISHED_COUNTS_READ
from gis.rooms.layers import (
    ALL_EXPORTS,
    RAMPS,
    Field,
    Group,
    Layer,
    Licence,
    Moment,
    PopulationBase,
    Privacy,
    Ramp,
    Sql,
)
from gis.words import Words

NOT_CODED = "none"

INCIDENTS_BY_WEEK = PublishedCount(
    name="dispatch.incidents",
    words=Words(en="Emergency incidents by week", zh="每周急救事件数"),
    description=Words(
        en="Incidents of a week by district and urgency; repeated calls of one incident and"
        " cancelled ones are not counted.",
        zh="按区和紧急程度统计的每周事件数；同一事件的重复呼救与已取消的事件不计。",
    ),
    sensitivity=Sensitivity.HEALTH,
    counts="dispatch.incidents.counts:incidents_counted",
    area_level="district",
    groups=(
        CountedGroup("C1", Words(en="C1, immediate", zh="C1 立即")),
        CountedGroup("C2", Words(en="C2, urgent", zh="C2 紧急")),
        CountedGroup("C3", Words(en="C3, soon", zh="C3 较急")),
        CountedGroup("C4", Words(en="C4, later", zh="C4 普通")),
        CountedGroup(NOT_CODED, Words(en="not coded", zh="未分级")),
    ),
    rhythm=Rhythm.WEEK,
    permission=PUBLISHED_COUNTS_READ,
)

_HIDDEN = Words(en="hidden", zh="已隐去")

INCIDENTS_LAYER = Layer(
    "incidents_by_week", INCIDENTS_BY_WEEK.words,
    Words(
        en="Incidents of one week by district, as published; small numbers are hidden, with as"
        " many others as it takes that nobody can work them out.",
        zh="按区发布的一周急救事件数；小数目及可能据以推算的其他数目已隐去。",
    ),
    "polygon", 5,
    (
        Field("code", "string", Words(en="code of the area", zh="行政区划代码")),
        Field("name", "string", Words(en="name", zh="名称")),
        Field("name_zh", "string", Words(en="Chinese name", zh="中文名称")),
        Field("name_en", "string", Words(en="English name", zh="英文名称")),
        Field(
            "incidents", "integer", Words(en="incidents", zh="事件数"), unit="{case}",
            counts_people=True,
        ),
        Field("hidden", "boolean", _HIDDEN),
        Field(
            "smallest_told", "integer", Words(en="smallest number told", zh="最小公布数"),
            unit="{case}",
        ),
        Field("first_day", "string", Words(en="first day", zh="起始日")),
        Field("last_day", "string", Words(en="last day", zh="终止日")),
        Field("modelled", "boolean", Words(en="modelled area", zh="模型生成的区划")),
    ),
    Sql(
        rows="dispatch:sql/incidents_published.sql",
        parameters="dispatch.incidents.published_layer:shown_release",
    ),
    Group.SURVEILLANCE,
    as_of="dispatch.incidents.published_layer:week_shown",
    empty=Words(
        en="No week of incidents is published for this city yet; a week is, two days after it"
        " ended.",
        zh="该城市尚未发布任何一周的事件数；每周结束两天后发布。",
    ),
    licence=Licence.OF_THE_INSTALLATION,
    operational=True,
    classes=Ramp("incidents", (20.0, 50.0, 100.0, 250.0), RAMPS["orange"], none=_HIDDEN),
    opacity=0.65,
    unit="{case}",
    population_base=PopulationBase.HELPED,
    time=Moment(),
    permission=PUBLISHED_COUNTS_READ,
    area_field="code",
    privacy=Privacy.SUPPRESSED,
    published=INCIDENTS_BY_WEEK.name,
    exports=ALL_EXPORTS,
)  # fmt: skip

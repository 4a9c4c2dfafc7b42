"""What a study is asked, by kind: forms whose JSON Schema makes the page's form.

Each property has its words and help in every language (`x-words`, `x-help`) and says how it is
filled in (`x-widget`); `x-advanced` ones may be folded away.
"""

import math
from collections.abc import Mapping
from enum import StrEnum
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints

from gis.words import Words
from planning.access.model import TimeOfDay

MOST_SITES = 1_000
MOST_AREAS = 50
MOST_CORNERS = 1_000

Key = Annotated[
    str,
    StringConstraints(
        strip_whitespace=True, min_length=1, max_length=80, pattern=r"^[^\x00-\x1f:]+$"
    ),
]
Name = Annotated[
    str, StringConstraints(strip_whitespace=True, max_length=120, pattern=r"^[^\x00-\x1f]*$")
]
Longitude = Annotated[float, Field(ge=-180, le=180)]
Latitude = Annotated[float, Field(ge=-90, le=90)]


class Form(BaseModel):
    """Takes what it knows and refuses what it does not."""

    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)


class Site(Form):
    """A place drawn on the map or imported, in WGS-84."""

    key: Key
    name: Name = ""
    lon: Longitude
    lat: Latitude


class Stand(Site):
    """A place with units."""

    units: int = Field(1, ge=1, le=100)


def _once(sites: tuple[Any, ...]) -> tuple[Any, ...]:
    keys = [one.key for one in sites]
    if twice := sorted({key for key in keys if keys.count(key) > 1}):
        msg = f"names a site twice: {', '.join(twice[:5])}."
        raise ValueError(msg)
    return sites


Sites = Annotated[tuple[Site, ...], Field(max_length=MOST_SITES), AfterValidator(_once)]
Stands = Annotated[tuple[Stand, ...], Field(max_length=MOST_SITES), AfterValidator(_once)]


class PolygonIn(Form):
    """An area drawn on the map: a GeoJSON polygon in WGS-84."""

    type: Literal["Polygon"] = "Polygon"
    coordinates: Annotated[
        tuple[
            Annotated[
                tuple[tuple[Longitude, Latitude], ...], Field(min_length=4, max_length=MOST_CORNERS)
            ],
            ...,
        ],
        Field(min_length=1, max_length=20),
    ]


Areas = Annotated[tuple[PolygonIn, ...], Field(max_length=MOST_AREAS)]
Stations = Annotated[tuple[int, ...], Field(max_length=500)]


class SitingModel(StrEnum):
    """Which question is asked of the sites."""

    MCLP = "mclp"
    P_MEDIAN = "p_median"
    P_CENTER = "p_center"
    LSCP = "lscp"
    FAIR_MCLP = "fair_mclp"
    FAIR_TAIL = "fair_tail"


MODEL_WORDS: Mapping[str, Words] = {
    SitingModel.MCLP: Words(en="most people within reach (MCLP)", zh="覆盖人口最多（MCLP）"),
    SitingModel.P_MEDIAN: Words(en="least travel of all (p-median)", zh="总行程最短（p-中位）"),
    SitingModel.P_CENTER: Words(en="the farthest as near as can be (p-center)",
                                zh="最远者最近（p-中心）"),
    SitingModel.LSCP: Words(en="everybody within reach, fewest sites (LSCP)",
                            zh="全覆盖所需最少站点（LSCP）"),
    SitingModel.FAIR_MCLP: Words(en="most people against the worst-off district (Pareto)",
                                 zh="总覆盖与最差区县的权衡（帕累托）"),
    SitingModel.FAIR_TAIL: Words(en="most people against the tenth served worst (Pareto)",
                                 zh="总覆盖与最远10%人口的权衡（帕累托）"),
}  # fmt: skip
TIME_WORDS: Mapping[str, Words] = {
    TimeOfDay.ALL: Words(en="on the whole", zh="全天"),
    TimeOfDay.DAY: Words(en="by day", zh="白天"),
    TimeOfDay.NIGHT: Words(en="by night", zh="夜间"),
}


def _asked(
    en: str,
    zh: str,
    widget: str,
    *,
    help_en: str = "",
    help_zh: str = "",
    advanced: bool = False,
    choices: Mapping[str, Words] | None = None,
) -> dict[str, Any]:
    """Return what the schema says of a property besides its type."""
    said: dict[str, Any] = {
        "x-words": {"en": en, "zh": zh},
        "x-help": {"en": help_en, "zh": help_zh},
        "x-widget": widget,
        "x-advanced": advanced,
    }
    if choices is not None:
        said["x-choices"] = {str(value): words.as_json() for value, words in choices.items()}
    return said


_PRICE_EN = "An example, from no price list: put your own."
_PRICE_ZH = "示例值，并非价目表，请填写实际价格。"
_TIME = _asked("people are counted", "人口口径", "choice", choices=TIME_WORDS)
_CLOSED = _asked(
    "stations closed", "关闭的急救站", "stations",
    help_en="As if closed: their units are gone. Today's state keeps them.",
    help_zh="视为关闭，其车辆不再计入；“现状”仍含这些站。",
)  # fmt: skip
_REACH = _asked(
    "reach, minutes by road", "到达时限（分钟，道路）", "number",
    help_en="Met exactly counts as reached.", help_zh="恰好等于时限视为可达。",
)  # fmt: skip
_CANDIDATES = _asked(
    "sites to choose from", "候选站址", "sites",
    help_en="Drawn or imported. None: the study takes places where many people live.",
    help_zh="绘制或导入；留空则由系统按人口自动选取候选点。",
)  # fmt: skip
_CANDIDATE_COUNT = _asked(
    "sites the study takes by itself", "自动候选点数量", "number",
    help_en="Where none are drawn: at most so many, spread over where people live.",
    help_zh="未绘制候选点时，按人口分布自动选取的上限。",
)  # fmt: skip
_INSIDE = _asked("sites only within", "仅限区域内", "areas")
_OUTSIDE = _asked("no sites within", "排除区域", "areas")
_KEEP = _asked(
    "what stands today stays", "保留现有站点", "switch",
    help_en="Off: all sites are chosen anew, as many as today and the new ones.",
    help_zh="关闭后将重新布局全部站点（数量为现有加新增）。",
)  # fmt: skip


class Search(Form):
    """When a search is content; the same numbers give the same answer, unless time ended it."""

    gap: float = Field(
        0.0, ge=0, le=0.5,
        json_schema_extra=_asked("content with a gap of", "可接受差距", "number", advanced=True,
                                 help_en="As a share of the value.", help_zh="占目标值的比例。"),
    )  # fmt: skip
    rounds: int = Field(
        2_000,
        ge=0,
        le=100_000,
        json_schema_extra=_asked("rounds of search", "搜索轮数", "number", advanced=True),
    )
    seconds: float = Field(
        120.0, gt=0, le=7_200,
        json_schema_extra=_asked("seconds of processor time at most", "最长计算时间（秒）",
                                 "number", advanced=True),
    )  # fmt: skip
    seed: int = Field(
        1,
        ge=0,
        le=2**31 - 1,
        json_schema_extra=_asked("seed", "随机种子", "number", advanced=True),
    )


class SitingForm(Search):
    """Where the next stations go."""

    model: SitingModel = Field(
        SitingModel.MCLP,
        json_schema_extra=_asked("what is best", "目标模型", "choice", choices=MODEL_WORDS),
    )
    new_sites: int = Field(
        1, ge=0, le=200,
        json_schema_extra=_asked("new stations", "新增急救站数", "number",
                                 help_en="Not asked by LSCP, which finds the number.",
                                 help_zh="LSCP模型自行求解数量。"),
    )  # fmt: skip
    reach_min: float = Field(8.0, gt=0, le=240, json_schema_extra=_REACH)
    candidates: Sites = Field((), json_schema_extra=_CANDIDATES)
    candidate_count: int = Field(150, ge=1, le=MOST_SITES, json_schema_extra=_CANDIDATE_COUNT)
    inside: Areas = Field((), json_schema_extra=_INSIDE)
    outside: Areas = Field((), json_schema_extra=_OUTSIDE)
    closed: Stations = Field((), json_schema_extra=_CLOSED)
    keep_existing: bool = Field(True, json_schema_extra=_KEEP)
    time_of_day: TimeOfDay = Field(TimeOfDay.ALL, json_schema_extra=_TIME)
    alternatives: int = Field(
        0, ge=0, le=20,
        json_schema_extra=_asked(
            "best plans to be told", "列出的最优方案数", "number", advanced=True,
            help_en="The best and the next best of as many sites, each with its bound (MCLP).",
            help_zh="列出最优及次优方案，各附界限（MCLP）。",
        ),
    )  # fmt: skip
    phases: int = Field(
        0, ge=0, le=20,
        json_schema_extra=_asked(
            "phases of one more station each", "分期数（每期增设一站）", "number", advanced=True,
            help_en="Each phase keeps the stations of the one before (MCLP).",
            help_zh="每期保留前期站点（MCLP）。",
        ),
    )  # fmt: skip
    bootstraps: int = Field(
        0, ge=0, le=200,
        json_schema_extra=_asked(
            "bootstraps", "自助重抽样次数", "number", advanced=True,
            help_en="How often a site is chosen when demand and travel shift by ± 15 % (MCLP).",
            help_zh="需求与行程±15%扰动下各站址被选中的频率（MCLP）。",
        ),
    )  # fmt: skip


class UnitsForm(Search):
    """Where more ambulances stand."""

    new_units: int = Field(
        2, ge=0, le=500, json_schema_extra=_asked("new ambulances", "新增救护车数", "number")
    )
    busy: float = Field(
        0.3, ge=0, lt=1,
        json_schema_extra=_asked(
            "share of time a unit is busy", "车辆忙碌率", "number",
            help_en="Taken alike for all units, each by itself (Daskin 1983).",
            help_zh="假定各车相同且相互独立（Daskin 1983）。",
        ),
    )  # fmt: skip
    units_a_site: int = Field(
        3, ge=1, le=100,
        json_schema_extra=_asked(
            "units at a place at most", "每站最多车辆", "number",
            help_en="Where more stand today, they stay.", help_zh="现有数量更多的站保持不变。",
        ),
    )  # fmt: skip
    reach_min: float = Field(8.0, gt=0, le=240, json_schema_extra=_REACH)
    sites: Sites = Field(
        (),
        json_schema_extra=_asked("places besides the stations", "站点以外的驻点", "sites"),
    )
    closed: Stations = Field((), json_schema_extra=_CLOSED)
    time_of_day: TimeOfDay = Field(TimeOfDay.ALL, json_schema_extra=_TIME)


class BudgetForm(Search):
    """What a budget is spent on: new stations, and more units at those there are."""

    gap: float = Field(
        0.002, ge=0, le=0.5,
        json_schema_extra=_asked("content with a gap of", "可接受差距", "number", advanced=True,
                                 help_en="As a share of the value.", help_zh="占目标值的比例。"),
    )  # fmt: skip
    budget: float = Field(
        20_000_000.0, gt=0, le=1e12,
        json_schema_extra=_asked(
            "budget over all years", "总预算（含各年支出）", "number",
            help_en="In the currency of the prices.", help_zh="与价格同一币种。",
        ),
    )  # fmt: skip
    years: int = Field(5, ge=1, le=30, json_schema_extra=_asked("years", "年数", "number"))
    build: float = Field(
        3_000_000.0, ge=0, le=1e12,
        json_schema_extra=_asked("building a station", "新建站点费用", "number",
                                 help_en=_PRICE_EN, help_zh=_PRICE_ZH),
    )  # fmt: skip
    rent_a_year: float = Field(
        0.0, ge=0, le=1e12,
        json_schema_extra=_asked("rent of a station a year", "站点年租金", "number"),
    )  # fmt: skip
    enlarge: float = Field(
        200_000.0, ge=0, le=1e12,
        json_schema_extra=_asked("room for one more unit at a station", "站点增容费用（每车）",
                                 "number", help_en=_PRICE_EN, help_zh=_PRICE_ZH),
    )  # fmt: skip
    vehicle: float = Field(
        600_000.0, ge=0, le=1e12,
        json_schema_extra=_asked("an ambulance with its equipment", "救护车及装备", "number",
                                 help_en=_PRICE_EN, help_zh=_PRICE_ZH),
    )  # fmt: skip
    crew_a_year: float = Field(
        1_500_000.0, ge=0, le=1e12,
        json_schema_extra=_asked("crew of a 24 h unit a year", "24小时值班车组年费用", "number",
                                 help_en=_PRICE_EN, help_zh=_PRICE_ZH),
    )  # fmt: skip
    running_a_year: float = Field(
        100_000.0, ge=0, le=1e12,
        json_schema_extra=_asked("fuel, upkeep and supplies of a unit a year",
                                 "单车年运行费用", "number"),
    )  # fmt: skip
    people_a_unit: float = Field(
        30_000.0, gt=0, le=1e9,
        json_schema_extra=_asked(
            "people that a unit serves", "每车服务人口", "number",
            help_en="China 2020 asks for one ambulance for 30,000.",
            help_zh="2020年指导意见：每3万人口1辆。",
        ),
    )  # fmt: skip
    units_a_station: int = Field(
        3, ge=1, le=20,
        json_schema_extra=_asked(
            "units at a station at most", "每站最多车辆", "number",
            help_en="Where more stand today, they stay.", help_zh="现有数量更多的站保持不变。",
        ),
    )  # fmt: skip
    reach_min: float = Field(8.0, gt=0, le=240, json_schema_extra=_REACH)
    candidates: Sites = Field((), json_schema_extra=_CANDIDATES)
    candidate_count: int = Field(60, ge=1, le=MOST_SITES, json_schema_extra=_CANDIDATE_COUNT)
    inside: Areas = Field((), json_schema_extra=_INSIDE)
    outside: Areas = Field((), json_schema_extra=_OUTSIDE)
    closed: Stations = Field((), json_schema_extra=_CLOSED)
    time_of_day: TimeOfDay = Field(TimeOfDay.ALL, json_schema_extra=_TIME)


class CoverageForm(Form):
    """Before and after a change that is given, not sought."""

    reach_min: float = Field(8.0, gt=0, le=240, json_schema_extra=_REACH)
    closed: Stations = Field((), json_schema_extra=_CLOSED)
    sites: Stands = Field(
        (), json_schema_extra=_asked("new stations with units", "新增急救站及车辆", "sites")
    )
    closed_roads: Areas = Field(
        (), json_schema_extra=_asked("roads closed within", "封闭道路区域", "areas")
    )
    flooded: Areas = Field(
        (), json_schema_extra=_asked("water on the roads within", "积水区域", "areas")
    )
    flood_depth_m: float = Field(
        0.5, gt=0, le=20,
        json_schema_extra=_asked("depth of the water, metres", "积水深度（米）", "number",
                                 advanced=True),
    )  # fmt: skip
    time_of_day: TimeOfDay = Field(TimeOfDay.ALL, json_schema_extra=_TIME)


class AedsForm(Search):
    """Where AEDs go."""

    new_aeds: int = Field(
        20, ge=0, le=2_000, json_schema_extra=_asked("new AEDs", "新增AED数", "number")
    )
    reach_m: float = Field(
        100.0, gt=0, le=5_000,
        json_schema_extra=_asked(
            "reach on foot, metres", "步行可达距离（米）", "number",
            help_en="One way. 100 m is the reach of Chan et al. 2013.",
            help_zh="单程。100米出自Chan等2013。",
        ),
    )  # fmt: skip
    candidates: Sites = Field((), json_schema_extra=_CANDIDATES)
    candidate_count: int = Field(
        MOST_SITES, ge=1, le=MOST_SITES, json_schema_extra=_CANDIDATE_COUNT
    )
    inside: Areas = Field((), json_schema_extra=_INSIDE)
    outside: Areas = Field((), json_schema_extra=_OUTSIDE)
    keep_existing: bool = Field(True, json_schema_extra=_KEEP)
    hour: Annotated[int, Field(ge=0, le=23)] | None = Field(
        None,
        json_schema_extra=_asked(
            "AEDs that are open at the hour", "按该时刻开放的AED", "number",
            help_en="Empty: all count. With an hour, one whose hours nobody says does not count.",
            help_zh="留空则全部计入；填写后，开放时间不明的不计。",
        ),
    )  # fmt: skip
    time_of_day: TimeOfDay = Field(TimeOfDay.ALL, json_schema_extra=_TIME)


AnyForm = SitingForm | UnitsForm | BudgetForm | CoverageForm | AedsForm


def limit_s_of(form: AnyForm, *, walk_speed_m_s: float) -> float:
    """Return the limit of a study in seconds."""
    if isinstance(form, AedsForm):
        return form.reach_m / walk_speed_m_s
    return form.reach_min * 60.0


def whole_or_none(value: float) -> float | None:
    """Return a number as JSON can say it: None for what is infinite or no number."""
    return value if math.isfinite(value) else None

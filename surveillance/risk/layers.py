"""The map layers of a disease by area: of cases, and of published counts; loads no numpy."""

from gis.access import Permission
from gis.rooms.layers import (
    ALL_EXPORTS,
    AREA_FIELDS,
    OKABE_ITO,
    RAMPS,
    Categories,
    Category,
    Computed,
    Field,
    Group,
    Layer,
    Licence,
    Moment,
    PopulationBase,
    Privacy,
    Ramp,
)
from gis.words import Words
from surveillance.counting.published import CASES
from surveillance.permissions import CASES_READ, SURVEILLANCE_READ

_HIDDEN = Category(
    "hidden", Words(en="hidden: too few to be told", zh="已隐藏：人数过少"),
    OKABE_ITO["reddish_purple"], "fill, ✕",
)  # fmt: skip
_MISSING = Category(
    "missing", Words(en="no report", zh="无报告"), OKABE_ITO["black"], "fill, –"
)  # fmt: skip
_NOT_KNOWN = Words(en="not known: no residents, or no case to compare", zh="未知：人口未知或无病例")
_NOTHING = Words(en="0 cases", zh="0例")

FIELDS = (
    *AREA_FIELDS,
    Field("disease", "string", Words(en="code of the disease", zh="病种代码")),
    Field("period", "string", Words(en="period", zh="时段")),
    Field("standing", "string", Words(en="no number, since", zh="无数值原因")),
    Field("cases", "integer", Words(en="cases", zh="病例数"), unit="{case}", counts_people=True),
    Field(
        "residents",
        "integer",
        Words(en="residents", zh="常住人口"),
        unit="{person}",
        counts_people=True,
    ),
    Field("rate", "number", Words(en="rate as reported", zh="报告发病率"), unit="/100000"),
    Field("smoothed_rate", "number", Words(en="smoothed rate", zh="平滑发病率"), unit="/100000"),
    Field("relative_risk", "number", Words(en="relative risk", zh="相对风险"), unit="1"),
    Field(
        "exceedance", "number", Words(en="P(relative risk > 1)", zh="相对风险大于1的概率"), unit="1"
    ),
    Field("modelled", "boolean", Words(en="area modelled, not surveyed", zh="区域为模型生成")),
)

_MEASURES = (
    (
        "exceedance", Words(en="Probability of raised risk", zh="风险升高概率"),
        Words(
            en="How surely the risk of each area is above that of all areas together, leaning on "
            "its neighbours (ICAR).",
            zh="各区域风险高于总体水平的概率，参照相邻区域平滑（ICAR）。",
        ),
        Ramp("exceedance", (0.2, 0.5, 0.8, 0.95), RAMPS["purple"]), "1",
    ),
    (
        "relative_risk", Words(en="Relative risk, smoothed", zh="相对风险（平滑）"),
        Words(
            en="Risk of each area against that of all areas together, leaning on its neighbours "
            "(ICAR).",
            zh="各区域风险与总体水平之比，参照相邻区域平滑（ICAR）。",
        ),
        Ramp("relative_risk", (0.5, 0.8, 1.25, 2.0, 4.0), RAMPS["about_one"]), "1",
    ),
    (
        "smoothed_rate", Words(en="Rate, smoothed", zh="发病率（平滑）"),
        Words(
            en="Cases per 100,000 residents in the period, drawn to the mean the more the fewer "
            "people live there (empirical Bayes).",
            zh="本期每10万常住人口病例数，人口越少越向均值收缩（经验贝叶斯）。",
        ),
        Ramp("smoothed_rate", (1.0, 5.0, 20.0, 100.0), RAMPS["orange"]), "/100000",
    ),
    (
        "rate", Words(en="Rate as reported", zh="报告发病率"),
        Words(
            en="Cases per 100,000 residents in the period. Of few people it jumps by chance.",
            zh="本期每10万常住人口病例数；人口少的区域波动大。",
        ),
        Ramp("rate", (1.0, 5.0, 20.0, 100.0), RAMPS["orange"], zero=_NOTHING), "/100000",
    ),
    (
        "cases", Words(en="Cases", zh="病例数"),
        Words(en="Cases reported in the period.", zh="本期报告病例数。"),
        Ramp("cases", (2.0, 5.0, 20.0, 100.0), RAMPS["blue"], zero=_NOTHING), "{case}",
    ),
)  # fmt: skip
_EMPTY_OF_CASES = Words(
    en="No day of this city was judged yet, or you may see no case of it.",
    zh="该城市尚未监测，或没有可供您查看的病例。",
)
_PUBLISHED = Words(en="{title}, published counts", zh="{title}（已发布）")
_SAYS = Words(
    en="{says} Of the disease with the most cases, unless another is chosen on the page of disease "
    "control.",
    zh="{says}默认显示病例最多的病种；在“疾病控制”页可选其他病种。",
)


def _layer(measure: tuple[str, Words, Words, Ramp, str], *, published: bool) -> Layer:
    name, title, says, ramp, unit = measure
    apart = Categories("standing", (*((_HIDDEN,) if published else ()), _MISSING))
    permission: Permission = SURVEILLANCE_READ if published else CASES_READ
    asked = f"city_id={{city_id}}&published={'true' if published else 'false'}"
    return Layer(
        f"{'published' if published else 'disease'}_{name}",
        _PUBLISHED.filled(title=title) if published else title,
        _SAYS.filled(says=says), "polygon", 5, FIELDS,
        Computed(
            address=f"/v1/surveillance/maps/features?{asked}",
            features="surveillance.risk.features:published_table" if published
            else "surveillance.risk.features:cases_table",
        ),
        Group.SURVEILLANCE,
        as_of="surveillance.risk.service:published_until" if published
        else "surveillance.signals.today:judged_on",
        empty=_EMPTY_OF_CASES,
        licence=Licence.OF_THE_INSTALLATION,
        live=True,
        operational=True,
        classes=Ramp(
            ramp.field, ramp.breaks, ramp.colours, none=_NOT_KNOWN, zero=ramp.zero, apart=apart
        ),
        opacity=0.75,
        unit=unit,
        population_base=PopulationBase.RESIDENT,
        people_as_of="surveillance.risk.service:residents_counted",
        time=Moment(),
        permission=permission,
        area_field="code",
        privacy=Privacy.SUPPRESSED if published else Privacy.PERSONAL,
        published=CASES.name if published else None,
        exports=ALL_EXPORTS if published else (),
    )  # fmt: skip


LAYERS = (
    *(_layer(measure, published=False) for measure in _MEASURES),
    *(_layer(measure, published=True) for measure in _MEASURES),
)
"""Layers of cases first. A time is a moment: the whole week that holds it, or the newest."""

"""The report on a city's resources: sentences, table, chart and map from what was counted.

It says what is counted and what is modelled, over whom, and what a small count leaves open. A
district whose people nobody counted has no rate: it is said to be unknown.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime

from gis.cities import CityRow, require_city
from gis.database import UnitOfWork
from gis.documents import (
    UNKNOWN,
    Block,
    Cell,
    Chart,
    ChartKind,
    Column,
    Document,
    DrawnLayer,
    Heading,
    Interval,
    KeyFigure,
    KeyFigures,
    MapFigure,
    Paragraph,
    PopulationBase,
    Shade,
    Table,
    Tone,
)
from gis.facilities.kinds import HOSPITAL_KINDS
from gis.installation import installation_purpose
from gis.jurisdiction import reach_of
from gis.kernels.rates import rate_per_1e5
from gis.permissions import RESOURCE_READ
from gis.rooms.layers import Provenance
from gis.words import Words, alike, listed
from maps.resources.model import RESOURCES, CityResources, Count, District
from maps.resources.repository import read_resources

NAME = "resources"
TITLE = Words(en="Emergency resources", zh="急救资源报告")

_NAMES = {
    "stations": Words(en="Ambulance stations", zh="急救站"),
    "hospitals": Words(en="Hospitals", zh="医院"),
    "emergency_departments": Words(en="Emergency departments", zh="急诊科"),
    "ambulances": Words(en="Ambulances", zh="救护车"),
    "aeds": Words(en="AEDs", zh="自动体外除颤器（AED）"),
}
_SHORT = {**_NAMES, "aeds": Words(en="AEDs", zh="AED")}
_SHADED = "ambulances"
_RATED = ("aeds", "ambulances", "stations", "hospitals", "emergency_departments")

_BELOW, _LIKE, _ABOVE, _UNKNOWN = range(4)
# Okabe and Ito's orange and sky blue, told apart by all; letters for print without colour.
_SHADES = (
    Shade(Words(en="clearly below the city's rate", zh="明显低于全市水平"), "#E69F00", "−"),
    Shade(
        Words(en="not told apart from the city's rate", zh="与全市水平无明显差别"), "#E3E6E8", "="
    ),
    Shade(Words(en="clearly above the city's rate", zh="明显高于全市水平"), "#56B4E9", "+"),
    Shade(Words(en="residents unknown", zh="常住人口未知"), "#FFFFFF", "?"),
)


def build(uow: UnitOfWork, city_id: int) -> Document:
    """Return the report on what a city has; `CityUnknownError` if it is not loaded.

    Of a viewer whose right is for some areas it tells of these alone.
    """
    city = require_city(uow, city_id)
    reach = reach_of(uow.identity, RESOURCE_READ)
    counted = read_resources(uow.session, city_id, reach)
    simulated = installation_purpose(uow.session) == "simulation"
    return compose(city, counted, as_of=uow.clock.now(), simulated=simulated)


def compose(city: CityRow, counted: CityResources, *, as_of: datetime, simulated: bool) -> Document:
    """Return the report on what was counted at `as_of`; it asks nobody for anything."""
    ranked = _ranked(counted)
    name = _of_whom(city, counted)
    blocks: list[Block] = [
        KeyFigures(tuple(_key_figure(counted, one) for one in RESOURCES)),
        Heading(Words(en="What this report finds", zh="主要结论")),
        *(Paragraph(words, Tone.FINDING) for words in _findings(counted, ranked, name)),
        *(Paragraph(words, Tone.CAUTION) for words in _cautions(city, counted)),
    ]
    if counted.districts:
        blocks += _comparison(counted, ranked)
    else:
        blocks += [_city_map(), _counts(counted, ())]
    blocks += [
        Heading(Words(en="How to read the numbers", zh="数字说明")),
        *(Paragraph(words) for words in _METHOD),
    ]
    return Document(
        name=NAME, title=TITLE, city_key=city.key, city_id=city.city_id, city=name, as_of=as_of,
        time_zone=city.time_zone, provenance=_provenance(city, counted, simulated=simulated),
        population=_population(counted), sources=_sources(city),
        attribution=city.attribution, blocks=tuple(blocks),
    )  # fmt: skip


def _comparison(counted: CityResources, ranked: Sequence[District]) -> list[Block]:
    rates = _rates(counted, ranked)
    charts = [_chart(counted, rates, resource) for resource in ("aeds", "ambulances")]
    if counted.limited:
        several = sum(bool(one.residents) for one in counted.districts) > 1
        return [_city_map(), *(charts if several else []), rates, _counts(counted, ranked)]
    blocks: list[Block] = [
        Heading(Words(en="Districts compared", zh="各区比较")),
    ]
    if any(one.residents for one in counted.districts):
        blocks += [*charts, _district_map(counted), rates]
    else:
        blocks.append(_city_map())
    return [*blocks, _counts(counted, ranked)]


def _ranked(counted: CityResources) -> tuple[District, ...]:
    """Return the districts by their AEDs per person, most first; unknown ones last, by code."""

    def key(one: District) -> tuple[bool, float, str]:
        rate = _rate(one, "aeds")
        return rate is None, 0.0 if rate is None else -rate.value, one.code

    return tuple(sorted(counted.districts, key=key))


def _rate(one: District, resource: str) -> Interval | None:
    if one.residents is None or one.residents.persons <= 0:
        return None
    return rate_per_1e5(one.counts[resource].there, one.residents.persons)


def _city_rate(counted: CityResources, resource: str) -> Interval | None:
    persons = counted.residents
    return None if not persons else rate_per_1e5(counted.total(resource).there, persons)


def _class(counted: CityResources, one: District, resource: str) -> int:
    """Return how a district's rate stands to the city's: told apart only beyond its interval."""
    rate, city = _rate(one, resource), _city_rate(counted, resource)
    if rate is None or city is None:
        return _UNKNOWN
    if rate.high < city.value:
        return _BELOW
    return _ABOVE if rate.low > city.value else _LIKE


def _name(one: District) -> Words:
    return Words(en=one.name_en or one.name, zh=one.name_zh or one.name)


def _number(value: float, digits: int = 0) -> str:
    return f"{value:,.{digits}f}"


def _key_figure(counted: CityResources, resource: str) -> KeyFigure:
    count, rate = counted.total(resource), _city_rate(counted, resource)
    per = (
        Words(en="per 100,000: unknown", zh="每10万人：未知")
        if rate is None
        else Words(en="{rate} per 100,000", zh="每10万人{rate}").filled(
            rate=_number(rate.value, _digits(resource))
        )
    )
    return KeyFigure(count.there, _SHORT[resource], per)


def _digits(resource: str) -> int:
    return 1 if resource in {"aeds", "ambulances"} else 2


def _of_whom(city: CityRow, counted: CityResources) -> Words:
    """Return whose resources they are: the city's, or of some of its areas."""
    name = Words(en=city.name, zh=city.name_zh or city.name)
    if not counted.limited or not counted.districts:
        return name
    return Words(en="{areas} ({city})", zh="{areas}（{city}）").filled(
        areas=listed([_name(one) for one in counted.districts]), city=name
    )


def _findings(
    counted: CityResources, ranked: Sequence[District], city: Words
) -> Iterator[Words]:  # fmt: skip
    if not any(counted.total(one).there for one in RESOURCES):
        yield Words(
            en="Nothing is on record for {city}: no station, no hospital, no ambulance and no AED. "
            "This says what is known here, not what there is. Import the registers to fill it.",
            zh="{city}目前没有任何登记：没有急救站、医院、救护车或AED的记录。这只说明本系统尚无资料，"
            "并不表示当地没有资源；请先导入登记册。",
        ).filled(city=city)  # fmt: skip
        return
    if counted.residents:
        yield Words(
            en="{city} has {stations} ambulance stations with {ambulances} ambulances, {hospitals} "
            "hospitals ({departments} emergency departments in all) and {aeds} AEDs for {people} "
            "residents.",
            zh="{city}共有急救站{stations}个、救护车{ambulances}辆、医院{hospitals}家（急诊科共"
            "{departments}个）、AED {aeds}台，服务常住人口{people}人。",
        ).filled(
            city=city, people=_number(counted.residents),
            departments=_number(counted.total("emergency_departments").there),
            **{one: _number(counted.total(one).there)
               for one in ("stations", "ambulances", "hospitals", "aeds")},
        )  # fmt: skip
        for resource in () if counted.limited else ("aeds", "ambulances"):
            yield from _range(counted, ranked, resource)
    yield from _lacking(counted)


def _range(
    counted: CityResources, ranked: Sequence[District], resource: str
) -> Iterator[Words]:  # fmt: skip
    rated = [(rate, one) for one in ranked if (rate := _rate(one, resource)) is not None]
    city = _city_rate(counted, resource)
    if city is None or len(rated) < 2:
        return
    rated.sort(key=lambda pair: (-pair[0].value, pair[1].code))
    (most, first), (least, last) = rated[0], rated[-1]
    below = [_name(one) for _, one in rated if _class(counted, one, resource) == _BELOW]
    above = [_name(one) for _, one in rated if _class(counted, one, resource) == _ABOVE]
    parts = [
        words.filled(districts=listed(names))
        for words, names in ((_CLEARLY_BELOW, below), (_CLEARLY_ABOVE, above))
        if names
    ]
    yield Words(
        en="{what} per 100,000 residents: {city} in the whole city, from {least} in {last} to "
        "{most} in {first}. {differ}",
        zh="每10万常住人口{what}：全市{city}，最低为{last}（{least}），最高为{first}（{most}）。"
        "{differ}",
    ).filled(
        what=_SHORT[resource], city=_number(city.value, 1), least=_number(least.value, 1),
        most=_number(most.value, 1), first=_name(first), last=_name(last),
        differ=_in_a_row(parts) if parts else _NONE_DIFFERS,
    )  # fmt: skip


def _in_a_row(sentences: Sequence[Words]) -> Words:
    return Words(en=" ".join(one.en for one in sentences), zh="".join(one.zh for one in sentences))


def _lacking(counted: CityResources) -> Iterator[Words]:
    for resource in ("stations", "emergency_departments", "aeds"):
        without = [_name(one) for one in counted.districts if not one.counts[resource].there]
        if without:
            yield Words(
                en="No {what} on record in: {districts}.",
                zh="以下各区没有{what}的登记：{districts}。",
            ).filled(what=_LACKING[resource], districts=listed(without))


def _cautions(city: CityRow, counted: CityResources) -> Iterator[Words]:
    name = Words(en=city.name, zh=city.name_zh or city.name)
    if counted.limited and not counted.districts:
        yield Words(
            en="No area of {city} is within what your account is for, so nothing is counted.",
            zh="{city}没有您账号管辖范围内的区域，因此没有任何统计。",
        ).filled(city=name)
        return
    if counted.limited:
        yield Words(
            en="This report is of {areas} only, as far as its asker's account goes. What stands "
            "elsewhere in {city} is not in it.",
            zh="本报告仅含申请人账号管辖的{areas}；{city}其他区域的资源不在其中。",
        ).filled(areas=listed([_name(one) for one in counted.districts]), city=name)  # fmt: skip
    modelled = [
        (_ALL_MODELLED if count.modelled == count.there else _SOME_MODELLED).filled(
            modelled=_number(count.modelled), there=_number(count.there), what=_IN_TEXT[one]
        )
        for one in RESOURCES
        if (count := counted.total(one)).modelled
    ]
    if modelled:
        yield Words(
            en="Not surveyed but made by a model: {list}. A decision must not rest on these.",
            zh="下列数据由模型生成，并非实测：{list}。不可仅凭这些数据作出决定。",
        ).filled(list=listed(modelled))
    if counted.unknown_departments:
        yield Words(
            en="Of {n} hospitals it is not known whether they have an emergency department; none "
            "is counted for them.",
            zh="有{n}家医院是否设急诊科尚不清楚，未计入急诊科数量。",
        ).filled(n=counted.unknown_departments)
    if not counted.districts:
        yield Words(
            en="No districts of {city} are loaded, so nothing can be compared between districts "
            "and no rate per person is known.",
            zh="{city}没有载入区界，因此无法比较各区，也无法计算人均水平。",
        ).filled(city=name)
        return
    unknown = [_name(one) for one in counted.districts if one.residents is None]
    if unknown:
        yield Words(
            en="Residents unknown in {districts}: these districts have no rates, and neither has "
            "the city as a whole.",
            zh="{districts}的常住人口未知，因此这些区以及全市均没有人均数据。",
        ).filled(districts=listed(unknown))
    outside = sum(counted.outside[one].there for one in RESOURCES)
    if outside:
        yield Words(
            en="{n} of what was counted stands in no district; it counts for the whole city only.",
            zh="另有{n}项不在任何区内，仅计入全市合计。",
        ).filled(n=outside)


def _counts(counted: CityResources, ranked: Sequence[District]) -> Table:
    def cells(counts: Mapping[str, Count]) -> tuple[Cell, ...]:
        return tuple(counts[one].there for one in RESOURCES)

    rows: list[tuple[Cell, ...]] = [
        (_name(one), one.residents.persons if one.residents else None, *cells(one.counts))
        for one in sorted(ranked, key=lambda one: one.code)
    ]
    if ranked and any(counted.outside[one].there for one in RESOURCES):
        rows.append(
            (Words(en="in no district", zh="不在区内"), alike("–"), *cells(counted.outside))
        )
    return Table(
        name="counts",
        title=Words(en="What there is, by district", zh="各区资源数量"),
        columns=(
            Column("district", Words(en="District", zh="区")),
            Column("residents", Words(en="Residents", zh="常住人口"), unit="{person}"),
            *(Column(one, _SHORT[one]) for one in RESOURCES),
        ),
        rows=tuple(rows),
        total=(
            _total(counted), counted.residents,
            *cells({one: counted.total(one) for one in RESOURCES}),
        ),
        note=Words(en="In the order of the official codes.", zh="按行政区划代码排列。"),
    )  # fmt: skip


def _rates(counted: CityResources, ranked: Sequence[District]) -> Table:
    return Table(
        name="rates",
        title=Words(en="Per 100,000 residents, ranked by AEDs", zh="每10万常住人口（按AED排序）"),
        columns=(
            Column("rank", Words(en="#", zh="位次")),
            Column("district", Words(en="District", zh="区")),
            *(Column(one, _SHORT[one], _digits(one), "/(100000.{person})") for one in _RATED),
        ),
        rows=tuple(
            (
                None if one.residents is None else place, _name(one),
                *(_rate(one, resource) for resource in _RATED),
            )
            for place, one in enumerate(ranked, start=1)
        ),
        total=(alike(""), _total(counted), *(_city_rate(counted, resource) for resource in _RATED)),
        note=Words(
            en="Below each rate, its 95 % interval (exact Poisson).",
            zh="各率下方为95%置信区间（泊松精确法）。",
        ),
    )  # fmt: skip


def _total(counted: CityResources) -> Words:
    return _TOGETHER if counted.limited else _WHOLE_CITY


def _chart(counted: CityResources, rates: Table, resource: str) -> Chart:
    city = _city_rate(counted, resource)
    title = Words(
        en="{what} per 100,000 residents, by district", zh="各区每10万常住人口{what}"
    ).filled(what=_SHORT[resource])
    known = [
        Words(en="{district} {rate}", zh="{district}{rate}").filled(
            district=_name(one), rate=_number(rate.value, 1)
        )
        for one in _ranked(counted)
        if (rate := _rate(one, resource)) is not None
    ]
    return Chart(
        name=f"{resource}_per_100000", title=title,
        alt=Words(en="{title}: {list}.", zh="{title}：{list}。").filled(
            title=title, list=listed(known)
        ),
        kind=ChartKind.RANKED_DOTS, table=rates, across="district", value=resource,
        reference=None if city is None else (city.value, _total(counted)),
        note=Words(
            en="Dot: rate. Line: its 95 % interval; the fewer there are, the longer it is.",
            zh="圆点为率，横线为95%置信区间；数量越少，区间越宽。",
        ),
    )  # fmt: skip


def _district_map(counted: CityResources) -> MapFigure:
    classes = {one.code: _class(counted, one, _SHADED) for one in counted.districts}
    values = {
        one.code: UNKNOWN if rate is None else Words(
            en="{rate} ambulances per 100,000 ({low}–{high})",
            zh="每10万人救护车{rate}辆（{low}–{high}）",
        ).filled(
            rate=_number(rate.value, 1), low=_number(rate.low, 1), high=_number(rate.high, 1)
        )
        for one in counted.districts
        for rate in (_rate(one, _SHADED),)
    }  # fmt: skip
    parts = [
        Words(en="{shade}: {districts}", zh="{shade}：{districts}").filled(
            shade=shade.words,
            districts=listed([
                _name(one) for one in counted.districts if classes[one.code] == place
            ]),
        )
        for place, shade in enumerate(_SHADES)
        if place in classes.values()
    ]  # fmt: skip
    shown = set(classes.values())
    return MapFigure(
        name="map", layers=_ON_MAP, shades=_SHADES, shade_of=classes, values=values,
        title=Words(
            en="Where stations and hospitals are; districts by ambulances per person",
            zh="急救站与医院分布；各区人均救护车水平",
        ),
        alt=Words(en="Map. {parts}.", zh="地图。{parts}。").filled(parts=listed(parts)),
        shades_title=Words(en="Ambulances per 100,000", zh="每10万人救护车"),
        note=None if _UNKNOWN not in shown else Words(
            en="White: the residents are not known, so nothing can be said.",
            zh="白色：常住人口未知，无法判断。",
        ),
    )  # fmt: skip


def _city_map() -> MapFigure:
    title = Words(en="Where stations and hospitals are", zh="急救站与医院分布")
    return MapFigure(name="map", title=title, alt=title, layers=_ON_MAP)


def _provenance(city: CityRow, counted: CityResources, *, simulated: bool) -> Provenance:
    if simulated:
        return Provenance.SIMULATED
    modelled = city.modelled or any(counted.total(one).modelled for one in RESOURCES)
    return Provenance.MODELLED if modelled else Provenance.RECORDED


def _population(counted: CityResources) -> PopulationBase | None:
    known = [one.residents for one in counted.districts if one.residents is not None]
    if not known:
        return None
    years = sorted({one.counted_on.year for one in known if one.counted_on is not None})
    year = " / ".join(map(str, years))
    undated = Words(en="year not stated", zh="年份未注明")
    parts = [alike(year)] if year else []
    if any(one.counted_on is None for one in known):
        parts.append(undated)
    return PopulationBase(
        Words(
            en="residents of all ages, {years}; source: {sources}",
            zh="常住人口（全年龄），{years}；来源：{sources}",
        ).filled(
            years=listed(parts), sources=listed([alike(one) for one in sorted({
                one.source for one in known
            })]),
        )
    )  # fmt: skip


def _sources(city: CityRow) -> tuple[Words, ...]:
    return (
        Words(
            en="Stations, hospitals, ambulances and AEDs: the registers loaded for this city.",
            zh="急救站、医院、救护车与AED：本市已载入的登记数据。",
        ),
        alike(city.attribution),
    )


_CLEARLY_BELOW = Words(
    en="Clearly below the city's rate: {districts}.", zh="明显低于全市水平：{districts}。"
)
_CLEARLY_ABOVE = Words(
    en="Clearly above the city's rate: {districts}.", zh="明显高于全市水平：{districts}。"
)
_NONE_DIFFERS = Words(
    en="No district can be told apart from the city's rate.",
    zh="各区与全市水平均无明显差别。",
)
_SOME_MODELLED = Words(en="{modelled} of {there} {what}", zh="{what} {there}项中的{modelled}项")
_ALL_MODELLED = Words(en="all {there} {what}", zh="全部{there}项{what}")
_WHOLE_CITY = Words(en="Whole city", zh="全市")
_TOGETHER = Words(en="Together", zh="合计")
_ON_MAP = (DrawnLayer("stations"), DrawnLayer("facilities", HOSPITAL_KINDS))
"""From below to above: a station often stands at a hospital, and there are fewer of these."""
_IN_TEXT = {
    "stations": Words(en="stations", zh="急救站"),
    "hospitals": Words(en="hospitals", zh="医院"),
    "emergency_departments": Words(en="emergency departments", zh="急诊科"),
    "ambulances": Words(en="ambulances", zh="救护车"),
    "aeds": Words(en="AEDs", zh="AED"),
}
_LACKING = {
    "stations": Words(en="ambulance station", zh="急救站"),
    "emergency_departments": Words(en="emergency department", zh="急诊科"),
    "aeds": Words(en="AED", zh="AED"),
}
_METHOD = (
    Words(
        en="Counted is what stands in a district, not what serves it: an ambulance of one district "
        "also drives to the next. How soon help arrives is another question and needs the roads.",
        zh="统计的是位于区内的资源，而非服务该区的资源：救护车也会跨区出动。急救多快到达是另一个"
        "问题，需结合路网计算。",
    ),
    Words(
        en="A rate is the count divided by the residents, times 100,000. Its 95 % interval says "
        "how far the rate of so small a count may lie by chance; where it holds the city's rate, "
        "the district is not said to differ. With many districts compared, about one in twenty "
        "would differ by chance alone.",
        zh="率＝数量÷常住人口×10万。95%置信区间表示数量较少时率的偶然波动范围；区间包含全市水平时，"
        "不认为该区有差别。比较的区较多时，约二十分之一的差别可能仅由偶然造成。",
    ),
    Words(
        en="Ambulances are counted at their station, vehicles of first responders are left out. "
        "AEDs are counted wherever registered, whether or not they can be reached at night.",
        zh="救护车按所属急救站计，不含第一响应者车辆；AED按登记计，不论夜间能否取用。",
    ),
    Words(
        en="Residents leave out commuters and visitors: where many people work, fewer AEDs per "
        "person are there by day than it seems.",
        zh="常住人口不含通勤者与访客：在就业集中的区，白天人均AED实际少于表中数字。",
    ),
)  # fmt: skip

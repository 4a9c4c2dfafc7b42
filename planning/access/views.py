"""What is shown of minutes by road: people by class and district, and the cells as columns."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

import numpy as np

from gis.risks import Risk, told, weighed
from gis.words import Words, alike
from planning.access.minutes import (
    ClassCount,
    DistrictCount,
    beyond,
    class_counts,
    district_counts,
)
from planning.access.model import SEARCHES, UNKNOWN, Access, Place, Standing, TimeOfDay, Times
from routing.roads.model import FloatArray, Profile

_BY = {
    Profile.AMBULANCE_LIGHTS: Words(en="ambulance with lights", zh="急救车（鸣笛）"),
    Profile.CAR: Words(en="car", zh="小汽车"),
}
_PEOPLE = {
    TimeOfDay.ALL: Words(en="residents", zh="名常住居民"),
    TimeOfDay.DAY: Words(en="people by day", zh="名日间人口"),
    TimeOfDay.NIGHT: Words(en="people by night", zh="名夜间人口"),
}


@dataclass(frozen=True, slots=True)
class Targets:
    """What was looked for: `of_unknown` are hospitals of which nobody says whether they are one."""

    code: str
    words: Words
    direction: str
    profile: str
    count: int
    off_road: int
    of_unknown: int
    modelled: int


@dataclass(frozen=True, slots=True)
class PeopleCounted:
    """Which people: `base` is `resident` or `present`; `counted_on` None: no day is said."""

    base: str
    time_of_day: str
    source: str | None
    counted_on: date | None
    modelled: bool
    people: int
    cells: int


@dataclass(frozen=True, slots=True)
class FromRoads:
    """What an answer is from; ids None where the city's roads are not loaded."""

    topology_id: str | None
    conditions_id: str | None
    as_of: datetime
    closed_legs: int


@dataclass(frozen=True, slots=True)
class BeyondView:
    """People at or over a limit or without a way, now and with all roads open."""

    limit_min: float
    people_now: int
    people_open: int


@dataclass(frozen=True, slots=True)
class ClassView:
    """People and cells of one class; `people_open`: with all roads open."""

    code: str
    at_least_min: float | None
    below_min: float | None
    people_now: int
    people_open: int
    cells_now: int


@dataclass(frozen=True, slots=True)
class DistrictView:
    """One district; `code` None: what lies in no district."""

    code: str | None
    name: str | None
    name_zh: str | None
    name_en: str | None
    people: int
    unknown: int
    median_min: float | None
    median_open_min: float | None
    beyond_now: int
    beyond_open: int
    unreachable: int


@dataclass(frozen=True, slots=True)
class WeighedView:
    """People weighed by a layer of risks of areas.

    total, beyond_now, beyond_open : of a layer that counts people these people, by area shared out
        over its cells, null for 1 to 4; else people, each counted as many times the mean as its
        area's risk is
    people_without : people of cells in no area with a value: left out of counts, else as they are
    first_day, last_day : of the periods that the values are of
    """

    layer: str
    words: Words
    unit: str
    counts_people: bool
    sources: Sequence[str]
    first_day: date | None
    last_day: date | None
    people_without: int
    total: int | None
    beyond_now: int | None
    beyond_open: int | None


@dataclass(frozen=True, slots=True)
class MinutesView:
    """Minutes by road to the nearest target, summed up; `says` is it in sentences.

    weighed : the same people by a stated risk, where one was asked for
    """

    target: Targets
    population: PeopleCounted
    roads: FromRoads
    beyond: BeyondView
    classes: tuple[ClassView, ...]
    districts: tuple[DistrictView, ...]
    says: tuple[Words, ...]
    weighed: WeighedView | None


@dataclass(frozen=True, slots=True)
class CellColumns:
    """n cells as columns; a second is null where `standing` is not `reached`.

    `open_seconds`: with all roads open, null where it is `seconds`; `nearest`: row of `places`.
    """

    cell: Sequence[str]
    people: Sequence[float]
    seconds: Sequence[int | None]
    open_seconds: Sequence[int | None]
    standing: Sequence[str]
    nearest: Sequence[int | None]


@dataclass(frozen=True, slots=True)
class CellsView:
    """The time of every cell, without its geometry; cells are named as in `population_cells`."""

    target: Targets
    population: PeopleCounted
    roads: FromRoads
    places: tuple[Place, ...]
    columns: CellColumns


def minutes_view(
    found: Access, *, as_of: datetime, limit_min: float, risk: Risk | None = None
) -> MinutesView:
    """Return the sums, people as whole numbers; by `risk` too, at the cells of `found`."""
    over = beyond(found, limit_min=limit_min)
    beyond_view = BeyondView(limit_min, round(over.now), round(over.open_roads))
    weighed_view = None if risk is None else _weighed(found, risk, limit_min=limit_min)
    return MinutesView(
        target=_targets(found),
        population=_population(found),
        roads=_roads(found, as_of),
        beyond=beyond_view,
        classes=tuple(_class(one) for one in class_counts(found)),
        districts=tuple(_district(one) for one in district_counts(found, limit_min=limit_min)),
        says=_sentences(found, beyond_view, weighed_view),
        weighed=weighed_view,
    )


def cells_view(found: Access, *, as_of: datetime) -> CellsView:
    """Return the cells as columns."""
    return CellsView(
        target=_targets(found),
        population=_population(found),
        roads=_roads(found, as_of),
        places=found.question.places,
        columns=CellColumns(
            cell=found.cells.cell,
            people=np.round(found.cells.people, 1).tolist(),
            seconds=_whole(found.now.seconds),
            open_seconds=_where_else(found.now, found.open_roads),
            standing=found.now.standing.tolist(),
            nearest=[None if row < 0 else row for row in found.now.nearest.tolist()],
        ),
    )


def _targets(found: Access) -> Targets:
    asked, search = found.question, SEARCHES[found.question.target]
    return Targets(
        code=asked.target,
        words=search.words,
        direction="to_target" if search.towards else "from_target",
        profile=search.profile,
        count=len(asked.places),
        off_road=found.places_off_road,
        of_unknown=len(asked.unknown),
        modelled=sum(one.modelled for one in asked.places),
    )


def _population(found: Access) -> PeopleCounted:
    cells, time_of_day = found.cells, found.question.time_of_day
    return PeopleCounted(
        base="resident" if time_of_day is TimeOfDay.ALL else "present",
        time_of_day=time_of_day,
        source=cells.source,
        counted_on=cells.counted_on,
        modelled=any(cells.modelled),
        people=round(float(cells.people.sum())),
        cells=len(cells.cell),
    )


def _roads(found: Access, as_of: datetime) -> FromRoads:
    versions = found.versions
    return FromRoads(
        None if versions is None else versions.topology_id,
        None if versions is None else versions.conditions_id,
        as_of,
        found.closed_legs,
    )


def _class(one: ClassCount) -> ClassView:
    return ClassView(
        one.code, one.at_least_min, one.below_min, round(one.people_now), round(one.people_open),
        one.cells_now,
    )  # fmt: skip


def _district(one: DistrictCount) -> DistrictView:
    area = one.district
    return DistrictView(
        code=None if area is None else area.code,
        name=None if area is None else area.name,
        name_zh=None if area is None else area.name_zh,
        name_en=None if area is None else area.name_en,
        people=round(one.people),
        unknown=round(one.unknown),
        median_min=_tenth(one.median_min),
        median_open_min=_tenth(one.median_open_min),
        beyond_now=round(one.beyond.now),
        beyond_open=round(one.beyond.open_roads),
        unreachable=round(one.unreachable),
    )


def _tenth(minutes: float | None) -> float | None:
    return None if minutes is None else round(minutes, 1)


def _whole(seconds: FloatArray) -> list[int | None]:
    return [round(one) if one < np.inf else None for one in seconds.tolist()]


def _where_else(now: Times, open_roads: Times) -> list[int | None]:
    if open_roads is now:
        return [None] * len(now.seconds)
    pairs = zip(_whole(now.seconds), _whole(open_roads.seconds), strict=True)
    return [None if there == here else there for here, there in pairs]


def _sentences(
    found: Access, over: BeyondView, weighed_view: WeighedView | None
) -> tuple[Words, ...]:
    """Say the sum, what it rests on, and what is not known."""
    by_risk = () if weighed_view is None else (_weighed_words(weighed_view),)
    told_words = (_sum_words(found, over), *by_risk, *_basis_words(found))
    return tuple(one for one in told_words if one is not None)


def _weighed(found: Access, risk: Risk, *, limit_min: float) -> WeighedView:
    people = found.cells.people
    demand = weighed(people, risk)
    over = beyond(found, limit_min=limit_min, people=np.nan_to_num(demand))
    sums = (float(np.nansum(demand)), over.now, over.open_roads)
    total, now, open_roads = (told(one) if risk.counts_people else round(one) for one in sums)
    return WeighedView(
        layer=risk.layer, words=risk.words, unit=risk.unit, counts_people=risk.counts_people,
        sources=risk.sources, first_day=risk.first_day, last_day=risk.last_day,
        people_without=round(float(people[risk.area < 0].sum())), total=total, beyond_now=now,
        beyond_open=open_roads,
    )  # fmt: skip


_HIDDEN = Words(en="fewer than 5", zh="少于5")


def _weighed_words(one: WeighedView) -> Words:
    def number(value: int | None) -> Words:
        return _HIDDEN if value is None else alike(f"{value:,}")

    if not one.sources:
        return Words(
            en="Of “{title}” no value is known here: nothing is weighed by it.",
            zh="“{title}”在此没有数值，未加权。",
        ).filled(title=one.words)
    days: dict[str, str | int | Words] = {
        "first": str(one.first_day), "last": str(one.last_day), "title": one.words,
    }  # fmt: skip
    if one.counts_people:
        return Words(
            en="By “{title}” ({first} to {last}), shared out over the cells of each area by its "
            "people: {n} of {all}.",
            zh="按“{title}”（{first}至{last}，在各区域内按人口分摊到格网）：{all}人中{n}人。",
        ).filled(n=number(one.beyond_now), all=number(one.total), **days)
    return Words(
        en="Weighed by “{title}” ({first} to {last}), each person by the risk of the area against "
        "the mean: {n} of {all}.",
        zh="按“{title}”（{first}至{last}）加权，每人按所在区域风险与均值之比计：{all}中{n}。",
    ).filled(n=number(one.beyond_now), all=number(one.total), **days)


def _sum_words(found: Access, over: BeyondView) -> Words | None:
    if not found.cells.cell and found.limited:
        return Words(
            en="No population by cell lies within the areas of your account.",
            zh="您账号的管辖范围内没有格网人口。",
        )
    if not found.cells.cell:
        return Words(
            en="No population by cell is loaded for this city and time of day.",
            zh="该城市及时段尚未载入格网人口。",
        )
    if found.versions is None:
        return Words(
            en="The roads of this city are not loaded, so no time is known.",
            zh="该城市路网尚未载入，行程时间未知。",
        )
    search, people = SEARCHES[found.question.target], _PEOPLE[found.question.time_of_day]
    if np.isin(found.now.standing, [str(one) for one in UNKNOWN]).all():
        return Words(
            en=f"No {search.words.en} is known near a road, so no time is known.",
            zh=f"路网附近没有已登记的{search.words.zh}，行程时间未知。",
        )
    modelled = any(found.cells.modelled)
    way_en = "away from" if search.towards else "by road from"
    closed_en = closed_zh = ""
    if found.closed_legs:
        closed_en = f"; with all roads open {over.people_open:,}"
        closed_zh = f"；若道路全部畅通为{over.people_open:,}名"
    limit = f"{over.limit_min:g}"
    return Words(
        en=f"{over.people_now:,} {people.en}{' (modelled)' if modelled else ''} are {limit} minutes"
        f" or more {way_en} the nearest {search.words.en} now{closed_en}.",
        zh=f"目前有{over.people_now:,}{people.zh}{'（模型估算）' if modelled else ''}距最近"
        f"{search.words.zh}的行程为{limit}分钟及以上{closed_zh}。",
    )


def _basis_words(found: Access) -> tuple[Words | None, ...]:
    cells, asked = found.cells, found.question
    search, by = SEARCHES[asked.target], _BY[SEARCHES[asked.target].profile]
    no_road = int(np.count_nonzero(found.now.standing == Standing.NO_ROAD.value))
    ways = ("from", "to") if search.towards else ("to", "from")
    basis = Words(
        en=f"Minutes of {by.en} {ways[0]} a point inside each cell, by the road nearest to it, "
        f"{ways[1]} the nearest {search.words.en}; whether it has a free bed or vehicle is not "
        "counted.",
        zh=f"行程为{by.zh}在各格网内一点（就近上路）与最近{search.words.zh}之间的时间；"
        "不计是否有空床或空闲车辆。",
    )
    modelled = any(cells.modelled) or any(one.modelled for one in asked.places)
    return (
        basis,
        Words(
            en="Only people within the areas of your account are counted.",
            zh="仅统计您账号管辖范围内的人口。",
        )
        if found.limited
        else None,
        Words(
            en="People by cell or places looked for are modelled, not surveyed.",
            zh="格网人口或目标地点由模型生成，非实测。",
        )
        if modelled
        else None,
        Words(
            en=f"{no_road:,} cells have no road within 2 km: their time is not known.",
            zh=f"{no_road:,}个格网2公里内无道路：行程时间未知。",
        )
        if no_road
        else None,
        Words(
            en=f"{found.places_off_road} of {len(asked.places)} places looked for lie near no road "
            "and do not count.",
            zh=f"{len(asked.places)}处目标中有{found.places_off_road}处附近无道路，未计入。",
        )
        if found.places_off_road
        else None,
        Words(
            en=f"Of {len(asked.unknown)} hospitals nobody says whether they are one: they do not "
            "count.",
            zh=f"有{len(asked.unknown)}家医院未登记是否具备该能力，未计入。",
        )
        if asked.unknown
        else None,
    )

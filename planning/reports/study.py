"""The report on one study: what was asked, what it found, how sure that is, who gains and loses."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

import numpy as np
import shapely

from gis.cities import CityRow, require_city
from gis.database import UnitOfWork
from gis.documents import (
    Block,
    Cell,
    Column,
    Document,
    Heading,
    KeyFigure,
    KeyFigures,
    MapFigure,
    Mark,
    MarkClass,
    Marks,
    Paragraph,
    PopulationBase,
    Table,
    Tone,
)
from gis.installation import installation_purpose
from gis.rooms.layers import Provenance
from gis.words import Words, alike, listed
from planning.coverage.views import PlaceName
from planning.reports import caveats
from planning.reports.cells import surfaces
from planning.reports.convergence import convergence, gap_text
from planning.reports.errors import StudyNotSharedError
from planning.studies.errors import StudyNotFinishedError, StudyUnknownError
from planning.studies.kinds import form_of
from planning.studies.model import changes
from planning.studies.record import CellsRecord
from planning.studies.service import cells_of, read_study, require_study
from planning.studies.views import AnswerView, DistrictRow, SiteView, StudyView

NAME = "study"
AEDS = "aeds"
COVERAGE = "coverage"
MOST_SITES = 40
"""Sites that a table names; a map shows all."""
NAMED = 6
"""Sites that a sentence names."""

STANDS = MarkClass(Words(en="stands", zh="现有"), "#22282d", "S", hollow=True)
MORE = MarkClass(Words(en="more units", zh="增加车辆"), "#0072B2", "+", hollow=False)
NEW = MarkClass(Words(en="new", zh="新增"), "#CC3311", "N", hollow=False)
_ENDED: Mapping[str, Words] = {
    "proven": Words(en="proven to be the best", zh="已证明最优"),
    "gap": Words(en="the gap that was asked for is reached", zh="已达到要求的差距"),
    "done": Words(en="the rounds that were asked for are done", zh="搜索轮次已完成"),
    "time": Words(en="the time was over", zh="时间用尽"),
    "stopped": Words(en="somebody stopped it", zh="被人停止"),
}


def require(uow: UnitOfWork, city_id: int, study_id: int) -> None:
    """Refuse a report on a study that is not for all who may read its report, or has no answer.

    Raises
    ------
    StudyUnknownError, StudyNotSharedError, StudyNotFinishedError
    """
    view = read_study(uow, study_id)
    if view.city_id != city_id:
        raise StudyUnknownError(study_id)
    if not view.shared:
        raise StudyNotSharedError(view.name)
    if view.answer is None:
        raise StudyNotFinishedError(view.name)


def build(uow: UnitOfWork, city_id: int, study_id: int) -> Document:
    """Return the report on a study.

    Raises
    ------
    CityUnknownError, StudyUnknownError, StudyNotFinishedError
    """
    city = require_city(uow, city_id)
    record = require_study(uow, study_id)
    if record.city_id != city_id:
        raise StudyUnknownError(study_id)
    simulated = installation_purpose(uow.session) == "simulation"
    return compose(
        city, read_study(uow, study_id), cells_of(uow, record), as_of=uow.clock.now(),
        simulated=simulated,
    )  # fmt: skip


def compose(
    city: CityRow, study: StudyView, cells: CellsRecord, *, as_of: datetime, simulated: bool
) -> Document:
    """Return the report on a study with its answer and cells; it asks nobody for anything.

    Raises
    ------
    StudyNotFinishedError
    """
    if study.answer is None or study.inputs is None:
        raise StudyNotFinishedError(study.name)
    return Document(
        name=NAME,
        title=Words(en="Study: {name}", zh="规划研究：{name}").filled(name=study.name),
        city_key=city.key, city_id=city.city_id,
        city=Words(en=city.name, zh=city.name_zh or city.name), as_of=as_of,
        time_zone=city.time_zone,
        # Travel times are a model's, whatever the registers are.
        provenance=Provenance.SIMULATED if simulated else Provenance.MODELLED,
        population=_population(study), sources=_sources(city, study),
        attribution=city.attribution, blocks=tuple(_blocks(study, study.answer, cells)),
        period=str(study.study_id),
    )  # fmt: skip


def _blocks(study: StudyView, answer: AnswerView, cells: CellsRecord) -> Iterator[Block]:
    whole = answer.districts[0]
    yield _key_figures(study, whole)
    yield Heading(Words(en="What this study finds", zh="主要结论"))
    for words in _findings(study, answer, whole):
        yield Paragraph(words, Tone.FINDING)
    # The first says whether times are calibrated.
    for words in answer.sentences[:1]:
        yield Paragraph(words, Tone.CAUTION)
    if not answer.repeatable:
        yield Paragraph(answer.sentences[-1], Tone.CAUTION)
    yield Heading(Words(en="Who gains, who loses", zh="谁受益，谁受损"))
    yield _map(study, answer, cells)
    yield _districts(answer)
    if any(_mark(one) for one in answer.sites):
        yield _sites(answer)
    if answer.plans:
        yield _plans(answer)
    if answer.front:
        yield _front(answer)
    if len(answer.trace) > 1:
        yield Heading(Words(en="How good the answer provably is", zh="方案优劣的证明"))
        yield convergence(
            "convergence", Words(en="Search and bound", zh="搜索与界"), answer.trace,
            measured=study.measure.words, seconds=answer.seconds,
        )  # fmt: skip
    yield Heading(caveats.ASSUMED)
    yield _parameters(study)
    for words in answer.sentences[1:]:
        yield Paragraph(words)
    yield Heading(caveats.WHAT_NOT)
    for words in caveats.EVERY_STUDY if study.kind != COVERAGE else caveats.EVERY_STATE:
        yield Paragraph(words)
    if study.kind != AEDS:
        yield Paragraph(caveats.WITHIN_IS_NOT_SERVED)
    yield Heading(Words(en="So that it can be made again", zh="可重复性"))
    yield _inputs(study, answer)


def _key_figures(study: StudyView, whole: DistrictRow) -> KeyFigures:
    reached = _reached(study)
    return KeyFigures((
        KeyFigure(
            whole.before, Words(en="people {reached}, before", zh="之前{reached}人口").filled(
                reached=reached), _share(whole.share_before),
        ),
        KeyFigure(
            whole.after, Words(en="people {reached}, after", zh="之后{reached}人口").filled(
                reached=reached), _share(whole.share_after),
        ),
        KeyFigure(whole.gains, Words(en="people gain", zh="受益人口"), alike("")),
        KeyFigure(whole.loses, Words(en="people lose", zh="受损人口"), alike("")),
    ))  # fmt: skip


def _findings(study: StudyView, answer: AnswerView, whole: DistrictRow) -> Iterator[Words]:
    limit = _limit(study)
    new = [one for one in answer.sites if one.new]
    more = [one for one in answer.sites if _mark(one) == 1]
    if more:
        yield Words(
            en="More units at stations that stand: {sites}.", zh="现有站增配车辆：{sites}。"
        ).filled(sites=listed([_more(one) for one in more[: 2 * NAMED]]))
    if new:
        named = [_site_name(one) for one in new[:NAMED]]
        if len(new) > NAMED:
            named.append(Words(en="and {n} more", zh="另有{n}处").filled(n=len(new) - NAMED))
        yield Words(
            en="New sites ({count}): {sites}.", zh="新增站址（{count}处）：{sites}。"
        ).filled(count=len(new), sites=listed(named))
    yield Words(
        en="Of {people} people whose time is known, {before} were {reached}; {after} are: {gains} "
        "gain, {loses} lose.",
        zh="时间已知的{people}人中，{reached}者由{before}变为{after}：{gains}人受益，{loses}人受损。",
    ).filled(
        people=f"{whole.known:,}", reached=_reached(study), before=_share(whole.share_before),
        after=_share(whole.share_after), gains=f"{whole.gains:,}", loses=f"{whole.loses:,}",
    )  # fmt: skip
    if study.kind != COVERAGE:
        yield Words(
            en="By its measure, {measure}, the plan is worth {value}; no plan can be better than "
            "{bound} (gap {gap}): {ended}.",
            zh="方案的{measure}为{value}；任何方案不可能优于{bound}（差距{gap}）：{ended}。",
        ).filled(
            measure=study.measure.words, value=f"{answer.value:,.0f}",
            bound=f"{answer.bound:,.0f}", gap=gap_text(answer.value, answer.bound),
            ended=_ENDED[answer.ended],
        )  # fmt: skip
    parts = [one for one in answer.districts[1:] if one.share_after is not None]
    if len(parts) > 1:
        most = max(parts, key=lambda one: (one.gains, one.part))
        least = min(parts, key=lambda one: (one.share_after or 0.0, one.part))
        if most.gains:
            yield Words(
                en="Most gain in {district}: {people}.", zh="受益最多的是{district}：{people}人。",
            ).filled(district=_part_name(most), people=f"{most.gains:,}")  # fmt: skip
        yield Words(
            en="Worst off afterwards is {district}: {share} within {limit}.",
            zh="之后覆盖最差的是{district}：{limit}内{share}。",
        ).filled(district=_part_name(least), share=_share(least.share_after), limit=limit)
    often = [one for one in new if one.share_chosen is not None]
    if often:
        yield Words(
            en="With calls and speeds redrawn, the new sites are chosen again in: {shares}.",
            zh="重抽呼叫与车速后，新站址再次入选的比例：{shares}。",
        ).filled(shares=listed([
            Words(en="{site}: {share}", zh="{site}：{share}").filled(
                site=_site_name(one), share=_share(one.share_chosen))
            for one in often[:NAMED]
        ]))  # fmt: skip


_REACHED: Mapping[str, Words] = {
    "expected_people": Words(
        en="with a free unit to be expected within {limit}", zh="{limit}内预期可获空闲车辆"
    ),
    "people_served": Words(
        en="with a unit that has room for them within {limit}", zh="{limit}内且容量可及"
    ),
}
"""What `before` and `after` count where it is more than the time, by the measure's code."""
_WITHIN_LIMIT = Words(en="within {limit}", zh="{limit}内")


def _reached(study: StudyView) -> Words:
    return _REACHED.get(study.measure.code, _WITHIN_LIMIT).filled(limit=_limit(study))


def _more(one: SiteView) -> Words:
    return Words(en="{site} +{units}", zh="{site} +{units}").filled(
        site=_site_name(one), units=one.units - one.units_before
    )


def _limit(study: StudyView) -> Words:
    if study.kind == AEDS:
        metres = study.parameters["reach_m"]
        return Words(en="{m} m on foot", zh="步行{m}米").filled(m=f"{metres:g}")
    return Words(en="{min} min", zh="{min}分钟").filled(min=f"{study.measure.limit_s / 60:g}")


def _share(share: float | None) -> Words:
    return Words(en="unknown", zh="未知") if share is None else alike(f"{share:.1%}")


def _site_name(one: SiteView) -> Words:
    fallback = one.name or f"{one.lat:.4f}, {one.lon:.4f}"
    return Words(en=one.name_en or fallback, zh=one.name_zh or fallback)


def _name(place: PlaceName) -> Words:
    fallback = place.name or place.code or "–"
    return Words(en=place.name_en or fallback, zh=place.name_zh or fallback)


def _part_name(row: DistrictRow) -> Words:
    if row.part == "city":
        return Words(en="Whole city", zh="全市")
    if row.part == "outside":
        return Words(en="outside all districts", zh="区界之外")
    return _name(row.district)


def _map(study: StudyView, answer: AnswerView, cells: CellsRecord) -> MapFigure:
    code = changes(cells.before_s, cells.after_s, cells.before, cells.after)
    within = np.asarray(cells.before_s) <= study.measure.limit_s
    code = np.where(code == "same", np.where(within, "within", "beyond"), code)
    shapes = np.asarray(shapely.from_wkb(list(cells.shapes)), dtype=object)
    marks = tuple(
        Mark(one.lon, one.lat, _site_name(one), _mark(one), modelled=False)
        # What is new lies above what stands.
        for one in sorted(answer.sites, key=_mark)
    )
    whole = answer.districts[0]
    return MapFigure(
        name="change",
        title=Words(en="Before and after, cell by cell", zh="逐格前后对比"),
        alt=Words(
            en="Map of the city by cell: {gains} people come within {limit}, {loses} fall out of "
            "it; new sites are marked N.",
            zh="按格网显示的全市地图：{gains}人新进入{limit}，{loses}人落出；新站址以N标出。",
        ).filled(gains=f"{whole.gains:,}", loses=f"{whole.loses:,}", limit=_limit(study)),
        layers=(),
        surfaces=surfaces(shapes, code),
        surfaces_title=Words(en="Within {limit}", zh="{limit}内").filled(limit=_limit(study)),
        marks=(Marks("sites", Words(en="Sites", zh="站址"), (STANDS, MORE, NEW), marks),),
        note=caveats.CELLS,
    )


def _mark(one: SiteView) -> int:
    return 2 if one.new else 1 if one.units > one.units_before else 0


def _districts(answer: AnswerView) -> Table:
    def cells(row: DistrictRow) -> tuple[Cell, ...]:
        def minutes(seconds: float | None) -> float | None:
            return None if seconds is None else seconds / 60.0

        def percent(share: float | None) -> float | None:
            return None if share is None else share * 100.0

        return (
            _part_name(row), row.people, percent(row.share_before), percent(row.share_after),
            row.gains, row.loses, row.quicker, row.slower, minutes(row.mean_before_s),
            minutes(row.mean_after_s),
        )  # fmt: skip

    return Table(
        name="districts", title=Words(en="By district", zh="按区"),
        columns=(
            Column("district", Words(en="District", zh="区")),
            Column("people", Words(en="People", zh="人口")),
            Column("before", Words(en="Before, %", zh="之前（%）"), 1, "%"),
            Column("after", Words(en="After, %", zh="之后（%）"), 1, "%"),
            Column("gains", Words(en="Gain", zh="受益")),
            Column("loses", Words(en="Lose", zh="受损")),
            Column("quicker", Words(en="Quicker by 1 min", zh="快1分钟")),
            Column("slower", Words(en="Slower by 1 min", zh="慢1分钟")),
            Column("mean_before", Words(en="Mean before, min", zh="之前平均（分）"), 1, "min"),
            Column("mean_after", Words(en="Mean after, min", zh="之后平均（分）"), 1, "min"),
        ),
        rows=tuple(cells(one) for one in answer.districts[1:]),
        total=cells(answer.districts[0]),
        note=Words(
            en="Shares and means are of people whose time is known.",
            zh="比例与平均值按时间已知的人口计算。",
        ),
    )  # fmt: skip


def _sites(answer: AnswerView) -> Table:
    changed = [one for one in answer.sites if _mark(one)]
    some = any(one.share_chosen is not None for one in changed)
    columns = [
        Column("site", Words(en="Site", zh="站址")),
        Column("units_before", Words(en="Units today", zh="现有车辆")),
        Column("units", Words(en="Units then", zh="方案车辆")),
        Column("lat", Words(en="Latitude", zh="纬度"), 5),
        Column("lon", Words(en="Longitude", zh="经度"), 5),
    ]
    if some:
        columns.append(Column("chosen", Words(en="Chosen again, %", zh="再次入选（%）"), 0, "%"))

    def cells(one: SiteView) -> tuple[Cell, ...]:
        first = (_site_name(one), one.units_before, one.units, one.lat, one.lon)
        share = None if one.share_chosen is None else one.share_chosen * 100.0
        return (*first, share) if some else first

    return Table(
        "sites", Words(en="What is added, and where", zh="新增内容与位置"), tuple(columns),
        tuple(cells(one) for one in changed[:MOST_SITES]),
        note=None if len(changed) <= MOST_SITES else Words(
            en="The first {shown} of {count}; the map shows all.",
            zh="仅列前{shown}处（共{count}处），地图显示全部。",
        ).filled(shown=MOST_SITES, count=len(changed)),
    )  # fmt: skip


_PLAN_CODES: Mapping[str, Words] = {
    "alternative": Words(en="next best, {n}", zh="次优方案{n}"),
    "phase": Words(en="phase: {n} more", zh="分期：增{n}处"),
}


def _plans(answer: AnswerView) -> Table:
    return Table(
        "plans", Words(en="Other plans, each with its bound", zh="其他方案及其界"),
        (
            Column("plan", Words(en="Plan", zh="方案")),
            Column("value", Words(en="Value", zh="目标值")),
            Column("bound", Words(en="At best", zh="界")),
            Column("sites", Words(en="Adds", zh="新增")),
        ),
        tuple(
            (
                _PLAN_CODES[one.code].filled(n=one.number), one.value, one.bound,
                listed([_site_name(site) for site in one.sites[:NAMED]]) if one.sites
                else alike("–"),
            )
            for one in answer.plans
        ),
    )  # fmt: skip


_TAIL = Column("tail", Words(en="Tenth served worst, min", zh="最远10%人口（分钟）"), 1, "min")


def _front(answer: AnswerView) -> Table:
    tail = any(one.tail_s is not None for one in answer.front)
    return Table(
        "front",
        Words(en="Plans that none other beats in both", zh="帕累托前沿：两项指标均不被超越的方案"),
        (
            Column("people", Words(en="People within", zh="时限内人口")),
            Column("bound", Words(en="At most", zh="上界")),
            Column("worst", Words(en="Worst-off district, %", zh="最差区（%）"), 1, "%"),
            Column("district", Words(en="It is", zh="该区")),
            *([_TAIL] if tail else []),
        ),
        tuple(
            (
                one.value, one.bound, one.worst_share * 100, _name(one.worst_district),
                *([None if one.tail_s is None else one.tail_s / 60.0] if tail else []),
            )
            for one in answer.front
        ),
    )  # fmt: skip


def _parameters(study: StudyView) -> Table:
    properties: Mapping[str, Any] = form_of(
        study.kind, study.parameters
    ).model_json_schema()["properties"]  # fmt: skip
    rows: list[tuple[Cell, ...]] = []
    for name, asked in sorted(properties.items(), key=lambda one: bool(one[1].get("x-advanced"))):
        value = study.parameters.get(name)
        rows.append((Words.from_json(asked["x-words"]), _asked(value, asked)))
    return Table(
        "parameters", Words(en="What was asked", zh="研究参数"),
        (Column("name", study.kind_words), Column("value", Words(en="Asked", zh="取值"))),
        tuple(rows),
    )  # fmt: skip


def _asked(value: Any, said: Mapping[str, Any]) -> Words:
    choices = said.get("x-choices", {})
    if isinstance(value, bool):
        return Words(en="yes", zh="是") if value else Words(en="no", zh="否")
    if value is None:
        return alike("–")
    if str(value) in choices:
        return Words.from_json(choices[str(value)])
    if isinstance(value, list | tuple):
        return (
            alike("–") if not value else Words(en="{n} given", zh="给定{n}项").filled(n=len(value))
        )
    return alike(f"{value:g}" if isinstance(value, float) else str(value))


def _inputs(study: StudyView, answer: AnswerView) -> Table:
    assert study.inputs is not None
    rows: list[tuple[Cell, ...]] = [
        (one.words, alike(one.version), _hash(one.digest)) for one in study.inputs.parts
    ]
    rows.append((
        Words(en="solver", zh="求解器"), alike(answer.solver), alike(f"seed {answer.seed}"),
    ))  # fmt: skip
    rows.append((Words(en="all of it", zh="全部"), alike("–"), _hash(study.inputs.digest)))
    return Table(
        "inputs", Words(en="What the answer was reckoned from", zh="计算所用输入"),
        (
            Column("part", Words(en="Part", zh="输入")),
            Column("version", Words(en="Version", zh="版本")),
            Column("digest", Words(en="Hash", zh="哈希")),
        ),
        tuple(rows),
        note=Words(
            en="The same hashes and seed give the same answer to the digit.",
            zh="哈希与种子相同，则结果逐位相同。",
        ) if answer.repeatable else None,
    )  # fmt: skip


def _hash(digest: str) -> Words:
    """Return a hash in groups, so that it finds room in a table."""
    return alike(" ".join(digest[at : at + 8] for at in range(0, len(digest), 8)))


def _population(study: StudyView) -> PopulationBase | None:
    assert study.inputs is not None
    for part in study.inputs.parts:
        if part.code == "demand":
            return PopulationBase(
                Words(en="people by cell: {version}", zh="格网人口：{version}").filled(
                    version=part.version
                )
            )
    return None


def _sources(city: CityRow, study: StudyView) -> tuple[Words, ...]:
    registers = (
        Words(en="AEDs: the register loaded for this city.", zh="AED：本市已载入的登记数据。")
        if study.kind == AEDS
        else Words(
            en="Stations and ambulances: the registers loaded for this city.",
            zh="急救站与救护车：本市已载入的登记数据。",
        )
    )
    return (registers, alike(city.attribution))

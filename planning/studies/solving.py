"""From material and a form to an answer with its bound: which model is asked, and how."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import numpy.typing as npt
import scipy.sparse

from gis.kernels.expected_coverage import covered_share
from gis.spreading import Spread
from gis.words import Words
from planning.costs.model import Duty, Prices, enlarging_costs, station_costs
from planning.siting.answer import Answer, Ended, Limits, Progress, Sense
from planning.siting.covers import within
from planning.siting.fairness import FairPlan, fairness_front, tail_front, worst_off
from planning.siting.instance import Choice, Instance, Room, of_matrix
from planning.siting.interventions import Kind as OfferKind
from planning.siting.interventions import (
    Offer,
    Standing,
    best_interventions,
    served_today,
)
from planning.siting.maximal import by_table, mclp
from planning.siting.median import p_median
from planning.siting.scenarios import how_often_chosen, phases
from planning.siting.spread import near_optimal
from planning.siting.whole import lscp, p_center
from planning.studies.errors import StudyParametersError
from planning.studies.model import (
    BoolArray,
    CountArray,
    FloatArray,
    Material,
    Outcome,
    Points,
    SecondsArray,
    nearest_of,
)
from planning.studies.parameters import (
    AedsForm,
    AnyForm,
    BudgetForm,
    CoverageForm,
    Search,
    SitingForm,
    SitingModel,
    UnitsForm,
)

OUTSIDE = ""
EVALUATED = "evaluation"
TAIL_STEP_S = 10.0
"""By how much the tenth served worst has to come nearer from one plan of a front to the next."""


@dataclass(frozen=True, slots=True)
class Told:
    """Who is told of a search: where it is, and its best plan as (m,) units by site of the city.

    spread, parts : a `map` for what falls into parts, and how many it takes
    """

    stop: Callable[[], bool] = field(default=lambda: False)
    progress: Callable[[Progress], None] = field(default=lambda _: None)
    incumbent: Callable[[CountArray], None] = field(default=lambda _: None)
    spread: Spread[Any, Any] = map
    parts: int = 20


@dataclass(frozen=True, slots=True, eq=False)
class Solved:
    """An answer by position: `units` (m,) that stand in the end; values in the measure's unit.

    counted : people whom the model counts; front : of a Pareto front, each with its units (m,)
    share_chosen : (m,) of the bootstraps, None where none were asked for
    plans : others beside the answer, by code and number, each with its units (m,)
    notes : what the plan is made of, in a sentence each
    """

    answer: Answer
    units: CountArray
    value_before: float
    counted: float
    left_out: float
    outcome: Outcome
    front: tuple[tuple[FairPlan, CountArray], ...] = ()
    share_chosen: FloatArray | None = None
    plans: tuple[tuple[str, int, Answer, CountArray], ...] = ()
    notes: tuple[Words, ...] = ()


def solve(material: Material, form: AnyForm, *, limit_s: float, told: Told) -> Solved:
    """Return the answer of a study.

    limit_s : the limit in seconds, included

    Raises
    ------
    StudyParametersError, SitingInputError and its kinds
        What is asked for cannot be done; the sentence says why.
    """
    _somebody(material)
    match form:
        case SitingForm():
            return _siting(material, form, limit_s, told)
        case UnitsForm():
            return _units(material, form, limit_s, told)
        case BudgetForm():
            return _budget(material, form, limit_s, told)
        case CoverageForm():
            return _coverage(material, form, limit_s)
        case AedsForm():
            return _aeds(material, form, limit_s, told)


def siting_instance(
    material: Material, closed: tuple[int, ...] = ()
) -> tuple[Instance, tuple[str, ...]]:
    """Return the people and sites of a city for a covering model, and which sites stand.

    Raises
    ------
    StudyParametersError
        Nobody lives near a road, or a closed station is none.
    """
    _somebody(material)
    usable = ~_closed(material, closed)
    model = _Model.of_cells(material, _lived(material), usable)
    standing = {one.key for one in material.sites if one.stands}
    return model.instance, tuple(key for key in model.sites if key in standing)


def _siting(material: Material, form: SitingForm, limit_s: float, told: Told) -> Solved:
    usable = ~_closed(material, form.closed)
    stands = np.array([one.stands for one in material.sites]) & usable
    if form.model in {SitingModel.P_MEDIAN, SitingModel.P_CENTER, SitingModel.FAIR_TAIL}:
        # Their value would be endless for who is reached from nowhere: these are counted apart.
        lived = _lived(material) & np.isfinite(material.travel_s[:, usable]).any(axis=1)
    else:
        lived = _lived(material)
    model = _Model.of_cells(material, lived, usable)
    keys = [model.sites[at] for at in np.flatnonzero(stands[model.column]).tolist()]
    fixed = keys if form.keep_existing else []
    choice = Choice(count=int(stands.sum()) + form.new_sites, fixed=fixed)
    limits = model.limits(form, told, scale=_scale(form.model))
    front: tuple[FairPlan, ...] = ()
    match form.model:
        case SitingModel.MCLP:
            answer = mclp(model.instance, choice, reach=limit_s, limits=limits)
        case SitingModel.P_MEDIAN:
            answer = p_median(model.instance, choice, limits=limits)
        case SitingModel.P_CENTER:
            answer = p_center(model.instance, choice, limits=limits)
        case SitingModel.LSCP:
            answer = lscp(
                model.instance, Choice(fixed=fixed), reach=limit_s, limits=limits
            )  # fmt: skip
        case SitingModel.FAIR_MCLP:
            front = fairness_front(
                model.instance, choice, reach=limit_s, district=model.districts(), limits=limits
            )
            if not front:
                raise StudyParametersError("No plan was found in the time given. Give it more.")
            answer = front[0].answer
        case SitingModel.FAIR_TAIL:
            front = _by_tail(model, choice, limit_s, limits)
            answer = front[0].answer
    chosen = model.units_of(answer)
    shares = None
    if form.bootstraps and form.model is SitingModel.MCLP:
        often = how_often_chosen(
            model.instance, choice, reach=limit_s, repeats=form.bootstraps, seed=form.seed,
            spread=told.spread, parts=told.parts, stop=told.stop,
        )  # fmt: skip
        if often:
            shares = model.spread([often[key] for key in model.sites])
    outcome = _by_nearest(material, chosen > 0, limit_s)
    plans: list[tuple[str, int, Answer, CountArray]] = []
    if form.model is SitingModel.MCLP and not told.stop():
        plans = _more_plans(model, form, choice, limit_s, limits)
    return Solved(
        _scaled(answer, _scale(form.model)), chosen,
        _before(form.model, material, lived, outcome, limit_s), model.counted,
        float(material.cells.people[_lived(material) & ~lived].sum()), outcome,
        tuple((one, model.units_of(one.answer)) for one in front), shares, plans=tuple(plans),
    )  # fmt: skip


def _by_tail(
    model: "_Model", choice: Choice, limit_s: float, limits: Limits
) -> tuple[FairPlan, ...]:  # fmt: skip
    """Return the front against the tenth served worst, with the worst-off district of each plan."""
    plans = tail_front(model.instance, choice, reach=limit_s, step=TAIL_STEP_S, limits=limits)
    if not plans:
        raise StudyParametersError(
            "No plan was found by which everybody is reached from somewhere, or not in the time "
            "given. Add sites or stations, or give it more time."
        )
    district = model.districts()
    return tuple(
        FairPlan(one.answer, *worst_off(model.instance, one.answer.serves >= 0, district), one.tail)
        for one in plans
    )


def _more_plans(
    model: "_Model", form: SitingForm, choice: Choice, limit_s: float, limits: Limits
) -> list[tuple[str, int, Answer, CountArray]]:
    """Return the next best plans and the phases that are asked for, by their numbers."""
    quiet = replace(limits, progress=lambda _: None, incumbent=lambda _: None)
    found: list[tuple[str, int, Answer]] = []
    if form.alternatives:
        best = near_optimal(
            model.instance, choice, reach=limit_s, plans=form.alternatives, limits=quiet
        )
        found += [("alternative", number, one) for number, one in enumerate(best, start=1)]
    # So many stand before the first phase; there are as many phases as there are sites.
    stand = (choice.count or 0) - form.new_sites
    counts = range(stand + 1, min(stand + form.phases, len(model.sites)) + 1)
    if counts:
        built = phases(model.instance, counts, choice, reach=limit_s, limits=quiet)
        found += [("phase", number, one) for number, one in enumerate(built, start=1)]
    return [(code, number, one, model.units_of(one)) for code, number, one in found]


def _units(material: Material, form: UnitsForm, limit_s: float, told: Told) -> Solved:
    model = _Model.of_cells(material, _lived(material), ~_closed(material, form.closed))
    today = np.array([one.units for one in material.sites], np.int64)
    lower = today[model.column]
    upper = np.maximum(lower, form.units_a_site)
    total = int(lower.sum()) + form.new_units
    if total < 1:
        raise StudyParametersError("No unit stands anywhere. Ask for one new unit at least.")
    if total > upper.sum():
        raise StudyParametersError(
            f"{form.new_units} new units do not find room at {len(model.sites)} places of "
            f"{form.units_a_site} each. Raise units_a_site, or add places."
        )
    table = covered_share(np.arange(max(total, int(today.sum())) + 1), form.busy)
    among = Room(np.ones(len(model.sites)), float(total), lower, upper)
    answer = by_table(
        "mexclp", model.instance, among, table[: total + 1], reach=limit_s,
        limits=model.limits(form, told),
    )  # fmt: skip
    chosen = model.units_of(answer)
    lived = _lived(material)
    everywhere = _Model.of_cells(material, lived, np.ones(len(today), np.bool_))
    reached = within(everywhere.instance, limit_s)
    before, after = np.zeros(len(material.known)), np.zeros(len(material.known))
    before[lived], after[lived] = (table[reached @ one] for one in (today, chosen))
    by_time = _by_nearest(material, chosen > 0, limit_s, was=today > 0)
    outcome = replace(by_time, before=before, after=after)
    return Solved(
        answer, chosen, float(material.cells.people @ before), model.counted, 0.0, outcome
    )  # fmt: skip


def _budget(material: Material, form: BudgetForm, limit_s: float, told: Told) -> Solved:
    lived = _lived(material)
    model = _Model.of_cells(material, lived, ~_closed(material, form.closed))
    today = np.array([one.units for one in material.sites], np.int64)
    stands = {
        key: Standing(capacity=int(today[model.at[key]]) * form.people_a_unit)
        for key in model.sites if material.sites[model.at[key]].stands
    }  # fmt: skip
    offers = _offers(form, {key: int(today[model.at[key]]) for key in model.sites}, set(stands))
    plan = best_interventions(
        model.instance, list(offers.values()), budget=form.budget, reach=limit_s, stands=stands,
        limits=model.limits(form, told),
    )  # fmt: skip
    units = model.units_of(plan.answer) * today
    for key in plan.chosen:
        units[model.at[offers[key].site]] += 1
    everything = _Model.of_cells(material, lived, np.ones(len(today), np.bool_))
    value_before, share_before = served_today(
        everything.instance, reach=limit_s, stands={
            one.key: Standing(capacity=one.units * form.people_a_unit)
            for one in material.sites if one.stands
        },
    )  # fmt: skip
    before, after = np.zeros(len(material.known)), np.zeros(len(material.known))
    before[lived], after[lived] = share_before, plan.share
    kept = np.array([one.stands for one in material.sites]) & ~_closed(material, form.closed)
    by_time = _by_nearest(material, (units > 0) | kept, limit_s)
    built = sum(offers[key].kind is OfferKind.BUILD for key in plan.chosen)
    note = _SPENT.filled(
        spent=f"{plan.cost:,.0f}", budget=f"{form.budget:,.0f}", years=f"{form.years}",
        built=f"{built}", more=f"{len(plan.chosen) - built}",
    )  # fmt: skip
    return Solved(
        plan.answer, units, value_before, model.counted, 0.0,
        replace(by_time, before=before, after=after), notes=(note,),
    )  # fmt: skip


def _offers(
    form: BudgetForm, units: Mapping[str, int], stands: Collection[str]
) -> dict[str, Offer]:
    """Return what can be done at each site by key: built with one unit, one more, and so on."""
    prices = Prices(
        currency="-", source="study", build=form.build, rent_a_year=form.rent_a_year,
        vehicle=form.vehicle, crew_a_year=form.crew_a_year, enlarge=form.enlarge,
        running_a_year=form.running_a_year,
    )  # fmt: skip
    new = station_costs(prices, years=form.years).total
    more = enlarging_costs(prices, {Duty.ALL_DAY: 1}, years=form.years).total
    found: dict[str, Offer] = {}
    for key, count in units.items():
        there = count
        if key not in stands:
            found[f"{key} built"] = Offer(
                key=f"{key} built", site=key, kind=OfferKind.BUILD, cost=new,
                capacity=form.people_a_unit,
            )  # fmt: skip
            there = 1
        for nth in range(there, form.units_a_station):
            found[f"{key} {nth + 1}"] = Offer(
                key=f"{key} {nth + 1}", site=key, kind=OfferKind.ENLARGE, cost=more,
                capacity=form.people_a_unit,
            )  # fmt: skip
    return found


_SPENT = Words(
    en="{spent} of {budget} are spent over {years} years: {built} stations built, each with one "
    "unit, and {more} units more; the prices are those of the form.",
    zh="{years}年内支出{spent}（预算{budget}）：新建站点{built}个（各配1车），另增车辆{more}辆；价格以表单为准。",
)


def _coverage(material: Material, form: CoverageForm, limit_s: float) -> Solved:
    # What is drawn comes after what stands, and is all taken.
    open_ = ~_closed(material, form.closed)
    units = np.array([max(one.units, 1) for one in material.sites], np.int64) * open_
    outcome = _by_nearest(material, units > 0, limit_s)
    people = material.cells.people
    value = float(people[_lived(material)] @ outcome.after[_lived(material)])
    sites = tuple(one.key for one, count in zip(material.sites, units, strict=True) if count)
    answer = Answer(
        "coverage", Sense.MOST, sites, value, value, 0.0, EVALUATED, 0, Ended.PROVEN,
        outcome.nearest, (), "",
    )  # fmt: skip
    return Solved(
        answer, units, float(people[_lived(material)] @ outcome.before[_lived(material)]),
        float(people[_lived(material)].sum()), 0.0, outcome,
    )  # fmt: skip


def _aeds(material: Material, form: AedsForm, limit_s: float, told: Told) -> Solved:
    points = _points(material)
    stands = np.array([one.stands for one in material.sites])
    usable = np.ones(len(stands), np.bool_) if form.keep_existing else ~stands
    lived = points.people > 0
    keys = [material.sites[at].key for at in np.flatnonzero(usable).tolist()]
    # All that stand count as one place: whoever is near any of them has one.
    fixed = [one.key for one in material.sites if one.stands and form.keep_existing]
    choice = Choice(count=len(fixed) + form.new_aeds, fixed=fixed)
    if choice.count == 0:
        raise StudyParametersError("No AED stands anywhere. Ask for one new AED at least.")
    instance = Instance(
        tuple(map(str, np.flatnonzero(lived).tolist())), tuple(keys), points.people[lived],
        scipy.sparse.csr_array(points.ways[np.flatnonzero(lived)][:, np.flatnonzero(usable)]),
    )  # fmt: skip
    model = _Model(material, np.flatnonzero(usable), instance)
    answer = mclp(instance, choice, reach=limit_s, limits=model.limits(form, told))
    chosen = model.units_of(answer)
    outcome = _by_points(material, points, chosen > 0, limit_s)
    people = material.cells.people
    return Solved(
        answer, chosen, float(people @ outcome.before), model.counted, 0.0, outcome
    )  # fmt: skip


def _points(material: Material) -> Points:
    if material.points is None:
        msg = "A study on foot counts people on points."
        raise ValueError(msg)
    return material.points


def _by_points(
    material: Material, points: Points, chosen: BoolArray, limit_s: float
) -> Outcome:  # fmt: skip
    """Return cells by their points: shares of people within the limit, and mean seconds.

    What is not reached counts with the end of what is kept, in a cell of which some is. The nearest
    site is that of its nearest point.
    """
    stands = np.array([one.stands for one in material.sites])
    cells = len(material.cells.cell)
    before_s, _ = _nearest_way(points.ways, stands)
    after_s, nearest = _nearest_way(points.ways, chosen)
    total = np.bincount(points.owner, weights=points.people, minlength=cells)

    def share(seconds: FloatArray) -> FloatArray:
        inside = points.people * (seconds <= np.float32(limit_s))
        found = np.bincount(points.owner, weights=inside, minlength=cells)
        return np.asarray(np.divide(found, total, out=np.zeros(cells), where=total > 0))

    def mean(seconds: FloatArray) -> SecondsArray:
        # Capped: else a point that comes to be reached from afar would make its cell slower.
        kept = points.people * np.minimum(seconds, points.beyond_s)
        summed = np.bincount(points.owner, weights=kept, minlength=cells)
        reached = points.people * np.isfinite(seconds)
        some = np.bincount(points.owner, weights=reached, minlength=cells) > 0
        found = np.divide(summed, total, out=np.full(cells, np.inf), where=some)
        return np.where(material.known, found, np.nan).astype(np.float32)

    site = np.full(cells, -1, np.int64)
    # From the farthest to the nearest point of a cell: the last to be written stays.
    order = np.argsort(-after_s, kind="stable")
    site[points.owner[order]] = nearest[order]
    return Outcome(mean(before_s), mean(after_s), share(before_s), share(after_s), site)


def _nearest_way(
    ways: scipy.sparse.csr_array, of: BoolArray
) -> tuple[FloatArray, CountArray]:  # fmt: skip
    """Return (p,) seconds from the nearest of some sites and its position; inf and -1: beyond."""
    chosen = np.flatnonzero(of)
    part = scipy.sparse.csr_array(ways[:, chosen])
    rows = np.repeat(np.arange(part.shape[0]), np.diff(part.indptr))
    seconds, nearest = np.full(part.shape[0], np.inf), np.full(part.shape[0], -1, np.int64)
    order = np.lexsort((-part.indices, -part.data, rows))
    seconds[rows[order]] = part.data[order]
    nearest[rows[order]] = chosen[part.indices[order]]
    return seconds, nearest


class _Model:
    """The instance of who counts and the sites that may be taken, at positions `column`."""

    def __init__(self, material: Material, column: CountArray, instance: Instance) -> None:
        if not column.size:
            raise StudyParametersError("No site is left to choose from.")
        self._material, self.column, self.instance = material, column, instance
        self.sites = list(instance.sites)
        self.at = {one.key: at for at, one in enumerate(material.sites)}
        self.counted = float(instance.weight.sum())

    @classmethod
    def of_cells(cls, material: Material, lived: BoolArray, usable: BoolArray) -> "_Model":
        """Return the model of some cells, each at its one point, by key."""
        if not usable.any():
            raise StudyParametersError("No site is left to choose from.")
        column = np.flatnonzero(usable)
        cells = [material.cells.cell[at] for at in np.flatnonzero(lived).tolist()]
        sites = [material.sites[at].key for at in column.tolist()]
        return cls(material, column, of_matrix(
            dict(zip(cells, material.cells.people[lived].tolist(), strict=True)), sites,
            material.travel_s[np.ix_(lived, usable)], rows=cells, columns=sites,
        ))  # fmt: skip

    def limits(self, form: Search, told: Told, *, scale: float = 1.0) -> Limits:
        """Return when to be content, and who is told."""

        def progress(one: Progress) -> None:
            told.progress(Progress(one.seconds, one.value * scale, one.bound * scale))

        return Limits(
            seconds=form.seconds, gap=form.gap, rounds=form.rounds, seed=form.seed,
            stop=told.stop, progress=progress,
            incumbent=lambda units: told.incumbent(self._wide(units)),
        )  # fmt: skip

    def units_of(self, answer: Answer) -> CountArray:
        """Return (m,) units by site of the city."""
        units = np.zeros(len(self._material.sites), np.int64)
        for key in answer.sites:
            units[self.at[key]] += 1
        return units

    def districts(self) -> dict[str, str]:
        """Return cell → code of its district."""
        codes = [one.code for one in self._material.districts]
        cells = self._material.cells
        row_of = dict(zip(cells.cell, cells.district.tolist(), strict=True))
        return {
            cell: codes[row_of[cell]] if row_of[cell] >= 0 else OUTSIDE
            for cell in self.instance.demand
        }

    def spread(self, values: list[float]) -> FloatArray:
        """Return values of the model's sites for all of the city's, NaN where not asked."""
        full = np.full(len(self._material.sites), np.nan)
        full[self.column] = values
        return full

    def _wide(self, units: npt.NDArray[np.generic]) -> CountArray:
        full = np.zeros(len(self._material.sites), np.int64)
        full[self.column] = units.astype(np.int64)
        return full


def _by_nearest(
    material: Material, chosen: BoolArray, limit_s: float, *, was: BoolArray | None = None
) -> Outcome:
    stands = np.array([one.stands for one in material.sites]) if was is None else was
    before_s, _ = nearest_of(material.travel_s, stands)
    then_s = material.travel_s if material.then_s is None else material.then_s
    after_s, nearest = nearest_of(then_s, chosen)
    limit = np.float32(limit_s)
    return Outcome(
        np.where(material.known, before_s, np.float32(np.nan)),
        np.where(material.known, after_s, np.float32(np.nan)),
        (material.known & (before_s <= limit)).astype(np.float64),
        (material.known & (after_s <= limit)).astype(np.float64),
        np.where(material.known, nearest, -1),
    )


def _before(
    model: SitingModel, material: Material, lived: BoolArray, outcome: Outcome, limit_s: float
) -> float:
    """Return today's state by the measure of a model."""
    people, was = material.cells.people[lived], outcome.before_s[lived].astype(np.float64)
    worth: dict[SitingModel, Callable[[], float]] = {
        SitingModel.P_MEDIAN: lambda: float(people @ was) * _scale(model),
        SitingModel.P_CENTER: lambda: float(was.max(initial=0.0)),
        SitingModel.LSCP: lambda: float(sum(one.stands for one in material.sites)),
    }
    return worth.get(model, lambda: float(people[was <= np.float32(limit_s)].sum()))()


def _scale(model: SitingModel) -> float:
    return 1.0 / 60.0 if model is SitingModel.P_MEDIAN else 1.0


def _scaled(answer: Answer, scale: float) -> Answer:
    if scale == 1.0:
        return answer
    return replace(
        answer, value=answer.value * scale, bound=answer.bound * scale,
        trace=tuple(Progress(one.seconds, one.value * scale, one.bound * scale)
                    for one in answer.trace),
    )  # fmt: skip


def _lived(material: Material) -> BoolArray:
    return material.known & (material.cells.people > 0)


def _somebody(material: Material) -> None:
    if not _lived(material).any():
        raise StudyParametersError(
            "Nobody is known to live near a road here, so there is nothing to count. Load a "
            "population and roads first."
        )


def _closed(material: Material, closed: tuple[int, ...]) -> BoolArray:
    keys = {f"station:{one}" for one in closed}
    strange = sorted(keys - {one.key for one in material.sites if one.stands})
    if strange:
        raise StudyParametersError(
            f"There is no {strange[0].replace(':', ' ')} to close. See the city's stations."
        )
    return np.array([one.key in keys for one in material.sites])

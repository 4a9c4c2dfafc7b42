"""An answer by position told by names: sites, districts, cells, and what the numbers do not say."""

import numpy as np

from gis.words import Words
from planning.coverage.views import PlaceName
from planning.siting.answer import Ended, Progress
from planning.studies.kinds import MeasureWords
from planning.studies.material import EXISTING_AEDS
from planning.studies.model import CountArray, FloatArray, Material, district_rows
from planning.studies.parameters import AedsForm, AnyForm, BudgetForm, UnitsForm, whole_or_none
from planning.studies.record import CellsRecord
from planning.studies.solving import OUTSIDE, Solved
from planning.studies.views import (
    AnswerView,
    FrontView,
    PlanView,
    ProgressView,
    SiteView,
    TraceView,
)

MOST_TRACE = 400
"""Points of a plot of convergence that are kept, the first and the last among them."""

CELLS_ARE_POINTS = Words(
    en="A cell counts by one point near its middle; within it ways are longer or shorter.",
    zh="每个格网以其中心附近一点计算，格内实际路程有长有短。",
)
MODELLED = Words(en="People by cell are modelled, not surveyed.", zh="格网人口由模型生成，非实测。")
LIMITED = Words(
    en="Only people within the areas of who made the study are counted.",
    zh="仅计入方案创建者管辖范围内的人口。",
)
UNKNOWN = Words(
    en="Of {count} people no road is known near by: they are in no share.",
    zh="有{count}人附近无已知道路，不计入任何比例。",
)
LEFT_OUT = Words(
    en="{count} people are reached from no site at all and are left out of the model.",
    zh="有{count}人从任何站址均不可达，未计入模型。",
)
NEAREST = Words(
    en="Times are of the nearest station by road with lights; whether a unit is free there is not "
    "asked.",
    zh="时间为最近急救站鸣笛行驶时间；不计车辆是否空闲。",
)
INDEPENDENT = Words(
    en="Units are taken to be busy each by itself and alike, on duty at all hours, which flatters "
    "places that several of them reach.",
    zh="假定各车忙碌相互独立且相同、全天值勤；多车可达之处因此偏乐观。",
)
HAS_ROOM = Words(
    en="A unit serves so many people and no more; who is within reach of units that are full is "
    "not served. Who goes to which is chosen for the best, not the nearest.",
    zh="每车服务人口有上限；仅有满额车辆可达者视为未服务。人口分配以总体最优为准，不一定就近。",
)
SUPPOSED_ROADS = Words(
    en="Afterwards roads are closed or under water as drawn; today's state is by the roads as they "
    "are.",
    zh="变更后按所绘区域封路或积水计算；现状按当前路况。",
)
ON_FOOT = Words(
    en="On foot one way, along ways that are known; floors, locked doors and the way back are not "
    "counted.",
    zh="单程步行、沿已知道路；不计楼层、门禁与返程。",
)
NOT_REPEATABLE = Words(
    en="The search was ended before its rounds were done: the plan is the best until then, its "
    "bound holds, and another run may end elsewhere.",
    zh="搜索提前结束：方案为当时最优，界限仍成立；再次运行结果可能不同。",
)


def answer_view(
    material: Material, form: AnyForm, solved: Solved, *, limited: bool
) -> AnswerView:  # fmt: skip
    """Return an answer as it is shown and stored."""
    answer, cells = solved.answer, material.cells
    names = _names(material)
    repeatable = answer.ended not in {Ended.TIME, Ended.STOPPED}
    codes = _codes(material)
    return AnswerView(
        value=answer.value,
        bound=answer.bound,
        gap=whole_or_none(answer.gap),
        value_before=whole_or_none(solved.value_before),
        of=solved.counted,
        seconds=answer.seconds,
        solver=answer.solver,
        seed=answer.seed,
        ended=answer.ended.value,
        repeatable=repeatable,
        sites=sites_of(material, form, solved.units, solved.share_chosen),
        districts=district_rows(
            cells.people, codes, [names[one.code] for one in material.districts], solved.outcome
        ),
        front=tuple(
            FrontView(
                plan.answer.value, plan.answer.bound, plan.worst_share,
                names.get(plan.worst_district, names[OUTSIDE]), sites_of(material, form, units),
                plan.tail,
            )
            for plan, units in solved.front
        ),
        trace=trace_of(answer.trace),
        sentences=_sentences(material, form, solved, limited=limited, repeatable=repeatable),
        plans=tuple(
            PlanView(
                code, number, one.value, one.bound, whole_or_none(one.gap),
                tuple(site for site in sites_of(material, form, units) if site.new),
            )
            for code, number, one, units in solved.plans
        ),
    )  # fmt: skip


def sites_of(
    material: Material, form: AnyForm, units: CountArray, shares: FloatArray | None = None
) -> tuple[SiteView, ...]:
    """Return the sites that stand with so many units (m,), or that stand at all; AEDs: new ones."""
    found = []
    for at in np.flatnonzero(units > 0).tolist():
        one = material.sites[at]
        if one.key == EXISTING_AEDS:
            continue
        counted = isinstance(form, UnitsForm | BudgetForm) or (not one.stands and not one.units)
        share = None if shares is None or np.isnan(shares[at]) else float(shares[at])
        found.append(
            SiteView(
                one.key, one.name, one.name_zh, one.name_en, one.lon, one.lat, not one.stands,
                int(units[at]) if counted else one.units,
                one.units if one.stands else 0, share,
            )
        )  # fmt: skip
    return tuple(found)


def trace_of(trace: tuple[Progress, ...] | list[Progress]) -> tuple[TraceView, ...]:
    """Return at most `MOST_TRACE` points of a trace, evenly taken, the ends among them."""
    at = np.unique(np.linspace(0, len(trace) - 1, min(len(trace), MOST_TRACE)).round().astype(int))
    return tuple(
        TraceView(one.seconds, whole_or_none(one.value), whole_or_none(one.bound))
        for one in (trace[row] for row in at.tolist())
    )


def progress_view(
    trace: list[Progress], gap: float, sites: tuple[SiteView, ...] | None
) -> ProgressView:
    """Return where a search is; the trace has one point at least."""
    last = trace[-1]
    return ProgressView(
        last.seconds, whole_or_none(last.value), whole_or_none(last.bound), whole_or_none(gap),
        trace_of(trace), sites,
    )  # fmt: skip


def cells_record(material: Material, solved: Solved) -> CellsRecord:
    """Return the cells of an answer as they are stored."""
    cells, outcome = material.cells, solved.outcome
    keys = [one.key for one in material.sites]
    return CellsRecord(
        cells=cells.cell, lon=cells.lonlat[:, 0], lat=cells.lonlat[:, 1], people=cells.people,
        district=_codes(material), before_s=outcome.before_s.astype(np.float64),
        after_s=outcome.after_s.astype(np.float64), before=outcome.before, after=outcome.after,
        nearest=[keys[at] if at >= 0 else None for at in outcome.nearest.tolist()],
        shapes=cells.shapes,
    )  # fmt: skip


def gap_words(measure: MeasureWords, progress: ProgressView) -> Words:
    """Return how far a search is, for whoever watches its job."""
    value = "?" if progress.value is None else f"{progress.value:,.0f}"
    bound = "?" if progress.bound is None else f"{progress.bound:,.0f}"
    said = Words(en="{measure}: {value}, none beats {bound}", zh="{measure}：{value}，界限{bound}")
    return said.filled(measure=measure.words, value=value, bound=bound)


def _codes(material: Material) -> list[str | None]:
    codes = [one.code for one in material.districts]
    return [codes[row] if row >= 0 else None for row in material.cells.district.tolist()]


def _names(material: Material) -> dict[str, PlaceName]:
    named = {
        one.code: PlaceName(one.code, one.name, one.name_zh, one.name_en)
        for one in material.districts
    }
    return {**named, OUTSIDE: PlaceName(None, None, None, None)}


def _sentences(
    material: Material, form: AnyForm, solved: Solved, *, limited: bool, repeatable: bool
) -> tuple[Words, ...]:
    said = [material.calibration, *material.notes, *solved.notes]
    said.append(ON_FOOT if isinstance(form, AedsForm) else NEAREST)
    if isinstance(form, UnitsForm):
        said.append(INDEPENDENT)
    if isinstance(form, BudgetForm):
        said.append(HAS_ROOM)
    if material.then_s is not None:
        said.append(SUPPOSED_ROADS)
    if not isinstance(form, AedsForm):
        said.append(CELLS_ARE_POINTS)
    unknown = round(float(material.cells.people[~material.known].sum()))
    if unknown:
        said.append(UNKNOWN.filled(count=f"{unknown:,}"))
    if solved.left_out >= 1:
        said.append(LEFT_OUT.filled(count=f"{round(solved.left_out):,}"))
    if any(material.cells.modelled):
        said.append(MODELLED)
    if limited:
        said.append(LIMITED)
    if not repeatable:
        said.append(NOT_REPEATABLE)
    return tuple(said)

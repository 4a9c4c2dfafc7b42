"""Mixed integer programmes on sparse matrices, by HiGHS: with a start, a clock and a bound."""

from dataclasses import dataclass
from typing import Any, cast

import numpy as np
import numpy.typing as npt
import scipy.sparse

from planning.siting.answer import Ended, Sense, Watch, relative_gap

FloatArray = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Programme:
    """cost @ x at its most or least; low ≤ matrix @ x ≤ high; lower ≤ x ≤ upper; some x `whole`.

    cost, lower, upper, whole: (n,); matrix: (r, n); low, high: (r,); `offset` is added to the
    value.
    """

    sense: Sense
    cost: FloatArray
    matrix: scipy.sparse.csr_array
    low: FloatArray
    high: FloatArray
    lower: FloatArray
    upper: FloatArray
    whole: npt.NDArray[np.bool_]
    offset: float = 0.0


@dataclass(frozen=True, slots=True)
class Found:
    """x, None where none was found; `bound` holds whatever x is; `feasible` False is proven."""

    x: FloatArray | None
    bound: float
    feasible: bool
    ended: Ended


def solve(
    programme: Programme,
    watch: Watch,
    *,
    start: FloatArray | None = None,
    seconds: float | None = None,
    enough: float | None = None,
    hopeless: float | None = None,
    tell: bool = True,
) -> Found:
    """Solve within what is left of the watch, at most `seconds` of processor time.

    It ends as soon as a value as good as `enough` is found, or the bound is worse than `hopeless`.
    With `tell` the watch hears of better values and bounds as they come.
    """
    import highspy

    if not programme.cost.size:
        return _nothing_to_choose(programme)
    solver = cast("Any", highspy.Highs)()
    for option, setting in (
        ("output_flag", False), ("threads", 1), ("random_seed", watch.limits.seed),
        ("mip_rel_gap", max(watch.limits.gap, 1e-9)), ("mip_abs_gap", 1e-6),
    ):  # fmt: skip
        solver.setOptionValue(option, setting)
    solver.passModel(_model(programme))
    if start is not None:
        given = highspy.HighsSolution()
        given.col_value = start.tolist()
        given.value_valid = True
        solver.setSolution(given)
    until = watch.seconds + min(watch.left, np.inf if seconds is None else seconds)
    sign = 1.0 if programme.sense is Sense.MOST else -1.0
    cut: list[Ended] = []

    def look(event: Any) -> None:
        value, bound = float(event.data_out.mip_primal_bound), float(event.data_out.mip_dual_bound)
        if tell:
            watch.saw(value=value if abs(value) < 1e30 else None,
                      bound=bound if abs(bound) < 1e30 else None)  # fmt: skip
        if watch.limits.stop():
            cut.append(Ended.STOPPED)
        elif watch.seconds >= until:
            cut.append(Ended.TIME)
        elif (enough is not None and abs(value) < 1e30 and sign * (value - enough) >= 0) or (
            hopeless is not None and abs(bound) < 1e30 and sign * (bound - hopeless) < 0
        ):
            cut.append(Ended.DONE)
        if cut:
            event.interrupt()

    solver.cbMipInterrupt.subscribe(look)
    solver.cbSimplexInterrupt.subscribe(lambda event: _on_time(event, watch, until, cut))
    solver.run()
    return _found(solver, programme, cut)


def relaxed(programme: Programme) -> tuple[float, FloatArray] | None:
    """Return the value of the linear relaxation and its x; None if it has none."""
    import highspy

    solver = cast("Any", highspy.Highs)()
    solver.setOptionValue("output_flag", False)
    solver.setOptionValue("threads", 1)
    model = _model(programme)
    model.integrality_ = []
    solver.passModel(model)
    solver.run()
    if solver.getModelStatus() != highspy.HighsModelStatus.kOptimal:
        return None
    return solver.getInfo().objective_function_value, np.array(solver.getSolution().col_value)


def _on_time(event: Any, watch: Watch, until: float, cut: list[Ended]) -> None:
    if watch.limits.stop():
        cut.append(Ended.STOPPED)
    elif watch.seconds >= until:
        cut.append(Ended.TIME)
    if cut:
        event.interrupt()


def _found(solver: Any, programme: Programme, cut: list[Ended]) -> Found:
    import highspy

    status, info = solver.getModelStatus(), solver.getInfo()
    worst = np.inf if programme.sense is Sense.MOST else -np.inf
    if status in {
        highspy.HighsModelStatus.kInfeasible,
        highspy.HighsModelStatus.kUnboundedOrInfeasible,
    }:
        return Found(None, worst, feasible=False, ended=Ended.PROVEN)
    whole = bool(programme.whole.any())
    optimal = status == highspy.HighsModelStatus.kOptimal
    bound = info.mip_dual_bound if whole else (info.objective_function_value if optimal else worst)
    there = info.primal_solution_status == highspy.SolutionStatus.kSolutionStatusFeasible
    x = np.array(solver.getSolution().col_value) if there else None
    ended = cut[0] if cut else Ended.TIME
    if optimal:
        # HiGHS also says optimal within the gap that was asked for.
        close = not whole or relative_gap(info.objective_function_value, bound) <= 1e-6
        ended = Ended.PROVEN if close else Ended.GAP
    return Found(x, float(bound) if abs(bound) < 1e30 else worst, feasible=True, ended=ended)


def _model(programme: Programme) -> Any:
    import highspy

    model = highspy.HighsLp()
    rows, columns = programme.matrix.shape
    model.num_col_, model.num_row_ = columns, rows
    model.col_cost_ = programme.cost
    model.offset_ = programme.offset
    model.col_lower_, model.col_upper_ = programme.lower, programme.upper
    model.row_lower_, model.row_upper_ = programme.low, programme.high
    model.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
    model.a_matrix_.start_ = programme.matrix.indptr
    model.a_matrix_.index_ = programme.matrix.indices
    model.a_matrix_.value_ = programme.matrix.data
    kinds = (highspy.HighsVarType.kContinuous, highspy.HighsVarType.kInteger)
    model.integrality_ = [kinds[int(one)] for one in programme.whole]
    if programme.sense is Sense.MOST:
        model.sense_ = highspy.ObjSense.kMaximize
    return model


def _nothing_to_choose(programme: Programme) -> Found:
    fits = bool((programme.low <= 0).all() and (programme.high >= 0).all())
    x = np.zeros(0) if fits else None
    return Found(x, programme.offset, feasible=fits, ended=Ended.PROVEN)

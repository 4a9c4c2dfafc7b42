"""What a search had found and what it had proved, second by second, as a chart."""

import math
from collections.abc import Sequence
from typing import Protocol

from gis.documents import Cell, Chart, ChartKind, Column, Table
from gis.words import Words
from planning.siting.answer import relative_gap

SECONDS = Words(en="processor seconds", zh="处理器用时（秒）")
FOUND = Words(en="best plan found", zh="已找到的最优方案")
PROVED = Words(en="no plan can be better than", zh="任何方案都不可能更优（界）")
_ALT = Words(
    en="Two stairs over processor seconds: the best plan found, ending at {value}, and the bound "
    "that no plan can beat, ending at {bound}; the gap between them is {gap}.",
    zh="随处理器用时变化的两条阶梯线：已找到的最优方案（终值{value}）与任何方案都不能超过的界"
    "（终值{bound}），两者相差{gap}。",
)


class Known(Protocol):
    """What was known at one moment of a search; not finite or None where nothing was."""

    @property
    def seconds(self) -> float:
        """Processor seconds since it began."""

    @property
    def value(self) -> float | None:
        """Of the best plan so far."""

    @property
    def bound(self) -> float | None:
        """What no plan can beat, as far as it was proven."""


def convergence(
    name: str,
    title: Words,
    trace: Sequence[Known],
    *,
    measured: Words,
    seconds: float | None = None,
) -> Chart:
    """Return the chart of a trace.

    measured : what value and bound count, for the axis; seconds : when the search ended, later
    than the last of the trace

    Raises
    ------
    ValueError
        The trace is empty: a study without a search has no convergence.
    """
    if not trace:
        raise ValueError(name)
    rows: list[tuple[Cell, ...]] = [
        (one.seconds, _finite(one.value), _finite(one.bound)) for one in trace
    ]
    last = rows[-1]
    if seconds is not None and seconds > trace[-1].seconds:
        rows.append((seconds, *last[1:]))
    value, bound = _finite(trace[-1].value), _finite(trace[-1].bound)
    table = Table(
        name=name,
        title=title,
        columns=(
            Column("seconds", SECONDS, 2, "s"), Column("found", FOUND), Column("proved", PROVED),
        ),
        rows=tuple(rows),
    )  # fmt: skip
    return Chart(
        name=name, title=title,
        alt=_ALT.filled(value=_number(value), bound=_number(bound), gap=gap_text(value, bound)),
        kind=ChartKind.STEPS, table=table, across="seconds", value="found", beside="proved",
        note=measured,
    )  # fmt: skip


def gap_text(value: float | None, bound: float | None) -> str:
    """Return the gap as a percentage, as fine as it is worth saying."""
    if value is None or bound is None:
        return "–"
    gap = relative_gap(value, bound)
    if not math.isfinite(gap):
        return "–"
    return f"{gap:.2%}" if 0.0 < gap < 0.1 else f"{gap:.1%}" if gap else "0 %"


def _finite(value: float | None) -> float | None:
    return value if value is not None and math.isfinite(value) else None


def _number(value: float | None) -> str:
    return "–" if value is None else f"{value:,.0f}"

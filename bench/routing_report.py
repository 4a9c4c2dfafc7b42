"""What must be met, and the Markdown that says whether it was."""

import platform
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from bench.routing_peers import TASKS, PeerResult

NODES, TURNS = "nodes", "turns"
MIB = 1024.0 * 1024.0


@dataclass(frozen=True, slots=True)
class Sample:
    """CPU seconds (or bytes) of one kind of work, once for each question asked."""

    values: tuple[float, ...]
    unit: str = "s"
    note: str = ""

    @classmethod
    def of(cls, values: Iterable[float], *, unit: str = "s", note: str = "") -> "Sample":
        """Take any numbers."""
        return cls(tuple(float(value) for value in values), unit, note)

    @property
    def median(self) -> float:
        """The middle value."""
        return float(np.median(self.values))

    def text(self) -> str:
        """Return median and 99th percentile in words; one value stands alone."""
        shown = _shown(self.median, self.unit)
        if len(self.values) >= 5:
            shown = _pair(self.median, float(np.percentile(self.values, 99)), self.unit)
        return f"{shown} {self.note}".strip()


@dataclass(frozen=True, slots=True)
class Must:
    """One line of what routing must reach.

    limit : most allowed by column, in seconds or bytes; None = not asked
    against : name a peer's result begins with, its task, and how many times faster we must be
    """

    key: str
    work: str
    limit: Mapping[str, float | None]
    against: tuple[str, str, float] | None = None


def _both(nodes: float | None, turns: float | None) -> dict[str, float | None]:
    return {NODES: nodes, TURNS: turns}


METROPOLIS_MUSTS = (
    Must("one_to_one", "one-to-one time", _both(0.04e-3, 0.06e-3)),
    Must("k_nearest", "5 nearest of 1,000 units, snapping included", _both(0.4e-3, 0.8e-3)),
    Must("k_nearest_anew", "the same, every unit placed anew", _both(None, None)),
    Must("all_to_one", "all 1,000 units → one place", _both(3e-3, 8e-3),
         ("OSRM CH", "all_to_one", 40.0)),
    Must("matrix", "matrix 100 × 20,000", _both(0.25, 0.7), ("OSRM CH", "matrix", 20.0)),
    Must("ball", "8-minute isochrone: times", _both(1e-3, 2e-3)),
    Must("polygon", "8-minute isochrone: polygon", _both(0.15, 0.15)),
    Must("reweight", "re-weight every edge", _both(0.12, 0.40), ("OSRM MLD", "reweight", 30.0)),
    Must("closure", "closure seen by dispatch", _both(20e-3, 20e-3)),
    Must("router_one", "through the router: one-to-one time", _both(None, None)),
    Must("router_route", "through the router: route with geometry and steps", _both(None, None)),
    Must("router_all", "through the router: all 1,000 units, pinned → one place",
         _both(None, None)),
    Must("router_matrix", "through the router: matrix 100 × 20,000", _both(None, None)),
    Must("build", "order and first build", _both(8.0, None)),
    Must("start", "start from cache", _both(1.5, 1.5)),
    Must("memory", "private memory per extra process", _both(60 * MIB, 120 * MIB)),
)  # fmt: skip
PROVINCE_MUSTS = (
    Must("one_to_one", "one-to-one time", _both(None, None)),
    Must("k_nearest", "5 nearest of 1,000 units", _both(1.5e-3, None)),
    Must("all_to_one", "all 1,000 units → one place", _both(None, None)),
    Must("matrix", "matrix 100 × 20,000", _both(1.6, None)),
    Must("reweight", "customise", _both(0.7, None)),
    Must("build", "order and first build", _both(None, None)),
    Must("peak", "memory of the process that routes", _both(600 * MIB, None)),
)


@dataclass(slots=True)
class Sheet:
    """Everything measured on one graph."""

    name: str
    size: str
    musts: Sequence[Must]
    judged: bool
    ours: dict[str, dict[str, Sample]] = field(default_factory=lambda: {NODES: {}, TURNS: {}})
    peers: dict[str, list[PeerResult]] = field(default_factory=lambda: {NODES: [], TURNS: []})
    exact: list[str] = field(default_factory=list)


def verdict(value: float, limit: float | None) -> str:
    """Say whether a limit was met."""
    if limit is None:
        return ""
    return "met" if value <= limit else "**not met**"


def render(sheets: Sequence[Sheet], *, closing: Sequence[str]) -> str:
    """Return the whole report as Markdown."""
    lines = [machine(), ""]
    for sheet in sheets:
        lines += [f"### {sheet.name}", "", sheet.size, "", *_our_table(sheet), ""]
        lines += [f"- {line}" for line in sheet.exact]
        for column, title in ((NODES, "node graph"), (TURNS, "turn-aware")):
            if sheet.peers[column]:
                lines += ["", f"Peers, {title}:", "", *_peer_table(sheet, column)]
        lines.append("")
    lines += [f"- {line}" for line in closing]
    return "\n".join(lines).rstrip() + "\n"


def machine() -> str:
    """Return one line about this machine."""
    model = next(
        (line.split(":", 1)[1].strip() for line in _lines(Path("/proc/cpuinfo"))
         if line.startswith("model name")), platform.machine(),
    )  # fmt: skip
    load = _lines(Path("/proc/loadavg"))
    others = f", load of the machine at the end {load[0].split()[0]}" if load else ""
    return f"{model}, Python {platform.python_version()}, one thread, CPU time{others}"


def _lines(path: Path) -> list[str]:
    return path.read_text().splitlines() if path.exists() else []


def _our_table(sheet: Sheet) -> Iterator[str]:
    yield "| work | node graph (p50 / p99) | must | turn-aware (p50 / p99) | must |"
    yield "|---|---|---|---|---|"
    for must in sheet.musts:
        cells = [must.work]
        for column in (NODES, TURNS):
            sample = sheet.ours[column].get(must.key)
            if sample is None:
                cells += ["", ""]
                continue
            limit = must.limit[column] if sheet.judged else None
            asked = f"≤ {_shown(limit, sample.unit)}: " if limit is not None else ""
            words = asked + verdict(sample.median, limit)
            if must.against is not None and sheet.judged:
                words += _against(must.against, sheet, sample, column)
            cells += [sample.text(), words]
        if any(cells[1:]):
            yield f"| {' | '.join(cells)} |"


def _against(asked: tuple[str, str, float], sheet: Sheet, sample: Sample, column: str) -> str:
    name, task, times = asked
    for result in sheet.peers[TURNS]:
        if _is_called(result, name) and task in result.cpu_s:
            ratio = float(np.median(result.cpu_s[task])) / sample.median
            judged = verdict(times, ratio) if column == NODES else ""
            bound = f" (≥ {times:.0f}×: {judged})" if judged else ""
            return f"; {ratio:,.0f}× {name}{bound}"
    if any(
        _is_called(result, name) or result.name == name.split()[0] for result in sheet.peers[TURNS]
    ):
        return f"; {name} not there"
    return f"; {name} not asked" if column == NODES else ""


def _is_called(result: PeerResult, name: str) -> bool:
    """Whether a result is that of `name`, whatever version stands between its words."""
    words = result.name.split()
    return words[0] == name.split(maxsplit=1)[0] and words[-1] == name.rsplit(maxsplit=1)[-1]


_TASK_WORDS = {
    "build": "build", "one_to_one": "one-to-one", "all_to_one": "1,000 → one",
    "matrix": "100 × 20,000", "ball": "8 minutes", "reweight": "re-weight",
}  # fmt: skip


def _peer_table(sheet: Sheet, column: str) -> Iterator[str]:
    yield f"| peer | {' | '.join(_TASK_WORDS[task] for task in TASKS)} | unlike Dijkstra |"
    yield "|---" * (len(TASKS) + 2) + "|"
    ours = sheet.ours[column]
    for result in sheet.peers[column]:
        if not result.cpu_s:
            yield f"| {result.name} | {result.note} |" + " |" * len(TASKS)
            continue
        cells = [_peer_cell(result, task, ours.get(task)) for task in TASKS]
        unlike = "own costs" if result.different is None else (
            f"{result.different:,} of {result.asked:,}"
        )  # fmt: skip
        yield f"| {result.name} | {' | '.join(cells)} | {unlike} |"


def _peer_cell(result: PeerResult, task: str, ours: Sample | None) -> str:
    values = result.cpu_s.get(task)
    if not values:
        return ""
    middle = float(np.median(values))
    shown = _shown(middle, "s")
    if len(values) >= 5:
        shown = _pair(middle, float(np.percentile(values, 99)), "s")
    if task in result.scaled:
        shown += "*"
    wall = result.wall_s.get(task)
    if wall:
        shown += f", wall {_shown(float(np.median(wall)), 's')}"
    if ours is not None and ours.unit == "s":
        ratio = middle / ours.median
        shown += f" ({ratio:,.0f}×)" if ratio >= 10 else f" ({ratio:.2g}×)"
    return shown


def _scale(value: float, unit: str) -> tuple[float, str]:
    if unit == "bytes":
        return MIB, "MiB"
    return (1.0, "s") if value >= 1.0 else (1e-3, "ms")


def _digits(value: float) -> str:
    if value >= 100:
        return f"{value:,.0f}"
    return f"{value:.1f}" if value >= 10 else f"{value:.2f}" if value >= 0.1 else f"{value:.3f}"


def _shown(value: float, unit: str) -> str:
    scale, name = _scale(value, unit)
    return f"{_digits(value / scale)} {name}"


def _pair(middle: float, high: float, unit: str) -> str:
    scale, name = _scale(middle, unit)
    return f"{_digits(middle / scale)} / {_digits(high / scale)} {name}"

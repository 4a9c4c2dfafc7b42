"""The report on arrival times as people and programs read it: a table in 中文 and English, JSON."""

import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np

from dispatch.arrivals.calibration import CONFIDENCE, FEW_TRIPS, Calibration, Estimate
from dispatch.arrivals.report import EXCLUSIONS, FEWEST_SHOWN, ArrivalReport
from gis.words import Words

_HEADS = (
    ("", ""), ("次数", "drives"), ("误差中位数", "median error"),
    ("误差第90百分位", "90th percentile"), ("绝对误差中位数", "median |error|"),
    ("绝对误差第90百分位", "90th pct. |error|"), ("迟到比例", "late"),
    ("在预计区间内", "within interval"),
)  # fmt: skip

_KEY = (
    "误差 = 实际 - 预计（秒），正数为晚到；方括号内为95%置信区间，?表示样本太少。",
    "Error = actual - predicted in seconds, above 0 = late; [95 % interval],",
    "? = too few drives to say.",
)


def table(found: ArrivalReport, *, width: int | None = None) -> list[str]:
    """Return the report's lines in both languages; intervals in brackets are exact, 95 %.

    Where the table is wider than `width` columns, each group is a block of lines instead. Only
    characters that every terminal shows equally wide are used in it.
    """
    report = found.report
    groups = (report.overall, *report.by_hour, *report.by_distance)
    lines = _table([_cells(one) for one in groups])
    if width is not None and max(map(_width, lines)) > width:
        lines = [line for one in groups for line in _block(_cells(one))]
    remarks = [line for remark in _remarks(found) for line in (remark.zh, remark.en)]
    return [_period(found), *_KEY, "", *lines, "", *remarks]


@dataclass(frozen=True, slots=True)
class EstimateView:
    """A value and its 95 % interval; null where too few drives say."""

    value: float | None
    low: float | None
    high: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupView:
    """The drives of one kind: errors in seconds, above 0 = late; shares 0 to 1."""

    name: Words
    drives: int
    median_error_s: EstimateView
    p90_error_s: EstimateView
    median_absolute_error_s: EstimateView
    p90_absolute_error_s: EstimateView
    late_share: EstimateView
    within_interval_share: EstimateView
    drives_with_interval: int


@dataclass(frozen=True, slots=True, kw_only=True)
class HourView(GroupView):
    """The drives that left in one hour of the city's day."""

    hour: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class DistanceView(GroupView):
    """The drives of one band of distance; null: without that end."""

    from_m: float | None
    to_m: float | None


@dataclass(frozen=True, slots=True)
class ExcludedView:
    """Drives that cannot be compared, and why."""

    reason: str
    drives: int
    text: Words


@dataclass(frozen=True, slots=True, kw_only=True)
class ArrivalsView:
    """The report on arrival times; `remarks` say in words what must be known beside the numbers."""

    city_id: int
    time_zone: str
    from_at: datetime
    to_at: datetime
    confidence: float
    assignments: int
    compared: int
    few: bool
    overall: GroupView
    by_hour: tuple[HourView, ...]
    by_distance: tuple[DistanceView, ...]
    fewest_shown: int
    small_groups: Mapping[str, int]
    excluded: tuple[ExcludedView, ...]
    remarks: tuple[Words, ...]


def arrivals_view(found: ArrivalReport) -> ArrivalsView:
    """Return the report as it is answered; null: nothing is known, or too few drives to be told."""
    report = found.report
    return ArrivalsView(
        city_id=found.city_id,
        time_zone=found.time_zone,
        from_at=found.from_at,
        to_at=found.to_at,
        confidence=CONFIDENCE,
        assignments=found.assignments,
        compared=report.overall.n,
        few=report.overall.n < FEW_TRIPS,
        overall=GroupView(**_fields(report.overall)),
        by_hour=tuple(HourView(hour=one.hour, **_fields(one)) for one in report.by_hour),
        by_distance=tuple(
            DistanceView(from_m=from_m, to_m=to_m, **_fields(one))
            for one in report.by_distance
            for from_m, to_m in (_band(one),)
        ),
        fewest_shown=FEWEST_SHOWN,
        small_groups={f"{name}_drives": n for name, n in found.small_groups.items()},
        excluded=tuple(
            ExcludedView(reason, found.excluded[reason], words)
            for reason, words in EXCLUSIONS.items()
            if found.excluded.get(reason)
        ),
        remarks=tuple(_remarks(found)),
    )


def _fields(one: Calibration) -> dict[str, Any]:
    """Return the fields of a `GroupView`."""
    return {
        "name": Words(en=one.name_en, zh=one.name_zh),
        "drives": one.n,
        "median_error_s": _rounded(one.median_error_s, 1),
        "p90_error_s": _rounded(one.p90_error_s, 1),
        "median_absolute_error_s": _rounded(one.p50_miss_s, 1),
        "p90_absolute_error_s": _rounded(one.p90_miss_s, 1),
        "late_share": _rounded(one.late, 4),
        "within_interval_share": _rounded(one.coverage, 4),
        "drives_with_interval": one.n_interval,
    }


def _rounded(one: Estimate, digits: int) -> EstimateView:
    return EstimateView(*(
        round(float(value), digits) if np.isfinite(value) else None
        for value in (one.value, one.low, one.high)
    ))  # fmt: skip


def _band(one: Calibration) -> tuple[float | None, float | None]:
    from_m, to_m = one.band_m or (None, None)
    return from_m, None if to_m == np.inf else to_m


def _period(found: ArrivalReport) -> str:
    zone = ZoneInfo(found.time_zone)
    begin, end = (f"{at.astimezone(zone):%Y-%m-%d %H:%M}" for at in (found.from_at, found.to_at))
    return f"{begin} - {end} ({found.time_zone})"


_COMPARED = Words(
    en="{assignments} assignments, {n} compared.", zh="派车 {assignments}，计入 {n}。"
)
_TOO_FEW = Words(
    en="Fewer than {fewest} drives compared: their errors are not shown.",
    zh="计入不足{fewest}次，不显示误差。",
)
_FEW = Words(en="Fewer than {few} drives: a hint only.", zh="样本少于{few}次，仅供参考。")
_SMALL = Words(
    en="{n} more in {groups} with fewer than {fewest} drives, not shown apart.",
    zh="另有 {n} 次在不足{fewest}次的{groups}，不单独列出。",
)
_GROUPS: Mapping[str, Words] = {
    "by_hour": Words(en="hours", zh="时段"),
    "by_distance": Words(en="distances", zh="距离段"),
}
_LEFT_OUT = Words(en="Left out {n}: {why}.", zh="未计入 {n}：{why}。")
_RARE = Words(
    en="{n} more left out, for reasons with fewer than {fewest} drives each.",
    zh="另有 {n} 次未计入，各原因均不足{fewest}次，不单独列出。",
)


def _remarks(found: ArrivalReport) -> list[Words]:
    """Return what must be known beside the numbers."""
    n, few = found.report.overall.n, found.small_groups
    remarks = [_COMPARED.filled(assignments=found.assignments, n=n)]
    if n < FEWEST_SHOWN:
        remarks.append(_TOO_FEW.filled(fewest=FEWEST_SHOWN))
    elif n < FEW_TRIPS:
        remarks.append(_FEW.filled(few=FEW_TRIPS))
    remarks += [
        _SMALL.filled(n=few[name], groups=words, fewest=FEWEST_SHOWN)
        for name, words in _GROUPS.items()
        if few.get(name)
    ]
    remarks += [
        _LEFT_OUT.filled(n=found.excluded[reason], why=words)
        for reason, words in EXCLUSIONS.items()
        if found.excluded.get(reason)
    ]
    if rest := few.get("excluded"):
        remarks.append(_RARE.filled(n=rest, fewest=FEWEST_SHOWN))
    return remarks


def _cells(one: Calibration) -> list[str]:
    name = one.name_zh if one.name_zh == one.name_en else f"{one.name_zh} {one.name_en}"
    seconds = (one.median_error_s, one.p90_error_s, one.p50_miss_s, one.p90_miss_s)
    return [
        name.replace("–", "-"),
        str(one.n),
        *(_number(estimate) for estimate in seconds),
        *(_number(estimate, times=100.0, unit=" %") for estimate in (one.late, one.coverage)),
    ]


def _number(estimate: Estimate, *, times: float = 1.0, unit: str = "") -> str:
    if np.isnan(estimate.value):
        return "-"
    low, high = (
        f"{end * times:.0f}" if np.isfinite(end) else "?" for end in (estimate.low, estimate.high)
    )
    return f"{estimate.value * times:.0f}{unit} [{low}, {high}]"


def _table(rows: Sequence[Sequence[str]]) -> list[str]:
    heads = [[zh for zh, _ in _HEADS], [en for _, en in _HEADS]]
    widths = [max(_width(row[n]) for row in (*heads, *rows)) for n in range(len(_HEADS))]
    return ["  ".join(map(_padded, row, widths)).rstrip() for row in (*heads, *rows)]


def _block(cells: Sequence[str]) -> list[str]:
    """Return one group as a line for each number, its name above them."""
    labels = [f"{zh} {en}" for zh, en in _HEADS[1:]]
    widest = max(map(_width, labels))
    return [
        cells[0],
        *(
            f"  {_padded(label, widest)}  {cell}"
            for label, cell in zip(labels, cells[1:], strict=True)
        ),
    ]


def _width(words: str) -> int:
    """Columns on a terminal: Chinese characters take two."""
    return sum(2 if unicodedata.east_asian_width(one) in "WF" else 1 for one in words)


def _padded(cell: str, width: int) -> str:
    return cell + " " * (width - _width(cell))

"""The report on arrival times as people and programs read it: a table in 中文 and English, JSON."""

import unicodedata
from typing import Any

import numpy as np

from dispatch.service_calibration import EXCLUSIONS, ArrivalReport
from routing.calibration import CONFIDENCE, FEW_TRIPS, Calibration, Estimate

_HEADS = (
    ("", ""), ("次数", "drives"), ("误差中位数(秒)", "median error (s)"),
    ("误差第90百分位", "90th percentile"), ("绝对误差中位数", "median |error|"),
    ("绝对误差第90百分位", "90th percentile |error|"), ("迟到比例", "late"),
    ("在预计区间内", "within interval"),
)  # fmt: skip


def table(found: ArrivalReport) -> list[str]:
    """Return the lines of a table in both languages; intervals in brackets are exact, 95 %."""
    report = found.report
    rows = [_cells(one) for one in (report.overall, *report.by_hour, *report.by_distance)]
    heads = [[zh for zh, _ in _HEADS], [en for _, en in _HEADS]]
    widths = [max(_width(row[n]) for row in (*heads, *rows)) for n in range(len(_HEADS))]
    lines = [
        "误差 = 实际 − 预计，正数为晚到；方括号内为95%置信区间，∞ 表示样本太少。",
        "Error = actual - predicted, above 0 = late; [95 % interval], ∞ = too few drives to say.",
        "",
        *(_line(row, widths) for row in heads),
        *(_line(row, widths) for row in rows),
        "",
    ]
    if report.overall.n < FEW_TRIPS:
        lines.append(
            f"样本少于{FEW_TRIPS}次，仅供参考。 Fewer than {FEW_TRIPS} drives: a hint only."
        )
    lines.append(
        f"派车 {found.assignments}，计入 {report.overall.n}。 "
        f"{found.assignments} assignments, {report.overall.n} compared."
    )
    for reason, (zh, en) in EXCLUSIONS.items():
        if found.excluded.get(reason):
            count = found.excluded[reason]
            lines.append(f"未计入 {count}：{zh}。 Left out {count}: {en}.")
    return lines


def as_json(found: ArrivalReport) -> dict[str, Any]:
    """Return the report as JSON values; ends of intervals that nothing is known of are null."""
    report = found.report
    return {
        "city_id": found.city_id,
        "from": found.from_at,
        "to": found.to_at,
        "confidence": CONFIDENCE,
        "assignments": found.assignments,
        "compared": report.overall.n,
        "overall": _plain(report.overall),
        "by_hour": [_plain(one) for one in report.by_hour],
        "by_distance": [_plain(one) for one in report.by_distance],
        "excluded": [
            {"reason": reason, "count": found.excluded[reason], "text": {"zh": zh, "en": en}}
            for reason, (zh, en) in EXCLUSIONS.items()
            if found.excluded.get(reason)
        ],
    }


def _plain(one: Calibration) -> dict[str, Any]:
    return {
        "name": {"zh": one.name_zh, "en": one.name_en},
        "drives": one.n,
        "median_error_s": one.median_error_s,
        "p90_error_s": one.p90_error_s,
        "median_absolute_error_s": one.p50_miss_s,
        "p90_absolute_error_s": one.p90_miss_s,
        "late_share": one.late,
        "within_interval_share": one.coverage,
    }


def _cells(one: Calibration) -> list[str]:
    name = one.name_zh if one.name_zh == one.name_en else f"{one.name_zh} {one.name_en}"
    seconds = (one.median_error_s, one.p90_error_s, one.p50_miss_s, one.p90_miss_s)
    return [
        name,
        str(one.n),
        *(_number(estimate) for estimate in seconds),
        *(_number(estimate, times=100.0, unit=" %") for estimate in (one.late, one.coverage)),
    ]


def _number(estimate: Estimate, *, times: float = 1.0, unit: str = "") -> str:
    if np.isnan(estimate.value):
        return "–"
    low, high = (
        f"{end * times:.0f}" if np.isfinite(end) else "∞" for end in (estimate.low, estimate.high)
    )
    return f"{estimate.value * times:.0f}{unit} [{low}, {high}]"


def _width(words: str) -> int:
    """Columns on a terminal: Chinese characters take two."""
    return sum(2 if unicodedata.east_asian_width(one) in "WF" else 1 for one in words)


def _line(cells: list[str], widths: list[int]) -> str:
    padded = [
        cell + " " * (width - _width(cell)) for cell, width in zip(cells, widths, strict=True)
    ]
    return "  ".join(padded).rstrip()

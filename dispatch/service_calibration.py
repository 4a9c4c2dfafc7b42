"""Use case: are the arrival times right? Predicted against actual, nothing dropped in silence."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

import numpy as np

from dispatch import repository_eta
from dispatch.model import AssignmentState
from dispatch.recommend import HIGH_FACTOR, LOW_FACTOR
from dispatch.repository import AnyRow
from gis.access import Permission
from gis.database import UnitOfWork
from gis.identity_errors import MissingPermissionError
from routing.calibration import CalibrationReport, calibration_report

LONGEST_S = 3 * 3600.0
"""A drive to a scene that took longer was not one drive."""

PERMISSIONS = (Permission.PLANNING_USE, Permission.DISPATCH)
"""Of which one is needed: planners look at it, and those who dispatch by these times."""

EXCLUSIONS: Mapping[str, tuple[str, str]] = {
    "diverted": ("中途改派", "diverted on the way"),
    "cancelled": ("途中取消", "cancelled"),
    "under_way": ("尚未到达", "still on the way"),
    "never_left": ("没有出发时间", "no stamp of leaving"),
    "never_arrived": ("没有到达时间", "no stamp of arriving"),
    "absurd": ("时间不合理", "arrived before leaving, at once, or hours later"),
    "no_prediction": ("没有预计时间", "no prediction was kept"),
    "by_straight_line": ("按直线估算", "predicted by straight line"),
}
"""Why a drive is not in the report, 中文 and English; the first that is true counts."""

_NOT_YET = frozenset(
    {"suggested", "pre_alerted", "notified", "acknowledged", "en_route", "staging"}
)


@dataclass(frozen=True, slots=True)
class ArrivalReport:
    """The report on the assignments made in a period, and how many are not in it, by reason."""

    city_id: int
    from_at: datetime
    to_at: datetime
    assignments: int
    report: CalibrationReport
    excluded: Mapping[str, int]


def arrival_report(
    uow: UnitOfWork, city_id: int, *, from_at: datetime, to_at: datetime
) -> ArrivalReport:
    """Compare the times predicted at dispatch with those driven, leaving to arriving.

    Stamps count by when they happened, not by when they were recorded. Only numbers come out: no
    call, unit or place.

    Raises
    ------
    MissingPermissionError
        The viewer holds none of `PERMISSIONS`.
    """
    if uow.identity.permissions.isdisjoint(PERMISSIONS):
        raise MissingPermissionError(PERMISSIONS[0])
    rows = repository_eta.read_drives(uow.session, city_id, from_at=from_at, to_at=to_at)
    reasons = [_excluded(row) for row in rows]
    used = [row for row, reason in zip(rows, reasons, strict=True) if reason is None]
    predicted_s = np.array([row.predicted_s for row in used], dtype=np.float64)
    return ArrivalReport(
        city_id=city_id,
        from_at=from_at,
        to_at=to_at,
        assignments=len(rows),
        report=calibration_report(
            predicted_s,
            [row.actual_s for row in used],
            hour=[row.started_at.astimezone(ZoneInfo(row.time_zone)).hour for row in used],
            distance_m=[np.nan if row.distance_m is None else row.distance_m for row in used],
            interval_s=np.column_stack((predicted_s * LOW_FACTOR, predicted_s * HIGH_FACTOR)),
        ),
        excluded=Counter(reason for reason in reasons if reason is not None),
    )


def _excluded(row: AnyRow) -> str | None:  # noqa: PLR0911 (one line per reason)
    """Return why a drive cannot be compared, None where it can."""
    if row.actual_s is None:
        if row.state == AssignmentState.DIVERTED:
            return "diverted"
        if row.state == AssignmentState.CANCELLED:
            return "cancelled"
        if row.state in _NOT_YET:
            return "under_way"
        return "never_left" if row.started_at is None else "never_arrived"
    if not 0.0 < row.actual_s <= LONGEST_S:
        return "absurd"
    if row.predicted_s is None:
        return "no_prediction"
    return "by_straight_line" if row.predicted_by == "straight_line" else None

"""Use case: are the arrival times right? Predicted against actual, nothing dropped in silence."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

import numpy as np

from dispatch import repository_eta
from dispatch.recommend import HIGH_FACTOR, LOW_FACTOR
from dispatch.repository import AnyRow
from gis.access import Permission
from gis.database import UnitOfWork
from gis.identity_errors import MissingPermissionError
from routing.calibration import CalibrationReport, calibration_report

LONGEST_S = 3 * 3600.0
"""A drive to a scene that took longer was not one drive."""

EXCLUSIONS: Mapping[str, tuple[str, str]] = {
    "no_prediction": ("没有预计时间", "no prediction was kept"),
    "by_straight_line": ("按直线估算", "predicted by straight line"),
    "never_left": ("没有出发时间", "no stamp of leaving"),
    "never_arrived": ("没有到达时间", "no stamp of arriving"),
    "absurd": ("时间不合理", "arrived before leaving, or hours later"),
    "no_position": ("出发时位置不明", "position at departure unknown"),
}
"""Why a drive is not in the report, 中文 and English."""


@dataclass(frozen=True, slots=True)
class ArrivalReport:
    """The report, and how many drives are not in it, by reason."""

    report: CalibrationReport
    excluded: Mapping[str, int]


def arrival_report(
    uow: UnitOfWork, city_id: int, *, from_at: datetime, to_at: datetime
) -> ArrivalReport:
    """Compare the times predicted at dispatch with those driven, for one city and period.

    Raises
    ------
    MissingPermissionError
        The viewer may not dispatch.
    """
    if Permission.DISPATCH not in uow.identity.permissions:
        raise MissingPermissionError(Permission.DISPATCH)
    rows = repository_eta.read_drives(uow.session, city_id, from_at=from_at, to_at=to_at)
    reasons = [_excluded(row) for row in rows]
    used = [row for row, reason in zip(rows, reasons, strict=True) if reason is None]
    predicted_s = np.array([row.predicted_s for row in used], dtype=np.float64)
    hours = [row.started_at.astimezone(ZoneInfo(row.time_zone)).hour for row in used]
    return ArrivalReport(
        report=calibration_report(
            predicted_s,
            [row.actual_s for row in used],
            hour=hours,
            distance_m=[row.distance_m for row in used],
            interval_s=np.column_stack((predicted_s * LOW_FACTOR, predicted_s * HIGH_FACTOR)),
        ),
        excluded=Counter(reason for reason in reasons if reason is not None),
    )


def _excluded(row: AnyRow) -> str | None:
    """Return why a drive cannot be compared, None where it can."""
    if row.predicted_s is None:
        return "no_prediction"
    if row.predicted_by == "straight_line":
        return "by_straight_line"
    if row.started_at is None:
        return "never_left"
    if row.actual_s is None:
        return "never_arrived"
    if not 0.0 < row.actual_s <= LONGEST_S:
        return "absurd"
    return "no_position" if row.distance_m is None else None

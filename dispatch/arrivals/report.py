"""Use case: are the arrival times right? Predicted against actual, nothing dropped in silence."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import numpy as np

from dispatch.arrivals import repository as repository_eta
from dispatch.arrivals.calibration import (
    UNKNOWN,
    Calibration,
    CalibrationReport,
    calibration_report,
)
from dispatch.errors import PeriodInvalidError
from dispatch.model import AssignmentState
from dispatch.permissions import ARRIVALS_READ, DISPATCH
from gis.cities import require_city
from gis.database import UnitOfWork
from gis.identity_errors import MissingPermissionError
from gis.rows import AnyRow
from gis.words import Words

LONGEST_S = 3 * 3600.0
"""A drive to a scene that took longer was not one drive."""

USUAL_PERIOD = timedelta(days=28)
LONGEST_PERIOD = timedelta(days=400)
_EARLIEST, _LATEST = datetime(2000, 1, 1, tzinfo=UTC), datetime(2100, 1, 1, tzinfo=UTC)

FEWEST_SHOWN = 5
"""Of fewer drives neither errors nor reasons are told: they would be those of single calls."""

PERMISSIONS = (ARRIVALS_READ, DISPATCH)
"""Of which one is needed: planners look at it, and those who dispatch by these times.

The second also reads single dispatches; who holds the first alone gets whole days.
"""

EXCLUSIONS: Mapping[str, Words] = {
    "diverted": Words(en="diverted on the way", zh="中途改派"),
    "cancelled": Words(en="cancelled", zh="途中取消"),
    "under_way": Words(en="still on the way", zh="尚未到达"),
    "never_left": Words(en="no stamp of leaving", zh="没有出发时间"),
    "never_arrived": Words(en="no stamp of arriving", zh="没有到达时间"),
    "absurd": Words(en="arrived before leaving, at once, or hours later", zh="时间不合理"),
    "staged": Words(en="waited at a staging point", zh="曾在集结点待命"),
    "place_moved": Words(en="the place was set again after the dispatch", zh="派车后重新定位"),
    "by_straight_line": Words(en="predicted by straight line", zh="按直线估算"),
    "no_prediction": Words(en="no prediction by road was kept", zh="没有按道路的预计时间"),
}
"""Why a drive is not in the report; the first that is true counts."""

_NOT_YET = frozenset(
    {"suggested", "pre_alerted", "notified", "acknowledged", "en_route", "staging"}
)


@dataclass(frozen=True, slots=True)
class Drives:
    """The assignments made in a period, as read; what comes of them is worked out without reading.

    time_zone : the city's, in which hours of the day are told
    """

    city_id: int
    time_zone: str
    from_at: datetime
    to_at: datetime
    rows: Sequence[AnyRow]


@dataclass(frozen=True, slots=True)
class ArrivalReport:
    """The report on the assignments made in a period, and how many are not in it, by reason.

    Of fewer than `FEWEST_SHOWN` drives no estimate is known: those of the whole are NaN, groups and
    reasons are left out.

    small_groups : drives whose hour, distance or reason is left out for that: `by_hour`,
    `by_distance`, `excluded`
    """

    city_id: int
    time_zone: str
    from_at: datetime
    to_at: datetime
    assignments: int
    report: CalibrationReport
    excluded: Mapping[str, int]
    small_groups: Mapping[str, int]


def read_drives(
    uow: UnitOfWork, city_id: int, *, from_at: datetime | None, to_at: datetime | None
) -> Drives:
    """Read the assignments of a period, by default of the last 28 days, within the jurisdiction.

    The viewer sees where either of `PERMISSIONS` is held. Unless all of that is where the viewer
    dispatches, the period is widened to whole days of the city's clock.

    Raises
    ------
    MissingPermissionError
        The viewer holds none of them.
    CityUnknownError, PeriodInvalidError
        There is no such city, or the period cannot be reported on.
    """
    if not uow.identity.holds_any(PERMISSIONS):
        raise MissingPermissionError(PERMISSIONS[0])
    city = require_city(uow, city_id)
    begin, end = _period(from_at, to_at, now=uow.clock.now())
    prefixes = {prefix for one in PERMISSIONS for prefix in uow.identity.jurisdictions(one)}
    if not uow.identity.allows_wherever(DISPATCH, PERMISSIONS):
        begin, end = _whole_days(begin, end, zone=ZoneInfo(city.time_zone))
    rows = repository_eta.read_drives(
        uow.session, city_id, from_at=begin, to_at=end, prefixes=prefixes
    )
    return Drives(city_id, city.time_zone, begin, end, rows)


def arrival_report(drives: Drives) -> ArrivalReport:
    """Compare the times predicted at dispatch with those driven, leaving to arriving.

    Only own predictions by road count. Stamps count by when they happened, not by when they were
    recorded. Only numbers come out: no call, unit or place.
    """
    reasons = [_excluded(row) for row in drives.rows]
    used = [row for row, reason in zip(drives.rows, reasons, strict=True) if reason is None]
    zone = ZoneInfo(drives.time_zone)
    report = calibration_report(
        [row.predicted_travel_time_s for row in used],
        _column([_actual_s(row) for row in used]),
        hour=[row.started_at.astimezone(zone).hour for row in used],
        distance_m=_column([row.predicted_distance_m for row in used]),
        interval_s=np.column_stack(
            (
                _column([row.predicted_low_s for row in used]),
                _column([row.predicted_high_s for row in used]),
            )
        ),
    )
    shown = CalibrationReport(
        _shown(report.overall), _large(report.by_hour), _large(report.by_distance)
    )
    counts = Counter(reason for reason in reasons if reason is not None)
    excluded = {reason: n for reason, n in counts.items() if n >= FEWEST_SHOWN}
    return ArrivalReport(
        city_id=drives.city_id,
        time_zone=drives.time_zone,
        from_at=drives.from_at,
        to_at=drives.to_at,
        assignments=len(drives.rows),
        report=shown,
        excluded=excluded,
        small_groups={
            "by_hour": len(used) - sum(one.n for one in shown.by_hour),
            "by_distance": len(used) - sum(one.n for one in shown.by_distance),
            "excluded": counts.total() - sum(excluded.values()),
        },
    )


def _period(
    from_at: datetime | None, to_at: datetime | None, *, now: datetime
) -> tuple[datetime, datetime]:
    end = now if to_at is None else to_at
    if not _EARLIEST <= end <= _LATEST or not (from_at is None or from_at >= _EARLIEST):
        raise PeriodInvalidError(
            f"it does not lie between {_EARLIEST.year} and {_LATEST.year}. Check the years."
        )
    begin = end - USUAL_PERIOD if from_at is None else from_at
    if begin >= end:
        raise PeriodInvalidError(
            f"it begins at {begin.isoformat()}, not before its end at {end.isoformat()}. Exchange "
            "the two, or leave the begin out."
        )
    if end - begin > LONGEST_PERIOD:
        raise PeriodInvalidError(
            f"it is {(end - begin).days} days long, at most {LONGEST_PERIOD.days} are compared at "
            "once. Choose a shorter one."
        )
    return begin, end


def _whole_days(begin: datetime, end: datetime, *, zone: ZoneInfo) -> tuple[datetime, datetime]:
    """Return the midnights in `zone` that enclose a period: minutes would tell single drives."""

    def midnight(at: datetime, *, days: int = 0) -> datetime:
        day = at.astimezone(zone).date() + timedelta(days=days)
        return datetime.combine(day, time(), tzinfo=zone).astimezone(UTC)

    return midnight(begin), end if midnight(end) == end else midnight(end, days=1)


def _actual_s(row: AnyRow) -> float | None:
    if row.started_at is None or row.ended_at is None:
        return None
    return float((row.ended_at - row.started_at).total_seconds())


def _excluded(row: AnyRow) -> str | None:
    """Return why a drive cannot be compared, None where it can."""
    actual_s = _actual_s(row)
    if actual_s is None:
        return _unfinished(row)
    reasons = {
        "absurd": not 0.0 < actual_s <= LONGEST_S,
        "staged": row.staged,
        "place_moved": row.place_moved,
        # Where the own prediction failed, the columns repeat what was shown.
        "by_straight_line": row.predicted_by == "straight_line" and row.prediction_fault is None,
        "no_prediction": row.predicted_by != "road"
        or row.predicted_travel_time_s is None
        or row.topology_id is None
        or row.prediction_fault is not None,
    }
    return next((reason for reason, holds in reasons.items() if holds), None)


def _unfinished(row: AnyRow) -> str:
    if row.state == AssignmentState.DIVERTED:
        return "diverted"
    if row.state == AssignmentState.CANCELLED:
        return "cancelled"
    if row.state in _NOT_YET:
        return "under_way"
    return "never_left" if row.started_at is None else "never_arrived"


def _large(groups: Sequence[Calibration]) -> tuple[Calibration, ...]:
    return tuple(_shown(one) for one in groups if one.n >= FEWEST_SHOWN)


def _shown(one: Calibration) -> Calibration:
    """Return what may be told of some drives: nothing but their number, where there are few."""
    if one.n < FEWEST_SHOWN:
        return replace(
            one, median_error_s=UNKNOWN, p90_error_s=UNKNOWN, p50_miss_s=UNKNOWN,
            p90_miss_s=UNKNOWN, late=UNKNOWN, coverage=UNKNOWN,
        )  # fmt: skip
    return one if one.n_interval >= FEWEST_SHOWN else replace(one, coverage=UNKNOWN)


def _column(values: Sequence[float | None]) -> list[float]:
    return [np.nan if value is None else value for value in values]

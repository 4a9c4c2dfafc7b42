"""Who is to report how often, and who has not: a missing report is no zero. No I/O."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

Rhythm = Literal["day", "week", "month"]
RHYTHM_DAYS: dict[Rhythm, int] = {"day": 1, "week": 7, "month": 31}
GRACE_DAYS: dict[Rhythm, int] = {"day": 1, "week": 3, "month": 7}
"""So long after a period's end its report may still come before it is missed."""


def rhythm_of(days: int) -> Rhythm:
    """Return how often somebody reports whose periods are so long."""
    return "day" if days < 7 else "week" if days < 28 else "month"


@dataclass(frozen=True, slots=True, kw_only=True)
class FrameRow:
    """One who is to report, and up to when there is something.

    disease, area_code: None = all, the whole city. until: the first day nobody is waited for.
    reported_until: the day after the newest period reported, None = nothing ever came.
    """

    frame_id: int
    source: str
    disease: str | None
    area_code: str | None
    rhythm: Rhythm
    since: date
    until: date | None
    reported_until: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Missing:
    """A report that should be there: of whom, and how many periods are missing up to now."""

    frame: FrameRow
    periods: int


def missing_reports(frame: Iterable[FrameRow], *, day: date) -> list[Missing]:
    """Return who has not reported what was due by the end of `day`, the most periods first."""
    found = []
    for one in frame:
        length, grace = RHYTHM_DAYS[one.rhythm], GRACE_DAYS[one.rhythm]
        due = day + timedelta(days=1) - timedelta(days=grace)
        if one.until is not None:
            due = min(due, one.until)
        begun = max(one.since, one.reported_until or one.since)
        periods = (due - begun).days // length
        if periods > 0:
            found.append(Missing(frame=one, periods=periods))
    return sorted(found, key=lambda one: (-one.periods, one.frame.source, one.frame.frame_id))

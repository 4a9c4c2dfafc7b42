"""Periods of a rhythm in a city's own days."""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from gis.disclosure.model import Period, Rhythm


def period_of(day: date, rhythm: Rhythm) -> Period:
    """Return the period that holds `day`."""
    if rhythm is Rhythm.DAY:
        return Period(day, day + timedelta(days=1))
    if rhythm is Rhythm.WEEK:
        first = day - timedelta(days=day.weekday())
        return Period(first, first + timedelta(days=7))
    first = day.replace(day=1)
    return Period(first, (first + timedelta(days=32)).replace(day=1))


def complete_periods(
    since: date, now: datetime, *, rhythm: Rhythm, delay_days: int, time_zone: ZoneInfo
) -> Iterator[Period]:
    """Yield each period from the one that holds `since`, if it ended `delay_days` ago."""
    today = now.astimezone(time_zone).date()
    period = period_of(since, rhythm)
    while period.until + timedelta(days=delay_days) <= today:
        yield period
        period = period_of(period.until, rhythm)


def start_of(day: date, time_zone: ZoneInfo) -> datetime:
    """Return when a day begins in the city."""
    return datetime.combine(day, time(), time_zone)

"""When a city's speeds are learned: once a night, by its own clock."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

SETTLES_IN = timedelta(minutes=30)
"""Positions received this long ago are all committed, and the stamps of their drives mostly so."""
BEGINS_WITHIN = timedelta(hours=3)
"""A process that starts later than this in the day leaves the work to the next night."""


def learning_due(
    now: datetime,
    *,
    zone: ZoneInfo,
    hour: int,
    learned_until: datetime | None,
    retention: timedelta,
) -> datetime | None:
    """Return up to when a city's positions are to be learned from now, None if nothing is due.

    The night's work covers everything received before `hour` o'clock in `zone` (0-23) and begins
    `SETTLES_IN` later. It names the same moment whoever asks, so that two workers do the same
    work and the second finds it done. A city that is behind by more than half of `retention`
    begins at any time of the day: its positions would soon be dropped unlearned.
    """
    to_at = _last_night(now, zone=zone, hour=hour)
    if learned_until is not None and learned_until >= to_at:
        return None
    behind = learned_until is not None and to_at - learned_until > retention / 2
    tonight = now < to_at + SETTLES_IN + BEGINS_WITHIN
    return to_at if tonight or behind else None


def _last_night(now: datetime, *, zone: ZoneInfo, hour: int) -> datetime:
    today = now.astimezone(zone).date()
    for days in (0, 1):
        # An hour that a change of clocks leaves out or repeats is still one moment in UTC.
        at = datetime.combine(today - timedelta(days=days), time(hour), zone).astimezone(UTC)
        if now >= at + SETTLES_IN:
            return at
    return at

"""Which position of a vehicle may be true: jumps, clocks, and a new beginning. Pure.

A position that the vehicle cannot have reached from the last good one is *doubtful*: kept, never
taken as where it is. Three doubtful ones in a row that fit one another are a new beginning: the
vehicle was ferried, or the old one was wrong. A clock that is ahead is set to the time of receipt
and marked; positions of old weeks (a receiver whose count of weeks has rolled over is 1,024 weeks
behind) are refused with a reason. All numbers are rules of this desk.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from gis.geometry import Wgs84Point

FASTEST_KMH = 250.0
"""Faster than any ambulance on the road; a jump above it is doubtful."""

SIMULATED_TIMES_AS_FAST = 60.0
"""A simulated city may run so much faster than the clock (`goldenhour demo --speed`)."""

SLACK_M = 150.0
"""What two receivers may be off without having moved."""

CONSISTENT = 3
"""So many doubtful ones that fit one another begin anew."""

AHEAD_S = 5.0
"""A clock so little ahead is as good as right."""

AHEAD_MOST_S = 86_400.0
"""One that is further ahead than a day is not a clock that runs fast: refused."""

OLDEST = timedelta(days=7)
"""Older positions than this are refused; a device that comes back after a tunnel is younger."""


class Flag(StrEnum):
    """What is to be known of a stored position."""

    DOUBTFUL = "doubtful"
    NEW_ANCHOR = "new_anchor"
    CLOCK_AHEAD = "clock_ahead"
    CLOCK_MISSING = "clock_missing"
    LATE = "late"


@dataclass(frozen=True, slots=True)
class Seen:
    """A place and when a vehicle was there."""

    place: Wgs84Point
    at: datetime


@dataclass(frozen=True, slots=True)
class Track:
    """What is known of a vehicle: the last good position, and doubtful ones since, oldest first."""

    anchor: Seen | None = None
    doubtful: tuple[Seen, ...] = ()


@dataclass(frozen=True, slots=True)
class Judged:
    """A position's time as it is taken, its flags, and the track after it."""

    at: datetime
    flags: tuple[Flag, ...]
    track: Track

    @property
    def counts(self) -> bool:
        """Whether it says where the vehicle is."""
        return Flag.DOUBTFUL not in self.flags and Flag.LATE not in self.flags


@dataclass(frozen=True, slots=True)
class TimeTaken:
    """A device's time as it is taken, and its flags."""

    at: datetime
    flags: tuple[Flag, ...] = ()


def taken_time(device_at: datetime | None, *, now: datetime) -> TimeTaken | str:
    """Return a device's time as it is taken; a code where it is refused."""
    if device_at is None:
        return TimeTaken(now, (Flag.CLOCK_MISSING,))
    ahead_s = (device_at - now).total_seconds()
    if ahead_s > AHEAD_MOST_S:
        return "time_in_future"
    if now - device_at > OLDEST:
        return "time_too_old"
    if ahead_s > AHEAD_S:
        return TimeTaken(now, (Flag.CLOCK_AHEAD,))
    return TimeTaken(min(device_at, now))


def reachable(one: Seen, other: Seen, *, fastest_kmh: float = FASTEST_KMH) -> bool:
    """Tell whether a vehicle can have been at both places at their times; the same both ways."""
    apart_s = abs((other.at - one.at).total_seconds())
    blur_m = SLACK_M + one.place.uncertainty_m + other.place.uncertainty_m
    return one.place.distance_m(other.place) <= blur_m + apart_s * fastest_kmh / 3.6


def judge(
    track: Track, seen: Seen, *, flags: Sequence[Flag] = (), fastest_kmh: float = FASTEST_KMH
) -> Judged:
    """Return a position as judged by what is known of its vehicle.

    One older than the anchor is *late*: kept for the history, and changes nothing.
    """
    anchor = track.anchor
    if anchor is None:
        return Judged(seen.at, tuple(flags), Track(seen))
    if seen.at < anchor.at:
        return Judged(seen.at, (*flags, Flag.LATE), track)
    if reachable(anchor, seen, fastest_kmh=fastest_kmh):
        return Judged(seen.at, tuple(flags), Track(seen))
    fits = track.doubtful if _fits(track.doubtful, seen, fastest_kmh) else ()
    run = (*fits, seen)
    if len(run) >= CONSISTENT:
        return Judged(seen.at, (*flags, Flag.NEW_ANCHOR), Track(seen))
    return Judged(seen.at, (*flags, Flag.DOUBTFUL), Track(anchor, run))


def _fits(run: Sequence[Seen], seen: Seen, fastest_kmh: float) -> bool:
    return all(
        one.at <= seen.at and reachable(one, seen, fastest_kmh=fastest_kmh) for one in run[-1:]
    )

"""How likely two calls are about one thing: by space, time, complaint, with reasons in words.

A hint and no more: nothing is linked or merged by it. The numbers are a stated rule of this desk.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from gis.geometry import Wgs84Point
from gis.words import Words

HINT_SCORE = 0.4
"""From here on a call is shown as perhaps the same."""

FAR_M = 400.0
"""Circles that lie this far apart are of two places."""

VAGUE_M = 400.0
"""Circles wider than this together overlap by chance: they count less, in proportion."""

LONG_S = 5_400.0
"""After this long another call is about something else."""

OTHER_COMPLAINT = 0.5
UNKNOWN_COMPLAINT = 0.8
"""What another complaint, or one that nobody coded yet, leaves of the score."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CallFacts:
    """What two calls are compared by. place: None where it is not known."""

    place: Wgs84Point | None
    received_at: datetime
    complaint_code: str | None


@dataclass(frozen=True, slots=True)
class Likeness:
    """How like two calls are, 0 to 1, and why. distance_m: between the places, not their circles.

    same_complaint: None while one of them is not coded.
    """

    score: float
    distance_m: float
    apart_s: float
    same_complaint: bool | None
    reasons: tuple[Words, ...]


def likeness(one: CallFacts, other: CallFacts) -> Likeness | None:
    """Return how like two calls are; None where a place is missing: then nothing can be said.

    It falls with the distance between the circles of their uncertainty, with the width of these,
    with the time between them, and where the complaints differ; it is the same both ways.
    """
    if one.place is None or other.place is None:
        return None
    distance_m = one.place.distance_m(other.place)
    circles_m = one.place.uncertainty_m + other.place.uncertainty_m
    gap_m = max(0.0, distance_m - circles_m)
    space = max(0.0, 1.0 - gap_m / FAR_M) * min(1.0, VAGUE_M / max(circles_m, 1.0))
    apart_s = abs((one.received_at - other.received_at).total_seconds())
    time = max(0.0, 1.0 - apart_s / LONG_S)
    codes = {one.complaint_code, other.complaint_code}
    same_complaint = None if None in codes else len(codes) == 1
    weight = {None: UNKNOWN_COMPLAINT, True: 1.0, False: OTHER_COMPLAINT}[same_complaint]
    score = space * time * weight
    reasons = (
        _where(distance_m, circles_m), _when(apart_s), *_what(same_complaint),
    )  # fmt: skip
    return Likeness(score, distance_m, apart_s, same_complaint, reasons)


def _where(distance_m: float, circles_m: float) -> Words:
    if distance_m <= circles_m:
        return Words(
            en="perhaps the same place ({distance} m apart, ± {circles} m)",
            zh="可能同一地点（相距{distance}米，±{circles}米）",
        ).filled(distance=round(distance_m), circles=round(circles_m))
    return Words(en="{distance} m apart", zh="相距{distance}米").filled(distance=round(distance_m))


def _when(apart_s: float) -> Words:
    if apart_s < 60:
        return Words(en="within a minute", zh="一分钟之内")
    return Words(en="{minutes} min apart", zh="相隔{minutes}分钟").filled(
        minutes=round(apart_s / 60)
    )


def _what(same_complaint: bool | None) -> Sequence[Words]:
    return {
        True: (Words(en="same complaint", zh="主诉相同"),),
        False: (Words(en="another complaint", zh="主诉不同"),),
        None: (),
    }[same_complaint]

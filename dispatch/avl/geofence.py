"""Which stamp a vehicle's place suggests. Pure: suggested, never set by itself."""

from collections.abc import Mapping
from dataclasses import dataclass

ARRIVED_M = 80.0
"""Nearer than this to the place, beyond its uncertainty and the receiver's, is there."""

LEFT_M = 200.0
"""Farther than this has left; between the two nothing is suggested."""

SLOW_KMH = 10.0
"""Faster than this nobody has arrived: it may be passing."""

WIDEST_PLACE_M = 300.0
"""A place known no better than this suggests nothing."""

ON_THE_WAY = frozenset({"notified", "acknowledged", "en_route", "staging"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Nearness:
    """How far a vehicle is from a place (m, and how well both are known), and its speed."""

    distance_m: float
    place_uncertainty_m: float
    accuracy_m: float
    speed_kmh: float | None


def at_place(near: Nearness) -> bool | None:
    """Tell whether a vehicle is there (True), has left or is far (False), or neither (None)."""
    if near.place_uncertainty_m > WIDEST_PLACE_M:
        return None
    blur_m = near.place_uncertainty_m + near.accuracy_m
    if near.distance_m > LEFT_M + blur_m:
        return False
    if near.distance_m <= ARRIVED_M + blur_m:
        return True if near.speed_kmh is None or near.speed_kmh <= SLOW_KMH else None
    return None


_SUGGESTED: Mapping[tuple[str, str, bool], str] = {
    **{(state, "scene", True): "on_scene" for state in ON_THE_WAY},
    ("on_scene", "scene", False): "left_scene",
    ("at_patient", "scene", False): "left_scene",
    ("left_scene", "destination", True): "at_destination",
    ("at_destination", "destination", False): "available",
    ("transferred", "destination", False): "available",
}


def suggestion(state: str, *, where: str, there: bool | None, before: bool | None) -> str | None:
    """Return the stamp that a place suggests of an assignment in `state`; None for none.

    where: *scene* or *destination*. It must have been so at the last position as well (`before`):
    one alone may be an error of the receiver.
    """
    if there is None or there != before:
        return None
    return _SUGGESTED.get((state, where, there))

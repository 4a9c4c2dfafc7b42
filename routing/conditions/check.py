"""Is what came in about roads possible? Each refusal says what to do. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Any, TypeVar

import numpy as np
import shapely
from numpy.typing import NDArray

from gis.datum import Datum, DatumRequiredError, to_wgs84
from routing.conditions.errors import (
    ConditionTimesError,
    ConditionTooLargeError,
    ConditionWordInvalidError,
    DrawingInvalidError,
    SpeedInvalidError,
)
from routing.conditions.model import ConditionKind, Drawn
from routing.roads.plane import LocalPlane

MIN_SPEED_KMH, MAX_SPEED_KMH = 1.0, 200.0
MAX_DEPTH_M = 20.0
MAX_VERTICES = 10_000
START_TOLERANCE = timedelta(minutes=5)
"""A start so little past is meant as now."""

LONGEST: Mapping[ConditionKind, timedelta] = {
    ConditionKind.CLOSURE: timedelta(days=90),
    ConditionKind.FLOOD: timedelta(days=14),
    ConditionKind.ROADWORKS: timedelta(days=365),
    ConditionKind.SPEED: timedelta(days=30),
    ConditionKind.CONTRAFLOW_PERMIT: timedelta(days=366),
}
"""How far ahead each kind may expire: what still holds then is looked at again by a person."""

WordT = TypeVar("WordT", bound=StrEnum)


@dataclass(frozen=True, slots=True)
class Limits:
    """What may be set without being confirmed, and for how long at all."""

    area_km2: float = 25.0
    road_share: float = 0.05
    longest: Mapping[ConditionKind, timedelta] | None = None

    def longest_of(self, kind: ConditionKind) -> timedelta:
        """Return how far ahead a kind may expire."""
        return (self.longest or LONGEST)[kind]


DEFAULT_LIMITS = Limits()


def word(kind: type[WordT], given: str, *, what: str) -> WordT:
    """Return the enum member named `given`, or raise `ConditionWordInvalidError`."""
    try:
        return kind(given)
    except ValueError:
        known = [str(one) for one in kind]
        raise ConditionWordInvalidError(what, str(given), known=known) from None


def words(kind: type[WordT], given: Iterable[str], *, what: str) -> frozenset[WordT]:
    """Return the enum members named, or raise `ConditionWordInvalidError` for the first other."""
    return frozenset(word(kind, one, what=what) for one in given)


def check_times(
    starts_at: datetime | None,
    expires_at: datetime | None,
    *,
    now: datetime,
    longest: timedelta,
) -> tuple[datetime, datetime]:
    """Return start (None: now) and end of a condition in UTC.

    Raises
    ------
    ConditionTimesError
        If the end is missing, past, not after the start or further ahead than `longest`, a time
        names no zone, or the start lies in the past.
    """
    if expires_at is None:
        raise ConditionTimesError("Say until when it holds: nothing on the roads is for ever.")
    start = now if starts_at is None else starts_at
    if start.tzinfo is None or expires_at.tzinfo is None:
        raise ConditionTimesError(
            "A time has no zone; send for example 2026-05-01T12:00:00Z or …T20:00:00+08:00."
        )
    start, end = start.astimezone(UTC), expires_at.astimezone(UTC)
    if end <= now:
        raise ConditionTimesError(
            f"The end, {end:%Y-%m-%d %H:%M}Z, has already passed. Give one to come."
        )
    if start >= end:
        raise ConditionTimesError(
            f"It would start at {start:%Y-%m-%d %H:%M}Z and end at {end:%Y-%m-%d %H:%M}Z. "
            "Give a start before the end."
        )
    if end - now > longest:
        raise ConditionTimesError(
            f"It would hold until {end:%Y-%m-%d}, the limit is {longest.days} days ahead. Give an "
            "earlier end; it can be extended when that comes near."
        )
    if start < now - START_TOLERANCE:
        raise ConditionTimesError("The start has passed. Leave it out for 'from now on'.")
    return max(start, now), end


def check_number(
    value: float | None, *, what: str, low: float, high: float, unit: str, needed: bool = True
) -> float | None:
    """Return `value`, or raise `SpeedInvalidError` if it is missing, NaN or out of range."""
    if value is None and not needed:
        return None
    if value is None or not low <= value <= high:
        given = "missing" if value is None else f"{value:g}"
        raise SpeedInvalidError(
            f"The {what} is {given}; it lies from {low:g} to {high:g} {unit}. Correct it, or close "
            "the road if nobody can pass."
        )
    return float(value)


def geometry_of(
    geojson: Mapping[str, Any], *, drawn: Drawn, datum: Datum | None
) -> shapely.Geometry:
    """Return what was drawn in WGS-84.

    Parameters
    ----------
    geojson : mapping
        GeoJSON geometry: (Multi)Polygon for a surface, (Multi)LineString for a line.
    datum : Datum
        Of its coordinates.

    Raises
    ------
    DatumRequiredError
        No datum is named.
    DrawingInvalidError
        It is no such geometry, empty, crosses itself, has too many vertices or is not in degrees.
    """
    if datum is None:
        raise DatumRequiredError
    try:
        given = shapely.geometry.shape(dict(geojson))
        given = shapely.force_2d(given)
    except (ValueError, TypeError, KeyError, AttributeError, shapely.errors.ShapelyError) as error:
        raise DrawingInvalidError(
            "What you drew is no GeoJSON geometry. Send a type and its coordinates."
        ) from error
    kinds = {
        Drawn.POLYGON: ("Polygon", "MultiPolygon"), Drawn.LINE: ("LineString", "MultiLineString"),
    }[drawn]  # fmt: skip
    if given.geom_type not in kinds:
        raise DrawingInvalidError(
            f"A {given.geom_type} cannot be used as a {drawn}. Send a {' or '.join(kinds)}."
        )
    coordinates = shapely.get_coordinates(given)
    if given.is_empty or not coordinates.size:
        raise DrawingInvalidError("Nothing was drawn. Draw at least three corners or two points.")
    if len(coordinates) > MAX_VERTICES:
        raise DrawingInvalidError(
            f"What you drew has {len(coordinates)} vertices, the limit is {MAX_VERTICES}. "
            "Simplify it."
        )
    if not np.isfinite(coordinates).all() or (np.abs(coordinates) > (180.0, 90.0)).any():
        raise DrawingInvalidError(
            "A vertex is no place on Earth. Give degrees, longitude first, then latitude."
        )
    if not given.is_valid:
        fault = shapely.is_valid_reason(given)
        raise DrawingInvalidError(
            f"What you drew is not valid: {fault} (longitude latitude). Draw it again so that its "
            "edge does not touch or cross itself."
        )
    if (given.area if drawn is Drawn.POLYGON else given.length) <= 0:
        raise DrawingInvalidError("What you drew has no size. Draw it larger.")

    def converted(points: NDArray[np.float64]) -> NDArray[np.float64]:
        return np.column_stack(to_wgs84(points[:, 0], points[:, 1], datum))

    return shapely.transform(given, converted)


def check_inside(geometry: shapely.Geometry, *, extent: shapely.Geometry, city: str) -> None:
    """Raise `DrawingInvalidError` if `geometry` lies wholly outside the city's extent."""
    if shapely.intersects(geometry, extent):
        return
    swapped = shapely.intersects(shapely.transform(geometry, lambda xy: xy[:, ::-1]), extent)
    advice = (
        "Longitude and latitude look swapped; longitude comes first."
        if swapped
        else "Check the city and the datum."
    )
    raise DrawingInvalidError(f"What you drew lies outside {city}. {advice}")


def area_km2(geometry: shapely.Geometry) -> float:
    """Return the area of a WGS-84 geometry in km²."""
    plane = LocalPlane.around(shapely.get_coordinates(geometry))
    return float(shapely.area(shapely.transform(geometry, plane.to_xy))) / 1e6


def check_size(
    geometry: shapely.Geometry, *, roads: int, all_roads: int, limits: Limits = DEFAULT_LIMITS
) -> None:
    """Raise `ConditionTooLargeError` if an unconfirmed drawing covers too much."""
    size_km2, share = area_km2(geometry), roads / max(all_roads, 1)
    # In a village ten roads are many per cent, and no slip of the hand.
    if size_km2 > limits.area_km2 or (share > limits.road_share and roads > 50):
        raise ConditionTooLargeError(area_km2=size_km2, roads=roads, share=share)


def speed_faults(
    *,
    speed_kmh: NDArray[np.float64],
    direction: NDArray[np.int8],
    confidence: NDArray[np.float64],
    observed_us: NDArray[np.int64],
    expires_us: NDArray[np.int64],
    now_us: int,
) -> list[tuple[int, str]]:
    """Return (row, sentence) of every row of a batch of live speeds that cannot be true."""
    minute_us = 60_000_000
    checks: Sequence[tuple[NDArray[np.bool_], str]] = (
        ((speed_kmh >= MIN_SPEED_KMH) & (speed_kmh <= MAX_SPEED_KMH),
         f"The speed must lie from {MIN_SPEED_KMH:g} to {MAX_SPEED_KMH:g} km/h."),
        ((direction == 0) | (direction == 1), "The direction must be 0 (along) or 1 (against)."),
        ((confidence > 0) & (confidence <= 1), "The confidence must lie above 0 and up to 1."),
        (observed_us <= now_us + minute_us, "It was observed in the future; check the clock."),
        (expires_us > np.maximum(observed_us, now_us), "It has already expired; send newer ones."),
        (expires_us <= now_us + 24 * 60 * minute_us, "A live speed holds at most a day."),
    )  # fmt: skip
    faults: dict[int, str] = {}
    for right, sentence in checks:
        for row in np.flatnonzero(~right):
            faults.setdefault(int(row), sentence)
    return sorted(faults.items())

"""The one type of an incoming point: coordinates with their datum and uncertainty."""

import math
from dataclasses import dataclass

import numpy as np

from gis.datum import Datum, to_wgs84
from gis.errors import InvalidInputError

UNDECLARED_DATUM_EXTRA_RADIUS_M = 700.0
"""An undeclared point may be off by the GCJ-02 or BD-09 shift, at most near 700 m in China."""

EARTH_RADIUS_M = 6_371_008.8

METRES_PER_DEGREE = EARTH_RADIUS_M * math.pi / 180.0
"""Of latitude, and of longitude at the equator, on the mean sphere: 111,195 m."""


def margin_deg(margin_m: float) -> float:
    """Return degrees of latitude that are nowhere shorter than `margin_m`, for boxes.

    A degree is 110,574 m at the equator, 0.6 % less than on the mean sphere.
    """
    return 1.006 * margin_m / METRES_PER_DEGREE


class CoordinatesOutOfRangeError(InvalidInputError):
    """The numbers are no longitude and latitude."""

    code = "coordinates_out_of_range"

    def __init__(self, lon: float, lat: float) -> None:
        super().__init__(
            f"Longitude {lon} and latitude {lat} are not a place on Earth. Give degrees, "
            "longitude first (-180 to 180), then latitude (-90 to 90)."
        )


@dataclass(frozen=True, slots=True)
class DeclaredPoint:
    """A point as it came in. `datum` None means the source did not say."""

    lon: float
    lat: float
    datum: Datum | None
    uncertainty_m: float = 0.0

    def __post_init__(self) -> None:
        if not (
            math.isfinite(self.lon) and math.isfinite(self.lat)
            and abs(self.lon) <= 180.0 and abs(self.lat) <= 90.0
        ):  # fmt: skip
            raise CoordinatesOutOfRangeError(self.lon, self.lat)

    def to_wgs84(self) -> "Wgs84Point":
        """Convert; an undeclared point is taken as WGS-84 with its radius enlarged by 700 m."""
        if self.datum is None:
            return Wgs84Point(
                self.lon, self.lat, self.uncertainty_m + UNDECLARED_DATUM_EXTRA_RADIUS_M
            )
        lon, lat = to_wgs84(np.array([self.lon]), np.array([self.lat]), self.datum)
        return Wgs84Point(float(lon[0]), float(lat[0]), self.uncertainty_m)


@dataclass(frozen=True, slots=True)
class Wgs84Point:
    """A stored point: WGS-84 degrees, and the radius (m) the truth is thought to lie within."""

    lon: float
    lat: float
    uncertainty_m: float = 0.0

    def distance_m(self, other: "Wgs84Point") -> float:
        """Return the great-circle distance in metres (haversine; 0.5 % of the ellipsoid's)."""
        lat_a, lat_b = math.radians(self.lat), math.radians(other.lat)
        half_lat = math.sin((lat_b - lat_a) / 2) ** 2
        half_lon = math.sin(math.radians(other.lon - self.lon) / 2) ** 2
        return (
            2
            * EARTH_RADIUS_M
            * math.asin(math.sqrt(half_lat + math.cos(lat_a) * math.cos(lat_b) * half_lon))
        )

"""GeoJSON (RFC 7946) as answers hold it: WGS-84 degrees, longitude first."""

from typing import Literal

import numpy as np
from numpy.typing import ArrayLike
from typing_extensions import TypedDict

Position = tuple[float, float]


class Point(TypedDict):
    """One position."""

    type: Literal["Point"]
    coordinates: Position


class LineString(TypedDict):
    """Two or more positions."""

    type: Literal["LineString"]
    coordinates: list[Position]


class MultiLineString(TypedDict):
    """Several lines."""

    type: Literal["MultiLineString"]
    coordinates: list[list[Position]]


class Polygon(TypedDict):
    """An outer ring, then its holes; each ring ends where it began."""

    type: Literal["Polygon"]
    coordinates: list[list[Position]]


class MultiPolygon(TypedDict):
    """Several polygons."""

    type: Literal["MultiPolygon"]
    coordinates: list[list[list[Position]]]


Geometry = Point | LineString | MultiLineString | Polygon | MultiPolygon


def line_string(lonlat: ArrayLike) -> LineString:
    """Return (m, 2) degrees as a LineString, to 6 decimals (0.1 m)."""
    return {"type": "LineString", "coordinates": np.round(np.asarray(lonlat), 6).tolist()}

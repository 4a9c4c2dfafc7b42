"""What a report's maps are drawn from, read once: borders, water, main roads, marks of layers."""

from dataclasses import dataclass

import shapely

from gis.documents import Marks
from gis.words import Words


@dataclass(frozen=True, slots=True)
class AreaShape:
    """A district's surface, WGS-84, and where its name stands."""

    code: str
    words: Words
    shape: shapely.Geometry
    label: tuple[float, float]


@dataclass(frozen=True, slots=True)
class RoadShape:
    """All main roads of one class as one geometry, WGS-84."""

    highway: str
    shape: shapely.Geometry


@dataclass(frozen=True, slots=True)
class Ground:
    """All that a map of one city shows; `bounds` is west, south, east, north."""

    bounds: tuple[float, float, float, float]
    areas: tuple[AreaShape, ...]
    water: shapely.Geometry
    roads: tuple[RoadShape, ...]
    marks: tuple[Marks, ...]

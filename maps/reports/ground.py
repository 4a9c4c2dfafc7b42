"""What a report's maps are drawn from, read once: borders, water, main roads, marks of layers."""

from dataclasses import dataclass

import shapely

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
class MarkClass:
    """How marks of one class look: `letter` on a square of `colour`, white where `hollow`."""

    words: Words
    colour: str
    letter: str
    hollow: bool


@dataclass(frozen=True, slots=True)
class Mark:
    """One feature that is drawn as a mark."""

    lon: float
    lat: float
    words: Words
    of_class: int
    modelled: bool


@dataclass(frozen=True, slots=True)
class Marks:
    """The marks of one layer of the catalogue."""

    layer: str
    words: Words
    classes: tuple[MarkClass, ...]
    marks: tuple[Mark, ...]

    @property
    def used(self) -> tuple[MarkClass, ...]:
        """Return the classes of which there is a mark."""
        there = {mark.of_class for mark in self.marks}
        return tuple(one for place, one in enumerate(self.classes) if place in there)


@dataclass(frozen=True, slots=True)
class Ground:
    """All that a map of one city shows; `bounds` is west, south, east, north."""

    bounds: tuple[float, float, float, float]
    areas: tuple[AreaShape, ...]
    water: shapely.Geometry
    roads: tuple[RoadShape, ...]
    marks: tuple[Marks, ...]

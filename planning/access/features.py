"""Cells with their minutes as GeoJSON, for maps that draw them as they come."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any, Literal

import numpy as np
import shapely

from gis.database import UnitOfWork
from gis.features import FeatureTable
from gis.geojson import Polygon
from planning.access.model import Access, RoadsShown, Standing, Target
from planning.access.service import access, question, seen_of
from routing.live.routing import Routing

UNREACHABLE, UNKNOWN = "unreachable", "unknown"


@dataclass(frozen=True, slots=True)
class MinutesFeature:
    """One cell; its properties are the fields of the layer."""

    properties: Mapping[str, Any]
    geometry: Polygon
    type: Literal["Feature"] = "Feature"


@dataclass(frozen=True, slots=True)
class MinutesCollection:
    """Cells as a GeoJSON FeatureCollection, with what they are from."""

    features: tuple[MinutesFeature, ...]
    topology_id: str | None
    conditions_id: str | None
    type: Literal["FeatureCollection"] = "FeatureCollection"


def columns(found: Access, shown: RoadsShown = RoadsShown.NOW) -> dict[str, list[Any]]:
    """Return the fields of the layer, n values each, on the roads that are `shown`.

    `minutes` and `open_minutes` are null where no time is known; `standing` says why.
    """
    places = found.question.places
    times = found.now if shown is RoadsShown.NOW else found.open_roads
    near = times.nearest.tolist()
    return {
        "cell": list(found.cells.cell),
        "minutes": _minutes(times.seconds),
        "open_minutes": _minutes(found.open_roads.seconds),
        "standing": [_shown(one) for one in times.standing.tolist()],
        "nearest": [places[row].name if row >= 0 else None for row in near],
        "nearest_zh": [places[row].name_zh if row >= 0 else None for row in near],
        "nearest_en": [places[row].name_en if row >= 0 else None for row in near],
        "population": np.round(found.cells.people, 1).tolist(),
        "modelled": list(found.cells.modelled),
    }


def layer_table(
    uow: UnitOfWork, city_id: int, routing: Routing, time: str | None = None, *, target: Target
) -> FeatureTable:
    """Return the features of a target's layer that the viewer may see.

    `time` is one of `RoadsShown`.
    """
    with routing.at(uow, city_id) as roads:
        found = seen_of(uow, access(uow, roads, question(uow, city_id, target)))
    return FeatureTable(columns(found, RoadsShown(time or RoadsShown.NOW)), found.cells.shapes)


station_table = partial(layer_table, target=Target.STATION)
emergency_table = partial(layer_table, target=Target.EMERGENCY)
stroke_table = partial(layer_table, target=Target.STROKE)
pci_table = partial(layer_table, target=Target.PCI)


def collection(found: Access, shown: RoadsShown = RoadsShown.NOW) -> MinutesCollection:
    """Return the cells with their shapes to 6 decimals (0.1 m)."""
    table = columns(found, shown)
    rows = zip(*table.values(), strict=True)
    shapes = shapely.set_precision(shapely.from_wkb(list(found.cells.shapes)), 1e-6)
    versions = found.versions
    return MinutesCollection(
        tuple(
            MinutesFeature(dict(zip(table, row, strict=True)), json.loads(shape))
            for row, shape in zip(rows, shapely.to_geojson(shapes), strict=True)
        ),
        None if versions is None else versions.topology_id,
        None if versions is None else versions.conditions_id,
    )


def _minutes(seconds: Any) -> list[float | None]:
    return [round(one / 60.0, 1) if one < np.inf else None for one in seconds.tolist()]


def _shown(standing: str) -> str:
    """Return the standing as a map tells it: what is not known is one class."""
    return standing if standing in {Standing.REACHED, Standing.UNREACHABLE} else UNKNOWN

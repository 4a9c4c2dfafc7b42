"""Disease maps as features: GeoJSON for maps that draw them, tables for files."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any, Literal

import shapely

from gis.database import UnitOfWork
from gis.features import FeatureTable
from gis.geojson import MultiPolygon, Polygon
from routing.live.routing import Routing
from surveillance.risk.model import Step
from surveillance.risk.service import disease_map_table


@dataclass(frozen=True, slots=True)
class RiskFeature:
    """An area; its properties are the fields of the layer."""

    properties: Mapping[str, Any]
    geometry: Polygon | MultiPolygon
    type: Literal["Feature"] = "Feature"


@dataclass(frozen=True, slots=True)
class RiskCollection:
    """Areas as a GeoJSON FeatureCollection."""

    features: tuple[RiskFeature, ...]
    type: Literal["FeatureCollection"] = "FeatureCollection"


def collection(table: FeatureTable) -> RiskCollection:
    """Return areas with their shapes to 5 decimals (1 m)."""
    shapes = shapely.set_precision(shapely.from_wkb(list(table.shapes)), 1e-5, mode="pointwise")
    rows = zip(*table.columns.values(), strict=True)
    return RiskCollection(
        tuple(
            RiskFeature(dict(zip(table.columns, row, strict=True)), json.loads(shape))
            for row, shape in zip(rows, shapely.to_geojson(shapes), strict=True)
        )
    )


def layer_table(
    uow: UnitOfWork, city_id: int, routing: Routing, time: str | None = None, *, published: bool
) -> FeatureTable:
    """Return the newest whole week of the leading disease, or the one that holds `time`."""
    del routing
    at = None if time is None else datetime.fromisoformat(time)
    return disease_map_table(
        uow, city_id, disease=None, step=Step.WEEK, at=at, published=published
    )  # fmt: skip


cases_table = partial(layer_table, published=False)
published_table = partial(layer_table, published=True)

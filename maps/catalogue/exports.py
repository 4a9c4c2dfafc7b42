"""Features of a layer as a file that says by itself what it is."""

import csv
import io
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

import shapely
from shapely.geometry.base import BaseGeometry

from gis.cities import CityRow
from gis.database import UnitOfWork
from gis.features import FeatureTable
from gis.installation import installation_purpose
from gis.rooms.house import resolve
from gis.rooms.layers import (
    BASE_WORDS,
    LICENCE_WORDS,
    PROVENANCE_WORDS,
    Computed,
    Export,
    Layer,
    Provenance,
)
from gis.words import LANGUAGES
from maps.catalogue.service import provenance_of
from maps.errors import ExportRefusedError, ExportTooLargeError
from maps.repository import MODELLED, Box, features
from maps.tiles import chosen_time, parameters_of, reach, visible_layer
from routing.live.routing import Routing

EXPORT_CAP = 50_000
"""Most features of one export."""
PROVENANCE = "provenance"
"""The column that says of every row whether it is recorded, modelled or simulated."""
_WORLD = (-180.0, -90.0, 180.0, 90.0)
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""What a spreadsheet takes for a formula at the start of a text."""
_WITHIN_LINE = re.compile(r"([,;]\s?)(?=[=+\-@])")
"""Where a line that is no row would have a cell begin with one."""


@dataclass(frozen=True, slots=True)
class ExportFile:
    """A file to take away."""

    name: str
    content: bytes


def layer_features(
    uow: UnitOfWork,
    name: str,
    city: CityRow,
    *,
    box: Box | None = None,
    time: str | None = None,
    cap: int = EXPORT_CAP,
    routing: Routing | None = None,
) -> tuple[Layer, FeatureTable]:
    """Return a layer's features in a city, each with its `provenance`.

    Of a layer that asks for a permission: those in the areas that the viewer holds it for.

    Computed ones are worked out by `routing` and all given, whatever the box.

    Raises
    ------
    LayerNotFoundError
    LayerTimeInvalidError
    ExportRefusedError
        Its features do not leave the house.
    ExportTooLargeError
        There are more than `cap`.
    ValueError
        The layer is computed and no `routing` was given.
    """
    layer = visible_layer(uow, name)
    if not layer.exports:
        raise ExportRefusedError(name, ())
    if isinstance(layer.source, Computed):
        if routing is None:
            msg = f"The layer {name} is worked out from roads: give the routing."
            raise ValueError(msg)
        table: FeatureTable = resolve(layer.source.features)(
            uow, city.city_id, routing, chosen_time(layer, time)
        )
    else:
        table = features(
            uow.session, layer, city_id=city.city_id, box=box or _WORLD, cap=cap + 1,
            parameters=parameters_of(uow, layer, city.city_id, time), reach=reach(uow, layer),
        )  # fmt: skip
    if len(table) > cap:
        raise ExportTooLargeError(name, cap)
    simulation = installation_purpose(uow.session) == "simulation"
    modelled = table.columns.get(MODELLED, [False] * len(table))
    said = [
        str(provenance_of(layer, modelled=bool(one), simulation=simulation)) for one in modelled
    ]
    return layer, replace(table, columns={**table.columns, PROVENANCE: said})


def export(
    uow: UnitOfWork,
    name: str,
    city: CityRow,
    format_: Export,
    *,
    box: Box | None = None,
    time: str | None = None,
    routing: Routing | None = None,
) -> ExportFile:
    """Return a layer's features in a city as a file.

    Raises
    ------
    LayerNotFoundError, LayerTimeInvalidError, ExportRefusedError, ExportTooLargeError
    """
    layer, table = layer_features(uow, name, city, box=box, time=time, routing=routing)
    if format_ not in layer.exports:
        raise ExportRefusedError(name, layer.exports)
    said = statements(uow, layer, table, city, time=time)
    match format_:
        case Export.GEOJSON:
            content = _geojson(table, said)
        case Export.GPKG:
            content = _gpkg(layer, table, said)
        case Export.CSV:
            content = _csv(table, said)
    return ExportFile(f"{city.key}-{layer.name}.{format_}", content)


def statements(
    uow: UnitOfWork, layer: Layer, table: FeatureTable, city: CityRow, *, time: str | None
) -> Mapping[str, str]:
    """Return what a file of these features must say about them, by name."""
    simulation = installation_purpose(uow.session) == "simulation"
    modelled = Provenance.MODELLED in table.columns[PROVENANCE]
    provenance = provenance_of(layer, modelled=modelled, simulation=simulation)
    as_of: date | datetime | None = resolve(layer.as_of)(uow, city.city_id)
    said = {
        "layer": layer.name,
        **{f"title_{one}": layer.words.in_language(one) for one in LANGUAGES},
        "city": city.name,
        "provenance": str(provenance),
        **{f"provenance_{one}": PROVENANCE_WORDS[provenance].in_language(one) for one in LANGUAGES},
        "as_of": as_of.isoformat() if as_of else "",
        "exported_at": uow.clock.now().isoformat(),
        "attribution": city.attribution,
        "licence": LICENCE_WORDS[layer.licence].en,
    }
    if layer.population_base is not None:
        said["population_base"] = BASE_WORDS[layer.population_base].en
    if layer.unit is not None:
        said["unit_ucum"] = layer.unit
    if time is not None:
        said["time"] = time
    return said


def _rows(table: FeatureTable) -> list[tuple[object, ...]]:
    return list(zip(*table.columns.values(), strict=True))


def _geojson(table: FeatureTable, said: Mapping[str, str]) -> bytes:
    shapes = shapely.to_geojson(shapely.from_wkb(list(table.shapes)))
    features_ = [
        {
            "type": "Feature",
            "properties": dict(zip(table.columns, row, strict=True)),
            "geometry": json.loads(shape),
        }
        for row, shape in zip(_rows(table), shapes, strict=True)
    ]
    collection = {"type": "FeatureCollection", "metadata": dict(said), "features": features_}
    return json.dumps(collection, ensure_ascii=False, separators=(",", ":")).encode()


def _gpkg(layer: Layer, table: FeatureTable, said: Mapping[str, str]) -> bytes:
    import geopandas as gpd
    import pyogrio

    shapes: list[BaseGeometry] = list(shapely.from_wkb(list(table.shapes)))
    frame = gpd.GeoDataFrame(dict(table.columns), geometry=shapes, crs=4326)
    held = io.BytesIO()
    pyogrio.write_dataframe(
        frame, held, driver="GPKG", layer=layer.name, layer_metadata=dict(said),
        geometry_type=_geometry_type(shapes),
    )  # fmt: skip
    return held.getvalue()


def _geometry_type(shapes: Sequence[BaseGeometry]) -> str:
    kinds = {shape.geom_type for shape in shapes}
    return kinds.pop() if len(kinds) == 1 else "Unknown"


def _csv(table: FeatureTable, said: Mapping[str, str]) -> bytes:
    """Return comma-separated text with a byte-order mark, under lines that begin with `#`.

    Points have longitude and latitude, other shapes well-known text. A text that a spreadsheet
    would take for a formula is told from one by an apostrophe.
    """
    shapes = shapely.from_wkb(list(table.shapes))
    points = all(shape.geom_type == "Point" for shape in shapes)
    held = io.StringIO()
    for name, what in said.items():
        line = _WITHIN_LINE.sub(r"\1'", " ".join(what.split()))
        held.write(f"# {name}: {line}\r\n")
    writer = csv.writer(held)
    writer.writerow([*table.columns, *(("lon", "lat") if points else ("wkt",))])
    for row, shape in zip(_rows(table), shapes, strict=True):
        place = (shape.x, shape.y) if points else (shapely.to_wkt(shape, rounding_precision=7),)
        writer.writerow([*map(_cell, row), *place])
    return ("\ufeff" + held.getvalue()).encode()


def _cell(value: object) -> object:
    return f"'{value}" if isinstance(value, str) and value.startswith(_FORMULA) else value

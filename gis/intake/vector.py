"""GeoJSON and GeoPackage: rows with a geometry of their own."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pyogrio.errors
import pyogrio.raw
import pyproj
import pyproj.exceptions
import shapely

from gis.intake.encodings import recognise
from gis.intake.errors import EmptyFileError, UnreadableFileError
from gis.intake.model import GeometryArray, Objects, RawTable, ReadingNotes

MAX_DIGITS = 300
"""Longer numbers stay text: Python refuses to read integers of thousands of digits."""


def read_geojson(content: bytes, path: Path, *, encoding: str | None = None) -> RawTable:
    """Read a FeatureCollection; a feature's own id is its column `id`.

    Raises
    ------
    UnreadableFileError, EmptyFileError
        If it is no FeatureCollection or has no feature.
    """
    encoded = recognise(content, path=path, encoding=encoding)
    try:
        document = json.loads(encoded.text(), parse_int=_whole)
    except json.JSONDecodeError as problem:
        raise UnreadableFileError(
            path, reason=f"it is not JSON (line {problem.lineno}, column {problem.colno})"
        ) from problem
    except RecursionError:
        raise UnreadableFileError(path, reason="its JSON is nested too deeply") from None
    features = document.get("features") if isinstance(document, dict) else None
    if not isinstance(features, list):
        raise UnreadableFileError(path, reason="it is not a GeoJSON FeatureCollection")
    if not features:
        raise EmptyFileError(path)
    rows: list[dict[str, Any]] = []
    geometry = np.full(len(features), None, dtype=object)
    for number, feature in enumerate(features):
        whole = feature if isinstance(feature, dict) else {}
        properties = whole.get("properties")
        own = {"id": whole["id"]} if "id" in whole else {}
        rows.append(own | (properties if isinstance(properties, dict) else {}))
        shape = json.dumps(whole.get("geometry"))
        geometry[number] = shapely.from_geojson(shape, on_invalid="ignore")
    named = document.get("crs")
    properties = named.get("properties") if isinstance(named, dict) else None
    crs = properties.get("name") if isinstance(properties, dict) else None
    notes = ReadingNotes("GeoJSON", encoded.encoding, encoded.guessed, remarks=encoded.remarks)
    return RawTable(
        _columns(rows), np.arange(1, len(rows) + 1), notes,
        to_degrees(geometry, crs=crs, path=path),
    )  # fmt: skip


def read_geopackage(path: Path) -> RawTable:
    """Read the first layer of a GeoPackage.

    Raises
    ------
    UnreadableFileError, EmptyFileError
        If it is no GeoPackage or has no rows.
    """
    try:
        meta, _, geometry, fields = pyogrio.raw.read(path)
    except (pyogrio.errors.DataSourceError, pyogrio.errors.DataLayerError) as problem:
        raise UnreadableFileError(path, reason=str(problem)) from problem
    columns = {
        str(name): _without_nan(cells) for name, cells in zip(meta["fields"], fields, strict=True)
    }
    count = len(fields[0]) if fields else len(geometry) if geometry is not None else 0
    if not count:
        raise EmptyFileError(path)
    numbers, notes = np.arange(1, count + 1), ReadingNotes("GeoPackage")
    if geometry is None:
        return RawTable(columns, numbers, notes)
    shapes = np.asarray(shapely.from_wkb(geometry, on_invalid="ignore"), dtype=object)
    return RawTable(columns, numbers, notes, to_degrees(shapes, crs=meta["crs"], path=path))


def to_degrees(geometry: GeometryArray, *, crs: str | None, path: Path) -> GeometryArray:
    """Turn a projected geometry into degrees of its own geographic system."""
    if not crs:
        return geometry
    try:
        system = pyproj.CRS.from_user_input(crs)
    except pyproj.exceptions.CRSError as problem:
        raise UnreadableFileError(
            path, reason=f"its coordinate system {crs} is not known"
        ) from problem
    if system.is_geographic:
        return geometry
    degrees = pyproj.Transformer.from_crs(system, system.geodetic_crs, always_xy=True)
    turned = shapely.transform(geometry, lambda xy: np.column_stack(degrees.transform(*xy.T)))
    return np.asarray(turned, dtype=object)


def _whole(digits: str) -> int | str:
    return int(digits) if len(digits) <= MAX_DIGITS else digits


def _columns(rows: list[dict[str, Any]]) -> dict[str, Objects]:
    names = dict.fromkeys(name for row in rows for name in row)
    columns = {}
    for name in names:
        cells = np.empty(len(rows), dtype=object)
        cells[:] = [_cell(row.get(name)) for row in rows]
        columns[str(name)] = cells
    return columns


def _cell(value: Any) -> Any:
    if isinstance(value, (dict, list)):
        return json.dumps(value, ensure_ascii=False)
    if isinstance(value, str):
        return value.strip() or None
    return value


def _without_nan(cells: npt.NDArray[Any]) -> Objects:
    if cells.dtype.kind == "M":
        text = np.datetime_as_string(cells, timezone="naive").astype(object)
        text[np.isnat(cells)] = None
        return np.asarray(text, dtype=object)
    plain = cells.astype(object)
    missing = np.not_equal(plain, plain)
    plain[missing] = None
    return np.asarray(plain, dtype=object)

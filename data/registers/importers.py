"""Read registers of AEDs, facilities, stations and populations: good rows and rejected ones.

A file is refused as a whole only if it cannot be read, has no coordinates, or its datum is wrong;
otherwise each row loads or is rejected by itself. Nothing is stored here.
"""

import csv
import hashlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from data.frames import frame_of_rows
from data.model import AED_COLUMNS, FACILITY_COLUMNS, POPULATION_COLUMNS, STATION_COLUMNS
from data.registers.columns import CONSTANT_MARK, find_age_bands, find_columns
from data.registers.errors import ColumnMissingError, UnknownRegisterKindError
from data.registers.fields import PARSERS, Row, RowRefused, number, text
from data.registers.places import (
    DEFAULT_CELL_M,
    Placed,
    check_places,
    place_from_columns,
    place_from_geometry,
    squares_around,
)
from data.registers.raster import RASTER_SUFFIXES, read_population_raster
from data.registers.read import RawRegister, read_raw
from data.registers.result import REJECT_COLUMNS, ImportResult
from gis.datum import Datum, parse_datum
from gis.text_fold import fold

KIND_COLUMNS: Mapping[str, tuple[str, ...]] = {
    "aeds": AED_COLUMNS,
    "facilities": FACILITY_COLUMNS,
    "stations": STATION_COLUMNS,
    "population": POPULATION_COLUMNS,
}


def read_register(
    path: Path,
    *,
    kind: str,
    datum: Datum | str | None,
    city_extent: shapely.Geometry,
    source: str,
    mapping: Mapping[str, str] | None = None,
    districts: gpd.GeoDataFrame | None = None,
) -> ImportResult:
    """Read a register from CSV, GeoJSON, GeoPackage or, for populations, GeoTIFF.

    `kind` is a key of `KIND_COLUMNS`. `datum` is that of the file's coordinates and has no
    default. `mapping` names the column of a field where the aliases do not know it, or gives a
    constant (`{"kind": "=hospital"}`). `city_extent` and `districts` (code, name, name_zh) are
    WGS-84; with districts, the datum is checked against the district each row names.

    A row keeps the file's own id as `source_ref`, or gets a hash of its name and place, so that
    loading the file again updates. Population points become squares of `cell_size_m` (100 m).

    Raises
    ------
    DatumRequiredError, DatumMismatchError, UnknownRegisterKindError, EmptyFileError,
    UnreadableFileError, UnsupportedFormatError, ColumnMissingError
        The file is refused as a whole; each says what to change.
    """
    if kind not in KIND_COLUMNS:
        raise UnknownRegisterKindError(kind, known=KIND_COLUMNS)
    path, declared = Path(path), parse_datum(datum)
    if kind == "population" and path.suffix.lower() in RASTER_SUFFIXES:
        return read_population_raster(path, datum=declared, city_extent=city_extent, source=source)
    raw = read_raw(path)
    columns = [str(name) for name in raw.table.columns]
    fields = find_columns(columns, mapping=mapping, datum=declared, path=path)
    placed = _place(raw, fields, path)
    for index, problem in raw.problems.items():
        placed.reason[index] = problem
    stated = None
    if "district" in fields:
        stated = [text(value) for value in _values(raw.table, fields["district"])]
    check_places(placed, datum=declared, extent=city_extent, stated=stated, districts=districts)
    rows = _fields_of_rows(raw.table, fields, kind=kind)
    if kind == "population":
        _make_cells(placed, rows)
    return _sort_out(raw, placed, rows, kind=kind, source=source)


def write_rejects(rejects: pd.DataFrame, path: Path) -> None:
    """Write rejects as CSV (UTF-8 with a mark that Excel reads), row number and reason first."""
    rejects.to_csv(path, index=False, encoding="utf-8-sig", quoting=csv.QUOTE_MINIMAL)


def _place(raw: RawRegister, fields: Mapping[str, str], path: Path) -> Placed:
    if raw.geometry is not None:
        return place_from_geometry(raw.geometry)
    if "lon" in fields and "lat" in fields:
        return place_from_columns(
            _values(raw.table, fields["lon"]), _values(raw.table, fields["lat"])
        )
    if "geometry" in fields:
        written = np.array(
            [text(value) for value in _values(raw.table, fields["geometry"])], dtype=object
        )
        return place_from_geometry(np.asarray(shapely.from_wkt(written, on_invalid="ignore")))
    raise ColumnMissingError(path, "longitude and latitude", columns=list(raw.table.columns))


def _values(table: pd.DataFrame, column: str) -> list[Any]:
    if column.startswith(CONSTANT_MARK):
        return [column.removeprefix(CONSTANT_MARK)] * len(table)
    return list(table[column])


def _fields_of_rows(
    table: pd.DataFrame, fields: Mapping[str, str], *, kind: str
) -> list[dict[str, Any]]:
    known = {field: _values(table, column) for field, column in fields.items()}
    rows = [{field: values[row] for field, values in known.items()} for row in range(len(table))]
    if kind == "population":
        bands = find_age_bands([str(name) for name in table.columns])
        counted = {band: list(table[column]) for band, column in bands.items()}
        for index, row in enumerate(rows):
            row["age_bands"] = {band: values[index] for band, values in counted.items()}
    return rows


def _make_cells(placed: Placed, rows: list[dict[str, Any]]) -> None:
    """Turn population points into squares, and areas of several parts into their largest."""
    size_m = np.full(len(rows), DEFAULT_CELL_M)
    for index, row in enumerate(rows):
        try:
            size_m[index] = number(row.get("cell_size_m"), what="cell size") or DEFAULT_CELL_M
        except RowRefused as refused:
            placed.reason[index] = placed.reason[index] or str(refused)
    fine = np.array([reason is None for reason in placed.reason], dtype=bool)
    points = np.flatnonzero(fine & (shapely.get_type_id(placed.geometry) == 0))
    placed.geometry[points] = squares_around(
        placed.lon[points], placed.lat[points], size_m=size_m[points]
    )
    for index in np.flatnonzero(fine & (shapely.get_type_id(placed.geometry) == 6)).tolist():
        parts = shapely.get_parts(placed.geometry[index])
        if len(parts) > 1:
            placed.reason[index] = "the cell has several parts; give one row for each"
        placed.geometry[index] = parts[0]


def _sort_out(
    raw: RawRegister, placed: Placed, rows: list[dict[str, Any]], *, kind: str, source: str
) -> ImportResult:
    good: list[dict[str, Any]] = []
    refused: dict[int, str] = {}
    first_row: dict[str, int] = {}
    for index, row in enumerate(rows):
        try:
            values = _stored_row(placed, index, row, kind=kind)
            _refuse_repeated(values["source_ref"], first_row)
        except RowRefused as problem:
            refused[index] = str(problem)
            continue
        first_row[values["source_ref"]] = int(raw.row_number[index])
        good.append(values | {"source": source, "modelled": False})
    rejects = raw.table.iloc[list(refused)].reset_index(drop=True)
    number_name, reason_name = REJECT_COLUMNS
    told = pd.Series(list(refused.values()), dtype=object)
    rejects.insert(0, reason_name, told, allow_duplicates=True)
    rejects.insert(0, number_name, raw.row_number[list(refused)], allow_duplicates=True)
    return ImportResult(frame_of_rows(KIND_COLUMNS[kind], good), rejects)


def _stored_row(placed: Placed, index: int, row: Row, *, kind: str) -> dict[str, Any]:
    if (reason := placed.reason[index]) is not None:
        raise RowRefused(reason)
    lon, lat = float(placed.lon[index]), float(placed.lat[index])
    geometry = placed.geometry[index] if kind == "population" else shapely.Point(lon, lat)
    return PARSERS[kind](row) | {"source_ref": _source_ref(row, lon, lat), "geometry": geometry}


def _refuse_repeated(ref: str, first_row: Mapping[str, int]) -> None:
    if ref in first_row:
        raise RowRefused(f"the same entry stands in row {first_row[ref]}")


def _source_ref(row: Row, lon: float, lat: float) -> str:
    """Return the file's own id, or a hash of name and place (1 m) that stays the same."""
    if (own := text(row.get("source_ref"))) is not None:
        return own
    words = "|".join(fold(text(row.get(field)) or "") for field in ("name", "location", "address"))
    digest = hashlib.sha256(f"{words}|{lon:.5f}|{lat:.5f}".encode()).hexdigest()
    return f"hash-{digest[:20]}"

"""Read registers of AEDs, facilities, stations and populations: good rows and rejected ones.

A file is refused as a whole only if it cannot be read, has no coordinates, or its datum is wrong;
otherwise each row loads or is rejected by itself. Nothing is stored here.
"""

import hashlib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from itertools import compress
from pathlib import Path

import geopandas as gpd
import pandas as pd
import shapely

from data.frames import make_frame
from data.model import (
    AED_COLUMNS,
    FACILITY_COLUMNS,
    POPULATION_COLUMNS,
    REGISTER_KEYS,
    STATION_COLUMNS,
)
from data.registers.errors import UnknownRegisterKindError
from data.registers.fields import COMPOSERS, Columns, population_cells
from data.registers.raster import RASTER_SUFFIXES, read_population_raster
from data.registers.result import ImportResult
from data.registers.schemas import SCHEMAS
from gis.datum import Datum, parse_datum
from gis.intake.model import Intake
from gis.intake.places import Bounds
from gis.intake.take import IntakeOptions, refuse, repeated_rows, take_in
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
    districts: gpd.GeoDataFrame | None = None,
    options: IntakeOptions | None = None,
) -> ImportResult:
    """Read a register from any table (`gis.intake.read`) or, for populations, a GeoTIFF.

    `kind` is a key of `KIND_COLUMNS`. `datum` is that of the file's coordinates and has no
    default. `options` say more about the file: columns, encoding, time zone. `city_extent` and
    `districts` (code, name, name_zh) are WGS-84; with districts, the datum is checked against the
    district each row names.

    A row keeps the file's own id as `source_ref`, or gets a hash of its name and place, so that
    loading the file again updates; a row with the key of an earlier one (`REGISTER_KEYS`) is
    rejected. Population points become squares of `cell_size_m` (100 m).

    Raises
    ------
    DatumRequiredError, DatumMismatchError, UnknownRegisterKindError, EmptyFileError,
    UnreadableFileError, UnsupportedFormatError, ColumnMissingError, UnknownFieldError
        The file is refused as a whole; each says what to change.
    """
    if kind not in KIND_COLUMNS:
        raise UnknownRegisterKindError(kind, known=KIND_COLUMNS)
    path, declared = Path(path), parse_datum(datum)
    if kind == "population" and path.suffix.lower() in RASTER_SUFFIXES:
        return read_population_raster(path, datum=declared, city_extent=city_extent, source=source)
    bounds = Bounds(city_extent, districts)
    told = replace(options or IntakeOptions(), datum=declared, bounds=bounds)
    intake = take_in(path, SCHEMAS[kind], told)
    columns, reasons = COMPOSERS[kind](intake)
    columns |= {"source": [source] * len(intake.table), "source_ref": _source_refs(intake)}
    repeated = _repeated(columns, intake, kind=kind, besides=reasons)
    kept = [row not in reasons and row not in repeated for row in range(len(intake.table))]
    intake = refuse(intake, {**reasons, **repeated}, repeated=len(repeated))
    stored = {name: list(compress(values, kept)) for name, values in columns.items()}
    stored["modelled"] = [False] * len(intake.table)
    points = shapely.points(intake.lon, intake.lat)
    geometry = population_cells(intake) if kind == "population" else points
    good = make_frame(KIND_COLUMNS[kind], stored, geometry=geometry)
    told_how = tuple(intake.report.sentences())
    return ImportResult(good, intake.rejects, intake.lost_fields, told_how)


def _repeated(
    columns: Columns, intake: Intake, *, kind: str, besides: Collection[int]
) -> dict[int, str]:
    """Return position → reason for rows that the table would not tell from an earlier one.

    Rows of `besides` (positions), which are rejected already, are no entry to repeat.
    """
    keys = pd.DataFrame({name: columns[name] for name in REGISTER_KEYS[kind]}, dtype=object)
    # To the table's unique constraint nothing said is the same as nothing said.
    keys = keys.where(keys.notna(), "")
    keys.loc[list(besides)] = None
    return repeated_rows(keys, intake.row_number)


def _source_refs(intake: Intake) -> list[str]:
    """Return the file's own ids, or hashes of name and place (1 m) that stay the same."""
    table = intake.table
    nothing = [None] * len(table)
    words = [table.get(field, nothing) for field in ("name", "location", "address")]
    places = zip(intake.lon.tolist(), intake.lat.tolist(), strict=True)
    return [
        own or _hash(parts, lon, lat)
        for own, parts, (lon, lat) in zip(
            table["source_ref"], zip(*words, strict=True), places, strict=True
        )
    ]


def _hash(parts: Sequence[str | None], lon: float, lat: float) -> str:
    words = "|".join(fold(part or "") for part in parts)
    digest = hashlib.sha256(f"{words}|{lon:.5f}|{lat:.5f}".encode()).hexdigest()
    return f"hash-{digest[:20]}"

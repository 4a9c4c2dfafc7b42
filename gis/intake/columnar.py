"""Parquet and GeoParquet, read by DuckDB in this process, without extensions from anywhere."""

import json
from pathlib import Path

import duckdb
import numpy as np
import shapely

from gis.intake.errors import EmptyFileError, UnreadableFileError
from gis.intake.model import Objects, RawTable, ReadingNotes
from gis.intake.vector import to_degrees

CONFIG: dict[str, str | bool | int | float | list[str]] = {
    "threads": "1",
    "memory_limit": "1GB",
    "autoinstall_known_extensions": "false",
    "autoload_known_extensions": "false",
}
"""One thread: an import is background work and must not take the dispatchers' cores."""

_AS_TEXT = ("DECIMAL", "HUGEINT", "UHUGEINT", "DATE", "TIME", "INTERVAL", "UUID", "ENUM")
_NESTED = ("STRUCT", "MAP", "[", "UNION")


def read_parquet(path: Path) -> RawTable:
    """Read a Parquet file; a geometry of GeoParquet (WKB) is the geometry of the rows.

    Decimals and nested values come as text (JSON), so that nothing is rounded here.

    Raises
    ------
    UnreadableFileError, EmptyFileError
        If it is no Parquet file or has no rows.
    """
    try:
        with duckdb.connect(":memory:", config=CONFIG) as connection:
            source = connection.from_parquet(str(path))
            types = [str(kind) for kind in source.types]
            chosen = [_column(name, kind) for name, kind in zip(source.columns, types, strict=True)]
            values = source.project(", ".join(chosen)).fetchnumpy()
            told = connection.execute(
                "SELECT key, value FROM parquet_kv_metadata(?)", [str(path)]
            ).fetchall()
    except duckdb.Error as problem:
        reason = str(problem).splitlines()[0]
        raise UnreadableFileError(path, reason=f"it is no whole Parquet file ({reason})") from None
    columns = {str(name): _cells(column) for name, column in values.items()}
    count = len(next(iter(columns.values()), []))
    if not count:
        raise EmptyFileError(path)
    geo = next((json.loads(value) for key, value in told if key == b"geo"), None)
    numbers = np.arange(1, count + 1, dtype=np.int64)
    notes = ReadingNotes(format="Parquet")
    if not isinstance(geo, dict) or geo.get("primary_column") not in columns:
        return RawTable(columns, numbers, notes)
    primary = geo["primary_column"]
    blobs = [None if blob is None else bytes(blob) for blob in columns.pop(primary).tolist()]
    shapes = np.asarray(shapely.from_wkb(blobs, on_invalid="ignore"), dtype=object)
    crs = geo.get("columns", {}).get(primary, {}).get("crs")
    shapes = to_degrees(shapes, crs=None if crs is None else json.dumps(crs), path=path)
    return RawTable(columns, numbers, notes, shapes)


def _column(name: str, kind: str) -> str:
    quoted = '"' + name.replace('"', '""') + '"'
    if kind.startswith("GEOMETRY"):
        return quoted
    if any(mark in kind for mark in _NESTED):
        return f"CAST(to_json({quoted}) AS VARCHAR) AS {quoted}"
    if kind == "TIMESTAMP WITH TIME ZONE":
        return f"strftime({quoted} AT TIME ZONE 'UTC', '%Y-%m-%dT%H:%M:%S.%fZ') AS {quoted}"
    if kind.startswith(_AS_TEXT):
        return f"CAST({quoted} AS VARCHAR) AS {quoted}"
    return quoted


def _cells(column: np.ma.MaskedArray[tuple[int], np.dtype[np.generic]]) -> Objects:
    missing = np.ma.getmaskarray(column)
    cells = np.asarray(np.ma.getdata(column)).astype(object)
    cells[missing] = None
    return cells

"""Read a register file into rows as they stand, each with its number and raw geometry."""

import csv
import gzip
import io
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyogrio.errors
import pyogrio.raw
import pyproj
import pyproj.exceptions
import shapely

from data.registers.errors import EmptyFileError, UnreadableFileError, UnsupportedFormatError

ENCODINGS = ("utf-8-sig", "gb18030")
"""Tried in this order; utf-8-sig also reads plain UTF-8. What Chinese Excel writes is gb18030."""
SEPARATORS = (",", ";", "\t", "|")
TOO_MANY_FIELDS = "the row has more fields than the header; put text with separators in quotes"

GeometryArray = npt.NDArray[np.object_]


@dataclass(frozen=True, slots=True)
class RawRegister:
    """Rows as they stand in the file.

    `table`: the original columns, missing values None. `row_number`: (n,) what a person sees in a
    spreadsheet (header = 1) for text files, the feature's number from 1 for others. `geometry`:
    (n,) shapely objects, None where broken; None as a whole if the file has no geometry of its
    own. `problems`: row index → why the row could not even be read.
    """

    table: pd.DataFrame
    row_number: npt.NDArray[np.int64]
    geometry: GeometryArray | None
    problems: dict[int, str] = field(default_factory=dict)


def read_raw(path: Path) -> RawRegister:
    """Read CSV (also gzipped), GeoJSON or GeoPackage.

    Raises
    ------
    UnsupportedFormatError, UnreadableFileError, EmptyFileError
        The file is refused as a whole.
    """
    reader = READERS.get(_suffix(path))
    if reader is None:
        raise UnsupportedFormatError(path, supported=READERS)
    if not path.is_file():
        raise UnreadableFileError(path, reason="there is no such file")
    if path.stat().st_size == 0:
        raise EmptyFileError(path)
    raw = reader(path)
    if raw.table.shape[0] == 0:
        raise EmptyFileError(path)
    return raw


def _suffix(path: Path) -> str:
    return "".join(path.suffixes[-2:] if path.suffix == ".gz" else path.suffixes[-1:]).lower()


def _read_csv(path: Path) -> RawRegister:
    text = _decode(path)
    start = text.lstrip("\r\n").split("\n", 1)[0]
    separator = max(SEPARATORS, key=start.count)
    try:
        records = list(csv.reader(io.StringIO(text, newline=""), delimiter=separator))
    except csv.Error as problem:
        raise UnreadableFileError(path, reason=str(problem)) from problem
    filled = [
        (number, record)
        for number, record in enumerate(records, start=1)
        if any(cell.strip() for cell in record)
    ]
    if len(filled) < 2:
        raise EmptyFileError(path)
    header = _distinct([cell.strip() for cell in filled[0][1]])
    width = len(header)
    rows = [[cell.strip() or None for cell in record] for _, record in filled[1:]]
    table = pd.DataFrame(
        [(row + [None] * width)[:width] for row in rows],
        columns=pd.Index(header, dtype=object), dtype=object,
    )  # fmt: skip
    problems = {index: TOO_MANY_FIELDS for index, row in enumerate(rows) if any(row[width:])}
    numbers = np.array([number for number, _ in filled[1:]], dtype=np.int64)
    return RawRegister(table, numbers, None, problems)


def _distinct(names: list[str]) -> list[str]:
    """Return column names without doubles: the second `name` becomes `name.2`."""
    seen: dict[str, int] = {}
    distinct = []
    for name in names:
        seen[name] = seen.get(name, 0) + 1
        distinct.append(name if seen[name] == 1 else f"{name}.{seen[name]}")
    return distinct


def _decode(path: Path) -> str:
    content = path.read_bytes()
    if path.suffix.lower() == ".gz":
        try:
            content = gzip.decompress(content)
        except (OSError, EOFError) as problem:
            raise UnreadableFileError(path, reason="it is not a whole gzip file") from problem
    for encoding in ENCODINGS:
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise UnreadableFileError(
        path, reason="its text is neither UTF-8 nor GB 18030; save it as UTF-8"
    )


def _read_geojson(path: Path) -> RawRegister:
    try:
        document = json.loads(_decode(path))
    except json.JSONDecodeError as problem:
        raise UnreadableFileError(
            path, reason=f"it is not JSON (line {problem.lineno}, column {problem.colno})"
        ) from problem
    features = document.get("features") if isinstance(document, dict) else None
    if not isinstance(features, list):
        raise UnreadableFileError(path, reason="it is not a GeoJSON FeatureCollection")
    rows: list[dict[str, Any]] = []
    geometry = np.full(len(features), None, dtype=object)
    for number, feature in enumerate(features):
        whole = feature if isinstance(feature, dict) else {}
        properties = whole.get("properties")
        own = {"id": whole["id"]} if "id" in whole else {}
        rows.append(own | (properties if isinstance(properties, dict) else {}))
        geometry[number] = shapely.from_geojson(
            json.dumps(whole.get("geometry")), on_invalid="ignore"
        )
    table = pd.DataFrame(rows, dtype=object, index=range(len(rows)))
    named = document.get("crs", {})
    crs = named.get("properties", {}).get("name") if isinstance(named, dict) else None
    return _with_geometry(path, table, geometry, crs=crs)


def _read_vector(path: Path) -> RawRegister:
    try:
        meta, _, geometry, fields = pyogrio.raw.read(path)
    except (pyogrio.errors.DataSourceError, pyogrio.errors.DataLayerError) as problem:
        raise UnreadableFileError(path, reason=str(problem)) from problem
    columns = dict(zip(meta["fields"], fields, strict=True))
    count = len(fields[0]) if fields else len(geometry) if geometry is not None else 0
    table = pd.DataFrame(columns, dtype=object, index=range(count))
    if geometry is None:
        return RawRegister(_without_nan(table), np.arange(1, count + 1), None)
    shapes = np.asarray(shapely.from_wkb(geometry, on_invalid="ignore"), dtype=object)
    return _with_geometry(path, table, shapes, crs=meta["crs"])


def _with_geometry(
    path: Path, table: pd.DataFrame, geometry: GeometryArray, *, crs: str | None
) -> RawRegister:
    """Turn a projected geometry into degrees of its own geographic system."""
    if crs:
        try:
            system = pyproj.CRS.from_user_input(crs)
        except pyproj.exceptions.CRSError as problem:
            raise UnreadableFileError(
                path, reason=f"its coordinate system {crs} is not known"
            ) from (problem)
        if not system.is_geographic:
            to_degrees = pyproj.Transformer.from_crs(system, system.geodetic_crs, always_xy=True)
            geometry = shapely.transform(
                geometry, lambda xy: np.column_stack(to_degrees.transform(*xy.T))
            )
    return RawRegister(_without_nan(table), np.arange(1, len(table) + 1), geometry)


def _without_nan(table: pd.DataFrame) -> pd.DataFrame:
    cleaned = table.astype(object).where(table.notna(), None)
    cleaned.columns = pd.Index([str(name) for name in cleaned.columns], dtype=object)
    return cleaned


READERS: dict[str, Callable[[Path], RawRegister]] = {
    ".csv": _read_csv,
    ".tsv": _read_csv,
    ".txt": _read_csv,
    ".csv.gz": _read_csv,
    ".geojson": _read_geojson,
    ".json": _read_geojson,
    ".gpkg": _read_vector,
}
"""File name ending → reader."""

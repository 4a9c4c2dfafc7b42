"""Read any tabular file into rows as they stand; its first bytes go before its name."""

import gzip
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from gis.intake.delimited import read_delimited
from gis.intake.errors import EmptyFileError, UnreadableFileError, UnsupportedFormatError
from gis.intake.header import HeaderScore
from gis.intake.model import RawTable
from gis.intake.vector import read_geojson, read_geopackage
from gis.intake.workbooks import read_workbook

MAX_BYTES = 1 << 30
"""Larger files, or what they unpack to, are refused: they would not fit the memory of a job."""


@dataclass(frozen=True, slots=True)
class ReadingOptions:
    """What the person says about the file; None is found out.

    `encoding` is a codec's name, `delimiter` one sign, `sheet` the name of a workbook's sheet.
    """

    encoding: str | None = None
    delimiter: str | None = None
    sheet: str | None = None


def read_table(
    path: Path, *, options: ReadingOptions | None = None, score: HeaderScore | None = None
) -> RawTable:
    """Read CSV and its like (also gzipped), workbooks, Parquet, GeoJSON or GeoPackage.

    `score` counts how many names of a row are known as columns, and so finds a header below a
    title. A file whose first bytes show another format than its name is read as what it is.

    Raises
    ------
    UnsupportedFormatError, UnreadableFileError, EmptyFileError
        The file is refused as a whole.
    """
    ending = ending_of(path)
    known = READERS.get(ending)
    if not path.is_file():
        if known is None:
            raise UnsupportedFormatError(path, supported=READERS)
        raise UnreadableFileError(path, reason="there is no such file")
    size = path.stat().st_size
    if size > MAX_BYTES:
        raise UnreadableFileError(path, reason="it is larger than 1 GiB; give it in parts")
    with path.open("rb") as file:
        head = file.read(16)
    reader = _by_content(head) or known
    if reader is None:
        raise UnsupportedFormatError(path, supported=READERS)
    if size == 0:
        raise EmptyFileError(path)
    return reader(path, options or ReadingOptions(), score)


def ending_of(path: Path) -> str:
    """Return the file name's ending, `.csv.gz` for a gzipped one, in lower case."""
    return "".join(path.suffixes[-2:] if path.suffix == ".gz" else path.suffixes[-1:]).lower()


Reader = Callable[[Path, ReadingOptions, HeaderScore | None], RawTable]


def _delimited(path: Path, options: ReadingOptions, score: HeaderScore | None) -> RawTable:
    return read_delimited(
        path.read_bytes(), path,
        encoding=options.encoding, delimiter=options.delimiter, score=score,
    )  # fmt: skip


def _gzipped(path: Path, options: ReadingOptions, score: HeaderScore | None) -> RawTable:
    try:
        with gzip.open(path) as packed:
            content = packed.read(MAX_BYTES + 1)
    except (OSError, EOFError) as problem:
        raise UnreadableFileError(path, reason="it is not a whole gzip file") from problem
    if len(content) > MAX_BYTES:
        raise UnreadableFileError(path, reason="it unpacks to more than 1 GiB")
    if not content:
        raise EmptyFileError(path)
    if ending_of(path) in {".geojson.gz", ".json.gz"}:
        return read_geojson(content, path, encoding=options.encoding)
    return read_delimited(
        content, path, encoding=options.encoding, delimiter=options.delimiter, score=score
    )


def _workbook(path: Path, options: ReadingOptions, score: HeaderScore | None) -> RawTable:
    return read_workbook(path.read_bytes(), path, sheet=options.sheet, score=score)


def _geojson(path: Path, options: ReadingOptions, score: HeaderScore | None) -> RawTable:
    del score
    return read_geojson(path.read_bytes(), path, encoding=options.encoding)


def _geopackage(path: Path, options: ReadingOptions, score: HeaderScore | None) -> RawTable:
    del options, score
    return read_geopackage(path)


def _parquet(path: Path, options: ReadingOptions, score: HeaderScore | None) -> RawTable:
    # DuckDB takes 30 MB of memory; most files are no Parquet.
    from gis.intake.columnar import read_parquet

    del options, score
    return read_parquet(path)


READERS: dict[str, Reader] = {
    ".csv": _delimited,
    ".tsv": _delimited,
    ".tab": _delimited,
    ".txt": _delimited,
    ".csv.gz": _gzipped,
    ".tsv.gz": _gzipped,
    ".txt.gz": _gzipped,
    ".geojson.gz": _gzipped,
    ".geojson": _geojson,
    ".json": _geojson,
    ".gpkg": _geopackage,
    ".xlsx": _workbook,
    ".xlsm": _workbook,
    ".xlsb": _workbook,
    ".xls": _workbook,
    ".ods": _workbook,
    ".parquet": _parquet,
}
"""File name ending → reader."""

_SIGNATURES: tuple[tuple[bytes, Reader], ...] = (
    (b"PK\x03\x04", _workbook),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", _workbook),
    (b"PAR1", _parquet),
    (b"\x1f\x8b", _gzipped),
    (b"SQLite format 3\x00", _geopackage),
)


def _by_content(head: bytes) -> Reader | None:
    return next((reader for mark, reader in _SIGNATURES if head.startswith(mark)), None)

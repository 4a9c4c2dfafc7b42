"""Text with delimiters: which one it is, its records, and the lines that are torn."""

import csv
from collections.abc import Generator, Iterator, Sequence
from itertools import chain, islice
from pathlib import Path

import numpy as np

from gis.intake.cells import present
from gis.intake.encodings import Encoded, recognise
from gis.intake.errors import EmptyFileError
from gis.intake.header import HeaderScore, distinct, header_position
from gis.intake.model import Objects, RawTable, ReadingNotes

DELIMITERS = (",", ";", "\t", "|")
SAMPLE_RECORDS = 60
SAMPLE_LINES = 400
BLOCK_RECORDS = 512
"""Rows are lists; more of them alive at once and the garbage collector walks the whole heap."""

REPEATED_LEAST = 0.5
"""Distinct cells to cells of a column from which on remembering them costs more than it spares."""

TOO_MANY_FIELDS = "the row has more fields than the header; put text with separators in quotes"
UNCLOSED_QUOTE = "a quotation mark opens here and is never closed; close it or double it"
OVERSIZED = f"a field is longer than {csv.field_size_limit():,} characters"


def read_delimited(
    content: bytes,
    path: Path,
    *,
    encoding: str | None = None,
    delimiter: str | None = None,
    score: HeaderScore | None = None,
) -> RawTable:
    """Read CSV and its like.

    Cells lose outer blanks; empty ones are None; rows without any cell are left out and still
    counted in the row numbers. A quotation mark that is never closed costs its own line only.

    Raises
    ------
    UnreadableFileError, EmptyFileError
        If it is no text, or has no row below its header.
    """
    lines = _Lines(recognise(content, path=path, encoding=encoding))
    head = lines.head(SAMPLE_LINES)
    if delimiter is None and head and (told := _excel_mark(head[0])) is not None:
        delimiter = told
        lines.skip_first()
    chosen = delimiter or guess_delimiter(head)
    table = _Columns(score)
    for records, problems in _blocks(lines, chosen):
        table.add(records, problems)
    if not table.count:
        raise EmptyFileError(path)
    encoded = lines.encoded
    notes = ReadingNotes(
        format="text", encoding=encoded.encoding, encoding_guessed=encoded.guessed,
        delimiter=chosen, header_row=table.header_row, remarks=encoded.remarks,
    )  # fmt: skip
    return table.finish(notes)


class _Lines:
    """Lines of a text as a stream; kept in memory only once a torn record needs a way back."""

    def __init__(self, encoded: Encoded) -> None:
        self.encoded = encoded
        self._kept: list[str] | None = None
        self._skipped = False

    def skip_first(self) -> None:
        """Leave the first line empty from now on."""
        self._skipped = True

    def head(self, count: int) -> list[str]:
        """Return the first lines."""
        return list(islice(self._stream(), count))

    def begin_at(self, position: int) -> Iterator[str]:
        """Return the lines from one on."""
        if position == 0 and self._kept is None:
            return self._stream()
        kept = self.all()
        return map(kept.__getitem__, range(position, len(kept)))

    def all(self) -> list[str]:
        """Return all lines."""
        if self._kept is None:
            self._kept = list(self._stream())
        return self._kept

    def _stream(self) -> Iterator[str]:
        lines = self.encoded.lines()
        return chain(("\n",), islice(lines, 1, None)) if self._skipped else lines


def guess_delimiter(lines: Sequence[str]) -> str:
    """Return the delimiter that splits most of the first records into as many cells as the first.

    A comma where nothing splits them.
    """
    best, best_rank = ",", (0.0, 0.0)
    for candidate in DELIMITERS:
        reader = csv.reader(lines, delimiter=candidate)
        try:
            records = [row for row in islice(reader, SAMPLE_RECORDS) if row]
        except csv.Error:
            continue
        widths = [len(row) for row in records]
        if not widths or max(widths) < 2:
            continue
        common = max(set(widths), key=lambda width: (widths.count(width) * (width > 1), width))
        rank = (widths.count(common) / len(widths) * (widths[0] == common or 0.9), float(common))
        if common > 1 and rank > best_rank:
            best, best_rank = candidate, rank
    return best


def _excel_mark(line: str) -> str | None:
    """Return what Excel's own first line `sep=;` says."""
    plain = line.rstrip("\r\n")
    mark = plain[4:]
    return mark if plain[:4].casefold() == "sep=" and mark in DELIMITERS else None


Record = list[str]


def _blocks(lines: _Lines, delimiter: str) -> Iterator[tuple[list[Record], dict[int, str]]]:
    """Yield blocks of records in order, with the problems of torn ones by their place in it."""
    position: int | None = 0
    while position is not None:
        position = yield from _until_torn(lines, position, delimiter)


def _until_torn(
    lines: _Lines, position: int, delimiter: str
) -> Generator[tuple[list[Record], dict[int, str]], None, int | None]:
    """Yield blocks from a line on; return the line after a torn one, None at the end."""
    reader = csv.reader(lines.begin_at(position), delimiter=delimiter)
    while True:
        began = position + reader.line_num
        records: list[Record] = []
        torn = None
        try:
            records.extend(islice(reader, BLOCK_RECORDS))
        except csv.Error:
            torn = OVERSIZED
        at_end = torn is None and len(records) < BLOCK_RECORDS
        if at_end and records and any("\n" in cell or "\r" in cell for cell in records[-1]):
            start = began + _lines_of(lines, began, len(records) - 1, delimiter)
            if _is_unclosed(lines.all()[start:], delimiter):
                records.pop()
                torn = UNCLOSED_QUOTE
        if torn is not None:
            start = began + _lines_of(lines, began, len(records), delimiter)
            records.append(lines.all()[start].rstrip("\r\n").split(delimiter))
            yield records, {len(records) - 1: torn}
            return start + 1 if start + 1 < len(lines.all()) else None
        if records:
            yield records, {}
        if at_end:
            return None


def _is_unclosed(lines: list[str], delimiter: str) -> bool:
    try:
        list(csv.reader(lines, delimiter=delimiter, strict=True))
    except csv.Error as problem:
        return "unexpected end" in str(problem)
    return False


def _lines_of(lines: _Lines, position: int, records: int, delimiter: str) -> int:
    """Return how many lines the next `records` records take."""
    reader = csv.reader(lines.begin_at(position), delimiter=delimiter)
    for _ in islice(reader, records):
        pass
    return reader.line_num


class _Columns:
    """Gathers blocks of records into columns; the header is found on the way."""

    def __init__(self, score: HeaderScore | None) -> None:
        self._score = score
        self._seen = 0
        self._header: list[str] | None = None
        self._parts: list[list[Objects]] = []
        self._kept: dict[int, _Cells] = {}
        self._numbers: list[np.ndarray[tuple[int], np.dtype[np.int64]]] = []
        self.problems: dict[int, str] = {}
        self.count = 0
        self.header_row: int | None = None

    def add(self, records: list[Record], problems: dict[int, str]) -> None:
        first = self._seen + 1
        self._seen += len(records)
        if self._header is None:
            begin = self._find_header(records, first)
            if begin is None:
                return
            records, first = records[begin:], first + begin
            problems = {at - begin: why for at, why in problems.items() if at >= begin}
        self._add_rows(records, first, problems)

    def _find_header(self, records: list[Record], first: int) -> int | None:
        filled = [at for at, row in enumerate(records) if any(cell.strip() for cell in row)]
        if not filled:
            return None
        at = filled[header_position([records[row] for row in filled[:10]], self._score)]
        self._header = distinct([cell.strip() for cell in records[at]])
        self.header_row = first + at
        return at + 1

    def _add_rows(self, records: list[Record], first: int, problems: dict[int, str]) -> None:
        assert self._header is not None
        width = len(self._header)
        numbers = np.arange(first, first + len(records), dtype=np.int64)
        if set(map(len, records)) - {width}:
            for at, row in enumerate(records):
                if any(cell.strip() for cell in row[width:]):
                    problems.setdefault(at, TOO_MANY_FIELDS)
            padding = [""] * width
            records = [
                row if len(row) == width else (row + padding)[:width] for row in records
            ]  # fmt: skip
        columns = [
            self._kept.setdefault(at, _Cells()).plain(column)
            for at, column in enumerate(zip(*records, strict=True))
        ]
        if not columns:
            return
        empty = np.ones(len(records), dtype=bool)
        for column in columns:
            empty[empty] = ~present(column[empty])
            if not empty.any():
                break
        if empty.any():
            kept = np.flatnonzero(~empty)
            place = {int(row): at for at, row in enumerate(kept)}
            problems = {place[at]: why for at, why in problems.items() if at in place}
            columns = [column[kept] for column in columns]
            numbers = numbers[kept]
        self.problems |= {self.count + at: why for at, why in problems.items()}
        self.count += len(numbers)
        self._parts.append(columns)
        self._numbers.append(numbers)

    def finish(self, notes: ReadingNotes) -> RawTable:
        assert self._header is not None
        columns = {
            name: np.concatenate([part[at] for part in self._parts])
            for at, name in enumerate(self._header)
        }
        return RawTable(columns, np.concatenate(self._numbers), notes, problems=self.problems)


class _Cells:
    """Cells of one column without outer blanks, equal ones as one text while they often repeat.

    A code, a word or an address that stands in thousands of rows is then in memory once.
    """

    def __init__(self) -> None:
        self._known: _Known | None = _Known()
        self._count = 0

    def plain(self, column: Sequence[str]) -> Objects:
        """Return a block's cells, None where empty."""
        if self._known is None:
            cells = np.array(list(map(str.strip, column)), dtype=object)
            cells[cells == ""] = None
            return cells
        cells = np.array(list(map(self._known.__getitem__, column)), dtype=object)
        self._count += len(column)
        if len(self._known) > self._count * REPEATED_LEAST:
            self._known = None
        return cells


class _Known(dict[str, str | None]):
    """A cell as it stands → without outer blanks, None if nothing is left."""

    def __missing__(self, cell: str) -> str | None:
        plain = self[cell] = cell.strip() or None
        return plain

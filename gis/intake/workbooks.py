"""Excel and OpenDocument workbooks: the first sheet that is not hidden and not empty."""

import io
import zipfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import python_calamine

from gis.intake.cells import present
from gis.intake.errors import EmptyFileError, UnreadableFileError
from gis.intake.header import HeaderScore, distinct, header_position, joined_header
from gis.intake.model import Objects, RawTable, ReadingNotes

MAX_UNPACKED_BYTES = 1 << 30


def read_workbook(
    content: bytes, path: Path, *, sheet: str | None = None, score: HeaderScore | None = None
) -> RawTable:
    """Read a sheet of .xlsx, .xlsm, .xlsb, .xls or .ods: values, not formulas.

    Cells with an error of Excel's are missing. Row numbers are those of the sheet.

    Raises
    ------
    UnreadableFileError, EmptyFileError
        If it is no workbook, has no such sheet, or no row below its header.
    """
    _refuse_bomb(content, path)
    try:
        book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(content))
        name, rows, remarks = _rows(book, sheet, path)
    except (python_calamine.CalamineError, OSError, ValueError) as problem:
        raise UnreadableFileError(path, reason=f"it is no whole workbook ({problem})") from None
    filled = [at for at, row in enumerate(rows) if any(_value(cell) is not None for cell in row)]
    if not filled:
        raise EmptyFileError(path)
    head = [rows[row] for row in filled[:10]]
    names, last = joined_header(head, header_position(head, score), score)
    at = filled[last]
    kept = [row for row in filled if row > at]
    if not kept:
        raise EmptyFileError(path)
    header = distinct([_title(cell) for cell in names])
    columns: dict[str, Objects] = {}
    for place, title in enumerate(header):
        cells = np.empty(len(kept), dtype=object)
        cells[:] = [_value(rows[row][place]) for row in kept]
        if title or present(cells).any():
            columns[title] = cells
    notes = ReadingNotes(format="workbook", sheet=name, header_row=at + 1, remarks=remarks)
    return RawTable(columns, np.array(kept, dtype=np.int64) + 1, notes)


def _rows(
    book: python_calamine.CalamineWorkbook, sheet: str | None, path: Path
) -> tuple[str, Sequence[Sequence[Any]], tuple[str, ...]]:
    shown = [
        known.name for known in book.sheets_metadata
        if known.visible == python_calamine.SheetVisibleEnum.Visible
        and known.typ == python_calamine.SheetTypeEnum.WorkSheet
    ]  # fmt: skip
    if sheet is not None:
        if sheet not in book.sheet_names:
            names = ", ".join(book.sheet_names)
            raise UnreadableFileError(path, reason=f"it has no sheet “{sheet}”, only {names}")
        return sheet, book.get_sheet_by_name(sheet).to_python(skip_empty_area=False), ()
    for name in shown:
        rows = book.get_sheet_by_name(name).to_python(skip_empty_area=False)
        if rows:
            others = [other for other in shown if other != name]
            told = f"Only the sheet “{name}” was read, not {', '.join(others)}."
            return name, rows, (told,) if others else ()
    raise EmptyFileError(path)


def _value(cell: Any) -> Any:
    if isinstance(cell, str):
        return cell.strip() or None
    return cell


def _title(cell: Any) -> str:
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell).strip()


def _refuse_bomb(content: bytes, path: Path) -> None:
    if not content.startswith(b"PK"):
        return
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            size = sum(part.file_size for part in packed.infolist())
    except zipfile.BadZipFile:
        raise UnreadableFileError(path, reason="it is no whole workbook") from None
    if size > MAX_UNPACKED_BYTES:
        raise UnreadableFileError(path, reason="it unpacks to more than 1 GiB")

"""A file of cases or counts, read as rows and cleaned of what only means “empty”."""

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy.typing as npt

from gis.intake.columns import header_score
from gis.intake.model import RawTable
from gis.intake.read import read_table
from surveillance.intake.fhir import is_bundle, read_bundle
from surveillance.intake.mapping import SCHEMAS, SourceMapping, is_report_card, report_card

EMPTY = frozenset({".", "．", "·"})
"""What exports write where there is nothing."""
APOSTROPHES = "'’‘`"
"""A spreadsheet's sign that digits are text."""
_ODD = re.compile(f"\n(?:[{APOSTROPHES}]|[{''.join(sorted(EMPTY))}]\n)")


@dataclass(frozen=True, slots=True)
class Rows:
    """Rows of a file, and the mapping that they are read by."""

    raw: RawTable
    mapping: SourceMapping
    told: tuple[str, ...]


def read_rows(path: Path, mapping: SourceMapping | None) -> Rows:
    """Read a file; without a mapping, one of report cards is known by its header.

    Raises
    ------
    EmptyFileError, UnreadableFileError, UnsupportedFormatError, BundleRefusedError
    """
    chosen = mapping or SourceMapping()
    if path.is_file() and is_bundle(path):
        return Rows(read_bundle(path), SourceMapping(time_zone=chosen.time_zone), ())
    raw = read_table(path, options=chosen.reading(), score=header_score(SCHEMAS[chosen.kind]))
    told: tuple[str, ...] = ()
    if mapping is None and is_report_card(list(raw.columns)):
        chosen = report_card()
        told = ("Read by the built-in mapping of the national report card (a guess).",)
    return Rows(cleaned(raw), chosen, told)


def cleaned(raw: RawTable) -> RawTable:
    """Empty the cells that only mean so, and take the apostrophe from before digits, in place."""
    for cells in raw.columns.values():
        if cells.dtype == object:
            _clean(cells)
    return raw


def _clean(cells: npt.NDArray[Any]) -> None:
    plain = cells.tolist()
    # Most columns have nothing to clean, and their text as a whole says so at once.
    if _ODD.search("\n".join(["", *[cell for cell in plain if isinstance(cell, str)], ""])):
        cells[:] = [_meant(cell) if isinstance(cell, str) else cell for cell in plain]


def _meant(cell: str) -> str | None:
    if cell in EMPTY:
        return None
    return cell.lstrip(APOSTROPHES) or cell if cell[0] in APOSTROPHES else cell

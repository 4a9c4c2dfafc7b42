"""What a table is declared by, how it stands in its file, and what taking it in gives."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

if TYPE_CHECKING:
    import pandas as pd

Objects = npt.NDArray[np.object_]
"""(n,) cells of one column: text or the file's own values, missing ones None."""

GeometryArray = npt.NDArray[np.object_]
"""(n,) shapely geometries, None where there is none."""

REJECT_COLUMNS = ("row_number", "reason")


class Kind(StrEnum):
    """What the values of a field are."""

    TEXT = "text"
    NUMBER = "number"
    WHOLE = "whole"
    FLAG = "flag"
    CHOICE = "choice"
    DAY = "day"
    MOMENT = "moment"


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """One field of a schema.

    `synonyms` are header names, the better one first, compared without case, signs and blanks.
    `label` stands in the reasons (“the number of beds”). `unit` is the UCUM code that values are
    brought to, from the unit named in a cell or in the header. `lowest` and `highest` bound
    numbers, `earliest` and `latest` days, all inclusive. `choices` are the folded words of a
    CHOICE and what they mean. `check` turns one text into its stored form or raises
    `InvalidInputError`, whose sentence becomes the reason. `grouped` is false for numbers that are
    never written with separators between thousands, so that 114,050 can only be a decimal.

    A value that cannot be used costs its field; if the field is `required` or `costs_row`, its row.
    A missing value costs the row of a required field only.
    """

    name: str
    kind: Kind = Kind.TEXT
    label: str = ""
    required: bool = False
    costs_row: bool = False
    synonyms: tuple[str, ...] = ()
    unit: str | None = None
    lowest: float | None = None
    highest: float | None = None
    earliest: date = date(1900, 1, 1)
    latest: date = date(2100, 12, 31)
    choices: Mapping[str, str] = field(default_factory=dict)
    check: Callable[[str], Any] | None = None
    grouped: bool = True
    max_length: int = 4_000

    @property
    def what(self) -> str:
        """Return how a reason names the field."""
        return self.label or self.name.replace("_", " ")


@dataclass(frozen=True, slots=True)
class Family:
    """Columns that are found by a pattern, such as one for each age band.

    `find` gives member → column of a header; each is parsed as `field`, its name in the label.
    """

    name: str
    find: Callable[[Sequence[str]], Mapping[str, str]]
    field: Field


@dataclass(frozen=True, slots=True, kw_only=True)
class Schema:
    """The fields of one kind of table.

    `key` names the fields that make a row unique within a file; a later row with the same values
    is rejected. With `placed`, a geometry or a longitude and a latitude are looked for as well, a
    row without is rejected, and the datum must be declared. `area_field` is the field that names
    the district a row lies in, against which the datum is checked.
    """

    fields: tuple[Field, ...]
    placed: bool = False
    key: tuple[str, ...] = ()
    area_field: str | None = None
    families: tuple[Family, ...] = ()


@dataclass(frozen=True, slots=True)
class ReadingNotes:
    """How a file was read: what was recognised and what was guessed."""

    format: str
    encoding: str | None = None
    encoding_guessed: bool = False
    delimiter: str | None = None
    sheet: str | None = None
    header_row: int | None = None
    remarks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class RawTable:
    """Rows as they stand in the file.

    `columns`: header → (n,) cells, in the order of the file, names distinct; typed arrays where
    the format has types. `row_number`: (n,) what a person sees in a spreadsheet (first row = 1)
    for text and workbooks, the row's number from 1 for others. `geometry`: None as a whole if the
    file has none of its own. `problems`: row index → why the row could not even be read.
    """

    columns: Mapping[str, npt.NDArray[Any]]
    row_number: npt.NDArray[np.int64]
    notes: ReadingNotes
    geometry: GeometryArray | None = None
    problems: Mapping[int, str] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.row_number)

    def frame(self, rows: npt.NDArray[np.int64]) -> "pd.DataFrame":
        """Return some rows as they stood, for a person to mend."""
        import pandas as pd

        return pd.DataFrame(
            {name: pd.Series(cells[rows], dtype=object) for name, cells in self.columns.items()},
            index=range(len(rows)), columns=pd.Index(list(self.columns), dtype=object),
        )  # fmt: skip


class How(StrEnum):
    """How a field came to its column."""

    GIVEN = "given"
    GUESSED = "guessed"
    CONSTANT = "constant"


@dataclass(frozen=True, slots=True)
class ColumnUse:
    """Which column serves a field. `also` are columns that would have fitted as well."""

    field: str
    column: str
    how: How
    also: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Report:
    """What happened to a file. `rows_read` = `rows_accepted` + `rows_rejected`, always.

    `rows_repeated` are those of the rejected that stand twice; `fields_lost` counts single values
    that could not be used while their row was.
    """

    notes: ReadingNotes
    rows_read: int
    rows_accepted: int
    rows_rejected: int
    rows_repeated: int
    fields_lost: int
    columns: tuple[ColumnUse, ...]
    columns_unused: tuple[str, ...]
    remarks: tuple[str, ...]

    def sentences(self) -> list[str]:
        """Return the report for a person, guesses first."""
        notes = self.notes
        counts = (
            f"{self.rows_read:,} rows read: {self.rows_accepted:,} can be stored, "
            f"{self.rows_rejected:,} rejected ({self.rows_repeated:,} of them repeated); "
            f"{self.fields_lost:,} single values left out."
        )
        read_as = [notes.format]
        if notes.encoding is not None:
            read_as.append(f"{notes.encoding}{' (a guess)' if notes.encoding_guessed else ''}")
        if notes.delimiter is not None:
            read_as.append(f"separated by {DELIMITER_NAMES[notes.delimiter]}")
        if notes.sheet is not None:
            read_as.append(f"sheet “{notes.sheet}”")
        told = [counts, f"Read as {', '.join(read_as)}."]
        for use in self.columns:
            also = f" (not {', '.join(f'“{name}”' for name in use.also)})" if use.also else ""
            told.append(f"{use.field}: {use.how} “{use.column}”{also}")
        if self.columns_unused:
            told.append(f"Not used: {', '.join(self.columns_unused)}.")
        return [*told, *self.remarks]


DELIMITER_NAMES = {",": "commas", ";": "semicolons", "\t": "tabs", "|": "bars"}


@dataclass(frozen=True, slots=True)
class Intake:
    """A file taken in: nothing is stored yet, so this is its own dry run.

    `table`: accepted rows; one column per field of the schema: TEXT and CHOICE objects (None
    missing), NUMBER float64 (NaN), WHOLE Int64, FLAG boolean, DAY datetime64[us], MOMENT
    datetime64[us, UTC]. `row_number`, `geometry`, `lon`, `lat`: (n,) beside it, WGS-84; geometry
    None and degrees NaN without a place. `index`: (n,) row of `raw` each came from.
    `families`: name → a frame like `table`, one column per member. `reasons`: row of `raw` → why
    it is rejected. `lost_fields`: `row_number`, `field`, `value`, `reason`.
    """

    table: "pd.DataFrame"
    families: "Mapping[str, pd.DataFrame]"
    row_number: npt.NDArray[np.int64]
    index: npt.NDArray[np.int64]
    geometry: GeometryArray
    lon: npt.NDArray[np.float64]
    lat: npt.NDArray[np.float64]
    reasons: Mapping[int, str]
    lost_fields: "pd.DataFrame"
    report: Report
    raw: RawTable

    @property
    def rejects(self) -> "pd.DataFrame":
        """Return `REJECT_COLUMNS`, then the original columns as they stood, in the file's order."""
        import pandas as pd

        rows = np.array(sorted(self.reasons), dtype=np.int64)
        rejects = self.raw.frame(rows)
        told = pd.Series([self.reasons[row] for row in rows.tolist()], dtype=object)
        number_name, reason_name = REJECT_COLUMNS
        rejects.insert(0, reason_name, told, allow_duplicates=True)
        rejects.insert(0, number_name, self.raw.row_number[rows], allow_duplicates=True)
        return rejects

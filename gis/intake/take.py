"""Take a file in by its schema: every row accepted or rejected, every lost value told."""

import csv
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

from gis.datum import Datum, parse_datum
from gis.intake.cells import Parsed, as_texts, shown, text_of
from gis.intake.columns import (
    CONSTANT_MARK,
    FoundColumns,
    find_columns,
    header_score,
)
from gis.intake.errors import ColumnMissingError
from gis.intake.model import (
    ColumnUse,
    Field,
    How,
    Intake,
    Kind,
    RawTable,
    Report,
    Schema,
)
from gis.intake.moments import TimeOptions, parse_moments
from gis.intake.numbers import parse_numbers
from gis.intake.places import (
    Bounds,
    Placed,
    check_places,
    place_from_columns,
    place_from_geometry,
)
from gis.intake.read import ReadingOptions, read_table
from gis.intake.words import parse_choices, parse_flags, parse_texts

LOST_COLUMNS = ("row_number", "field", "value", "reason")
REPEATED = "the same entry stands in row {row}"


@dataclass(frozen=True, slots=True)
class IntakeOptions:
    """What the person says about a file; what is left out is found out, and told.

    `datum` has no default: it is required where rows lie somewhere. `mapping` names the column of
    a field, or gives a constant for all rows (`{"kind": "=hospital"}`; `=` alone is no value).
    """

    datum: Datum | str | None = None
    mapping: Mapping[str, str] = field(default_factory=dict)
    reading: ReadingOptions = field(default_factory=ReadingOptions)
    time: TimeOptions = field(default_factory=TimeOptions)
    bounds: Bounds = field(default_factory=Bounds)


def take_in(path: Path, schema: Schema, options: IntakeOptions) -> Intake:
    """Read a file, find its columns, parse every field and sort its rows.

    A value that cannot be used costs its field, or its row where the field says so; rows that
    stand twice by the key of the schema are rejected after the first. Nothing is stored here.

    Raises
    ------
    DatumRequiredError, DatumMismatchError, EmptyFileError, UnreadableFileError,
    UnsupportedFormatError, ColumnMissingError, UnknownFieldError
        The file is refused as a whole; each says what to change.
    """
    # Said before a large file is read for nothing.
    if schema.placed:
        parse_datum(options.datum)
    options.time.zone()
    raw = read_table(path, options=options.reading, score=header_score(schema))
    return take_rows(raw, schema, options, path=path)


def take_rows(raw: RawTable, schema: Schema, options: IntakeOptions, *, path: Path) -> Intake:
    """Take in rows that were read already, as `take_in` does; `path` is only what they are called.

    Raises
    ------
    DatumRequiredError, DatumMismatchError, ColumnMissingError, UnknownFieldError
        The file is refused as a whole; each says what to change.
    """
    datum = parse_datum(options.datum) if schema.placed else None
    options.time.zone()
    columns = list(raw.columns)
    found = find_columns(schema, columns, mapping=options.mapping, datum=datum, path=path)
    work = _Work(raw, found, options, path)
    if datum is not None:
        work.place(schema, datum)
    for known in schema.fields:
        work.parse(known)
    for family in schema.families:
        members = family.find(found.unused)
        for member, column in members.items():
            what = replace(family.field, name=member, label=f"{family.field.what} {member}")
            work.parse(what, use=ColumnUse(member, column, How.GUESSED), family=family.name)
        work.families.setdefault(family.name, {})
    return _refuse_repeated(work.finish(schema), schema)


def refuse(intake: Intake, reasons: Mapping[int, str], *, repeated: int = 0) -> Intake:
    """Move accepted rows to the rejects: position in `table` → reason. Lost fields go with them.

    `repeated` says how many of them are refused because they stand twice.
    """
    if not reasons:
        return intake
    out = np.zeros(len(intake.table), dtype=bool)
    out[list(reasons)] = True
    more = {int(intake.index[position]): why for position, why in reasons.items()}
    return _kept(intake, ~out, {**intake.reasons, **more}, repeated)


def repeated_rows(keys: pd.DataFrame, row_number: npt.NDArray[np.int64]) -> dict[int, str]:
    """Return position → reason for rows whose `keys` (n rows) an earlier row has; None differs."""
    complete = keys.notna().all(axis=1).to_numpy()
    groups = keys[complete].groupby(list(keys.columns), sort=False, observed=True).ngroup()
    positions = np.flatnonzero(complete)
    _, first = np.unique(groups.to_numpy(), return_index=True)
    first_of = positions[first][groups.to_numpy()] if len(positions) else positions
    again = positions != first_of
    return {
        position: REPEATED.format(row=row_number[original])
        for position, original in zip(
            positions[again].tolist(), first_of[again].tolist(), strict=True
        )
    }


def write_rejects(rejects: pd.DataFrame, path: Path) -> None:
    """Write rejects as CSV (UTF-8 with a mark that Excel reads), row number and reason first.

    A cell that a spreadsheet would run as a formula gets an apostrophe before it.
    """
    safe = rejects.map(_harmless)
    safe.to_csv(path, index=False, encoding="utf-8-sig", quoting=csv.QUOTE_MINIMAL,
                errors="replace")  # fmt: skip


def _harmless(cell: Any) -> Any:
    formula = isinstance(cell, str) and cell[:1] in {"=", "@", "\t"}
    return f"'{cell}" if formula else cell


class _Work:
    """One file on its way: what each column gave, and why rows and values fell out."""

    def __init__(
        self, raw: RawTable, found: FoundColumns, options: IntakeOptions, path: Path
    ) -> None:
        self._raw, self._found, self._options, self._path = raw, found, options, path
        self._reasons: dict[int, list[str]] = {row: [why] for row, why in raw.problems.items()}
        self._torn = frozenset(raw.problems)
        self._lost: list[tuple[int, str, str, str]] = []
        self._values: dict[str, Any] = {}
        self.families: dict[str, dict[str, Any]] = {}
        self._uses = list(found.uses.values())
        self._remarks: list[str] = list(raw.notes.remarks)
        self._placed: Placed | None = None

    def place(self, schema: Schema, datum: Datum) -> None:
        """Find where the rows lie, in WGS-84."""
        placed = self._find_place()
        for row in self._torn:
            placed.problems[row] = self._raw.problems[row]
        stated = None
        if schema.area_field is not None and schema.area_field in self._found.uses:
            stated = as_texts(self._cells(self._found.uses[schema.area_field])).tolist()
        check_places(placed, datum=datum, bounds=self._options.bounds, stated=stated)
        for row, why in placed.problems.items():
            self._refuse(row, why)
        self._placed = placed

    def _find_place(self) -> Placed:
        if self._raw.geometry is not None:
            return place_from_geometry(self._raw.geometry)
        uses = self._found.uses
        if "lon" in uses and "lat" in uses:
            return place_from_columns(self._cells(uses["lon"]), self._cells(uses["lat"]))
        if "geometry" in uses:
            written = as_texts(self._cells(uses["geometry"]))
            shapes = shapely.from_wkt(written, on_invalid="ignore")
            return place_from_geometry(np.asarray(shapes, dtype=object))
        columns = list(self._raw.columns)
        raise ColumnMissingError(self._path, "longitude and latitude", columns=columns)

    def parse(self, field: Field, *, use: ColumnUse | None = None, family: str = "") -> None:
        """Parse the column of a field; without one all its values are missing."""
        known = use or self._found.uses.get(field.name)
        if use is not None:
            self._uses.append(use)
        cells = np.full(len(self._raw), None, dtype=object) if known is None else self._cells(known)
        header = "" if known is None else known.column
        parsed = PARSERS[field.kind](cells, field, header, self._options.time)
        self._remarks += parsed.remarks
        place = self.families.setdefault(family, {}) if family else self._values
        place[field.name] = parsed.values
        for row, why in sorted(parsed.problems.items()):
            if field.required or field.costs_row:
                self._refuse(row, why)
            else:
                value = shown(text_of(cells[row]) or "")
                self._lost.append((row, field.name, value, why))
        if field.required:
            for row in np.flatnonzero(pd.isna(parsed.values)).tolist():
                if row not in parsed.problems:
                    self._refuse(row, f"{field.what} is missing")

    def finish(self, schema: Schema) -> Intake:
        """Sort the rows."""
        raw = self._raw
        reasons = {row: "; ".join(dict.fromkeys(whys)) for row, whys in self._reasons.items()}
        fine = np.ones(len(raw), dtype=bool)
        fine[list(reasons)] = False
        table = pd.DataFrame({f.name: _series(self._values[f.name]) for f in schema.fields})
        families = {
            name: pd.DataFrame(
                {m: _series(values) for m, values in members.items()}, index=range(len(raw))
            )
            for name, members in self.families.items()
        }
        nowhere = np.full(len(raw), np.nan)
        placed = self._placed or Placed(
            np.full(len(raw), None, dtype=object), nowhere, nowhere, {}
        )  # fmt: skip
        lost = pd.DataFrame(
            [(raw.row_number[row], *rest) for row, *rest in self._lost],
            columns=list(LOST_COLUMNS), dtype=object,
        )  # fmt: skip
        used = {use.column for use in self._uses}
        report = Report(
            notes=raw.notes, rows_read=len(raw), rows_accepted=len(raw), rows_rejected=0,
            rows_repeated=0, fields_lost=len(lost), columns=tuple(self._uses),
            columns_unused=tuple(name for name in raw.columns if name not in used),
            remarks=tuple(dict.fromkeys(self._remarks)),
        )  # fmt: skip
        whole = Intake(
            table, families, raw.row_number, np.arange(len(raw)), placed.geometry, placed.lon,
            placed.lat, reasons, lost, report, raw,
        )  # fmt: skip
        return _kept(whole, fine, reasons, 0)

    def _refuse(self, row: int, why: str) -> None:
        # Of a torn row the cells stand in wrong columns: what they say is no reason.
        whys = self._reasons.setdefault(row, [])
        if row not in self._torn:
            whys.append(why)

    def _cells(self, use: ColumnUse) -> npt.NDArray[Any]:
        if use.how is How.CONSTANT:
            constant = use.column.removeprefix(CONSTANT_MARK) or None
            return np.full(len(self._raw), constant, dtype=object)
        return self._raw.columns[use.column]


def _series(values: Any) -> "pd.Series[Any]":
    if isinstance(values, np.ndarray) and values.dtype == object:
        return pd.Series(values, dtype=object)
    return pd.Series(values)


def _refuse_repeated(intake: Intake, schema: Schema) -> Intake:
    if not schema.key:
        return intake
    reasons = repeated_rows(intake.table[list(schema.key)], intake.row_number)
    return refuse(intake, reasons, repeated=len(reasons))


def _kept(
    intake: Intake, kept: npt.NDArray[np.bool_], reasons: Mapping[int, str], repeated: int
) -> Intake:
    numbers = intake.row_number[kept]
    lost = intake.lost_fields
    lost = lost[lost["row_number"].isin(numbers)].reset_index(drop=True)
    report = replace(
        intake.report, rows_accepted=len(numbers), rows_rejected=len(reasons),
        rows_repeated=intake.report.rows_repeated + repeated, fields_lost=len(lost),
    )  # fmt: skip
    families = {name: frame[kept].reset_index(drop=True) for name, frame in intake.families.items()}
    return Intake(
        intake.table[kept].reset_index(drop=True), families, numbers, intake.index[kept],
        intake.geometry[kept], intake.lon[kept], intake.lat[kept], reasons, lost, report,
        intake.raw,
    )  # fmt: skip


Parser = Callable[[npt.NDArray[Any], Field, str, TimeOptions], Parsed]

PARSERS: Mapping[Kind, Parser] = {
    Kind.TEXT: lambda cells, field, _header, _time: parse_texts(cells, field),
    Kind.NUMBER: lambda cells, field, header, _time: parse_numbers(cells, field, header=header),
    Kind.WHOLE: lambda cells, field, header, _time: parse_numbers(cells, field, header=header),
    Kind.FLAG: lambda cells, field, _header, _time: parse_flags(cells, field),
    Kind.CHOICE: lambda cells, field, _header, _time: parse_choices(cells, field),
    Kind.DAY: lambda cells, field, _header, time: parse_moments(cells, field, time),
    Kind.MOMENT: lambda cells, field, _header, time: parse_moments(cells, field, time),
}
"""Kind → parser of a whole column."""

"""Take a file of cases or counts in: read, understand, store; nothing of it is half stored."""

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from gis.cities import require_city
from gis.database import UnitOfWork, WritingUnitOfWork
from gis.events import NewEvent
from gis.intake.model import Intake, Kind, Schema
from gis.intake.take import IntakeOptions, take_rows
from gis.pseudonyms.keys import PseudonymKeys
from gis.text_fold import fold
from surveillance.cases import repository as cases
from surveillance.cases.errors import AsOfInFutureError, CaseSourceKindError
from surveillance.cases.model import Counts, ImportView, RejectView, Reports, Stored
from surveillance.cases.repository_review import find_doubles
from surveillance.counting.repository import area_codes
from surveillance.counting.repository_counts import declare_frame, learn_frame
from surveillance.diseases.table import disease_table
from surveillance.intake import repository
from surveillance.intake.compose import Surroundings, compose
from surveillance.intake.counted import CountSurroundings, compose_counts
from surveillance.intake.errors import PointsWithoutDatumError
from surveillance.intake.mapping import SCHEMAS, Frame, SourceMapping, columns_for, mapping_of
from surveillance.intake.places import Areas
from surveillance.intake.reading import Rows, read_rows

Progress = Callable[[str, float], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """What a person hands in: a file, of which source of which city, exported when.

    mapping : None takes what the source remembers, else what the header shows
    as_of : None is now
    """

    path: Path
    file_name: str
    city_id: int
    source: str
    mapping: SourceMapping | None = None
    as_of: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What is known of the city before its file is read."""

    source_kind: str | None
    mapping: SourceMapping | None
    areas: Areas
    gazetteer: Mapping[str, tuple[float, float]]
    time_zone: str
    as_of: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Prepared:
    """A file understood, before anything is stored: its own dry run."""

    mapping: SourceMapping
    intake: Intake
    sha256: bytes
    as_of: datetime
    reports: Reports | None
    counts: Counts | None
    told: tuple[str, ...] = field(default=())


def look_up(uow: UnitOfWork, given: Given) -> Known:
    """Return what is known of the city and the source.

    Raises
    ------
    CityUnknownError, AsOfInFutureError
    """
    require_city(uow, given.city_id)
    now = uow.clock.now()
    if given.as_of is not None and given.as_of > now:
        raise AsOfInFutureError
    source = cases.find_source(uow.session, given.city_id, given.source)
    remembered = mapping_of(source.mapping, disease_table()) if source and source.mapping else None
    return Known(
        source_kind=None if source is None else source.kind,
        mapping=given.mapping or remembered,
        areas=repository.areas_of(uow.session, given.city_id),
        gazetteer=repository.gazetteer_of(uow.session, given.city_id),
        time_zone=repository.time_zone_of(uow.session, given.city_id),
        as_of=given.as_of or now,
    )


def prepare(
    given: Given, known: Known, keys: PseudonymKeys, *, progress: Progress = lambda *_: None
) -> Prepared:
    """Read a file and understand it; no database is asked.

    Raises
    ------
    EmptyFileError, UnreadableFileError, UnsupportedFormatError, ColumnMissingError,
    UnknownFieldError, UnknownTimeZoneError, BundleRefusedError, PointsWithoutDatumError,
    DatumMismatchError, CaseSourceKindError
        The file is refused as a whole; each says what to change.
    """
    progress("reading", 0.0)
    rows = read_rows(given.path, known.mapping)
    mapping = rows.mapping
    if known.source_kind not in (None, mapping.kind):
        raise CaseSourceKindError(given.source, str(known.source_kind))
    progress("understanding", 0.3)
    time = mapping.time(known.time_zone)
    zone = time.zone()
    schema = _no_later_than(known.as_of.astimezone(zone).date(), SCHEMAS[mapping.kind])
    options = IntakeOptions(mapping=columns_for(mapping, list(rows.raw.columns)), time=time)
    intake = take_rows(rows.raw, schema, options, path=given.path)
    sha256 = _digest(given.path)
    named = {fold(word): code for word, code in mapping.diseases.items()}
    if mapping.kind == "counts":
        last_day = np.datetime64(known.as_of.astimezone(zone).date(), "D")
        counted = compose_counts(
            intake,
            CountSurroundings(
                areas=known.areas, table=disease_table(), last_day=last_day,
                week_system=mapping.week_system, date_basis=mapping.date_basis,
                place_basis=mapping.place_basis, diseases_named=named,
            ),
        )  # fmt: skip
        return _prepared(rows, counted.intake, sha256, known, counts=counted.counts)
    if mapping.datum is None and _has_points(intake) and not intake.table["datum"].notna().any():
        raise PointsWithoutDatumError(given.path)
    progress("finding places", 0.5)
    composed = compose(
        intake,
        Surroundings(
            areas=known.areas, gazetteer=known.gazetteer, table=disease_table(), keys=keys,
            time_zone=time.time_zone, as_of=known.as_of, datum=mapping.datum, diseases_named=named,
        ),
    )  # fmt: skip
    return _prepared(rows, composed.intake, sha256, known, reports=composed.reports)


def store(uow: WritingUnitOfWork, given: Given, prepared: Prepared, *, by: str) -> ImportView:
    """Store what was prepared, and remember how the source is read; return the import.

    A file whose bytes were taken in already changes nothing: its first import is returned.

    Raises
    ------
    CaseSourceKindError
    """
    now = uow.clock.now()
    mapping, intake = prepared.mapping, prepared.intake
    source = cases.lock_source(
        uow.session, given.city_id, given.source, kind=mapping.kind, at=now, by=by
    )
    if source.kind != mapping.kind:
        raise CaseSourceKindError(given.source, source.kind)
    before = cases.import_of(uow.session, source.source_id, prepared.sha256)
    if before is not None:
        return before
    as_of = cases.free_moment(uow.session, source.source_id, prepared.as_of)
    import_id = uow.ids.new()
    cases.open_import(
        uow.session, import_id, source_id=source.source_id, file_name=given.file_name,
        sha256=prepared.sha256, as_of=as_of, at=now, by=by,
    )  # fmt: skip
    where: Mapping[str, Any] = {
        "city_id": given.city_id, "source_id": source.source_id, "import_id": import_id,
        "as_of": as_of, "at": now,
    }  # fmt: skip
    stored = Stored()
    if prepared.reports is not None:
        stored = cases.store_reports(uow.session, prepared.reports, **where)
        if stored.new or stored.revised:
            find_doubles(uow.session, given.city_id, at=now)
    if prepared.counts is not None:
        stored = cases.store_counts(uow.session, prepared.counts, **where)
    if mapping.frame is not None:
        declare_frame(
            uow.session,
            source.source_id,
            rhythm=mapping.frame.rhythm,
            since=mapping.frame.since,
            areas=_reporting_areas(uow, given.city_id, mapping.frame),
        )
    if mapping.kind == "counts":
        learn_frame(uow.session, source.source_id)
    report = intake.report
    cases.close_import(
        uow.session, import_id, stored, repeated=report.rows_repeated,
        rejected=report.rows_rejected - report.rows_repeated, fields_lost=report.fields_lost,
        told=prepared.told,
    )  # fmt: skip
    cases.add_rejects(uow.session, import_id, rejects(intake), at=now)
    cases.remember_mapping(uow.session, source.source_id, mapping.as_json())
    uow.emit(
        NewEvent(
            "case_source", str(source.source_id), "cases.imported",
            {"import_id": str(import_id), "rows": report.rows_read, "new": stored.new,
             "revised": stored.revised + stored.deleted, "rejected": report.rows_rejected},
            now, city_id=given.city_id,
        )
    )  # fmt: skip
    found = cases.find_import(uow.session, import_id)
    assert found is not None
    return found


def _reporting_areas(uow: WritingUnitOfWork, city_id: int, frame: Frame) -> Sequence[str | None]:
    if frame.areas is None:
        return [None]
    if isinstance(frame.areas, str):
        return area_codes(uow.session, city_id, level=frame.areas).codes
    return frame.areas


def rejects(intake: Intake) -> list[RejectView]:
    """Return refused rows with their cells, and values left out of rows that are stored."""
    frame = intake.rejects
    names = list(frame.columns[2:])
    rows = [
        RejectView(
            row_number=int(row[0]), field=None, reason=str(row[1]),
            cells={name: _plain(cell) for name, cell in zip(names, row[2:], strict=True)
                   if _plain(cell) is not None},
        )
        for row in frame.itertuples(index=False, name=None)
    ]  # fmt: skip
    values = [
        RejectView(
            row_number=int(number), field=str(name), reason=str(why), cells={str(name): str(value)}
        )
        for number, name, value, why in intake.lost_fields.itertuples(index=False, name=None)
    ]
    return sorted([*rows, *values], key=lambda one: (one.row_number, one.field or ""))


def _prepared(
    rows: Rows, intake: Intake, sha256: bytes, known: Known, *,
    reports: Reports | None = None, counts: Counts | None = None,
) -> Prepared:  # fmt: skip
    return Prepared(
        mapping=rows.mapping, intake=intake, sha256=sha256, as_of=known.as_of, reports=reports,
        counts=counts, told=(*rows.told, *intake.report.sentences()),
    )  # fmt: skip


def _no_later_than(last: date, schema: Schema) -> Schema:
    """Return the schema whose days and times end with the file's own day."""
    return replace(
        schema,
        fields=tuple(
            replace(one, latest=last) if one.kind in {Kind.DAY, Kind.MOMENT} else one
            for one in schema.fields
        ),
    )


def _has_points(intake: Intake) -> bool:
    return bool((intake.table["lon"].notna() & intake.table["lat"].notna()).any())


def _digest(path: Path) -> bytes:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").digest()


def _plain(cell: Any) -> str | None:
    if cell is None or (isinstance(cell, float) and cell != cell) or cell is pd.NaT:  # noqa: PLR0124
        return None
    return "".join(
        char for char in str(cell)[:4_000] if char != "\0" and not "\ud800" <= char <= "\udfff"
    )

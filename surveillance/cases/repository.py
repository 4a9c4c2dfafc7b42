"""All SQL of sources, imports and versions of cases: bulk by COPY, one import of a source a time.

A report is stored once for each thing it said: `stated_at` and the content's digest tell whether it
is known already. So the same reports, in whatever order their files come, make the same versions.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import numpy as np
from psycopg import Connection as PsycopgConnection
from psycopg import sql
from sqlalchemy import insert, select, text, update
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.orm import Session

from gis.rows import view_of
from gis.tables.surveillance import CaseImport, CaseReject, CaseSource
from surveillance.cases.copying import lines
from surveillance.cases.model import (
    CONTENT,
    COUNT_KEY,
    DETAILS,
    PERSON,
    Counts,
    ImportView,
    RejectView,
    Reports,
    SourceView,
    Stored,
)

ONE_TICK = timedelta(microseconds=1)
SAME_CASE_DAYS = 60
"""Reports of a person and disease so near to one another are of one case, as for likely doubles."""


def find_source(session: Session, city_id: int, name: str) -> SourceView | None:
    """Return the source of a name, None if there is none."""
    row = session.execute(
        _SOURCES.where(CaseSource.city_id == city_id, CaseSource.name == name)
    ).one_or_none()
    return view_of(SourceView, row) if row else None


def list_sources(session: Session, city_id: int) -> list[SourceView]:
    """Return the sources of a city by name."""
    rows = session.execute(
        _SOURCES.where(CaseSource.city_id == city_id).order_by(CaseSource.name)
    )  # fmt: skip
    return [view_of(SourceView, row) for row in rows]


def lock_source(
    session: Session, city_id: int, name: str, *, kind: str, at: datetime, by: str
) -> SourceView:
    """Return the source of a name, made if it is not there, locked for this transaction.

    Two imports of a source follow one another: which reports are new is told by what is stored.
    """
    session.execute(
        upsert(CaseSource)
        .values(city_id=city_id, name=name, kind=kind, created_at=at, created_by=by)
        .on_conflict_do_nothing()
    )
    row = session.execute(
        _SOURCES.where(CaseSource.city_id == city_id, CaseSource.name == name).with_for_update()
    ).one()
    return view_of(SourceView, row)


def remember_mapping(session: Session, source_id: int, mapping: Mapping[str, Any]) -> None:
    """Keep how the columns of a source are read."""
    session.execute(
        update(CaseSource).where(CaseSource.source_id == source_id).values(mapping=dict(mapping))
    )


def import_of(session: Session, source_id: int, sha256: bytes) -> ImportView | None:
    """Return the import of a file with these bytes, None if it was not taken in."""
    row = session.execute(
        _IMPORTS.where(CaseImport.source_id == source_id, CaseImport.sha256 == sha256)
    ).one_or_none()
    return view_of(ImportView, row) if row else None


def find_import(session: Session, import_id: UUID) -> ImportView | None:
    """Return one import, None if there is none."""
    row = session.execute(_IMPORTS.where(CaseImport.import_id == import_id)).one_or_none()
    return view_of(ImportView, row) if row else None


def list_imports(session: Session, city_id: int, *, limit: int) -> list[ImportView]:
    """Return the imports of a city, the newest first."""
    rows = session.execute(
        _IMPORTS.where(CaseSource.city_id == city_id)
        .order_by(CaseImport.imported_at.desc(), CaseImport.import_id)
        .limit(limit)
    )
    return [view_of(ImportView, row) for row in rows]


def free_moment(session: Session, source_id: int, as_of: datetime) -> datetime:
    """Return `as_of`, or the first moment after it at which no file of the source stands."""
    taken = set(
        session.scalars(
            select(CaseImport.as_of).where(
                CaseImport.source_id == source_id, CaseImport.as_of >= as_of
            )
        )
    )
    while as_of in taken:
        as_of += ONE_TICK
    return as_of


def open_import(
    session: Session,
    import_id: UUID,
    *,
    source_id: int,
    file_name: str,
    sha256: bytes,
    as_of: datetime,
    at: datetime,
    by: str,
) -> None:
    """Begin an import, before its rows."""
    nothing = dict.fromkeys(_COUNTED, 0)
    session.execute(
        insert(CaseImport).values(
            import_id=import_id, source_id=source_id, file_name=file_name, sha256=sha256,
            as_of=as_of, told=[], imported_at=at, imported_by=by, **nothing,
        )
    )  # fmt: skip


def close_import(
    session: Session,
    import_id: UUID,
    stored: Stored,
    *,
    repeated: int,
    rejected: int,
    fields_lost: int,
    told: Sequence[str],
) -> None:
    """Write down what an import changed, and how its file was read."""
    counted = {
        "rows_new": stored.new, "rows_revised": stored.revised, "rows_deleted": stored.deleted,
        "rows_unchanged": stored.unchanged, "rows_repeated": repeated, "rows_rejected": rejected,
    }  # fmt: skip
    session.execute(
        update(CaseImport)
        .where(CaseImport.import_id == import_id)
        .values(
            **counted, rows_read=sum(counted.values()), fields_lost=fields_lost, told=list(told)
        )
    )


def add_rejects(
    session: Session, import_id: UUID, rejects: Iterable[RejectView], *, at: datetime
) -> None:
    """Keep refused rows and values."""
    rows = [
        {"import_id": import_id, "row_number": one.row_number, "field": one.field,
         "reason": one.reason, "cells": one.cells, "rejected_at": at}
        for one in rejects
    ]  # fmt: skip
    if rows:
        session.execute(insert(CaseReject), rows)


def rejects_of(session: Session, import_id: UUID, *, limit: int | None = None) -> list[RejectView]:
    """Return what an import refused, by row."""
    rows = session.execute(
        select(CaseReject.row_number, CaseReject.field, CaseReject.reason, CaseReject.cells)
        .where(CaseReject.import_id == import_id)
        .order_by(CaseReject.row_number, CaseReject.reject_id)
        .limit(limit)
    )
    return [view_of(RejectView, row) for row in rows]


def store_reports(
    session: Session,
    reports: Reports,
    *,
    city_id: int,
    source_id: int,
    import_id: UUID | None,
    as_of: datetime,
    at: datetime,
) -> Stored:
    """Store n reports of one source, which the caller has locked; return what changed.

    A report with no time of its own says what it says from `as_of` on, and is unchanged where that
    was known then; so is one whose own time brings other words than an earlier report of that very
    time. No report's own time goes beyond `as_of`. Of one case, a file holds each time once. Who
    was erased is not written again: neither by a report of that case, nor by one of the same person
    and disease within `SAME_CASE_DAYS`.
    """
    if not len(reports):
        return Stored()
    _stage(session, reports)
    given = {
        "city": city_id, "source": source_id, "import": import_id, "as_of": as_of, "at": at,
        "person_key": reports.person_key, "same_case_days": SAME_CASE_DAYS,
        # The time and 14 chance bits of a version 7 UUID; the number of the row makes it whole.
        "ids": str(import_id or uuid4())[:24],
    }  # fmt: skip
    for statement in _STORING:
        session.execute(statement, given)
    counted = _verdicts(session, "judged_reports")
    changed = sum(count for verdict, count in counted.items() if verdict != "unchanged")
    return Stored(**{**counted, "unchanged": len(reports) - changed})


def _stage(session: Session, reports: Reports) -> None:
    session.execute(text("DROP TABLE IF EXISTS pg_temp.staged_reports, pg_temp.staged_cases,"
                         " pg_temp.judged_reports"))  # fmt: skip
    session.execute(_STAGED)
    # A sample of a few thousand rows tells the planner as much as one of tens of thousands.
    session.execute(text("SET LOCAL default_statistics_target = 10"))
    columns = {
        "ord": np.arange(len(reports), dtype=np.float64),
        "source_key": reports.source_key,
        "own": ~np.isnat(reports.stated_at),
        "stated_at": reports.stated_at,
        **{name: reports.columns[name] for name in CONTENT},
        "person_digest": reports.person_digest,
        **{name: reports.persons[name] for name in PERSON},
    }
    statement = sql.SQL("COPY staged_reports ({}) FROM STDIN").format(
        sql.SQL(", ").join(map(sql.Identifier, ("digest", *columns)))
    )
    with _driver(session).cursor() as cursor, cursor.copy(statement) as copy:
        for block in lines(columns, hashed=CONTENT):
            copy.write(block)
    session.execute(text("ANALYZE staged_reports"))


_CONTENT_LIST = ", ".join(f"s.{name}" for name in CONTENT)
_CONTENT_NAMES = ", ".join(CONTENT)
_CONTENT_SET = ", ".join(f"{name} = excluded.{name}" for name in CONTENT)
_PERSON_NAMES = ", ".join(PERSON)
_PERSON_SET = ", ".join(f"{name} = excluded.{name}" for name in PERSON)

_ERASED_SET = ", ".join(
    f"{name} = NULL" for name in (*PERSON, *(one for one in DETAILS if one != "person_key"))
)

_STAGED = text(
    "CREATE TEMP TABLE staged_reports ON COMMIT DROP AS SELECT 0::double precision AS ord,"  # noqa: S608
    " ''::text AS source_key, false AS own, now() AS stated_at, v.digest,"
    f" {', '.join(f'v.{name}' for name in CONTENT)}, v.person_digest,"
    f" {', '.join(f'p.{name}' for name in PERSON)}"
    " FROM case_versions AS v, case_persons AS p LIMIT 0"
)
# A case that is new meets no version and no person of its own: nothing to look out for.
_VERSIONS = f"""INSERT INTO case_versions (case_id, stated_at, known_from, known_until, recorded_at,
        city_id, source_id, import_id, digest, {_CONTENT_NAMES}, person_key, person_digest)
    SELECT j.case_id, j.stated_at,
           CASE WHEN j.is_new AND j.is_first THEN least(j.stated_at, s.entered_at)
                ELSE j.stated_at END,
           CASE WHEN j.is_new THEN j.followed_at END, :at,
           :city, :source, CAST(:import AS uuid), s.digest, {_CONTENT_LIST},
           CASE WHEN s.person_digest IS NULL THEN NULL ELSE CAST(:person_key AS text) END,
           s.person_digest
    FROM judged_reports AS j JOIN staged_reports AS s USING (ord)
    WHERE j.verdict <> 'unchanged'"""  # noqa: S608
_NEW_VERSIONS = f"{_VERSIONS} AND j.is_new"
_MORE_VERSIONS = f"""{_VERSIONS} AND NOT j.is_new
    ON CONFLICT (case_id, stated_at) DO UPDATE SET recorded_at = excluded.recorded_at,
        import_id = excluded.import_id, digest = excluded.digest, {_CONTENT_SET},
        person_key = excluded.person_key, person_digest = excluded.person_digest"""
_PERSONS = f"""INSERT INTO case_persons (case_id, {_PERSON_NAMES}, stated_at, written_at)
    SELECT DISTINCT ON (j.case_id) j.case_id, {", ".join(f"s.{name}" for name in PERSON)},
           j.stated_at, :at
    FROM judged_reports AS j JOIN staged_reports AS s USING (ord)
    WHERE j.verdict <> 'unchanged'
      AND num_nonnulls({", ".join(f"s.{name}" for name in PERSON)}) > 0"""  # noqa: S608
_NEW_PERSONS = f"{_PERSONS} AND j.is_new ORDER BY j.case_id, j.stated_at DESC"
_MORE_PERSONS = f"""{_PERSONS} AND NOT j.is_new ORDER BY j.case_id, j.stated_at DESC
    ON CONFLICT (case_id) DO UPDATE SET {_PERSON_SET}, stated_at = excluded.stated_at,
        written_at = excluded.written_at
    WHERE excluded.stated_at >= case_persons.stated_at"""
_STORING = tuple(map(text, (
    "UPDATE staged_reports SET stated_at = :as_of WHERE own AND stated_at > :as_of",
    # Which cases are there already; the new ones get their ids here, in the order of the file, so
    # that every index by case grows at its end.
    """CREATE TEMP TABLE staged_cases ON COMMIT DROP AS
    SELECT s.source_key, c.case_id IS NULL AS is_new,
           coalesce(c.case_id, CAST(CAST(:ids AS text) || lpad(to_hex(CAST(s.ord AS bigint)), 12,
                                                               '0') AS uuid)) AS case_id
    FROM (SELECT source_key, min(ord) AS ord FROM staged_reports GROUP BY source_key) AS s
    LEFT JOIN cases AS c ON c.source_id = :source AND c.source_key = s.source_key
    ORDER BY s.ord""",
    """INSERT INTO cases (case_id, city_id, source_id, source_key)
    SELECT case_id, :city, :source, source_key FROM staged_cases WHERE is_new""",
    "ANALYZE staged_cases",
    # The digest of the content stays that of the whole report: the same again is still the same.
    f"""UPDATE staged_reports AS s SET {_ERASED_SET}
    FROM staged_cases AS k
    WHERE k.source_key = s.source_key AND EXISTS (
        SELECT FROM case_erasures AS e
        WHERE e.case_id = k.case_id
           OR (e.city_id = :city AND e.disease = s.disease AND e.person_key = :person_key
               AND e.person_digest = s.person_digest
               AND abs(CAST(coalesce(s.onset_on, s.diagnosed_on, s.entered_on) AS date) - e.day)
                   <= :same_case_days))""",  # noqa: S608
    # What each report is: a time that is taken by other words is believed to be a slip, and the
    # report to have been learned of with its file.
    """CREATE TEMP TABLE judged_reports ON COMMIT DROP AS
    WITH placed AS (
        SELECT s.ord, k.case_id, k.is_new, s.digest, s.own, s.deleted_at, there.case_id IS NOT NULL
                   AND there.digest <> s.digest AS clashes,
               CASE WHEN NOT s.own THEN :as_of
                    WHEN there.digest <> s.digest
                        THEN greatest(:as_of, s.stated_at + interval '1 microsecond')
                    ELSE s.stated_at END AS stated_at
        FROM staged_reports AS s
        JOIN staged_cases AS k USING (source_key)
        LEFT JOIN case_versions AS there ON NOT k.is_new AND s.own
            AND there.case_id = k.case_id AND there.stated_at = s.stated_at),
    once AS (SELECT DISTINCT ON (case_id, stated_at) * FROM placed
             ORDER BY case_id, stated_at, ord DESC)
    SELECT p.ord, p.case_id, p.is_new, p.stated_at,
           CASE WHEN (p.own AND NOT p.clashes AND same.digest = p.digest)
                  OR ((NOT p.own OR p.clashes) AND known.digest = p.digest) THEN 'unchanged'
                WHEN p.deleted_at IS NOT NULL THEN 'deleted'
                WHEN p.is_new AND row_number() OVER w = 1 THEN 'new'
                ELSE 'revised' END AS verdict,
           row_number() OVER w = 1 AS is_first,
           lead(p.stated_at) OVER w AS followed_at
    FROM once AS p
    LEFT JOIN case_versions AS same ON NOT p.is_new
        AND same.case_id = p.case_id AND same.stated_at = p.stated_at
    LEFT JOIN LATERAL (
        SELECT v.digest FROM case_versions AS v
        WHERE NOT p.is_new AND v.case_id = p.case_id AND v.stated_at <= p.stated_at
        ORDER BY v.stated_at DESC LIMIT 1) AS known ON NOT p.is_new
    WINDOW w AS (PARTITION BY p.case_id ORDER BY p.stated_at)""",
    "ANALYZE judged_reports",
    _NEW_VERSIONS,
    _MORE_VERSIONS,
    # The times of cases that were there already, all versions together. An end is set before a
    # beginning could pass it: both in one statement.
    """UPDATE case_versions AS v SET known_from = t.known_from, known_until = t.known_until
    FROM (
        SELECT o.case_id, o.stated_at,
               CASE WHEN lag(o.stated_at) OVER w IS NULL THEN least(o.stated_at, o.entered_at)
                    ELSE o.stated_at END AS known_from,
               lead(o.stated_at) OVER w AS known_until
        FROM case_versions AS o
        WHERE o.case_id IN (SELECT case_id FROM judged_reports
                            WHERE NOT is_new AND verdict <> 'unchanged')
        WINDOW w AS (PARTITION BY o.case_id ORDER BY o.stated_at)) AS t
    WHERE v.case_id = t.case_id AND v.stated_at = t.stated_at
      AND (v.known_from, v.known_until) IS DISTINCT FROM (t.known_from, t.known_until)""",
    _NEW_PERSONS,
    _MORE_PERSONS,
    """INSERT INTO case_findings (case_id, stated_at, problem)
    SELECT j.case_id, j.stated_at, unnest(s.date_problems)
    FROM judged_reports AS j JOIN staged_reports AS s USING (ord)
    WHERE j.verdict <> 'unchanged' AND s.date_problems <> '{}'
    ON CONFLICT DO NOTHING""",
)))  # fmt: skip
"""One import's reports, all at once: statement after statement on the staged rows."""


def store_counts(
    session: Session,
    counts: Counts,
    *,
    city_id: int,
    source_id: int,
    import_id: UUID | None,
    as_of: datetime,
    at: datetime,
) -> Stored:
    """Store n counts of one source, which the caller has locked, as known from `as_of` on.

    A cell that said the same then is unchanged. Each cell stands once among `counts`.
    """
    if not len(counts):
        return Stored()
    session.execute(text("DROP TABLE IF EXISTS pg_temp.staged_counts, pg_temp.judged_counts"))
    names = (*COUNT_KEY, "cases", "deaths")
    session.execute(
        text(
            "CREATE TEMP TABLE staged_counts ON COMMIT DROP AS"  # noqa: S608 (columns of ours)
            f" SELECT {', '.join(names)} FROM case_counts LIMIT 0"
        )
    )
    columns: dict[str, Any] = {name: counts.columns[name] for name in names}
    for name in ("age_from", "age_below", "cases", "deaths"):
        columns[name] = np.array(
            [None if number != number else int(number) for number in columns[name].tolist()],  # noqa: PLR0124
            dtype=object,
        )
    statement = sql.SQL("COPY staged_counts ({}) FROM STDIN").format(
        sql.SQL(", ").join(map(sql.Identifier, names))
    )
    with _driver(session).cursor() as cursor, cursor.copy(statement) as copy:
        for block in lines(columns):
            copy.write(block)
    given = {
        "city": city_id, "source": source_id, "import": import_id, "as_of": as_of, "at": at,
    }  # fmt: skip
    for storing in _COUNTING:
        session.execute(storing, given)
    return Stored(**_verdicts(session, "judged_counts"))


_SAME_CELL = " AND ".join(f"v.{name} IS NOT DISTINCT FROM s.{name}" for name in COUNT_KEY)
_COUNT_NAMES = ", ".join((*COUNT_KEY, "cases", "deaths"))
_COUNTING = tuple(map(text, (
    f"""CREATE TEMP TABLE judged_counts ON COMMIT DROP AS
    SELECT s.*, CASE
        WHEN known.cases IS NULL THEN 'new'
        WHEN known.cases = s.cases AND known.deaths IS NOT DISTINCT FROM s.deaths THEN 'unchanged'
        ELSE 'revised' END AS verdict
    FROM staged_counts AS s
    LEFT JOIN LATERAL (
        SELECT v.cases, v.deaths FROM case_counts AS v
        WHERE v.source_id = :source AND {_SAME_CELL} AND v.known_from <= :as_of
        ORDER BY v.known_from DESC LIMIT 1) AS known ON true""",  # noqa: S608
    f"""INSERT INTO case_counts
        (city_id, source_id, import_id, known_from, recorded_at, {_COUNT_NAMES})
    SELECT :city, :source, CAST(:import AS uuid), :as_of, :at, {_COUNT_NAMES}
    FROM judged_counts WHERE verdict <> 'unchanged'""",  # noqa: S608
    f"""UPDATE case_counts AS v SET known_until = t.known_until
    FROM (
        SELECT v.count_id, lead(v.known_from) OVER (
                   PARTITION BY {", ".join(f"v.{name}" for name in COUNT_KEY)}
                   ORDER BY v.known_from) AS known_until
        FROM case_counts AS v
        JOIN judged_counts AS s ON {_SAME_CELL} AND s.verdict <> 'unchanged'
        WHERE v.source_id = :source) AS t
    WHERE v.count_id = t.count_id AND v.known_until IS DISTINCT FROM t.known_until""",  # noqa: S608
)))  # fmt: skip


_COUNTED = (
    "rows_read", "rows_new", "rows_revised", "rows_deleted", "rows_unchanged", "rows_repeated",
    "rows_rejected", "fields_lost",
)  # fmt: skip
_SOURCES = select(
    CaseSource.source_id, CaseSource.city_id, CaseSource.name, CaseSource.kind, CaseSource.mapping,
    CaseSource.created_at, CaseSource.created_by,
)  # fmt: skip
_IMPORTS = select(
    CaseImport.import_id, CaseImport.source_id, CaseSource.name.label("source"), CaseSource.kind,
    CaseImport.file_name, CaseImport.as_of,
    *(getattr(CaseImport, name) for name in _COUNTED),
    CaseImport.told, CaseImport.imported_at, CaseImport.imported_by,
).join(CaseSource, CaseSource.source_id == CaseImport.source_id)  # fmt: skip


def _verdicts(session: Session, table: str) -> dict[str, int]:
    rows = session.execute(
        text(f"SELECT verdict, count(*) AS reports FROM {table} GROUP BY verdict")  # noqa: S608
    )
    return {row.verdict: row.reports for row in rows}


def _driver(session: Session) -> PsycopgConnection[Any]:
    connection: PsycopgConnection[Any] = session.connection().connection.driver_connection  # type: ignore[assignment]
    return connection

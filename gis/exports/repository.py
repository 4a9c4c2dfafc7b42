"""SQL of exports."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import func, insert, select, text, update
from sqlalchemy.orm import Session

from gis.access import EVERYWHERE
from gis.jurisdiction import may_reach, within
from gis.rows import AnyRow
from gis.tables import PersonalAccess
from gis.tables.exports import Export, ExportFetch, ExportFile

_FETCHES = (
    select(func.count())
    .select_from(ExportFetch)
    .where(ExportFetch.export_id == Export.export_id)
    .scalar_subquery()
    .label("fetches")
)


def count_asked(session: Session, label: str, *, since: datetime) -> int:
    """Return how many files somebody has asked for since then; the next who asks waits for us."""
    session.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(label, 0))))
    return session.execute(
        select(func.count())
        .select_from(Export)
        .where(Export.requested_by == label, Export.requested_at > since)
    ).scalar_one()


def insert_export(session: Session, values: Mapping[str, Any], content: bytes) -> None:
    """Put an export and its file on record."""
    session.execute(insert(Export).values(**values))
    session.execute(
        insert(ExportFile).values(export_id=values["export_id"], content=content)
    )  # fmt: skip


def list_exports(
    session: Session,
    *,
    requested_by: str | None = None,
    reach: Collection[str] = (),
    export_id: UUID | None = None,
    limit: int,
) -> Sequence[AnyRow]:
    """Return exports, newest first: one, or somebody's with those of the areas in `reach`."""
    columns: list[Any] = list(Export.__table__.columns)
    query = (
        select(*columns, _FETCHES)
        .order_by(Export.requested_at.desc(), Export.export_id.desc())
        .limit(limit)
    )
    if requested_by is not None:
        others = may_reach(Export.areas, None if EVERYWHERE in reach else reach)
        query = query.where((Export.requested_by == requested_by) | others)
    if export_id is not None:
        query = query.where(Export.export_id == export_id)
    return session.execute(query).all()


def decide(session: Session, export_id: UUID, values: Mapping[str, Any]) -> bool:
    """Add the decision where there was none; returns whether there was none."""
    decided = session.execute(
        update(Export)
        .where(Export.export_id == export_id, Export.decided_at.is_(None), Export.persons)
        .values(**values)
        .returning(Export.export_id)
    )
    return decided.first() is not None


def find_content(session: Session, export_id: UUID) -> bytes | None:
    """Return the file, if row-level security lets the viewer have it."""
    return session.execute(
        select(ExportFile.content).where(ExportFile.export_id == export_id)
    ).scalar_one_or_none()


def insert_fetch(session: Session, values: Mapping[str, Any]) -> None:
    """Write down that the file was fetched."""
    session.execute(insert(ExportFetch).values(**values))


def drop_files(session: Session, at: datetime) -> int:
    """Delete the files of exports that were refused or have expired; return how many."""
    dropped: int = session.execute(text("SELECT drop_export_files(:at)"), {"at": at}).scalar_one()
    return dropped


def personal_accesses(
    session: Session, limit: int, *, reach: Collection[str]
) -> Sequence[AnyRow]:  # fmt: skip
    """Return reads of personal values within the areas of `reach`, newest first."""
    return session.execute(
        select(
            PersonalAccess.accessed_at, PersonalAccess.actor, PersonalAccess.subject_kind,
            PersonalAccess.subject_id, PersonalAccess.reason,
        )
        .where(within(PersonalAccess.area_code, reach))
        .order_by(PersonalAccess.access_id.desc())
        .limit(limit)
    ).all()  # fmt: skip

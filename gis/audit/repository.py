"""SQL of reads of personal values, of break-glass, and of their reviews."""

from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, exists, func, insert, select, update
from sqlalchemy.orm import Session

from gis.jurisdiction import within
from gis.rows import AnyRow
from gis.tables import PersonalAccess
from gis.tables.audit import BreakGlass, PersonalAccessReview

_UNDER = (
    (BreakGlass.opened_by == PersonalAccess.actor)
    & (PersonalAccess.accessed_at >= BreakGlass.opened_at)
    & (PersonalAccess.accessed_at < func.coalesce(BreakGlass.ended_at, BreakGlass.expires_at))
)
"""That a read was made while its reader had broken the glass."""


def list_accesses(
    session: Session,
    *,
    actor: str | None,
    subject: str | None,
    reason: str | None,
    since: datetime | None,
    until: datetime | None,
    reviewed: bool | None,
    before: int | None,
    limit: int,
    reach: Collection[str],
) -> Sequence[AnyRow]:
    """Return reads within the areas of `reach`, newest first, that fit every condition given."""
    columns: list[Any] = list(PersonalAccess.__table__.columns)
    glass = (
        select(BreakGlass.break_glass_id)
        .where(_UNDER)
        .order_by(BreakGlass.opened_at)
        .limit(1)
        .scalar_subquery()
        .label("break_glass_id")
    )
    seen = exists().where(PersonalAccessReview.access_id == PersonalAccess.access_id)
    conditions: Mapping[Any, Callable[[Any], ColumnElement[bool]]] = {
        ("actor", actor): lambda given: PersonalAccess.actor == given,
        ("subject", subject): lambda given: PersonalAccess.subject_id == given,
        ("reason", reason): lambda given: (
            func.strpos(func.lower(PersonalAccess.reason), func.lower(given)) > 0
        ),
        ("since", since): lambda given: PersonalAccess.accessed_at >= given,
        ("until", until): lambda given: PersonalAccess.accessed_at < given,
        ("before", before): lambda given: PersonalAccess.access_id < given,
        ("reviewed", reviewed): lambda given: seen if given else ~seen,
    }
    return session.execute(
        select(*columns, glass)
        .where(
            within(PersonalAccess.area_code, reach),
            *(make(given) for (_, given), make in conditions.items() if given is not None),
        )
        .order_by(PersonalAccess.access_id.desc())
        .limit(limit)
    ).all()


def find_access(session: Session, access_id: int, *, reach: Collection[str]) -> AnyRow | None:
    """Return a read of personal values within the areas of `reach`."""
    columns: list[Any] = list(PersonalAccess.__table__.columns)
    return session.execute(
        select(*columns).where(
            PersonalAccess.access_id == access_id, within(PersonalAccess.area_code, reach)
        )
    ).one_or_none()


def list_reviews(session: Session, access_ids: Collection[int]) -> Sequence[AnyRow]:
    """Return the reviews of reads, oldest first."""
    columns: list[Any] = list(PersonalAccessReview.__table__.columns)
    return session.execute(
        select(*columns)
        .where(PersonalAccessReview.access_id.in_(access_ids))
        .order_by(PersonalAccessReview.reviewed_at, PersonalAccessReview.review_id)
    ).all()


def insert_review(session: Session, values: Mapping[str, Any]) -> None:
    """Store a review; the database refuses one of the own read."""
    session.execute(insert(PersonalAccessReview).values(**values))


def insert_break_glass(session: Session, values: Mapping[str, Any]) -> None:
    """Store that somebody broke the glass."""
    session.execute(insert(BreakGlass).values(**values))


def list_break_glass(
    session: Session,
    *,
    opened_by: str | None = None,
    reviewed: bool | None = None,
    break_glass_id: UUID | None = None,
    reach: Collection[str] | None = None,
    limit: int,
) -> Sequence[AnyRow]:
    """Return break-glasses with their count of reads, newest first.

    `reach`: only those that were broken within these areas.
    """
    columns: list[Any] = list(BreakGlass.__table__.columns)
    reads = (
        select(func.count()).select_from(PersonalAccess).where(_UNDER).scalar_subquery()
    )  # fmt: skip
    query = (
        select(*columns, reads.label("reads"))
        .order_by(BreakGlass.opened_at.desc(), BreakGlass.break_glass_id.desc())
        .limit(limit)
    )
    if opened_by is not None:
        query = query.where(BreakGlass.opened_by == opened_by)
    if reach is not None:
        query = query.where(within(BreakGlass.jurisdiction, reach))
    if reviewed is not None:
        query = query.where(
            BreakGlass.reviewed_at.is_not(None) if reviewed else BreakGlass.reviewed_at.is_(None)
        )
    if break_glass_id is not None:
        query = query.where(BreakGlass.break_glass_id == break_glass_id)
    return session.execute(query).all()


def insert_access(session: Session, values: Mapping[str, Any]) -> None:
    """Write down one read of personal values."""
    session.execute(insert(PersonalAccess).values(**values))


def end_break_glass(session: Session, break_glass_id: UUID, *, by: str, at: datetime) -> bool:
    """End one's own break-glass before its time; returns whether it was open."""
    ended = session.execute(
        update(BreakGlass)
        .where(
            BreakGlass.break_glass_id == break_glass_id, BreakGlass.opened_by == by,
            BreakGlass.ended_at.is_(None), BreakGlass.expires_at > at,
        )
        .values(ended_at=at)
        .returning(BreakGlass.break_glass_id)
    )  # fmt: skip
    return ended.first() is not None


def review_break_glass(session: Session, break_glass_id: UUID, values: Mapping[str, Any]) -> bool:
    """Note a review where there was none; returns whether there was none."""
    reviewed = session.execute(
        update(BreakGlass)
        .where(BreakGlass.break_glass_id == break_glass_id, BreakGlass.reviewed_at.is_(None))
        .values(**values)
        .returning(BreakGlass.break_glass_id)
    )
    return reviewed.first() is not None

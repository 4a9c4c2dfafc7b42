"""All SQL of links between pseudonyms."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session

from gis.rows import AnyRow
from gis.tables import IdentityLink


def insert_link(session: Session, values: Mapping[str, Any]) -> None:
    """Store a link."""
    session.execute(insert(IdentityLink).values(**values))


def find_link(session: Session, link_id: UUID) -> AnyRow | None:
    """Return a link, all columns."""
    columns: list[Any] = list(IdentityLink.__table__.columns)
    return session.execute(
        select(*columns).where(IdentityLink.link_id == link_id)
    ).one_or_none()  # fmt: skip


def review_link(session: Session, link_id: UUID, *, at: datetime, by: str) -> bool:
    """Note who reviewed a link that nobody had; returns whether nobody had."""
    reviewed = session.execute(
        update(IdentityLink)
        .where(IdentityLink.link_id == link_id, IdentityLink.reviewed_at.is_(None))
        .values(reviewed_at=at, reviewed_by=by)
        .returning(IdentityLink.link_id)
    ).first()
    return reviewed is not None


def list_unreviewed(session: Session) -> Sequence[AnyRow]:
    """Return the links that nobody reviewed yet (all columns), the oldest first."""
    columns: list[Any] = list(IdentityLink.__table__.columns)
    return session.execute(
        select(*columns)
        .where(IdentityLink.reviewed_at.is_(None))
        .order_by(IdentityLink.made_at, IdentityLink.link_id)
    ).all()

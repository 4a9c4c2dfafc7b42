"""SQL of advisories."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from gis.jurisdiction import within
from gis.rows import AnyRow
from gis.tables.advisories import Advisory

_COLUMNS = Advisory.__table__.columns


def put_advisory(session: Session, advisory_id: UUID, values: Mapping[str, Any]) -> None:
    """Store an advisory; one that is posted again is to be acknowledged again."""
    anew = {**values, "acknowledged_at": None, "acknowledged_by": None}
    session.execute(
        insert(Advisory)
        .values(advisory_id=advisory_id, **anew)
        .on_conflict_do_update(index_elements=[Advisory.advisory_id], set_=anew)
    )


def list_advisories(
    session: Session, city_id: int, jurisdictions: Collection[str], *, day: date
) -> Sequence[AnyRow]:
    """Return the advisories of a city that last until `day` or later, the newest first."""
    return session.execute(
        select(*_COLUMNS)
        .where(
            Advisory.city_id == city_id, Advisory.until >= day,
            within(Advisory.area_code, jurisdictions),
        )
        .order_by(Advisory.posted_at.desc(), Advisory.advisory_id)
    ).all()  # fmt: skip


def find_advisory(
    session: Session, advisory_id: UUID, jurisdictions: Collection[str]
) -> AnyRow | None:
    """Return an advisory, held for a change."""
    return session.execute(
        select(*_COLUMNS)
        .where(Advisory.advisory_id == advisory_id, within(Advisory.area_code, jurisdictions))
        .with_for_update()
    ).one_or_none()


def acknowledge(session: Session, advisory_id: UUID, *, at: datetime, by: str) -> None:
    """Note who has seen an advisory."""
    session.execute(
        update(Advisory)
        .where(Advisory.advisory_id == advisory_id)
        .values(acknowledged_at=at, acknowledged_by=by)
    )

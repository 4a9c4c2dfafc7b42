"""SQL of the pictures of defibrillators' places."""

from collections.abc import Collection
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from gis.rows import AnyRow
from gis.tables.aed_photos import AedPhoto


def photos_of(session: Session, aed_ids: Collection[int]) -> dict[int, AnyRow]:
    """Return what is said of the pictures of these devices, without the pictures."""
    rows = session.execute(
        select(
            AedPhoto.aed_id, AedPhoto.source, AedPhoto.licence, AedPhoto.taken_on, AedPhoto.added_at
        ).where(AedPhoto.aed_id.in_(aed_ids))
    )
    return {row.aed_id: row for row in rows}


def find_photo(session: Session, aed_id: int) -> bytes | None:
    """Return a picture; None: there is none."""
    return session.execute(
        select(AedPhoto.content).where(AedPhoto.aed_id == aed_id)
    ).scalar_one_or_none()


def put_photo(session: Session, values: dict[str, Any]) -> None:
    """Store a picture in the place of the one before."""
    statement = insert(AedPhoto).values(values)
    changed = {name: statement.excluded[name] for name in values if name != "aed_id"}
    session.execute(statement.on_conflict_do_update(index_elements=[AedPhoto.aed_id], set_=changed))


def remove_photo(session: Session, aed_id: int) -> bool:
    """Delete a picture; return whether there was one."""
    gone = session.scalars(
        delete(AedPhoto).where(AedPhoto.aed_id == aed_id).returning(AedPhoto.aed_id)
    )
    return gone.one_or_none() is not None

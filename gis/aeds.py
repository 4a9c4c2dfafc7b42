"""The one writer of `aed_states`: what registers and moderators know of a device itself."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import func
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from gis.tables import AedState


def note_checks(session: Session, rows: Sequence[Mapping[str, Any]]) -> None:
    """Store when devices were last checked (`aed_id`, `last_checked_at`); never an older time."""
    if not rows:
        return
    statement = insert(AedState)
    checked = statement.excluded.last_checked_at
    session.execute(
        statement.on_conflict_do_update(
            index_elements=[AedState.aed_id],
            set_={"last_checked_at": func.greatest(AedState.last_checked_at, checked)},
        ),
        rows,
    )


def set_state(session: Session, aed_id: int, state: str, *, at: datetime, by: str) -> None:
    """Store the state of a device that somebody with the right has looked into."""
    statement = insert(AedState).values(
        aed_id=aed_id, state=state, reported_at=at, reported_by=by, last_checked_at=at
    )
    values = {
        name: statement.excluded[name]
        for name in ("state", "reported_at", "reported_by", "last_checked_at")
    }
    session.execute(
        statement.on_conflict_do_update(
            index_elements=[AedState.aed_id], set_=values | {"version": AedState.version + 1}
        )
    )

"""SQL of exports of incidents and calls."""

from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import Text, cast, literal, select, union_all
from sqlalchemy.orm import Session

from gis.jurisdiction import within
from gis.rows import AnyRow
from gis.tables import Call, Incident, PersonalAccess, PersonalValue
from gis.tables.retention import Correction

_CALL_ID = cast(Call.call_id, Text)


def incidents(
    session: Session, fields: Sequence[str], *, prefixes: Collection[str], limit: int
) -> list[tuple[Any, ...]]:
    """Return columns of incidents, newest first."""
    columns = [getattr(Incident, name) for name in fields]
    rows = session.execute(
        select(*columns)
        .where(within(Incident.area_code, prefixes))
        .order_by(Incident.received_at.desc(), Incident.incident_id)
        .limit(limit)
    )
    return [tuple(row) for row in rows]


def callers(session: Session, *, prefixes: Collection[str], limit: int) -> Sequence[AnyRow]:
    """Return number, name and words of calls, newest first; row-level security filters too."""
    return session.execute(
        select(
            Incident.number, Call.received_at, _CALL_ID.label("call_id"), PersonalValue.field,
            PersonalValue.value,
        )
        .join(Call, Call.incident_id == Incident.incident_id)
        .join(
            PersonalValue,
            (PersonalValue.subject_kind == "call") & (PersonalValue.subject_id == _CALL_ID),
        )
        .where(within(Incident.area_code, prefixes))
        .order_by(Call.received_at.desc(), Call.call_id, PersonalValue.field)
        .limit(limit)
    ).all()  # fmt: skip


def kept_of(session: Session, call_ids: Sequence[str], *, limit: int) -> list[tuple[Any, ...]]:
    """Return what, when, where and the value of everything kept of some calls."""
    said = select(
        PersonalValue.field.label("what"),
        PersonalValue.created_at.label("at"),
        PersonalValue.subject_id.label("where"),
        PersonalValue.value.label("value"),
    ).where(PersonalValue.subject_kind == "call", PersonalValue.subject_id.in_(call_ids))
    read = select(
        literal("read_by"),
        PersonalAccess.accessed_at,
        PersonalAccess.subject_id,
        PersonalAccess.actor + ": " + PersonalAccess.reason,
    ).where(PersonalAccess.subject_kind == "call", PersonalAccess.subject_id.in_(call_ids))
    corrected = select(
        literal("corrected"),
        Correction.corrected_at,
        Correction.subject_id,
        Correction.field + " (" + Correction.asked_by + "): " + Correction.reason,
    ).where(Correction.subject_kind == "call", Correction.subject_id.in_(call_ids))
    helped = (
        select(
            literal("incident"), Incident.received_at, _CALL_ID,
            Incident.number + " " + Incident.state,
        )
        .join(Call, Call.incident_id == Incident.incident_id)
        .where(_CALL_ID.in_(call_ids))
    )  # fmt: skip
    placed = (
        select(literal("place"), Incident.received_at, _CALL_ID, Incident.place_label)
        .join(Call, Call.incident_id == Incident.incident_id)
        .where(_CALL_ID.in_(call_ids), Incident.place_label.is_not(None))
    )
    together = union_all(said, read, corrected, helped, placed).subquery()
    rows = session.execute(
        select(*together.columns).order_by(together.c.at, together.c.what).limit(limit)
    )
    return [tuple(row) for row in rows]

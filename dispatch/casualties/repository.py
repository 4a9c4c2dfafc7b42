"""SQL of mass casualty incidents. Beds are promised by `gis.promises` alone."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Integer, cast, func, insert, select, update
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.orm import Session

from gis.rows import AnyRow
from gis.tables import (
    OPEN_ASSIGNMENT_STATES,
    Assignment,
    BedPool,
    BedPromise,
    Facility,
    Unit,
)
from gis.tables.casualties import AidRequest, Casualty, CasualtyColour, MassCasualty


def find_mass_casualty(session: Session, incident_id: UUID) -> AnyRow | None:
    """Return a mass casualty incident."""
    return session.execute(
        select(*MassCasualty.__table__.columns).where(MassCasualty.incident_id == incident_id)
    ).one_or_none()


def put_mass_casualty(session: Session, incident_id: UUID, values: Mapping[str, Any]) -> None:
    """Declare an incident, or declare it anew after its end."""
    changed = {**values, "ended_at": None, "ended_by": None}
    session.execute(
        upsert(MassCasualty)
        .values(incident_id=incident_id, **changed)
        .on_conflict_do_update(
            index_elements=[MassCasualty.incident_id],
            set_={**changed, "version": MassCasualty.version + 1},
        )
    )


def change_mass_casualty(session: Session, incident_id: UUID, values: Mapping[str, Any]) -> None:
    """Change what is stored of a locked incident, raising its version."""
    session.execute(
        update(MassCasualty)
        .where(MassCasualty.incident_id == incident_id)
        .values(**values, version=MassCasualty.version + 1)
    )


def incident_of(session: Session, casualty_id: UUID) -> UUID | None:
    """Return the incident of a casualty."""
    return session.execute(
        select(Casualty.incident_id).where(Casualty.casualty_id == casualty_id)
    ).scalar_one_or_none()


def next_number(session: Session, incident_id: UUID) -> int:
    """Return the next free number of a tag in a locked incident."""
    numbers = select(func.max(cast(Casualty.tag, Integer))).where(
        Casualty.incident_id == incident_id, Casualty.tag.op("~")("^[0-9]{1,6}$")
    )
    found: int | None = session.execute(numbers).scalar_one()
    return 1 if found is None else found + 1


def insert_casualty(session: Session, values: Mapping[str, Any]) -> bool:
    """Store a casualty; False where its tag is taken."""
    fresh = session.execute(
        upsert(Casualty)
        .values(**values)
        .on_conflict_do_nothing(index_elements=[Casualty.incident_id, Casualty.tag])
        .returning(Casualty.casualty_id)
    ).first()
    return fresh is not None


def change_casualty(session: Session, casualty_id: UUID, values: Mapping[str, Any]) -> None:
    """Change a casualty of a locked incident, raising its version."""
    session.execute(
        update(Casualty)
        .where(Casualty.casualty_id == casualty_id)
        .values(**values, version=Casualty.version + 1)
    )


def insert_colour(session: Session, values: Mapping[str, Any]) -> None:
    """Write a colour into a casualty's history."""
    session.execute(insert(CasualtyColour).values(**values))


def list_casualties(session: Session, incident_id: UUID) -> Sequence[AnyRow]:
    """Return an incident's casualties with hospital, promise and unit, as they were found."""
    columns: list[Any] = [
        *Casualty.__table__.columns, Facility.name.label("facility_name"),
        Facility.name_zh.label("facility_name_zh"), BedPromise.state.label("promise_state"),
        Unit.call_sign,
    ]  # fmt: skip
    return session.execute(
        select(*columns)
        .outerjoin(Facility, Facility.facility_id == Casualty.facility_id)
        .outerjoin(BedPromise, BedPromise.promise_id == Casualty.promise_id)
        .outerjoin(Assignment, Assignment.assignment_id == Casualty.assignment_id)
        .outerjoin(Unit, Unit.unit_id == Assignment.unit_id)
        .where(Casualty.incident_id == incident_id)
        .order_by(Casualty.found_at, Casualty.casualty_id)
    ).all()


def list_colours(session: Session, casualty_ids: Collection[UUID]) -> Sequence[AnyRow]:
    """Return the histories of casualties, oldest first."""
    return session.execute(
        select(*CasualtyColour.__table__.columns)
        .where(CasualtyColour.casualty_id.in_(casualty_ids))
        .order_by(CasualtyColour.sorted_at, CasualtyColour.sorting_id)
    ).all()


def list_pools(session: Session, facility_ids: Collection[int]) -> Sequence[AnyRow]:
    """Return the bed pools of hospitals that are kept by colour."""
    return session.execute(
        select(*BedPool.__table__.columns).where(
            BedPool.facility_id.in_(facility_ids), BedPool.kind.like("mci\\_%")
        )
    ).all()


def bound_by_colour(session: Session, facility_ids: Collection[int]) -> Sequence[AnyRow]:
    """Return how many casualties of all incidents are promised to hospitals or under way."""
    return session.execute(
        select(Casualty.facility_id, Casualty.colour, func.count().label("bound"))
        .where(Casualty.facility_id.in_(facility_ids), Casualty.state.in_(("promised", "left")))
        .group_by(Casualty.facility_id, Casualty.colour)
    ).all()


def list_crews(session: Session, incident_id: UUID) -> Sequence[AnyRow]:
    """Return the units that are on an incident now."""
    return session.execute(
        select(
            Assignment.assignment_id, Assignment.unit_id, Assignment.state, Unit.call_sign,
            Unit.level,
        )
        .join(Unit, Unit.unit_id == Assignment.unit_id)
        .where(
            Assignment.incident_id == incident_id, Assignment.state.in_(OPEN_ASSIGNMENT_STATES)
        )
        .order_by(Unit.call_sign)
    ).all()  # fmt: skip


def insert_aid(session: Session, values: Mapping[str, Any]) -> None:
    """Store a request for help."""
    session.execute(insert(AidRequest).values(**values))


def find_aid(session: Session, request_id: UUID) -> AnyRow | None:
    """Return a request for help."""
    return session.execute(
        select(*AidRequest.__table__.columns).where(AidRequest.request_id == request_id)
    ).one_or_none()


def list_aid(session: Session, incident_id: UUID) -> Sequence[AnyRow]:
    """Return the requests for help of an incident, oldest first."""
    return session.execute(
        select(*AidRequest.__table__.columns)
        .where(AidRequest.incident_id == incident_id)
        .order_by(AidRequest.asked_at, AidRequest.request_id)
    ).all()


def change_aid(session: Session, request_id: UUID, values: Mapping[str, Any]) -> None:
    """Change a request for help of a locked incident."""
    session.execute(update(AidRequest).where(AidRequest.request_id == request_id).values(**values))

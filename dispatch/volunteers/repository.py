"""SQL of volunteers, their alerts and positions, and of claims on AEDs."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import delete, func, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from gis.rows import AnyRow
from gis.tables import SRID, Aed, Incident, User
from gis.tables.volunteers import (
    OPEN_ALERT_STATES,
    AedClaim,
    Volunteer,
    VolunteerAlert,
    VolunteerPosition,
)

_VOLUNTEER: list[Any] = [*Volunteer.__table__.columns, User.username, User.display_name]
_ALERT: list[Any] = list(VolunteerAlert.__table__.columns)


def insert_volunteer(session: Session, values: Mapping[str, Any]) -> bool:
    """Store a volunteer; False: the account is one already."""
    stored = session.execute(
        insert(Volunteer)
        .values(**values)
        .on_conflict_do_nothing()
        .returning(Volunteer.volunteer_id)
    )  # fmt: skip
    return stored.one_or_none() is not None


def find_user(session: Session, username: str) -> AnyRow | None:
    """Return an open account by its name."""
    return session.execute(
        select(User.user_id, User.username).where(
            func.lower(User.username) == username.lower(), User.disabled_at.is_(None)
        )
    ).one_or_none()


def list_volunteers(session: Session, city_id: int, *, limit: int) -> Sequence[AnyRow]:
    """Return the volunteers of a city, those who wait to be verified first."""
    return session.execute(
        select(*_VOLUNTEER)
        .join(User, User.user_id == Volunteer.user_id)
        .where(Volunteer.city_id == city_id)
        .order_by(
            Volunteer.ended_at.is_not(None), Volunteer.verified_at.is_not(None), User.username
        )
        .limit(limit)
    ).all()


def find_volunteer(session: Session, volunteer_id: UUID, *, lock: bool = False) -> AnyRow | None:
    """Return one volunteer."""
    asked = (
        select(*_VOLUNTEER)
        .join(User, User.user_id == Volunteer.user_id)
        .where(Volunteer.volunteer_id == volunteer_id)
    )
    return session.execute(asked.with_for_update(of=Volunteer) if lock else asked).one_or_none()


def volunteer_of(session: Session, user_id: UUID, *, lock: bool = False) -> AnyRow | None:
    """Return the volunteer that an account is."""
    asked = (
        select(*_VOLUNTEER)
        .join(User, User.user_id == Volunteer.user_id)
        .where(Volunteer.user_id == user_id)
    )
    return session.execute(asked.with_for_update(of=Volunteer) if lock else asked).one_or_none()


def update_volunteer(session: Session, volunteer_id: UUID, values: Mapping[str, Any]) -> None:
    """Change one volunteer."""
    session.execute(
        update(Volunteer).where(Volunteer.volunteer_id == volunteer_id).values(**values)
    )


def put_position(
    session: Session, volunteer_id: UUID, *, lon: float, lat: float, uncertainty_m: float,
    at: datetime,
) -> bool:  # fmt: skip
    """Keep a position in the place of the one before; False: the one kept is newer."""
    geom = func.ST_SetSRID(func.ST_MakePoint(lon, lat), SRID)
    values = {"geom": geom, "uncertainty_m": uncertainty_m, "at": at}
    stored = session.execute(
        insert(VolunteerPosition)
        .values(volunteer_id=volunteer_id, **values)
        .on_conflict_do_update(
            index_elements=[VolunteerPosition.volunteer_id], set_=values,
            where=VolunteerPosition.at <= at,
        )
        .returning(VolunteerPosition.volunteer_id)
    )  # fmt: skip
    return stored.one_or_none() is not None


def erase_positions(session: Session, volunteer_ids: Collection[UUID]) -> None:
    """Erase the latest positions; the time stamps of alerts stay."""
    session.execute(
        delete(VolunteerPosition).where(VolunteerPosition.volunteer_id.in_(volunteer_ids))
    )


def positions_past(session: Session, before: datetime, limit: int) -> int:
    """Erase positions older than `before`; return how many."""
    past = select(VolunteerPosition.volunteer_id).where(VolunteerPosition.at < before).limit(limit)
    gone = session.scalars(
        delete(VolunteerPosition)
        .where(VolunteerPosition.volunteer_id.in_(past.scalar_subquery()))
        .returning(VolunteerPosition.volunteer_id)
    )
    return len(gone.all())


def able_volunteers(
    session: Session, incident_id: UUID, *, city_id: int, lon: float, lat: float, within_m: float,
    since: datetime,
) -> Sequence[AnyRow]:  # fmt: skip
    """Return who may be asked for an incident: volunteer_id, lon, lat, distance_m.

    Verified, on duty, heard of `since`, near by, with no open alert, and not asked before.
    """
    here = func.ST_SetSRID(func.ST_MakePoint(lon, lat), SRID)
    distance_m = func.ST_DistanceSphere(VolunteerPosition.geom, here)
    busy = select(VolunteerAlert.alert_id).where(
        VolunteerAlert.volunteer_id == Volunteer.volunteer_id,
        VolunteerAlert.state.in_(OPEN_ALERT_STATES) | (VolunteerAlert.incident_id == incident_id),
    )
    return session.execute(
        select(
            Volunteer.volunteer_id,
            func.ST_X(VolunteerPosition.geom).label("lon"),
            func.ST_Y(VolunteerPosition.geom).label("lat"), distance_m.label("distance_m"),
        )
        .join(VolunteerPosition, VolunteerPosition.volunteer_id == Volunteer.volunteer_id)
        .join(User, User.user_id == Volunteer.user_id)
        .where(
            Volunteer.city_id == city_id, Volunteer.on_duty, Volunteer.verified_at.is_not(None),
            Volunteer.ended_at.is_(None), User.disabled_at.is_(None),
            VolunteerPosition.at >= since, distance_m <= within_m, ~busy.exists(),
        )
        .order_by(Volunteer.volunteer_id)
    ).all()  # fmt: skip


def insert_alert(session: Session, values: Mapping[str, Any]) -> bool:
    """Store an alert; False: the volunteer was asked meanwhile, here or elsewhere."""
    stored = session.execute(
        insert(VolunteerAlert)
        .values(**values)
        .on_conflict_do_nothing()
        .returning(VolunteerAlert.alert_id)
    )
    return stored.one_or_none() is not None


def find_alert(session: Session, alert_id: UUID, *, lock: bool = False) -> AnyRow | None:
    """Return one alert."""
    asked = select(*_ALERT).where(VolunteerAlert.alert_id == alert_id)
    return session.execute(asked.with_for_update() if lock else asked).one_or_none()


def open_alert_of(session: Session, volunteer_id: UUID) -> AnyRow | None:
    """Return the alert that a volunteer has."""
    return session.execute(
        select(*_ALERT).where(
            VolunteerAlert.volunteer_id == volunteer_id,
            VolunteerAlert.state.in_(OPEN_ALERT_STATES),
        )
    ).one_or_none()


def alerts_of(session: Session, incident_id: UUID, *, lock: bool = False) -> Sequence[AnyRow]:
    """Return the alerts of an incident by id."""
    asked = (
        select(*_ALERT)
        .where(VolunteerAlert.incident_id == incident_id)
        .order_by(VolunteerAlert.alerted_at, VolunteerAlert.alert_id)
    )
    return session.execute(asked.with_for_update() if lock else asked).all()


def update_alert(session: Session, alert_id: UUID, values: Mapping[str, Any]) -> None:
    """Change one alert."""
    session.execute(
        update(VolunteerAlert).where(VolunteerAlert.alert_id == alert_id).values(**values)
    )


def insert_claim(session: Session, values: Mapping[str, Any]) -> bool:
    """Store a claim; False: somebody else fetches this AED."""
    stored = session.execute(
        insert(AedClaim).values(**values).on_conflict_do_nothing().returning(AedClaim.claim_id)
    )
    return stored.one_or_none() is not None


def find_claim(session: Session, alert_id: UUID) -> AnyRow | None:
    """Return the open claim of an alert, locked."""
    return session.execute(
        select(*AedClaim.__table__.columns)
        .where(AedClaim.alert_id == alert_id, AedClaim.ended_at.is_(None))
        .with_for_update()
    ).one_or_none()


def end_claim(session: Session, alert_id: UUID, *, why: str, at: datetime) -> AnyRow | None:
    """End the open claim of an alert; None: it had none."""
    return session.execute(
        update(AedClaim)
        .where(AedClaim.alert_id == alert_id, AedClaim.ended_at.is_(None))
        .values(ended_at=at, ended_why=why)
        .returning(AedClaim.claim_id, AedClaim.aed_id)
    ).one_or_none()


def claimed_until(
    session: Session, aed_ids: Collection[int], *, now: datetime
) -> dict[int, datetime]:
    """Return until when each of these AEDs is claimed, of those that are."""
    rows = session.execute(
        select(AedClaim.aed_id, AedClaim.expires_at).where(
            AedClaim.aed_id.in_(aed_ids), AedClaim.ended_at.is_(None), AedClaim.expires_at > now
        )
    )
    return {row.aed_id: row.expires_at for row in rows}


def release_expired_claims(session: Session, aed_ids: Collection[int], *, now: datetime) -> None:
    """End claims whose time is up, so that the AED can be claimed again."""
    session.execute(
        update(AedClaim)
        .where(
            AedClaim.aed_id.in_(aed_ids), AedClaim.ended_at.is_(None), AedClaim.expires_at <= now
        )
        .values(ended_at=now, ended_why="expired")
    )


def scene_of(session: Session, incident_id: UUID) -> AnyRow | None:
    """Return place and area of an incident, for whoever may not see the incident itself."""
    return session.execute(
        select(
            Incident.incident_id, Incident.number, Incident.city_id, Incident.area_code,
            Incident.place_label, Incident.received_at,
            func.ST_X(Incident.geom).label("lon"), func.ST_Y(Incident.geom).label("lat"),
        ).where(Incident.incident_id == incident_id)
    ).one_or_none()  # fmt: skip


def find_aed(session: Session, aed_id: int) -> AnyRow | None:
    """Return what a volunteer is told of an AED."""
    return session.execute(
        select(
            Aed.aed_id, Aed.name, Aed.name_zh, Aed.location, Aed.location_zh, Aed.floor,
            Aed.entrance, func.ST_X(Aed.geom).label("lon"), func.ST_Y(Aed.geom).label("lat"),
        ).where(Aed.aed_id == aed_id)
    ).one_or_none()  # fmt: skip

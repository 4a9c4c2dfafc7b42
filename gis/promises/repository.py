"""All SQL of hospital status, bed pools and promises; other modules read these tables only."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Select, delete, func, insert, select, text, tuple_, update
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from gis.promises.errors import BedPoolFullError, BedsAlreadyPromisedError, PoolBelowPromisesError
from gis.rows import AnyRow
from gis.tables import BedPool, BedPromise, Facility, HospitalStatus

_TAKE_OVER_STATUS = text("""
INSERT INTO hospital_status AS kept (facility_id, diverting, divert_reason, emergency_beds_free,
    reported_at, reported_by, version)
SELECT :facility_id, diverting, divert_reason, emergency_beds_free, reported_at, reported_by,
    version
FROM hospital_status WHERE facility_id = :of
ON CONFLICT (facility_id) DO UPDATE SET
    diverting = EXCLUDED.diverting, divert_reason = EXCLUDED.divert_reason,
    emergency_beds_free = EXCLUDED.emergency_beds_free, reported_at = EXCLUDED.reported_at,
    reported_by = EXCLUDED.reported_by, version = greatest(kept.version, EXCLUDED.version) + 1
WHERE EXCLUDED.reported_at > kept.reported_at
""")


def find_facility(session: Session, facility_id: int, *, lock: bool = False) -> AnyRow | None:
    """Return a facility with its live status; locked until commit if asked.

    One that goes on under another's id is that other: also where it came to be so meanwhile.
    """
    row = None
    wanted: int | None = facility_id
    while wanted is not None:
        statement = _facilities().where(Facility.facility_id == wanted)
        if lock:
            statement = statement.with_for_update(of=Facility)
        row = session.execute(statement).one_or_none()
        wanted = None if row is None else row.merged_into_id
    return row


def lock_facilities(session: Session, facility_ids: Collection[int]) -> Sequence[AnyRow]:
    """Lock facilities until commit, one after another by id; return them with their live status."""
    statement = (
        _facilities()
        .where(Facility.facility_id.in_(facility_ids))
        .order_by(Facility.facility_id)
        .with_for_update(of=Facility)
    )
    return session.execute(statement).all()


def _facilities() -> Select[Any]:
    columns: list[Any] = [
        Facility.facility_id, Facility.city_id, Facility.name, Facility.name_zh,
        Facility.merged_into_id,
        HospitalStatus.diverting, HospitalStatus.divert_reason, HospitalStatus.emergency_beds_free,
        HospitalStatus.reported_at, HospitalStatus.version,
        func.ST_X(Facility.geom).label("lon"), func.ST_Y(Facility.geom).label("lat"),
    ]  # fmt: skip
    return select(*columns).outerjoin(
        HospitalStatus, HospitalStatus.facility_id == Facility.facility_id
    )


def put_hospital_status(session: Session, facility_id: int, values: Mapping[str, Any]) -> None:
    """Store a hospital's status, raising its version."""
    statement = upsert(HospitalStatus).values(facility_id=facility_id, **values)
    session.execute(
        statement.on_conflict_do_update(
            index_elements=[HospitalStatus.facility_id],
            set_={**values, "version": HospitalStatus.version + 1},
        )
    )


def take_over_status(session: Session, facility_id: int, *, of: int) -> None:
    """Let a facility have the status of another, if that was reported later; the other has none."""
    session.execute(_TAKE_OVER_STATUS, {"facility_id": facility_id, "of": of})
    session.execute(delete(HospitalStatus).where(HospitalStatus.facility_id == of))


def take_over_pools(session: Session, facility_id: int, *, of: int) -> None:
    """Let a facility have the bed pools of another, promises and all, of kinds it has none of."""
    own = select(BedPool.kind).where(BedPool.facility_id == facility_id)
    session.execute(
        update(BedPool)
        .where(BedPool.facility_id == of, BedPool.kind.not_in(own))
        .values(facility_id=facility_id, version=BedPool.version + 1)
    )


def merged_ids(session: Session, facility_id: int) -> Collection[int]:
    """Return the ids under which a facility was known before it turned out to be this one."""
    return session.scalars(
        select(Facility.facility_id).where(Facility.merged_into_id == facility_id)
    ).all()


def find_pool(session: Session, facility_id: int, kind: str) -> AnyRow | None:
    """Return a bed pool of a facility, all columns."""
    columns: list[Any] = list(BedPool.__table__.columns)
    return session.execute(
        select(*columns).where(BedPool.facility_id == facility_id, BedPool.kind == kind)
    ).one_or_none()


def list_pools(session: Session, facility_id: int) -> Sequence[AnyRow]:
    """Return a facility's bed pools (all columns), by kind."""
    columns: list[Any] = list(BedPool.__table__.columns)
    return session.execute(
        select(*columns).where(BedPool.facility_id == facility_id).order_by(BedPool.kind)
    ).all()


def put_pool(session: Session, facility_id: int, kind: str, values: Mapping[str, Any]) -> None:
    """Store what a hospital reports of a pool, raising its version.

    Raises
    ------
    PoolBelowPromisesError
        More beds are promised than the pool would have.
    """
    statement = upsert(BedPool).values(facility_id=facility_id, kind=kind, **values)
    try:
        session.execute(
            statement.on_conflict_do_update(
                index_elements=[BedPool.facility_id, BedPool.kind],
                set_={**values, "version": BedPool.version + 1},
            )
        )
    except IntegrityError as error:
        if _violated(error) != "ck_bed_pools_promised":
            raise
        raise PoolBelowPromisesError(kind, values["capacity"]) from error


def insert_promise(session: Session, values: Mapping[str, Any], *, kind: str) -> None:
    """Store a promise; the database counts it against the pool.

    Raises
    ------
    BedPoolFullError
        The pool has not so many free beds.
    BedsAlreadyPromisedError
        The same transport holds a promise already.
    """
    try:
        session.execute(insert(BedPromise).values(**values))
    except IntegrityError as error:
        if _violated(error) == "bed_pool_full":
            raise BedPoolFullError(kind, values["beds"]) from error
        if _violated(error) == "uq_bed_promises_held":
            raise BedsAlreadyPromisedError from error
        raise


def find_promise(session: Session, promise_id: UUID) -> AnyRow | None:
    """Return a promise (all columns) with its pool's facility and kind."""
    columns: list[Any] = [*BedPromise.__table__.columns, BedPool.facility_id, BedPool.kind]
    return session.execute(
        select(*columns)
        .join(BedPool, BedPool.pool_id == BedPromise.pool_id)
        .where(BedPromise.promise_id == promise_id)
    ).one_or_none()


def end_promise(session: Session, promise_id: UUID, *, state: str, at: datetime) -> bool:
    """End a promise that is held; returns whether it was."""
    ended = session.execute(
        update(BedPromise)
        .where(BedPromise.promise_id == promise_id, BedPromise.state == "held")
        .values(state=state, ended_at=at, version=BedPromise.version + 1)
        .returning(BedPromise.promise_id)
    ).first()
    return ended is not None


def occupy(session: Session, pool_id: int, beds: int) -> None:
    """Count beds as occupied until the hospital reports anew."""
    session.execute(
        update(BedPool).where(BedPool.pool_id == pool_id)
        .values(occupied=BedPool.occupied + beds, version=BedPool.version + 1)
    )  # fmt: skip


def overdue(
    session: Session,
    *,
    at: datetime,
    facility_id: int | None = None,
    transport: tuple[str, str] | None = None,
) -> Sequence[AnyRow]:
    """Return what is held past its time: promise_id, beds, kind, facility_id.

    Of all, of one facility, or of one transport (`for_kind`, `for_id`), by facility. Nothing is
    locked: what is returned may end meanwhile.
    """
    statement = (
        select(BedPromise.promise_id, BedPromise.beds, BedPool.kind, BedPool.facility_id)
        .join(BedPool, BedPool.pool_id == BedPromise.pool_id)
        .where(BedPromise.state == "held", BedPromise.expires_at <= at)
        .order_by(BedPool.facility_id, BedPromise.promise_id)
    )
    if facility_id is not None:
        statement = statement.where(BedPool.facility_id == facility_id)
    if transport is not None:
        statement = statement.where(tuple_(BedPromise.for_kind, BedPromise.for_id) == transport)
    return session.execute(statement).all()


def _violated(error: IntegrityError) -> str | None:
    diagnosis = getattr(error.orig, "diag", None)
    return None if diagnosis is None else diagnosis.constraint_name

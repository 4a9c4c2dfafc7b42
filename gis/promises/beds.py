"""Use cases of beds: what a hospital has, what is promised of it, and how a promise ends.

Who promises locks the hospital first; that no pool is promised beyond its capacity holds by a
constraint and a trigger, whoever writes.
"""

from datetime import timedelta
from uuid import UUID

from gis.concurrency import check_version
from gis.database import UnitOfWork, WritingUnitOfWork
from gis.events import NewEvent
from gis.jurisdiction import area_at
from gis.promises import repository
from gis.promises.errors import BedPoolUnknownError, BedPromiseEndedError, BedPromiseUnknownError
from gis.promises.status import check_speaks_for, require_facility
from gis.promises.views import BedPoolView, BedPromiseView
from gis.rows import AnyRow, view_of


def report_beds(
    uow: WritingUnitOfWork,
    facility_id: int,
    *,
    kind: str,
    capacity: int,
    occupied: int,
    expected_version: int | None = None,
) -> BedPoolView:
    """Store how many staffed beds of a kind a hospital has, and how many are occupied.

    Raises
    ------
    FacilityUnknownError, PermissionDeniedError, StaleVersionError, PoolBelowPromisesError
    """
    facility = require_facility(uow, facility_id, lock=True)
    check_speaks_for(uow, facility)
    before = repository.find_pool(uow.session, facility_id, kind)
    check_version(expected_version, before.version if before is not None else 0)
    now = uow.clock.now()
    repository.put_pool(
        uow.session, facility_id, kind,
        {"capacity": capacity, "occupied": occupied, "reported_at": now,
         "reported_by": uow.identity.user_id},
    )  # fmt: skip
    pool = _pool(uow, facility_id, kind)
    _emit(
        uow, facility, "hospital.beds_reported",
        {"kind": kind, "capacity": capacity, "occupied": occupied, "version": pool.version},
    )  # fmt: skip
    return pool


def pools(uow: UnitOfWork, facility_id: int) -> tuple[BedPoolView, ...]:
    """Return the bed pools of a hospital, by kind."""
    return tuple(view_of(BedPoolView, r) for r in repository.list_pools(uow.session, facility_id))


def promise_bed(
    uow: WritingUnitOfWork,
    facility_id: int,
    *,
    kind: str,
    for_kind: str,
    for_id: str,
    valid_for_s: float,
    beds: int = 1,
) -> BedPromiseView:
    """Promise beds of a pool to one transport (`for_kind`, `for_id`) for a time.

    Promises of the hospital that ran out give their beds back first.

    Raises
    ------
    FacilityUnknownError, BedPoolUnknownError
        There is no such hospital, or it never reported such beds.
    BedPoolFullError, BedsAlreadyPromisedError
        No free bed is left, or the transport holds a promise.
    """
    facility = require_facility(uow, facility_id, lock=True)
    now = uow.clock.now()
    expire_overdue(uow, facility_id=facility_id)
    pool = _pool(uow, facility_id, kind)
    promise_id = uow.ids.new()
    repository.insert_promise(
        uow.session,
        {
            "promise_id": promise_id, "pool_id": pool.pool_id, "beds": beds, "state": "held",
            "for_kind": for_kind, "for_id": for_id, "promised_at": now,
            "expires_at": now + timedelta(seconds=valid_for_s), "promised_by": uow.identity.label,
        },
        kind=kind,
    )  # fmt: skip
    _emit(
        uow, facility, "hospital.bed_promised",
        {"promise_id": promise_id, "kind": kind, "beds": beds, "for_kind": for_kind,
         "for_id": for_id},
    )  # fmt: skip
    return _promise(uow, promise_id)


def keep_promise(uow: WritingUnitOfWork, promise_id: UUID) -> BedPromiseView:
    """Note that the patient lies in the bed: it counts as occupied until the next report.

    Raises
    ------
    BedPromiseUnknownError, BedPromiseEndedError
    """
    promise = _end(uow, promise_id, state="kept")
    repository.occupy(uow.session, promise.pool_id, promise.beds)
    return promise


def release_promise(uow: WritingUnitOfWork, promise_id: UUID) -> BedPromiseView:
    """Give promised beds back.

    Raises
    ------
    BedPromiseUnknownError, BedPromiseEndedError
    """
    return _end(uow, promise_id, state="released")


def expire_overdue(uow: WritingUnitOfWork, *, facility_id: int | None = None) -> int:
    """End the promises whose time is over, of one hospital or of all; return how many."""
    found = repository.overdue(uow.session, at=uow.clock.now(), facility_id=facility_id)
    for row in found:
        _end(uow, row.promise_id, state="expired")
    return len(found)


def _end(uow: WritingUnitOfWork, promise_id: UUID, *, state: str) -> BedPromiseView:
    before = _promise(uow, promise_id)
    facility = require_facility(uow, before.facility_id, lock=True)
    if not repository.end_promise(uow.session, promise_id, state=state, at=uow.clock.now()):
        raise BedPromiseEndedError(_promise(uow, promise_id).state)
    _emit(
        uow, facility, "hospital.bed_promise_ended",
        {"promise_id": promise_id, "kind": before.kind, "beds": before.beds, "state": state},
    )  # fmt: skip
    return _promise(uow, promise_id)


def _pool(uow: WritingUnitOfWork, facility_id: int, kind: str) -> BedPoolView:
    row = repository.find_pool(uow.session, facility_id, kind)
    if row is None:
        raise BedPoolUnknownError(kind)
    return view_of(BedPoolView, row)


def _promise(uow: WritingUnitOfWork, promise_id: UUID) -> BedPromiseView:
    row = repository.find_promise(uow.session, promise_id)
    if row is None:
        raise BedPromiseUnknownError(promise_id)
    return view_of(BedPromiseView, row)


def _emit(uow: WritingUnitOfWork, facility: AnyRow, type_: str, said: dict[str, object]) -> None:
    uow.emit(
        NewEvent(
            "facility", str(facility.facility_id), type_,
            {"facility_id": facility.facility_id, "name": facility.name, **said},
            occurred_at=uow.clock.now(), city_id=facility.city_id,
            area_code=area_at(
                uow.session, facility.city_id, lon=facility.lon, lat=facility.lat
            ),
        )
    )  # fmt: skip

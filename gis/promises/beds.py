"""Use cases of beds: what a hospital has, what is promised of it, and how a promise ends.

Who promises or ends a promise locks the hospital first, several in the order of their ids; that no
pool is promised beyond its capacity holds by a constraint and a trigger, whoever writes.
"""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from uuid import UUID

from gis.concurrency import check_version
from gis.database import UnitOfWork, WritingUnitOfWork
from gis.errors import FacilityUnknownError
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
    facility_id = facility.facility_id
    area_code = check_speaks_for(uow, facility)
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
        area_code=area_code,
    )  # fmt: skip
    return pool


def pools(uow: UnitOfWork, facility_id: int) -> tuple[BedPoolView, ...]:
    """Return the bed pools of a hospital, by kind.

    Raises
    ------
    FacilityUnknownError
        There is no such hospital.
    """
    facility = require_facility(uow, facility_id, lock=False)
    found = repository.list_pools(uow.session, facility.facility_id)
    return tuple(view_of(BedPoolView, row) for row in found)


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

    Promises that ran out give their beds back first: the hospital's, and the transport's at any
    other, since it holds one at most.

    Raises
    ------
    FacilityUnknownError, BedPoolUnknownError
        There is no such hospital, or it never reported such beds.
    BedPoolFullError, BedsAlreadyPromisedError
        No free bed is left, or the transport holds a promise.
    """
    now = uow.clock.now()
    overdue = [
        *repository.overdue(uow.session, at=now, facility_id=facility_id),
        *repository.overdue(uow.session, at=now, transport=(for_kind, for_id)),
    ]
    locked = _lock(uow, overdue, besides=(facility_id,))
    facility = locked.get(facility_id)
    if facility is None:
        raise FacilityUnknownError(facility_id)
    if facility.merged_into_id is not None:
        return promise_bed(
            uow, facility.merged_into_id, kind=kind, for_kind=for_kind, for_id=for_id,
            valid_for_s=valid_for_s, beds=beds,
        )  # fmt: skip
    _expire(uow, overdue, locked)
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
        area_code=_area_code(uow, facility),
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


def expire_overdue(uow: WritingUnitOfWork) -> int:
    """End the promises whose time is over, of all hospitals; return how many."""
    overdue = repository.overdue(uow.session, at=uow.clock.now())
    return _expire(uow, overdue, _lock(uow, overdue))


def _lock(
    uow: WritingUnitOfWork, promises: Sequence[AnyRow], *, besides: Sequence[int] = ()
) -> Mapping[int, AnyRow]:
    """Lock the hospitals of promises and some besides, in one order; return them by id."""
    wanted = {row.facility_id for row in promises}.union(besides)
    return {row.facility_id: row for row in repository.lock_facilities(uow.session, wanted)}


def _expire(uow: WritingUnitOfWork, overdue: Sequence[AnyRow], locked: Mapping[int, AnyRow]) -> int:
    """End what was overdue; return how many. Some may have ended before the locks were held."""
    count = 0
    for row in overdue:
        facility = locked.get(row.facility_id)
        if facility is not None and repository.end_promise(
            uow.session, row.promise_id, state="expired", at=uow.clock.now()
        ):
            _emit_ended(uow, facility, row, state="expired")
            count += 1
    return count


def _end(uow: WritingUnitOfWork, promise_id: UUID, *, state: str) -> BedPromiseView:
    before = _promise(uow, promise_id)
    facility = require_facility(uow, before.facility_id, lock=True)
    if not repository.end_promise(uow.session, promise_id, state=state, at=uow.clock.now()):
        raise BedPromiseEndedError(_promise(uow, promise_id).state)
    _emit_ended(uow, facility, before, state=state)
    return _promise(uow, promise_id)


def _emit_ended(
    uow: WritingUnitOfWork, facility: AnyRow, promise: AnyRow | BedPromiseView, *, state: str
) -> None:
    _emit(
        uow, facility, "hospital.bed_promise_ended",
        {"promise_id": promise.promise_id, "kind": promise.kind, "beds": promise.beds,
         "state": state},
        area_code=_area_code(uow, facility),
    )  # fmt: skip


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


def _area_code(uow: UnitOfWork, facility: AnyRow) -> str | None:
    return area_at(uow.session, facility.city_id, lon=facility.lon, lat=facility.lat)


def _emit(
    uow: WritingUnitOfWork,
    facility: AnyRow,
    type_: str,
    said: dict[str, object],
    *,
    area_code: str | None,
) -> None:
    uow.emit(
        NewEvent(
            "facility", str(facility.facility_id), type_,
            {"facility_id": facility.facility_id, "name": facility.name, **said},
            occurred_at=uow.clock.now(), city_id=facility.city_id, area_code=area_code,
        )
    )  # fmt: skip

"""Use cases of hospital status: what a hospital says of itself."""

from collections.abc import Mapping

from gis.concurrency import check_version
from gis.database import UnitOfWork, WritingUnitOfWork
from gis.errors import FacilityUnknownError, PermissionDeniedError
from gis.events import NewEvent
from gis.jurisdiction import area_at
from gis.permissions import HOSPITAL_STATUS_WRITE
from gis.promises import repository
from gis.promises.views import HospitalStatusView
from gis.rows import AnyRow, view_of


def hospital_status(uow: UnitOfWork, facility_id: int) -> HospitalStatusView:
    """Return a hospital's live status, all None where it never reported.

    Raises
    ------
    FacilityUnknownError
        There is no such facility.
    """
    return _status_view(require_facility(uow, facility_id, lock=False))


def set_hospital_status(
    uow: WritingUnitOfWork,
    facility_id: int,
    *,
    diverting: bool,
    divert_reason: str | None = None,
    emergency_beds_free: int | None = None,
    expected_version: int | None = None,
) -> HospitalStatusView:
    """Store what a hospital reports about itself.

    Raises
    ------
    FacilityUnknownError
        There is no such facility.
    PermissionDeniedError
        The viewer speaks for another hospital, or for another jurisdiction.
    StaleVersionError
        Somebody reported meanwhile.
    """
    facility = require_facility(uow, facility_id, lock=True)
    facility_id = facility.facility_id
    area_code = check_speaks_for(uow, facility)
    check_version(expected_version, facility.version or 0)
    now = uow.clock.now()
    repository.put_hospital_status(
        uow.session,
        facility_id,
        {
            "diverting": diverting, "divert_reason": divert_reason,
            "emergency_beds_free": emergency_beds_free, "reported_at": now,
            "reported_by": uow.identity.user_id,
        },
    )  # fmt: skip
    after = _status_view(require_facility(uow, facility_id, lock=False))
    uow.emit(
        NewEvent(
            "facility",
            str(facility_id),
            "hospital.status_changed",
            {
                "facility_id": facility_id, "name": after.name, "diverting": diverting,
                "emergency_beds_free": emergency_beds_free, "version": after.version,
            },
            occurred_at=now,
            city_id=facility.city_id,
            area_code=area_code,
        )
    )  # fmt: skip
    return after


def go_on(uow: WritingUnitOfWork, merged: Mapping[int, int]) -> None:
    """Let facilities go on with what was reported of those that turned out to be the same.

    merged : facility → the one it goes on as; both are locked

    Of two reports the later counts. Bed pools come along with what is promised of them. Where both
    have a pool of a kind, the one that goes on keeps its own; the other's ends with its promises
    and is offered no more.
    """
    for facility_id in sorted(merged):
        repository.take_over_status(uow.session, merged[facility_id], of=facility_id)
        repository.take_over_pools(uow.session, merged[facility_id], of=facility_id)


def require_facility(uow: UnitOfWork, facility_id: int, *, lock: bool) -> AnyRow:
    """Return a facility with its live status, locked until commit if asked.

    One that turned out to be another is that other.

    Raises
    ------
    FacilityUnknownError
        There is no such facility.
    """
    row = repository.find_facility(uow.session, facility_id, lock=lock)
    if row is None:
        raise FacilityUnknownError(facility_id)
    return row


def check_speaks_for(uow: UnitOfWork, facility: AnyRow) -> str | None:
    """Check that the viewer reports for a facility; return the code of its area.

    Raises
    ------
    PermissionDeniedError
        The viewer speaks for another hospital, or for another jurisdiction.
    """
    area_code = area_at(uow.session, facility.city_id, lon=facility.lon, lat=facility.lat)
    own = uow.identity.facility_ids(HOSPITAL_STATUS_WRITE)
    allowed = uow.identity.allows(HOSPITAL_STATUS_WRITE, area_code)
    if own is not None and facility.facility_id not in own:
        # An account that speaks for it by an id it had before still does.
        allowed = allowed and not own.isdisjoint(
            repository.merged_ids(uow.session, facility.facility_id)
        )
    if not allowed:
        raise PermissionDeniedError(
            f"You do not report for {facility.name}. Ask its emergency department, or a supervisor "
            "of its district."
        )
    return area_code


def _status_view(row: AnyRow) -> HospitalStatusView:
    return view_of(HospitalStatusView, row, version=row.version or 0)

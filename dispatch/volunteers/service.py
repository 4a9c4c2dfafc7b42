"""Use cases of volunteers: enrolled, verified, on duty, where they are, what they are asked."""

from datetime import datetime, timedelta
from uuid import UUID

from dispatch.permissions import VOLUNTEER_ADMIN
from dispatch.volunteers import repository
from dispatch.volunteers.errors import (
    AlertNotFoundError,
    VolunteerAccountUnknownError,
    VolunteerBusyError,
    VolunteerEnrolledError,
    VolunteerNotFoundError,
    VolunteerNotVerifiedError,
)
from dispatch.volunteers.lifecycle import KNOWS_PLACE, AlertState
from dispatch.volunteers.views import (
    FetchView,
    OwnAlert,
    OwnVolunteer,
    VolunteerList,
    VolunteerView,
)
from gis.cities import require_city
from gis.database import UnitOfWork, WritingUnitOfWork
from gis.geometry import DeclaredPoint
from gis.jurisdiction import outlines, reach_of
from gis.rows import AnyRow

LISTED = 1000
GRID_PER_DEGREE = 300
"""Until accepted a place is told to a grid of 1/300 degree, 370 m."""
APPROXIMATE_M = 350.0
POSITION_AHEAD = timedelta(minutes=1)
"""A phone's clock may run so far ahead; its position is then from now."""


def enrol(
    uow: WritingUnitOfWork, city_id: int, *, username: str, phone: str | None
) -> VolunteerView:
    """Make an account a volunteer of a city; nobody alerts it before it is verified.

    Raises
    ------
    CityUnknownError, VolunteerNotFoundError, VolunteerAccountUnknownError, VolunteerEnrolledError
    """
    require_city(uow, city_id)
    _check_reach(uow, city_id)
    user = repository.find_user(uow.session, username)
    if user is None:
        raise VolunteerAccountUnknownError
    volunteer_id = uow.ids.new()
    made = repository.insert_volunteer(uow.session, {
        "volunteer_id": volunteer_id, "user_id": user.user_id, "city_id": city_id, "phone": phone,
        "enrolled_at": uow.clock.now(), "enrolled_by": uow.identity.label,
    })  # fmt: skip
    if not made:
        raise VolunteerEnrolledError
    return _view(_found(uow, volunteer_id))


def verify(uow: WritingUnitOfWork, volunteer_id: UUID) -> VolunteerView:
    """Write down that somebody has seen that the volunteer is an adult and who they say they are.

    Raises
    ------
    VolunteerNotFoundError
    """
    row = _found(uow, volunteer_id, lock=True)
    if row.verified_at is None:
        repository.update_volunteer(
            uow.session, volunteer_id,
            {"verified_at": uow.clock.now(), "verified_by": uow.identity.label},
        )  # fmt: skip
    return _view(_found(uow, volunteer_id))


def end(uow: WritingUnitOfWork, volunteer_id: UUID) -> VolunteerView:
    """End a volunteer's service: off duty, position and telephone number erased.

    Raises
    ------
    VolunteerNotFoundError, VolunteerBusyError
    """
    row = _found(uow, volunteer_id, lock=True)
    if row.ended_at is None:
        if repository.open_alert_of(uow.session, volunteer_id) is not None:
            raise VolunteerBusyError
        repository.update_volunteer(
            uow.session, volunteer_id,
            {"ended_at": uow.clock.now(), "on_duty": False, "phone": None},
        )  # fmt: skip
        repository.erase_positions(uow.session, [volunteer_id])
    return _view(_found(uow, volunteer_id))


def list_volunteers(uow: UnitOfWork, city_id: int) -> VolunteerList:
    """Return the volunteers of a city.

    Raises
    ------
    CityUnknownError, VolunteerNotFoundError
    """
    require_city(uow, city_id)
    _check_reach(uow, city_id)
    rows = repository.list_volunteers(uow.session, city_id, limit=LISTED)
    return VolunteerList(tuple(map(_view, rows)))


def own(uow: UnitOfWork) -> OwnVolunteer:
    """Return what a volunteer sees of themself, with the alert that is open.

    Raises
    ------
    VolunteerNotFoundError
        The account is no volunteer.
    """
    row = _me(uow)
    alert = repository.open_alert_of(uow.session, row.volunteer_id)
    return OwnVolunteer(
        row.volunteer_id, row.verified_at is not None, row.on_duty,
        None if alert is None else _own_alert(uow, alert),
    )  # fmt: skip


def incident_of(uow: UnitOfWork, alert_id: UUID) -> UUID:
    """Return the incident of one of the volunteer's own alerts.

    Raises
    ------
    VolunteerNotFoundError, AlertNotFoundError
    """
    alert = repository.find_alert(uow.session, alert_id)
    if alert is None or alert.volunteer_id != _me(uow).volunteer_id:
        raise AlertNotFoundError(alert_id)
    found: UUID = alert.incident_id
    return found


def set_duty(uow: WritingUnitOfWork, *, on_duty: bool) -> OwnVolunteer:
    """Go on or off duty; off duty the latest position is erased.

    Raises
    ------
    VolunteerNotFoundError, VolunteerNotVerifiedError, VolunteerBusyError
    """
    row = _me(uow, lock=True)
    if on_duty and (row.verified_at is None or row.ended_at is not None):
        raise VolunteerNotVerifiedError
    if not on_duty:
        if repository.open_alert_of(uow.session, row.volunteer_id) is not None:
            raise VolunteerBusyError
        repository.erase_positions(uow.session, [row.volunteer_id])
    repository.update_volunteer(uow.session, row.volunteer_id, {"on_duty": on_duty})
    return own(uow)


def put_position(uow: WritingUnitOfWork, point: DeclaredPoint, *, at: datetime) -> OwnVolunteer:
    """Keep where a volunteer on duty is, in the place of the position before.

    Off duty nothing is kept. An older position than the one kept changes nothing.

    Raises
    ------
    VolunteerNotFoundError
    """
    row, here, now = _me(uow), point.to_wgs84(), uow.clock.now()
    if row.on_duty:
        repository.put_position(
            uow.session, row.volunteer_id, lon=here.lon, lat=here.lat,
            uncertainty_m=here.uncertainty_m,
            at=min(at, now) if at <= now + POSITION_AHEAD else now,
        )  # fmt: skip
    return own(uow)


def positions_past(uow: WritingUnitOfWork, before: datetime, limit: int) -> int:
    """Erase positions of volunteers who have not been heard of since."""
    return repository.positions_past(uow.session, before, limit)


def _own_alert(uow: UnitOfWork, alert: AnyRow) -> OwnAlert:
    scene = repository.scene_of(uow.session, alert.incident_id)
    state = AlertState(alert.state)
    exact = state in KNOWS_PLACE
    lon = lat = None
    if scene is not None and scene.lon is not None and state is not AlertState.RECALLED:
        lon, lat = float(scene.lon), float(scene.lat)
        if not exact:
            lon, lat = (round(one * GRID_PER_DEGREE) / GRID_PER_DEGREE for one in (lon, lat))
    fetches = exact and alert.route == "via_aed" and state is AlertState.ROUTED_VIA_AED
    aed = repository.find_aed(uow.session, alert.aed_id) if fetches else None
    return OwnAlert(
        alert_id=alert.alert_id, state=alert.state, route=alert.route,
        alerted_at=alert.alerted_at, expires_at=alert.expires_at, exact=exact, lon=lon, lat=lat,
        radius_m=None if lon is None else 0.0 if exact else APPROXIMATE_M,
        place_label=scene.place_label if exact and scene is not None else None,
        aed=None if aed is None else FetchView(**aed._mapping),
        aed_taken=alert.aed_taken_at is not None, recalled_at=alert.recalled_at,
    )  # fmt: skip


def _me(uow: UnitOfWork, *, lock: bool = False) -> AnyRow:
    user_id = uow.identity.user_id
    row = None if user_id is None else repository.volunteer_of(uow.session, user_id, lock=lock)
    if row is None or row.ended_at is not None:
        raise VolunteerNotFoundError
    return row


def _check_reach(uow: UnitOfWork, city_id: int) -> None:
    reach = reach_of(uow.identity, VOLUNTEER_ADMIN)
    if reach is not None and not outlines(uow.session, city_id, reach):
        raise VolunteerNotFoundError


def _found(uow: UnitOfWork, volunteer_id: UUID, *, lock: bool = False) -> AnyRow:
    row = repository.find_volunteer(uow.session, volunteer_id, lock=lock)
    if row is None:
        raise VolunteerNotFoundError
    _check_reach(uow, row.city_id)
    return row


def _view(row: AnyRow) -> VolunteerView:
    return VolunteerView(
        row.volunteer_id, row.username, row.display_name, row.on_duty, row.enrolled_at,
        row.verified_at, row.ended_at,
    )  # fmt: skip

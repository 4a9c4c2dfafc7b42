"""Use cases of a scene's safety: answered, staged and released, heard, told; hazards of places."""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from dispatch.errors import AssignmentNotFoundError
from dispatch.fleet.crew_safety.own_unit import check_own_unit
from dispatch.incidents.records import apply_change, lock_incident, read_incident
from dispatch.incidents.repository import find_incident
from dispatch.model import PlaceHeard
from dispatch.permissions import INCIDENT_READ, INCIDENT_WRITE, UNIT_STATUS_WRITE
from dispatch.places.service import CALL_MARGIN_M
from dispatch.scene_safety import repository
from dispatch.scene_safety.errors import (
    HazardExpiryError,
    HazardNotFoundError,
    OrderUnknownError,
)
from dispatch.scene_safety.model import (
    Agency,
    Danger,
    DangerAnswer,
    DangerState,
    Order,
    Staging,
    StagingStep,
    checked,
    combined,
    next_staging,
    orders_at,
    staging_of,
)
from dispatch.scene_safety.views import HazardList, HazardView, OrderView, SafetyView, ToldView
from gis.access import EVERYWHERE
from gis.cities import check_inside, require_city
from gis.database import UnitOfWork, WritingUnitOfWork
from gis.events import NewEvent
from gis.geometry import DeclaredPoint
from gis.jurisdiction import area_at
from gis.rows import AnyRow, sql_point
from gis.words import Words

LONGEST = timedelta(days=366)

NO_LINE = Words(
    en="This program has no line to police or fire. Call them, then write here whom you told.",
    zh="本系统与公安、消防没有直接联络通道。请电话通知，再在此记录通知了谁。",
)


def incident_dangers(uow: UnitOfWork, incident_id: UUID) -> DangerState:
    """Return whether a danger is known at an incident: as answered, with those of its place.

    For any use case: who may see the incident is checked by the caller.
    """
    stored = repository.find_safety(uow.session, incident_id)
    hazards = repository.hazards_at(uow.session, incident_id, at=uow.clock.now())
    return combined(_answered(stored), [Danger(one.kind) for one in hazards])


def safety(uow: UnitOfWork, incident_id: UUID) -> SafetyView:
    """Return a scene's safety as shown.

    Raises
    ------
    IncidentNotFoundError
    """
    read_incident(uow, incident_id, INCIDENT_READ)
    return _view(uow, incident_id)


def answer_danger(
    uow: WritingUnitOfWork,
    incident_id: UUID,
    *,
    answer: DangerAnswer,
    kinds: Collection[Danger] = (),
    expected_version: int | None = None,
) -> SafetyView:
    """Answer *danger known?*. The same answer again changes nothing.

    Raises
    ------
    DangerAnswerError
        Known without a kind, or a kind with another answer.
    IncidentNotFoundError, StaleVersionError, IncidentClosedError
        The incident cannot be changed.
    """
    said = checked(answer, kinds)
    incident = lock_incident(uow, incident_id, INCIDENT_WRITE, expected_version=expected_version)
    stored = repository.find_safety(uow.session, incident_id)
    before = incident_dangers(uow, incident_id)
    if stored is None or stored.answered_at is None or said != _answered(stored):
        repository.put_safety(
            uow.session, incident_id, city_id=incident.city_id,
            values={
                "answer": said.answer.value, "kinds": [kind.value for kind in said.kinds],
                "answered_at": uow.clock.now(), "answered_by": uow.identity.label,
            },
        )  # fmt: skip
        _tell_danger(uow, incident, before)
    return _view(uow, incident_id)


def order_staging(
    uow: WritingUnitOfWork,
    incident_id: UUID,
    *,
    step: StagingStep,
    expected_version: int | None = None,
) -> SafetyView:
    """Let crews wait at a distance, or release the scene. A repeat changes nothing.

    No stamp is refused while crews wait: one that is at the patient all the same says so.

    Raises
    ------
    StagingError
        Nobody was told to wait.
    IncidentNotFoundError, StaleVersionError, IncidentClosedError
        The incident cannot be changed.
    """
    incident = lock_incident(uow, incident_id, INCIDENT_WRITE, expected_version=expected_version)
    stored = repository.find_safety(uow.session, incident_id)
    before = _staging(stored)
    after = next_staging(before, step)
    if after is not before:
        what = "staged" if after is Staging.WAIT else "released"
        now = uow.clock.now()
        values: dict[str, Any] = {f"{what}_at": now, f"{what}_by": uow.identity.label}
        if after is Staging.WAIT:
            values |= {"released_at": None, "released_by": None}
        repository.put_safety(uow.session, incident_id, city_id=incident.city_id, values=values)
        apply_change(uow, incident, f"incident.{what}", payload={"staging": after.value})
    return _view(uow, incident_id)


def hear_order(
    uow: WritingUnitOfWork,
    assignment_id: UUID,
    *,
    order: Order,
    since: datetime,
    heard: PlaceHeard,
) -> OrderView:
    """Write down that a crew has heard an order, by its tablet or by voice. Once is enough.

    Raises
    ------
    AssignmentNotFoundError, IncidentNotFoundError
        There is none within the viewer's jurisdiction.
    OrderUnknownError
        The order does not hold, or not since then.
    """
    incident_id = repository.incident_of_assignment(uow.session, assignment_id)
    if incident_id is None:
        raise AssignmentNotFoundError(assignment_id)
    incident = lock_incident(uow, incident_id, UNIT_STATUS_WRITE, must_be_open=False)
    crews = repository.open_crews(uow.session, incident_id)
    crew = next((one for one in crews if one.assignment_id == assignment_id), None)
    if crew is None:
        raise AssignmentNotFoundError(assignment_id)
    check_own_unit(uow, crew.unit_id, crew.call_sign)
    if (order, since) not in _orders(uow, incident_id):
        raise OrderUnknownError(order.value)
    now = uow.clock.now()
    fresh = repository.insert_heard(
        uow.session,
        {
            "assignment_id": assignment_id, "order_kind": order.value, "since": since,
            "heard": heard.value, "heard_at": now, "heard_by": uow.identity.label,
        },
    )  # fmt: skip
    if fresh:
        apply_change(
            uow, incident, "incident.order_heard",
            payload={
                "assignment_id": assignment_id, "unit_id": crew.unit_id,
                "call_sign": crew.call_sign, "order": order.value, "since": since,
                "heard": heard.value,
            },
        )  # fmt: skip
    found = _order_views(uow, incident_id)
    return next(
        one for one in found if one.assignment_id == assignment_id and one.order is order
    )  # fmt: skip


def tell_agency(
    uow: WritingUnitOfWork, incident_id: UUID, *, agency: Agency, to_whom: str, told_at: datetime
) -> SafetyView:
    """Write down that an agency outside was told. This tells nobody: there is no line to them.

    A time ahead of the server's clock is taken as now. Whom stands in the table, never in the log.

    Raises
    ------
    IncidentNotFoundError
    """
    incident = lock_incident(uow, incident_id, INCIDENT_WRITE, must_be_open=False)
    now = uow.clock.now()
    told_id = uow.ids.new()
    repository.insert_told(
        uow.session,
        {
            "told_id": told_id, "incident_id": incident_id, "city_id": incident.city_id,
            "agency": agency.value, "to_whom": to_whom, "told_at": min(told_at, now),
            "recorded_at": now, "recorded_by": uow.identity.label,
        },
    )  # fmt: skip
    apply_change(
        uow, incident, "incident.agency_told",
        payload={"agency": agency.value, "told_id": told_id, "told_at": min(told_at, now)},
    )  # fmt: skip
    return _view(uow, incident_id)


def add_hazard(
    uow: WritingUnitOfWork,
    city_id: int,
    *,
    kind: Danger,
    point: DeclaredPoint,
    radius_m: float,
    expires_at: datetime,
) -> HazardView:
    """Write down a hazard of a place until `expires_at` (aware, a year ahead at most).

    Open incidents that it reaches are told at once: their danger is known from now on.

    Raises
    ------
    CityUnknownError, PlaceOutsideCityError, CoordinatesSwappedError
        There is no such place.
    HazardExpiryError
        It ends in the past, or too far ahead.
    """
    city = require_city(uow, city_id)
    now = uow.clock.now()
    if not now < expires_at <= now + LONGEST:
        raise HazardExpiryError(expires_at)
    place = point.to_wgs84()
    check_inside(city, lon=place.lon, lat=place.lat, margin_m=CALL_MARGIN_M)
    assert point.datum is not None
    hazard_id = uow.ids.new()
    area_code = area_at(uow.session, city_id, lon=place.lon, lat=place.lat)
    repository.insert_hazard(
        uow.session,
        {
            "hazard_id": hazard_id, "city_id": city_id, "area_code": area_code,
            "kind": kind.value, "geom": sql_point(place.lon, place.lat),
            "declared_datum": point.datum.value, "radius_m": radius_m, "created_at": now,
            "created_by": uow.identity.label, "expires_at": expires_at,
        },
    )  # fmt: skip
    _emit_hazard(
        uow, "hazard.added", hazard_id, kind=kind.value, city_id=city_id, area_code=area_code,
        expires_at=expires_at,
    )  # fmt: skip
    _tell_incidents(uow, hazard_id)
    row = repository.find_hazard(uow.session, hazard_id, (EVERYWHERE,))
    assert row is not None
    return _hazard_view(row)


def end_hazard(uow: WritingUnitOfWork, hazard_id: UUID) -> HazardView:
    """Take a hazard away before it expires; one that is gone stays gone.

    Raises
    ------
    HazardNotFoundError
        There is none within the viewer's jurisdiction.
    """
    reach = uow.identity.jurisdictions(INCIDENT_WRITE)
    row = repository.find_hazard(uow.session, hazard_id, reach, lock=True)
    if row is None:
        raise HazardNotFoundError(hazard_id)
    if row.ended_at is None:
        repository.end_hazard(
            uow.session, hazard_id, at=uow.clock.now(), by=uow.identity.label
        )  # fmt: skip
        _emit_hazard(
            uow, "hazard.ended", hazard_id, kind=row.kind, city_id=row.city_id,
            area_code=row.area_code, expires_at=row.expires_at,
        )  # fmt: skip
        _tell_incidents(uow, hazard_id)
        row = repository.find_hazard(uow.session, hazard_id, reach)
        assert row is not None
    return _hazard_view(row)


def hazards(uow: UnitOfWork, city_id: int) -> HazardList:
    """Return the hazards of a city's places that hold now, in the viewer's areas.

    Raises
    ------
    CityUnknownError
    """
    require_city(uow, city_id)
    rows = repository.list_hazards(
        uow.session, city_id, uow.identity.jurisdictions(INCIDENT_READ), at=uow.clock.now()
    )
    return HazardList(hazards=tuple(map(_hazard_view, rows)))


def hazards_past(uow: WritingUnitOfWork, before: datetime, limit: int) -> int:
    """Delete hazards that are over since `before`."""
    return repository.delete_past_hazards(uow.session, before, limit=limit)


def _answered(stored: AnyRow | None) -> DangerState:
    if stored is None:
        return DangerState(DangerAnswer.UNKNOWN)
    return checked(DangerAnswer(stored.answer), [Danger(kind) for kind in stored.kinds])


def _staging(stored: AnyRow | None) -> Staging:
    return Staging.NOT_ASKED if stored is None else staging_of(stored.staged_at, stored.released_at)


def _tell_danger(uow: WritingUnitOfWork, incident: AnyRow, before: DangerState | None) -> None:
    after = incident_dangers(uow, incident.incident_id)
    apply_change(
        uow, incident, "incident.danger_changed",
        payload={
            "answer": after.answer.value, "kinds": [kind.value for kind in after.kinds],
            "previous": None if before is None else before.answer.value,
            "previous_kinds": None if before is None else [kind.value for kind in before.kinds],
        },
    )  # fmt: skip


def _tell_incidents(uow: WritingUnitOfWork, hazard_id: UUID) -> None:
    """Tell the open incidents that a hazard reaches how they stand now, one after another by id."""
    for incident_id in repository.open_incidents_at(uow.session, hazard_id):
        incident = find_incident(uow.session, incident_id, prefixes=(EVERYWHERE,), lock=True)
        if incident is not None and incident.closed_at is None and incident.cancelled_at is None:
            _tell_danger(uow, incident, None)


def _emit_hazard(
    uow: WritingUnitOfWork, type_: str, hazard_id: UUID, *, kind: str, city_id: int,
    area_code: str | None, expires_at: datetime,
) -> None:  # fmt: skip
    uow.emit(
        NewEvent(
            "hazard", str(hazard_id), type_, {"kind": kind, "expires_at": expires_at},
            uow.clock.now(), city_id=city_id, area_code=area_code,
        )
    )  # fmt: skip


def _orders(uow: UnitOfWork, incident_id: UUID) -> Sequence[tuple[Order, datetime]]:
    stored = repository.find_safety(uow.session, incident_id)
    found = repository.hazards_at(uow.session, incident_id, at=uow.clock.now())
    times = [one.created_at for one in found]
    if stored is not None and stored.answer == DangerAnswer.KNOWN:
        times.append(stored.answered_at)
    return orders_at(
        staged_at=None if stored is None else stored.staged_at,
        released_at=None if stored is None else stored.released_at,
        danger_at=max(times, default=None),
        danger=combined(_answered(stored), [Danger(one.kind) for one in found]),
    )


def _order_views(uow: UnitOfWork, incident_id: UUID) -> tuple[OrderView, ...]:
    crews = repository.open_crews(uow.session, incident_id)
    heard = {
        (one.assignment_id, one.order_kind, one.since): one
        for one in repository.orders_heard(uow.session, [one.assignment_id for one in crews])
    }
    found = []
    for crew in crews:
        for order, since in _orders(uow, incident_id):
            row = heard.get((crew.assignment_id, order.value, since))
            found.append(
                OrderView(
                    assignment_id=crew.assignment_id, unit_id=crew.unit_id,
                    call_sign=crew.call_sign, order=order, since=since,
                    heard=None if row is None else row.heard,
                    heard_at=None if row is None else row.heard_at,
                )
            )  # fmt: skip
    return tuple(found)


def _view(uow: UnitOfWork, incident_id: UUID) -> SafetyView:
    stored = repository.find_safety(uow.session, incident_id)
    state = incident_dangers(uow, incident_id)
    found = repository.hazards_at(uow.session, incident_id, at=uow.clock.now())
    return SafetyView(
        incident_id=incident_id, answer=state.answer, kinds=state.kinds,
        answered=_answered(stored).answer,
        answered_at=None if stored is None else stored.answered_at,
        answered_by=None if stored is None else stored.answered_by,
        hazards=tuple(map(_hazard_view, found)), staging=_staging(stored),
        staged_at=None if stored is None else stored.staged_at,
        released_at=None if stored is None else stored.released_at,
        released_by=None if stored is None else stored.released_by,
        orders=_order_views(uow, incident_id),
        told=tuple(
            ToldView(
                told_id=one.told_id, agency=Agency(one.agency), to_whom=one.to_whom,
                told_at=one.told_at, recorded_at=one.recorded_at, recorded_by=one.recorded_by,
            )
            for one in repository.list_told(uow.session, incident_id)
        ),
        told_by_hand=NO_LINE,
    )  # fmt: skip


def _hazard_view(row: AnyRow) -> HazardView:
    return HazardView(
        hazard_id=row.hazard_id, kind=Danger(row.kind), lon=row.lon, lat=row.lat,
        radius_m=row.radius_m, created_at=row.created_at, created_by=row.created_by,
        expires_at=row.expires_at, ended_at=row.ended_at,
    )  # fmt: skip

"""Load, lock, change and show incidents: what every use case does the same way."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from dispatch.errors import (
    CityUnknownError,
    CoordinatesSwappedError,
    IncidentClosedError,
    IncidentNotFoundError,
    PlaceOutsideCityError,
    SimulationRefusedError,
    StaleVersionError,
    UnitUnknownError,
)
from dispatch.fleet import repository as repository_fleet
from dispatch.incidents import repository
from dispatch.incidents.lifecycle import incident_state, next_states, unit_status
from dispatch.incidents.repository import AnyRow, CityRow
from dispatch.incidents.views import AssignmentView, IncidentView, StampView, UnitView
from dispatch.model import AssignmentState, IncidentFacts, UnitStatus
from dispatch.triage.protocol import default_protocol
from gis.access import Permission
from gis.database import UnitOfWork
from gis.events import NewEvent
from gis.geometry import EARTH_RADIUS_M

METRES_PER_DEGREE = EARTH_RADIUS_M * 3.141592653589793 / 180.0

_FACTS = ("coded_at", "queued_at", "closed_at", "cancelled_at")
_UNIT_EVENT = "unit.status_changed"


def require_city(uow: UnitOfWork, city_id: int) -> CityRow:
    """Return a city, or raise `CityUnknownError`."""
    city = repository.find_city(uow.session, city_id)
    if city is None:
        raise CityUnknownError(city_id)
    return city


def refuse_simulation_in_live(uow: UnitOfWork) -> None:
    """Raise `SimulationRefusedError` unless this database is for simulation."""
    if repository.installation_purpose(uow.session) != "simulation":
        raise SimulationRefusedError


def check_inside(city: CityRow, *, lon: float, lat: float, margin_m: float) -> None:
    """Check that a WGS-84 point lies within the city's extent, widened by `margin_m`.

    Raises
    ------
    CoordinatesSwappedError
        It does not, but would with longitude and latitude exchanged.
    PlaceOutsideCityError
        It does not.
    """
    if is_inside(city, lon=lon, lat=lat, margin_m=margin_m):
        return
    if is_inside(city, lon=lat, lat=lon, margin_m=margin_m):
        raise CoordinatesSwappedError(lon, lat, city.name)
    raise PlaceOutsideCityError(lon, lat, city.name)


def is_inside(city: CityRow, *, lon: float, lat: float, margin_m: float) -> bool:
    """Say whether a point lies within the city's extent, widened by `margin_m`."""
    # A degree of longitude is never longer than one of latitude: twice the margin covers it to 60°.
    margin = margin_m / METRES_PER_DEGREE
    return (
        city.west - 2 * margin <= lon <= city.east + 2 * margin
        and city.south - margin <= lat <= city.north + margin
    )


def read_incident(uow: UnitOfWork, incident_id: UUID, permission: Permission) -> AnyRow:
    """Return an incident of the viewer's jurisdiction, or raise `IncidentNotFoundError`."""
    prefixes = uow.identity.jurisdictions(permission)
    row = repository.find_incident(uow.session, incident_id, prefixes=prefixes)
    if row is None:
        raise IncidentNotFoundError(incident_id)
    return row


def lock_incident(
    uow: UnitOfWork,
    incident_id: UUID,
    permission: Permission,
    *,
    expected_version: int | None = None,
    must_be_open: bool = True,
) -> AnyRow:
    """Lock an incident until commit and return it as it is now.

    Raises
    ------
    IncidentNotFoundError
        There is none within the viewer's jurisdiction.
    StaleVersionError
        Its version is not `expected_version` (None: not checked).
    IncidentClosedError
        It is closed or cancelled, and must be open.
    """
    prefixes = uow.identity.jurisdictions(permission)
    row = repository.find_incident(uow.session, incident_id, prefixes=prefixes, lock=True)
    if row is None:
        raise IncidentNotFoundError(incident_id)
    if expected_version is not None and row.version != expected_version:
        raise StaleVersionError(expected_version, row.version)
    if must_be_open and (row.closed_at is not None or row.cancelled_at is not None):
        raise IncidentClosedError(row.number, row.state)
    return row


def derive_state(facts: Mapping[str, datetime | None], states: Iterable[str]) -> str:
    """Return the state that follows from an incident's facts and its assignments' states."""
    known = IncidentFacts(**{name: facts[name] for name in _FACTS})
    return incident_state(known, (AssignmentState(state) for state in states)).value


def apply_change(
    uow: UnitOfWork,
    incident: AnyRow,
    event_type: str,
    *,
    payload: Mapping[str, Any],
    values: Mapping[str, Any] | None = None,
    occurred_at: datetime | None = None,
) -> None:
    """Change a locked incident, derive its state anew, raise its version and emit the event."""
    changed = dict(values or {})
    current = {**incident._mapping, **changed}
    changed["state"] = derive_state(
        current, repository.assignment_states(uow.session, incident.incident_id)
    )
    version = repository.update_incident(uow.session, incident.incident_id, changed)
    uow.emit(
        NewEvent(
            "incident",
            str(incident.incident_id),
            event_type,
            {
                **payload,
                "state": changed["state"],
                "version": version,
                **_moved(incident.area_code, current["area_code"]),
            },
            occurred_at=occurred_at or uow.clock.now(),
            city_id=incident.city_id,
            area_code=current["area_code"],
        )
    )


def _moved(before: str | None, after: str | None) -> dict[str, str | None]:
    """Return what tells readers of the area an incident has left that it is theirs no more."""
    return {} if before == after else {"previous_area_code": before}


def incident_view(uow: UnitOfWork, incident_id: UUID) -> IncidentView:
    """Return one incident as shown, after a change that was already allowed."""
    row = repository.find_incident(uow.session, incident_id, prefixes=("",))
    if row is None:
        raise IncidentNotFoundError(incident_id)
    return incident_views(uow, [row])[0]


def incident_views(uow: UnitOfWork, rows: Sequence[AnyRow]) -> tuple[IncidentView, ...]:
    """Return incidents as shown, with their assignments: three queries in all."""
    assignments: dict[UUID, list[AssignmentView]] = {row.incident_id: [] for row in rows}
    if rows:
        for assignment in assignment_views(uow, list(assignments)):
            assignments[assignment.incident_id].append(assignment)
    return tuple(_incident_view(row, tuple(assignments[row.incident_id])) for row in rows)


def assignment_views(uow: UnitOfWork, incident_ids: Sequence[UUID]) -> list[AssignmentView]:
    """Return the assignments of incidents with their stamps."""
    rows = repository.list_assignments(uow.session, incident_ids)
    stamps: dict[UUID, list[StampView]] = {row.assignment_id: [] for row in rows}
    for stamp in repository.list_stamps(uow.session, list(stamps)) if rows else ():
        stamps[stamp.assignment_id].append(
            StampView(
                state=stamp.state,
                etimes=stamp.etimes,
                occurred_at=stamp.occurred_at,
                recorded_at=stamp.recorded_at,
                late=stamp.late,
                skipped=tuple(stamp.skipped),
                source=stamp.source,
            )
        )
    return [_assignment_view(row, tuple(stamps[row.assignment_id])) for row in rows]


def _assignment_view(row: AnyRow, stamps: tuple[StampView, ...]) -> AssignmentView:
    predicted_s = row.predicted_travel_time_s
    arrival = None if predicted_s is None else row.created_at + timedelta(seconds=predicted_s)
    return AssignmentView(
        assignment_id=row.assignment_id,
        incident_id=row.incident_id,
        unit_id=row.unit_id,
        call_sign=row.call_sign,
        state=row.state,
        version=row.version,
        predicted_travel_time_s=predicted_s,
        predicted_by=row.predicted_by,
        predicted_arrival_at=arrival,
        destination_facility_id=row.destination_facility_id,
        destination_name=row.destination_name,
        destination_name_zh=row.destination_name_zh,
        patient_id=row.patient_id,
        created_at=row.created_at,
        stamps=stamps,
        next_states=tuple(state.value for state in next_states(AssignmentState(row.state))),
    )


def _incident_view(row: AnyRow, assignments: tuple[AssignmentView, ...]) -> IncidentView:
    complaint = default_protocol().complaints.get(row.complaint_code or "")
    names = (name for name in IncidentView.__slots__ if name not in {"complaint", "assignments"})
    return IncidentView(
        **{name: getattr(row, name) for name in names},
        complaint=complaint.name if complaint else None,
        assignments=assignments,
    )


def status_of(row: AnyRow) -> UnitStatus:
    """Return a unit's status from its row of `repository_fleet.list_units`."""
    state = None if row.assignment_state is None else AssignmentState(row.assignment_state)
    return unit_status(
        state, on_shift=row.shift_id is not None, out_of_service_reason=row.out_of_service_reason
    )


def unit_view(row: AnyRow) -> UnitView:
    """Return a unit as shown from its row of `repository_fleet.list_units`."""
    status = status_of(row)
    return UnitView(
        unit_id=row.unit_id,
        call_sign=row.call_sign,
        level=row.level,
        capabilities=tuple(row.capabilities),
        station_id=row.station_id,
        station_name=row.station_name,
        station_lon=row.station_lon,
        station_lat=row.station_lat,
        area_code=row.area_code,
        status=status.primary.value,
        secondary=status.secondary,
        assignment_state=row.assignment_state,
        incident_id=row.incident_id,
        on_shift=row.shift_id is not None,
        lon=row.lon,
        lat=row.lat,
        heading_deg=row.heading_deg,
        speed_kmh=row.speed_kmh,
        device_at=row.device_at,
        received_at=row.received_at,
        modelled=row.modelled,
        version=row.version,
    )


def load_unit(uow: UnitOfWork, unit_id: int, permission: Permission) -> AnyRow:
    """Return a unit of the viewer's jurisdiction, or raise `UnitUnknownError`."""
    rows = repository_fleet.list_units(
        uow.session,
        prefixes=uow.identity.jurisdictions(permission),
        at=uow.clock.now(),
        unit_id=unit_id,
    )
    if not rows:
        raise UnitUnknownError(unit_id)
    return rows[0]


def emit_unit_status(uow: UnitOfWork, unit_id: int, *, occurred_at: datetime) -> None:
    """Raise a locked unit's version and tell its new status."""
    version = repository_fleet.raise_unit_version(uow.session, unit_id)
    row = repository_fleet.list_units(
        uow.session, prefixes=("",), at=uow.clock.now(), unit_id=unit_id
    )[0]
    status = status_of(row)
    payload = {
        "unit_id": unit_id,
        "call_sign": row.call_sign,
        "status": status.primary.value,
        "secondary": list(status.secondary),
        "assignment_state": row.assignment_state,
        "incident_id": row.incident_id,
        "version": version,
    }
    uow.emit(
        NewEvent(
            "unit",
            str(unit_id),
            _UNIT_EVENT,
            payload,
            occurred_at=occurred_at,
            city_id=row.city_id,
            area_code=row.area_code,
        )
    )

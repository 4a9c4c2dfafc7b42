"""Load units, derive and show their status, tell it."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from dispatch.errors import UnitUnknownError
from dispatch.fleet import repository as repository_fleet
from dispatch.fleet.views import UnitView
from dispatch.incidents.lifecycle import unit_status
from dispatch.model import AssignmentState, UnitStatus
from gis.access import EVERYWHERE, Permission
from gis.database import UnitOfWork, WritingUnitOfWork
from gis.events import NewEvent
from gis.rows import AnyRow

_UNIT_EVENT = "unit.status_changed"


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
        out_of_service_reason=row.out_of_service_reason or None,
        out_of_service_since=row.out_of_service_since,
        expected_back_at=row.expected_back_at,
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
        unit_ids=[unit_id],
    )
    if not rows:
        raise UnitUnknownError(unit_id)
    return rows[0]


def emit_unit_status(
    uow: WritingUnitOfWork,
    unit_id: int,
    *,
    occurred_at: datetime,
    event_type: str = _UNIT_EVENT,
    payload: Mapping[str, Any] | None = None,
) -> None:
    """Raise a locked unit's version and tell its new status, and what else `payload` says."""
    version = repository_fleet.raise_unit_version(uow.session, unit_id)
    row = repository_fleet.list_units(
        uow.session, prefixes=(EVERYWHERE,), at=uow.clock.now(), unit_ids=[unit_id]
    )[0]
    status = status_of(row)
    told = {
        **(payload or {}),
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
            event_type,
            told,
            occurred_at=occurred_at,
            city_id=row.city_id,
            area_code=row.area_code,
        )
    )

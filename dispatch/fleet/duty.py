"""Use cases of a unit's duty: out of service and back, the end of its shift, who is on board."""

from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from dispatch.errors import (
    ReturnTimeError,
    ShiftTimeError,
    UnitAmbiguousError,
    UnitAtWorkError,
    UnitOffDutyError,
    UnitUnknownError,
)
from dispatch.fleet import repository
from dispatch.fleet.crew_safety.own_unit import check_own_unit
from dispatch.fleet.records import emit_unit_status, load_unit, unit_view
from dispatch.fleet.views import CrewMemberView, UnitDuty, UnitView
from dispatch.permissions import UNIT_STATUS_WRITE
from gis.access import Permission
from gis.concurrency import check_version
from gis.database import UnitOfWork, WritingUnitOfWork
from gis.permissions import RESOURCE_READ
from gis.rows import AnyRow

LONGEST = timedelta(days=365)
"""A return or the end of a shift further away than this is a slip of the hand."""


class OutOfService(StrEnum):
    """Why a unit is out of service. A fixed list: words of one's own could name a person."""

    WORKSHOP = "workshop"
    CLEANING = "cleaning"
    EQUIPMENT = "equipment"
    REFUELLING = "refuelling"
    BREAK = "break"
    NO_CREW = "no_crew"
    TRAINING = "training"
    OTHER = "other"


def put_out(
    uow: WritingUnitOfWork,
    unit_id: int,
    *,
    reason: OutOfService,
    expected_back_at: datetime | None = None,
    expected_version: int | None = None,
) -> UnitView:
    """Take a unit out of service: it is recommended to nobody until it is back.

    `expected_back_at` (aware) does not bring it back by itself: that it has passed is said. Again
    with another reason or time it is corrected; since when it is out stays.

    Raises
    ------
    UnitUnknownError, StaleVersionError
        It is not the viewer's, or has changed.
    UnitAtWorkError
        It is on an incident, which would lose it unnoticed.
    ReturnTimeError
        The time lies in the past, or more than a year ahead.
    """
    unit = _lock(uow, unit_id, expected_version)
    now = uow.clock.now()
    if unit.assignment_id is not None:
        raise UnitAtWorkError(unit.call_sign, unit.incident_number)
    if expected_back_at is not None and not now < expected_back_at <= now + LONGEST:
        raise ReturnTimeError(expected_back_at)
    since = unit.out_of_service_since if unit.out_of_service_reason else None
    repository.update_unit(uow.session, unit_id, {
        "out_of_service_reason": reason.value, "out_of_service_since": since or now,
        "expected_back_at": expected_back_at,
    })  # fmt: skip
    return _told(
        uow, unit_id, "unit.out_of_service",
        {"reason": reason.value, "expected_back_at": expected_back_at},
    )  # fmt: skip


def put_back(
    uow: WritingUnitOfWork, unit_id: int, *, expected_version: int | None = None
) -> UnitView:
    """Put a unit into service again; one that is changes nothing. Raises as `put_out`."""
    unit = _lock(uow, unit_id, expected_version)
    if not unit.out_of_service_reason:
        return unit_view(unit)
    repository.update_unit(uow.session, unit_id, {
        "out_of_service_reason": None, "out_of_service_since": None, "expected_back_at": None,
    })  # fmt: skip
    return _told(uow, unit_id, "unit.back_in_service", {"reason": unit.out_of_service_reason})


def set_shift_end(
    uow: WritingUnitOfWork,
    unit_id: int,
    *,
    ends_at: datetime | None,
    expected_version: int | None = None,
) -> UnitView:
    """Let the shift that is on end at `ends_at` (aware): longer, shorter; None = now.

    Raises
    ------
    UnitUnknownError, StaleVersionError
        It is not the viewer's, or has changed.
    UnitOffDutyError
        No shift is on.
    ShiftTimeError
        The end lies in the past, more than a year ahead, or within the next shift.
    UnitAtWorkError
        The shift would end now, and the unit is on an incident.
    """
    unit = _lock(uow, unit_id, expected_version)
    now = uow.clock.now()
    if unit.shift_id is None:
        raise UnitOffDutyError(unit.call_sign, "no crew on shift")
    at = ends_at or now
    if not now <= at <= now + LONGEST:
        raise ShiftTimeError(at)
    if at == now and unit.assignment_id is not None:
        raise UnitAtWorkError(unit.call_sign, unit.incident_number)
    if not repository.end_shift(uow.session, unit.shift_id, unit_id=unit_id, ends_at=at):
        raise ShiftTimeError(at)
    return _told(uow, unit_id, "unit.shift_changed", {"ends_at": at})


def duty(uow: UnitOfWork, unit_id: int) -> UnitDuty:
    """Return a unit with its shift and who is on board, by qualification; no names.

    Raises
    ------
    UnitUnknownError
        There is none within the viewer's jurisdiction.
    """
    unit = load_unit(uow, unit_id, RESOURCE_READ)
    crew = () if unit.shift_id is None else repository.crew_of(uow.session, unit.shift_id)
    starts_at = None if unit.shift_id is None else repository.shift_begin(
        uow.session, unit.shift_id
    )  # fmt: skip
    return UnitDuty(
        unit=unit_view(unit), shift_starts_at=starts_at, shift_ends_at=unit.shift_ends_at,
        crew=tuple(CrewMemberView(row.qualification, row.seat) for row in crew),
    )  # fmt: skip


def find_unit(
    uow: UnitOfWork, call_sign: str, city_ids: Collection[int], *, permission: Permission
) -> tuple[UnitView, int]:
    """Return the unit of a call sign, and its city.

    Raises
    ------
    UnitUnknownError
        There is none in these cities for the viewer.
    UnitAmbiguousError
        Several cities have one.
    """
    found = repository.units_called(uow.session, call_sign, city_ids)
    if not found:
        raise UnitUnknownError(call_sign)
    if len(found) > 1:
        raise UnitAmbiguousError(call_sign)
    row = load_unit(uow, found[0], permission)
    return unit_view(row), row.city_id


def _lock(uow: WritingUnitOfWork, unit_id: int, expected_version: int | None) -> AnyRow:
    if not repository.lock_unit(uow.session, unit_id):
        raise UnitUnknownError(unit_id)
    unit = load_unit(uow, unit_id, UNIT_STATUS_WRITE)
    check_own_unit(uow, unit_id, unit.call_sign)
    check_version(expected_version, unit.version)
    return unit


def _told(
    uow: WritingUnitOfWork, unit_id: int, event: str, payload: Mapping[str, Any]
) -> UnitView:  # fmt: skip
    emit_unit_status(
        uow, unit_id, occurred_at=uow.clock.now(), event_type=event, payload=payload
    )  # fmt: skip
    return unit_view(load_unit(uow, unit_id, UNIT_STATUS_WRITE))

"""What `goldenhour unit` does and says."""

import re
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from api.operations.transactions import transaction
from dispatch.choosing.words import OUT_OF_SERVICE_WORDS
from dispatch.errors import ServiceReasonError, TimeUnreadableError
from dispatch.fleet import duty
from dispatch.fleet.duty import OutOfService
from dispatch.fleet.service import units_view
from dispatch.fleet.views import UnitView
from dispatch.permissions import UNIT_STATUS_WRITE
from gis.cities import list_cities
from gis.database import UnitOfWork
from gis.settings import Settings


def unit_lines(settings: Settings, *, city: str | None, only_out: bool) -> list[str]:
    """Return a line for each unit of a city, or of all, by call sign."""
    with transaction(settings) as uow:
        cities = [one for one in list_cities(uow.session) if city in {None, one.key}]
        return [
            line
            for one in cities
            for unit in units_view(uow, one.city_id)
            if unit.out_of_service_reason or not only_out
            for line in [_line(uow, unit, ZoneInfo(one.time_zone))]
        ]


def duty_lines(settings: Settings, call_sign: str, *, city: str | None) -> list[str]:
    """Return a unit's service, its shift and who is on board."""
    with transaction(settings) as uow:
        unit, zone = _found(uow, call_sign, city)
        shown = duty.duty(uow, unit.unit_id)
        lines = [_line(uow, unit, zone)]
        if shown.shift_starts_at is None:
            lines.append("  no crew on shift")
        else:
            ends = "open" if shown.shift_ends_at is None else _at(shown.shift_ends_at, zone)
            lines.append(f"  shift {_at(shown.shift_starts_at, zone)} to {ends}")
        return [*lines, *(f"  {one.seat}: {one.qualification}" for one in shown.crew)]


def take_out(
    settings: Settings, call_sign: str, *, city: str | None, reason: str, back: str | None
) -> str:
    """Take a unit out of service and say so."""
    if reason not in set(OutOfService):
        raise ServiceReasonError(reason, list(OutOfService))
    with transaction(settings) as uow:
        unit, zone = _found(uow, call_sign, city)
        back_at = None if back is None else read_time(back, zone, now=uow.clock.now())
        done = duty.put_out(
            uow, unit.unit_id, reason=OutOfService(reason), expected_back_at=back_at
        )
        return _line(uow, done, zone)


def put_in(settings: Settings, call_sign: str, *, city: str | None) -> str:
    """Put a unit into service again and say so."""
    with transaction(settings) as uow:
        unit, zone = _found(uow, call_sign, city)
        return _line(uow, duty.put_back(uow, unit.unit_id), zone)


def end_shift(settings: Settings, call_sign: str, *, city: str | None, ends: str) -> str:
    """Let a unit's shift end at another time and say so."""
    with transaction(settings) as uow:
        unit, zone = _found(uow, call_sign, city)
        at = None if ends == "now" else read_time(ends, zone, now=uow.clock.now())
        duty.set_shift_end(uow, unit.unit_id, ends_at=at)
        return f"{unit.call_sign}: shift ends {'now' if at is None else _at(at, zone)}"


def read_time(text: str, zone: ZoneInfo, *, now: datetime) -> datetime:
    """Return what `text` means: a time with its zone, or the next 14:30 of the city's clock.

    Raises
    ------
    TimeUnreadableError
        It is none of these.
    """
    clock = re.fullmatch(r"([01]?\d|2[0-3]):([0-5]\d)", text)
    if clock:
        here = now.astimezone(zone)
        at = here.replace(hour=int(clock[1]), minute=int(clock[2]), second=0, microsecond=0)
        return at if at > here else at + timedelta(days=1)
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        raise TimeUnreadableError(text) from None
    if at.tzinfo is None:
        raise TimeUnreadableError(text)
    return at


def _found(uow: UnitOfWork, call_sign: str, city: str | None) -> tuple[UnitView, ZoneInfo]:
    cities = [one for one in list_cities(uow.session) if city in {None, one.key}]
    zones = {one.city_id: ZoneInfo(one.time_zone) for one in cities}
    unit, city_id = duty.find_unit(uow, call_sign, set(zones), permission=UNIT_STATUS_WRITE)
    return unit, zones[city_id]


def _line(uow: UnitOfWork, unit: UnitView, zone: ZoneInfo) -> str:
    if not unit.out_of_service_reason:
        shift = "" if unit.on_shift else ", no crew on shift"
        return f"{unit.call_sign} ({unit.level}): in service, {unit.status}{shift}"
    known = OUT_OF_SERVICE_WORDS.get(unit.out_of_service_reason)
    line = f"{unit.call_sign} ({unit.level}): out of service, "
    line += known.en if known else unit.out_of_service_reason
    if unit.expected_back_at is not None:
        late = unit.expected_back_at < uow.clock.now()
        line += f"; back {_at(unit.expected_back_at, zone)}{' (PASSED)' if late else ''}"
    return line


def _at(at: datetime, zone: ZoneInfo) -> str:
    return f"{at.astimezone(zone):%Y-%m-%d %H:%M}"

"""Use cases of the fleet: positions, the unit list, and making a modelled fleet for a city."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import numpy as np

from dispatch.avl.plausible import FASTEST_KMH, SIMULATED_TIMES_AS_FAST, Flag, taken_time
from dispatch.avl.tracks import Arrived, accept
from dispatch.fleet import repository as repository_fleet
from dispatch.fleet.crew_safety.own_unit import own_unit
from dispatch.fleet.records import unit_view
from dispatch.fleet.views import (
    FlaggedPosition,
    FleetCreated,
    PositionsResult,
    RejectedPosition,
    UnitView,
)
from dispatch.model import UnitLevel
from dispatch.permissions import POSITION_WRITE
from gis.cities import CityRow, is_inside, require_city
from gis.database import UnitOfWork
from gis.datum import Datum, DatumRequiredError, to_wgs84
from gis.geometry import Wgs84Point
from gis.installation import is_simulation
from gis.jurisdiction import area_at
from gis.permissions import RESOURCE_READ

POSITION_MARGIN_M = 50_000.0
"""Units drive out of town; further than this from the city's extent a position is an error."""

MEASUREMENT_LIMITS = {"heading_deg": 360.0, "speed_kmh": 400.0, "accuracy_m": 100_000.0}
"""What a device measures lies from 0 to this, or is left out."""

_NOT_OWN = ("not_own_unit", "This account speaks for another unit. Send its positions alone.")

UNITS_PER_STATION = 2
SHIFT_BEFORE = timedelta(days=1)
SHIFT_AHEAD = timedelta(days=365)

LEVEL_BY_TURN = (UnitLevel.ALS, UnitLevel.BLS)
CAPABILITIES_BY_LEVEL = {
    UnitLevel.ALS: ["defibrillator", "twelve_lead_ecg", "advanced_airway"],
    UnitLevel.BLS: ["defibrillator"],
}
CREW_BY_LEVEL = {
    UnitLevel.ALS: (("physician", "attendant"), ("driver", "driver")),
    UnitLevel.BLS: (("nurse", "attendant"), ("driver", "driver")),
}


@dataclass(frozen=True, slots=True)
class PositionReport:
    """One position as a device sent it, in the batch's datum. device_at: aware; None: not said."""

    unit_id: int
    lon: float
    lat: float
    device_at: datetime | None
    heading_deg: float | None = None
    speed_kmh: float | None = None
    accuracy_m: float | None = None


def units_view(uow: UnitOfWork, city_id: int) -> tuple[UnitView, ...]:
    """Return a city's units within the viewer's jurisdiction, with status and position."""
    rows = repository_fleet.list_units(
        uow.session,
        prefixes=uow.identity.jurisdictions(RESOURCE_READ),
        at=uow.clock.now(),
        city_id=city_id,
    )
    return tuple(unit_view(row) for row in rows)


def record_positions(
    uow: UnitOfWork, reports: Sequence[PositionReport], *, datum: Datum | None, source: str
) -> PositionsResult:
    """Store a batch of vehicle positions; bad rows are refused one by one, good ones stored.

    An older device time never replaces a newer latest position; it is kept in the history.

    Raises
    ------
    DatumRequiredError
        The batch names no datum.
    """
    if datum is None:
        raise DatumRequiredError
    if not reports:
        return PositionsResult(0, (), ())
    lon, lat = to_wgs84([one.lon for one in reports], [one.lat for one in reports], datum)
    now = uow.clock.now()
    cities = repository_fleet.unit_cities(
        uow.session,
        {one.unit_id for one in reports},
        prefixes=uow.identity.jurisdictions(POSITION_WRITE),
    )
    own = own_unit(uow)
    extents = {city_id: require_city(uow, city_id) for city_id in set(cities.values())}
    accepted: list[int] = []
    rejected: list[RejectedPosition] = []
    for index, report in enumerate(reports):
        city = extents.get(cities.get(report.unit_id, -1))
        fault = (
            _NOT_OWN
            if own not in {None, report.unit_id}
            else _fault(report, city, lon=float(lon[index]), lat=float(lat[index]), now=now)
        )
        if fault is None:
            accepted.append(index)
        else:
            rejected.append(RejectedPosition(index, *fault))
    flagged: list[FlaggedPosition] = []
    if accepted:
        taken = [reports[index] for index in accepted]
        east, north = np.asarray(lon)[accepted].tolist(), np.asarray(lat)[accepted].tolist()
        stored = accept(
            uow,
            [
                Arrived(one.unit_id, Wgs84Point(x, y, one.accuracy_m or 0.0), *_time(one, now))
                for one, x, y in zip(taken, east, north, strict=True)
            ],
            fastest_kmh=fastest_kmh(uow),
        )
        flagged = [
            FlaggedPosition(index, tuple(flag.value for flag in one.flags))
            for index, one in zip(accepted, stored, strict=True)
            if one.flags
        ]
        repository_fleet.insert_positions(
            uow.session,
            {
                "unit_id": [one.unit_id for one in taken],
                "received_at": [one.received_at for one in stored],
                "device_at": [one.at for one in stored],
                "lon": east, "lat": north,
                "heading_deg": [one.heading_deg for one in taken],
                "speed_kmh": [one.speed_kmh for one in taken],
                "accuracy_m": [one.accuracy_m for one in taken],
                "flags": [",".join(one.flags) or None for one in stored],
                "counts": [one.counts for one in stored],
                "source": source,
                "datum": datum.value,
            },
        )  # fmt: skip
    return PositionsResult(len(accepted), tuple(rejected), tuple(flagged))


def create_fleet(uow: UnitOfWork, city_id: int) -> FleetCreated:
    """Make modelled units, shifts and crews for every ambulance station that has no unit yet.

    So many per station as `unit_count_planned` says, else two; ALS and BLS by turns; call signs
    from the station's place in the list, A101 being the first unit of the first station. Shifts run
    round the clock from yesterday for a year. Running it again adds nothing to a served station.

    Raises
    ------
    CityUnknownError
        The city is not loaded.
    """
    require_city(uow, city_id)
    stations = repository_fleet.list_stations(uow.session, city_id)
    units: list[dict[str, Any]] = []
    served = 0
    for number, station in enumerate(stations, start=1):
        count = UNITS_PER_STATION if station.unit_count_planned is None else (
            station.unit_count_planned
        )  # fmt: skip
        if station.unit_count or not count:
            continue
        served += 1
        area_code = area_at(uow.session, city_id, lon=station.lon, lat=station.lat)
        for turn in range(count):
            level = LEVEL_BY_TURN[turn % len(LEVEL_BY_TURN)]
            units.append({
                "city_id": city_id, "station_id": station.station_id,
                "call_sign": f"A{number}{turn + 1:02d}", "level": level.value,
                "capabilities": CAPABILITIES_BY_LEVEL[level], "area_code": area_code,
                "modelled": True,
            })  # fmt: skip
    if not units:
        return FleetCreated(0, 0, 0)
    now = uow.clock.now()
    unit_ids = repository_fleet.insert_units(uow.session, units)
    shift_ids = repository_fleet.insert_shifts(
        uow.session, unit_ids, starts_at=now - SHIFT_BEFORE, ends_at=now + SHIFT_AHEAD
    )
    members: list[dict[str, Any]] = []
    seats: list[dict[str, Any]] = []
    for unit, shift_id in zip(units, shift_ids, strict=True):
        for qualification, seat in CREW_BY_LEVEL[UnitLevel(unit["level"])]:
            member_id = uow.ids.new()
            members.append({
                "crew_member_id": member_id, "city_id": city_id, "qualification": qualification,
            })  # fmt: skip
            seats.append({"shift_id": shift_id, "crew_member_id": member_id, "seat": seat})
    repository_fleet.insert_crew(uow.session, members, seats)
    return FleetCreated(served, len(units), len(members))


def _fault(
    report: PositionReport, city: CityRow | None, *, lon: float, lat: float, now: datetime
) -> tuple[str, str] | None:
    """Return the code and sentence of what is wrong with a position, None if nothing is."""
    if city is None:
        return "unit_unknown", f"There is no unit {report.unit_id} here."
    swapped = is_inside(city, lon=lat, lat=lon, margin_m=POSITION_MARGIN_M)
    faults: tuple[tuple[bool, str, str], ...] = (
        (not (abs(report.lon) <= 180.0 and abs(report.lat) <= 90.0), "coordinates_out_of_range",
         f"{report.lon}, {report.lat} is not a place on Earth."),
        (is_inside(city, lon=lon, lat=lat, margin_m=POSITION_MARGIN_M), "", ""),
        (swapped, "coordinates_swapped", "Longitude and latitude look swapped; longitude first."),
        (True, "place_outside_city", f"More than 50 km outside {city.name}. Check the datum."),
    )  # fmt: skip
    _, code, detail = next(fault for fault in faults if fault[0])
    if code:
        return code, detail
    return _measurement_fault(report) or _time_fault(report.device_at, now=now)


def _measurement_fault(report: PositionReport) -> tuple[str, str] | None:
    for name, limit in MEASUREMENT_LIMITS.items():
        value = getattr(report, name)
        if value is not None and not 0.0 <= value <= limit:
            return (
                "measurement_out_of_range",
                f"{name} is {value:g}; it lies from 0 to {limit:g}. Leave it out if not known.",
            )
    return None


def _time_fault(device_at: datetime | None, *, now: datetime) -> tuple[str, str] | None:
    if device_at is not None and device_at.tzinfo is None:
        return "time_without_zone", "device_at has no time zone; send for example 12:00:00Z."
    code = taken_time(device_at, now=now)
    return (code, _TIME_FAULTS[code]) if isinstance(code, str) else None


def _time(report: PositionReport, now: datetime) -> tuple[datetime, tuple[Flag, ...]]:
    taken = taken_time(report.device_at, now=now)
    assert not isinstance(taken, str)
    return taken.at, taken.flags


def fastest_kmh(uow: UnitOfWork) -> float:
    """Return how fast a vehicle can be by the clock: a simulated city's clock runs faster."""
    simulated = is_simulation(uow)
    return FASTEST_KMH * (SIMULATED_TIMES_AS_FAST if simulated else 1.0)


_TIME_FAULTS = {
    "time_in_future": "device_at is more than a day ahead; check the device's clock.",
    "time_too_old": "device_at is more than a week old; check the device's clock, or its count of "
    "weeks.",
}

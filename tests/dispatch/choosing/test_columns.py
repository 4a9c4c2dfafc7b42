"""Ranking on columns says what ranking on whole rows says."""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import numpy as np
import pytest
from sqlalchemy import func, insert, select, update
from sqlalchemy.dialects.postgresql import Range

from dispatch.assignments import service as assignments
from dispatch.choosing import service as choosing
from dispatch.choosing.recommend import UnitColumns, capability_bits, rank
from dispatch.errors import (
    UnitAlreadyAssignedError,
    UnitOffDutyError,
    UnitUnknownError,
)
from dispatch.fleet import repository
from dispatch.incidents.calls import code_triage
from dispatch.incidents.views import IncidentView
from dispatch.model import LEVEL_RANK
from dispatch.triage.model import UnitNeed
from dispatch.triage.protocol import default_protocol
from gis.access import SYSTEM, Identity
from gis.database import Database
from gis.tables import Shift, Station, Unit, UnitLatestPosition
from routing.live.routing import Routing
from tests.dispatch.conftest import NOW, TestCity

pytestmark = pytest.mark.database

CAPABILITIES = ("defibrillator", "neonatal", "bariatric")
LEVELS = tuple(LEVEL_RANK)


def store_units(database: Database, city: TestCity, chance: np.random.Generator) -> None:
    """Store 60 units in every state a unit may be in."""

    def maybe(value: Any, share: float = 0.7) -> Any:
        return value if chance.random() < share else None

    with database.unit_of_work(SYSTEM) as uow:
        run = uow.session.execute
        stations = run(select(Station.station_id)).scalars().all()
        for number in range(60):
            unit_id = run(insert(Unit).returning(Unit.unit_id).values(
                city_id=city.city_id, station_id=int(chance.choice(stations)),
                call_sign=f"T{number}", level=str(chance.choice(LEVELS)),
                capabilities=[name for name in CAPABILITIES if chance.random() < 0.6],
                area_code=maybe(str(chance.choice(["440399", "440398", "3101"]))),
                out_of_service_reason=chance.choice([None, None, "", "workshop"]),
            )).scalar_one()  # fmt: skip
            if chance.random() < 0.8:
                ends_at = maybe(NOW + timedelta(seconds=float(chance.uniform(1, 9000))))
                run(insert(Shift).values(
                    unit_id=unit_id, during=Range(NOW - timedelta(hours=2), ends_at, bounds="[)")
                ))  # fmt: skip
            if chance.random() < 0.8:
                age_s = float(chance.choice([-3.5, 0.0, 60.000001, 120.0, 120.000001, 4000.25]))
                lon, lat = chance.uniform(114.0, 114.2), chance.uniform(22.5, 22.6)
                run(insert(UnitLatestPosition).values(
                    unit_id=unit_id, received_at=NOW, device_at=NOW - timedelta(seconds=age_s),
                    heading_deg=maybe(float(chance.uniform(0, 360))),
                    speed_kmh=maybe(float(chance.choice([0.0, 4.99, 5.0, 61.5]))),
                    source="test", declared_datum="wgs84",
                    geom=func.ST_SetSRID(func.ST_MakePoint(float(lon), float(lat)), 4326),
                ))  # fmt: skip


def plain_columns(
    rows: Sequence[Any], times: np.ndarray, *, wanted: Sequence[str], now: datetime
) -> tuple[UnitColumns, int]:
    """Make the columns row by row, with a bit for every capability there is."""
    known = sorted({*wanted, *(name for row in rows for name in row.capabilities)})
    bits = {name: bit for bit, name in enumerate(known)}
    columns = UnitColumns(
        travel_time_s=times,
        cut_off=np.zeros(len(rows), np.bool_),
        level=np.array([LEVEL_RANK[row.level] for row in rows], np.int64),
        assigned=np.array([row.assignment_id is not None for row in rows], np.bool_),
        divertible=np.zeros(len(rows), np.bool_),
        on_shift=np.array([row.shift_id is not None for row in rows], np.bool_),
        in_service=np.array([not row.out_of_service_reason for row in rows], np.bool_),
        capabilities=np.array([capability_bits(row.capabilities, bits) for row in rows], np.int64),
        position_age_s=np.array([
            np.nan if row.device_at is None else max((now - row.device_at).total_seconds(), 0.0)
            for row in rows
        ]),
        shift_remaining_s=np.array([
            np.inf if row.shift_ends_at is None else (row.shift_ends_at - now).total_seconds()
            for row in rows
        ]),
    )  # fmt: skip
    return columns, capability_bits(wanted, bits)


@pytest.mark.parametrize("seed", range(4))
def test_ranking_by_columns_is_ranking_by_rows(
    database: Database, city: TestCity, dispatcher: Identity, take: Callable[..., IncidentView],
    seed: int,
) -> None:  # fmt: skip
    chance = np.random.default_rng(seed)
    store_units(database, city, chance)
    with database.unit_of_work(dispatcher) as uow:
        for _ in range(12):
            incident = take()
            try:
                assignments.assign(
                    uow, incident.incident_id, unit_id=int(chance.integers(1, 60))
                )  # fmt: skip
            except (UnitOffDutyError, UnitAlreadyAssignedError, UnitUnknownError):
                continue
    for prefixes in (("",), ("4403",), ("440398",), ()):
        for wanted in ((), ("neonatal",), ("bariatric", "defibrillator"), ("nobody_has_it",)):
            with database.read(SYSTEM) as uow:
                asked = {"prefixes": prefixes, "at": NOW, "city_id": city.city_id}
                rows = repository.list_units(uow.session, **asked)
                units = repository.unit_columns(
                    uow.session, wanted=wanted, incident_id=UUID(int=0), **asked
                )[0]
            times = chance.choice([np.inf, 100.0, 250.5, 900.25], size=len(rows))
            assert units["unit_id"].tolist() == [row.unit_id for row in rows]
            places = np.stack((units["lon"], units["lat"]), axis=1)
            plain_places = [
                (row.station_lon, row.station_lat) if row.lon is None else (row.lon, row.lat)
                for row in rows
            ]  # fmt: skip
            np.testing.assert_array_equal(places, np.array(plain_places).reshape(-1, 2))
            for name in ("heading_deg", "speed_kmh"):
                plain_values = np.array([getattr(row, name) for row in rows], np.float64)
                np.testing.assert_array_equal(units[name], plain_values)
            columns, needed = choosing._columns(
                units, choosing.TravelTimes(times, times, times, 0.0, times < 0, "road", None),
                wanted=wanted, category="C4", matrix=default_protocol().rules.matrix,
            )  # fmt: skip
            plain, plain_needed = plain_columns(rows, times, wanted=wanted, now=NOW)
            needs = (UnitNeed("ALS", 2), UnitNeed("BLS", 1))
            got = rank(columns, needs, needed_capabilities=needed)
            expected = rank(plain, needs, needed_capabilities=plain_needed)
            for name in ("order", "eligible", "reasons", "travel_time_low_s", "travel_time_high_s"):
                np.testing.assert_array_equal(getattr(got, name), getattr(expected, name))
            assert got.filled == expected.filled


def test_who_is_not_shown_is_counted_and_who_is_suggested_is_shown(
    database: Database, city: TestCity, dispatcher: Identity, routing: Routing,
    take: Callable[..., IncidentView],
) -> None:  # fmt: skip
    store_units(database, city, np.random.default_rng(7))
    incident = take()
    with database.unit_of_work(dispatcher) as uow:
        code_triage(uow, incident.incident_id, complaint_code="2301021", answers={})
        # Where the one level that is needed is rare, it stands far down the list.
        uow.session.execute(update(Unit).values(level="BLS"))
        far = uow.session.execute(
            select(Unit.unit_id).where(Unit.unit_id.in_(city.unit_ids)).order_by(Unit.unit_id.desc())
        ).scalars().first()  # fmt: skip
        uow.session.execute(update(Unit).where(Unit.unit_id == far).values(level="ALS"))
    with database.read(dispatcher) as uow:
        whole = choosing.recommend(uow, routing, incident.incident_id)
        part = choosing.recommend(uow, routing, incident.incident_id, limit=5)
    assert [unit.rank for unit in whole.units] == list(range(1, whole.unit_count + 1))
    assert (part.unit_count, part.eligible_count) == (whole.unit_count, whole.eligible_count)
    assert whole.eligible_count == sum(unit.eligible for unit in whole.units)
    suggested = {
        unit.unit_id for unit in whole.units
        if "suggested" in {reason.code for reason in unit.reasons}
    }  # fmt: skip
    assert part.units == tuple(
        unit for unit in whole.units if unit.rank <= 5 or unit.unit_id in suggested
    )
    assert part.shortfalls == whole.shortfalls

"""A small city in the database, dispatchers, a clock that is set by hand."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy import func, insert

from dispatch.fleet import service as fleet
from dispatch.incidents import calls
from dispatch.incidents.views import IncidentView
from dispatch.model import CallSource
from gis.access import SYSTEM, Identity
from gis.clock import FixedClock
from gis.database import Database
from gis.datum import Datum
from gis.geometry import DeclaredPoint
from gis.tables import Aed, Area, City, Facility, FacilityCapability, Place, Station
from routing.live.routing import Routing
from tests.identities import granted

NOW = datetime(2026, 5, 4, 8, 0, tzinfo=UTC)


@dataclass(frozen=True)
class TestCity:
    """Two districts side by side around 114.0–114.2 E, 22.5–22.6 N, two stations, two hospitals."""

    __test__ = False
    city_id: int
    west_code: str
    east_code: str
    facility_ids: tuple[int, int]
    unit_ids: tuple[int, ...]


def _box(west: float, south: float, east: float, north: float):
    return func.ST_MakeEnvelope(west, south, east, north, 4326)


def _point(lon: float, lat: float):
    return func.ST_SetSRID(func.ST_MakePoint(lon, lat), 4326)


@pytest.fixture
def clock(database: Database) -> FixedClock:
    """The database's clock, standing at NOW until moved."""
    standing = FixedClock(NOW)
    database.clock = standing
    return standing


@pytest.fixture
def routing(database: Database, tmp_path: Path) -> Routing:
    """Routing without a graph: straight lines, labelled."""
    return Routing(database, tmp_path)


@pytest.fixture
def city(database: Database, clock: FixedClock) -> TestCity:
    """A city with districts, stations, hospitals, AEDs, places and its modelled fleet."""
    with database.unit_of_work(SYSTEM) as uow:
        run = uow.session.execute
        city_id = run(
            insert(City).returning(City.city_id).values(
                key="testburg", name="Testburg", name_zh="测试市", source="test",
                attribution="test", time_zone="Asia/Shanghai",
                extent=_box(114.0, 22.5, 114.2, 22.6),
            )
        ).scalar_one()  # fmt: skip
        for code, west, east in (("440399", 114.0, 114.1), ("440398", 114.1, 114.2)):
            run(insert(Area).values(
                city_id=city_id, code=code, level="district", name=code, source="test",
                valid_from=date(2020, 1, 1),
                geom=func.ST_Multi(_box(west, 22.5, east, 22.6)),
            ))  # fmt: skip
        for ref, lon in (("w", 114.02), ("e", 114.18)):
            run(insert(Station).values(
                city_id=city_id, source="test", source_ref=ref, name=f"Station {ref}",
                geom=_point(lon, 22.55),
            ))  # fmt: skip
        facility_ids = tuple(
            run(
                insert(Facility).returning(Facility.facility_id).values(
                    city_id=city_id, source="test", source_ref=name, kind="hospital", name=name,
                    name_zh=f"{name}医院", has_emergency_department=True, geom=_point(lon, 22.55),
                )
            ).scalar_one()
            for name, lon in (("Near", 114.06), ("Far", 114.16))
        )  # fmt: skip
        run(insert(FacilityCapability).values(facility_id=facility_ids[1], capability="pci"))
        for ref, lon, hours, access in (
            ("closed", 114.0501, "Mo-Su 02:00-03:00", "public"),
            ("open", 114.055, "24/7", "public"),
            ("unknown", 114.052, None, "public"),
        ):
            run(insert(Aed).values(
                city_id=city_id, source="test", source_ref=ref, name=ref, access=access,
                opening_hours=hours, geom=_point(lon, 22.55),
            ))  # fmt: skip
        for ref, kind, name, zh, text, lon in (
            (
                "1",
                "street",
                "深南大道",
                "深南大道",
                "深南大道 shennandadao shen nan da dao",
                114.05,
            ),
            (
                "2",
                "intersection",
                "新洲路 & 深南大道",
                "新洲路与深南大道交叉口",
                "新洲路 xinzhoulu xin zhou lu 深南大道 shennandadao shen nan da dao",
                114.06,
            ),
            (
                "3",
                "facility",
                "人民医院",
                "人民医院",
                "人民医院 renminyiyuan ren min yi yuan",
                114.02,
            ),
            (
                "4",
                "facility",
                "人民医院",
                "人民医院",
                "人民医院 renminyiyuan ren min yi yuan",
                114.15,
            ),
            ("5", "street", "Avenida Balmaceda", None, "avenida balmaceda", 114.11),
        ):
            run(insert(Place).values(
                city_id=city_id, source="test", source_ref=ref, kind=kind, name=name, name_zh=zh,
                search_text=text, radius_m=50.0, geom=_point(lon, 22.55),
            ))  # fmt: skip
        fleet.create_fleet(uow, city_id)
        units = fleet.units_view(uow, city_id)
    return TestCity(
        city_id, "440399", "440398", facility_ids, tuple(unit.unit_id for unit in units)
    )


def _dispatcher(username: str, jurisdiction: str) -> Identity:
    return Identity(
        UUID(int=len(username)), username, username, grants=(granted("dispatcher", jurisdiction),)
    )


@pytest.fixture
def dispatcher() -> Identity:
    """A dispatcher of the whole city."""
    return _dispatcher("li.na", "4403")


@pytest.fixture
def eastern_dispatcher() -> Identity:
    """A dispatcher of the eastern district only."""
    return _dispatcher("wang.fang", "440398")


@pytest.fixture
def take(database: Database, city: TestCity, dispatcher: Identity) -> Callable[..., IncidentView]:
    """Return a function that takes a call at a point (default: western district)."""

    def taken(lon: float | None = 114.05, lat: float = 22.55) -> IncidentView:
        point = None if lon is None else DeclaredPoint(lon, lat, Datum.WGS84, 10.0)
        with database.unit_of_work(dispatcher) as uow:
            call = calls.NewCall(city.city_id, CallSource.PHONE, point=point)
            return calls.take_call(uow, call).incident

    return taken

"""A small city in the database, dispatchers, a clock that is set by hand."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy import select

from dispatch.incidents import calls
from dispatch.incidents.views import IncidentView
from dispatch.model import CallSource
from gis.access import SYSTEM, Identity
from gis.clock import FixedClock
from gis.cluster import PrivateCluster
from gis.database import Database
from gis.datum import Datum
from gis.geometry import DeclaredPoint
from gis.tables import City, Facility, Unit
from routing.live.routing import Routing
from tests.conftest import opened
from tests.identities import granted
from tests.seeds import NOW


@dataclass(frozen=True)
class TestCity:
    """Two districts side by side around 114.0–114.2 E, 22.5–22.6 N, two stations, two hospitals."""

    __test__ = False
    city_id: int
    west_code: str
    east_code: str
    facility_ids: tuple[int, int]
    unit_ids: tuple[int, ...]


@pytest.fixture
def database(
    cluster: PrivateCluster, clone: Callable[..., str], kernels: None
) -> Iterator[Database]:
    """A simulation database of its own for each test, in which Testburg stands."""
    with opened(cluster, clone(seed="testburg")) as database:
        yield database


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
    """Testburg as its seed stored it."""
    with database.read(SYSTEM) as uow:
        ask = uow.session.scalars
        (city_id,) = ask(select(City.city_id).where(City.key == "testburg"))
        near, far = ask(
            select(Facility.facility_id)
            .where(Facility.city_id == city_id)
            .order_by(Facility.facility_id)
        )
        units = ask(select(Unit.unit_id).where(Unit.city_id == city_id).order_by(Unit.unit_id))
        return TestCity(city_id, "440399", "440398", (near, far), tuple(units))


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

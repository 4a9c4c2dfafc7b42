"""A small city with units and accounts behind the real application."""

import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

import pytest
from argon2 import PasswordHasher
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from fastapi import FastAPI
from sqlalchemy import select
from starlette.testclient import TestClient

from api.app import create_app
from gis.access import SYSTEM, Grant
from gis.cluster import PrivateCluster
from gis.database import Database
from gis.identity import Accounts
from gis.sequencer import Sequencer, SigningKey
from gis.settings import Settings
from gis.tables import City, Unit
from routing.live.routing import Routing
from tests.api.documented import documented
from tests.cities import corner
from tests.conftest import opened

PASSWORD = "correct horse battery"
FAST_HASHER = PasswordHasher(time_cost=1, memory_cost=64, parallelism=1)


@pytest.fixture
def accounts() -> Accounts:
    return Accounts(FAST_HASHER)


@dataclass(frozen=True)
class World:
    """What the tests need to know of the stored city."""

    city_id: int
    unit_ids: tuple[int, ...]
    database: Database
    accounts: Accounts

    def user(self, *grants: Grant) -> str:
        """Make an account and return its name."""
        name = f"user-{uuid4().hex[:8]}"
        with self.database.unit_of_work(SYSTEM) as uow:
            self.accounts.create_user(uow, name, password=PASSWORD, grants=grants)
        return name

    def token(self, *grants: Grant) -> str:
        """Make an account with a bearer token and return the token."""
        name = self.user(*grants)
        with self.database.unit_of_work(SYSTEM) as uow:
            return self.accounts.create_token(uow, name, name="test")

    def bearer(self, *grants: Grant) -> dict[str, str]:
        """Return the headers of a program with these grants."""
        return {"Authorization": f"Bearer {self.token(*grants)}"}


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(state_folder=tmp_path, purpose="simulation")


@pytest.fixture
def database(
    cluster: PrivateCluster, clone: Callable[..., str], kernels: None
) -> Iterator[Database]:
    """A simulation database of its own for each test, in which the grid city stands."""
    with opened(cluster, clone(seed="grid")) as database:
        yield database


@pytest.fixture
def world(database: Database, accounts: Accounts) -> World:
    """The grid city as its seed stored it."""
    with database.read(SYSTEM) as uow:
        (city_id,) = uow.session.scalars(select(City.city_id))
        unit_ids = tuple(uow.session.scalars(select(Unit.unit_id).order_by(Unit.unit_id)))
    return World(city_id, unit_ids, database, accounts)


@pytest.fixture
def app(world: World, settings: Settings) -> FastAPI:
    routing = Routing(world.database, settings.graph_cache_folder)
    return create_app(settings, world.database, routing, accounts=world.accounts)


@pytest.fixture
def client(app: FastAPI) -> Iterator[TestClient]:
    with TestClient(app, raise_server_exceptions=False) as opened:
        opened.event_hooks["response"].append(documented().check)
        yield opened


@pytest.fixture
def dispatcher(world: World) -> dict[str, str]:
    """The headers of a dispatcher for the whole city."""
    return world.bearer(Grant("dispatcher"))


@pytest.fixture
def take_call(client: TestClient, world: World, dispatcher: dict[str, str]) -> Callable[..., dict]:
    """Return a function that takes a call (at a crossing of the grid) through the door."""

    def take(at: tuple[int, int] | None = (2, 2), **fields: object) -> dict:
        point = None
        if at is not None:
            lon, lat = corner(*at)
            point = {"lon": lon, "lat": lat, "datum": "wgs84", "uncertainty_m": 20}
        body = {"city_id": world.city_id, "source": "phone", "point": point, **fields}
        answer = client.post("/v1/calls", json=body, headers=dispatcher | new_key())
        assert answer.status_code == 201, answer.text
        return answer.json()["incident"]

    return take


def new_key() -> dict[str, str]:
    """Return the header of a new create."""
    return {"Idempotency-Key": str(uuid4())}


@pytest.fixture
def sequencer(world: World, database: Database) -> Sequencer:
    """A sequencer after whatever the world's making left behind."""
    key = SigningKey(Ed25519PrivateKey.generate())
    made = Sequencer(database.engine, key=lambda: key, clock=database.clock)
    made.run_once()  # the city's own event gets position 1
    return made


@pytest.fixture
def running_sequencer(sequencer: Sequencer) -> Iterator[None]:
    """Sequence in the background, as the worker does."""
    stop = threading.Event()

    def run() -> None:
        while not stop.is_set():
            if not sequencer.run_once():
                time.sleep(0.02)

    thread = threading.Thread(target=run)
    thread.start()
    yield
    stop.set()
    thread.join()

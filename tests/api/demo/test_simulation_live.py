"""A live installation refuses everything simulated; a database never changes its purpose."""

from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest
from sqlalchemy import func, insert, select, text, update
from sqlalchemy.exc import DBAPIError, IntegrityError
from starlette.testclient import TestClient

from api.app import create_app
from data.service import store_city
from dispatch.fleet import service as fleet
from dispatch.incidents import calls
from dispatch.model import CallSource
from gis.access import SYSTEM, Grant
from gis.cluster import PrivateCluster
from gis.cluster_errors import DatabaseNotReadyError
from gis.database import Database
from gis.identity import Accounts
from gis.installation import SimulationRefusedError
from gis.provision import bring_up
from gis.settings import Settings
from gis.tables import Incident, SimulationControl, Unit
from routing.live.routing import Routing
from tests.api.conftest import World, new_key
from tests.cities import grid_city

pytestmark = pytest.mark.database


@pytest.fixture
def world(live_database: Database, accounts: Accounts) -> World:
    """The grid city in a live database."""
    with live_database.unit_of_work(SYSTEM) as uow:
        stored = store_city(uow, grid_city())
        fleet.create_fleet(uow, stored.city_id)
        unit_ids = tuple(uow.session.execute(select(Unit.unit_id)).scalars())
    return World(stored.city_id, unit_ids, live_database, accounts)


@pytest.fixture
def client(world: World, tmp_path: Path) -> Iterator[TestClient]:
    settings = Settings(state_folder=tmp_path, purpose="live")
    routing = Routing(world.database, settings.graph_cache_folder)
    made = create_app(settings, world.database, routing, accounts=world.accounts)
    with TestClient(made, raise_server_exceptions=False) as opened:
        yield opened


@pytest.mark.parametrize(
    "call",
    [
        {"source": CallSource.SIMULATION},
        {"source": CallSource.PHONE, "simulated": True},
    ],
)
def test_simulated_calls_are_refused(world: World, call: dict) -> None:
    with (
        pytest.raises(SimulationRefusedError, match="live"),
        world.database.unit_of_work(SYSTEM) as uow,
    ):
        calls.take_call(uow, calls.NewCall(world.city_id, **call))
    with world.database.read(SYSTEM) as uow:
        assert uow.session.execute(select(func.count()).select_from(Incident)).scalar_one() == 0


def test_the_database_refuses_them_past_every_program(
    world: World, cluster: PrivateCluster
) -> None:
    with world.database.unit_of_work(SYSTEM) as uow:
        taken = calls.take_call(uow, calls.NewCall(world.city_id, CallSource.PHONE))
    incident_id = taken.incident.incident_id
    row = {
        "incident_id": uuid4(), "city_id": world.city_id, "number": "x-1", "state": "queued",
        "simulated": True, "received_at": func.now(), "queued_at": func.now(),
    }  # fmt: skip
    owner = Database(cluster.url(str(world.database.url.database)), as_owner=True)
    try:
        for database in (world.database, owner):
            for statement in (
                insert(Incident).values(row),
                update(Incident).where(Incident.incident_id == incident_id).values(simulated=True),
                insert(SimulationControl).values(only_row=True),
            ):
                with (
                    pytest.raises(IntegrityError, match="a live installation"),
                    database.unit_of_work(SYSTEM) as uow,
                ):
                    uow.session.execute(statement)
        with owner.unit_of_work(SYSTEM) as uow:  # the same row unsimulated is a row like any other
            uow.session.execute(insert(Incident).values(row | {"simulated": False}))
    finally:
        owner.close()


def test_the_doors_of_the_simulation_are_closed(client: TestClient, world: World) -> None:
    everything = world.bearer(Grant("supervisor"), Grant("administrator"))
    call = {"city_id": world.city_id, "source": "phone", "simulated": True}
    requests = (
        ("GET", "/v1/simulation", None),
        ("PATCH", "/v1/simulation", {"speed_factor": 2.0}),
        ("PATCH", "/v1/simulation", {}),
        ("POST", "/v1/simulation/sites", {"city_id": world.city_id, "count": 1}),
        ("POST", "/v1/calls", call),
        ("POST", "/v1/calls", call | {"source": "simulation", "simulated": False}),
    )
    for method, path, body in requests:
        answer = client.request(method, path, json=body, headers=everything | new_key())
        assert (answer.status_code, answer.json()["code"]) == (409, "simulation_refused"), path
        assert answer.headers["Content-Type"] == "application/problem+json"


def test_simulated_stamps_are_refused(client: TestClient, world: World) -> None:
    desk = world.bearer(Grant("supervisor"), Grant("responder"))
    call = {"city_id": world.city_id, "source": "phone",
            "point": {"lon": 114.002, "lat": 22.502, "datum": "wgs84"}}  # fmt: skip
    taken = client.post("/v1/calls", json=call, headers=desk | new_key()).json()["incident"]
    sent = client.post(
        f"/v1/incidents/{taken['incident_id']}/assignments", json={"unit_id": world.unit_ids[0]},
        headers=desk | new_key() | {"If-Match": f'"{taken["version"]}"'},
    )  # fmt: skip
    assert sent.status_code == 201, sent.text
    path = f"/v1/assignments/{sent.json()['assignment_id']}/stamps"
    for source, status in (("simulation", 409), ("console", 200)):
        stamp = {"state": "acknowledged", "source": source}
        assert client.post(path, json=stamp, headers=desk | new_key()).status_code == status


@pytest.mark.parametrize("stored", ["simulation", "live"])
def test_a_database_never_changes_its_purpose(
    cluster: PrivateCluster, request: pytest.FixtureRequest, stored: str, tmp_path: Path
) -> None:
    fixture = "database" if stored == "simulation" else "live_database"
    opened: Database = request.getfixturevalue(fixture)
    url = cluster.url(str(opened.url.database))
    other = "live" if stored == "simulation" else "simulation"
    settings = Settings(database_url=url, state_folder=tmp_path, purpose=other)
    with pytest.raises(DatabaseNotReadyError, match=f"for '{stored}', not for '{other}'"):
        bring_up(settings)
    owner = Database(url, as_owner=True)
    try:
        for statement in (
            f"UPDATE installation SET purpose = '{other}'",
            "DELETE FROM installation",
        ):
            for database, words in ((owner, "settled once"), (opened, "permission denied")):
                with (
                    pytest.raises(DBAPIError, match=words),
                    database.unit_of_work(SYSTEM) as uow,
                ):
                    uow.session.execute(text(statement))
    finally:
        owner.close()
    assert bring_up(settings.model_copy(update={"purpose": stored})).cluster is None

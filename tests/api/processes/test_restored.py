"""A database restored under a running server: nothing of the life before stays in a process."""

import json
import threading
import time
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx2
import pytest
import shapely
from sqlalchemy import create_engine, text
from sqlalchemy.engine import make_url

from api.operations.backup import restore_backup, write_backup
from data.service import store_city
from gis.access import SYSTEM, Grant
from gis.cluster import PrivateCluster
from gis.database import Database
from gis.identity import Accounts
from gis.sequencer import verify_log
from gis.settings import Settings
from tests.cities import corner, grid_city
from tests.serving import serving

pytestmark = pytest.mark.database

PATIENCE_S = 60.0
START, END = corner(0, 3), corner(6, 3)


class Desk:
    """Somebody at a console who asks again while the server says that it cannot."""

    def __init__(self, url: str, token: str, city_id: int) -> None:
        self.city_id = city_id
        self.client = httpx2.Client(
            base_url=url, timeout=30, headers={"Authorization": f"Bearer {token}"}
        )

    def post(self, path: str, body: dict[str, Any]) -> dict[str, Any]:
        key = {"Idempotency-Key": str(uuid4())}
        deadline = time.monotonic() + PATIENCE_S
        while True:
            answer = self.client.post(path, json={"city_id": self.city_id, **body}, headers=key)
            if answer.status_code < 500:
                assert answer.status_code < 300, answer.text
                return dict(answer.json())
            assert time.monotonic() < deadline, answer.text
            time.sleep(0.05)

    def route(self) -> dict[str, Any]:
        ends = {
            name: {"lon": lon, "lat": lat, "datum": "wgs84"}
            for name, (lon, lat) in (("from", START), ("to", END))
        }
        return self.post("/v1/routing/route", {"profile": "car", **ends})

    def close(self) -> None:
        self.client.close()

    def close_road(self, column: float) -> dict[str, Any]:
        lon, lat = corner(column, 3)
        box = shapely.geometry.mapping(shapely.box(lon - 3e-4, lat - 3e-4, lon + 3e-4, lat + 3e-4))
        until = datetime.now(UTC) + timedelta(hours=1)
        return self.post("/v1/routing/conditions", {
            "kind": "closure", "expires_at": until.isoformat(), "reason_en": "Burst pipe",
            "confirmed": True, "sketch": {"drawn": "polygon", "geometry": box, "datum": "wgs84"},
        })  # fmt: skip

    def frames(self) -> Iterator[tuple[str, str]]:
        """Yield (event, data) of the stream until the server ends it."""
        kind = ""
        with self.client.stream("GET", "/v1/stream", timeout=PATIENCE_S) as answer:
            for line in answer.iter_lines():
                name, _, value = line.partition(": ")
                if name == "event":
                    kind = value
                elif name == "data":
                    yield kind, value


@pytest.fixture
def _tidy(owner_url: str, cluster: PrivateCluster) -> Iterator[None]:
    yield
    name = make_url(owner_url).database
    engine = create_engine(cluster.url("postgres"), isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(f'DROP DATABASE IF EXISTS "{name}_before_restore" WITH (FORCE)'))
    engine.dispose()


@pytest.mark.acceptance
@pytest.mark.timeout(280)
@pytest.mark.usefixtures("_tidy")
def test_closures_after_a_restore_count_and_those_before_do_not_stay(
    database: Database, owner_url: str, state_folder: Path, tmp_path: Path
) -> None:
    with database.unit_of_work(SYSTEM) as uow:
        city_id = store_city(uow, grid_city()).city_id
        accounts = Accounts()
        accounts.create_user(uow, "desk", password="a long password", grants=[Grant("supervisor")])
        token = accounts.create_token(uow, "desk", name="test")
    settings = Settings(database_url=owner_url, state_folder=state_folder, purpose="simulation")
    with (
        serving(owner_url, state_folder) as server,
        closing(Desk(server.url, token, city_id)) as desk,
    ):
        free = desk.route()
        saved = tmp_path / "evening.goldenhour"
        write_backup(settings, saved)
        for column in (1.5, 2.5, 3.5):
            desk.close_road(column)
        during = desk.route()
        assert during["travel_time_s"] > free["travel_time_s"]

        seen: list[tuple[str, str]] = []
        reading = threading.Thread(target=lambda: seen.extend(desk.frames()))
        reading.start()
        time.sleep(1.0)
        restore_backup(settings, saved)

        restored = desk.route()
        assert restored["travel_time_s"] == free["travel_time_s"]
        assert epoch(restored) > epoch(during) == epoch(free)
        # The backup's counters begin where those of before did: only the epoch tells them apart.
        desk.close_road(4.5)
        after = desk.route()
        assert after["travel_time_s"] > free["travel_time_s"]
        reading.join(PATIENCE_S)
        assert not reading.is_alive()
        assert ("resync", {"reason": "restored"}) in [(k, json.loads(d)) for k, d in seen]
        wait_for_the_sequencer(database)
    with database.engine.connect() as connection:
        report = verify_log(connection)
    assert report.intact, report.problems


def epoch(answer: dict[str, Any]) -> int:
    """Return the epoch that an answer's conditions name."""
    return int(answer["conditions_id"].rsplit("-e", 1)[1].split("-")[0])


def wait_for_the_sequencer(database: Database) -> None:
    deadline = time.monotonic() + PATIENCE_S
    while time.monotonic() < deadline:
        with database.engine.connect() as connection:
            if not connection.execute(text("SELECT count(*) FROM outbox")).scalar_one():
                return
        time.sleep(0.1)
    pytest.fail("events wait for their place in the stream")

"""kill -9 of the API in the middle of dispatching: what was acknowledged is there."""

import os
import random
import signal
import threading
import time
from pathlib import Path
from uuid import UUID, uuid4

import httpx2
import pytest
from sqlalchemy import text

from gis.access import SYSTEM, Grant
from gis.database import Database
from gis.identity import Accounts
from gis.sequencer import verify_log
from tests.cities import grid_id
from tests.serving import serving

pytestmark = pytest.mark.database

WRITERS = 4


class Desk(threading.Thread):
    """A dispatcher that repeats every unanswered step with the same key until it is answered."""

    def __init__(self, url: str, token: str, city_id: int, units: list[int], calls: int) -> None:
        super().__init__()
        self.acknowledged: list[tuple[str, str, int]] = []
        self.failure: str | None = None
        self._calls = calls
        self._city_id = city_id
        self._units = units
        self._client = httpx2.Client(
            base_url=url, timeout=10, headers={"Authorization": f"Bearer {token}"}
        )

    def run(self) -> None:
        with self._client:
            self._work()

    def _work(self) -> None:
        chance = random.Random(self._units[0])
        for number in range(self._calls):
            point = {"lon": 114.001 + chance.random() * 0.005, "lat": 22.502, "datum": "wgs84"}
            taken = self._step("POST", "/v1/calls", {
                "city_id": self._city_id, "source": "simulation", "simulated": True,
                "point": point,
            })["incident"]  # fmt: skip
            unit_id = self._units[number % len(self._units)]
            sent = self._step(
                "POST", f"/v1/incidents/{taken['incident_id']}/assignments", {"unit_id": unit_id},
                version=taken["version"],
            )  # fmt: skip
            self.acknowledged.append((taken["incident_id"], sent["assignment_id"], unit_id))
            self._step(
                "POST", f"/v1/assignments/{sent['assignment_id']}/stamps",
                {"state": "cancelled", "source": "console"},
            )  # fmt: skip

    def _step(self, method: str, path: str, body: dict, *, version: int | None = None) -> dict:
        headers = {"Idempotency-Key": str(uuid4())}
        if version is not None:
            headers["If-Match"] = f'"{version}"'
        deadline = time.monotonic() + 60
        while True:
            try:
                answer = self._client.request(method, path, json=body, headers=headers)
                if answer.status_code < 500:
                    break
            except httpx2.HTTPError:
                pass
            if time.monotonic() > deadline:
                self.failure = f"{path} was never answered"
                raise SystemExit(self.failure)
            time.sleep(0.1)
        if answer.status_code >= 400:
            self.failure = f"{path}: {answer.text}"
            raise SystemExit(self.failure)
        return answer.json()


def waiting_events(database: Database) -> frozenset[UUID]:
    """Return which events have no place in the stream yet."""
    with database.engine.connect() as connection:
        return frozenset(connection.execute(text("SELECT event_id FROM outbox")).scalars())


@pytest.mark.timeout(280)
@pytest.mark.parametrize(
    ("n_calls", "n_kills"), [(12, 1), pytest.param(200, 2, marks=pytest.mark.acceptance)]
)
def test_a_killed_api_loses_nothing_it_acknowledged(
    database: Database, owner_url: str, state_folder: Path, n_calls: int, n_kills: int
) -> None:
    city_id = grid_id(database)
    with database.unit_of_work(SYSTEM) as uow:
        accounts = Accounts()
        accounts.create_user(uow, "desk", password="a long password",
                             grants=[Grant("dispatcher")])  # fmt: skip
        token = accounts.create_token(uow, "desk", name="test")
        units = list(uow.session.execute(text("SELECT unit_id FROM units ORDER BY 1")).scalars())
    with serving(owner_url, state_folder) as server:
        desks = [
            Desk(server.url, token, city_id, units[n::WRITERS], n_calls // WRITERS)
            for n in range(WRITERS)
        ]
        for desk in desks:
            desk.start()
        kills = 0
        while any(desk.is_alive() for desk in desks):
            done = sum(len(desk.acknowledged) for desk in desks)
            if kills < n_kills and done >= (kills + 1) * n_calls // 3:
                (pid,) = server.api_pids()
                os.kill(pid, signal.SIGKILL)
                kills += 1
            time.sleep(0.02)
        assert [desk.failure for desk in desks] == [None] * WRITERS
        assert kills == n_kills
        # What timers and watchers write after that is theirs, and may wait as the server stops.
        written = waiting_events(database)
        deadline = time.monotonic() + 20
        while time.monotonic() < deadline and written & waiting_events(database):
            time.sleep(0.1)
    acknowledged = [step for desk in desks for step in desk.acknowledged]
    assert len(acknowledged) == n_calls
    with database.engine.connect() as connection:
        report = verify_log(connection)
        stored = {
            (str(row.incident_id), str(row.assignment_id), row.unit_id)
            for row in connection.execute(
                text("SELECT incident_id, assignment_id, unit_id FROM assignments")
            )
        }
        incidents = connection.execute(text("SELECT count(*) FROM incidents")).scalar_one()
    assert set(acknowledged) == stored
    assert incidents == n_calls
    assert report.intact, report.problems
    assert not written & waiting_events(database)

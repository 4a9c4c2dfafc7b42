"""The night's learning: once a city, by one process at a time, and anew after a failure."""

import os
import subprocess
import sys
import threading
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import text

from api.processes import learning
from gis.access import SYSTEM
from gis.clock import FixedClock
from gis.database import Database
from gis.settings import PROJECT_FOLDER, Settings
from routing.learning.repository_nightly import learning_states, only_learner
from tests.routing.learning.town import drive, seen

pytestmark = pytest.mark.database

NIGHT = datetime(2026, 11, 24, 20, tzinfo=UTC)
"""Four o'clock in the morning in Shenzhen; the night's work counts up to three."""


class Child:
    """A process that has ended with a status."""

    def __init__(self, status: int) -> None:
        self.status = status

    def poll(self) -> int:
        return self.status

    wait = poll


def nights(world, settings: Settings, *, now: datetime, statuses: list[int]):
    """The worker's part at a given time, and what it started."""
    database = Database(world.database.url, clock=FixedClock(now), pool_size=2)
    started = []

    def start(city_id: int, to_at: datetime) -> Child:
        started.append((city_id, to_at))
        return Child(statuses.pop(0))

    return learning.NightLearning(settings, database, start=start), started, database


def test_what_is_due_is_started_once_and_what_fails_waits_an_hour(world, settings, monkeypatch):
    monotonic_s = [1_000.0]
    monkeypatch.setattr(learning.time, "monotonic", lambda: monotonic_s[0])
    one, started, database = nights(world, settings, now=NIGHT, statuses=[1, 1, 0])
    go_on = threading.Event()
    expected = (world.city_id, NIGHT - timedelta(hours=1))
    try:
        one.run_once(go_on)
        one.run_once(go_on)
        assert started == [expected]
        monotonic_s[0] += 3_601.0
        one.run_once(go_on)
        one.run_once(go_on)
        assert started == [expected] * 2
        monotonic_s[0] += 3_601.0
        one.run_once(go_on)
        assert started == [expected] * 3
    finally:
        database.close()


def test_nothing_is_started_by_day(world, settings):
    one, started, database = nights(world, settings, now=NIGHT + timedelta(hours=8), statuses=[0])
    try:
        one.run_once(threading.Event())
        assert started == []
    finally:
        database.close()


def learned_until(database: Database) -> datetime | None:
    with database.read(SYSTEM) as uow:
        (state,) = learning_states(uow.session)
    return state.learned_until


def child(world, tmp_path, to_at: datetime) -> subprocess.Popen:
    """The real process, on the test's database."""
    return subprocess.Popen(
        [sys.executable, "-m", "api.processes.learning", str(world.city_id), to_at.isoformat()],
        cwd=PROJECT_FOLDER, stderr=subprocess.PIPE, text=True,
        env=os.environ | {
            "GOLDENHOUR_DATABASE_URL": world.database.url.render_as_string(hide_password=False),
            "GOLDENHOUR_STATE_FOLDER": str(tmp_path),
        },
    )  # fmt: skip


def test_two_processes_one_learns(world, tmp_path):
    now = datetime.now(UTC)
    to_at = now - timedelta(hours=12)
    for unit in range(2):
        drive(world.database, row=3, start_at=now - timedelta(days=1), speed_kmh=30.0, unit=unit)
    with only_learner(world.database.engine, world.city_id) as alone:
        assert alone
        refused = child(world, tmp_path, to_at)
        refused.communicate(timeout=60)
        assert refused.returncode == 3
        assert learned_until(world.database) is None
    works = child(world, tmp_path, to_at)
    _, said = works.communicate(timeout=120)
    assert works.returncode == 0, said
    assert "2 trips" in said
    assert learned_until(world.database) == to_at
    assert {row.speed_kmh > 25.0 for row in seen(world.database)} == {True}


def test_killed_before_it_stored_the_next_run_counts_everything_once(world, tmp_path):
    now = datetime.now(UTC)
    to_at = now - timedelta(hours=12)
    for unit in range(2):
        drive(world.database, row=3, start_at=now - timedelta(days=1), speed_kmh=30.0, unit=unit)
    with world.database.unit_of_work(SYSTEM) as uow:
        # The process cannot store while this holds, and is killed meanwhile.
        uow.session.execute(text("LOCK TABLE road_speed_profiles IN ACCESS EXCLUSIVE MODE"))
        works = child(world, tmp_path, to_at)
        with pytest.raises(subprocess.TimeoutExpired):
            works.wait(6)
        works.kill()
        works.communicate()
    assert learned_until(world.database) is None
    assert not seen(world.database)
    again = child(world, tmp_path, to_at)
    _, said = again.communicate(timeout=120)
    assert again.returncode == 0, said
    assert "2 trips" in said
    assert {row.n for row in seen(world.database)} == {2}

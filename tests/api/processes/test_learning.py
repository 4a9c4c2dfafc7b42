"""The night's learning: once a city, by one process at a time, and anew after a failure."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import text

from gis.access import SYSTEM
from gis.clock import FixedClock
from gis.database import Database
from gis.jobs import repository
from gis.jobs.model import JobState
from gis.settings import PROJECT_FOLDER, Settings
from routing.jobs import LEARN, LEARNING_DUE
from routing.learning.due import defer_due
from routing.learning.nightly import learning_due
from routing.learning.repository_nightly import learning_states, only_learner
from tests.routing.learning.town import drive, seen
from tests.running import running

pytestmark = pytest.mark.database

NIGHT = datetime(2026, 11, 24, 20, tzinfo=UTC)
"""Four o'clock in the morning in Shenzhen; the night's work counts up to three."""
ZONE = ZoneInfo("Asia/Shanghai")


@contextmanager
def at(world, now: datetime) -> Iterator[Database]:
    database = Database(world.database.url, clock=FixedClock(now), pool_size=2)
    try:
        yield database
    finally:
        database.close()


def asked(database: Database, settings: Settings) -> list[tuple[int, datetime]]:
    """Let the timer look; return what was deferred, all in all."""
    defer_due(running(database, LEARNING_DUE, settings=settings))
    with database.read(SYSTEM) as uow:
        found = repository.read_jobs(uow.session, names=[LEARN.name], areas=[""], limit=100)
    return [
        (job.arguments["city_id"], datetime.fromisoformat(job.arguments["to_at"])) for job in found
    ]


@pytest.fixture
def live(tmp_path: Path) -> Settings:
    return Settings(state_folder=tmp_path, purpose="live")


def test_what_is_due_is_deferred_once_a_night(world, live) -> None:
    tonight = (world.city_id, NIGHT - timedelta(hours=1))
    with at(world, NIGHT) as database:
        assert asked(database, live) == [tonight]
        # Also when it has failed for good: it is not begun again every minute.
        with database.unit_of_work(SYSTEM) as uow:
            (job,) = repository.read_jobs(uow.session, names=[LEARN.name], areas=[""], limit=2)
            repository.finish(uow.session, job.job_id, JobState.FAILED)
        assert asked(database, live) == [tonight]
    with at(world, NIGHT + timedelta(days=1)) as database:
        assert len(asked(database, live)) == 2


def test_nothing_is_deferred_by_day_in_a_simulation_or_when_turned_off(world, live) -> None:
    with at(world, NIGHT + timedelta(hours=8)) as database:
        assert asked(database, live) == []
    with at(world, NIGHT) as database:
        for different in ({"purpose": "simulation"}, {"learn_speeds": False}):
            assert asked(database, live.model_copy(update=different)) == []


def learned_until(database: Database) -> datetime | None:
    with database.read(SYSTEM) as uow:
        (state,) = learning_states(uow.session)
    return state.learned_until


class Tonight:
    """The heavy process of the night's work, on the test's database, in a night that is now."""

    def __init__(self, world, folder: Path) -> None:
        self.database = world.database
        now = datetime.now(UTC)
        hour = (now - timedelta(hours=1)).astimezone(ZONE).hour
        self.to_at = learning_due(
            now, zone=ZONE, hour=hour, learned_until=None, retention=timedelta(days=30)
        )
        assert self.to_at is not None
        self.job_id = running(
            world.database, LEARN, city_id=world.city_id, to_at=self.to_at.isoformat()
        ).record.job_id
        self._environment = os.environ | {
            "GOLDENHOUR_DATABASE_URL": world.database.url.render_as_string(hide_password=False),
            "GOLDENHOUR_STATE_FOLDER": str(folder),
            "GOLDENHOUR_LEARN_SPEEDS_HOUR": str(hour),
        }
        for unit in range(2):
            drive(world.database, row=3, start_at=self.to_at - timedelta(hours=12),
                  speed_kmh=30.0, unit=unit)  # fmt: skip

    def process(self) -> subprocess.Popen:
        return subprocess.Popen(
            [sys.executable, "-m", "api.processes.heavy", str(self.job_id)],
            cwd=PROJECT_FOLDER, stderr=subprocess.PIPE, text=True, env=self._environment,
        )  # fmt: skip


@pytest.mark.acceptance
def test_two_processes_one_learns(world, tmp_path) -> None:
    tonight = Tonight(world, tmp_path)
    with only_learner(world.database.engine, world.city_id) as alone:
        assert alone
        refused = tonight.process()
        refused.communicate(timeout=120)
        assert refused.returncode == 4
        assert learned_until(world.database) is None
    works = tonight.process()
    _, said = works.communicate(timeout=120)
    assert works.returncode == 0, said
    assert "2 trips" in said
    assert learned_until(world.database) == tonight.to_at
    assert {row.speed_kmh > 25.0 for row in seen(world.database)} == {True}


def waits_to_store(database: Database) -> bool:
    """Whether somebody waits for the table of what was learned."""
    with database.read(SYSTEM) as uow:
        return uow.session.execute(text(
            "SELECT EXISTS (SELECT 1 FROM pg_locks"
            " WHERE relation = 'road_speed_profiles'::regclass AND NOT granted)"
        )).scalar_one()  # fmt: skip


@pytest.mark.acceptance
def test_killed_before_it_stored_the_next_run_counts_everything_once(world, tmp_path) -> None:
    tonight = Tonight(world, tmp_path)
    with world.database.unit_of_work(SYSTEM) as uow:
        # The process cannot store while this holds, and is killed meanwhile.
        uow.session.execute(text("LOCK TABLE road_speed_profiles IN ACCESS EXCLUSIVE MODE"))
        works = tonight.process()
        deadline = time.monotonic() + 120
        while not waits_to_store(world.database):
            assert works.poll() is None
            assert time.monotonic() < deadline
            time.sleep(0.05)
        works.kill()
        works.communicate()
    assert learned_until(world.database) is None
    assert not seen(world.database)
    again = tonight.process()
    _, said = again.communicate(timeout=120)
    assert again.returncode == 0, said
    assert "2 trips" in said
    assert {row.n for row in seen(world.database)} == {2}


@pytest.mark.acceptance
def test_a_try_that_comes_after_the_night_leaves_it_to_the_next(world, tmp_path) -> None:
    tonight = Tonight(world, tmp_path)
    with world.database.unit_of_work(SYSTEM) as uow:
        uow.session.execute(
            text("UPDATE procrastinate_jobs SET args = args || CAST(:late AS jsonb)"),
            {"late": f'{{"to_at": "{(tonight.to_at - timedelta(days=1)).isoformat()}"}}'},
        )
    late = tonight.process()
    late.communicate(timeout=120)
    assert late.returncode == 0
    assert learned_until(world.database) is None

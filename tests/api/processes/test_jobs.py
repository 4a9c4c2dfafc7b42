"""Jobs in real processes: never late for others, killed, cancelled, starved, and done once."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text

from api.processes.queues import QueueServer
from gis.access import SYSTEM
from gis.database import Database
from gis.jobs import repository, service
from gis.jobs.model import ENDED, Job, JobRecord, JobState, Queue
from gis.rooms.house import gather
from gis.settings import PROJECT_FOLDER
from tests.api.processes import job_worker as jobs

pytestmark = pytest.mark.database


@pytest.fixture
def noting(database: Database, owner_url: str) -> Database:
    """The database with a table in which jobs note what they did."""
    engine = create_engine(owner_url)
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE noted (job_id bigint, word text)"))
    engine.dispose()
    database.house = gather(jobs.ROOMS)
    return database


@contextmanager
def working(database: Database, state_folder: Path, **more: str) -> Iterator[subprocess.Popen]:
    """Run a worker until the block ends."""
    process = subprocess.Popen(
        [sys.executable, "-m", jobs._HERE], cwd=PROJECT_FOLDER, start_new_session=True,
        env=os.environ | more | {
            "GOLDENHOUR_DATABASE_URL": database.url.render_as_string(hide_password=False),
            "GOLDENHOUR_STATE_FOLDER": str(state_folder),
            "GOLDENHOUR_PURPOSE": "simulation",
        },
    )  # fmt: skip
    try:
        yield process
    finally:
        process.terminate()
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def defer(
    database: Database, job: Job, after_s: float | None = None, queue: Queue | None = None,
    **arguments,
) -> int:  # fmt: skip
    with database.unit_of_work(SYSTEM) as uow:
        due_at = None if after_s is None else uow.clock.now() + timedelta(seconds=after_s)
        return service.defer(uow, job, arguments, due_at=due_at, queue=queue)


def record(database: Database, job_id: int) -> JobRecord:
    with database.read(SYSTEM) as uow:
        found = repository.read_job(uow.session, job_id)
    assert found is not None
    return found


def noted(database: Database, job_id: int) -> list[str]:
    with database.read(SYSTEM) as uow:
        return list(
            uow.session.execute(
                text("SELECT word FROM noted WHERE job_id = :job_id"), {"job_id": job_id}
            ).scalars()
        )


def until(what: Callable[[], bool], *, limit_s: float = 40.0) -> None:
    deadline = time.monotonic() + limit_s
    while not what():
        assert time.monotonic() < deadline
        time.sleep(0.05)


def over(database: Database, job_id: int) -> JobRecord:
    until(lambda: record(database, job_id).state in ENDED)
    return record(database, job_id)


def process_of(database: Database, job_id: int) -> int:
    """Wait until a job has begun; return the process it is done in."""
    until(lambda: any(word.startswith("begun") for word in noted(database, job_id)))
    return int(noted(database, job_id)[-1].split()[1])


def is_gone(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0]
    except OSError:
        return True
    return state == "Z"


def late_s(database: Database, job_ids: list[int]) -> list[float]:
    """Wait for timers; return by how much each was late."""
    until(lambda: all(noted(database, job_id) for job_id in job_ids))
    return [float(noted(database, one)[0]) - due[one] for one in job_ids]


due: dict[int, float] = {}


def timers(database: Database, count: int) -> list[int]:
    """Defer timers half a second apart, the first in one."""
    made = []
    for number in range(count):
        after_s = 1.0 + 0.47 * number
        job_id = defer(database, jobs.TICK, after_s)
        due[job_id] = time.time() + after_s
        made.append(job_id)
    return made


@pytest.mark.parametrize("queue", [Queue.TIMERS, Queue.LIGHT, Queue.HEAVY])
def test_each_queue_knows_every_job_of_the_house(database: Database, queue: Queue) -> None:
    """One may be given to another queue than its own: the demo's outbreak goes on so."""
    server = QueueServer(database, queue, perform=lambda _job, _context: None)
    assert {job.name for job in database.house.jobs} <= set(server._app.tasks)


@pytest.mark.acceptance
def test_a_job_given_to_another_queue_is_done_there(noting: Database, state_folder: Path) -> None:
    with working(noting, state_folder):
        given = defer(noting, jobs.TICK, queue=Queue.HEAVY)
        assert over(noting, given).state is JobState.DONE


@pytest.mark.acceptance
@pytest.mark.acceptance
def test_with_two_heavy_jobs_running_a_timer_is_at_most_a_second_late(
    noting: Database, state_folder: Path
) -> None:
    with working(noting, state_folder):
        heavy = [defer(noting, jobs.SPIN) for _ in range(2)]
        pids = [process_of(noting, job_id) for job_id in heavy]
        assert len(set(pids)) == 2
        assert max(late_s(noting, timers(noting, 10))) <= 1.0
        assert [record(noting, one).state for one in heavy] == [JobState.RUNNING] * 2
    # What was under way when the server stopped is done by the next one.
    until(lambda: all(is_gone(pid) for pid in pids))
    assert [record(noting, one).state for one in heavy] == [JobState.WAITING] * 2


@pytest.mark.acceptance
def test_a_timer_whose_notification_is_lost_is_found_by_looking(
    noting: Database, owner_url: str, state_folder: Path
) -> None:
    engine = create_engine(owner_url)
    with engine.begin() as connection:
        connection.execute(
            text(
                "ALTER TABLE procrastinate_jobs DISABLE TRIGGER"
                " procrastinate_jobs_notify_queue_job_inserted_v1"
            )
        )
    engine.dispose()
    with working(noting, state_folder):
        late_s(noting, timers(noting, 1))
        assert max(late_s(noting, timers(noting, 4))) <= 1.5


@pytest.mark.acceptance
@pytest.mark.parametrize("moment", ["in mid-effect", "after the effect"])
def test_a_job_whose_process_is_killed_runs_again_with_one_effect(
    noting: Database, state_folder: Path, moment: str
) -> None:
    with working(noting, state_folder):
        job_id = defer(noting, jobs.COUNT, die_after=moment == "after the effect")
        pid = process_of(noting, job_id)
        if moment == "in mid-effect":
            os.kill(pid, signal.SIGKILL)
        ended = over(noting, job_id)
    assert ended.state is JobState.DONE
    assert ended.error == (
        "The process that ran the job was killed (signal 9). What it had begun was undone."
        if moment == "in mid-effect" else None
    )  # fmt: skip
    assert noted(noting, job_id).count("effect") == 1


@pytest.mark.acceptance
def test_a_job_whose_worker_is_killed_is_found_by_its_heartbeat(
    noting: Database, state_folder: Path
) -> None:
    with working(noting, state_folder) as first:
        job_id = defer(noting, jobs.COUNT)
        pid = process_of(noting, job_id)
        first.kill()
        first.wait()
        until(lambda: is_gone(pid))
        assert record(noting, job_id).state is JobState.RUNNING
        with working(noting, state_folder):
            assert over(noting, job_id).state is JobState.DONE
    assert noted(noting, job_id).count("effect") == 1


@pytest.mark.acceptance
def test_a_job_that_fails_three_times_is_shown_with_its_sentence(
    noting: Database, state_folder: Path
) -> None:
    with working(noting, state_folder):
        job_id = defer(noting, jobs.FAIL)
        ended = over(noting, job_id)
    assert (ended.state, ended.attempts) == (JobState.FAILED, 3)
    assert noted(noting, job_id) == ["tried"] * 3
    assert ended.error == (
        "Something unforeseen went wrong (OSError). The worker's log says where."
    )
    with noting.read(SYSTEM) as uow:
        logged = uow.session.execute(
            text("SELECT type, subject_id FROM events WHERE subject_kind = 'job'")
        ).all()
    assert [tuple(row) for row in logged] == [("job.failed", str(job_id))]


def test_a_running_job_is_stopped_within_seconds(noting: Database, state_folder: Path) -> None:
    with working(noting, state_folder):
        job_id = defer(noting, jobs.SPIN)
        pid = process_of(noting, job_id)
        with noting.unit_of_work(SYSTEM) as uow:
            service.cancel_job(uow, job_id)
        assert over(noting, job_id).state is JobState.CANCELLED
        until(lambda: is_gone(pid))


@pytest.mark.acceptance
def test_a_job_that_does_not_listen_is_stopped_too(noting: Database, state_folder: Path) -> None:
    with working(noting, state_folder):
        job_id = defer(noting, jobs.SPIN_DEAF)
        pid = process_of(noting, job_id)
        with noting.unit_of_work(SYSTEM) as uow:
            service.cancel_job(uow, job_id)
        assert over(noting, job_id).state is JobState.CANCELLED
        assert is_gone(pid)


@pytest.mark.parametrize(
    "job", [jobs.LINGER, pytest.param(jobs.OBEY, marks=pytest.mark.acceptance)]
)
def test_a_job_that_made_its_effect_or_came_to_its_end_is_done_though_it_was_stopped(
    noting: Database, state_folder: Path, job: Job
) -> None:
    with working(noting, state_folder):
        job_id = defer(noting, job)
        pid = process_of(noting, job_id)
        with noting.unit_of_work(SYSTEM) as uow:
            service.cancel_job(uow, job_id)
        ended = over(noting, job_id)
        assert is_gone(pid)
    assert (ended.state, ended.error_code) == (JobState.DONE, None)


@pytest.mark.acceptance
def test_a_job_that_hangs_and_does_not_listen_is_killed(
    noting: Database, state_folder: Path
) -> None:
    with working(noting, state_folder):
        job_id = defer(noting, jobs.SPIN_DEAF)
        pid = process_of(noting, job_id)
        ended = over(noting, job_id)
    assert (ended.state, ended.error_code) == (JobState.FAILED, "job_too_long")
    assert is_gone(pid)


@pytest.mark.acceptance
def test_a_job_that_wants_too_much_memory_fails_alone_and_at_once(
    noting: Database, state_folder: Path
) -> None:
    with working(noting, state_folder, GOLDENHOUR_HEAVY_MEMORY_MIB="1024"):
        job_id = defer(noting, jobs.DEVOUR)
        ended = over(noting, job_id)
        assert (ended.state, ended.attempts) == (JobState.FAILED, 1)
        assert ended.error == (
            "The job needs more than the 1024 MiB it may have. Give it less at once, or raise "
            "GOLDENHOUR_HEAVY_MEMORY_MIB."
        )
        assert late_s(noting, timers(noting, 1))[0] <= 1.0

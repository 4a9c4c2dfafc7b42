"""Jobs in the database: deferred with a transaction, once by key, seen by right, never lost."""

import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import uuid4

import procrastinate
import pytest
from sqlalchemy import create_engine, text

from gis.access import SYSTEM, Grant, Identity
from gis.database import Database
from gis.identity_errors import MissingPermissionError
from gis.jobs import repository, service
from gis.jobs.errors import (
    EffectMadeError,
    JobCancelledError,
    JobNotFailedError,
    JobOverError,
    JobPageInvalidError,
    JobUnknownError,
)
from gis.jobs.model import Job, JobKinds, JobState, Queue
from gis.jobs.running import Process, Run, execute, perform
from gis.permissions import EVENTS_READ, USER_ADMIN
from gis.settings import Settings
from gis.words import Words

pytestmark = pytest.mark.database

DONE: list[int] = []


def note(run: Run) -> None:
    """Remember that it was called."""
    DONE.append(run.record.job_id)


def refuse(run: Run) -> None:
    """Fail in a way nobody foresaw."""
    raise KeyError("a row that is not there")


COUNT = Job(
    "test.count", Queue.LIGHT, Words(en="Count", zh="计数"), run=f"{__name__}:note",
    permission=EVENTS_READ, control=EVENTS_READ, pause_s=5.0, kept=timedelta(hours=1),
)  # fmt: skip
SECRET = replace(COUNT, name="test.secret", permission=USER_ADMIN)
BROKEN = replace(COUNT, name="test.broken", run=f"{__name__}:refuse")
KINDS = (COUNT, SECRET, BROKEN)


def planner(jurisdiction: str = "") -> Identity:
    return Identity(
        uuid4(),
        "planner",
        "Planner",
        grants=(Grant("planner", jurisdiction, permissions=frozenset({EVENTS_READ})),),
    )


def fetch(database: Database, worker_id: int, queue: Queue = Queue.LIGHT) -> int | None:
    """Take the next job as the library's worker does."""
    with database.unit_of_work(SYSTEM) as uow:
        return uow.session.execute(
            text("SELECT id FROM procrastinate_fetch_job_v2(ARRAY[:queue]::varchar[], :worker)"),
            {"queue": queue.value, "worker": worker_id},
        ).scalar_one()


def worker(database: Database, *, silent_s: float = 0.0) -> int:
    with database.unit_of_work(SYSTEM) as uow:
        number = repository.register_worker(uow.session)
        uow.session.execute(
            text("UPDATE procrastinate_workers SET last_heartbeat = now() - :ago WHERE id = :id"),
            {"ago": timedelta(seconds=silent_s), "id": number},
        )
        return number


def state(database: Database, job_id: int) -> JobState:
    with database.read(SYSTEM) as uow:
        record = repository.read_job(uow.session, job_id)
    assert record is not None
    return record.state


def set_kinds(database: Database, *kinds: Job) -> None:
    database.house = replace(database.house, jobs=JobKinds(kinds))


@pytest.fixture(autouse=True)
def own_kinds(database: Database) -> None:
    set_kinds(database, *KINDS)


@pytest.fixture
def process(database: Database, tmp_path: Path) -> Process:
    return Process(Settings(state_folder=tmp_path, purpose="simulation"), database)


def taken(database: Database, process: Process, job: Job = COUNT) -> Run:
    """Defer a job, take it, and return its run."""
    with database.unit_of_work(SYSTEM) as uow:
        service.defer(uow, job)
    job_id = fetch(database, worker(database))
    with database.read(SYSTEM) as uow:
        record = repository.read_job(uow.session, job_id)
    return Run(process, record, stop=threading.Event())


def test_a_job_is_deferred_with_its_transaction_or_not_at_all(database: Database) -> None:
    def deferred() -> int:
        with database.read(SYSTEM) as uow:
            return len(service.list_jobs(uow).jobs)

    def roll_back() -> None:
        with database.unit_of_work(SYSTEM) as uow:
            service.defer(uow, COUNT)
            raise LookupError

    with pytest.raises(LookupError):
        roll_back()
    assert deferred() == 0
    with database.unit_of_work(planner()) as uow:
        service.defer(uow, COUNT, {"city_id": 7, "area_code": "0755"})
        assert deferred() == 0
    with database.read(planner()) as uow:
        (job,) = service.list_jobs(uow).jobs
    assert (job.state, job.city_id, job.requested_by) == ("waiting", 7, "user:planner")


def test_of_one_key_one_job_waits_and_starts_after_whoever_asked_last(database: Database) -> None:
    with database.unit_of_work(SYSTEM) as uow:
        first = service.defer(uow, COUNT, key="roads 1")
    one = worker(database)
    with database.unit_of_work(SYSTEM) as uow:
        assert service.defer(uow, COUNT, key="roads 1") == first
        # A worker that looks now would not see what this transaction writes.
        assert fetch(database, one) is None
    assert fetch(database, one) == first
    with database.unit_of_work(SYSTEM) as uow:
        assert service.defer(uow, COUNT, key="roads 1") != first


def test_a_job_that_failed_waits_again_beside_another_of_its_key(database: Database) -> None:
    with database.unit_of_work(SYSTEM) as uow:
        first = service.defer(uow, COUNT, key="roads 1")
    assert fetch(database, worker(database)) == first
    with database.unit_of_work(SYSTEM) as uow:
        service.defer(uow, COUNT, key="roads 1")
        repository.begin_again(uow.session, first, at=uow.clock.now())
    assert state(database, first) is JobState.WAITING


def test_a_waiting_job_is_brought_forward_never_put_off(database: Database) -> None:
    early, late = (datetime(2100, 1, day, tzinfo=UTC) for day in (1, 2))
    due = []
    for at in (late, early, late, None, late):
        with database.unit_of_work(SYSTEM) as uow:
            job_id = service.defer(uow, COUNT, key="roads 1", due_at=at)
            due.append(repository.read_job(uow.session, job_id).due_at)
    assert due == [late, early, early, None, None]


def test_many_at_once_defer_one_job_of_a_key(database: Database) -> None:
    def ask(_: int) -> int:
        with database.unit_of_work(SYSTEM) as uow:
            return service.defer(uow, COUNT, key="roads 1")

    with ThreadPoolExecutor(8) as pool:
        assert len(set(pool.map(ask, range(40)))) == 1


def test_many_at_once_defer_once_though_it_was_done_meanwhile(database: Database) -> None:
    def ask(_: int) -> int | None:
        with database.unit_of_work(SYSTEM) as uow:
            return service.defer_once(uow, COUNT, {"night": "2026-11-29"})

    with ThreadPoolExecutor(8) as pool:
        (made,) = {one for one in pool.map(ask, range(20)) if one is not None}
    assert fetch(database, worker(database)) == made
    with database.unit_of_work(SYSTEM) as uow:
        repository.finish(uow.session, made, JobState.FAILED)
    assert ask(0) is None


def test_an_effect_is_made_once_however_often_the_job_runs(
    database: Database, process: Process
) -> None:
    run = taken(database, process)

    def roll_back() -> None:
        with run.effect() as uow:
            run.give(uow, {"lost": True})
            raise LookupError

    with pytest.raises(LookupError):
        roll_back()
    with run.effect() as uow:
        run.give(uow, {"rows": 1})
    with pytest.raises(EffectMadeError), run.effect() as uow:
        run.give(uow, {"rows": 2})
    with database.read(SYSTEM) as uow:
        assert repository.read_job(uow.session, run.record.job_id).result == {"rows": 1}


def test_two_runs_of_one_job_at_once_make_one_effect(database: Database, process: Process) -> None:
    """A worker that was taken for dead comes back while the next one does its job."""
    run = taken(database, process)
    both = threading.Barrier(2)

    def attempt(_: int) -> bool:
        both.wait()
        try:
            with run.effect() as uow:
                uow.session.execute(text("SELECT pg_sleep(0.2)"))
        except EffectMadeError:
            return False
        return True

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(attempt, range(2))) == [False, True]


def test_progress_is_shown_and_a_job_asked_to_stop_stops(
    database: Database, process: Process
) -> None:
    run = taken(database, process)
    run.report(Words(en="half", zh="一半"), 0.5)
    with database.unit_of_work(planner()) as uow:
        shown = service.cancel_job(uow, run.record.job_id)
    assert (shown.done, shown.total, shown.message.zh) == (0.5, 1.0, "一半")
    assert shown.cancel_requested
    with database.read(SYSTEM) as uow:
        assert repository.stop_asked(uow.session, run.record.job_id)
    run.stop.set()
    with pytest.raises(JobCancelledError):
        run.report(Words(en="", zh=""), 0.6)
    with pytest.raises(JobCancelledError), run.effect():
        pytest.fail("nothing may be made any more")


def test_who_is_asked_to_stop_after_the_effect_goes_on_to_the_end(
    database: Database, process: Process
) -> None:
    """Cancelled means that nothing was done: the effect is there, so the job is done."""
    run = taken(database, process)
    with run.effect():
        pass
    run.stop.set()
    run.report(Words(en="tidying up", zh="收尾"), 1.0)
    with database.read(SYSTEM) as uow:
        assert repository.read_job(uow.session, run.record.job_id).done == 1.0


def test_who_may_only_look_stops_nothing_but_what_he_asked_for(database: Database) -> None:
    set_kinds(database, replace(COUNT, control=USER_ADMIN))
    with database.unit_of_work(SYSTEM) as uow:
        others = service.defer(uow, COUNT)
    with database.unit_of_work(planner()) as uow:
        own = service.request(uow, COUNT, {}).job_id
        assert service.show_job(uow, others).state == "waiting"
        with pytest.raises(MissingPermissionError):
            service.cancel_job(uow, others)
        assert service.cancel_job(uow, own).state == "cancelled"


def test_progress_is_shown_while_the_effect_is_being_made(
    database: Database, process: Process
) -> None:
    run = taken(database, process)
    with run.effect():
        run.report(Words(en="storing", zh="保存"), 0.9)
        with database.read(SYSTEM) as uow:
            assert repository.read_job(uow.session, run.record.job_id).done == 0.9


def test_cancelling_is_repeatable_and_refused_when_over(database: Database) -> None:
    with database.unit_of_work(SYSTEM) as uow:
        waiting, done = (service.defer(uow, COUNT) for _ in range(2))
        repository.finish(uow.session, done, JobState.DONE)
    for _ in range(2):
        with database.unit_of_work(planner()) as uow:
            assert service.cancel_job(uow, waiting).state == "cancelled"
    over = pytest.raises(JobOverError, match="is over: done")
    with over, database.unit_of_work(planner()) as uow:
        service.cancel_job(uow, done)
    with database.read(SYSTEM) as uow:
        logged = uow.session.execute(text("SELECT type, actor FROM events")).all()
    assert [tuple(row) for row in logged] == [("job.cancelled", "user:planner")]


def test_a_job_is_seen_by_who_holds_its_permission_in_its_area(database: Database) -> None:
    with database.unit_of_work(SYSTEM) as uow:
        here = service.defer(uow, COUNT, {"area_code": "0755"})
        there = service.defer(uow, COUNT, {"area_code": "0756"})
        everywhere = service.defer(uow, COUNT)
        secret = service.defer(uow, SECRET)
        undeclared = repository.insert_job(
            uow.session, name="test.gone", queue=Queue.LIGHT, arguments={}, key=None, alone=None,
            due_at=None,
        )  # fmt: skip

    def seen(identity: Identity) -> list[int]:
        with database.read(identity) as uow:
            return [job.job_id for job in service.list_jobs(uow).jobs]

    assert seen(planner("0755")) == [everywhere, here]
    assert seen(planner()) == [everywhere, there, here]
    assert seen(Identity(uuid4(), "nobody", "Nobody")) == []
    for job_id in (there, secret, undeclared, 10**9):
        with pytest.raises(JobUnknownError), database.read(planner("0755")) as uow:
            service.show_job(uow, job_id)


def test_pages_hold_every_job_once(database: Database) -> None:
    with database.unit_of_work(SYSTEM) as uow:
        made = [service.defer(uow, kind) for kind in (COUNT, SECRET) * 3]
    seen, before = [], None
    while True:
        with database.read(SYSTEM) as uow:
            page = service.list_jobs(uow, before=before, limit=2)
        seen += [job.job_id for job in page.jobs]
        before = page.next_before
        if before is None:
            break
    assert seen == sorted(made, reverse=True)
    for wrong in ({"limit": 0}, {"limit": 201}, {"before": 0}):
        with pytest.raises(JobPageInvalidError), database.read(SYSTEM) as uow:
            service.list_jobs(uow, **wrong)


def test_a_lost_job_is_found_by_its_heartbeat_and_runs_again(database: Database) -> None:
    with database.unit_of_work(SYSTEM) as uow:
        lost, alive = (service.defer(uow, COUNT) for _ in range(2))
    assert fetch(database, worker(database, silent_s=60)) == lost
    assert fetch(database, worker(database)) == alive
    with database.unit_of_work(SYSTEM) as uow:
        assert service.recover_jobs(uow, silent_s=15) == 1
    assert state(database, alive) is JobState.RUNNING
    with database.read(SYSTEM) as uow:
        record = repository.read_job(uow.session, lost)
        assert timedelta(0) < record.due_at - uow.clock.now() <= timedelta(seconds=5)
    assert (record.state, record.attempts) == (JobState.WAITING, 1)
    assert record.error == (
        "The process that ran the job ended without a word. What it had begun was undone."
    )


def test_who_loses_its_worker_three_times_has_failed(database: Database) -> None:
    with database.unit_of_work(SYSTEM) as uow:
        job_id = service.defer(uow, COUNT)
    for _ in range(3):
        with database.unit_of_work(SYSTEM) as uow:
            uow.session.execute(text("UPDATE procrastinate_jobs SET scheduled_at = NULL"))
        assert fetch(database, worker(database, silent_s=60)) == job_id
        with database.unit_of_work(SYSTEM) as uow:
            service.recover_jobs(uow, silent_s=15)
    with database.unit_of_work(planner()) as uow:
        shown = service.show_job(uow, job_id)
        assert (shown.state, shown.attempts, shown.error_code) == ("failed", 3, "job_process_lost")
        again = service.retry_job(uow, job_id)
        assert (again.state, again.attempts) == ("waiting", 0)
        with pytest.raises(JobNotFailedError, match="is waiting"):
            service.retry_job(uow, job_id)


@pytest.mark.parametrize("asked_to_stop", [False, True])
def test_a_lost_job_whose_effect_was_made_is_done(
    database: Database, process: Process, asked_to_stop: bool
) -> None:
    run = taken(database, process)
    with run.effect():
        pass
    if asked_to_stop:
        with database.unit_of_work(SYSTEM) as uow:
            service.cancel_job(uow, run.record.job_id)
    with database.unit_of_work(SYSTEM) as uow:
        assert service.recover_jobs(uow, silent_s=-1) == 1
    assert state(database, run.record.job_id) is JobState.DONE


def test_what_nobody_foresaw_gets_a_sentence_and_is_raised(
    database: Database, process: Process
) -> None:
    run = taken(database, process, BROKEN)
    with pytest.raises(KeyError):
        perform(run, BROKEN)
    with database.read(SYSTEM) as uow:
        record = repository.read_job(uow.session, run.record.job_id)
    assert record.error_code == "internal_error"
    assert (
        record.error == "Something unforeseen went wrong (KeyError). The worker's log says where."
    )


def test_a_job_that_is_gone_is_not_run(process: Process) -> None:
    DONE.clear()
    execute(process, COUNT, 10**9, stop=threading.Event())
    assert DONE == []


def test_jobs_that_were_done_are_swept_by_kind_and_failures_kept(database: Database) -> None:
    with database.unit_of_work(SYSTEM) as uow:
        done, failed, fresh = (service.defer(uow, COUNT) for _ in range(3))
        repository.finish(uow.session, done, JobState.DONE)
        repository.finish(uow.session, failed, JobState.FAILED)
        repository.finish(uow.session, fresh, JobState.DONE)
        uow.session.execute(
            text("UPDATE jobs SET ended_at = ended_at - interval '2 h' WHERE job_id <> :fresh"),
            {"fresh": fresh},
        )
        assert service.sweep_jobs(uow) == 1
        left = {job.job_id for job in service.list_jobs(uow).jobs}
    assert left == {failed, fresh}


SHAPE = """
SELECT 'column', table_name::text, column_name::text, data_type || coalesce(column_default, '')
    || is_nullable FROM information_schema.columns
    WHERE table_schema = 'public' AND table_name LIKE 'procrastinate%'
UNION ALL SELECT 'index', tablename::text, indexname::text, indexdef FROM pg_indexes
    WHERE schemaname = 'public' AND tablename LIKE 'procrastinate%'
UNION ALL SELECT 'function', proname::text, pg_get_function_identity_arguments(oid), prosrc
    FROM pg_proc WHERE pronamespace = 'public'::regnamespace AND proname LIKE 'procrastinate%'
UNION ALL SELECT 'trigger', tgrelid::regclass::text, tgname::text, pg_get_triggerdef(pg_trigger.oid)
    FROM pg_trigger JOIN pg_class c ON c.oid = tgrelid
    WHERE NOT tgisinternal AND tgname LIKE 'procrastinate%'
    AND c.relnamespace = 'public'::regnamespace
UNION ALL SELECT 'type', t.typname::text, e.enumlabel::text, e.enumsortorder::text
    FROM pg_enum e JOIN pg_type t ON t.oid = e.enumtypid
    WHERE t.typname LIKE 'procrastinate%' AND t.typnamespace = 'public'::regnamespace
UNION ALL SELECT 'constraint', conrelid::regclass::text, conname::text, pg_get_constraintdef(oid)
    FROM pg_constraint WHERE conrelid::regclass::text LIKE 'procrastinate%'
    AND connamespace = 'public'::regnamespace
ORDER BY 1, 2, 3, 4
"""


def test_the_migrated_queue_is_that_of_the_installed_library(owner_url: str) -> None:
    """A newer library with another schema needs a migration: its own stand in `sql/migrations`."""
    schema = (Path(procrastinate.__file__).parent / "sql" / "schema.sql").read_text()
    engine = create_engine(owner_url)
    with engine.begin() as connection:
        migrated = connection.execute(text(SHAPE)).all()
        connection.execute(text("ALTER SCHEMA public RENAME TO ours"))
        connection.execute(text("CREATE SCHEMA public"))
        connection.execute(text("SET LOCAL search_path = public"))
        with connection.connection.cursor() as cursor:
            cursor.execute(schema)
        installed = connection.execute(text(SHAPE)).all()
        connection.rollback()
    engine.dispose()
    assert len(installed) > 60
    assert migrated == installed

"""Beds are promised at most once: by the use case, past it, and by several processes at once."""

import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from uuid import uuid4

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from gis.access import SYSTEM, Identity
from gis.clock import FixedClock
from gis.concurrency import StaleVersionError
from gis.database import Database
from gis.errors import PermissionDeniedError
from gis.promises import beds
from gis.promises.errors import (
    BedPoolFullError,
    BedPoolUnknownError,
    BedPromiseEndedError,
    BedsAlreadyPromisedError,
    PoolBelowPromisesError,
)
from gis.promises.views import BedPoolView, BedPromiseView
from gis.sequencer import verify_log
from gis.settings import PROJECT_FOLDER
from tests.facilities import add_hospital
from tests.statements import counted

pytestmark = pytest.mark.database

AT = datetime(2026, 11, 29, 8, 0, tzinfo=UTC)


@pytest.fixture
def clock(database: Database) -> FixedClock:
    database.clock = FixedClock(AT)
    return database.clock


@pytest.fixture
def hospital(database: Database, clock: FixedClock) -> int:
    """A hospital with two ICU beds."""
    with database.unit_of_work(SYSTEM) as uow:
        facility_id = add_hospital(uow)
        beds.report_beds(uow, facility_id, kind="icu", capacity=2, occupied=0)
    return facility_id


def promise(
    database: Database, hospital: int, name: str, *, valid_for_s: float = 600, kind: str = "icu"
) -> BedPromiseView:
    with database.unit_of_work(SYSTEM) as uow:
        return beds.promise_bed(
            uow, hospital, kind=kind, for_kind="assignment", for_id=name, valid_for_s=valid_for_s
        )


def pool(database: Database, hospital: int) -> BedPoolView:
    with database.unit_of_work(SYSTEM) as uow:
        return beds.pools(uow, hospital)[0]


def _expire(database: Database) -> int:
    with database.unit_of_work(SYSTEM) as uow:
        return beds.expire_overdue(uow)


def wait_for_lock(database: Database) -> None:
    """Wait until a transaction of this database waits for another one."""
    waits = "SELECT count(*) FROM pg_locks WHERE NOT granted"
    with database.engine.connect() as connection:
        until = time.monotonic() + 30
        while not connection.execute(text(waits)).scalar_one():
            assert time.monotonic() < until, "nobody waits for a lock"
            time.sleep(0.02)


def test_a_pool_gives_no_more_beds_than_it_has(database: Database, hospital: int) -> None:
    first, _ = promise(database, hospital, "a"), promise(database, hospital, "b")
    with pytest.raises(BedPoolFullError, match="Choose another hospital"):
        promise(database, hospital, "c")
    with database.unit_of_work(SYSTEM) as uow:
        beds.release_promise(uow, first.promise_id)
    assert promise(database, hospital, "c").state == "held"
    assert pool(database, hospital).promised == 2


def test_occupied_beds_are_not_promised(database: Database, hospital: int) -> None:
    with database.unit_of_work(SYSTEM) as uow:
        beds.report_beds(uow, hospital, kind="icu", capacity=2, occupied=3)
    with pytest.raises(BedPoolFullError):
        promise(database, hospital, "a")


def test_a_promise_that_ran_out_gives_its_bed_back(
    database: Database, hospital: int, clock: FixedClock
) -> None:
    old = promise(database, hospital, "a", valid_for_s=60)
    promise(database, hospital, "b")
    clock.advance(120)
    promise(database, hospital, "c")
    with (
        database.unit_of_work(SYSTEM) as uow,
        pytest.raises(BedPromiseEndedError, match="expired"),
    ):
        beds.keep_promise(uow, old.promise_id)
    clock.advance(12 * 3600)
    with database.unit_of_work(SYSTEM) as uow:
        assert beds.expire_overdue(uow) == 2
        assert beds.expire_overdue(uow) == 0
    assert pool(database, hospital).promised == 0


def test_a_promise_that_ran_out_elsewhere_does_not_keep_the_patient(
    database: Database, hospital: int, clock: FixedClock
) -> None:
    with database.unit_of_work(SYSTEM) as uow:
        other = add_hospital(uow, "Other Hospital")
        beds.report_beds(uow, other, kind="icu", capacity=1, occupied=0)
    promise(database, hospital, "a", valid_for_s=60)
    with pytest.raises(BedsAlreadyPromisedError):
        promise(database, other, "a")
    clock.advance(120)
    assert promise(database, other, "a").facility_id == other
    assert pool(database, hospital).promised == 0


def test_who_ends_a_promise_meanwhile_does_not_fail_the_housekeeping(
    database: Database, hospital: int, clock: FixedClock
) -> None:
    first, second = (promise(database, hospital, name, valid_for_s=60) for name in "ab")
    clock.advance(120)
    with ThreadPoolExecutor(1) as thread:
        with database.unit_of_work(SYSTEM) as uow:
            beds.release_promise(uow, first.promise_id)
            kept_house = thread.submit(_expire, database)
            wait_for_lock(database)
        assert kept_house.result(timeout=30) == 1
    assert pool(database, hospital).promised == 0
    with database.unit_of_work(SYSTEM) as uow, pytest.raises(BedPromiseEndedError, match="expired"):
        beds.release_promise(uow, second.promise_id)


def test_patients_who_change_hospitals_crosswise_do_not_wait_for_each_other_forever(
    database: Database, hospital: int, clock: FixedClock
) -> None:
    with database.unit_of_work(SYSTEM) as uow:
        other = add_hospital(uow, "Other Hospital")
        beds.report_beds(uow, other, kind="icu", capacity=2, occupied=0)
    at = {"a": hospital, "b": other}
    with ThreadPoolExecutor(3) as threads:
        for _ in range(20):
            for name, where in at.items():
                promise(database, where, name, valid_for_s=60)
            clock.advance(120)
            at = {"a": at["b"], "b": at["a"]}
            moved = [threads.submit(promise, database, at[name], name) for name in at]
            kept_house = threads.submit(_expire, database)
            assert {one.result(timeout=30).facility_id for one in moved} == {hospital, other}
            assert kept_house.result(timeout=30) in {0, 1, 2}
            clock.advance(1200)
            _expire(database)
    with database.engine.connect() as connection:
        report = verify_log(connection)
    assert report.intact, report.problems


def test_a_report_looks_once_for_the_area(database: Database, hospital: int) -> None:
    with counted(database.engine) as sent, database.unit_of_work(SYSTEM) as uow:
        beds.report_beds(uow, hospital, kind="icu", capacity=3, occupied=1)
    assert len([statement for statement in sent if "ST_Covers" in statement]) == 1


def test_a_kept_promise_is_an_occupied_bed(database: Database, hospital: int) -> None:
    kept = promise(database, hospital, "a")
    with database.unit_of_work(SYSTEM) as uow:
        beds.keep_promise(uow, kept.promise_id)
    after = pool(database, hospital)
    assert (after.promised, after.occupied) == (0, 1)
    promise(database, hospital, "b")
    with pytest.raises(BedPoolFullError):
        promise(database, hospital, "c")


def test_one_transport_holds_one_promise(database: Database, hospital: int) -> None:
    promise(database, hospital, "a")
    with pytest.raises(BedsAlreadyPromisedError):
        promise(database, hospital, "a")


def test_beds_never_reported_are_not_promised(database: Database, hospital: int) -> None:
    with pytest.raises(BedPoolUnknownError, match="burn"):
        promise(database, hospital, "a", kind="burn")


def test_a_hospital_does_not_report_promises_away(database: Database, hospital: int) -> None:
    promise(database, hospital, "a")
    with database.unit_of_work(SYSTEM) as uow, pytest.raises(PoolBelowPromisesError):
        beds.report_beds(uow, hospital, kind="icu", capacity=0, occupied=0)


def test_a_stale_report_and_a_foreign_one_are_refused(database: Database, hospital: int) -> None:
    with database.unit_of_work(SYSTEM) as uow, pytest.raises(StaleVersionError):
        beds.report_beds(uow, hospital, kind="icu", capacity=9, occupied=0, expected_version=7)
    stranger = Identity(uuid4(), "er", "ER")
    with database.unit_of_work(stranger) as uow, pytest.raises(PermissionDeniedError):
        beds.report_beds(uow, hospital, kind="icu", capacity=9, occupied=0)


@pytest.mark.parametrize(
    ("statement", "constraint"),
    [
        (
            (
                "INSERT INTO bed_promises (promise_id, pool_id, beds, state, for_kind, for_id,"
                " promised_at, expires_at, promised_by)"
                " SELECT gen_random_uuid(), pool_id, 3, 'held', 'x', 'y',"
                " now(), now() + interval '1 h', 'z' FROM bed_pools"
            ),
            "bed_pool_full",
        ),
        ("UPDATE bed_pools SET promised = 0", "bed_pool_sum"),
        ("UPDATE bed_pools SET promised = promised + 1", "bed_pool_sum"),
        ("UPDATE bed_pools SET promised = capacity + 1", "ck_bed_pools_promised"),
        ("UPDATE bed_pools SET capacity = 0", "ck_bed_pools_promised"),
        ("UPDATE bed_promises SET beds = 2", "bed_promise_settled"),
    ],
)
def test_the_database_refuses_what_the_use_case_would(
    database: Database, hospital: int, statement: str, constraint: str
) -> None:
    promise(database, hospital, "a")
    with pytest.raises(IntegrityError) as refused, database.unit_of_work(SYSTEM) as uow:
        uow.session.execute(text(statement))
    assert refused.value.orig.diag.constraint_name == constraint  # type: ignore[union-attr]


@pytest.mark.timeout(300)
def test_processes_at_the_last_bed_exactly_one_wins(database: Database, hospital: int) -> None:
    with database.unit_of_work(SYSTEM) as uow:
        beds.report_beds(uow, hospital, kind="icu", capacity=1, occupied=0)
    url = database.url.render_as_string(hide_password=False)
    pressers = [
        subprocess.Popen(
            [sys.executable, "-m", "tests.gis.promises.press", url, str(hospital), f"p{n}"],
            cwd=PROJECT_FOLDER, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        )
        for n in range(4)
    ]  # fmt: skip

    def tell(word: str) -> list[str]:
        for presser in pressers:
            assert presser.stdin is not None
            presser.stdin.write(word + "\n")
            presser.stdin.flush()
        return [one.stdout.readline().strip() for one in pressers if one.stdout is not None]

    try:
        for _ in range(25):
            assert sorted(tell("go")) == ["full", "full", "full", "won"]
            assert tell("free") == ["ok"] * 4
    finally:
        for presser in pressers:
            presser.communicate(timeout=30)
    with database.engine.connect() as connection:
        report = verify_log(connection)
    assert report.intact, report.problems
    assert pool(database, hospital).promised == 0

"""Consumers do each event of the stream once, in order, whatever dies or fails meanwhile."""

import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.exc import OperationalError

from gis.access import SYSTEM
from gis.clock import SystemClock
from gis.consumers import running, service
from gis.consumers.errors import ParkedEventNotFoundError
from gis.consumers.repository import list_parked, list_standings
from gis.consumers.running import keep_consuming
from gis.consumers.service import Progress, consume, retry_parked
from gis.database import Database
from gis.events import NewEvent
from gis.rooms.errors import HouseRefusedError
from gis.rooms.house import check_references, gather
from gis.rooms.model import Consumer
from gis.sequencer import Sequencer, SigningKey
from gis.settings import PROJECT_FOLDER
from tests.gis.consumers_room import (
    AVIARY,
    AVIARY_HOUSE,
    COUNTER,
    REGISTRY,
    TABLE,
    BirdRefusedError,
)

database_test = pytest.mark.database
AT = datetime(2026, 5, 4, tzinfo=UTC)


class SetClock:
    """A clock that the test moves."""

    def __init__(self) -> None:
        self.at = AT

    def now(self) -> datetime:
        return self.at


@pytest.fixture
def clock() -> SetClock:
    return SetClock()


@pytest.fixture
def aviary(database: Database, owner_url: str, clock: SetClock) -> Iterator[Database]:
    engine = create_engine(owner_url)
    with engine.begin() as connection:
        connection.execute(text(TABLE))
    engine.dispose()
    opened = Database(database.url, clock=clock, house=AVIARY_HOUSE, pool_size=4)
    yield opened
    opened.close()


@pytest.fixture
def sequencer(aviary: Database, tmp_path: Path) -> Sequencer:
    key = SigningKey.load_or_make(tmp_path / "key.pem")
    return Sequencer(aviary.engine, key=lambda: key, clock=aviary.clock)


def hatch(
    database: Database, sequencer: Sequencer, *birds: int, type_: str = "bird.hatched",
    **payload: object,
) -> None:  # fmt: skip
    with database.unit_of_work(SYSTEM) as uow:
        uow.emit(*(NewEvent("bird", str(bird), type_, payload, AT) for bird in birds))
    while sequencer.run_once():
        pass


def births(database: Database) -> list[int]:
    """The birds in the order in which they were written down."""
    with database.read(SYSTEM) as uow:
        rows = uow.session.execute(text("SELECT bird FROM births ORDER BY seq"))
        return [int(bird) for bird in rows.scalars()]


def standing(database: Database) -> tuple[int, int, int]:
    with database.read(SYSTEM) as uow:
        (one,) = list_standings(uow.session)
    return one.position, one.failures, one.parked


@database_test
def test_each_event_once_in_stream_order(aviary: Database, sequencer: Sequencer) -> None:
    hatch(aviary, sequencer, *range(1, 451))
    hatch(aviary, sequencer, 1, type_="bird.sang")
    handled = []
    while (progress := consume(aviary, COUNTER)).handled:
        handled.append(progress.handled)
    assert handled == [200, 200, 50]
    assert births(aviary) == list(range(1, 451))
    hatch(aviary, sequencer, 451, 452)
    assert consume(aviary, COUNTER) == Progress(2, more=False)
    assert consume(aviary, COUNTER) == Progress(0, more=False)
    assert births(aviary) == list(range(1, 453))


@database_test
def test_events_of_others_are_passed_without_a_write_each(
    aviary: Database, sequencer: Sequencer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(service, "SKIPPED_UNTOLD", 5)
    consume(aviary, COUNTER)
    for count, position in ((3, 0), (3, 6)):
        for bird in range(count):
            hatch(aviary, sequencer, bird, type_="bird.sang")
        consume(aviary, COUNTER)
        assert standing(aviary)[0] == position
    hatch(aviary, sequencer, 9)
    assert consume(aviary, COUNTER).handled == 1


@database_test
def test_a_consumers_own_events_join_the_stream(aviary: Database, sequencer: Sequencer) -> None:
    hatch(aviary, sequencer, 1, announce=True)
    assert consume(aviary, COUNTER).handled == 1
    assert sequencer.run_once() == 1
    with aviary.read(SYSTEM) as uow:
        actor = uow.session.execute(
            text("SELECT actor FROM events WHERE type = 'bird.registered'")
        ).scalar_one()
    assert actor == "consumer:registry.births"


@database_test
@pytest.mark.parametrize(
    ("ill", "says"),
    [
        ("domain", "This bird has no ring. Ring it and try again."),
        ("code", "Its handler broke off (KeyError)."),
        ("sql", "The database refused it (DivisionByZero)."),
        ("commit", "The database refused it (ForeignKeyViolation)."),
    ],
)
def test_a_poison_event_is_tried_again_then_parked_and_the_others_go_on(
    aviary: Database, sequencer: Sequencer, clock: SetClock, ill: str, says: str
) -> None:
    hatch(aviary, sequencer, 1)
    hatch(aviary, sequencer, 2, ill=ill)
    hatch(aviary, sequencer, 3)
    pauses = []
    progress = consume(aviary, COUNTER)
    assert progress.handled == 1
    while progress.retry_at is not None:
        pauses.append((progress.retry_at - clock.at).total_seconds())
        # Not before its time, and nothing overtakes it meanwhile.
        assert consume(aviary, COUNTER).handled == 0
        assert births(aviary) == [1]
        clock.at = progress.retry_at + timedelta(milliseconds=1)
        progress = consume(aviary, COUNTER)
    assert pauses == [2.0, 4.0, 8.0, 16.0]
    assert births(aviary) == [1, 3]
    assert standing(aviary) == (3, 0, 1)
    with aviary.read(SYSTEM) as uow:
        (parked,) = list_parked(uow.session)
    assert (parked.position, parked.subject_id, parked.reason) == (2, "2", says)
    assert "13800138000" not in parked.reason


@database_test
def test_a_parked_event_is_handled_once_its_cause_is_mended(
    aviary: Database, sequencer: Sequencer, clock: SetClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(service, "ATTEMPTS", 1)
    hatch(aviary, sequencer, 1, ill="domain")
    consume(aviary, COUNTER)
    with pytest.raises(BirdRefusedError):
        retry_parked(aviary, COUNTER, 1)
    assert standing(aviary)[2] == 1
    mended = replace(COUNTER, handle="tests.gis.test_consumers:mended")
    retry_parked(aviary, mended, 1)
    assert (births(aviary), standing(aviary)[2]) == ([1], 0)
    with pytest.raises(ParkedEventNotFoundError):
        retry_parked(aviary, mended, 1)
    assert births(aviary) == [1]


def mended(uow, event) -> None:
    uow.session.execute(text("INSERT INTO births VALUES (:p, :b)"),
                        {"p": event.position, "b": event.subject_id})  # fmt: skip


@database_test
def test_two_at_once_do_nothing_twice(aviary: Database, sequencer: Sequencer) -> None:
    hatch(aviary, sequencer, *range(1, 601))

    def work() -> None:
        own = Database(aviary.url, house=AVIARY_HOUSE, pool_size=1)
        for _ in range(60):
            consume(own, COUNTER)
        own.close()

    threads = [threading.Thread(target=work) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert births(aviary) == list(range(1, 601))


@database_test
def test_kill_9_in_mid_handling_loses_nothing_and_doubles_nothing(
    aviary: Database, sequencer: Sequencer
) -> None:
    hatch(aviary, sequencer, *range(1, 401), takes_s=0.004)
    url = aviary.url.render_as_string(hide_password=False)
    killed = 0
    deadline = time.monotonic() + 120
    while len(births(aviary)) < 400 and time.monotonic() < deadline:
        process = subprocess.Popen(
            [sys.executable, "-m", "tests.gis.consumers_room", url], cwd=PROJECT_FOLDER
        )
        before = len(births(aviary))
        # Killed in its second batch at the latest, once the first stands; then it runs on.
        while killed < 2 and len(births(aviary)) == before and time.monotonic() < deadline:
            if working(aviary):
                time.sleep(0.05 + 0.1 * killed)
                break
            time.sleep(0.01)
        if killed >= 2:
            while len(births(aviary)) < 400 and time.monotonic() < deadline:
                time.sleep(0.05)
        process.kill()
        process.wait()
        killed += 1
    assert killed == 3
    assert births(aviary) == list(range(1, 401))


def working(database: Database) -> bool:
    """Whether another process is in the middle of a handler's transaction."""
    with database.read(SYSTEM) as uow:
        return uow.session.execute(text(
            "SELECT EXISTS (SELECT 1 FROM pg_locks JOIN pg_class ON oid = relation"
            " WHERE relname = 'births' AND mode = 'RowExclusiveLock')"
        )).scalar_one()  # fmt: skip


@database_test
def test_the_loop_is_woken_by_the_stream(aviary: Database, sequencer: Sequencer) -> None:
    stop = threading.Event()
    loop = threading.Thread(target=lambda: keep_consuming(aviary, stop))
    loop.start()
    try:
        for bird in range(1, 4):
            time.sleep(0.3)
            hatch(aviary, sequencer, bird)
            began = time.monotonic()
            while births(aviary) != list(range(1, bird + 1)):
                assert time.monotonic() - began < 15
                time.sleep(0.01)
    finally:
        stop.set()
        loop.join(timeout=10)
    assert not loop.is_alive()


@database_test
def test_a_consumer_that_breaks_off_neither_spins_nor_holds_up_the_others(
    aviary: Database, sequencer: Sequencer, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken = replace(COUNTER, name="registry.broken")
    aviary.house = replace(AVIARY_HOUSE, consumers=(broken, COUNTER))
    looks: list[str] = []

    def consume_or_break(database: Database, consumer: Consumer) -> Progress:
        looks.append(consumer.name)
        if consumer is broken:
            raise OperationalError("COMMIT", {}, OSError())
        return consume(database, consumer)

    monkeypatch.setattr(running, "consume", consume_or_break)
    monkeypatch.setattr(running, "_AWAY_PAUSE_S", 0.2)
    monkeypatch.setattr(aviary, "clock", SystemClock())
    hatch(aviary, sequencer, 1)
    stop = threading.Event()
    loop = threading.Thread(target=lambda: keep_consuming(aviary, stop))
    loop.start()
    time.sleep(1.5)
    stop.set()
    loop.join(timeout=10)
    assert not loop.is_alive()
    assert births(aviary) == [1]
    assert 2 <= looks.count("registry.broken") <= 10


def test_a_consumer_of_an_unknown_event_or_without_its_handler_is_refused() -> None:
    unknown = replace(COUNTER, events=("bird.flew",))
    with pytest.raises(HouseRefusedError, match=r"registry\.births asks for the unknown event"):
        gather([AVIARY, replace(REGISTRY, consumers=(unknown,))])
    with pytest.raises(HouseRefusedError, match=r"consumer registry\.births is declared 2 times"):
        gather([AVIARY, replace(REGISTRY, consumers=(COUNTER, COUNTER))])
    missing = replace(COUNTER, handle="tests.gis.consumers_room:nothing")
    with pytest.raises(HouseRefusedError, match="which is not there"):
        check_references(gather([AVIARY, replace(REGISTRY, consumers=(missing,))]))

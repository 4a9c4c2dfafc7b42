"""Events chain by subject; the stream is ordered by commit; erasing a person breaks nothing."""

import threading
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, func, select, text
from sqlalchemy.exc import IntegrityError

from gis.access import SYSTEM, Identity
from gis.clock import SystemClock
from gis.database import Database
from gis.events import (
    GENESIS_HASH,
    NewEvent,
    StoredEvent,
    canonical_json,
    commitment,
    event_hash,
    first_broken_link,
)
from gis.sequencer import Sequencer, SigningKey, stored_event, verify_log
from gis.tables import Event, OutboxEntry, PersonalValue, StreamEntry
from tests.areas import add_areas
from tests.identities import granted
from tests.statements import counted

AT = datetime(2026, 11, 22, 8, 0, tzinfo=UTC)
json_values = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.text(max_size=20)
    | st.floats(-1e12, 1e12, allow_nan=False),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=10,
)  # fmt: skip


def chain_of(payloads: list[dict[str, object]]) -> list[StoredEvent]:
    events: list[StoredEvent] = []
    previous = GENESIS_HASH
    for version, payload in enumerate(payloads, 1):
        event = StoredEvent(
            event_id=UUID(int=version), subject_kind="incident", subject_id="a",
            subject_version=version, type="incident.coded", actor="user:a", city_id=1,
            area_code="4403", occurred_at=AT, recorded_at=AT + timedelta(seconds=version),
            payload=payload, previous_hash=previous, hash=b"",
        )  # fmt: skip
        event = replace(event, hash=event_hash(event))
        previous = event.hash
        events.append(event)
    return events


@given(
    st.lists(st.dictionaries(st.text(max_size=5), json_values), min_size=1, max_size=6), st.data()
)
def test_any_change_of_any_event_is_found(
    payloads: list[dict[str, object]], data: st.DataObject
) -> None:
    events = chain_of(payloads)
    assert first_broken_link(events) is None
    index = data.draw(st.integers(0, len(events) - 1))
    events[index] = replace(events[index], actor="user:b")
    assert first_broken_link(events) is events[index]


@given(st.dictionaries(st.text(max_size=5), json_values))
def test_the_hash_is_that_of_the_canonical_json_of_all_fields(payload: dict[str, object]) -> None:
    event = chain_of([{}, payload])[1]
    fields = {
        name: getattr(event, name)
        for name in ("subject_kind", "subject_id", "subject_version", "type", "actor", "city_id",
                     "area_code", "payload")
    } | {
        "event_id": str(event.event_id), "occurred_at": event.occurred_at.isoformat(),
        "recorded_at": event.recorded_at.isoformat(),
    }  # fmt: skip
    assert event_hash(event) == sha256(event.previous_hash + canonical_json(fields)).digest()


def test_a_missing_event_is_found() -> None:
    events = chain_of([{}, {}, {}])
    assert first_broken_link(events[1:]) is events[1]
    assert first_broken_link([events[0], events[2]]) is events[2]


def sequencer(database: Database, folder: Path) -> Sequencer:
    key = SigningKey.load_or_make(folder / "key.pem")
    return Sequencer(database.engine, key=lambda: key, clock=SystemClock())


def emit(database: Database, subject: str, payload: dict[str, object] | None = None) -> None:
    with database.unit_of_work(SYSTEM) as uow:
        uow.emit(NewEvent("unit", subject, "unit.status_changed", payload or {}, AT))


@pytest.mark.database
def test_what_the_database_gives_back_hashes_the_same(database: Database) -> None:
    payload = {
        "large": 1e15,
        "small": 1.5e-7,
        "int": 2**53,
        "zh": "深南大道",
        "nested": {"b": [1.0]},
    }
    emit(database, "1", payload)
    with database.read(SYSTEM) as uow:
        row = uow.session.execute(select(*Event.__table__.columns)).mappings().one()
    event = stored_event(dict(row))
    assert event_hash(event) == event.hash


@pytest.mark.database
@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(
    st.tuples(st.sampled_from(["unit", "incident"]), st.sampled_from(["1", "深", "3"]),
              st.dictionaries(st.text("ab深\"", max_size=5), st.integers(0, 9))),
    min_size=1, max_size=8,
), st.data())  # fmt: skip
def test_events_chain_the_same_however_many_are_stored_at_once(
    database: Database, told: list[tuple[str, str, dict[str, object]]], data: st.DataObject
) -> None:
    types = {"unit": "unit.status_changed", "incident": "incident.coded"}
    events = [
        NewEvent(kind, subject, types[kind], payload, AT, city_id=1, area_code="440305")
        for kind, subject, payload in told
    ]
    with database.unit_of_work(SYSTEM) as uow:
        began = uow.session.execute(select(func.max(OutboxEntry.outbox_id))).scalar_one() or 0
        while events:
            count = data.draw(st.integers(1, len(events)))
            with counted(database.engine) as sent:
                uow.emit(*events[:count])
            assert len(sent) == 1
            del events[:count]
        stored = uow.session.execute(
            select(Event).join(OutboxEntry, OutboxEntry.event_id == Event.event_id)
            .where(OutboxEntry.outbox_id > began).order_by(OutboxEntry.outbox_id)
        ).scalars().all()  # fmt: skip
        assert [(e.subject_kind, e.subject_id, e.payload) for e in stored] == told
    with database.engine.connect() as connection:
        report = verify_log(connection)
    assert not report.problems


@pytest.mark.database
def test_positions_follow_commits_and_none_is_lost(database: Database, tmp_path: Path) -> None:
    lead = sequencer(database, tmp_path)
    began, may_commit = threading.Event(), threading.Event()

    def slow_writer() -> None:
        with database.unit_of_work(SYSTEM) as uow:
            uow.emit(NewEvent("unit", "slow", "unit.status_changed", {}, AT))
            uow.session.flush()
            began.set()
            may_commit.wait(10)

    thread = threading.Thread(target=slow_writer)
    thread.start()
    began.wait(10)
    emit(database, "fast")
    assert lead.run_once() == 1
    may_commit.set()
    thread.join()
    assert lead.run_once() == 1
    with database.read(SYSTEM) as uow:
        order = uow.session.execute(
            select(StreamEntry.position, Event.subject_id)
            .join(Event, Event.event_id == StreamEntry.event_id)
            .order_by(StreamEntry.position)
        ).all()
    assert [tuple(row) for row in order] == [(1, "fast"), (2, "slow")]


@pytest.mark.database
def test_two_sequencers_never_give_one_position_twice(database: Database, tmp_path: Path) -> None:
    leads = [sequencer(database, tmp_path) for _ in range(3)]
    for number in range(60):
        emit(database, str(number))
    threads = [
        threading.Thread(target=lambda one=one: [one.run_once() for _ in range(20)])
        for one in leads
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with database.engine.connect() as connection:
        report = verify_log(connection)
    assert report.intact, report.problems
    assert (report.events, report.stream_entries, report.waiting) == (60, 60, 0)


@pytest.mark.database
def test_a_writer_without_the_subjects_lock_is_refused(database: Database) -> None:
    with database.unit_of_work(SYSTEM) as first:
        first.emit(NewEvent("unit", "1", "unit.status_changed", {}, AT))
        errors: list[BaseException] = []

        def second() -> None:
            try:
                emit(database, "1")
            except IntegrityError as error:
                errors.append(error)

        thread = threading.Thread(target=second)
        thread.start()
        first.session.execute(text("SELECT pg_sleep(0.2)"))
        first.session.commit()
        thread.join()
    assert len(errors) == 1


@pytest.mark.database
def test_erasing_a_person_leaves_the_chain_intact(database: Database, tmp_path: Path) -> None:
    with database.unit_of_work(SYSTEM) as uow:
        sealed = uow.remember("call", "7", "caller_number", "13800138000", purpose="call back")
        uow.emit(NewEvent("incident", "7", "incident.call_received", {"number": sealed}, AT))
    with database.read(SYSTEM) as uow:
        stored = uow.session.execute(select(PersonalValue)).scalar_one()
        assert commitment(stored.value, bytes(stored.salt)) == sealed
    with database.unit_of_work(SYSTEM) as uow:
        uow.session.execute(delete(PersonalValue).where(PersonalValue.subject_id == "7"))
    sequencer(database, tmp_path).run_once()
    with database.engine.connect() as connection:
        report = verify_log(connection)
        assert report.intact, report.problems
        log = connection.execute(text("SELECT payload::text FROM events")).scalar_one()
        left = connection.execute(text("SELECT count(*) FROM personal_values")).scalar_one()
    assert "13800138000" not in log
    assert left == 0


@pytest.mark.database
def test_row_level_security_hides_other_jurisdictions(database: Database) -> None:
    def person(prefix: str) -> Identity:
        return Identity(UUID(int=1), "li", "Li", grants=(granted("dispatcher", prefix),))

    with database.unit_of_work(SYSTEM) as uow:
        add_areas(uow, {"440305": None, "440306": None})
        for area in ("440305", "440306"):
            uow.remember("call", area, "name", "张三", purpose="call back", area_code=area)
    for identity, expected in ((person("440305"), 1), (person("4403"), 2), (person("4401"), 0)):
        with database.read(identity) as uow:
            seen = uow.session.execute(text("SELECT count(*) FROM personal_values")).scalar_one()
        assert seen == expected
    with database.engine.connect() as connection:
        without_identity = connection.execute(text("SELECT count(*) FROM personal_values"))
        assert without_identity.scalar_one() == 0


def test_a_signature_of_another_key_does_not_fit(tmp_path: Path) -> None:
    from gis.sequencer import signature_fits

    key = SigningKey.load_or_make(tmp_path / "a.pem")
    other = SigningKey.load_or_make(tmp_path / "b.pem")
    digest = bytes(range(32))
    assert signature_fits(key.key_id, 5, digest, key.sign(5, digest))
    assert not signature_fits(other.key_id, 5, digest, key.sign(5, digest))
    assert not signature_fits(key.key_id, 6, digest, key.sign(5, digest))
    assert (tmp_path / "a.pem").stat().st_mode & 0o777 == 0o600
    assert SigningKey.load_or_make(tmp_path / "a.pem").key_id == key.key_id

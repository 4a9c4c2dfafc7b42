"""Alarms begin and end with the queue's needs, sleep when silenced, and are passed on once."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from dispatch.assignments.service import assign
from dispatch.incidents.alarms.service import acknowledge, keep_alarms
from dispatch.incidents.alarms.table import (
    ALARMS,
    AlarmName,
    StoredAlarm,
    alarm_changes,
    begun_alarms,
    is_passed_on,
)
from dispatch.incidents.calls import code_triage
from dispatch.incidents.outcomes import cancel, show_incident
from dispatch.incidents.urgency import Need, queue_steps
from gis.access import SYSTEM
from gis.tables import Alarm, Event
from tests.dispatch.incidents.test_urgency import facts

NOON = datetime(2026, 11, 30, 12, tzinfo=UTC)
SECONDS = st.lists(st.tuples(st.integers(0, 900), st.booleans()), max_size=12)


@given(st.lists(facts(), min_size=1, max_size=4), SECONDS)
def test_whatever_happens_the_stored_alarms_are_those_of_the_queue(versions, moments):
    """One incident changes through `versions` while desks silence at times."""
    stored: dict[AlarmName, StoredAlarm] = {}
    now = NOON
    for turn, (more_s, silence) in enumerate(moments):
        now += timedelta(seconds=more_s)
        one = versions[turn % len(versions)]
        begun = begun_alarms(queue_steps(one), one.category, now=now)
        before = dict(stored)
        changes = alarm_changes(tuple(stored.values()), begun, now=now)
        for name in changes.end:
            del stored[name]
        for name in changes.begin:
            stored[name] = StoredAlarm(name, acknowledged=False, escalated=False)
        for name in changes.escalate:
            # Never one that was silenced, never twice, never early.
            assert not stored[name].acknowledged
            assert not stored[name].escalated
            assert is_passed_on(name, now=now)
            stored[name] = StoredAlarm(name, acknowledged=False, escalated=True)
        assert set(stored) == set(begun)
        assert len({name.need for name in stored}) == len(stored)
        # A silence lasts as long as the alarm, and hides no other.
        for name in set(before) & set(stored):
            assert stored[name].acknowledged == before[name].acknowledged
        assert not alarm_changes(tuple(stored.values()), begun, now=now)
        if silence:
            stored = {
                name: StoredAlarm(name, acknowledged=True, escalated=was.escalated)
                for name, was in stored.items()
            }


def test_every_line_of_the_table_can_begin_sound_and_be_passed_on():
    assert {kind.need for kind in ALARMS} == set(Need)
    for kind in ALARMS:
        assert "C1" in kind.after_s
        assert set(kind.repeat_s) | set(kind.escalate_s) <= set(kind.after_s)


@pytest.fixture
def arrest(database, dispatcher, take):
    """Return a C1 that nobody has been sent to."""
    incident_id = take().incident_id
    with database.unit_of_work(dispatcher) as uow:
        return code_triage(
            uow, incident_id, complaint_code="2301019", answers={}, patient_count=None,
            expected_version=None,
        )  # fmt: skip


def keep(database):
    with database.unit_of_work(SYSTEM) as uow:
        keep_alarms(uow)


def shown(database, dispatcher, incident):
    with database.read(dispatcher) as uow:
        return show_incident(uow, incident.incident_id)


def told(database, event_type):
    with database.read(SYSTEM) as uow:
        return list(uow.session.scalars(select(Event.actor).where(Event.type == event_type)))


def rows(database):
    with database.read(SYSTEM) as uow:
        return uow.session.execute(select(*Alarm.__table__.columns)).all()


def name_of(incident):
    return AlarmName("waiting", "C1", incident.received_at)


@pytest.mark.database
def test_a_silence_is_everybodys_and_ends_with_its_reason(database, clock, dispatcher, arrest):
    for _ in range(2):
        with database.unit_of_work(dispatcher) as uow:
            (alarm,) = acknowledge(uow, arrest.incident_id, {name_of(arrest)}).alarms
    assert (alarm.acknowledged_at, alarm.acknowledged_by) == (clock.now(), dispatcher.label)
    assert told(database, "incident.alarm_acknowledged") == [dispatcher.label]
    clock.advance(3600)
    keep(database)
    assert told(database, "incident.alarm_escalated") == []
    # It hides nothing: the incident needs somebody as before.
    again = shown(database, dispatcher, arrest)
    assert again.queue[-1].unassigned_c1
    with database.unit_of_work(dispatcher) as uow:
        cancel(uow, arrest.incident_id, reason="test", expected_version=None)
    keep(database)
    assert shown(database, dispatcher, arrest).alarms == ()
    assert [row.ended_at for row in rows(database)] == [clock.now()]


@pytest.mark.database
def test_what_is_no_alarm_is_not_silenced_in_advance(database, clock, dispatcher, arrest, city):
    later = AlarmName("short", "C1", arrest.received_at)
    with database.unit_of_work(dispatcher) as uow:
        (alarm,) = acknowledge(uow, arrest.incident_id, {later}).alarms
    assert (alarm.need, alarm.acknowledged_at) == ("waiting", None)
    with database.unit_of_work(dispatcher) as uow:
        assign(
            uow, arrest.incident_id, unit_id=city.unit_ids[0], expected_version=None,
        )  # fmt: skip
    keep(database)
    assert [row.ended_at is None for row in rows(database)] == [False]


@pytest.mark.database
def test_an_alarm_is_passed_on_once_whoever_dies_or_runs_beside(
    database, clock, dispatcher, arrest
):
    clock.advance(61)

    class DiedError(Exception):
        pass

    def die():
        with database.unit_of_work(SYSTEM) as uow:
            keep_alarms(uow)
            raise DiedError

    with pytest.raises(DiedError):
        die()
    assert rows(database) == []
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda _: keep(database), range(8)))
    keep(database)
    assert len(rows(database)) == 1
    assert len(told(database, "incident.alarm_escalated")) == 1
    (alarm,) = shown(database, dispatcher, arrest).alarms
    assert alarm.escalated_at == clock.now()

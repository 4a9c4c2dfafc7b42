"""Waiting patients in the database: called again, never dropped, timers that are due once."""

import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select, text, update

from dispatch.assignments import service as assignments
from dispatch.errors import IncidentClosedError
from dispatch.incidents import outcomes
from dispatch.incidents.alarms.table import begun_alarms
from dispatch.incidents.records import incident_view
from dispatch.model import AssignmentState, StampSource
from dispatch.surge import service as surge
from dispatch.surge.errors import SurgeLastsError, SurgeNotFoundError
from dispatch.surge.model import SurgeReason
from dispatch.waiting import service as waiting
from dispatch.waiting.errors import CodeFirstError, NotWaitingError, OnlyUpgradesError
from dispatch.waiting.model import CallBackResult
from gis.access import SYSTEM
from gis.cities import CityUnknownError
from gis.identity_errors import MissingPermissionError
from gis.tables import Event, Incident
from gis.tables.waiting import Deadline

pytestmark = pytest.mark.database


@dataclass
class Room:
    database: object
    dispatcher: object
    clock: object
    city: object
    take: object

    def incident(self, category: str | None = "C3") -> UUID:
        incident_id = self.take(114.05).incident_id
        with self.database.unit_of_work(SYSTEM) as uow:
            uow.session.execute(
                update(Incident).where(Incident.incident_id == incident_id).values(
                    category=category, coded_at=uow.clock.now() if category else None,
                    response_plan={
                        "mode": "normal", "capabilities": [],
                        "units": [{"level": "BLS", "count": 1}],
                    } if category else None,
                )
            )  # fmt: skip
        self.keep(incident_id)
        return incident_id

    def keep(self, incident_id: UUID) -> None:
        with self.database.unit_of_work(SYSTEM) as uow:
            waiting.keep(uow, incident_id)

    def call(self, incident_id: UUID, result: str = "same", identity=None, **more):
        with self.database.unit_of_work(identity or self.dispatcher) as uow:
            return waiting.call_back(uow, incident_id, result=CallBackResult(result), **more)

    def note(self, deadline_id: UUID) -> None:
        with self.database.unit_of_work(SYSTEM) as uow:
            waiting.note_due(uow, deadline_id)

    def deadlines(self, incident_id: UUID) -> list:
        with self.database.read(SYSTEM) as uow:
            return uow.session.execute(
                select(*Deadline.__table__.columns)
                .where(Deadline.incident_id == incident_id)
                .order_by(Deadline.begun_at, Deadline.kind)
            ).all()

    def events(self, incident_id: UUID) -> list[str]:
        with self.database.read(SYSTEM) as uow:
            return list(uow.session.scalars(
                select(Event.type).where(Event.subject_id == str(incident_id))
                .order_by(Event.subject_version)
            ))  # fmt: skip

    def look(self, incident_id: UUID):
        with self.database.read(self.dispatcher) as uow:
            return incident_view(uow, incident_id)

    def board(self):
        with self.database.read(self.dispatcher) as uow:
            return waiting.board(uow, self.city.city_id)

    def due_jobs(self, deadline_id: UUID) -> list:
        with self.database.read(SYSTEM) as uow:
            return list(uow.session.scalars(text(
                "SELECT scheduled_at FROM procrastinate_jobs WHERE status = 'todo' "
                "AND args->>'deadline_id' = :id"
            ), {"id": str(deadline_id)}))  # fmt: skip


@pytest.fixture
def room(database, dispatcher, clock, city, take) -> Room:
    return Room(database, dispatcher, clock, city, take)


def test_a_waiting_patient_has_one_call_back_with_one_job(room: Room):
    incident_id = room.incident("C3")
    room.keep(incident_id)
    (one,) = room.deadlines(incident_id)
    assert (one.kind, one.state) == ("call_back", "open")
    assert one.due_at == one.begun_at + timedelta(seconds=1800)
    assert room.due_jobs(one.deadline_id) == [one.due_at]
    assert room.look(incident_id).call_back_due_at == one.due_at
    # Before it is due the job changes nothing; then it notes it once, however often it runs.
    room.note(one.deadline_id)
    assert room.deadlines(incident_id)[0].state == "open"
    room.clock.advance(1800.0)
    room.note(one.deadline_id)
    room.note(one.deadline_id)
    assert room.deadlines(incident_id)[0].state == "due"
    assert room.events(incident_id).count("incident.deadline_due") == 1
    view = room.look(incident_id)
    alarms = [alarm.need for alarm in begun_alarms(view.queue, "C3", now=room.clock.now())]
    assert "call_back" in alarms
    # Nobody calls: the supervisor is told, and the patient still stands in the queue.
    room.clock.advance(1800.0)
    room.note(one.deadline_id)
    room.note(one.deadline_id)
    assert room.deadlines(incident_id)[0].state == "escalated"
    assert room.events(incident_id).count("incident.deadline_escalated") == 1
    room.clock.advance(86_400.0)
    room.note(one.deadline_id)
    assert [row.incident_id for row in room.board().rows] == [incident_id]
    assert room.look(incident_id).state == "queued"


def test_a_timer_that_was_due_while_the_program_was_down_is_noted_once_in_full(room: Room):
    incident_id = room.incident("C1")
    (one,) = room.deadlines(incident_id)
    room.clock.advance(3600.0)
    room.note(one.deadline_id)
    assert room.deadlines(incident_id)[0].state == "escalated"
    said = room.events(incident_id)
    assert said.count("incident.deadline_due") == said.count("incident.deadline_escalated") == 1
    room.note(uuid4())  # a job whose deadline is gone has nothing to do


def test_a_call_back_without_a_clinician_only_upgrades(room: Room, clinician):
    incident_id = room.incident("C3")
    with pytest.raises(OnlyUpgradesError):
        room.call(incident_id, category="C4")
    with pytest.raises(MissingPermissionError):
        room.call(incident_id, category="C4", clinician=True)
    worse = room.call(incident_id, "worse")
    assert (worse.category, worse.response_plan["mode"]) == ("C2", "lights")
    assert worse.received_at == room.look(incident_id).received_at
    assert "incident.recategorised" in room.events(incident_id)
    with pytest.raises(OnlyUpgradesError):
        room.call(incident_id, "no_answer", category="C4", clinician=True, identity=clinician)
    lower = room.call(incident_id, "better", category="C4", clinician=True, identity=clinician)
    assert lower.category == "C4"
    running = [one for one in room.deadlines(incident_id) if one.ended_at is None]
    assert [one.kind for one in running] == ["call_back"]
    uncoded = room.incident(None)
    with pytest.raises(CodeFirstError):
        room.call(uncoded, category="C1")
    assert room.call(uncoded, "worse").category is None


def test_nobody_who_does_not_answer_leaves_the_queue(room: Room):
    incident_id = room.incident("C4")
    room.clock.advance(600.0)
    room.call(incident_id, "no_answer")
    done, again = room.deadlines(incident_id)
    assert (done.result, done.state) == ("no_answer", "done")
    assert again.due_at == room.clock.now() + timedelta(seconds=120)
    assert "incident.deadline_escalated" in room.events(incident_id)
    assert len(room.board().rows) == 1
    with room.database.unit_of_work(room.dispatcher) as uow:
        outcomes.cancel(uow, incident_id, reason="test")
    room.keep(incident_id)
    assert {one.state for one in room.deadlines(incident_id)} == {"done", "void"}
    with pytest.raises(IncidentClosedError):
        room.call(incident_id)


def test_a_silent_crew_alarms_and_the_next_unit_is_offered_not_sent(room: Room):
    incident_id = room.incident("C1")
    with room.database.unit_of_work(room.dispatcher) as uow:
        sent = assignments.assign(uow, incident_id, unit_id=room.city.unit_ids[0])
    room.keep(incident_id)
    answer = next(one for one in room.deadlines(incident_id) if one.kind == "answer")
    # A crew that was only notified has not said that it comes.
    assert [row.notified for row in room.board().rows] == [(sent.call_sign,)]
    room.clock.advance(30.0)
    room.note(answer.deadline_id)
    view = room.look(incident_id)
    assert "unacknowledged" in [
        alarm.need for alarm in begun_alarms(view.queue, "C1", now=room.clock.now())
    ]
    with room.database.unit_of_work(SYSTEM) as uow:
        assert waiting.awaits_next(uow, answer.deadline_id) == incident_id
        for _ in range(2):
            waiting.offer_next(
                uow, answer.deadline_id, unit_id=room.city.unit_ids[1], call_sign="B2"
            )
    assert room.events(incident_id).count("incident.next_unit_offered") == 1
    assert len(room.look(incident_id).assignments) == 1
    assert room.board().rows[0].deadlines[0].next_unit_id == room.city.unit_ids[1]
    room.clock.advance(30.0)
    room.note(answer.deadline_id)
    states = {one.kind: one.state for one in room.deadlines(incident_id)}
    assert states["answer"] == "escalated"
    with room.database.unit_of_work(room.dispatcher) as uow:
        assignments.stamp(
            uow, sent.assignment_id, state=AssignmentState.ACKNOWLEDGED,
            source=StampSource.CONSOLE,
        )  # fmt: skip
    room.keep(incident_id)
    ended = {one.kind: (one.state, one.result) for one in room.deadlines(incident_id)}
    assert ended == {"answer": ("done", "acknowledged"), "call_back": ("void", "gone")}
    assert not room.board().rows
    with pytest.raises(NotWaitingError):
        room.call(incident_id)


def test_the_board_stands_by_category_and_age(room: Room):
    ids = {}
    for category in ("C4", "C3", None, "C1", "C3"):
        ids.setdefault(category, []).append(room.incident(category))
        room.clock.advance(60.0)
    board = room.board()
    assert [row.incident_id for row in board.rows] == [
        *ids["C1"], *ids[None], *ids["C3"], *ids["C4"],
    ]  # fmt: skip
    counted = {one.category: (one.count, one.longest_s) for one in board.counts}
    assert counted == {
        "C1": (1, 120.0), "C2": (0, 0.0), "C3": (2, 240.0), "C4": (1, 300.0), None: (1, 180.0),
    }  # fmt: skip
    with pytest.raises(CityUnknownError), room.database.read(room.dispatcher) as uow:
        waiting.board(uow, 10**9)


def test_a_surge_calls_the_patient_sooner_and_its_end_puts_nobody_off(room: Room):
    incident_id, city_id = room.incident("C3"), room.city.city_id
    with room.database.unit_of_work(SYSTEM) as uow:
        began = surge.begin(uow, city_id, reason=SurgeReason.WEATHER)
    with pytest.raises(SurgeLastsError), room.database.unit_of_work(SYSTEM) as uow:
        surge.begin(uow, city_id, reason=SurgeReason.DEMAND)
    room.keep(incident_id)
    (one,) = room.deadlines(incident_id)
    assert one.due_at == one.begun_at + timedelta(seconds=900)
    assert room.due_jobs(one.deadline_id) == [one.due_at]
    assert room.board().surge == began
    with room.database.unit_of_work(SYSTEM) as uow:
        ended = surge.end(uow, began.surge_id)
        assert surge.end(uow, began.surge_id) == ended
    room.keep(incident_id)
    assert room.deadlines(incident_id)[0].due_at == one.due_at
    with room.database.read(SYSTEM) as uow:
        assert surge.surges(uow, city_id).surges == (ended,)
    with pytest.raises(SurgeNotFoundError), room.database.unit_of_work(SYSTEM) as uow:
        surge.end(uow, uuid4())


def test_of_two_supervisors_at_once_one_begins_the_surge(room: Room):
    start = threading.Barrier(2)

    def press(reason: SurgeReason) -> str:
        start.wait(30)
        try:
            with room.database.unit_of_work(SYSTEM) as uow:
                surge.begin(uow, room.city.city_id, reason=reason)
        except SurgeLastsError:
            return "told"
        return "began"

    with ThreadPoolExecutor(2) as pool:
        said = list(pool.map(press, [SurgeReason.FLEET, SurgeReason.DEMAND]))
    assert sorted(said) == ["began", "told"]

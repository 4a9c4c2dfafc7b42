"""Two calls about one thing: hinted at, linked, merged, undone; nothing is lost or stood down."""

import threading

import pytest
from sqlalchemy import select

from dispatch.assignments import service as assignments
from dispatch.errors import (
    DuplicateOfItselfError,
    IncidentClosedError,
    IncidentMergedError,
    NotLinkedError,
)
from dispatch.incidents import calls, log, outcomes
from dispatch.incidents.merging import service as merging
from dispatch.incidents.records import derive_state
from dispatch.incidents.retention import service as retention
from dispatch.model import MERGED, AssignmentState, CallSource, Outcome, StampSource
from gis.access import SYSTEM
from gis.concurrency import StaleVersionError
from gis.datum import Datum
from gis.geometry import DeclaredPoint
from gis.sequencer import verify_log
from gis.tables import Event, PersonalValue
from tests.statements import counted

pytestmark = pytest.mark.database

ARREST, CHEST = "2301019", "2301011"


def take_said(database, dispatcher, city, words, number=None, *, lon=114.05):
    point = None if lon is None else DeclaredPoint(lon, 22.55, Datum.WGS84, 10.0)
    with database.unit_of_work(dispatcher) as uow:
        return calls.take_call(uow, calls.NewCall(
            city.city_id, CallSource.PHONE, caller_number=number, words=words, point=point,
        )).incident  # fmt: skip


def code(database, dispatcher, incident, complaint, *, answers=None, **more):
    with database.unit_of_work(dispatcher) as uow:
        return calls.code_triage(
            uow, incident.incident_id, complaint_code=complaint, answers=answers or {}, **more
        )


def merged(database, dispatcher, incident, into, **more):
    with database.unit_of_work(dispatcher) as uow:
        return merging.merge(uow, incident.incident_id, into=into.incident_id, **more)


def undone(database, dispatcher, incident):
    with database.unit_of_work(dispatcher) as uow:
        return merging.undo(uow, incident.incident_id)


def show(database, dispatcher, incident):
    with database.read(dispatcher) as uow:
        return outcomes.show_incident(uow, incident.incident_id)


def related(database, dispatcher, incident):
    with database.read(dispatcher) as uow:
        return merging.related(uow, incident.incident_id)


def send(database, dispatcher, incident, unit_id):
    with database.unit_of_work(dispatcher) as uow:
        return assignments.assign(uow, incident.incident_id, unit_id=unit_id).assignment_id


def cached(shown):
    facts = {
        name: getattr(shown, name)
        for name in ("coded_at", "queued_at", "closed_at", "cancelled_at")
    }
    return derive_state(facts, (one.state for one in shown.assignments))


def test_a_merge_keeps_everything_and_is_taken_back(database, city, clock, dispatcher):
    first = take_said(database, dispatcher, city, "he fell", "13800000001")
    code(
            database, dispatcher, first, CHEST, patient_count=1,
            answers={"conscious": "yes", "breathing": "normal", "sweating": "no"},
        )  # fmt: skip
    clock.advance(60)
    second = take_said(database, dispatcher, city, "he is not breathing", "13800000002")
    worse = code(database, dispatcher, second, ARREST)
    with database.unit_of_work(dispatcher) as uow:
        calls.add_patient(uow, first.incident_id, age_years=60)
        patient = calls.add_patient(uow, second.incident_id, age_years=61, name="王五")
        log.remark(uow, second.incident_id, text="door code 4711")
    sent = [
        send(database, dispatcher, incident, unit)
        for incident, unit in zip((first, second), city.unit_ids, strict=False)
    ]
    assert worse.category < show(database, dispatcher, first).category

    ended = merged(database, dispatcher, second, first)
    assert (ended.outcome, ended.duplicate_of, ended.state) == (MERGED, first.incident_id, "closed")
    one = show(database, dispatcher, first)
    assert len(one.calls) == 2
    assert [patient.age_years for patient in one.patients] == [60, 61]
    assert {unit.assignment_id for unit in one.assignments} == set(sent)
    assert {unit.state for unit in one.assignments} == {"notified"}
    assert (one.category, one.complaint_code) == (worse.category, ARREST)
    assert (one.received_at, one.patient_count) == (first.received_at, 1)
    assert one.state == cached(one) == "assigned"
    with database.unit_of_work(dispatcher) as uow:
        told = outcomes.read_caller(uow, first.incident_id, reason="test")
        texts = [entry.text for entry in log.read_log(uow, first.incident_id, reason="test")]
    assert {said["caller_number"] for said in told.values()} == {"13800000001", "13800000002"}
    assert "door code 4711" in texts
    with pytest.raises(IncidentMergedError), database.unit_of_work(dispatcher) as uow:
        log.remark(uow, second.incident_id, text="too late")
    with pytest.raises(IncidentMergedError), database.unit_of_work(dispatcher) as uow:
        outcomes.reopen(uow, second.incident_id)
    # The crew's tablet knows its assignment, not the incident.
    with database.unit_of_work(dispatcher) as uow:
        assignments.stamp(uow, sent[1], state=AssignmentState.EN_ROUTE, source=StampSource.TABLET)
    assert show(database, dispatcher, first).state == "en_route"

    back = undone(database, dispatcher, second)
    assert (back.outcome, back.duplicate_of, back.state) == (None, None, "en_route")
    two = show(database, dispatcher, second)
    assert [(one.patient_id, one.ordinal) for one in two.patients] == [(patient.patient_id, 1)]
    assert [unit.assignment_id for unit in two.assignments] == [sent[1]]
    one = show(database, dispatcher, first)
    assert (len(one.calls), len(one.patients)) == (1, 1)
    assert one.state == cached(one) == "assigned"
    # No need is lowered without somebody looking.
    assert one.category == worse.category
    with database.read(SYSTEM) as uow:
        types = set(uow.session.scalars(select(Event.type)))
        assert not any("4711" in str(one) for one in uow.session.scalars(select(Event.payload)))
    assert {"incident.merged", "incident.merged_into", "incident.merge_undone"} <= types
    with database.unit_of_work(SYSTEM) as uow:
        assert verify_log(uow.session.connection()).problems == ()


def test_two_patients_at_one_address_are_linked_and_both_stay(database, city, dispatcher):
    first = take_said(database, dispatcher, city, "my wife fainted")
    second = take_said(database, dispatcher, city, "my neighbour fell")
    assert [one.incident_id for one in related(database, dispatcher, second).similar] == [
        first.incident_id
    ]
    # A hint alone does nothing: both wait.
    assert {show(database, dispatcher, one).state for one in (first, second)} == {"queued"}
    with database.unit_of_work(dispatcher) as uow:
        outcomes.mark_duplicate(uow, second.incident_id, of=first.incident_id)
    assert {show(database, dispatcher, one).state for one in (first, second)} == {"queued"}
    seen = related(database, dispatcher, second)
    assert seen.similar == ()
    (link,) = seen.linked
    assert (link.incident_id, link.merged, link.original) == (first.incident_id, False, True)
    assert undone(database, dispatcher, second).duplicate_of is None
    with pytest.raises(NotLinkedError):
        undone(database, dispatcher, second)


def test_one_crash_with_thirty_callers_is_one_incident(database, city, dispatcher):
    first = take_said(database, dispatcher, city, "crash", "13900000000")
    statements = []
    for index in range(1, 30):
        lon = 114.05 + (index % 5) * 0.0003
        other = take_said(database, dispatcher, city, "crash", f"139000000{index:02d}", lon=lon)
        with database.read(dispatcher) as uow, counted(database.engine) as asked:
            hints = merging.related(uow, other.incident_id)
        assert hints.similar[0].incident_id == first.incident_id
        statements.append(len(asked))
        merged(database, dispatcher, other, first)
    # As many questions for the thirtieth caller as for the second.
    assert len(set(statements)) == 1
    assert statements[0] <= 4
    with database.unit_of_work(dispatcher) as uow:
        told = outcomes.read_caller(uow, first.incident_id, reason="test")
        page = outcomes.list_incidents(uow, city.city_id, open_only=True)
    assert len({said["caller_number"] for said in told.values()}) == 30
    assert [one.incident_id for one in page.incidents] == [first.incident_id]
    assert len(related(database, dispatcher, first).linked) == 29


def test_two_desks_merge_crosswise_and_one_is_told(database, city, dispatcher):
    for _ in range(5):
        pair = [take_said(database, dispatcher, city, "crash") for _ in range(2)]
        gate = threading.Barrier(2)
        refused, done = [], []

        def press(one, other, *, gate=gate, refused=refused, done=done):
            gate.wait(30)
            try:
                done.append(merged(database, dispatcher, one, other))
            except IncidentMergedError as error:
                refused.append(error)

        desks = [
            threading.Thread(target=press, args=order) for order in (tuple(pair), tuple(pair[::-1]))
        ]
        for desk in desks:
            desk.start()
        for desk in desks:
            desk.join(60)
        assert (len(done), len(refused)) == (1, 1)
        assert "was merged into" in str(refused[0])
        states = sorted(show(database, dispatcher, one).state for one in pair)
        assert states == ["closed", "queued"]


def test_what_cannot_be_merged_is_refused_with_a_sentence(database, city, dispatcher):
    first, second, third = (take_said(database, dispatcher, city, "crash") for _ in range(3))
    with pytest.raises(DuplicateOfItselfError):
        merged(database, dispatcher, first, first)
    with pytest.raises(StaleVersionError):
        merged(database, dispatcher, first, second, expected_version=7)
    merged(database, dispatcher, first, second)
    with pytest.raises(IncidentMergedError):
        merged(database, dispatcher, third, first)
    merged(database, dispatcher, second, third)
    # What it went on with goes on elsewhere: take that back first.
    with pytest.raises(IncidentMergedError):
        undone(database, dispatcher, first)
    undone(database, dispatcher, second)
    with database.unit_of_work(dispatcher) as uow:
        outcomes.close(uow, second.incident_id, outcome=Outcome.NO_PATIENT)
    with pytest.raises(IncidentClosedError):
        undone(database, dispatcher, first)
    with pytest.raises(IncidentClosedError):
        merged(database, dispatcher, third, second)


def test_a_merged_incident_lends_its_place_and_is_forgotten_with_its_calls(
    database, city, dispatcher
):
    without = take_said(database, dispatcher, city, "crash", "13700000001", lon=None)
    placed = take_said(database, dispatcher, city, "crash", "13700000002")
    assert related(database, dispatcher, without).similar == ()
    merged(database, dispatcher, placed, without)
    shown = show(database, dispatcher, without)
    assert (shown.lon, shown.area_code) == (placed.lon, placed.area_code)
    with database.unit_of_work(SYSTEM) as uow:
        areas = set(uow.session.scalars(select(PersonalValue.area_code)))
        erased = retention.forget_incident(uow, str(placed.incident_id))
    assert areas == {placed.area_code}
    assert erased == 2

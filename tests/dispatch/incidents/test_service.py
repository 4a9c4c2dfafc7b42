"""One call from ring to close, in the database, with its refusals and its events."""

from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy import select, text

from dispatch.assignments import service as assignments_service
from dispatch.choosing import service as choosing
from dispatch.errors import (
    DuplicateOfItselfError,
    IllegalTransitionError,
    IncidentClosedError,
    IncidentNotClosedError,
    IncidentNotFoundError,
    OpenAssignmentsError,
    PatientUnknownError,
    PlaceMissingError,
    PlaceNotFoundError,
    StampTimeError,
    TimeInFutureError,
    UnitAlreadyAssignedError,
    UnitOffDutyError,
    UnitUnknownError,
)
from dispatch.fleet import service as fleet
from dispatch.incidents import calls, outcomes
from dispatch.incidents.records import derive_state
from dispatch.model import AssignmentState, CallSource, Outcome, StampSource
from dispatch.places import service as places
from dispatch.simulation import service as simulation_service
from gis.access import SYSTEM, Identity
from gis.cities import CityRow, CoordinatesSwappedError, PlaceOutsideCityError, check_inside
from gis.concurrency import StaleVersionError
from gis.datum import Datum
from gis.geometry import DeclaredPoint
from gis.installation import SimulationRefusedError
from gis.paging import CursorInvalidError
from gis.tables import Event, PersonalAccess, Unit

pytestmark = pytest.mark.database

WAY = ("acknowledged", "en_route", "on_scene", "at_patient", "left_scene", "at_destination",
       "transferred", "available")  # fmt: skip


def stamp(database, identity, assignment_id, state, **more):
    with database.unit_of_work(identity) as uow:
        return assignments_service.stamp(
            uow, assignment_id, state=AssignmentState(state), source=StampSource.TABLET, **more
        )


def assign(database, identity, incident_id, unit_id, **more):
    with database.unit_of_work(identity) as uow:
        return assignments_service.assign(uow, incident_id, unit_id=unit_id, **more)


def show(database, identity, incident_id):
    with database.read(identity) as uow:
        return outcomes.show_incident(uow, incident_id)


def test_one_call_from_ring_to_close(  # noqa: PLR0915 (the whole job is one story)
    database, city, clock, dispatcher, routing
):
    with database.unit_of_work(dispatcher) as uow:
        taken = calls.take_call(uow, calls.NewCall(
            city.city_id, CallSource.PHONE, caller_number="13800000000", words="胸口疼",
        ))  # fmt: skip
    incident = taken.incident
    assert (incident.number, incident.state, incident.version) == ("20260504-0001", "queued", 1)
    assert (incident.lon, incident.area_code, incident.queued_at) == (None, None, clock.now())
    with database.read(dispatcher) as uow:
        waiting = choosing.recommend(uow, routing, incident.incident_id)
    assert (waiting.waiting_for, waiting.units) == ("place", ())

    clock.advance(20)
    with database.unit_of_work(dispatcher) as uow:
        found = places.search_places(uow, city.city_id, query="深南大道与新洲路")
        incident = calls.locate(
            uow, incident.incident_id, place_id=found.picked.place_id, confirmed=True,
            expected_version=1,
        )  # fmt: skip
    assert (incident.area_code, incident.place_confirmed, incident.version) == ("440399", True, 2)
    assert incident.place_source == "gazetteer"

    with database.unit_of_work(dispatcher) as uow:
        incident = calls.code_triage(
            uow, incident.incident_id, complaint_code="2301021",
            answers={"conscious": "yes", "breathing": "normal", "sweating": "yes"},
        )  # fmt: skip
    assert (incident.category, incident.determinant) == ("C2", "chest_pain.shock_signs")
    assert incident.complaint.zh == "胸痛（非外伤）"

    with database.read(dispatcher) as uow:
        ranked = choosing.recommend(uow, routing, incident.incident_id)
    assert (ranked.basis, len(ranked.units)) == ("straight_line", 4)
    assert [unit.eligible for unit in ranked.units] == [True, True, False, False]
    assert ranked.units[0].call_sign == "A101"
    assert "level_too_low" in {reason.code for reason in ranked.units[2].reasons}
    first = ranked.units[0]
    sent = assign(
        database, dispatcher, incident.incident_id, first.unit_id,
        predicted_travel_time_s=first.travel_time_s, predicted_by=ranked.conditions_id,
    )  # fmt: skip
    assert (sent.state, sent.stamps[0].etimes) == ("notified", "eTimes.03")
    assert sent.predicted_arrival_at == clock.now() + timedelta(seconds=first.travel_time_s)

    with database.read(dispatcher) as uow:
        hospitals = choosing.destinations(uow, routing, incident.incident_id).destinations
    assert [h.name for h in hospitals] == ["Far", "Near"]  # the far one has the heart catheter
    assert hospitals[0].recommended
    assert {r.code for r in hospitals[1].reasons} == {"capability_missing", "status_unknown"}
    with database.unit_of_work(dispatcher) as uow:
        assignments_service.set_destination(
            uow, sent.assignment_id, facility_id=hospitals[0].facility_id
        )
    with database.read(dispatcher) as uow:
        again = choosing.destinations(uow, routing, incident.incident_id).destinations
    assert again[0].inbound == 1

    expected = {"acknowledged": "assigned", "en_route": "en_route", "on_scene": "on_scene",
                "left_scene": "transporting", "transferred": "closing"}  # fmt: skip
    for state in WAY:
        clock.advance(60)
        moved = stamp(database, dispatcher, sent.assignment_id, state)
        assert moved.state == state
        if state in expected:
            assert show(database, dispatcher, incident.incident_id).state == expected[state]
    with database.unit_of_work(dispatcher) as uow:
        closed = outcomes.close(uow, incident.incident_id, outcome=Outcome.TRANSPORTED)
    assert (closed.state, closed.outcome) == ("closed", "transported")

    with database.read(dispatcher) as uow:
        told = outcomes.story(uow, incident.incident_id)
    assert told.chain_intact
    assert [event.type for event in told.events][:5] == [
        "incident.call_received", "incident.queued", "incident.located", "incident.coded",
        "incident.assigned",
    ]  # fmt: skip
    assert told.events[-1].type == "incident.closed"
    assert "13800000000" not in str([event.payload for event in told.events])


def test_caller_is_read_only_with_an_audit_line(database, city, dispatcher):
    with database.unit_of_work(dispatcher) as uow:
        taken = calls.take_call(
            uow, calls.NewCall(city.city_id, CallSource.PHONE, caller_number="138", words="救命")
        )
    with database.unit_of_work(dispatcher) as uow:
        caller = outcomes.read_caller(uow, taken.incident.incident_id, reason="call back")
    assert caller == {taken.call_id: {"caller_number": "138", "words": "救命"}}
    with database.read(SYSTEM) as uow:
        line = uow.session.execute(select(PersonalAccess.actor, PersonalAccess.reason)).one()
    assert tuple(line) == ("user:li.na", "call back")


def test_undeclared_datum_is_kept_unconfirmed_with_a_larger_radius(database, city, dispatcher):
    with database.unit_of_work(dispatcher) as uow:
        taken = calls.take_call(uow, calls.NewCall(
            city.city_id, CallSource.APP, point=DeclaredPoint(114.05, 22.55, None, 20.0),
        ))  # fmt: skip
    assert (taken.incident.place_confirmed, taken.incident.uncertainty_m) == (False, 720.0)


def test_a_point_elsewhere_is_refused(database, city, dispatcher):
    beijing = DeclaredPoint(116.4, 39.9, Datum.WGS84)
    with pytest.raises(PlaceOutsideCityError), database.unit_of_work(dispatcher) as uow:
        calls.take_call(uow, calls.NewCall(city.city_id, CallSource.PHONE, point=beijing))


def test_numbers_restart_with_the_local_day(take, clock):
    assert [take().number for _ in range(3)] == [f"20260504-000{i}" for i in (1, 2, 3)]
    clock.advance(10 * 3600)  # 18:00 UTC is past midnight in Shenzhen
    assert take().number == "20260505-0001"


def test_a_stale_version_changes_nothing(database, dispatcher, take):
    incident = take()
    with (
        pytest.raises(StaleVersionError, match="version 7"),
        database.unit_of_work(dispatcher) as uow,
    ):
        outcomes.take_over(uow, incident.incident_id, expected_version=7)
    assert show(database, dispatcher, incident.incident_id).version == 1


def test_a_busy_unit_is_refused_by_name(database, city, dispatcher, take):
    first, second = take(), take()
    unit_id = city.unit_ids[0]
    assign(database, dispatcher, first.incident_id, unit_id)
    with pytest.raises(UnitAlreadyAssignedError, match=r"A101 .* incident 20260504-0001"):
        assign(database, dispatcher, second.incident_id, unit_id)
    assert show(database, dispatcher, second.incident_id).assignments == ()


def test_units_that_cannot_be_sent(database, city, dispatcher, take):
    incident = take()
    with pytest.raises(UnitUnknownError):
        assign(database, dispatcher, incident.incident_id, 999_999)
    with database.unit_of_work(SYSTEM) as uow:
        uow.session.execute(text("DELETE FROM shift_crew"))
        uow.session.execute(text("DELETE FROM shifts WHERE unit_id = :u"), {"u": city.unit_ids[0]})
        uow.session.execute(
            Unit.__table__.update()
            .where(Unit.unit_id == city.unit_ids[1])
            .values(out_of_service_reason="tyre")
        )
    with pytest.raises(UnitOffDutyError, match="no crew"):
        assign(database, dispatcher, incident.incident_id, city.unit_ids[0])
    with pytest.raises(UnitOffDutyError, match="tyre"):
        assign(database, dispatcher, incident.incident_id, city.unit_ids[1])
    with pytest.raises(PatientUnknownError):
        assign(database, dispatcher, incident.incident_id, city.unit_ids[2], patient_id=uuid4())


def test_stamps_repeat_skip_fill_and_refuse(database, city, clock, dispatcher, take):
    incident = take()
    sent = assign(database, dispatcher, incident.incident_id, city.unit_ids[0])
    clock.advance(300)
    arrived = stamp(database, dispatcher, sent.assignment_id, "on_scene")
    assert arrived.stamps[-1].skipped == ("acknowledged", "en_route")
    version = show(database, dispatcher, incident.incident_id).version
    repeated = stamp(database, dispatcher, sent.assignment_id, "on_scene")
    assert (len(repeated.stamps), repeated.version) == (2, arrived.version)
    assert show(database, dispatcher, incident.incident_id).version == version

    filled = stamp(
        database, dispatcher, sent.assignment_id, "en_route",
        occurred_at=clock.now() - timedelta(seconds=200),
    )  # fmt: skip
    assert (filled.state, filled.stamps[-1].late) == ("on_scene", True)
    with pytest.raises(IllegalTransitionError, match="Allowed now: at_patient"):
        stamp(database, dispatcher, sent.assignment_id, "notified", occurred_at=clock.now())
    with pytest.raises(StampTimeError, match="before"):
        stamp(database, dispatcher, sent.assignment_id, "at_patient",
              occurred_at=clock.now() - timedelta(seconds=400))  # fmt: skip
    with pytest.raises(StampTimeError, match="future"):
        stamp(database, dispatcher, sent.assignment_id, "at_patient",
              occurred_at=clock.now() + timedelta(seconds=400))  # fmt: skip


def test_closing_waits_for_units_and_reopening_is_an_event(database, city, dispatcher, take):
    incident = take()
    sent = assign(database, dispatcher, incident.incident_id, city.unit_ids[0])
    with (
        pytest.raises(OpenAssignmentsError, match="A101"),
        database.unit_of_work(dispatcher) as uow,
    ):
        outcomes.close(uow, incident.incident_id, outcome=Outcome.NO_PATIENT)
    stamp(database, dispatcher, sent.assignment_id, "cancelled")
    assert show(database, dispatcher, incident.incident_id).state == "queued"
    with database.unit_of_work(dispatcher) as uow:
        assert outcomes.cancel(uow, incident.incident_id, reason="hoax").state == "cancelled"
    with pytest.raises(IncidentClosedError):
        assign(database, dispatcher, incident.incident_id, city.unit_ids[0])
    with database.unit_of_work(dispatcher) as uow:
        assert outcomes.reopen(uow, incident.incident_id).state == "queued"
    with pytest.raises(IncidentNotClosedError), database.unit_of_work(dispatcher) as uow:
        outcomes.reopen(uow, incident.incident_id)


def test_patients_have_their_own_units(database, city, dispatcher, take):
    incident = take()
    with database.unit_of_work(dispatcher) as uow:
        first = calls.add_patient(uow, incident.incident_id, age_years=60, name="张三")
        second = calls.add_patient(uow, incident.incident_id, sex="female")
    assert (first.ordinal, second.ordinal) == (1, 2)
    sent = assign(database, dispatcher, incident.incident_id, city.unit_ids[0],
                  patient_id=second.patient_id)  # fmt: skip
    detail = show(database, dispatcher, incident.incident_id)
    assert (len(detail.patients), detail.patient_count) == (2, 2)
    assert detail.assignments[0].patient_id == second.patient_id == sent.patient_id
    with database.read(SYSTEM) as uow:
        assert "张三" not in str(uow.session.scalars(select(Event.payload)).all())


def test_a_duplicate_links_to_the_first(database, dispatcher, take):
    first, second, third = take(), take(), take()
    with database.unit_of_work(dispatcher) as uow:
        outcomes.mark_duplicate(uow, second.incident_id, of=first.incident_id)
        linked = outcomes.mark_duplicate(uow, third.incident_id, of=second.incident_id)
    assert linked.duplicate_of == first.incident_id
    for other in (first.incident_id, second.incident_id):
        with pytest.raises(DuplicateOfItselfError), database.unit_of_work(dispatcher) as uow:
            outcomes.mark_duplicate(uow, first.incident_id, of=other)


def test_another_district_sees_and_changes_nothing(
    database, city, dispatcher, eastern_dispatcher, take
):
    western, eastern, nowhere = take(114.05), take(114.15), take(None)
    with database.read(eastern_dispatcher) as uow:
        page = outcomes.list_incidents(uow, city.city_id)
        seen = {incident.incident_id for incident in page.incidents}
    assert seen == {eastern.incident_id, nowhere.incident_id}  # no place yet: open to all
    with pytest.raises(IncidentNotFoundError):
        show(database, eastern_dispatcher, western.incident_id)
    sent = assign(database, dispatcher, western.incident_id, city.unit_ids[0])
    with pytest.raises(IncidentNotFoundError):
        stamp(database, eastern_dispatcher, sent.assignment_id, "acknowledged")
    with pytest.raises(UnitUnknownError):
        assign(database, eastern_dispatcher, eastern.incident_id, city.unit_ids[0])
    with database.read(Identity(None, "nobody", "nobody")) as uow:
        assert outcomes.list_incidents(uow, city.city_id).incidents == ()


def test_pages_follow_one_another(database, city, dispatcher, take, clock):
    numbers = []
    for _ in range(5):
        numbers.append(take().number)
        clock.advance(1)
    seen, cursor = [], None
    while True:
        with database.read(dispatcher) as uow:
            page = outcomes.list_incidents(uow, city.city_id, limit=2, cursor=cursor)
        seen += [incident.number for incident in page.incidents]
        cursor = page.next_cursor
        if cursor is None:
            break
    assert seen == numbers[::-1]
    with pytest.raises(CursorInvalidError), database.read(dispatcher) as uow:
        outcomes.list_incidents(uow, city.city_id, cursor="no!")


def test_places_that_cannot_be_set(database, city, dispatcher, take):
    incident = take(None)
    with database.unit_of_work(dispatcher) as uow:
        with pytest.raises(PlaceMissingError):
            calls.locate(uow, incident.incident_id)
        with pytest.raises(PlaceNotFoundError):
            calls.locate(uow, incident.incident_id, place_id=-1)
        with pytest.raises(PlaceOutsideCityError):
            calls.locate(uow, incident.incident_id, point=DeclaredPoint(0, 0, Datum.WGS84))


def test_swapped_coordinates_are_named():
    town = CityRow(
        city_id=1, key="coquimbo", name="Coquimbo", name_zh=None, time_zone="America/Santiago",
        modelled=False, attribution="", network_version=1,
        west=-71.4, south=-30.1, east=-71.1, north=-29.8,
    )  # fmt: skip
    with pytest.raises(CoordinatesSwappedError, match="longitude first"):
        check_inside(town, lon=-30.0, lat=-71.3, margin_m=5_000.0)


def test_gcj02_calls_are_stored_as_wgs84(database, city, dispatcher):
    with database.unit_of_work(dispatcher) as uow:
        taken = calls.take_call(uow, calls.NewCall(
            city.city_id, CallSource.APP, point=DeclaredPoint(114.055, 22.547, Datum.GCJ02),
        ))  # fmt: skip
    assert taken.incident.declared_datum == "gcj02"
    assert 0.003 < 114.055 - taken.incident.lon < 0.007


def test_future_calls_are_refused(database, city, clock, dispatcher):
    with pytest.raises(TimeInFutureError), database.unit_of_work(dispatcher) as uow:
        calls.take_call(uow, calls.NewCall(
            city.city_id, CallSource.PHONE, received_at=clock.now() + timedelta(hours=1),
        ))  # fmt: skip


def test_unit_events_follow_the_assignment(database, city, dispatcher, take):
    incident = take()
    sent = assign(database, dispatcher, incident.incident_id, city.unit_ids[0])
    stamp(database, dispatcher, sent.assignment_id, "on_scene")
    with database.read(dispatcher) as uow:
        unit = fleet.units_view(uow, city.city_id)[0]
        told = uow.session.scalars(
            select(Event.payload).where(Event.type == "unit.status_changed")
            .order_by(Event.subject_version)
        ).all()  # fmt: skip
    assert (unit.status, unit.assignment_state, unit.version) == ("NotAvailable", "on_scene", 3)
    assert [payload["status"] for payload in told] == ["ConditionallyAvailable", "NotAvailable"]


def test_the_cached_state_equals_the_derived_one(database, city, dispatcher, take):
    incident = take()
    sent = assign(database, dispatcher, incident.incident_id, city.unit_ids[0])
    for state in WAY:
        stamp(database, dispatcher, sent.assignment_id, state)
        with database.read(SYSTEM) as uow:
            row = uow.session.execute(text("SELECT * FROM incidents")).one()
            states = uow.session.scalars(text("SELECT state FROM assignments")).all()
        assert row.state == derive_state(row._mapping, states)


def test_a_live_installation_refuses_simulated_calls_and_stamps(live_database):
    with live_database.unit_of_work(SYSTEM) as uow:
        city_id = uow.session.execute(text(
            "INSERT INTO cities (key, name, source, attribution, time_zone, extent) VALUES"
            " ('x', 'X', 'test', 'test', 'UTC', ST_MakeEnvelope(0, 0, 1, 1, 4326))"
            " RETURNING city_id"
        )).scalar_one()  # fmt: skip
        for call in (calls.NewCall(city_id, CallSource.SIMULATION),
                     calls.NewCall(city_id, CallSource.PHONE, simulated=True)):  # fmt: skip
            with pytest.raises(SimulationRefusedError):
                calls.take_call(uow, call)
        with pytest.raises(SimulationRefusedError):
            assignments_service.stamp(
                uow, uuid4(), state=AssignmentState.EN_ROUTE, source=StampSource.SIMULATION
            )


def test_simulation_is_controlled_here_and_refused_in_live(database, live_database, clock):
    with database.unit_of_work(SYSTEM) as uow:
        assert simulation_service.control_simulation(uow, speed_factor=10).speed_factor == 10
        assert simulation_service.control_simulation(uow).version == 2
    with pytest.raises(SimulationRefusedError), live_database.read(SYSTEM) as uow:
        simulation_service.simulation(uow)

"""Mass casualties in the database: sorted, shared among hospitals, taken away."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import select

from dispatch.assignments.service import assign
from dispatch.casualties import service
from dispatch.casualties.errors import (
    CasualtyDeadError,
    CasualtyTagTakenError,
    CasualtyUnsortedError,
    HospitalFullError,
    MassCasualtyEndedError,
    MassCasualtyUnknownError,
    SortingOpenError,
)
from dispatch.casualties.model import Aid, CasualtyState, Sector
from dispatch.casualties.sorting import Colour, Finding, Sorted, StartFindings, start
from dispatch.errors import IncidentNotFoundError
from dispatch.incidents.repository import list_events
from gis.access import SYSTEM
from gis.promises import beds
from gis.tables import BedPool

pytestmark = pytest.mark.database


@pytest.fixture
def declared(database, dispatcher, take):
    """Return a function that takes a call and declares it."""

    def made():
        incident_id = take().incident_id
        with database.unit_of_work(dispatcher) as uow:
            service.declare(uow, incident_id, method="start", estimate=20)
        return incident_id

    return made


def found(database, dispatcher, incident_id, colour=None):
    with database.unit_of_work(dispatcher) as uow:
        decided = None if colour is None else Sorted(colour, Finding.WALKS)
        return service.find(uow, incident_id, sorted_as=decided, method="colour")


def bound(database, dispatcher, casualty, facility_id, **more):
    with database.unit_of_work(dispatcher) as uow:
        return service.bind(uow, casualty.casualty_id, facility_id=facility_id, **more)


def report(database, facility_id, colour, capacity):
    with database.unit_of_work(SYSTEM) as uow:
        beds.report_beds(
            uow, facility_id, kind=f"mci_{colour.value}", capacity=capacity, occupied=0
        )


def promised(database, facility_id):
    with database.read(SYSTEM) as uow:
        return uow.session.scalars(
            select(BedPool.promised).where(BedPool.facility_id == facility_id)
        ).all()


def test_a_casualty_from_the_ground_to_its_bed(database, clock, city, dispatcher, declared):
    incident_id, (near, _) = declared(), city.facility_ids
    report(database, near, Colour.YELLOW, 1)
    report(database, near, Colour.RED, 1)
    with database.unit_of_work(dispatcher) as uow:
        sent = assign(uow, incident_id, unit_id=city.unit_ids[0])
        first = service.find(uow, incident_id, sector=Sector.COLLECTION)
        with pytest.raises(CasualtyTagTakenError):
            service.find(uow, incident_id, tag=first.tag)
        with pytest.raises(CasualtyUnsortedError):
            service.bind(uow, first.casualty_id, facility_id=near)
        with pytest.raises(SortingOpenError, match="breaths_per_min"):
            service.sort(
                uow, first.casualty_id, method="start",
                sorted_as=start(StartFindings(walks=False, breathes=True)),
            )  # fmt: skip
    assert (first.tag, first.nemsis, first.sector) == ("1", None, Sector.COLLECTION)
    with database.unit_of_work(dispatcher) as uow:
        service.sort(uow, first.casualty_id, sorted_as=Sorted(Colour.YELLOW, Finding.OBEYS),
                     method="start")  # fmt: skip
        one = service.bind(uow, first.casualty_id, facility_id=near)
    assert (one.bed, one.nemsis, one.state) == ("promised", "2708003", CasualtyState.PROMISED)
    clock.advance(60)
    # Worse: its yellow bed is free again, and a red one is promised.
    with database.unit_of_work(dispatcher) as uow:
        one = service.sort(uow, first.casualty_id, sorted_as=Sorted(Colour.RED, Finding.RATE),
                           method="start")  # fmt: skip
        assert [entry.colour for entry in one.history] == [Colour.YELLOW, Colour.RED]
        shown = service.show(uow, incident_id)
    rooms = {room.colour: room for room in shown.hospitals[-1].rooms + shown.hospitals[0].rooms}
    assert one.bed == "promised"
    assert shown.counts["red"] == 1
    assert rooms
    assert sorted(promised(database, near)) == [0, 1]
    # Nobody waits for the hospital's answer to leave.
    with database.unit_of_work(dispatcher) as uow:
        service.leave(uow, first.casualty_id, assignment_id=sent.assignment_id)
        end = service.arrive(uow, first.casualty_id)
    assert (end.state, end.bed, end.call_sign) == (
        CasualtyState.ARRIVED, "promised", sent.call_sign
    )  # fmt: skip
    with database.read(SYSTEM) as uow:
        log = [one.type for one in list_events(
            uow.session, kind="incident", subject_id=str(incident_id)
        )]  # fmt: skip
    assert log.count("incident.casualty_sorted") == 2
    assert log[-1] == "incident.casualty_arrived"


def test_one_bed_is_promised_once_of_many_desks(database, clock, city, dispatcher, declared):
    near, far = city.facility_ids
    report(database, near, Colour.YELLOW, 1)
    report(database, far, Colour.YELLOW, 1)
    incidents = [declared(), declared()]
    waiting = [found(database, dispatcher, incidents[n % 2], Colour.YELLOW) for n in range(6)]

    def press(casualty):
        try:
            return bound(database, dispatcher, casualty, near).bed
        except HospitalFullError:
            return "full"

    with ThreadPoolExecutor(6) as pool:
        assert sorted(pool.map(press, waiting)) == ["full"] * 5 + ["promised"]
    assert promised(database, near) == [1]


def test_a_red_one_is_never_refused_and_who_overloaded_stands_there(
    database, clock, city, dispatcher, declared
):
    near, far = city.facility_ids
    for facility_id in (near, far):
        for colour in (Colour.RED, Colour.YELLOW):
            report(database, facility_id, colour, 0 if facility_id == near else 1)
    incident_id = declared()
    red, yellow = (
        found(database, dispatcher, incident_id, colour) for colour in (Colour.RED, Colour.YELLOW)
    )
    with pytest.raises(HospitalFullError, match="override"):
        bound(database, dispatcher, red, near)
    one = bound(database, dispatcher, red, near, override=True)
    assert (one.bed, one.overload_by) == ("overload", dispatcher.label)
    # A yellow one is, while another hospital has room; not any more where none has.
    with pytest.raises(HospitalFullError):
        bound(database, dispatcher, yellow, near, override=True)
    report(database, far, Colour.YELLOW, 0)
    assert bound(database, dispatcher, yellow, near, override=True).bed == "overload"
    dead = found(database, dispatcher, incident_id, Colour.BLACK)
    with pytest.raises(CasualtyDeadError):
        bound(database, dispatcher, dead, far)


def test_a_silent_hospital_takes_unconfirmed_and_a_promise_that_ran_out_says_so(
    database, clock, city, dispatcher, declared
):
    near, far = city.facility_ids
    incident_id = declared()
    green = found(database, dispatcher, incident_id, Colour.GREEN)
    assert bound(database, dispatcher, green, near).bed == "unconfirmed"
    report(database, far, Colour.GREEN, 1)
    assert bound(database, dispatcher, green, far).bed == "promised"
    clock.advance(service.PROMISED_FOR.total_seconds() + 1)
    with database.unit_of_work(SYSTEM) as uow:
        assert beds.expire_overdue(uow) == 1
    with database.unit_of_work(dispatcher) as uow:
        (shown,) = service.show(uow, incident_id).casualties
        assert shown.bed == "expired"
        # It leaves all the same.
        assert service.leave(uow, green.casualty_id).state is CasualtyState.LEFT


def test_only_what_was_declared_and_is_the_viewers(
    database, dispatcher, eastern_dispatcher, take, declared
):
    with database.unit_of_work(dispatcher) as uow, pytest.raises(MassCasualtyUnknownError):
        service.show(uow, take().incident_id)
    incident_id = declared()
    casualty = found(database, dispatcher, incident_id)
    with database.unit_of_work(eastern_dispatcher) as uow:
        with pytest.raises(IncidentNotFoundError):
            service.show(uow, incident_id)
        with pytest.raises(IncidentNotFoundError):
            service.move(uow, casualty.casualty_id, sector=Sector.LOADING)
    with database.unit_of_work(dispatcher) as uow:
        asked = service.ask_aid(uow, incident_id, service="Dongguan 120", units=4)
        (aid,) = service.answer_aid(uow, asked.aid[0].request_id, state=Aid.PROMISED).aid
        assert (aid.state, aid.units) == (Aid.PROMISED, 4)
        service.end(uow, incident_id)
    with database.unit_of_work(dispatcher) as uow, pytest.raises(MassCasualtyEndedError):
        service.find(uow, incident_id)

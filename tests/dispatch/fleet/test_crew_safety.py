"""Crews in distress, crews that are asked how they are, and whose unit an account stamps."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import func, select

from dispatch.assignments.service import assign, stamp
from dispatch.fleet.crew_safety import own_unit, service
from dispatch.fleet.crew_safety.errors import (
    DistressStepError,
    DistressUnknownError,
    NotOwnUnitError,
    WelfareUnknownError,
)
from dispatch.fleet.crew_safety.model import (
    DISTRESS_STEPS,
    Distress,
    DistressStep,
    Welfare,
    next_distress,
)
from dispatch.fleet.service import PositionReport, record_positions
from dispatch.model import AssignmentState, PlaceHeard, StampSource
from gis.access import SYSTEM, Identity
from gis.datum import Datum
from gis.tables import User
from gis.tables.jobs import JobRow
from tests.dispatch.conftest import NOW
from tests.identities import granted

pytestmark = pytest.mark.database


@pytest.fixture
def crew(database, clock):
    """A crew's account, which nobody has bound to a unit."""
    user_id = UUID(int=77)
    with database.unit_of_work(SYSTEM) as uow:
        uow.session.add(
            User(user_id=user_id, username="a101", display_name="A101", password_hash="-")
        )
    return Identity(user_id, "a101", "a101", grants=(granted("responder", "4403"),))


def test_the_table_of_distress_is_whole():
    for state in Distress:
        for step in DistressStep:
            if (state, step) in DISTRESS_STEPS:
                assert next_distress(state, step) is DISTRESS_STEPS[state, step]
            else:
                with pytest.raises(DistressStepError):
                    next_distress(state, step)


def test_no_press_is_lost_and_one_after_the_acknowledgement_sounds_again(
    database, city, crew, dispatcher, eastern_dispatcher
):
    unit_id = city.unit_ids[0]

    def press(_):
        with database.unit_of_work(crew) as uow:
            return service.press(uow, unit_id).distress_id

    with ThreadPoolExecutor(8) as pool:
        (distress_id,) = set(pool.map(press, range(24)))
    # Every desk of the city hears it, whichever district is its own.
    for desk in (dispatcher, eastern_dispatcher):
        with database.read(desk) as uow:
            (one,) = service.alarms(uow, city.city_id).distress
        assert (one.presses, one.state) == (24, Distress.SOUNDING)
    with database.unit_of_work(dispatcher) as uow:
        # What was pressed since the desk looked goes on sounding.
        assert service.acknowledge(uow, distress_id, presses=23).state is Distress.SOUNDING
        with pytest.raises(DistressStepError):
            service.end(uow, distress_id)
        seen = service.acknowledge(uow, distress_id, presses=24)
        assert (seen.state, seen.acknowledged_by) == (Distress.ACKNOWLEDGED, dispatcher.label)
    press(0)
    with database.unit_of_work(dispatcher) as uow:
        (one,) = service.alarms(uow, city.city_id).distress
        assert (one.presses, one.state) == (25, Distress.SOUNDING)
        service.acknowledge(uow, distress_id, presses=25)
        assert service.end(uow, distress_id).state is Distress.ENDED
        assert service.alarms(uow, city.city_id).distress == ()
        with pytest.raises(DistressUnknownError):
            service.acknowledge(uow, UUID(int=5), presses=1)
    assert press(0) != distress_id


def test_a_crew_that_is_not_heard_of_is_an_alarm_once(database, clock, city, dispatcher):
    unit_id = city.unit_ids[0]
    with database.unit_of_work(dispatcher) as uow:
        with pytest.raises(WelfareUnknownError):
            service.answer_welfare(uow, unit_id, heard=PlaceHeard.VOICE)
        begun = service.start_welfare(uow, unit_id, every_s=600)
    assert begun.due_at == NOW + timedelta(seconds=600)
    clock.advance(300)
    with database.unit_of_work(dispatcher) as uow:
        service.answer_welfare(uow, unit_id, heard=PlaceHeard.TABLET)
    clock.advance(301)
    with database.unit_of_work(SYSTEM) as uow:
        # The first round was answered: its job comes, and nothing happens.
        assert not service.miss(uow, unit_id, asked_round=1)
        assert not service.miss(uow, unit_id, asked_round=2)
        due = uow.session.scalar(
            select(func.count()).select_from(JobRow).where(JobRow.name == "dispatch.welfare")
        )
    assert due == 2
    clock.advance(300)
    with database.unit_of_work(SYSTEM) as uow:
        assert service.miss(uow, unit_id, asked_round=2)
        assert not service.miss(uow, unit_id, asked_round=2)
        (one,) = service.alarms(uow, city.city_id).welfare
    assert one.state is Welfare.MISSED
    with database.unit_of_work(dispatcher) as uow:
        well = service.answer_welfare(uow, unit_id, heard=PlaceHeard.VOICE)
        assert well.state is Welfare.RUNNING
        service.stop_welfare(uow, unit_id)
        assert service.alarms(uow, city.city_id).welfare == ()
    clock.advance(9999)
    with database.unit_of_work(SYSTEM) as uow:
        assert not service.miss(uow, unit_id, asked_round=3)


def test_a_crew_stamps_its_own_unit_alone(database, city, crew, dispatcher, take):
    own, other = city.unit_ids[:2]
    sent = []
    for unit_id in (own, other):
        incident_id = take().incident_id
        with database.unit_of_work(dispatcher) as uow:
            sent.append(assign(uow, incident_id, unit_id=unit_id).assignment_id)

    def acknowledge(assignment_id):
        with database.unit_of_work(crew) as uow:
            stamp(uow, assignment_id, state=AssignmentState.ACKNOWLEDGED, source=StampSource.TABLET)

    # An account of crews that is bound to no unit speaks for none.
    with pytest.raises(NotOwnUnitError):
        acknowledge(sent[0])
    with database.unit_of_work(SYSTEM) as uow:
        own_unit.bind_account(uow, crew.user_id, unit_id=own)
    acknowledge(sent[0])
    with pytest.raises(NotOwnUnitError):
        acknowledge(sent[1])
    reports = [PositionReport(one, 114.05, 22.55, NOW) for one in (own, other)]
    with database.unit_of_work(crew) as uow:
        taken = record_positions(uow, reports, datum=Datum.WGS84, source="tablet")
        assert (taken.accepted, taken.rejected[0].code) == (1, "not_own_unit")
        # Whatever number is named, distress is its own unit's.
        assert service.press(uow, other).unit_id == own
    # One that dispatches as well, and is bound, stamps its own all the same.
    both = replace(crew, grants=(*crew.grants, granted("dispatcher", "4403")))
    with database.unit_of_work(both) as uow, pytest.raises(NotOwnUnitError):
        own_unit.check_own_unit(uow, other, "A2")

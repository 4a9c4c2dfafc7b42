"""Two dispatchers press at once: one success, one clear conflict, never a deadlock."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from uuid import UUID

import pytest
from sqlalchemy import text

from dispatch.assignments import repository as repository_assignments
from dispatch.assignments import service as assignments_service
from dispatch.errors import DuplicateOfItselfError, UnitAlreadyAssignedError
from dispatch.incidents import outcomes
from dispatch.model import AssignmentState, StampSource
from gis.access import SYSTEM

pytestmark = pytest.mark.database

ROUNDS = 50


def test_two_at_once_give_one_success_and_one_conflict(database, city, dispatcher, take):
    incidents = [take().incident_id, take().incident_id]
    unit_id = city.unit_ids[0]
    barrier = Barrier(2)

    def press(incident_id):
        barrier.wait()
        try:
            with database.unit_of_work(dispatcher) as uow:
                return assignments_service.assign(uow, incident_id, unit_id=unit_id).assignment_id
        except UnitAlreadyAssignedError as error:
            return error.incident_number

    with ThreadPoolExecutor(2) as pool:
        for round_number in range(ROUNDS):
            order = incidents if round_number % 2 else incidents[::-1]
            answers = list(pool.map(press, order))
            won = [one for one in answers if isinstance(one, UUID)]
            assert len(won) == 1
            assert set(answers) - set(won) < {"20260504-0001", "20260504-0002"}
            with database.unit_of_work(dispatcher) as uow:
                assignments_service.stamp(
                    uow, won[0], state=AssignmentState.CANCELLED, source=StampSource.CONSOLE
                )
    with database.read(SYSTEM) as uow:
        made = uow.session.execute(text("SELECT count(*) FROM assignments")).scalar_one()
        events = uow.session.execute(
            text("SELECT count(*) FROM events WHERE type = 'incident.assigned'")
        ).scalar_one()
    assert made == events == ROUNDS


def test_the_database_itself_refuses_a_second_open_assignment(database, city, take):
    first, second = take(), take()
    values = {"unit_id": city.unit_ids[0], "state": "notified"}
    with database.unit_of_work(SYSTEM) as uow:
        now = uow.clock.now()
        for incident in (first, second):
            row = {**values, "assignment_id": uow.ids.new(), "created_at": now,
                   "incident_id": incident.incident_id}  # fmt: skip
            if incident is first:
                repository_assignments.insert_assignment(uow.session, row, call_sign="A101")
                continue
            with pytest.raises(UnitAlreadyAssignedError, match=first.number):
                repository_assignments.insert_assignment(uow.session, row, call_sign="A101")
        # The refusal left the transaction alive.
        assert uow.session.execute(text("SELECT count(*) FROM assignments")).scalar_one() == 1


def test_calls_taken_at_once_get_numbers_without_gap_or_double(take):
    with ThreadPoolExecutor(4) as pool:
        taken = list(pool.map(lambda _: take().number, range(20)))
    assert sorted(taken) == [f"20260504-{i:04d}" for i in range(1, 21)]


def test_crosswise_duplicate_marks_do_not_wait_for_each_other(database, dispatcher, take):
    first, second = take().incident_id, take().incident_id
    barrier = Barrier(2)

    def mark(pair):
        barrier.wait()
        try:
            with database.unit_of_work(dispatcher) as uow:
                outcomes.mark_duplicate(uow, pair[0], of=pair[1])
        except DuplicateOfItselfError:
            return False
        return True

    with ThreadPoolExecutor(2) as pool:
        done = list(pool.map(mark, [(first, second), (second, first)]))
    assert sorted(done) == [False, True]

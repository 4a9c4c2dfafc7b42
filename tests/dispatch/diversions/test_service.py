"""A crew is asked to leave its call; until it says yes nothing changes for its patient."""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select, text, update
from sqlalchemy.exc import IntegrityError

from dispatch.arrivals.prediction import UNASKED
from dispatch.assignments import service as assignments
from dispatch.choosing import press
from dispatch.diversions import service as diversions
from dispatch.diversions.errors import (
    AlreadyPreemptedError,
    DiversionEndedError,
    DiversionExpiredError,
    DiversionGainsNothingError,
    DiversionNotFoundError,
    DiversionOfferedError,
    DiversionOutdatedError,
    NobodyReplacesError,
    NotDivertibleError,
    ReplacementGoneError,
)
from dispatch.errors import IncidentClosedError
from dispatch.incidents import outcomes
from dispatch.incidents.alarms.table import begun_alarms
from dispatch.model import AssignmentState, Outcome, StampSource
from gis.access import SYSTEM
from gis.database import WritingUnitOfWork
from gis.errors import GoldenHourError
from gis.sequencer import verify_log
from gis.tables import Event, Unit
from tests.dispatch.diversions.conftest import ANSWER_WITHIN_S, WAITED, Desk
from tests.statements import counted

pytestmark = pytest.mark.database


def events(desk: Desk, incident_id: UUID) -> list[str]:
    with desk.database.read(SYSTEM) as uow:
        return list(
            uow.session.scalars(
                select(Event.type)
                .where(Event.subject_id == str(incident_id))
                .order_by(Event.subject_version)
            )
        )


def tasks(desk: Desk) -> list[tuple[UUID, str]]:
    """Return incident and state of the open assignments of the unit."""
    with desk.database.read(SYSTEM) as uow:
        return [
            (row.incident_id, row.state)
            for row in uow.session.execute(text(
                "SELECT incident_id, state FROM assignments WHERE unit_id = :unit AND state IN "
                "('notified','acknowledged','en_route','staging','on_scene','at_patient')"
            ), {"unit": desk.unit_id})
        ]  # fmt: skip


def others(desk: Desk) -> list[int]:
    return [unit_id for unit_id in desk.city.unit_ids if unit_id != desk.unit_id]


def out_of_service(desk: Desk, *unit_ids: int) -> None:
    with desk.database.unit_of_work(SYSTEM) as uow:
        uow.session.execute(
            update(Unit).where(Unit.unit_id.in_(unit_ids)).values(out_of_service_reason="workshop")
        )


def test_a_nearer_unit_of_a_lesser_call_is_ranked_first_with_what_its_patient_loses(desk: Desk):
    ranked = desk.ranked()
    first = ranked.units[0]
    assert (first.unit_id, first.eligible) == (desk.unit_id, False)
    assert first.diversion is not None
    assert (first.diversion.incident_id, first.diversion.category) == (desk.lesser, "C4")
    assert first.diversion.allowed
    assert first.diversion.replaced_by is not None
    assert first.diversion.loss_s > 0
    said = {reason.code: reason.en for reason in first.reasons}
    assert said["diversion"].startswith("Could be diverted from a C4; its patient waits ")
    free = next(unit for unit in ranked.units if unit.eligible)
    assert "fastest" in {reason.code for reason in free.reasons}
    assert free.rank == 2
    # Whoever presses on the free one is compared with those that are free.
    with desk.database.read(desk.dispatcher) as uow:
        now = press.standing(uow, desk.routing, desk.arrest, unit_id=free.unit_id)
    assert now is not None
    assert (now.eligible, now.faster) == (True, None)


def test_nobody_to_replace_it_is_said_and_only_a_c1_takes_it_from_a_c4(desk: Desk):
    out_of_service(desk, *others(desk))
    option = desk.ranked().units[0].diversion
    assert (option.loss_s, option.replaced_by, option.allowed) == (None, None, True)
    desk.code(desk.lesser, "C3", "BLS")
    ranked = desk.ranked()
    assert not ranked.units[0].diversion.allowed
    assert "nobody can replace it" in " ".join(one.en for one in ranked.units[0].reasons)
    with pytest.raises(NobodyReplacesError):
        desk.ask()
    desk.code(desk.lesser, "C4", "BLS")
    # The dispatcher has to say so: it is never suggested.
    with pytest.raises(NobodyReplacesError):
        desk.ask()
    offer = desk.ask(unreplaced=True)
    assert (offer.loss_s, offer.replacement) == (None, None)
    desk.accept(offer.diversion_id)
    lesser = desk.look(desk.lesser)
    assert (lesser.state, [one.state for one in lesser.assignments]) == ("queued", ["diverted"])
    assert lesser.received_at == desk.clock.now() - WAITED
    assert [one.need for one in lesser.queue[-1].needs] == ["lost", "waiting"]


def test_until_the_crew_says_yes_the_old_task_stands_and_nobody_is_sent(desk: Desk):
    offer = desk.ask()
    assert (offer.state, offer.losing_incident_id) == ("offered", desk.lesser)
    assert offer.expires_at - offer.offered_at == timedelta(seconds=ANSWER_WITHIN_S)
    assert tasks(desk) == [(desk.lesser, "en_route")]
    arrest, lesser = desk.look(desk.arrest), desk.look(desk.lesser)
    assert (arrest.state, lesser.state) == ("queued", "en_route")
    assert [need.need for need in arrest.queue[0].needs] == ["waiting"]
    assert arrest.queue[0].unassigned_c1
    assert [one.diversion_id for one in arrest.diversions] == [offer.diversion_id]
    assert arrest.diversions == lesser.diversions
    assert events(desk, desk.arrest)[-1] == "incident.diversion_offered"
    assert events(desk, desk.lesser)[-1] == "incident.diversion_away_offered"


def test_with_the_yes_both_change_and_the_loser_waits_with_the_clock_it_had(desk: Desk):
    offer = desk.ask()
    done = desk.accept(offer.diversion_id)
    assert done.state == "accepted"
    assert tasks(desk) == [(desk.arrest, "acknowledged")]
    arrest, lesser = desk.look(desk.arrest), desk.look(desk.lesser)
    assert (arrest.state, lesser.state) == ("assigned", "assigned")
    assert [one.state for one in lesser.assignments] == ["diverted", "notified"]
    assert lesser.assignments[1].call_sign == offer.replacement
    assert [stamp.etimes for stamp in arrest.assignments[0].stamps] == ["eTimes.03", "eTimes.04"]
    step = lesser.queue[-1]
    assert step.section == "action"
    # That it lost its unit is a need and an alarm of its own, until another crew says it comes.
    now = desk.clock.now()
    lost = next(one for step in lesser.queue for one in step.needs if one.need == "lost")
    assert lost.since == now
    assert [one.need for one in begun_alarms(lesser.queue, "C4", now=now)] == ["lost"]
    assert lesser.received_at == desk.clock.now() - WAITED
    assert events(desk, desk.lesser)[-3:] == [
        "assignment.diverted", "incident.diversion_away_accepted", "incident.assigned",
    ]  # fmt: skip
    assert events(desk, desk.arrest)[-2:] == ["incident.assigned", "incident.diversion_accepted"]
    # A second yes changes nothing.
    assert desk.accept(offer.diversion_id) == done
    assert len(desk.look(desk.arrest).assignments) == 1
    with desk.database.engine.connect() as connection:
        assert verify_log(connection).intact


def test_after_thirty_seconds_the_next_unit_is_asked_and_a_late_yes_is_refused(desk: Desk):
    # A second ALS passes on its way to another C4.
    second = next(
        unit.unit_id for unit in desk.ranked().units
        if unit.level == "ALS" and unit.unit_id != desk.unit_id
    )  # fmt: skip
    other = desk.take(114.13).incident_id
    desk.code(other, "C4", "BLS")
    desk.send(other, second)
    desk.drive(second, 114.08)
    first = desk.ask()
    desk.job(first.diversion_id)  # too early: nothing happens
    assert [one.state for one in desk.look(desk.arrest).diversions] == ["offered"]
    desk.clock.advance(ANSWER_WITHIN_S)
    with pytest.raises(DiversionExpiredError):
        desk.accept(first.diversion_id)
    desk.job(first.diversion_id)
    asked = desk.look(desk.arrest).diversions
    assert [(one.unit_id, one.state) for one in asked] == [
        (desk.unit_id, "expired"), (second, "offered"),
    ]  # fmt: skip
    assert tasks(desk) == [(desk.lesser, "en_route")]
    with pytest.raises(DiversionExpiredError):
        desk.accept(first.diversion_id)
    desk.job(first.diversion_id)  # the job again: nobody is asked twice
    assert len(desk.look(desk.arrest).diversions) == 2
    desk.accept(asked[1].diversion_id)
    assert [one.state for one in desk.look(other).assignments] == ["diverted", "notified"]


def test_a_unit_is_asked_again_though_nobody_noted_that_its_time_was_up(desk: Desk):
    first = desk.ask()
    with pytest.raises(DiversionOfferedError):
        desk.ask()
    desk.clock.advance(ANSWER_WITHIN_S)
    again = desk.ask()
    assert [one.state for one in desk.look(desk.arrest).diversions] == ["expired", "offered"]
    assert events(desk, desk.lesser)[-2:] == [
        "incident.diversion_away_expired", "incident.diversion_away_offered",
    ]  # fmt: skip
    desk.job(first.diversion_id)
    assert desk.accept(again.diversion_id).state == "accepted"


@pytest.mark.parametrize("what", ["cancelled", "recoded", "other task"])
def test_an_offer_that_nobody_can_accept_any_more_holds_up_nobody(desk: Desk, what: str):
    dead = desk.ask()
    other = desk.take(114.061).incident_id
    desk.code(other, "C1", "ALS")
    if what == "cancelled":
        with desk.database.unit_of_work(desk.dispatcher) as uow:
            outcomes.cancel(uow, desk.arrest, reason="test")
    elif what == "recoded":
        desk.code(desk.arrest, "C3", "BLS")
    else:
        (mine,) = desk.look(desk.lesser).assignments
        desk.stamp(mine.assignment_id, AssignmentState.CANCELLED)
        desk.send(desk.lesser, desk.unit_id)
    ask = Desk(**{**desk.__dict__, "arrest": other}).ask
    made = ask()
    assert [one.state for one in desk.look(desk.arrest).diversions] == ["withdrawn"]
    assert "incident.diversion_withdrawn" in events(desk, desk.arrest)
    with pytest.raises(DiversionEndedError):
        desk.accept(dead.diversion_id)
    # One that can be accepted still holds.
    with pytest.raises(DiversionOfferedError):
        ask()
    # The job of the dead one finds nothing to do.
    desk.clock.advance(ANSWER_WITHIN_S - 1)
    desk.job(dead.diversion_id)
    assert desk.accept(made.diversion_id).state == "accepted"


def test_a_no_asks_the_next_at_once_and_is_final(desk: Desk):
    offer = desk.ask()
    assert desk.decline(offer.diversion_id).state == "declined"
    with pytest.raises(DiversionEndedError):
        desk.accept(offer.diversion_id)
    with desk.database.read(SYSTEM) as uow:
        due = uow.session.execute(text(
            "SELECT scheduled_at FROM procrastinate_jobs WHERE status = 'todo' "
            "AND args->>'diversion_id' = :id"
        ), {"id": str(offer.diversion_id)}).scalars().all()  # fmt: skip
    assert len(due) == 1
    desk.job(offer.diversion_id)
    assert [one.state for one in desk.look(desk.arrest).diversions] == ["declined"]
    with pytest.raises(DiversionNotFoundError):
        desk.accept(uuid4())


def test_who_may_not_be_diverted_is_refused(desk: Desk):
    free = next(unit.unit_id for unit in desk.ranked().units if unit.eligible)
    with pytest.raises(NotDivertibleError, match="it is on no call"):
        desk.ask(free)
    for category in ("C1", None):
        desk.code(desk.lesser, category, "BLS")
        with pytest.raises(NotDivertibleError, match="not less urgent"):
            desk.ask()
    desk.code(desk.lesser, "C4", "BLS")
    # A free unit drives up: nobody need be robbed.
    als = next(unit for unit in desk.ranked().units if unit.eligible and unit.level == "ALS")
    desk.drive(als.unit_id, 114.058)
    with pytest.raises(DiversionGainsNothingError):
        desk.ask()
    desk.drive(als.unit_id, 114.18)
    with desk.database.unit_of_work(desk.dispatcher) as uow:
        outcomes.cancel(uow, desk.arrest, reason="none")
    with pytest.raises(IncidentClosedError):
        desk.ask()


@pytest.mark.parametrize("state", ["on_scene", "at_patient", "left_scene"])
def test_a_unit_at_its_patient_keeps_it_also_after_it_was_asked(desk: Desk, state: str):
    offer = desk.ask()
    (mine,) = desk.look(desk.lesser).assignments
    desk.stamp(mine.assignment_id, AssignmentState(state))
    with pytest.raises(NotDivertibleError):
        desk.accept(offer.diversion_id)
    with pytest.raises(NotDivertibleError):
        desk.ask()
    assert tasks(desk) in ([(desk.lesser, state)], [])


def test_a_yes_to_what_is_no_longer_so_is_refused(desk: Desk):
    offer = desk.ask()
    # A crew that reports its progress is no change.
    (mine,) = desk.look(desk.lesser).assignments
    desk.stamp(mine.assignment_id, AssignmentState.STAGING)
    desk.code(desk.lesser, "C2", "BLS")
    with pytest.raises(DiversionOutdatedError):
        desk.accept(offer.diversion_id)
    desk.clock.advance(ANSWER_WITHIN_S)
    desk.job(offer.diversion_id)
    desk.code(desk.lesser, "C4", "BLS")
    offer = desk.ask()
    # Somebody sends a free unit meanwhile: nobody need be robbed any more.
    free = next(one for one in desk.ranked().units if one.eligible and one.level == "ALS")
    desk.send(desk.arrest, free.unit_id)
    with pytest.raises(DiversionOutdatedError):
        desk.accept(offer.diversion_id)
    assert tasks(desk) == [(desk.lesser, "staging")]


def test_a_cancelled_task_leaves_nothing_to_divert(desk: Desk):
    offer = desk.ask()
    (mine,) = desk.look(desk.lesser).assignments
    desk.stamp(mine.assignment_id, AssignmentState.CANCELLED)
    with desk.database.unit_of_work(desk.dispatcher) as uow:
        outcomes.close(uow, desk.lesser, outcome=Outcome.FALSE_ALARM)
    with pytest.raises(NotDivertibleError, match="it is on no call"):
        desk.accept(offer.diversion_id)


def test_two_desks_at_once_divert_one_unit_once(desk: Desk):
    """Two transactions that have both seen the unit: one wins, the other is told plainly."""
    second = desk.take(114.061).incident_id
    desk.code(second, "C1", "ALS")
    start = threading.Barrier(2)

    def press_on(incident_id: UUID) -> str:
        mine = Desk(**{**desk.__dict__, "arrest": incident_id})
        start.wait(30)
        try:
            mine.ask()
        except DiversionOfferedError:
            return "lost"
        return "won"

    with ThreadPoolExecutor(2) as pool:
        for _ in range(5):
            said = list(pool.map(press_on, [desk.arrest, second]))
            assert sorted(said) == ["lost", "won"]
            open_offers = [
                one for at in (desk.arrest, second) for one in desk.look(at).diversions
                if one.state == "offered"
            ]  # fmt: skip
            assert len(open_offers) == 1
            desk.decline(open_offers[0].diversion_id)


def test_a_yes_and_a_stamp_on_scene_at_once_leave_one_truth(desk: Desk):
    """Whichever comes first, the unit has exactly one task and both incidents agree on it."""
    for turn in range(6):
        if turn:
            desk.clock.advance(60.0)
            desk.arrest = desk.take(114.06).incident_id
            desk.lesser = desk.take(114.12).incident_id
            desk.code(desk.arrest, "C1", "ALS")
            desk.code(desk.lesser, "C4", "BLS")
            desk.send(desk.lesser, desk.unit_id)
            desk.drive(desk.unit_id, 114.05)
        offer = desk.ask()
        (mine,) = desk.look(desk.lesser).assignments
        start = threading.Barrier(2)

        def do(step: str, offer=offer, mine=mine, start=start) -> str:
            start.wait(30)
            try:
                if step == "accept":
                    desk.accept(offer.diversion_id)
                else:
                    desk.stamp(mine.assignment_id, AssignmentState.ON_SCENE)
            except GoldenHourError as error:
                return error.code
            return "done"

        with ThreadPoolExecutor(2) as pool:
            accepted, stamped = pool.map(do, ["accept", "stamp"])
        assert (accepted, stamped) in {
            ("done", "illegal_transition"), ("unit_not_divertible", "done"),
        }  # fmt: skip
        if accepted == "done":
            assert tasks(desk) == [(desk.arrest, "acknowledged")]
            (new,) = desk.look(desk.arrest).assignments
        else:
            assert tasks(desk) == [(desk.lesser, "on_scene")]
            (new,) = desk.look(desk.lesser).assignments
        desk.stamp(new.assignment_id, AssignmentState.CANCELLED)


def test_a_yes_that_fails_half_way_has_not_happened(desk: Desk):
    """KilledError between the two incidents, neither has changed: it is one transaction."""
    offer = desk.ask()
    before = desk.look(desk.arrest), desk.look(desk.lesser)

    class KilledError(Exception):
        pass

    def kill_after(uow: WritingUnitOfWork) -> None:
        diversions.accept(
            uow, offer.diversion_id, source=StampSource.CONSOLE, prediction=UNASKED
        )  # fmt: skip
        raise KilledError

    with pytest.raises(KilledError), desk.database.unit_of_work(desk.dispatcher) as uow:
        kill_after(uow)
    assert (desk.look(desk.arrest), desk.look(desk.lesser)) == before
    desk.accept(offer.diversion_id)


def test_without_anybody_to_divert_a_recommendation_asks_nothing_more(desk: Desk):
    desk.ranked()  # whom units reach is read once a process
    with counted(desk.database.engine) as with_one:
        desk.ranked()
    (mine,) = desk.look(desk.lesser).assignments
    desk.stamp(mine.assignment_id, AssignmentState.CANCELLED)
    with counted(desk.database.engine) as without:
        desk.ranked()
    assert len(with_one) == len(without) + 1


def test_dispatching_a_diverted_unit_again_needs_no_new_rule(desk: Desk):
    offer = desk.ask()
    desk.accept(offer.diversion_id)
    with desk.database.unit_of_work(desk.dispatcher) as uow:
        free = next(one for one in desk.ranked(desk.lesser).units if one.eligible)
        assignments.assign(uow, desk.lesser, unit_id=free.unit_id)
    lesser = desk.look(desk.lesser)
    assert lesser.state == "assigned"
    assert "lost" in needs(lesser)
    desk.clock.advance(5.0)
    desk.stamp(lesser.assignments[-1].assignment_id, AssignmentState.ACKNOWLEDGED)
    assert "lost" not in needs(desk.look(desk.lesser))


@pytest.mark.parametrize("how", ["cancelled", "silent"])
def test_a_replacement_that_fails_reopens_who_lost_its_unit(desk: Desk, how: str):
    offer = desk.ask()
    desk.accept(offer.diversion_id)
    replacement = desk.look(desk.lesser).assignments[1]
    desk.clock.advance(30.0)
    if how == "cancelled":
        desk.stamp(replacement.assignment_id, AssignmentState.ACKNOWLEDGED)
        assert "lost" not in needs(desk.look(desk.lesser))
        desk.stamp(replacement.assignment_id, AssignmentState.CANCELLED)
        assert desk.look(desk.lesser).state == "queued"
    lesser = desk.look(desk.lesser)
    assert "lost" in needs(lesser)
    assert lesser.received_at == desk.clock.now() - WAITED - timedelta(seconds=30)


def test_no_patient_is_preempted_twice(desk: Desk):
    first = desk.ask()
    desk.accept(first.diversion_id)
    (_, replacement) = desk.look(desk.lesser).assignments
    desk.clock.advance(5.0)
    desk.stamp(replacement.assignment_id, AssignmentState.EN_ROUTE)
    desk.drive(replacement.unit_id, 114.05)
    desk.arrest = desk.take(114.06).incident_id
    desk.code(desk.arrest, "C1", replacement.level)
    (option,) = (
        one.diversion for one in desk.ranked().units if one.unit_id == replacement.unit_id
    )  # fmt: skip
    assert option is not None
    assert not option.allowed
    with pytest.raises(AlreadyPreemptedError):
        desk.ask(replacement.unit_id)
    with pytest.raises(IntegrityError), desk.database.unit_of_work(SYSTEM) as uow:
        uow.session.execute(text(
            "INSERT INTO diversions (diversion_id, incident_id, losing_incident_id, assignment_id,"
            " new_assignment_id, unit_id, state, rested_on, following, offered_at, expires_at,"
            " ended_at) SELECT gen_random_uuid(), incident_id, losing_incident_id, assignment_id,"
            " new_assignment_id, unit_id, state, rested_on, following, offered_at, expires_at,"
            " ended_at FROM diversions WHERE state = 'accepted'"
        ))  # fmt: skip


def test_without_its_replacement_a_unit_leaves_only_where_the_matrix_allows_it(desk: Desk):
    desk.code(desk.lesser, "C3", "BLS")
    offer = desk.ask()
    out_of_service(desk, *others(desk))
    with pytest.raises(ReplacementGoneError):
        desk.accept(offer.diversion_id)
    assert tasks(desk) == [(desk.lesser, "en_route")]
    desk.clock.advance(ANSWER_WITHIN_S)
    with desk.database.unit_of_work(SYSTEM) as uow:
        uow.session.execute(update(Unit).values(out_of_service_reason=None))
    desk.code(desk.lesser, "C4", "BLS")
    offer = desk.ask()
    out_of_service(desk, *others(desk))
    desk.accept(offer.diversion_id)
    assert desk.look(desk.lesser).state == "queued"


def test_what_is_assumed_preempts_nobody(desk: Desk):
    def assume(*, arrest: bool) -> None:
        said = f'{{"assumed": ["breathing"], "cardiac_arrest": {str(arrest).lower()}}}'
        with desk.database.unit_of_work(SYSTEM) as uow:
            uow.session.execute(
                text("UPDATE incidents SET response_plan = response_plan || CAST(:said AS jsonb) "
                     "WHERE incident_id = :id"), {"said": said, "id": desk.arrest},
            )  # fmt: skip

    assume(arrest=False)
    assert all(one.diversion is None for one in desk.ranked().units)
    with pytest.raises(NotDivertibleError, match="not known from answers"):
        desk.ask()
    assume(arrest=True)
    assert desk.ask().state == "offered"


def test_a_replacement_has_to_be_there_within_the_limit_of_who_loses(desk: Desk):
    desk.clock.advance(10800.0)
    option = desk.ranked().units[0].diversion
    assert option is not None
    assert (option.replaced_by, option.loss_s) == (None, None)


def needs(incident) -> set[str]:
    return {need.need for step in incident.queue for need in step.needs}


@pytest.mark.parametrize("merged", ["lesser", "arrest"])
def test_merging_ends_what_was_asked_and_says_so(desk: Desk, merged: str):
    incident_id = getattr(desk, merged)
    other = desk.take(114.07).incident_id
    asked = desk.ask()
    with desk.database.unit_of_work(desk.dispatcher) as uow:
        diversions.merge(uow, incident_id, into=other)
    with pytest.raises(DiversionEndedError):
        desk.accept(asked.diversion_id)
    assert "incident.diversion_withdrawn" in events(desk, desk.arrest)
    assert "incident.diversion_away_withdrawn" in events(desk, desk.lesser)
    # The unit goes on to whom it was sent, under the number that goes on.
    assert tasks(desk) == [(other if merged == "lesser" else desk.lesser, "en_route")]
    # The job that falls due later finds nothing to do.
    desk.clock.advance(ANSWER_WITHIN_S + 1)
    desk.job(asked.diversion_id)
    assert tasks(desk) == [(other if merged == "lesser" else desk.lesser, "en_route")]


def test_a_merge_without_offers_is_the_plain_one(desk: Desk):
    other = desk.take(114.07).incident_id
    with desk.database.unit_of_work(desk.dispatcher) as uow:
        diversions.merge(uow, desk.arrest, into=other)
    assert events(desk, desk.arrest)[-1] == "incident.merged_into"

"""The order of the queue: what must be done now stands on top, whatever the mix."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from dispatch.incidents.lifecycle import ENDED, SERVING, incident_state
from dispatch.incidents.urgency import (
    ANSWER_WITHIN_S,
    Need,
    QueueFacts,
    QueueStep,
    Section,
    UnitFacts,
    queue_steps,
)
from dispatch.model import AssignmentState, IncidentFacts, IncidentState

NOON = datetime(2026, 11, 30, 12, tzinfo=UTC)
MOMENTS = st.integers(0, 7200).map(lambda seconds: NOON + timedelta(seconds=seconds))
CATEGORIES = st.sampled_from(["C1", "C2", "C3", "C4", None])


@st.composite
def facts(draw: st.DrawFn, category: st.SearchStrategy[str | None] = CATEGORIES) -> QueueFacts:
    """Return an incident that its units' states agree with."""
    received_at = draw(MOMENTS)
    units = tuple(
        UnitFacts(state, notified_at=at, last_stamp_at=at + timedelta(seconds=more),
                  place_known_at=at + timedelta(seconds=more),
                  predicted_arrival_at=draw(st.none() | MOMENTS))
        for state, at, more in draw(st.lists(
            st.tuples(st.sampled_from(AssignmentState), MOMENTS, st.integers(0, 600)), max_size=3
        ))
    )  # fmt: skip
    return QueueFacts(
        state=incident_state(IncidentFacts(queued_at=received_at), [unit.state for unit in units]),
        category=draw(category),
        received_at=received_at,
        place_changed_at=draw(st.none() | MOMENTS),
        short_since=draw(st.none() | MOMENTS),
        units=units,
    )


def stands(one: QueueFacts, now: datetime) -> QueueStep:
    """Return where it stands, as a page finds it."""
    steps = queue_steps(one)
    return [step for step in steps if step.from_at <= now or step is steps[0]][-1]


@given(st.lists(facts(), min_size=2, max_size=8), MOMENTS)
def test_no_c1_need_is_ever_below_a_lesser_one(incidents, now):
    shown = sorted(incidents, key=lambda one: stands(one, now).order)
    seen_lesser = False
    for one in shown:
        if stands(one, now).needs and one.category in {"C3", "C4"}:
            seen_lesser = True
        if stands(one, now).needs and one.category == "C1":
            assert not seen_lesser


@given(facts(st.just("C1")), facts(), MOMENTS)
def test_a_c1_without_a_unit_is_above_all_that_has_another_reason(waiting, other, now):
    first = stands(waiting, now)
    if first.unassigned_c1 and not stands(other, now).unassigned_c1:
        assert first.order < stands(other, now).order


@given(facts(), facts(), MOMENTS)
def test_sections_stand_in_their_order(one, other, now):
    ranks = {section: rank for rank, section in enumerate(Section)}
    here, there = stands(one, now), stands(other, now)
    if ranks[here.section] < ranks[there.section]:
        assert here.order < there.order
    assert (here.section is Section.ACTION) == bool(here.needs)


@given(facts(st.none()), facts(st.sampled_from(["C3", "C4"])), MOMENTS)
def test_an_uncoded_one_ranks_as_c2_at_least(uncoded, lesser, now):
    here, there = stands(uncoded, now), stands(lesser, now)
    if here.needs and there.needs:
        assert here.order < there.order


@given(facts())
def test_steps_follow_in_time_and_needs_are_never_lost(one):
    steps = queue_steps(one)
    assert [step.from_at for step in steps] == sorted({step.from_at for step in steps})
    assert steps[0].from_at == one.received_at
    for before, after in pairwise(steps):
        assert set(before.needs) < set(after.needs)
    if not {unit.state for unit in one.units} & SERVING:
        assert Need.WAITING in {one.need for one in steps[0].needs}


def test_an_ended_incident_stands_nowhere():
    for state in ENDED:
        assert queue_steps(QueueFacts(state=state, category="C1", received_at=NOON)) == ()


def test_a_crew_that_does_not_answer_comes_up_when_its_time_is_over():
    unit = UnitFacts(
        AssignmentState.NOTIFIED, notified_at=NOON, last_stamp_at=NOON, place_known_at=NOON
    )
    one = QueueFacts(state=IncidentState.ASSIGNED, category="C1", received_at=NOON, units=(unit,))
    silent, up, *_ = queue_steps(one)
    assert silent.section is Section.UNDER_WAY
    assert up.from_at == NOON + timedelta(seconds=ANSWER_WITHIN_S["C1"])
    assert [need.need for need in up.needs] == [Need.UNACKNOWLEDGED]


def test_of_the_same_urgency_the_one_whose_time_is_used_up_first():
    older = QueueFacts(state=IncidentState.QUEUED, category="C3", received_at=NOON)
    newer = QueueFacts(
        state=IncidentState.QUEUED, category="C3", received_at=NOON + timedelta(seconds=1)
    )
    now = NOON + timedelta(hours=1)
    assert stands(older, now).order < stands(newer, now).order


def test_a_place_that_was_changed_under_way_needs_the_crews_word():
    unit = UnitFacts(
        AssignmentState.EN_ROUTE,
        notified_at=NOON,
        last_stamp_at=NOON,
        place_known_at=NOON + timedelta(seconds=20),
    )
    moved_at = NOON + timedelta(seconds=60)
    one = QueueFacts(
        state=IncidentState.EN_ROUTE, category="C2", received_at=NOON, place_changed_at=moved_at,
        units=(unit,),
    )  # fmt: skip
    assert stands(one, moved_at - timedelta(seconds=1)).section is Section.UNDER_WAY
    assert stands(one, moved_at).needs[0].need is Need.PLACE_UNACKNOWLEDGED

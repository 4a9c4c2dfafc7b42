"""The state machines: tables agree, contradictions are refused, the derived state holds."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from dispatch.errors import IllegalTransitionError, StampTimeError
from dispatch.incidents.lifecycle import (
    EXITS,
    NEXT,
    PATH,
    TAKEN_AWAY,
    StepKind,
    check_transition,
    contradicting,
    incident_state,
    next_states,
    skipped_between,
    unit_status,
)
from dispatch.model import (
    ETIMES,
    AssignmentState,
    IncidentFacts,
    IncidentState,
    Outcome,
    Stamp,
    UnitAvailability,
)
from gis.tables import OPEN_ASSIGNMENT_STATES, Assignment, Incident

A, S = AssignmentState, IncidentState
T0 = datetime(2026, 5, 4, 8, 0, tzinfo=UTC)
QUEUED = IncidentFacts(queued_at=T0)


def _allowed_by_check(table, name):
    check = next(c for c in table.__table__.constraints if str(c.name).endswith(name))
    return {part.strip(" '\n") for part in str(check.sqltext).split("(")[1].strip(")").split(",")}


def at(seconds: float) -> datetime:
    return T0 + timedelta(seconds=seconds)


def stamps(*pairs: tuple[AssignmentState, float]) -> list[Stamp]:
    return [Stamp(state, at(s), at(s), source="tablet") for state, s in pairs]


def check(current, new, *, occurred=100.0, recorded=100.0, previous=()):
    return check_transition(
        current, new, occurred_at=at(occurred), recorded_at=at(recorded), previous_stamps=previous
    )


def test_states_are_those_of_the_tables():
    assert _allowed_by_check(Assignment, "state") == set(A)
    assert _allowed_by_check(Incident, "state") == set(S)


def test_every_state_has_a_place():
    assert set(PATH) | set(EXITS) == set(A)
    assert set(NEXT) == set(PATH) - {A.HOME}
    assert set(OPEN_ASSIGNMENT_STATES) == set(PATH[2:11])


def test_forward_steps_never_lead_back():
    for state, following in NEXT.items():
        assert all(PATH.index(state) < PATH.index(new) for new in following)


def test_etimes_are_the_nemsis_numbers():
    # NEMSIS v3.5.1, eTimes: 03 notified … 15 home, 17 staging.
    assert ETIMES[A.NOTIFIED] == "eTimes.03"
    assert ETIMES[A.ON_SCENE] == "eTimes.06"
    assert ETIMES[A.AVAILABLE] == "eTimes.13"
    assert ETIMES[A.STAGING] == "eTimes.17"
    assert len(set(ETIMES.values())) == len(ETIMES)


def test_skipped_stamps_are_named_and_staging_is_never_missed():
    assert skipped_between(A.NOTIFIED, A.ON_SCENE) == (A.ACKNOWLEDGED, A.EN_ROUTE)
    assert check(A.EN_ROUTE, A.ON_SCENE).skipped == ()


@pytest.mark.parametrize(
    ("current", "new", "allowed"),
    [
        (A.NOTIFIED, A.AVAILABLE, "acknowledged"),
        (A.AT_PATIENT, A.CANCELLED, "no_transport"),
        (A.LEFT_SCENE, A.DIVERTED, "at_destination"),
        (A.TRANSFERRED, A.NO_TRANSPORT, "available"),
    ],
)
def test_contradictions_say_what_is_allowed(current, new, allowed):
    with pytest.raises(IllegalTransitionError, match=rf"Allowed now: .*{allowed}") as caught:
        check(current, new)
    assert set(caught.value.allowed) == set(next_states(current))


@pytest.mark.parametrize("ended", EXITS)
def test_nothing_follows_an_exit(ended):
    with pytest.raises(IllegalTransitionError, match="nothing can follow"):
        check(ended, A.EN_ROUTE)


def test_a_unit_at_home_can_only_mend_its_past():
    before = stamps((A.NOTIFIED, 0), (A.ON_SCENE, 50), (A.HOME, 90))
    assert check(A.HOME, A.EN_ROUTE, occurred=20, previous=before).kind is StepKind.FILL
    with pytest.raises(IllegalTransitionError, match="nothing can follow"):
        check(A.HOME, A.CANCELLED, previous=before)


def test_late_is_flagged_from_a_minute_on():
    assert not check(A.NOTIFIED, A.EN_ROUTE, occurred=100, recorded=160).late
    assert check(A.NOTIFIED, A.EN_ROUTE, occurred=100, recorded=161).late


def test_time_never_runs_back_nor_ahead():
    before = stamps((A.NOTIFIED, 50))
    with pytest.raises(StampTimeError, match="before “notified”"):
        check(A.NOTIFIED, A.EN_ROUTE, occurred=49, previous=before)
    with pytest.raises(StampTimeError, match="future"):
        check(A.NOTIFIED, A.EN_ROUTE, occurred=161, recorded=100, previous=before)


def test_a_forgotten_stamp_fills_its_gap_only():
    before = stamps((A.NOTIFIED, 0), (A.ON_SCENE, 300))
    step = check(A.ON_SCENE, A.EN_ROUTE, occurred=60, recorded=400, previous=before)
    assert (step.kind, step.state, step.late) == (StepKind.FILL, A.ON_SCENE, True)
    with pytest.raises(StampTimeError, match="after “on_scene”"):
        check(A.ON_SCENE, A.EN_ROUTE, occurred=301, recorded=400, previous=before)
    with pytest.raises(IllegalTransitionError, match="was stamped already"):
        check(A.ON_SCENE, A.NOTIFIED, occurred=301, recorded=400, previous=before)


def test_the_same_state_at_another_time_is_refused_not_dropped():
    before = stamps((A.NOTIFIED, 0), (A.EN_ROUTE, 60))
    again = {"recorded": 400, "previous": before}
    assert check(A.EN_ROUTE, A.EN_ROUTE, occurred=61, **again).kind is StepKind.REPEAT
    assert check(A.EN_ROUTE, A.EN_ROUTE, occurred=400, **again).kind is StepKind.REPEAT
    for occurred in (30, 62, 399):
        with pytest.raises(IllegalTransitionError, match="already stamped at 2026-05-04 08:01:00Z"):
            check(A.EN_ROUTE, A.EN_ROUTE, occurred=occurred, **again)


@pytest.mark.parametrize(
    ("facts", "states", "expected"),
    [
        (IncidentFacts(), [], S.RECEIVED),
        (IncidentFacts(coded_at=T0), [], S.CODED),
        (QUEUED, [], S.QUEUED),
        (QUEUED, [A.SUGGESTED, A.PRE_ALERTED], S.QUEUED),
        (QUEUED, [A.ACKNOWLEDGED], S.ASSIGNED),
        (QUEUED, [A.NOTIFIED, A.STAGING], S.EN_ROUTE),
        (QUEUED, [A.AT_PATIENT, A.EN_ROUTE], S.ON_SCENE),
        (QUEUED, [A.ON_SCENE, A.AT_DESTINATION], S.TRANSPORTING),
        (QUEUED, [A.TRANSFERRED, A.CANCELLED], S.CLOSING),
        (QUEUED, [A.AVAILABLE, A.ON_SCENE], S.ON_SCENE),
        (QUEUED, [A.CANCELLED, A.DIVERTED], S.QUEUED),
        (IncidentFacts(queued_at=T0, closed_at=T0), [A.HOME], S.CLOSED),
        (IncidentFacts(cancelled_at=T0), [], S.CANCELLED),
    ],
)
def test_incident_state_takes_the_furthest_progress(facts, states, expected):
    assert incident_state(facts, states) is expected
    assert incident_state(facts, states[::-1]) is expected


@pytest.mark.parametrize(
    ("state", "on_shift", "reason", "primary", "named"),
    [
        (None, True, None, UnitAvailability.AVAILABLE, "InService"),
        (A.EN_ROUTE, True, None, UnitAvailability.CONDITIONALLY_AVAILABLE, "EnRoute"),
        (A.ON_SCENE, True, None, UnitAvailability.NOT_AVAILABLE, "OnScene"),
        (A.LEFT_SCENE, True, None, UnitAvailability.NOT_AVAILABLE, "Transporting"),
        (None, False, None, UnitAvailability.NOT_AVAILABLE, "OffDuty"),
        (None, True, "tyre", UnitAvailability.NOT_AVAILABLE, "OutofService"),
        (A.EN_ROUTE, False, None, UnitAvailability.NOT_AVAILABLE, "EnRoute"),
    ],
)
def test_unit_status_has_eido_names(state, on_shift, reason, primary, named):
    status = unit_status(state, on_shift=on_shift, out_of_service_reason=reason)
    assert status.primary is primary
    assert named in status.secondary


class Desk(RuleBasedStateMachine):
    """Two incidents and three units, driven at random through the pure functions."""

    @initialize()
    def begin(self):
        self.now_s = 0.0
        self.closed = [False, False]
        self.open_unit: dict[int, int] = {}
        self.assignments: list[dict] = []
        self.best = [0, 0]

    @rule(incident=st.integers(0, 1), unit=st.integers(0, 2))
    def assign(self, incident, unit):
        if self.closed[incident] or unit in self.open_unit:
            return
        self.open_unit[unit] = len(self.assignments)
        self.assignments.append({
            "incident": incident, "unit": unit, "state": A.NOTIFIED,
            "stamps": stamps((A.NOTIFIED, self.now_s)),
        })  # fmt: skip

    @rule(which=st.integers(0, 9), new=st.sampled_from(list(A)), ago_s=st.integers(-90, 400))
    def stamp(self, which, new, ago_s):
        if not self.assignments:
            return
        one = self.assignments[which % len(self.assignments)]
        self.now_s += 30.0
        try:
            step = check_transition(
                one["state"], new, occurred_at=at(self.now_s - ago_s), recorded_at=at(self.now_s),
                previous_stamps=one["stamps"],
            )  # fmt: skip
        except IllegalTransitionError:
            return
        if step.kind is StepKind.REPEAT:
            return
        one["stamps"].append(
            Stamp(new, at(self.now_s - ago_s), at(self.now_s), source="t", skipped=step.skipped)
        )
        one["state"] = step.state
        if step.state not in OPEN_ASSIGNMENT_STATES:
            self.open_unit.pop(one["unit"], None) if self.open_unit.get(
                one["unit"]
            ) == self.assignments.index(one) else None

    @rule(incident=st.integers(0, 1))
    def close(self, incident):
        working = any(
            one["incident"] == incident and one["state"] in OPEN_ASSIGNMENT_STATES
            for one in self.assignments
        )
        self.closed[incident] = self.closed[incident] or not working

    @invariant()
    def at_most_one_open_assignment_per_unit(self):
        if not hasattr(self, "assignments"):
            return
        busy = [a["unit"] for a in self.assignments if a["state"] in OPEN_ASSIGNMENT_STATES]
        assert len(busy) == len(set(busy))

    @invariant()
    def path_stamps_are_unique_and_in_time_order(self):
        for one in getattr(self, "assignments", ()):
            on_path = [s for s in one["stamps"] if s.state in PATH]
            ordered = sorted(on_path, key=lambda s: PATH.index(s.state))
            assert len({s.state for s in on_path}) == len(on_path)
            times = [s.occurred_at for s in ordered]
            assert times == sorted(times)

    @invariant()
    def incident_state_fits_its_assignments(self):
        for incident in (0, 1) if hasattr(self, "assignments") else ():
            states = [a["state"] for a in self.assignments if a["incident"] == incident]
            facts = IncidentFacts(queued_at=T0, closed_at=T0 if self.closed[incident] else None)
            state = incident_state(facts, states)
            working = [s for s in states if s in OPEN_ASSIGNMENT_STATES and s != A.TRANSFERRED]
            assert (state is S.CLOSED) == self.closed[incident]
            if working:
                assert state in {S.ASSIGNED, S.EN_ROUTE, S.ON_SCENE, S.TRANSPORTING}
            assert incident_state(facts, reversed(states)) is state


TestDesk = Desk.TestCase
TestDesk.settings = settings(max_examples=60, stateful_step_count=40, deadline=None)


@given(st.sampled_from(Outcome), st.sets(st.sampled_from(AssignmentState)))
def test_an_outcome_is_contradicted_only_by_a_patient_who_went_on(outcome, stamped):
    against = set(contradicting(outcome, stamped))
    assert against <= stamped & TAKEN_AWAY
    says_nobody = outcome.value in {"treated_on_scene", "refused", "no_patient", "false_alarm"}
    assert bool(against) == (says_nobody and bool(stamped & TAKEN_AWAY))

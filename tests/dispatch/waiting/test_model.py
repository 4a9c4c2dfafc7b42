"""Deadlines played at random: nothing leaves the queue by time, and nobody waits longer."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from dispatch.model import AssignmentState, IncidentState
from dispatch.triage.protocol import default_protocol
from dispatch.triage.rules import CATEGORIES
from dispatch.waiting.model import (
    CALL_AGAIN_S,
    LOST_CALL_BACK_S,
    NEXT,
    RUNNING,
    CallBackResult,
    Deadline,
    DeadlineKind,
    DeadlineState,
    UnitWaitedFor,
    WaitingFacts,
    by_the_clock,
    changes,
    is_uncovered,
    recategorised,
    wanted,
)

START = datetime(2026, 5, 4, 8, 0, tzinfo=UTC)
TIMERS = default_protocol().rules.timers
A = AssignmentState


class Waiting(RuleBasedStateMachine):
    """A patient waits; units are sent, answer, are silent, free, are diverted; time passes."""

    def __init__(self) -> None:
        super().__init__()
        self.now = START
        self.category: str | None = None
        self.surge = False
        self.called: tuple[datetime, bool] | None = None
        self.units: dict[int, UnitWaitedFor] = {}
        self.running: list[Deadline] = []
        self.over: list[Deadline] = []
        self.ended = False
        self._keep()

    def _facts(self) -> WaitingFacts:
        serving = any(one.state is not A.CANCELLED and one.state is not A.DIVERTED
                      for one in self.units.values())  # fmt: skip
        state = IncidentState.ASSIGNED if serving else IncidentState.QUEUED
        return WaitingFacts(
            state=IncidentState.CLOSED if self.ended else state, category=self.category,
            received_at=START, surge=self.surge,
            called_at=None if self.called is None else self.called[0],
            answered=self.called is None or self.called[1], units=tuple(self.units.values()),
        )  # fmt: skip

    def _keep(self) -> None:
        due = changes(self.running, wanted(self._facts(), TIMERS))
        for before, after in due.sooner:
            assert after.due_at < before.due_at
            self.running[self.running.index(before)] = after
        self.over += due.gone
        self.running = [one for one in self.running if one not in due.gone] + list(due.begin)

    @rule(seconds=st.integers(0, 900))
    def time_passes(self, seconds: int) -> None:
        before = self._facts()
        self.now += timedelta(seconds=seconds)
        for place, one in enumerate(self.running):
            current = one
            while (after := by_the_clock(current, self.now)) is not current.state:
                assert after in NEXT[current.state]
                current = Deadline(current.kind, current.assignment_id, current.begun_at,
                                   current.due_at, current.escalates_at, after)  # fmt: skip
            self.running[place] = current
        assert self._facts() == before
        assert len(self.running) == len(wanted(before, TIMERS))

    @rule(category=st.sampled_from(CATEGORIES))
    def it_is_coded(self, category: str) -> None:
        self.category = category
        self._keep()

    @rule(surge=st.booleans())
    def a_supervisor_decides(self, surge: bool) -> None:
        self.surge = surge
        self._keep()

    @rule()
    def a_unit_is_sent(self) -> None:
        number = len(self.units)
        self.units[number] = UnitWaitedFor(UUID(int=number), A.NOTIFIED, self.now)
        self._keep()

    @rule(which=st.integers(0, 9), to=st.sampled_from([
        A.ACKNOWLEDGED, A.EN_ROUTE, A.CANCELLED, A.DIVERTED,
    ]))  # fmt: skip
    def a_unit_changes(self, which: int, to: AssignmentState) -> None:
        one = self.units.get(which)
        if one is None or one.state in {A.CANCELLED, A.DIVERTED}:
            return
        left = self.now if to is A.DIVERTED else None
        self.units[which] = UnitWaitedFor(one.assignment_id, to, one.notified_at, left)
        self._keep()

    @rule(answered=st.booleans())
    def somebody_calls_back(self, answered: bool) -> None:
        self.called = (self.now, answered)
        self.running = [one for one in self.running if one.kind is not DeadlineKind.CALL_BACK]
        self._keep()

    @rule()
    def it_is_closed(self) -> None:
        self.ended = True
        self._keep()

    @invariant()
    def each_crew_and_each_patient_has_one_deadline_while_they_are_waited_for(self) -> None:
        names = [(one.kind, one.assignment_id) for one in self.running]
        assert len(set(names)) == len(names)
        assert all(one.state in RUNNING for one in self.running)
        if self.ended:
            assert not names
            return
        silent = {one.assignment_id for one in self.units.values() if one.state is A.NOTIFIED}
        assert {name[1] for name in names if name[0] is DeadlineKind.ANSWER} == silent
        called = [name for name in names if name[0] is DeadlineKind.CALL_BACK]
        assert len(called) == is_uncovered(self._facts())

    @invariant()
    def nobody_is_called_later_than_the_signed_time(self) -> None:
        for one in self.running:
            if one.kind is DeadlineKind.CALL_BACK and one.state is DeadlineState.OPEN:
                longest_s = TIMERS.call_back_s[self.category or "C2"]
                begun_at = START if self.called is None else self.called[0]
                assert one.due_at <= begun_at + timedelta(seconds=longest_s)


Waiting.TestCase.settings = settings(max_examples=25, stateful_step_count=25, deadline=None)
TestWaiting = Waiting.TestCase


@given(
    st.sampled_from([*CATEGORIES, None]), st.sampled_from([*CATEGORIES, None]),
    st.sampled_from(CallBackResult), st.booleans(),
)  # fmt: skip
def test_without_a_clinician_a_call_back_only_upgrades(category, chosen, result, clinician):
    new = recategorised(category, chosen, result, clinician=clinician)
    if category is None or new is None:
        return
    if not clinician or result is CallBackResult.NO_ANSWER:
        assert new <= category
    if result is CallBackResult.WORSE and category != "C1":
        assert new < category


@pytest.mark.parametrize(("category", "surge", "seconds"), [
    ("C1", False, 120), ("C2", True, 600), ("C3", False, 1800), ("C3", True, 900),
    ("C4", True, 1800), (None, False, 600),
])  # fmt: skip
def test_when_a_waiting_patient_is_called_again(category, surge, seconds):
    facts = WaitingFacts(
        state=IncidentState.QUEUED, category=category, received_at=START, surge=surge
    )
    (one,) = wanted(facts, TIMERS)
    assert one.due_at == START + timedelta(seconds=seconds)


@pytest.mark.parametrize(("called", "answered", "lost_s", "due_s"), [
    (None, True, 300, 300 + LOST_CALL_BACK_S),
    (600, False, None, 600 + CALL_AGAIN_S),
    (600, True, 300, 600 + 3600),
])  # fmt: skip
def test_who_lost_its_unit_or_did_not_answer_is_called_soon(called, answered, lost_s, due_s):
    def after(s):
        return None if s is None else START + timedelta(seconds=s)

    units = () if lost_s is None else (
        UnitWaitedFor(UUID(int=1), A.DIVERTED, START, after(lost_s)),
    )  # fmt: skip
    facts = WaitingFacts(
        state=IncidentState.QUEUED, category="C4", received_at=START, called_at=after(called),
        answered=answered, units=units,
    )  # fmt: skip
    (one,) = wanted(facts, TIMERS)
    assert one.due_at == START + timedelta(seconds=due_s)

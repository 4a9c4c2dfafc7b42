"""What a run makes of a series, and what staff may decide."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from surveillance.signals.errors import SignalEndedError
from surveillance.signals.lifecycle import (
    QUIET_DAYS,
    Before,
    Change,
    State,
    check_decided,
    found_again,
    is_over,
)

DAY = date(2026, 6, 10)


def before(state=State.NEW, *, last_on=DAY, newest_case_on=DAY):
    return Before(state=state, last_on=last_on, newest_case_on=newest_case_on)


@given(st.sampled_from(State), st.integers(-5, 5))
def test_nothing_is_raised_or_woken_without_a_new_case(state, days):
    change = found_again(before(state), newest_case_on=DAY + timedelta(days=days))
    if days <= 0:
        assert change in {Change.UPDATED, Change.SILENT}
    elif state is State.MUTED:
        assert change is Change.WOKEN
    elif state is State.ENDED:
        assert change is Change.RAISED
    else:
        assert change is Change.UPDATED


def test_a_series_without_a_signal_gets_one():
    assert found_again(None, newest_case_on=DAY) is Change.RAISED


@pytest.mark.parametrize(
    ("days", "over"), [(0, False), (QUIET_DAYS, False), (QUIET_DAYS + 1, True)]
)
def test_a_signal_is_over_after_two_quiet_weeks(days, over):
    assert is_over(before(), day=DAY + timedelta(days=days)) is over


@given(st.sampled_from([state for state in State if state is not State.ENDED]))
def test_the_same_decision_again_changes_nothing(state):
    assert not check_decided(state, state)
    assert check_decided(State.NEW, State.MUTED)


def test_what_has_ended_is_not_decided_on():
    with pytest.raises(SignalEndedError):
        check_decided(State.ENDED, State.MUTED)

"""The call's table: what may follow what, and call-backs that end only when somebody is reached."""

from datetime import UTC, datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from dispatch.calls.model import (
    CALL_BACK_TRIES,
    CALL_STATE_WORDS,
    ENDS,
    LEADS_TO,
    TRANSITIONS,
    CallBack,
    CallBackResult,
    CallState,
    Said,
    after_try,
    next_state,
    owed,
)
from dispatch.calls.numbers import one_spelling

AT = datetime(2026, 11, 30, 12, tzinfo=UTC)


def test_the_table_is_whole() -> None:
    assert set(CALL_STATE_WORDS) == set(CallState)
    assert set(LEADS_TO) == set(Said)
    assert all(LEADS_TO[said] == after for (_, said), after in TRANSITIONS.items())
    assert not any(before in ENDS for before, _ in TRANSITIONS)


@settings(max_examples=30)
@given(st.lists(st.sampled_from(Said), max_size=12))
def test_an_ended_call_stays_ended(said: list[Said]) -> None:
    state = CallState.RINGING
    for one in said:
        after = next_state(state, one)
        if state in ENDS:
            assert after in (None, state)
        state = after or state
        assert next_state(state, one) in (None, state) or one in (Said.HELD, Said.RESUMED)


@settings(max_examples=30)
@given(st.lists(st.sampled_from(CallBackResult), max_size=8))
def test_only_somebody_reached_ends_a_call_back(results: list[CallBackResult]) -> None:
    duty = owed(AT)
    for count, result in enumerate(results, start=1):
        duty = after_try(duty, result, at=AT + timedelta(minutes=count))
        assert duty.tries == count
        assert (duty.state == CallBack.REACHED) == (result == CallBackResult.REACHED)
        assert (duty.due_at is not None) == (duty.state == CallBack.DUE)
        if result != CallBackResult.REACHED and count >= CALL_BACK_TRIES:
            assert duty.state == CallBack.UNREACHED


def test_one_number_has_one_spelling() -> None:
    assert {
        one_spelling(number)
        for number in ("+86 138 0013 8000", "0086-13800138000", "13800138000", "8613800138000")
    } == {"13800138000"}
    assert one_spelling("+56 9 8765 4321") == one_spelling("9 8765 4321") == "987654321"
    assert one_spelling(None) is None
    assert one_spelling("anonymous") is None
    assert one_spelling("١٢٣٤٥٦") is None

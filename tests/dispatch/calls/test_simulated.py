"""The simulated exchange says nothing that the table refuses, and the same for the same seed."""

from dispatch.calls.model import ENDS, CallState, Said, next_state
from dispatch.calls.simulated import simulated_calls


def test_every_simulated_call_follows_the_table_to_its_end() -> None:
    reports = simulated_calls(7, calls=300, calls_a_minute=30.0)
    assert reports == simulated_calls(7, calls=300, calls_a_minute=30.0)
    states: dict[str, CallState] = {}
    for report in reports:
        before = states.get(report.exchange_ref, CallState.RINGING)
        assert (report.said == Said.RANG) == (report.exchange_ref not in states)
        after = next_state(before, report.said)
        assert after is not None
        states[report.exchange_ref] = after
    assert set(states.values()) <= ENDS
    assert CallState.ABANDONED in states.values()

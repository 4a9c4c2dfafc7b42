"""A void opens when its people are unreached for a while, and closes when they are few for one."""

from datetime import timedelta

import pytest

from dispatch.coverage.ahead import chance_back, chance_ended
from dispatch.coverage.hysteresis import Step, Watched, step
from dispatch.coverage.model import Rules
from tests.seeds import NOW

RULES = Rules(void_opens_people=5000, void_closes_people=3000, void_holds_s=60)
BEFORE, LONG_AGO = NOW - timedelta(seconds=59), NOW - timedelta(seconds=60)


@pytest.mark.parametrize(
    ("void", "people", "done"),
    [
        (None, 4999, Step.NOTHING),
        (None, 5000, Step.WATCH),
        (Watched(BEFORE), 4999, Step.FORGET),
        (Watched(BEFORE), 5000, Step.NOTHING),
        (Watched(LONG_AGO), 5000, Step.OPEN),
        (Watched(LONG_AGO, LONG_AGO), 3000, Step.NOTHING),
        (Watched(LONG_AGO, LONG_AGO), 2999, Step.CLOSING),
        (Watched(LONG_AGO, LONG_AGO, BEFORE), 2999, Step.NOTHING),
        (Watched(LONG_AGO, LONG_AGO, BEFORE), 3000, Step.STAY),
        (Watched(LONG_AGO, LONG_AGO, LONG_AGO), 2999, Step.CLOSE),
    ],
)
def test_every_step_of_the_table(void, people, done):
    assert step(void, people, now=NOW, rules=RULES) is done


def test_without_a_hold_it_opens_and_closes_at_once():
    rules = Rules(void_holds_s=0)
    assert step(None, 5000, now=NOW, rules=rules) is Step.OPEN
    assert step(Watched(NOW, NOW), 0, now=NOW, rules=rules) is Step.CLOSE


def test_tasks_end_as_the_tasks_before_them_did():
    deciles = [600.0 * nth for nth in range(1, 10)]
    assert chance_ended(deciles, after_s=1500.0) == pytest.approx(0.25)
    # Half an hour old, seven tenths still go on; three of them end within the next half hour.
    assert chance_back(deciles, age_s=1800.0, ahead_s=1800.0) == pytest.approx(3 / 7)
    assert chance_back(deciles, age_s=0.0, ahead_s=0.0) == 0.0
    assert chance_back(deciles, age_s=9000.0, ahead_s=60.0) is None

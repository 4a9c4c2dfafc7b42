"""Thresholds by the number of alarms that can be verified a day."""

from datetime import date

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from surveillance.detect.budget import budget_for
from surveillance.detect.errors import BudgetUnusableError
from surveillance.detect.model import Judgement, Outcome
from surveillance.detect.registry import DETECTORS
from surveillance.series.model import Panel, Step


def judgement(p_value: np.ndarray) -> Judgement:
    shape = p_value.shape
    return Judgement(
        first=0, observed=np.ones(shape), expected=np.ones(shape), threshold=np.full(shape, 2.0),
        p_value=p_value, alarm=np.zeros(shape, bool), outcome=np.zeros(shape, np.int8),
    )  # fmt: skip


@given(st.integers(0, 2**32 - 1), st.floats(0.01, 30.0), st.sampled_from([1, 2]))
def test_history_never_has_more_alarms_than_asked_and_no_fewer_than_it_must(
    seed: int, wanted: float, digits: int
) -> None:
    p_value = np.round(np.random.default_rng(seed).random((8, 40)), digits)
    history = judgement(p_value)
    budget = budget_for(history, alarms_a_day=wanted, days_a_period=1)
    count = int(budget.alarms(history).sum())
    assert count == round(budget.alarms_a_day * 40)
    assert count <= wanted * 40 + 1e-9
    _, many = np.unique(p_value, return_counts=True)
    allowed = int(np.floor(wanted * 40 + 1e-9))
    assert count == max([0, *np.cumsum(many)[np.cumsum(many) <= allowed]])


def test_chance_gives_about_the_false_alarms_that_are_said() -> None:
    random = np.random.default_rng(1)
    budget = budget_for(judgement(random.random((200, 100))), alarms_a_day=5, days_a_period=1)
    assert budget.by_p
    assert budget.tests_a_day == 200
    assert budget.false_a_day == pytest.approx(5, rel=0.1)
    later = budget.alarms(judgement(random.random((200, 500))))
    assert later.sum() / 500 == pytest.approx(budget.false_a_day, rel=0.1)
    assert f"{budget.false_a_day:.2g} a day" in budget.sentence.en
    assert "{" not in budget.sentence.en + budget.sentence.zh


@pytest.mark.parametrize("name", DETECTORS)
def test_every_detector_meets_a_budget_of_one_alarm_a_week(name: str) -> None:
    random = np.random.default_rng(2)
    counts = random.poisson(4.0, (30, 7 * 52)).astype(float)
    panel = Panel(counts=counts, starts_on=date(2018, 7, 2), step=Step.WEEK)
    history = DETECTORS[name].detector.judge(panel, first=6 * 52)
    if not (history.outcome == Outcome.JUDGED).any():
        with pytest.raises(BudgetUnusableError):
            budget_for(history, alarms_a_day=1 / 7, days_a_period=7)
        return
    budget = budget_for(history, alarms_a_day=1 / 7, days_a_period=7)
    assert budget.alarms_a_day <= 1 / 7
    alarms = budget.alarms(history)
    assert alarms.sum() == round(budget.alarms_a_day * budget.days)
    assert not alarms[history.outcome != Outcome.JUDGED].any()
    assert "{" not in budget.sentence.en + budget.sentence.zh


def test_a_budget_of_nothing_is_refused() -> None:
    with pytest.raises(BudgetUnusableError):
        budget_for(judgement(np.full((1, 1), 0.5)), alarms_a_day=0, days_a_period=1)

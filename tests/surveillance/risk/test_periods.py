"""Whole weeks and months, of days or of published weeks."""

from datetime import date, timedelta

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from gis.disclosure.model import Period
from surveillance.risk.model import Step
from surveillance.risk.periods import of_days, of_weeks

SINCE = date(2026, 1, 1)


@given(days=st.integers(0, 120), offset=st.integers(0, 40), step=st.sampled_from(Step))
def test_periods_are_whole_and_follow_one_another(days: int, offset: int, step: Step) -> None:
    starts_on = SINCE + timedelta(days=offset)
    spans = of_days(np.ones((2, days)), starts_on=starts_on, step=step)
    assert spans.cases.shape == spans.hidden.shape == (2, len(spans.periods))
    for place, period in enumerate(spans.periods):
        assert starts_on <= period.first < period.until <= starts_on + timedelta(days=days)
        assert spans.cases[:, place].tolist() == [(period.until - period.first).days] * 2
        assert period.first.weekday() == 0 if step is Step.WEEK else period.first.day == 1
    assert all(
        one.until == after.first
        for one, after in zip(spans.periods, spans.periods[1:], strict=False)
    )


def test_a_period_with_a_missing_day_is_missing() -> None:
    counts = np.ones((2, 14))
    counts[1, 8] = np.nan
    spans = of_days(counts, starts_on=date(2026, 1, 5), step=Step.WEEK)
    assert spans.cases[0].tolist() == [7.0, 7.0]
    assert spans.cases[1, 0] == 7.0
    assert np.isnan(spans.cases[1, 1])


def weeks(first: date, count: int) -> list[Period]:
    return [
        Period(first + timedelta(weeks=one), first + timedelta(weeks=one + 1))
        for one in range(count)
    ]


def test_months_of_published_weeks_are_those_of_their_thursdays() -> None:
    # The week from 29 December 2025 has its Thursday on 1 January.
    its = weeks(date(2025, 12, 29), 9)
    cases = np.vstack([np.arange(9.0), np.ones(9)])
    hidden = np.zeros((2, 9), bool)
    hidden[1, 6], cases[1, 6] = True, np.nan
    spans = of_weeks(cases, hidden, weeks=its, step=Step.MONTH)
    assert [one.first for one in spans.periods] == [date(2025, 12, 29), date(2026, 2, 2)]
    assert spans.cases[0].tolist() == [0 + 1 + 2 + 3 + 4, 5 + 6 + 7 + 8]
    assert spans.hidden.tolist() == [[False, False], [False, True]]
    assert np.isnan(spans.cases[1, 1])


def test_a_month_with_a_week_that_was_not_published_or_is_not_over_is_left_out() -> None:
    its = weeks(date(2025, 12, 29), 8)
    spans = of_weeks(np.ones((1, 8)), np.zeros((1, 8), bool), weeks=its, step=Step.MONTH)
    assert [one.first for one in spans.periods] == [date(2025, 12, 29)]
    gap = [*its[:2], *its[3:]]
    spans = of_weeks(np.ones((1, 7)), np.zeros((1, 7), bool), weeks=gap, step=Step.MONTH)
    assert spans.periods == ()
    assert spans.cases.shape == (1, 0)


def test_a_moment_belongs_to_the_period_that_holds_it_or_to_the_newest_before() -> None:
    spans = of_days(np.ones((1, 21)), starts_on=date(2026, 1, 5), step=Step.WEEK)
    asked = [date(2020, 1, 1), date(2026, 1, 5), date(2026, 1, 18), date(2030, 1, 1)]
    assert [spans.place_of(day) for day in asked] == [0, 0, 1, 2]

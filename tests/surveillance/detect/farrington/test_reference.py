"""Which weeks are compared with which."""

from datetime import date, timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from surveillance.detect.farrington.reference import reference_columns, references, seasons
from surveillance.series.model import Step

MONDAY = date(2005, 1, 3)


def test_published_reference_weeks() -> None:
    # tests/testthat of R surveillance 1.26.0: of 2013-06-06 three years back.
    start = date(2013, 6, 6) - timedelta(weeks=300)
    found = reference_columns(300, starts_on=start, step=Step.WEEK, years=3)
    assert [str(start + timedelta(weeks=column)) for column in found] == [
        "2012-06-07", "2011-06-09", "2010-06-03",
    ]  # fmt: skip


def test_the_day_before_march_of_a_leap_year_is_compared_with_march() -> None:
    start = date(2020, 1, 1)
    (found,) = reference_columns((date(2024, 2, 29) - start).days, starts_on=start, step=Step.DAY,
                                 years=1)  # fmt: skip
    assert start + timedelta(days=found) == date(2023, 3, 1)


@given(
    column=st.integers(300, 400), window=st.integers(1, 4), n_seasons=st.integers(2, 10)
)  # fmt: skip
def test_seasons_fill_the_years_and_are_of_like_length(
    column: int, window: int, n_seasons: int
) -> None:
    season = seasons(column, starts_on=MONDAY, step=Step.WEEK, years=5, window=window,
                     n_seasons=n_seasons)  # fmt: skip
    begin = int(np.flatnonzero(season >= 0)[0])
    assert (season[begin:] >= 0).all()
    # R's blocks: w + 1 of this year and 2 w + 1 of each before.
    assert (season == n_seasons - 1).sum() == window + 1 + 5 * (2 * window + 1)
    lengths = np.bincount(season[season >= 0])[:-1]
    assert lengths.max() - lengths.min() <= 5


@pytest.mark.parametrize("left_out", [0, 3, 26])
def test_the_newest_periods_belong_to_no_baseline(left_out: int) -> None:
    found = references(range(300, 303), starts_on=MONDAY, step=Step.WEEK, years=5, window=3,
                       n_seasons=10, left_out=left_out)  # fmt: skip
    for number in range(3):
        mine = found.column[found.offsets[number] : found.offsets[number + 1]]
        assert mine.max() == 300 + number - left_out - 1


def test_a_baseline_that_begins_before_the_series_is_empty() -> None:
    found = references(range(262, 266), starts_on=MONDAY, step=Step.WEEK, years=5, window=3,
                       n_seasons=1, left_out=3)  # fmt: skip
    # 5 years are 261 weeks, and the window begins 3 before.
    assert (np.diff(found.offsets) > 0).tolist() == [False, False, True, True]

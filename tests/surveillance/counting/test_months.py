"""Days become calendar months: whole ones only, and what there is of the last."""

from datetime import date, timedelta

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from surveillance.counting.months import by_month


def test_months_that_are_not_whole_are_missing_and_the_last_is_told_so_far() -> None:
    days = np.ones((1, (date(2024, 4, 10) - date(2024, 1, 15)).days + 1))
    made = by_month(days, starts_on=date(2024, 1, 15))
    assert made.first_day.astype(str).tolist() == [f"2024-0{month}-01" for month in (1, 2, 3, 4)]
    np.testing.assert_array_equal(made.counts, [[np.nan, 29, 31, np.nan]])
    assert made.so_far.tolist() == [10]


def test_a_missing_day_makes_its_month_missing_and_no_other() -> None:
    days = np.ones((2, 60))
    days[1, 40] = np.nan
    made = by_month(days, starts_on=date(2025, 1, 1))
    np.testing.assert_array_equal(made.counts, [[31, 28, np.nan], [31, np.nan, np.nan]])


@given(
    starts_on=st.dates(date(2000, 1, 1), date(2030, 1, 1)),
    counts=st.lists(st.integers(0, 9), min_size=1, max_size=500),
)
def test_months_are_what_adding_up_day_by_day_gives(starts_on: date, counts: list[int]) -> None:
    made = by_month(np.array([counts], dtype=float), starts_on=starts_on)
    by_hand: dict[date, list[int]] = {}
    for place, count in enumerate(counts):
        by_hand.setdefault((starts_on + timedelta(days=place)).replace(day=1), []).append(count)
    assert made.first_day.astype(object).tolist() == list(by_hand)
    for (first, its), found in zip(by_hand.items(), made.counts[0].tolist(), strict=True):
        following = (first + timedelta(days=32)).replace(day=1)
        if len(its) == (following - first).days:
            assert found == sum(its)
        else:
            assert np.isnan(found)
    assert made.so_far.tolist() == [sum(list(by_hand.values())[-1])]

"""Nowcasts: what is cut off by today, what chance adds, what cannot be said."""

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from scipy.stats import nbinom

from surveillance.nowcast.estimate import (
    delay_hazards,
    lawless,
    reporting_triangle,
    truncated_bayes,
)
from surveillance.series.errors import CountsUnusableError
from tests.surveillance.goldens import column, rows_of, triangle


@st.composite
def cases(draw: st.DrawFn) -> tuple[np.ndarray, np.ndarray]:
    chance = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    onset = chance.integers(0, 30, draw(st.integers(1, 400)))
    return onset, onset + chance.poisson(draw(st.floats(0.1, 5)), onset.size)


def test_medians_and_intervals_of_the_bayesian_nowcast_but_for_chance() -> None:
    rows = [row for row in rows_of("nowcast.csv") if row["method"] == "bayes.trunc"]
    ours = truncated_bayes(triangle(), prior_mean=20, prior_variance=400,
                           chance=np.random.default_rng(7))  # fmt: skip
    cut = slice(-10, -1)
    assert np.abs(ours.median[cut] - column(rows, "median")).max() <= 1
    assert np.abs(ours.low[cut] - column(rows, "low")).max() <= 1
    assert np.abs(ours.high[cut] - column(rows, "high")).max() <= 3


@given(made=cases())
def test_every_case_known_by_now_stands_once_in_the_triangle(
    made: tuple[np.ndarray, np.ndarray],
) -> None:
    onset, report = made
    table = reporting_triangle(onset, report, now=29, longest=8, first=0)
    known = report <= 29
    assert np.nansum(table.reported) == known.sum()
    assert table.so_far.tolist() == np.bincount(onset[known], minlength=30).tolist()
    assert np.isnan(table.reported).sum() == 8 * 9 / 2


AS_SOON_AS_NONE_WAS = (
    np.array([17, 12, 0, 24, 15, 1, 9, 9, 6, 2, 28, 5, 15, 1, 21]),
    np.array([19, 17, 7, 27, 20, 8, 14, 12, 9, 9, 29, 7, 21, 3, 23]),
)


@example(made=AS_SOON_AS_NONE_WAS)
@given(made=cases())
def test_never_fewer_than_are_known_and_the_complete_ones_are_as_they_are(
    made: tuple[np.ndarray, np.ndarray],
) -> None:
    table = reporting_triangle(*made, now=29, longest=8, first=0)
    for found in (
        lawless(table, most=2000),
        truncated_bayes(table, prior_mean=20, prior_variance=400, samples=50,
                        chance=np.random.default_rng(0), most=500),
    ):  # fmt: skip
        said = ~np.isnan(found.median)
        assert (found.low[said] >= found.so_far[said]).all()
        assert (found.low[said] <= found.median[said]).all()
        assert (found.median[said] <= found.high[said]).all()
        complete = table.waited == 8
        assert (found.median[complete] == found.so_far[complete]).all()
        assert (np.diff(found.delay_cdf) >= -1e-12).all()
        assert found.delay_cdf[-1] == 1


def test_delays_are_found_though_today_cuts_them_off() -> None:
    chance = np.random.default_rng(3)
    onset = np.repeat(np.arange(60), 200)
    delay = np.minimum(nbinom(3, 0.4).rvs(onset.size, random_state=chance), 12)
    table = reporting_triangle(onset, onset + delay, now=59, longest=12, first=0)
    found = lawless(table, most=1000)
    true = np.array([(delay <= d).mean() for d in range(13)])
    assert np.abs(found.delay_cdf - true).max() < 0.02
    assert np.abs(found.median[-9:] - 200).max() < 60


def test_the_error_of_the_share_widens_the_interval() -> None:
    onset = np.repeat(np.arange(12), 60)
    delay = np.tile(np.arange(10), 72)
    few = reporting_triangle(onset, onset + delay, now=11, longest=10, first=0)
    whole, narrow = lawless(few), lawless(few, error_of_share=False)
    said = (narrow.so_far > 0) & (narrow.share < 1)
    assert (whole.high[said] >= narrow.high[said]).all()
    assert (whole.high[said] > narrow.high[said]).any()


def test_a_window_counts_the_newest_periods_only() -> None:
    onset = np.repeat(np.arange(40), 10)
    delay = np.where(onset < 20, 4, 1)
    table = reporting_triangle(onset, onset + delay, now=39, longest=5, first=0)
    recent = delay_hazards(table, window=12)
    assert recent.at[4] == 0
    assert delay_hazards(table).at[4] > 0


def test_what_is_no_triangle() -> None:
    day = np.arange(5)
    with pytest.raises(CountsUnusableError, match="before its onset"):
        reporting_triangle(day, day - 1, now=4, longest=2, first=0)
    with pytest.raises(CountsUnusableError, match="no longer than"):
        reporting_triangle(day, day, now=4, longest=9, first=0)


def test_without_any_case_nothing_is_foretold() -> None:
    none = np.empty(0, np.int64)
    found = lawless(reporting_triangle(none, none, now=20, longest=5, first=0))
    assert (found.median[:16] == 0).all()

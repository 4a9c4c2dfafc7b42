"""Rates of small counts: the exact interval."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import poisson

from gis.kernels.rates import rate_per_1e5


@pytest.mark.parametrize(
    ("count", "low", "high"),
    # Garwood's limits as tabulated by Ulm, Am. J. Epidemiol. 131 (1990) 373-375.
    [(0, 0.0, 3.689), (1, 0.025, 5.572), (10, 4.795, 18.390), (20, 12.217, 30.888)],
)
def test_published_limits(count: int, low: float, high: float) -> None:
    rate = rate_per_1e5(count, 100_000)
    assert (rate.value, round(rate.low, 3), round(rate.high, 3)) == (count, low, high)


@given(count=st.integers(1, 3000), persons=st.integers(1, 10**8))
def test_at_each_bound_what_was_counted_is_as_rare_as_said(count: int, persons: int) -> None:
    rate = rate_per_1e5(count, persons)
    low, high = (bound * persons / 1e5 for bound in (rate.low, rate.high))
    assert rate.low < rate.value < rate.high
    assert poisson.sf(count - 1, low) == pytest.approx(0.025, rel=1e-6)
    assert poisson.cdf(count, high) == pytest.approx(0.025, rel=1e-6)


@pytest.mark.parametrize(("count", "persons"), [(-1, 10), (1, 0), (1, -5.0), (1, float("nan"))])
def test_no_rate_of_nothing(count: int, persons: float) -> None:
    with pytest.raises(ValueError, match="no rate"):
        rate_per_1e5(count, persons)

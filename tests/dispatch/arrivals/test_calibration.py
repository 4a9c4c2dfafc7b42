"""The calibration report: errors with exact intervals, honest about few trips."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from dispatch.arrivals.calibration import calibration_report, quantile_interval, share_interval
from dispatch.errors import EtaRecordsInvalidError


def report_of(predicted, actual, *, hour=8, distance_m=3_000.0, **columns):
    n = len(predicted)
    return calibration_report(
        predicted, actual, hour=np.full(n, hour), distance_m=np.full(n, distance_m), **columns
    )


def test_errors_are_actual_minus_predicted():
    predicted = np.full(101, 300.0)
    report = report_of(predicted, predicted + np.arange(-20, 81))
    assert report.overall.median_error_s.value == 30.0
    assert report.overall.late.value == pytest.approx(80 / 101)
    assert report.overall.n == 101
    assert report.overall.p90_error_s.value == pytest.approx(70, abs=1)


@pytest.mark.parametrize(("q", "n"), [(0.5, 12), (0.5, 80), (0.9, 60), (0.9, 20)])
def test_intervals_of_quantiles_hold_as_often_as_promised(q, n):
    rng = np.random.default_rng(1)
    truth = stats.gamma.ppf(q, 2)
    held = [
        (found := quantile_interval(rng.gamma(2, size=n), q)).low <= truth <= found.high
        for _ in range(600)
    ]
    assert np.mean(held) >= 0.94


def test_the_interval_of_a_median_is_that_of_the_tables():
    # Order statistics 2 and 9 of 10 hold the median with 97.9 %: David and Nagaraja, section 7.1.
    found = quantile_interval(np.arange(1.0, 11.0), 0.5)
    assert (found.low, found.value, found.high) == (2.0, 5.5, 9.0)


@pytest.mark.parametrize("q", [0.5, 0.9])
def test_the_quick_interval_is_that_of_the_whole_distribution(q):
    for n in range(1, 300):
        below = stats.binom.cdf(np.arange(-1, n + 1), n, q)
        low = int(np.flatnonzero(below <= 0.025).max())
        high = int(np.flatnonzero(below >= 0.975).min())
        found = quantile_interval(np.arange(1.0, n + 1), q)
        assert found.low == (low or -np.inf)
        assert found.high == (high if high <= n else np.inf)


def test_trips_without_an_interval_count_for_everything_else():
    told = report_of([300.0] * 3, [310.0, 500.0, 310.0],
                     interval_s=[[250.0, 400.0], [250.0, 400.0], [np.nan, np.nan]])  # fmt: skip
    assert (told.overall.n, told.overall.n_interval) == (3, 2)
    assert told.overall.coverage.value == 0.5


def test_too_few_trips_leave_the_interval_open():
    found = quantile_interval(np.arange(20.0), 0.9)
    assert np.isinf(found.high)
    assert np.isfinite(found.low)
    five = quantile_interval(np.arange(5.0), 0.5)
    assert (five.low, five.high) == (-np.inf, np.inf)


def test_shares_have_clopper_pearson_intervals():
    # Ten of ten: the lower end is 0.025 ** (1 / 10).
    found = share_interval(10, 10)
    assert found.low == pytest.approx(0.025**0.1)
    assert found.high == 1.0


@pytest.mark.parametrize("n", [1, 2, 30, 400])
def test_shares_have_the_intervals_of_scipy(n):
    for successes in {0, 1, n // 3, n - 1, n}:
        theirs = stats.binomtest(successes, n).proportion_ci(0.95, method="exact")
        found = share_interval(successes, n)
        assert (found.low, found.high) == pytest.approx((theirs.low, theirs.high), abs=1e-9)


@given(n=st.integers(1, 200), seed=st.integers(0, 10**6))
def test_groups_add_up_and_intervals_contain_their_value(n, seed):
    rng = np.random.default_rng(seed)
    predicted = rng.gamma(4, 100, n)
    actual = predicted * rng.lognormal(0, 0.3, n)
    report = calibration_report(
        predicted,
        actual,
        hour=rng.integers(0, 24, n),
        distance_m=rng.gamma(2, 3_000, n),
        interval_s=np.column_stack((predicted * 0.7, predicted * 1.4)),
    )
    for rows in (report.by_hour, report.by_distance):
        assert sum(row.n for row in rows) == n
    for row in (report.overall, *report.by_hour, *report.by_distance):
        for name in ("median_error_s", "p90_error_s", "p50_miss_s", "p90_miss_s", "coverage"):
            estimate = getattr(row, name)
            assert estimate.low <= estimate.value <= estimate.high


def test_of_no_trip_at_all_nothing_is_known():
    report = report_of([], [])
    assert report.overall.n == 0
    assert np.isnan(report.overall.median_error_s.value)
    assert report.by_hour == report.by_distance == ()


@pytest.mark.parametrize(
    ("predicted", "actual", "columns"),
    [
        ([300.0], [np.inf], {}),
        ([np.nan], [300.0], {}),
        ([300.0], [-1.0], {}),
        ([300.0], [300.0, 2.0], {}),
        ([300.0], [300.0], {"hour": 24}),
        ([300.0], [300.0], {"interval_s": [[1.0, 2.0], [1.0, 2.0]]}),
        ([300.0], [300.0], {"interval_s": [[1.0, np.nan]]}),
    ],
)
def test_records_that_cannot_be_compared_are_refused(predicted, actual, columns):
    with pytest.raises(EtaRecordsInvalidError, match="finite"):
        report_of(predicted, actual, **columns)

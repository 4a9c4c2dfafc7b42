"""What was seen, summed up: in any order, in any pieces, and older without losing its shape."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from routing.learning.learn import LegDrives, cells_of, credibility, learn_cells
from routing.learning.leg_cells import HALF_LIFE_DAYS, LegCells
from routing.learning.outliers import medians, pulled_in

COLUMNS = ("leg", "hour", "drives", "drives_square", "pace_s_per_m", "pace_square")
N_STREETS = 40


@pytest.fixture(scope="module")
def street(kit):
    """Forty streets of one class."""
    ends = {i: (200.0 * i, 0.0) for i in range(N_STREETS + 1)}
    return kit.make_segments([(i, i + 1) for i in range(N_STREETS)], ends)


def some_cells(rng, n: int, *, legs: int = 12, hours: int = 5) -> LegCells:
    return LegCells.of_drives(
        rng.integers(0, legs, n).astype(np.int32), rng.integers(0, hours, n).astype(np.int16),
        rng.gamma(20, 0.006, n),
    )  # fmt: skip


def drives_of(segments, leg, hour, pace) -> LegDrives:
    leg = np.asarray(leg, dtype=np.int32)
    metres = segments.length_m[leg // 2]
    hours = np.broadcast_to(np.asarray(hour, dtype=np.int16), leg.shape)
    seconds = metres * np.broadcast_to(pace, leg.shape)
    return LegDrives(leg, hours, metres, seconds, np.arange(leg.size, dtype=np.int32))


def by_leg(cells: LegCells, segments):
    length_m = segments.length_m[cells.leg // 2]
    mean = np.average(cells.pace_s_per_m, weights=cells.drives * length_m)
    return credibility(
        cells.pace_s_per_m / mean, cells.drives * length_m, np.arange(cells.leg.size),
        n_groups=cells.leg.size, count=cells.drives, count_square=cells.drives_square,
        square=length_m * cells.pace_square / mean**2,
    )  # fmt: skip


@given(seed=st.integers(0, 10**6), pieces=st.integers(1, 5))
def test_the_order_and_the_pieces_do_not_matter(seed, pieces):
    rng = np.random.default_rng(seed)
    n = 60
    leg = rng.integers(0, 12, n).astype(np.int32)
    hour, pace = rng.integers(0, 5, n).astype(np.int16), rng.gamma(20, 0.006, n)
    whole = LegCells.of_drives(leg, hour, pace)
    joined = LegCells.none()
    for rows in np.array_split(rng.permutation(n), pieces):
        joined = joined.with_more(LegCells.of_drives(leg[rows], hour[rows], pace[rows]))
    for name in COLUMNS:
        np.testing.assert_allclose(getattr(joined, name), getattr(whole, name), atol=1e-12)
    for row in range(whole.leg.size):
        own = pace[(leg == whole.leg[row]) & (hour == whole.hour[row])]
        assert whole.drives[row] == whole.drives_square[row] == own.size
        assert whole.pace_s_per_m[row] == pytest.approx(own.mean())
        assert whole.pace_square[row] == pytest.approx(own.size * own.var(), abs=1e-12)
        assert whole.freedom[row] == own.size - 1


@given(seed=st.integers(0, 10**6), days=st.floats(0.0, 800.0))
def test_old_drives_weigh_less_and_say_the_same(seed, days):
    cells = some_cells(np.random.default_rng(seed), 80)
    weight = 0.5 ** (days / HALF_LIFE_DAYS)
    aged = cells.aged(days)
    np.testing.assert_allclose(aged.drives, weight * cells.drives)
    np.testing.assert_allclose(aged.drives_square, weight**2 * cells.drives_square)
    np.testing.assert_allclose(aged.freedom, weight * cells.freedom, atol=1e-12)
    assert ((aged.freedom > 0) == (cells.freedom > 0)).all()
    np.testing.assert_array_equal(aged.pace_s_per_m, cells.pace_s_per_m)
    by_row = cells.aged(np.full(cells.leg.size, days))
    np.testing.assert_array_equal(by_row.drives, aged.drives)


@given(seed=st.integers(0, 10**6))
def test_ages_of_one_cell_are_added_up(seed):
    rng = np.random.default_rng(seed)
    pace, days = rng.gamma(20, 0.006, 6), rng.uniform(0, 300, 6)
    cells = LegCells.none()
    for one, age in zip(pace, days, strict=True):
        new = LegCells.of_drives(np.zeros(1, np.int32), np.zeros(1, np.int16), np.array([one]))
        cells = cells.with_more(new.aged(age))
    weight = 0.5 ** (days / HALF_LIFE_DAYS)
    mean = np.average(pace, weights=weight)
    assert cells.drives[0] == pytest.approx(weight.sum())
    assert cells.pace_s_per_m[0] == pytest.approx(mean)
    assert cells.pace_square[0] == pytest.approx((weight * (pace - mean) ** 2).sum())
    assert cells.freedom[0] == pytest.approx(weight.sum() - (weight**2).sum() / weight.sum())


@given(seed=st.integers(0, 10**6), days=st.floats(0.0, 800.0))
def test_age_alone_changes_neither_variance(street, seed, days):
    rng = np.random.default_rng(seed)
    leg = np.arange(2 * N_STREETS).repeat(3)
    true = 0.12 * np.exp(rng.normal(0, 0.25, 2 * N_STREETS))
    pace = true[leg] * np.exp(rng.normal(0, 0.3, leg.size))
    cells = cells_of(drives_of(street, leg, 8, pace), street)
    aged = cells.aged(days)
    new, old = by_leg(cells, street), by_leg(aged, street)
    assert old.within == pytest.approx(new.within)
    assert old.k == pytest.approx(new.k)
    metres = cells.drives * street.length_m[cells.leg // 2]
    weight = 0.5 ** (days / HALF_LIFE_DAYS)
    np.testing.assert_allclose(old.weight, weight * metres / (weight * metres + new.k))
    # The paces differ less once they are drawn together; the spread about them stays.
    spread = [
        np.sqrt(one.variance) / one.speed_kmh
        for one in (learn_cells(cells, street), learn_cells(aged, street))
    ]
    np.testing.assert_allclose(np.median(spread[1]), np.median(spread[0]), rtol=0.2)


@pytest.mark.parametrize("days", [0.0, 90.0, 142.0, 365.0])
def test_three_drives_each_still_tell_streets_apart_when_old(street, days):
    rng = np.random.default_rng(3)
    leg = np.arange(2 * N_STREETS).repeat(3)
    true = 0.12 * np.exp(rng.normal(0, 0.25, 2 * N_STREETS))
    cells = cells_of(
        drives_of(street, leg, 8, true[leg] * np.exp(rng.normal(0, 0.3, leg.size))), street
    )
    learned = learn_cells(cells.aged(days), street)
    weight = by_leg(cells.aged(days), street).weight
    # 0.25**2 / (0.25**2 + 0.3**2 / n) of the 3 drives, which weigh 0.5 ** (days / 90) each.
    n = 3 * 0.5 ** (days / HALF_LIFE_DAYS)
    np.testing.assert_allclose(weight, 0.25**2 / (0.25**2 + 0.3**2 / n), atol=0.12)
    spread = np.sqrt(learned.variance) / learned.speed_kmh
    assert np.median(spread) == pytest.approx(0.3, abs=0.06)


def test_a_year_of_weeks_with_few_drives_keeps_the_streets_apart(street):
    rng = np.random.default_rng(5)
    true = 0.12 * np.exp(rng.normal(0, 0.3, 2 * N_STREETS))
    cells = LegCells.none()
    for _ in range(52):
        leg = rng.choice(2 * N_STREETS, 8, replace=False)
        pace = true[leg] * np.exp(rng.normal(0, 0.3, 8))
        cells = cells.aged(7.0)
        cells = cells.with_more(cells_of(drives_of(street, leg, 8, pace), street, cells))
    found = by_leg(cells, street)
    assert 0.2 < np.median(found.weight) < 0.9
    learned = learn_cells(cells, street)
    own = np.corrcoef(np.log(learned.speed_kmh), -np.log(true[learned.leg]))[0, 1]
    assert own > 0.7


def test_a_jam_of_one_hour_in_ten_is_learned_as_slow_as_it_is(street):
    rng = np.random.default_rng(7)
    n = 2_000
    hour = np.where(rng.random(n) < 0.1, 8, 20)
    pace = np.where(hour == 8, 0.40, 0.10) * rng.uniform(0.9, 1.1, n)
    learned = learn_cells(
        cells_of(drives_of(street, rng.integers(0, 80, n), hour, pace), street), street
    )
    jam = 3.6 / learned.speed_kmh[learned.hour == 8]
    free = 3.6 / learned.speed_kmh[learned.hour == 20]
    assert np.average(jam) == pytest.approx(0.40, rel=0.04)
    assert np.average(free) == pytest.approx(0.10, rel=0.04)


def test_a_jam_on_one_street_in_one_hour_is_learned(street):
    rng = np.random.default_rng(8)
    leg, hour = np.repeat(np.arange(80), 20), np.tile([8, 20], 800)
    jammed = (leg == 7) & (hour == 8)
    pace = np.where(jammed, 0.40, 0.10) * rng.uniform(0.9, 1.1, leg.size)
    cells = cells_of(drives_of(street, leg, hour, pace), street)
    own = (cells.leg == 7) & (cells.hour == 8)
    assert cells.pace_s_per_m[own] == pytest.approx(0.40, rel=0.04)


def test_thirty_nights_teach_what_one_run_does(street):
    rng = np.random.default_rng(9)
    n = 3_000
    leg, hour = rng.integers(0, 80, n), rng.choice([3, 8, 20], n, p=[0.45, 0.1, 0.45])
    true = np.exp(rng.normal(0, 0.25, 80))
    pace = np.where(hour == 8, 0.40, 0.10) * true[leg] * np.exp(rng.normal(0, 0.3, n))
    once = cells_of(drives_of(street, leg, hour, pace), street)
    nightly = LegCells.none()
    for rows in np.array_split(np.arange(n), 30):
        night = drives_of(street, leg[rows], hour[rows], pace[rows])
        nightly = nightly.with_more(cells_of(night, street, nightly))
    np.testing.assert_array_equal(nightly.key, once.key)
    apart = np.abs(nightly.pace_s_per_m / once.pace_s_per_m - 1.0)
    assert np.median(apart) < 0.01
    assert np.quantile(apart, 0.95) < 0.1
    paces = [3.6 / learn_cells(one, street).speed_kmh for one in (once, nightly)]
    np.testing.assert_allclose(np.average(paces[1]), np.average(paces[0]), rtol=0.01)


def test_an_outlier_among_many_drives_of_its_cell_is_pulled_in(street):
    rng = np.random.default_rng(10)
    leg = np.arange(80).repeat(9)
    pace = 0.10 * np.exp(rng.normal(0, 0.2, leg.size))
    pace[4] = 3.0
    drives = drives_of(street, leg, 8, pace)
    cells = cells_of(drives, street)
    own = np.delete(pace[:9], 4)
    limit = np.median(pace[:9]) * np.exp(3 * 0.3)
    assert cells.pace_s_per_m[0] == pytest.approx((own.sum() + limit) / 9, rel=0.05)
    # Those that are no outliers are as they were; so it is where drives came one by one.
    np.testing.assert_allclose(cells.pace_s_per_m[1:], pace[9:].reshape(-1, 9).mean(axis=1))
    late = drives_of(street, [0], 8, [3.0])
    alone = cells_of(late, street, cells_of(drives_of(street, leg[9:], 8, pace[9:]), street))
    assert alone.pace_s_per_m[0] == pytest.approx(0.10 * np.exp(3 * 0.3), rel=0.1)


@given(seed=st.integers(0, 10**6))
def test_medians_of_equal_weights_are_the_usual_ones(seed):
    rng = np.random.default_rng(seed)
    group, value = rng.integers(0, 5, 40), rng.normal(size=40)
    _, of = np.unique(group, return_inverse=True)
    found, total = medians(value, np.full(40, 0.5), of)
    for number, g in enumerate(np.unique(group)):
        assert found[number] == pytest.approx(np.median(value[group == g]))
        assert total[number] == pytest.approx(0.5 * (group == g).sum())


def test_of_nothing_nothing_is_pulled_in():
    nothing = pulled_in(
        np.empty(0), np.empty(0, np.int32), np.empty(0, np.int16),
        highway=np.zeros(4, np.int32), seen=LegCells.none(),
    )  # fmt: skip
    assert nothing.size == 0

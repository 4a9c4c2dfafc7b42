"""Hidden cells: whoever knows all that is told cannot narrow a small count down."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gis.kernels.disclosure import attack, dimension, suppress, table_of


def assert_safe(table, found, *, smallest_told=5):
    low, high = attack(table, found.hidden)
    assert (low[found.small] <= 1.0 + 1e-6).all()
    assert (high[found.small] >= smallest_told - 1.0 - 1e-6).all()


def test_one_small_count_takes_a_rectangle():
    table = table_of([[20, 3, 30], [40, 50, 60], [70, 80, 90]], [dimension(3), dimension(3)])
    found = suppress(table)
    assert found.small.sum() == 1
    assert found.small[0, 1]
    assert found.hidden.sum() == 4
    assert not found.hidden[3].any()
    assert not found.hidden[:, 3].any()
    assert_safe(table, found)


def test_the_small_count_alone_would_be_found_out():
    table = table_of([[20, 3], [40, 50]], [dimension(2), dimension(2)])
    only_small = (table.counts > 0) & (table.counts < 5)
    low, high = attack(table, only_small)
    assert (low[0, 1], high[0, 1]) == (3.0, 3.0)


def test_nothing_small_hides_nothing_and_empty_cells_are_told():
    table = table_of([[20, 0], [40, 50]], [dimension(2), dimension(2)])
    assert not suppress(table).hidden.any()


def test_districts_within_a_city():
    streets = [[9, 2, 14], [8, 30, 7], [11, 12, 25], [40, 6, 16]]
    city = dimension(4, [[0, 1], [2, 3]])
    table = table_of(streets, [city, dimension(3)])
    assert table.counts.shape == (7, 4)
    assert table.counts[4].tolist() == [17, 32, 21, 70]
    assert table.counts[6, 3] == 180
    found = suppress(table)
    assert found.hidden[0, 1]
    assert_safe(table, found)


def test_a_table_of_small_counts_only():
    table = table_of([[1, 1], [1, 0]], [dimension(2), dimension(2)])
    assert_safe(table, suppress(table))


@st.composite
def tables(draw):
    shape = draw(st.sampled_from([(3,), (2, 3), (4, 3), (2, 2, 3)]))
    chance = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    counts = chance.choice([0, 1, 2, 3, 4, 5, 8, 20, 60], shape)
    first = dimension(shape[0], [[0, 1]] if shape[0] > 2 else ())
    return table_of(counts, [first, *(dimension(size) for size in shape[1:])])


@settings(deadline=None, max_examples=25)
@given(tables(), st.sampled_from([3, 5, 10]))
def test_no_attacker_with_linear_programmes_narrows_a_small_count_down(table, smallest_told):
    found = suppress(table, smallest_told=smallest_told)
    assert (found.hidden >= found.small).all()
    assert not found.hidden[table.counts == 0].any()
    assert_safe(table, found, smallest_told=smallest_told)


@settings(deadline=None, max_examples=15)
@given(st.integers(0, 2**32 - 1))
def test_counting_every_table_that_fits_gives_the_same_range(seed):
    counts = np.random.default_rng(seed).integers(0, 7, (2, 2))
    table = table_of(counts, [dimension(2), dimension(2)])
    found = suppress(table)
    low, high = attack(table, found.hidden)
    every = np.indices((14,) * 4).reshape(4, -1)
    cells = table.sums @ every
    told = ~found.hidden.ravel()
    fits = (cells[told] == table.counts.ravel()[told][:, None]).all(axis=0)
    # Two-way tables are networks: whole numbers narrow nothing further.
    assert cells[:, fits].min(axis=1) == pytest.approx(low.ravel())
    bounded = high.ravel() <= 13
    assert cells[:, fits].max(axis=1)[bounded] == pytest.approx(high.ravel()[bounded])

"""Local Moran and Gi*: p by the ranks of R's spdep, what stands out, what cannot be asked."""

from itertools import combinations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from surveillance.clusters.errors import ValuesUnusableError
from surveillance.clusters.neighbours import (
    PATTERN_WORDS,
    Neighbourhoods,
    Pattern,
    hot_spots,
    local_moran,
)
from surveillance.smooth.areas import Areas
from tests.surveillance.maps import GOLDEN, grid_borders, lattice, spdep_counties


def test_p_is_that_of_spdep_within_chance_also_where_an_area_has_one_neighbour() -> None:
    """9,999 permutations there, 999 here: within five standard errors of both."""
    rows = pd.read_csv(GOLDEN / "spdep_nc_sids.csv")
    theirs = rows["local_moran_p"].to_numpy()
    mine = local_moran(spdep_counties()).p
    error = np.sqrt(2 * theirs * (1 - theirs / 2) * (1 / 1000 + 1 / 10000)) + 0.002
    apart = np.abs(mine - theirs) / error
    assert (apart < 5).mean() > 0.9
    # where few sums are possible, ties count on both sides here and by half there
    assert (mine >= theirs - 5 * error).all()


@settings(deadline=None, max_examples=20)
@given(st.integers(0, 2**32 - 1))
def test_p_is_that_of_all_choices_of_neighbours(seed: int) -> None:
    """Six areas: every choice of as many others, one by one."""
    random = np.random.default_rng(seed)
    values = random.integers(0, 4, 6).astype(float)
    areas = Areas(cases=np.ones(6), expected=np.ones(6), borders=grid_borders(3, 2))
    found = local_moran(areas, values, permutations=4000, seed=seed)
    near = areas.adjacency().toarray() > 0
    for i in range(6):
        others = [k for k in range(6) if k != i]
        sums = [values[list(some)].sum() for some in combinations(others, int(near[i].sum()))]
        own = values[near[i]].sum()
        exact = 2 * min(np.mean(np.array(sums) >= own), np.mean(np.array(sums) <= own))
        error = 2 * np.sqrt(exact / 2 * (1 - exact / 2) / 4000)
        assert found.p[i] == pytest.approx(min(exact, 1.0), abs=5 * error + 0.001)


def test_a_raised_corner_is_high_among_high_and_few_others_are_told() -> None:
    areas = lattice(12, 12, seed=2, raised=2.5)
    corner = np.array([12 * row + column for row in range(3) for column in range(3)])
    for found in (local_moran(areas), hot_spots(areas)):
        told = found.told(0.1)
        assert (told[corner] == Pattern.HIGH_AMONG_HIGH).sum() >= 4
        others = np.delete(told, corner)
        assert (others != Pattern.NONE).sum() <= 8
    assert set(PATTERN_WORDS) == set(Pattern)


def test_an_island_has_no_answer_and_changes_no_other() -> None:
    areas = lattice(6, 6, seed=2)
    alone = Areas(cases=np.append(areas.cases, 90.0), expected=np.append(areas.expected, 1.0),
                  borders=areas.borders)  # fmt: skip
    for ask in (local_moran, hot_spots):
        plain, found = ask(areas), ask(alone)
        assert found.statistic[:-1] == pytest.approx(plain.statistic)
        assert (found.p[:-1] == plain.p).all()
        assert np.isnan(found.p[-1])
        assert np.isnan(found.rate[-1])
        assert found.told(1.0)[-1] == Pattern.NONE


def test_equal_values_are_nothing_unusual() -> None:
    even = Areas(cases=np.full(9, 3.0), expected=np.ones(9), borders=grid_borders(3, 3))
    found: Neighbourhoods = local_moran(even)
    assert (found.p == 1).all()
    assert (found.told() == Pattern.NONE).all()


def test_what_cannot_be_compared_is_refused() -> None:
    areas = lattice(3, 3, seed=1)
    with pytest.raises(ValuesUnusableError, match="each area needs one"):
        local_moran(areas, np.full(9, np.nan))
    with pytest.raises(ValuesUnusableError, match="each area needs one"):
        local_moran(areas, np.ones(4))
    few = Areas(cases=np.ones(9), expected=np.ones(9), borders=np.array([[0, 1]]))
    with pytest.raises(ValuesUnusableError, match="fewer than four"):
        local_moran(few)

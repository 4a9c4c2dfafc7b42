"""Empirical Bayes against R's spdep, and what it does with few and with many people."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import gamma

from surveillance.smooth.areas import Areas
from surveillance.smooth.empirical_bayes import exceedance, global_rates, local_rates
from tests.surveillance.maps import GOLDEN, grid_borders, spdep_counties


def test_rates_are_those_of_spdep() -> None:
    """EBest(family = "poisson") and EBlocal of spdep 1.2-7, North Carolina 1974 to 1978."""
    rows = pd.read_csv(GOLDEN / "spdep_nc_sids.csv")
    areas = spdep_counties()
    whole = global_rates(areas)
    assert whole.rate == pytest.approx(rows["eb_global"].to_numpy(), abs=1e-14)
    # a and b of EBest
    assert whole.variance[0] == pytest.approx(7.6929306470147e-07, rel=1e-12)
    assert whole.mean[0] == pytest.approx(0.0020214448936544, rel=1e-12)
    assert local_rates(areas).rate == pytest.approx(rows["eb_local"].to_numpy(), abs=1e-14)


def areas_of(seed: int) -> Areas:
    random = np.random.default_rng(seed)
    expected = random.lognormal(1, 1, 20)
    cases = random.poisson(expected * random.gamma(3, 1 / 3, 20)).astype(float)
    cases[0] += 1
    return Areas(cases=cases, expected=expected, borders=grid_borders(5, 4))


@given(st.integers(0, 2**32 - 1))
def test_a_rate_lies_between_its_own_and_the_mean(seed: int) -> None:
    areas = areas_of(seed)
    raw = areas.cases / areas.expected
    for smoothed in (global_rates(areas), local_rates(areas)):
        low, high = np.minimum(raw, smoothed.mean), np.maximum(raw, smoothed.mean)
        assert (smoothed.rate >= low - 1e-12).all()
        assert (smoothed.rate <= high + 1e-12).all()


@given(st.integers(0, 2**32 - 1))
def test_the_gamma_distribution_has_the_rate_as_its_mean(seed: int) -> None:
    areas = areas_of(seed)
    whole = global_rates(areas)
    chance = exceedance(areas, whole)
    assert ((chance >= 0) & (chance <= 1)).all()
    if whole.variance[0] > 0:
        shape = whole.mean**2 / whole.variance + areas.cases
        rate = whole.mean / whole.variance + areas.expected
        assert shape / rate == pytest.approx(whole.rate)
        mean = areas.cases.sum() / areas.expected.sum()
        assert chance[3] == pytest.approx(gamma.sf(mean, shape[3], scale=1 / rate[3]))


def test_rates_that_vary_by_chance_alone_are_all_the_mean() -> None:
    expected = np.full(20, 10.0)
    areas = Areas(cases=np.full(20, 10.0), expected=expected, borders=grid_borders(5, 4))
    assert global_rates(areas).variance.max() == 0
    assert global_rates(areas).rate == pytest.approx(np.ones(20))
    assert (exceedance(areas, global_rates(areas)) == 0).all()
    nobody = Areas(cases=np.zeros(20), expected=expected, borders=grid_borders(5, 4))
    assert (local_rates(nobody).rate == 0).all()


def test_an_island_leans_on_the_whole_map() -> None:
    areas = areas_of(3)
    alone = Areas(
        cases=np.append(areas.cases, 7.0), expected=np.append(areas.expected, 2.0),
        borders=areas.borders,
    )  # fmt: skip
    assert local_rates(alone).rate[-1] == pytest.approx(global_rates(alone).rate[-1])
    assert local_rates(alone).mean[-1] == pytest.approx(global_rates(alone).mean[-1])

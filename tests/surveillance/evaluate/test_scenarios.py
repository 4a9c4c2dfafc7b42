"""The simulated series: as many cases as they should have, outbreaks where they say."""

from datetime import date

import numpy as np
import pytest

from surveillance.evaluate.scenarios import (
    JUDGED_FROM,
    LEVELS,
    SCENARIOS,
    WEEKS,
    Scenario,
    inject,
    simulate,
)
from surveillance.series.model import Panel, Step


def test_there_are_forty_two_and_the_first_of_each_level_is_even() -> None:
    assert len(SCENARIOS) == 42
    for level, first in zip(LEVELS, SCENARIOS[::6], strict=True):
        assert first.mean() == pytest.approx(np.full(WEEKS, np.exp(level[0])))
    rising = SCENARIOS[3].mean()
    assert rising[-1] / rising[0] == pytest.approx(np.exp(0.0025 * (WEEKS - 1)))
    waves = SCENARIOS[1].mean()
    assert waves[:52] == pytest.approx(waves[52:104])


@pytest.mark.parametrize("scenario", SCENARIOS[::6])
def test_mean_and_variance_are_those_of_the_scenario(scenario: Scenario) -> None:
    """Weeks before the past outbreaks, 200 series: within five standard errors."""
    found = simulate(size=1, replicates=200, chance=np.random.default_rng(4),
                     scenarios=(scenario,))  # fmt: skip
    quiet = found.panel.counts[:, :312]
    mean = scenario.mean()[0]
    assert quiet.mean() == pytest.approx(mean, abs=5 * np.sqrt(scenario.phi * mean / quiet.size))
    assert quiet.var() == pytest.approx(scenario.phi * mean, rel=0.1)


def test_an_outbreak_is_in_the_judged_weeks_and_adds_what_its_size_says() -> None:
    even = tuple(one for one in SCENARIOS if not one.waves and not one.beta)
    chance = np.random.default_rng(9)
    found = simulate(size=10, replicates=300, chance=chance, scenarios=even)
    sick = found.sick
    assert sick.shape == (7 * 300, WEEKS - JUDGED_FROM)
    assert sick.any(axis=1).all()
    begins = np.argmax(sick, axis=1)
    # one run of weeks each
    runs = (np.diff(np.pad(sick, ((0, 0), (1, 1))).astype(int), axis=1) == 1).sum(axis=1)
    assert (runs == 1).all()
    assert begins.max() < 40
    judged = found.panel.counts[:, JUDGED_FROM:]
    for row, scenario in enumerate(even):
        its = found.scenario == row
        mean = scenario.mean()[0]
        extra = (judged[its].sum(axis=1) - mean * judged.shape[1]).mean()
        wanted = 10 * np.sqrt(scenario.phi * mean)
        error = np.sqrt(scenario.phi * mean * judged.shape[1] / 300 + wanted / 300)
        assert extra == pytest.approx(wanted, abs=5 * error)


def test_the_same_seed_gives_the_same_series() -> None:
    one, other = (simulate(size=3, replicates=2, chance=np.random.default_rng(3)) for _ in range(2))
    assert (one.panel.counts == other.panel.counts).all()
    assert (one.sick == other.sick).all()


def test_own_history_keeps_its_gaps_and_gets_an_outbreak_in_each_series() -> None:
    counts = np.random.default_rng(1).poisson(20.0, (6, 300)).astype(float)
    counts[2, 280] = np.nan
    panel = Panel(counts=counts, starts_on=date(2020, 1, 6), step=Step.WEEK)
    found = inject(panel, first=250, size=8, chance=np.random.default_rng(2))
    more = found.panel.counts - counts
    assert np.isnan(more[2, 280])
    assert np.nansum(more[:, :250]) == 0
    assert (np.nansum(more, axis=1) > 10).all()
    assert (np.nan_to_num(more[:, 250:])[~found.sick] == 0).all()
    assert not found.sick[2, 30]

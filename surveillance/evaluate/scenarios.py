"""Simulated weekly series with outbreaks in them.

The scenarios of A. Noufaily et al., Stat. Med. 32 (2013) 1206, doi 10.1002/sim.5595: negative
binomial counts of mean exp(theta + beta t + season) and variance phi times that, seven levels,
with and without a trend, with no, one or two waves a year; four outbreaks in weeks 313 to 575, one
in the 49 weeks that are judged. G. Bédubourg & Y. Le Strat, PLoS ONE 12 (2017) e0181227, compare
detectors on them.
"""

from dataclasses import dataclass, replace
from datetime import date

import numpy as np
from numpy.typing import NDArray

from surveillance.series.model import Panel, Step

WEEKS, BASELINE_FROM, JUDGED_FROM = 624, 312, 575
STARTS_ON = date(2013, 1, 7)
PAST_OUTBREAKS = 4
SIZES = (1, 10)
"""Of past outbreaks, in standard deviations of the week they begin in."""
SPREAD = 0.5
"""Standard deviation of the logarithm of weeks from an outbreak's begin to a case."""
LAST_START = 40
"""The outbreak that is looked for begins in one of so many first weeks."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Scenario:
    """One kind of series."""

    theta: float
    beta: float
    gamma1: float
    gamma2: float
    phi: float
    waves: int

    def mean(self) -> NDArray[np.float64]:
        """Return the expected counts (WEEKS,) without outbreaks."""
        week = np.arange(1, WEEKS + 1)
        season = np.zeros(WEEKS)
        for wave in range(1, self.waves + 1):
            angle = 2 * np.pi * wave * week / 52
            season += self.gamma1 * np.cos(angle) + self.gamma2 * np.sin(angle)
        return np.asarray(np.exp(self.theta + self.beta * week + season))


LEVELS = (
    (0.1, 0.0025, 0.6, 0.6, 1.5),
    (-2.0, 0.005, 0.1, 0.3, 2.0),
    (1.5, 0.003, 0.2, -0.4, 1.0),
    (0.5, 0.002, 0.5, 0.5, 5.0),
    (2.5, 0.001, 1.0, 0.1, 3.0),
    (3.75, 0.001, 0.1, -0.1, 1.1),
    (5.0, 0.0001, 0.05, 0.01, 1.2),
)
"""theta, beta, gamma1, gamma2, phi of each level."""

SCENARIOS: tuple[Scenario, ...] = tuple(
    Scenario(theta=theta, beta=beta * trend, gamma1=gamma1, gamma2=gamma2, phi=phi, waves=waves)
    for theta, beta, gamma1, gamma2, phi in LEVELS
    for trend in (0, 1)
    for waves in (0, 1, 2)
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Simulated:
    """Series, and of each the weeks of the outbreak that is looked for, from the first judged on.

    panel : (n, WEEKS); sick : (n, m) bool weeks in which the outbreak has cases, or had and will
    have; scenario : (n,) rows of the scenarios given; size : of that outbreak, in standard
    deviations
    """

    panel: Panel
    sick: NDArray[np.bool_]
    scenario: NDArray[np.int64]
    size: float


def simulate(
    *, size: float, replicates: int, chance: np.random.Generator,
    scenarios: tuple[Scenario, ...] = SCENARIOS,
) -> Simulated:  # fmt: skip
    """Return `replicates` series of each scenario, with an outbreak of `size` deviations each."""
    which = np.repeat(np.arange(len(scenarios)), replicates)
    mean = np.array([one.mean() for one in scenarios])[which]
    phi = np.array([one.phi for one in scenarios])[which]
    counts = _drawn(mean, phi, chance)
    sick = np.zeros((which.size, WEEKS - JUDGED_FROM), dtype=np.bool_)
    for row in range(which.size):
        deviation = np.sqrt(phi[row] * mean[row])
        for _ in range(PAST_OUTBREAKS):
            start = int(chance.integers(BASELINE_FROM, JUDGED_FROM))
            sizes = int(chance.integers(SIZES[0], SIZES[1] + 1))
            _add(counts[row], start, sizes * deviation[start], chance, until=JUDGED_FROM)
        start = JUDGED_FROM + int(chance.integers(0, LAST_START))
        weeks = _add(counts[row], start, size * deviation[start], chance, until=WEEKS)
        sick[row, weeks.min() - JUDGED_FROM : weeks.max() - JUDGED_FROM + 1] = True
    panel = Panel(counts=counts, starts_on=STARTS_ON, step=Step.WEEK)
    return Simulated(panel=panel, sick=sick, scenario=which, size=size)


def inject(panel: Panel, *, first: int, size: float, chance: np.random.Generator) -> Simulated:
    """Return own history with an outbreak put into each series from column `first` on.

    `size` is in standard deviations of each series' reported weeks before `first`; of a series that
    hardly varies they are taken as 1.
    """
    counts = panel.counts.copy()
    sick = np.zeros((panel.n_series, panel.n_periods - first), dtype=np.bool_)
    known = ~np.isnan(counts)
    for row in range(panel.n_series):
        before = counts[row, :first][known[row, :first]]
        deviation = max(float(before.std()) if before.size else 0.0, 1.0)
        latest = max((panel.n_periods - first) * LAST_START // (WEEKS - JUDGED_FROM), 1)
        start = first + int(chance.integers(0, latest))
        weeks = _add(counts[row], start, size * deviation, chance, until=panel.n_periods)
        sick[row, weeks.min() - first : weeks.max() - first + 1] = True
    return Simulated(
        panel=replace(panel, counts=counts), sick=sick & known[:, first:],
        scenario=np.arange(panel.n_series), size=size,
    )  # fmt: skip


def _drawn(
    mean: NDArray[np.float64], phi: NDArray[np.float64], chance: np.random.Generator
) -> NDArray[np.float64]:
    """Return counts of a mean (n, t) and a variance of phi (n,) times it."""
    counts = chance.poisson(mean).astype(np.float64)
    over = phi > 1
    wide = phi[over, np.newaxis]
    counts[over] = chance.negative_binomial(mean[over] / (wide - 1), 1 / wide)
    return counts


def _add(
    counts: NDArray[np.float64], start: int, cases: float, chance: np.random.Generator, *,
    until: int,
) -> NDArray[np.int64]:  # fmt: skip
    """Add an outbreak, a case at least, to one series; return the weeks of its cases.

    Cases that fall on week `until` or later are not there yet.
    """
    many = max(int(chance.poisson(cases)), 1)
    after = np.floor(np.exp(SPREAD * chance.standard_normal(many))).astype(np.int64)
    # the first case is in the week in which the outbreak begins
    weeks: NDArray[np.int64] = np.minimum(start + after - after.min(), until - 1)
    np.add.at(counts, weeks, 1.0)
    return weeks

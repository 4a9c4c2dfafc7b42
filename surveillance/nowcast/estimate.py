"""How many cases will be known once every report has come, judged by how late reports are.

Sources: J. F. Lawless, Adjustments for reporting delays and the prediction of occurred but not
reported events, Can. J. Stat. 22 (1994) 15-31; M. Höhle and M. an der Heiden, Bayesian nowcasting
during the STEC O104:H4 outbreak in Germany, 2011, Biometrics 70 (2014) 993-1002.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import gammaln, ndtr

from surveillance.series.errors import CountsUnusableError

Floats = NDArray[np.float64]

PRIOR = 0.1
"""Weight of each delay before any is seen: kappa of the generalised Dirichlet prior."""
SAMPLES = 1_000


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportingTriangle:
    """Cases by the period of onset and how many periods later they were reported.

    reported: (t, d + 1) float64, delays 0 to d, the last one and all longer; NaN = that time has
    not come yet. Row i is complete but for its last t - 1 - i < d periods.
    """

    reported: Floats

    @property
    def longest(self) -> int:
        """The longest delay."""
        return int(self.reported.shape[1]) - 1

    @property
    def so_far(self) -> Floats:
        """Cases (t,) known of each period."""
        return np.asarray(np.nansum(self.reported, axis=1))

    @property
    def waited(self) -> NDArray[np.int64]:
        """Whole periods (t,) since each, at most the longest delay."""
        periods = self.reported.shape[0]
        return np.asarray(np.minimum(periods - 1 - np.arange(periods), self.longest))


def reporting_triangle(
    onset: NDArray[np.int64], report: NDArray[np.int64], *, now: int, longest: int, first: int
) -> ReportingTriangle:
    """Count cases by onset and delay as they were known at the end of period `now`.

    onset, report: (k,) number of the period of each case. Periods first to `now` are rows; reports
    after `now` are not known yet; delays above `longest` count as `longest`, once they have come.

    Raises
    ------
    CountsUnusableError
        A report came before its onset, or fewer periods are there than the longest delay.
    """
    if np.any(report < onset):
        raise CountsUnusableError("a report came before its onset")
    periods = now - first + 1
    if periods <= longest:
        raise CountsUnusableError("the series is no longer than the longest delay")
    known = (report <= now) & (onset >= first)
    delay = np.minimum(report[known] - onset[known], longest)
    reported = np.zeros((periods, longest + 1))
    np.add.at(reported, (onset[known] - first, delay), 1.0)
    ahead = np.arange(longest + 1) > (periods - 1 - np.arange(periods))[:, None]
    return ReportingTriangle(reported=np.where(ahead, np.nan, reported))


@dataclass(frozen=True, slots=True, kw_only=True)
class Hazards:
    """Of the cases reported within a delay, how many came at just that delay; arrays (d + 1,)."""

    at: Floats
    within: Floats


def delay_hazards(triangle: ReportingTriangle, *, window: int | None = None) -> Hazards:
    """Count reports at and within each delay over the periods whose reports of it have come.

    window: the newest periods that count, all if None. Cut at today, so that long delays, which
    the newest periods cannot show yet, are not taken for rare.
    """
    reported = triangle.reported
    periods = reported.shape[0]
    begin = 0 if window is None else max(periods - 1 - window, 0)
    at, within = np.zeros(triangle.longest + 1), np.zeros(triangle.longest + 1)
    for delay in range(triangle.longest + 1):
        rows = reported[begin : periods - delay, : delay + 1]
        at[delay] = rows[:, delay].sum()
        within[delay] = rows.sum()
    return Hazards(at=at, within=within)


@dataclass(frozen=True, slots=True, kw_only=True)
class Nowcast:
    """Cases of each period once all are reported; arrays (t,).

    share: of a period's cases expected to be known by now, for detectors to judge the newest
    periods by. low and high: between them with probability 1 - alpha.
    """

    so_far: Floats
    median: Floats
    low: Floats
    high: Floats
    share: Floats
    delay_cdf: Floats
    """(d + 1,): share of cases reported within each delay."""


def lawless(
    triangle: ReportingTriangle, *, alpha: float = 0.05, most: int = 300,
    window: int | None = None, error_of_share: bool = True,
) -> Nowcast:  # fmt: skip
    """Return the nowcast by inverse shares of the delays seen, normal above what is known.

    most: largest number of cases considered. error_of_share: the share itself is uncertain too, as
    Lawless has it; R's nowcast leaves that out, a line break cutting its sum in two. Where no case
    is known a share cannot be turned round: the answer is 0 without error; NaN where nothing of
    the period can have come, or a case is known so soon as none ever was.
    """
    hazards = delay_hazards(triangle, window=window)
    with np.errstate(invalid="ignore", divide="ignore"):
        at = np.nan_to_num(hazards.at / hazards.within)
        error = np.nan_to_num(at / (hazards.within * (1 - at)), posinf=0.0)
    at[0] = 1.0
    # Of delay d: what comes later than d has not come yet.
    kept = np.append(np.cumprod((1 - at)[:0:-1])[::-1], 1.0)
    later = np.append(np.cumsum(error[:0:-1])[::-1], 0.0)
    share, spread = kept[triangle.waited], later[triangle.waited]
    so_far = triangle.so_far
    with np.errstate(invalid="ignore", divide="ignore"):
        mean = np.where(share > 0, so_far / share, np.nan)
        variance = so_far * (1 - share) / share**2
        if error_of_share:
            variance += so_far * (so_far + 1) / share**2 * spread
    support = np.arange(most + 1, dtype=np.float64)
    low, median, high = (np.empty(so_far.size) for _ in range(3))
    for period in range(so_far.size):
        if np.isnan(mean[period]) or not variance[period] > 0:
            low[period] = median[period] = high[period] = mean[period]
            continue
        sd = float(np.sqrt(variance[period]))
        known = so_far[period]
        mass = ndtr((support - mean[period]) / sd) / ndtr((mean[period] - known) / sd)
        steps = np.diff(np.append(0.0, np.where(support < known, 0.0, mass)))
        low[period], median[period], high[period] = _quantiles(np.cumsum(steps), alpha)
    return Nowcast(so_far=so_far, median=median, low=low, high=high, share=share, delay_cdf=kept)


def truncated_bayes(
    triangle: ReportingTriangle,
    *,
    prior_mean: float,
    prior_variance: float,
    chance: np.random.Generator,
    alpha: float = 0.05,
    most: int = 300,
    window: int | None = None,
    samples: int = SAMPLES,
) -> Nowcast:
    """Return the Bayesian nowcast of Höhle and an der Heiden, which minds that today cuts off.

    The number of cases of a period has a Poisson-gamma prior of `prior_mean` and `prior_variance`;
    the delays a generalised Dirichlet, of which `samples` are drawn. most: largest number of cases
    considered.
    """
    longest = triangle.longest
    a, b = _hazards_given(triangle, window=window)
    share = _within(a / (a + b))
    drawn = np.asarray(_within(chance.beta(a, b, size=(samples, longest))))
    so_far = triangle.so_far
    waited = triangle.waited
    size = prior_mean**2 / (prior_variance - prior_mean)
    mass = np.zeros((so_far.size, most + 1))
    for period in range(so_far.size):
        known = int(so_far[period])
        if waited[period] == longest:
            mass[period, min(known, most)] = 1.0
            continue
        unseen = 1 - drawn[:, waited[period]]
        mass[period] = _posterior(known, unseen, size=size, mean=prior_mean, most=most)
    below = np.cumsum(mass, axis=1)
    low, median, high = np.array([_quantiles(row, alpha) for row in below]).T
    return Nowcast(so_far=so_far, median=median, low=low, high=high, share=share[waited],
                   delay_cdf=share)  # fmt: skip


def share_within(triangle: ReportingTriangle, *, window: int | None = None) -> Floats:
    """Return the share (d + 1,) of cases expected to be reported within each delay.

    As truncated Bayes has it: today cuts long delays off, and that is minded. The prior alone takes
    0.1 / n of each delay, n being the cases seen.
    """
    a, b = _hazards_given(triangle, window=window)
    return np.asarray(_within(a / (a + b)))


def _hazards_given(triangle: ReportingTriangle, *, window: int | None) -> tuple[Floats, Floats]:
    """Return the two parameters (d,) of each hazard's beta, from the longest delay to delay 1."""
    hazards = delay_hazards(triangle, window=window)
    earlier = (hazards.within - hazards.at)[:0:-1]
    return (
        np.asarray(PRIOR + hazards.at[:0:-1]),
        np.asarray(earlier + PRIOR * np.arange(triangle.longest, 0, -1)),
    )


def _within(hazard: Floats) -> Floats:
    """Return the share (…, d + 1) within each delay from shares at delays d … 1 (…, d)."""
    later = np.cumprod(1 - hazard, axis=-1)[..., ::-1]
    return np.concatenate([later, np.ones((*later.shape[:-1], 1))], axis=-1)


def _posterior(known: int, unseen: Floats, *, size: float, mean: float, most: int) -> Floats:
    """Return the mass (most + 1,) of all cases of a period of which `known` were reported.

    unseen: (samples,), share not reported yet; the mass is averaged over it. With a gamma prior of
    the mean, what is unseen is negative binomial of size `size` + `known`.
    """
    more = np.arange(max(most - known, 0) + 1, dtype=np.float64)
    grown = size + known
    success = np.clip(unseen * mean / (mean + size), 1e-300, 1.0 - 1e-15)[:, None]
    log_mass = (
        gammaln(grown + more) - gammaln(grown) - gammaln(more + 1)
        + more * np.log(success) + grown * np.log1p(-success)
    )  # fmt: skip
    weighed = np.exp(log_mass)
    weighed /= weighed.sum(axis=1, keepdims=True)
    mass = np.zeros(most + 1)
    mass[min(known, most) :] = weighed.mean(axis=0)
    return mass


def _quantiles(below: Floats, alpha: float) -> tuple[float, float, float]:
    """Return the first counts whose mass below exceeds alpha / 2, a half and 1 - alpha / 2,
    the largest count considered where none does.
    """
    low, median, high = (
        float(np.argmax(below > p)) if below[-1] > p else float(below.size - 1)
        for p in (alpha / 2, 0.5, 1 - alpha / 2)
    )
    return low, median, high

"""Generalised likelihood ratio: since when, and how much, have counts been raised.

Source: M. Höhle and M. Paul, Count data regression charts for the monitoring of surveillance time
series, Comput. Stat. Data Anal. 52 (2008) 4357-4368.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from gis.words import Words
from routing.engine.compiled import compiled
from surveillance.detect.judged import judgement
from surveillance.detect.model import Alarms, Judgement, Member
from surveillance.detect.usual import usual_counts
from surveillance.series.model import Panel

Floats = NDArray[np.float64]

MOST_STEPS = 60
MOST_DOUBLINGS = 40


@compiled
def _raised(  # noqa: PLR0917 - compiled code takes no keywords
    count: Floats, mean: Floats, last: float, begin: int, end: int, shape: float
) -> float:
    """Return the best evidence that the mean was exp(kappa) > 1 times `mean` in begin ... end.

    count, mean: (t,); `last` stands for the count of `end`. shape 0 = Poisson.
    """
    cases, usual, lean = 0.0, 0.0, 0.0
    for i in range(begin, end + 1):
        y = last if i == end else count[i]
        if not np.isnan(y):
            cases += y
            usual += mean[i]
            lean += (y - mean[i]) / (1.0 + shape * mean[i])
    if lean <= 0:
        return 0.0
    kappa = float(np.log(cases / usual))
    if shape == 0:
        return cases * kappa - cases + usual
    for _ in range(MOST_STEPS):
        score, slope = 0.0, 0.0
        for i in range(begin, end + 1):
            y = last if i == end else count[i]
            if not np.isnan(y):
                raised = mean[i] * np.exp(kappa)
                score += (y - raised) / (1.0 + shape * raised)
                slope += raised * (1.0 + shape * y) / (1.0 + shape * raised) ** 2
        step = min(max(score / slope, -1.0), 1.0)
        kappa += step
        if abs(step) < 1e-10:
            break
    evidence = 0.0
    for i in range(begin, end + 1):
        y = last if i == end else count[i]
        if not np.isnan(y):
            raised = mean[i] * np.exp(kappa)
            evidence += y * kappa - (y + 1.0 / shape) * np.log(
                (1.0 + shape * raised) / (1.0 + shape * mean[i])
            )
    return evidence


@compiled
def _evidence(  # noqa: PLR0917 - compiled code takes no keywords
    count: Floats, mean: Floats, last: float, begin: int, end: int, shape: float
) -> float:
    """Return the best evidence of a rise that began in any of begin ... end."""
    best = 0.0
    for since in range(begin, end + 1):
        best = max(best, _raised(count, mean, last, since, end, shape))
    return best


@compiled
def _least_count(  # noqa: PLR0917 - compiled code takes no keywords
    count: Floats, mean: Floats, begin: int, end: int, shape: float, limit: float
) -> float:
    """Return the least count of `end` whose evidence reaches `limit`; it rises with the count."""
    high = 1.0
    for _ in range(MOST_DOUBLINGS):
        if _evidence(count, mean, high, begin, end, shape) >= limit:
            break
        high *= 2.0
    low = 0.0
    if _evidence(count, mean, low, begin, end, shape) >= limit:
        return low
    while high - low > 1:
        middle = np.floor((low + high) / 2)
        if _evidence(count, mean, middle, begin, end, shape) >= limit:
            high = middle
        else:
            low = middle
    return high


@compiled
def glr(  # noqa: PLR0917 - compiled code takes no keywords
    counts: Floats, means: Floats, start: int, first: int, longest: int, shape: float,
    limit: float, evidence: Floats, least: Floats,
) -> None:  # fmt: skip
    """Write evidence and least alarming count (n, t - first) of each series from `first` on.

    counts, means: (n, t), NaN = no report, no mean. Watched from column `start` on, over the newest
    `longest` periods, and anew after each alarm.
    """
    evidence[:] = np.nan
    least[:] = np.nan
    for s in range(counts.shape[0]):
        since = start
        for t in range(start, counts.shape[1]):
            if np.isnan(counts[s, t]) or not means[s, t] > 0:
                continue
            begin = max(since, t - longest + 1)
            found = _evidence(counts[s], means[s], counts[s, t], begin, t, shape)
            if t >= first:
                evidence[s, t - first] = found
                least[s, t - first] = _least_count(counts[s], means[s], begin, t, shape, limit)
            if found >= limit:
                since = t + 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Glr:
    """Alarms where the evidence of a rise since any of the last `longest` periods reaches `limit`.

    shape: alpha of the negative binomial, 0 = Poisson. The usual counts are those of the first
    `reference` periods with a yearly wave; watched is what comes after, anew after each alarm. A
    period without report adds no evidence. The method has no p.
    """

    shape: float = 0.1
    limit: float = 5.0
    longest: int = 52
    reference: int = 104
    seasonal: bool = True

    def judge(self, panel: Panel, *, first: int) -> Judgement:
        """Judge every period from `first` on."""
        usual = usual_counts(panel, reference=self.reference, seasonal=self.seasonal)
        evidence, least = self.evidence(panel.counts, usual.expected, first=first)
        with np.errstate(invalid="ignore"):
            alarm = evidence >= self.limit
        return judgement(
            panel,
            first=first,
            expected=usual.expected[:, first:],
            threshold=least,
            p_value=np.full_like(least, np.nan),
            alarm=alarm,
            outcome=usual.outcome[:, first:],
        )

    def evidence(self, counts: Floats, means: Floats, *, first: int) -> tuple[Floats, Floats]:
        """Return the evidence, and the least count that alarms, (n, t - first)."""
        shape = (counts.shape[0], counts.shape[1] - first)
        evidence, least = np.empty(shape), np.empty(shape)
        glr(
            np.ascontiguousarray(counts), np.ascontiguousarray(means), self.reference, first,
            self.longest, self.shape, self.limit, evidence, least,
        )  # fmt: skip
        return evidence, least


MEMBERS = (
    Member(
        name="glr_negative_binomial",
        words=Words(en="GLR, negative binomial", zh="负二项广义似然比"),
        detector=Glr(),
        alarms=Alarms.FROM,
        source="Höhle and Paul 2008",
        oracle="R surveillance 1.20.3, algo.glrnb",
        golden="glr.csv",
    ),
)

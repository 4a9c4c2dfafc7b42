"""Exponentially weighted moving averages beside the days before, slow and quick, the worse counts.

Sources: H. S. Burkom, Development, adaptation, and assessment of alerting algorithms for
biosurveillance, Johns Hopkins APL Tech. Dig. 24 (2003) 335-342; constants as NSSP-ESSENCE has them.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import stdtr, stdtrit

from gis.words import Words
from surveillance.detect.judged import judgement
from surveillance.detect.model import Alarms, Judgement, Member, Outcome
from surveillance.series.model import Panel

Floats = NDArray[np.float64]

SHORTEST = 11
"""Periods of a baseline while the series is young."""
ALERT_P = 0.01
WARNING_P = 0.025


@dataclass(frozen=True, slots=True, kw_only=True)
class _Average:
    """One of the two averages at one period; arrays (n,)."""

    value: Floats
    score: Floats
    sigma: Floats
    before: Floats


@dataclass(frozen=True, slots=True, kw_only=True)
class Ewma:
    """Averages with weights `slow` and `quick` beside a baseline of up to `baseline` periods.

    Between baseline and judged period lie `guard` periods. The larger t decides, and alarms with a
    p below `alpha`; the threshold is the least count with which either does. An average that
    alarmed goes on from its limit. A period without report leaves the averages as they are; of the
    baseline at least `least_share` must be reported.
    """

    baseline: int = 28
    guard: int = 2
    slow: float = 0.4
    quick: float = 0.9
    alpha: float = 0.01
    least_share: float = 0.7

    def judge(self, panel: Panel, *, first: int) -> Judgement:
        """Judge every period from `first` on."""
        n, t = panel.counts.shape
        expected, threshold, p_value = (np.full((n, t), np.nan) for _ in range(3))
        outcome = np.full((n, t), Outcome.TOO_SHORT, np.int8)
        base = panel.baseline()
        begin = SHORTEST + self.guard
        known = np.where(np.isnan(panel.counts[:, :1]), 0.0, panel.counts[:, :1])[:, 0]
        averages = [known.copy(), known.copy()]
        for column in range(1, t):
            count = panel.counts[:, column]
            weights = (self.slow, self.quick)
            if column < begin:
                averages = [
                    np.where(np.isnan(count), average, weight * count + (1 - weight) * average)
                    for weight, average in zip(weights, averages, strict=True)
                ]
                continue
            length = min(self.baseline, column - self.guard)
            window = base[:, column - self.guard - length : column - self.guard]
            mean, sigma, reports = _spread(window)
            both = [
                self._average(count, before=average, weight=weight, mean=mean, sigma=sigma,
                              length=length)
                for weight, average in zip(weights, averages, strict=True)
            ]  # fmt: skip
            freedom = length - 1
            score = np.fmax(both[0].score, both[1].score)
            limit = float(stdtrit(freedom, 1 - self.alpha))
            expected[:, column] = mean
            p_value[:, column] = stdtr(freedom, -score)
            threshold[:, column] = np.fmin(*(
                (mean + limit * one.sigma - (1 - weight) * one.before) / weight
                for weight, one in zip(weights, both, strict=True)
            ))  # fmt: skip
            outcome[:, column] = np.where(
                reports < self.least_share * length, Outcome.TOO_FEW_REPORTS, Outcome.JUDGED
            )
            averages = [one.value for one in both]
        cut = slice(first, None)
        with np.errstate(invalid="ignore"):
            alarm = p_value[:, cut] < self.alpha
        return judgement(
            panel,
            first=first,
            expected=expected[:, cut],
            threshold=np.maximum(threshold[:, cut], 0),
            p_value=p_value[:, cut],
            alarm=alarm,
            outcome=outcome[:, cut],
        )

    def _average(
        self, count: Floats, *, before: Floats, weight: float, mean: Floats, sigma: Floats,
        length: int,
    ) -> _Average:  # fmt: skip
        """Move one average on by a period and compare it with the baseline."""
        rest = 1 - weight
        scale = np.sqrt(
            weight / (2 - weight) + 1 / length
            - 2 * rest ** (self.guard + 1) * (1 - rest**length) / length
        )  # fmt: skip
        alert = np.round(stdtrit(length - 1, 1 - ALERT_P), 5)
        warning = np.round(stdtrit(length - 1, 1 - WARNING_P), 5)
        least = weight / warning * (1 + 0.5 * rest**2)
        constant = (0.1289 - (0.2414 - 0.1826 * rest**4) * np.log(10 * 0.05)) * weight / warning
        spread = np.maximum(least, sigma * scale + constant)
        value = np.where(np.isnan(count), before, weight * count + rest * before)
        score = (value - mean) / spread
        held = mean + np.clip(score, -alert, alert) * spread
        known = ~np.isnan(count) & ~np.isnan(mean)
        return _Average(value=np.where(known, held, value), score=score, sigma=spread,
                        before=before)  # fmt: skip


def _spread(window: Floats) -> tuple[Floats, Floats, NDArray[np.int64]]:
    """Return mean, standard deviation and number of reports (n,) of a baseline (n, b)."""
    known = ~np.isnan(window)
    reports = known.sum(axis=1)
    with np.errstate(invalid="ignore", divide="ignore"):
        mean = np.nansum(window, axis=1) / reports
        apart = np.where(known, window - mean[:, None], 0.0)
        return mean, np.sqrt((apart * apart).sum(axis=1) / (reports - 1)), reports


MEMBERS = (
    Member(
        name="ewma",
        words=Words(en="EWMA", zh="指数加权移动平均（EWMA）"),
        detector=Ewma(),
        alarms=Alarms.ABOVE,
        source="Burkom 2003, as in NSSP-ESSENCE",
        oracle="the same recursion written day by day for one series",
    ),
)

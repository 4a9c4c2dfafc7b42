"""Regression on trend and weekday where it explains the days before, else EWMA.

Source: H. S. Burkom, S. P. Murphy and G. Shmueli, Automated time series forecasting for
biosurveillance, Stat. Med. 26 (2007) 4202-4218; constants as NSSP-ESSENCE has them.
"""

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray
from scipy.special import stdtr, stdtrit

from gis.words import Words
from surveillance.detect.ewma import Ewma
from surveillance.detect.judged import judgement
from surveillance.detect.model import Alarms, Judgement, Member, Outcome
from surveillance.series.model import Panel, Step

Floats = NDArray[np.float64]

COEFFICIENTS = 8
"""A level, a slope and six weekdays."""
WARNING_P = 0.05
LEAST_SPREAD = 1.01


@dataclass(frozen=True, slots=True, kw_only=True)
class Switch:
    """Regression over `baseline` days, `guard` before the judged, if its adjusted R² is `least_r2`.

    Else, and in weekly series, where a report is missing and while the series is young, `ewma`.
    Alarms with a p below `alpha`.
    """

    baseline: int = 28
    guard: int = 2
    least_r2: float = 0.6
    alpha: float = 0.01
    ewma: Ewma = field(default_factory=Ewma)

    def judge(self, panel: Panel, *, first: int) -> Judgement:
        """Judge every period from `first` on."""
        averaged = self.ewma.judge(panel, first=first)
        if panel.step is not Step.DAY:
            return averaged
        expected, threshold = averaged.expected.copy(), averaged.threshold.copy()
        p_value = averaged.p_value.copy()
        outcome = averaged.outcome.copy()
        freedom = self.baseline - COEFFICIENTS
        limit = float(stdtrit(freedom, 1 - self.alpha))
        for column in range(max(first, self.baseline + self.guard), panel.n_periods):
            mean, spread, r2 = self._regression(panel, column)
            takes = np.flatnonzero(r2 >= self.least_r2)
            at = column - first
            score = (panel.counts[:, column] - mean) / spread
            expected[takes, at] = mean[takes]
            threshold[takes, at] = (mean + limit * spread)[takes]
            p_value[takes, at] = stdtr(freedom, -score)[takes]
            outcome[takes, at] = Outcome.JUDGED
        with np.errstate(invalid="ignore"):
            alarm = p_value < self.alpha
        return judgement(
            panel,
            first=first,
            expected=expected,
            threshold=threshold,
            p_value=p_value,
            alarm=alarm,
            outcome=outcome,
        )

    def _regression(self, panel: Panel, column: int) -> tuple[Floats, Floats, Floats]:
        """Return forecast, its spread and adjusted R² (n,) of one day; R² is -inf without one."""
        size = self.baseline
        end = column - self.guard
        counts = panel.baseline()[:, end - size : end]
        whole = np.asarray(~np.isnan(counts).any(axis=1))
        counts = np.where(whole[:, None], counts, 0.0)
        design = _design(np.arange(size), np.arange(end - size, end))
        ahead = _design(np.array([size + self.guard]), np.array([column]))
        solved = np.linalg.lstsq(design, counts.T, rcond=None)[0]
        rest = counts.T - design @ solved
        error = (rest**2).sum(axis=0) / (size - COEFFICIENTS)
        about = counts.var(axis=1, ddof=1)
        with np.errstate(invalid="ignore", divide="ignore"):
            r2 = np.where(whole & (about > 0), 1 - error / about, -np.inf)
        grown = np.sqrt((size + 7) * (size - 4) / (size * (size - 7)))
        warning = np.round(stdtrit(size - COEFFICIENTS, 1 - WARNING_P), 5)
        spread = np.maximum(np.sqrt(error) * grown, LEAST_SPREAD / warning)
        return np.maximum((ahead @ solved)[0], 0), spread, r2


def _design(time: NDArray[np.int64], day: NDArray[np.int64]) -> Floats:
    """Return the design (k, COEFFICIENTS) of times and day numbers, whose 7 days are weekdays."""
    weekdays = (day[:, None] % 7 == np.arange(6)).astype(np.float64)
    return np.column_stack([np.ones(time.size), time, weekdays])


MEMBERS = (
    Member(
        name="regression_ewma_switch",
        words=Words(en="Regression or EWMA", zh="回归/EWMA切换"),
        detector=Switch(),
        alarms=Alarms.ABOVE,
        source="Burkom, Murphy and Shmueli 2007, as in NSSP-ESSENCE",
        oracle="the regression of one series and day, written out",
    ),
)

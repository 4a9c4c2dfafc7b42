"""Farrington's method, original and flexible, over all series at once.

Sources: C. P. Farrington et al., A statistical algorithm for the early detection of outbreaks of
infectious disease, J. R. Stat. Soc. A 159 (1996) 547-563; A. Noufaily et al., An improved
algorithm for outbreak detection in multiple surveillance systems, Stat. Med. 32 (2013) 1206-1222;
options as M. Salmon, D. Schumacher and M. Höhle, J. Stat. Softw. 70(10) (2016), section 2.2, name
them.
"""

from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray
from scipy.special import ndtr, ndtri, stdtrit

from gis.words import Words
from surveillance.detect.farrington.kernel import ETA, ETA_SE, OUT, PHI, SHARE, TREND, fit_all
from surveillance.detect.farrington.quantiles import counts_above, upper_count
from surveillance.detect.farrington.reference import references
from surveillance.detect.judged import judgement
from surveillance.detect.model import Alarms, Judgement, Member, Outcome
from surveillance.series.model import Panel

Floats = NDArray[np.float64]

YEARS_OF_A_TREND = 3
"""Fewer years show no trend."""


class Threshold(StrEnum):
    """How the threshold is made of the fitted mean."""

    DELTA = "delta"
    """A normal interval after a power of the count has been taken; the mean's own error counts."""
    NB_PLUGIN = "nb_plugin"
    """A quantile of the negative binomial with the fitted mean."""
    MUAN = "muan"
    """The same with the upper quantile of the mean."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fitted:
    """What the baselines say of each judged period; arrays (n, m)."""

    eta: Floats
    """Logarithm of the expected count."""
    eta_se: Floats
    phi: Floats
    trend: Floats
    """Slope per period; NaN = without."""
    outcome: NDArray[np.int8]


@dataclass(frozen=True, slots=True, kw_only=True)
class Farrington:
    """The same weeks of `years` years before, `window` around each, and the seasons between.

    n_seasons 1: the windows alone are the baseline. left_out: the newest periods that belong to no
    baseline. down_weigh_from: standardised residual from which an old count weighs less. trend_p: a
    trend stays only with a p below it, from three years on, and where it does not lead above what
    was ever seen. Not judged below `least_cases` in the last `least_cases_in` periods, nor with
    less than `least_share` of the baseline reported. two_sided: `alpha` is shared by both sides.
    population: rates are compared instead of counts. Where the panel says which share of a period's
    cases is reported by now, that share of the whole is expected.

    relative_error: error of mean and trend come from residuals as shares of the fitted count, as
    R's farringtonFlexible takes them (its fit ends with the weights of the old outbreaks in place
    of those of the iteration); this understates both, and matters for DELTA, MUAN and `trend_p`
    below 1 only. Else the dispersion, for the mean at least 1.
    """

    years: int = 5
    window: int = 3
    n_seasons: int = 10
    left_out: int = 26
    down_weigh_from: float = 2.58
    trend_p: float = 1.0
    threshold: Threshold = Threshold.NB_PLUGIN
    power: float = 2 / 3
    alpha: float = 0.05
    least_cases: int = 5
    least_cases_in: int = 4
    least_share: float = 0.5
    two_sided: bool = False
    relative_error: bool = True
    population: bool = False

    def judge(self, panel: Panel, *, first: int) -> Judgement:
        """Judge every period from `first` on."""
        fitted = self.fitted(panel, first=first)
        observed = panel.counts[:, first:]
        expected = np.exp(fitted.eta)
        with np.errstate(invalid="ignore", over="ignore"):
            if self.threshold is Threshold.DELTA:
                threshold, p_value = self._by_power(observed, expected, fitted)
            else:
                mean = expected
                if self.threshold is Threshold.MUAN:
                    mean = np.exp(fitted.eta - ndtri(self.alpha) * fitted.eta_se)
                threshold = upper_count(mean, fitted.phi, self.alpha)
                p_value = counts_above(observed - 1, mean, fitted.phi)
            few = _last_cases(panel, first=first, periods=self.least_cases_in) < self.least_cases
            outcome = np.where(
                few & (fitted.outcome == Outcome.JUDGED), Outcome.TOO_FEW_CASES, fitted.outcome
            )
            outcome = np.where(
                np.isnan(threshold) & (outcome == Outcome.JUDGED), Outcome.NOT_FITTED, outcome
            )
            alarm = observed > threshold
        return judgement(
            panel,
            first=first,
            expected=expected,
            threshold=threshold,
            p_value=p_value,
            alarm=alarm,
            outcome=outcome.astype(np.int8),
        )

    def fitted(self, panel: Panel, *, first: int) -> Fitted:
        """Return the fits of the baselines of the periods from `first` on."""
        baselines = references(
            range(first, panel.n_periods),
            starts_on=panel.starts_on,
            step=panel.step,
            years=self.years,
            window=self.window,
            n_seasons=self.n_seasons,
            left_out=self.left_out,
        )
        longest = int(np.diff(baselines.offsets).max(initial=0))
        critical = np.full(longest + 1, np.inf)
        critical[1:] = stdtrit(np.arange(1, longest + 1), 1 - self.trend_p / 2)
        if self.years < YEARS_OF_A_TREND:
            critical = critical[:0]
        persons = panel.population if self.population else None
        offset = np.zeros_like(panel.counts) if persons is None else np.log(persons)
        if panel.known is not None:
            offset = offset + np.log(panel.known)
        out = np.empty((panel.n_series, panel.n_periods - first, OUT))
        fit_all(
            np.ascontiguousarray(panel.baseline()), offset, first, baselines.offsets,
            baselines.column, baselines.season, self.n_seasons, self.down_weigh_from,
            critical, self.relative_error, out,
        )  # fmt: skip
        outcome = np.select(
            [out[:, :, SHARE] < 0, out[:, :, SHARE] < self.least_share, np.isnan(out[:, :, ETA])],
            [Outcome.TOO_SHORT, Outcome.TOO_FEW_REPORTS, Outcome.NOT_FITTED],
            Outcome.JUDGED,
        )
        return Fitted(
            eta=out[:, :, ETA], eta_se=out[:, :, ETA_SE], phi=out[:, :, PHI],
            trend=out[:, :, TREND], outcome=outcome.astype(np.int8),
        )  # fmt: skip

    def _by_power(
        self, observed: Floats, expected: Floats, fitted: Fitted
    ) -> tuple[Floats, Floats]:
        """Return threshold and p on the scale of a power of the count."""
        se = expected * fitted.eta_se
        tau = fitted.phi + se * se / expected
        scale = self.power * np.sqrt(expected ** (2 * self.power - 1) * tau)
        z = float(-ndtri(self.alpha / 2 if self.two_sided else self.alpha))
        threshold = (expected**self.power + z * scale) ** (1 / self.power)
        return threshold, ndtr((expected**self.power - observed**self.power) / scale)


def _last_cases(panel: Panel, *, first: int, periods: int) -> Floats:
    """Return the cases (n, m) reported in each judged period and those just before it."""
    padded = np.hstack([np.zeros((panel.n_series, periods - 1)), np.nan_to_num(panel.counts)])
    return np.asarray(sliding_window_view(padded, periods, axis=1).sum(axis=2)[:, first:])


ORIGINAL = Farrington(
    n_seasons=1, left_out=3, down_weigh_from=1.0, trend_p=0.05, threshold=Threshold.DELTA,
    alpha=0.05, two_sided=True, relative_error=False,
)  # fmt: skip
"""As published in 1996; `left_out` is the window."""
FLEXIBLE = Farrington(alpha=0.005)
"""As Noufaily et al. recommend."""

MEMBERS = (
    Member(
        name="farrington",
        words=Words(en="Farrington", zh="Farrington法"),
        detector=ORIGINAL,
        alarms=Alarms.ABOVE,
        source="Farrington et al. 1996",
        oracle="R surveillance 1.20.3, algo.farrington",
        golden="farrington.csv",
    ),
    Member(
        name="farrington_flexible",
        words=Words(en="Farrington flexible", zh="改进Farrington法"),
        detector=FLEXIBLE,
        alarms=Alarms.ABOVE,
        source="Noufaily et al. 2013",
        oracle="R surveillance 1.20.3, farringtonFlexible",
        golden="farrington_flexible.csv",
        benchmark="Farrington flexible",
    ),
)

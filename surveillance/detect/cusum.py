"""Cumulative sums: Poisson, negative binomial, and adjusted for who is at risk.

Sources: E. S. Page, Continuous inspection schemes, Biometrika 41 (1954) 100-115; the
transformations of a Poisson count by G. Rossi, L. Lampugnani and M. Marchi, Stat. Med. 18 (1999)
2111-2122; risk adjustment by S. H. Steiner et al., Biostatistics 1 (2000) 441-452.
"""

from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from gis.words import Words
from surveillance.detect.judged import judgement
from surveillance.detect.model import Alarms, Judgement, Member, Outcome
from surveillance.detect.usual import usual_counts
from surveillance.series.model import Panel

Floats = NDArray[np.float64]


class Standard(StrEnum):
    """How a count is made standard normal before it is summed."""

    PEARSON = "pearson"
    ROSSI = "rossi"
    ANSCOMBE = "anscombe"
    PEARSON_NEGATIVE_BINOMIAL = "pearson_negative_binomial"


@dataclass(frozen=True, slots=True, kw_only=True)
class Cusum:
    """Sums what standardised counts exceed `k` by, never below 0, and alarms from `h` on.

    The mean is that of the first `reference` periods, `seasonal`: a yearly wave fitted to them; the
    sum begins after them. It goes on over an alarm, and stands still where there is no report.
    shape: alpha of the negative binomial, whose variance is mean + alpha mean^2. The method has
    no p.
    """

    k: float = 1.04
    h: float = 2.26
    standard: Standard = Standard.ROSSI
    shape: float = 0.1
    seasonal: bool = False
    reference: int = 104

    def judge(self, panel: Panel, *, first: int) -> Judgement:
        """Judge every period from `first` on."""
        usual = usual_counts(panel, reference=self.reference, seasonal=self.seasonal)
        mean = usual.expected
        with np.errstate(divide="ignore", invalid="ignore"):
            step = np.nan_to_num(self._standardised(panel.counts, mean) - self.k, posinf=0.0)
        step = np.where(np.isnan(panel.counts), 0.0, step)
        total = np.zeros((panel.n_series, panel.n_periods + 1))
        for column in range(self.reference, panel.n_periods):
            total[:, column + 1] = np.maximum(total[:, column] + step[:, column], 0)
        with np.errstate(invalid="ignore"):
            threshold = self._threshold(mean, total[:, :-1])
        cut = slice(first, None)
        return judgement(
            panel,
            first=first,
            expected=mean[:, cut],
            threshold=threshold[:, cut],
            p_value=np.full_like(mean[:, cut], np.nan),
            alarm=total[:, 1:][:, cut] >= self.h,
            outcome=usual.outcome[:, cut],
        )

    def _standardised(self, count: Floats, mean: Floats) -> Floats:
        """Return counts on a scale where they vary by 1."""
        match self.standard:
            case Standard.PEARSON:
                made = (count - mean) / np.sqrt(mean)
            case Standard.ROSSI:
                made = (count - 3 * mean + 2 * np.sqrt(count * mean)) / (2 * np.sqrt(mean))
            case Standard.ANSCOMBE:
                made = 1.5 * (np.cbrt(count) ** 2 - np.cbrt(mean) ** 2) / mean ** (1 / 6)
            case Standard.PEARSON_NEGATIVE_BINOMIAL:
                made = (count - mean) / np.sqrt(mean + self.shape * mean**2)
        return np.asarray(made)

    def _threshold(self, mean: Floats, before: Floats) -> Floats:
        """Return the count from which the sum, `before` so far, reaches `h`; 0 where any does."""
        needed = self.h + self.k - before
        match self.standard:
            case Standard.PEARSON:
                count = np.ceil(np.sqrt(mean) * needed + mean)
            case Standard.ROSSI:
                root = np.sqrt(4 * mean**2 + 2 * mean**1.5 * needed)
                count = 2 * needed * np.sqrt(mean) + 5 * mean - 2 * root
            case Standard.ANSCOMBE:
                power = 2 / 3 * mean ** (1 / 6) * needed + np.cbrt(mean) ** 2
                count = np.maximum(power, 0) ** 1.5
            case Standard.PEARSON_NEGATIVE_BINOMIAL:
                count = np.sqrt(mean + self.shape * mean**2) * needed + mean
        return np.fmax(count, 0)


@dataclass(frozen=True, slots=True, kw_only=True)
class RiskAdjustedCusum:
    """Sums the evidence that the odds of a case are `odds_ratio` times the usual, alarms above `h`.

    The panel's population is who was at risk in each period: tests done, visits, admitted. The
    usual share is `usual`, (n, t), as a model of those at risk gives it, else that of the first
    `reference` periods. The sum begins anew after an alarm. The method has no p.
    """

    odds_ratio: float = 2.0
    h: float = 2.0
    reference: int = 52
    usual: Floats | None = None

    def judge(self, panel: Panel, *, first: int) -> Judgement:
        """Judge every period from `first` on; without a population there is no answer."""
        usual, at_risk = self._usual(panel), _at_risk(panel)
        of_case, of_other = self._evidence(usual)
        total = self.totals(panel)
        before = np.hstack([np.zeros((panel.n_series, 1)), total[:, :-1]])
        before = np.where(before > self.h, 0, before)
        outcome = np.where((usual > 0) & (usual < 1), Outcome.JUDGED, Outcome.NOT_FITTED)
        outcome[:, : self.reference] = Outcome.TOO_SHORT
        threshold = np.maximum((self.h - before - at_risk * of_other) / of_case, 0)
        cut = slice(first, None)
        return judgement(
            panel,
            first=first,
            expected=(usual * at_risk)[:, cut],
            threshold=threshold[:, cut],
            p_value=np.full_like(threshold[:, cut], np.nan),
            alarm=total[:, cut] > self.h,
            outcome=outcome[:, cut].astype(np.int8),
        )

    def totals(self, panel: Panel) -> Floats:
        """Return the sum (n, t) at each period, 0 during the reference."""
        of_case, of_other = self._evidence(self._usual(panel))
        step = np.nan_to_num(panel.counts * of_case + _at_risk(panel) * of_other)
        total = np.zeros(panel.counts.shape)
        for column in range(max(self.reference, 1), panel.n_periods):
            before = total[:, column - 1]
            before = np.where(before > self.h, 0, before)
            total[:, column] = np.maximum(before + step[:, column], 0)
        return total

    def _usual(self, panel: Panel) -> Floats:
        """Return the usual share (n, t) of cases among those at risk."""
        if self.usual is not None:
            return self.usual
        base = panel.baseline()[:, : self.reference]
        at_risk = np.where(np.isnan(base), 0, _at_risk(panel)[:, : self.reference]).sum(axis=1)
        with np.errstate(invalid="ignore", divide="ignore"):
            share = np.nansum(base, axis=1) / at_risk
        return np.repeat(share[:, None], panel.n_periods, axis=1)

    def _evidence(self, usual: Floats) -> tuple[Floats, Floats]:
        """Return what a case, and each at risk, add to the sum; NaN without a usual share."""
        share = np.where((usual > 0) & (usual < 1), usual, np.nan)
        raised = self.odds_ratio * share / (1 - share + self.odds_ratio * share)
        of_other = np.log1p(-raised) - np.log1p(-share)
        return np.log(raised / share) - of_other, of_other


def _at_risk(panel: Panel) -> Floats:
    """Return how many were at risk (n, t); NaN where nobody said."""
    if panel.population is None:
        return np.full_like(panel.counts, np.nan)
    return panel.population


MEMBERS = (
    Member(
        name="cusum",
        words=Words(en="CUSUM", zh="累积和（CUSUM）"),
        detector=Cusum(),
        alarms=Alarms.FROM,
        source="Page 1954; Rossi, Lampugnani and Marchi 1999",
        oracle="R surveillance 1.20.3, algo.cusum",
        golden="cusum.csv",
    ),
    Member(
        name="cusum_negative_binomial",
        words=Words(en="CUSUM, negative binomial", zh="负二项累积和"),
        detector=Cusum(standard=Standard.PEARSON_NEGATIVE_BINOMIAL),
        alarms=Alarms.FROM,
        source="Page 1954",
        oracle="R surveillance 1.20.3, algo.cusum",
        golden="cusum.csv",
    ),
    Member(
        name="cusum_risk_adjusted",
        words=Words(en="CUSUM of shares", zh="风险校正累积和"),
        detector=RiskAdjustedCusum(),
        alarms=Alarms.ABOVE,
        source="Steiner et al. 2000",
        oracle="R surveillance 1.20.3, categoricalCUSUM",
        golden="cusum_risk_adjusted.csv",
    ),
)

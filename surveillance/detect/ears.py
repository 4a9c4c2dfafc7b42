"""EARS C1, C2 and C3: the count beside mean and spread of the days before.

Sources: L. Hutwagner et al., The bioterrorism preparedness and response Early Aberration Reporting
System (EARS), J. Urban Health 80 (2003) i89-i96; the thresholds as M. Salmon, D. Schumacher and
M. Höhle, Monitoring count time series in R, J. Stat. Softw. 70(10) (2016), section 2.1, give them.
"""

from dataclasses import dataclass
from enum import IntEnum

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray
from scipy.special import ndtr, ndtri

from gis.words import alike
from surveillance.detect.judged import judgement
from surveillance.detect.model import Alarms, Judgement, Member, Outcome
from surveillance.series.model import Panel

GUARD_PERIODS = 2
"""C2 and C3 leave out the two periods before the judged one, which may belong to the outbreak."""


class Kind(IntEnum):
    """Which of the three."""

    C1 = 1
    C2 = 2
    C3 = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Ears:
    """EARS with a baseline of `baseline` periods and an alarm at the upper `alpha`.

    The spread counts as at least `min_sigma` cases. A baseline with fewer than `least_reports`
    reports is not used: a missing report is no zero. With `min_sigma` 0 a baseline without spread
    has its mean as threshold, so that after zeros one case alarms, and no p.

    C3 adds what C2 exceeded 1 by on the two periods before; a period without report or without
    spread adds nothing. Its p is that of this sum, and its alarm wants the count itself above the
    threshold, which is never below 0.
    """

    kind: Kind
    alpha: float
    baseline: int = 7
    min_sigma: float = 0.0
    least_reports: int = 5

    def judge(self, panel: Panel, *, first: int) -> Judgement:
        """Judge every period from `first` on."""
        guard = 0 if self.kind is Kind.C1 else GUARD_PERIODS
        carried = 2 if self.kind is Kind.C3 else 0
        begin = max(first - carried, 0)
        mean, sigma, reports = self._spread(panel, begin=begin, guard=guard)
        observed = panel.counts[:, begin:]
        outcome = np.where(reports < self.least_reports, Outcome.TOO_FEW_REPORTS, Outcome.JUDGED)
        outcome[:, : max(self.baseline + guard + carried - begin, 0)] = Outcome.TOO_SHORT
        z = float(-ndtri(self.alpha))
        with np.errstate(divide="ignore", invalid="ignore"):
            score = np.where(sigma > 0, (observed - mean) / sigma, np.nan)
        if self.kind is Kind.C3:
            excess = np.maximum(np.nan_to_num(score) - 1, 0)
            excess = np.hstack([np.zeros((panel.n_series, 2)), excess])
            carry = excess[:, 1:-1] + excess[:, :-2]
            threshold = np.maximum(observed + sigma * (z - carry), 0)
            score = np.where(sigma > 0, carry, np.nan)
        else:
            threshold = mean + z * sigma
        cut = slice(first - begin, None)
        return judgement(
            panel,
            first=first,
            expected=mean[:, cut],
            threshold=threshold[:, cut],
            p_value=ndtr(-score[:, cut]),
            alarm=observed[:, cut] > threshold[:, cut],
            outcome=outcome[:, cut].astype(np.int8),
        )

    def _spread(
        self, panel: Panel, *, begin: int, guard: int
    ) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.int64]]:
        """Return mean, spread and number of reports (n, t - begin) of the baselines."""
        length = self.baseline + guard
        before = np.full((panel.n_series, length), np.nan)
        counts = np.hstack([before, panel.baseline()])[:, begin:-1]
        windows = sliding_window_view(counts, length, axis=1)[:, :, : self.baseline]
        known = ~np.isnan(windows)
        reports = known.sum(axis=2)
        values = np.where(known, windows, 0.0)
        with np.errstate(divide="ignore", invalid="ignore"):
            mean = values.sum(axis=2) / reports
            apart = np.where(known, values - mean[:, :, None], 0.0)
            sigma = np.sqrt(np.einsum("ntb,ntb->nt", apart, apart) / (reports - 1))
        return mean, np.maximum(sigma, self.min_sigma), reports


def _member(kind: Kind, alpha: float) -> Member:
    name = f"ears_{kind.name.lower()}"
    return Member(
        name=name,
        words=alike(f"EARS {kind.name}"),
        detector=Ears(kind=kind, alpha=alpha),
        alarms=Alarms.ABOVE,
        source="Hutwagner et al. 2003; Salmon, Schumacher and Höhle 2016, section 2.1",
        oracle="R surveillance 1.20.3, earsC",
        golden="ears.csv",
        benchmark="EARS C1-C3",
    )


MEMBERS = (_member(Kind.C1, 0.001), _member(Kind.C2, 0.001), _member(Kind.C3, 0.025))

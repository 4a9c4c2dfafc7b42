"""Fewer than expected: a reporting unit that fell silent, a laboratory feed that broke."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from gis.words import Words
from surveillance.detect.farrington.quantiles import counts_above
from surveillance.detect.judged import judgement
from surveillance.detect.model import Alarms, Judgement, Member, Outcome
from surveillance.series.model import Panel, Step

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class DataDrop:
    """Alarms where so few were as likely as `alpha` by the eight weeks before, same weekdays.

    Counts vary phi times as much as their mean, as they did in the baseline, at least as a Poisson
    count does. Give it counts of reports, where none is 0, to see who stopped reporting: a period
    that is missing is not judged. Where the panel says which share of a period is known by now, so
    much is expected of it. Where even 0 is not so unlikely there is never an alarm, and the
    threshold is 0.
    """

    weeks: int = 8
    alpha: float = 0.001
    least_reports: int = 6

    def judge(self, panel: Panel, *, first: int) -> Judgement:
        """Judge every period from `first` on."""
        stride = 7 if panel.step is Step.DAY else 1
        lags = stride * np.arange(1, self.weeks + 1)
        columns = np.arange(first, panel.n_periods)
        before = columns[:, None] - lags
        shares = np.ones_like(panel.counts) if panel.known is None else panel.known
        values = (panel.baseline() / shares)[:, np.maximum(before, 0)]
        known = ~np.isnan(values)
        reports = known.sum(axis=2)
        with np.errstate(invalid="ignore", divide="ignore"):
            mean = np.nansum(values, axis=2) / reports
            apart = np.where(known, values - mean[:, :, None], 0)
            phi = np.maximum((apart * apart).sum(axis=2) / (reports - 1) / mean, 1)
        mean = mean * shares[:, first:]
        outcome = np.where(reports < self.least_reports, Outcome.TOO_FEW_REPORTS, Outcome.JUDGED)
        outcome = np.where((reports > 0) & ~(mean > 0), Outcome.TOO_FEW_CASES, outcome)
        outcome[:, before[:, -1] < 0] = Outcome.TOO_SHORT
        judged = outcome == Outcome.JUDGED
        mean, phi = np.where(judged, mean, 1.0), np.where(judged, phi, 1.0)
        threshold = _lowest(mean, phi, self.alpha)
        observed = panel.counts[:, first:]
        count = np.where(np.isnan(observed), 0.0, observed)
        return judgement(
            panel,
            first=first,
            expected=mean,
            threshold=threshold,
            p_value=1 - counts_above(count, mean, phi),
            alarm=count < threshold,
            outcome=outcome.astype(np.int8),
        )


def _lowest(mean: Floats, phi: Floats, alpha: float) -> Floats:
    """Return the count below which the lower tail is at most `alpha`, by halving an interval."""
    low, high = np.full_like(mean, -1.0), np.ceil(mean)
    while (open_ := high - low > 1).any():
        middle = np.floor((low + high) / 2)
        unlikely = 1 - counts_above(middle, mean, phi) <= alpha
        low = np.where(open_ & unlikely, middle, low)
        high = np.where(open_ & ~unlikely, middle, high)
    return high


MEMBERS = (
    Member(
        name="data_drop",
        words=Words(en="Fewer than usual", zh="报告骤降"),
        detector=DataDrop(),
        alarms=Alarms.BELOW,
        source="lower tail of the counts of the eight weeks before",
        oracle="scipy's cumulative distributions",
    ),
)

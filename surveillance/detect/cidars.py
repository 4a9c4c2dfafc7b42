"""Fixed values and moving percentiles, as China's automated alert system (CIDARS) judges.

Sources: W. Yang et al., A nationwide web-based automated system for outbreak early detection and
rapid response in China, Western Pac. Surveill. Response J. 2(1) (2011) 10-15; windows and
percentiles by R. Zhang et al., BMC Public Health 13 (2013) 493, and by H. Wang et al., BMC Public
Health 17 (2017) 570.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

from gis.words import Words
from surveillance.detect.farrington.reference import reference_columns
from surveillance.detect.judged import judgement
from surveillance.detect.model import Alarms, Judgement, Member, Outcome
from surveillance.series.model import Panel, Step

Floats = NDArray[np.float64]

DAYS = 7
USUAL_PERCENTILE = 80.0
PERCENTILES: Mapping[str, float] = MappingProxyType({
    "dysentery": 90.0,
    "dengue": 90.0,
    "hepatitis_a": 90.0,
    "typhoid": 90.0,
    "scarlet_fever": 90.0,
})  # fmt: skip
"""Percentile of the diseases that have one of their own; of others `USUAL_PERCENTILE`."""
FIXED_VALUES: Mapping[str, int] = MappingProxyType({
    "plague": 1,
    "cholera": 1,
    "sars": 1,
    "polio": 1,
    "avian_influenza_h5n1": 1,
    "anthrax_pulmonary": 1,
    "unexplained_pneumonia": 1,
})  # fmt: skip
"""Diseases of which so many cases alarm, whatever was before: those of the system's first national
run (China CDC, 21 April 2008). Later lists have nine and more, which we have not seen."""


def percentile_of(disease: str) -> float:
    """Return the percentile that a disease is judged by."""
    return PERCENTILES.get(disease, USUAL_PERCENTILE)


@dataclass(frozen=True, slots=True, kw_only=True)
class FixedValue:
    """Alarms from `cases` cases in a period on; nothing is expected, and there is no p.

    cases: of all series, or (n,) one each, NaN where a series has no such value and is not judged.
    """

    cases: float | Floats = 1.0

    def judge(self, panel: Panel, *, first: int) -> Judgement:
        """Judge every period from `first` on."""
        observed = panel.counts[:, first:]
        threshold = np.broadcast_to(np.reshape(self.cases, (-1, 1)), observed.shape)
        with np.errstate(invalid="ignore"):
            alarm = observed >= threshold
        return judgement(
            panel,
            first=first,
            expected=np.zeros_like(observed),
            threshold=threshold,
            p_value=np.full_like(observed, np.nan),
            alarm=alarm,
            outcome=np.where(np.isnan(threshold), Outcome.NOT_FITTED, Outcome.JUDGED),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class MovingPercentile:
    """Seven days beside the same seven days of `years` years, and `blocks` such before and after.

    Days are judged by the seven that end with them, weeks as they are. Alarms above the percentile
    (of all series, or (n,) one each; between ranks by linear interpolation), `by_month` in some
    months (1-12), with at least `least_cases` cases. Seven days with a missing report are no block;
    of the blocks at least `least_share` must be there. The method has no p.
    """

    years: int = 5
    blocks: int = 2
    percentile: float | Floats = USUAL_PERCENTILE
    by_month: Mapping[int, float] = field(default_factory=dict)
    least_cases: int = 1
    least_share: float = 0.5

    def judge(self, panel: Panel, *, first: int) -> Judgement:
        """Judge every period from `first` on, `observed` being its seven days."""
        now, past = _sevens(panel, panel.counts), _sevens(panel, panel.baseline())
        apart = DAYS // panel.step.days
        shape = (panel.n_series, panel.n_periods - first)
        expected, threshold = np.full(shape, np.nan), np.full(shape, np.nan)
        outcome = np.full(shape, Outcome.JUDGED, np.int8)
        around = apart * np.arange(-self.blocks, self.blocks + 1)
        months = panel.days.astype("datetime64[M]").astype(int) % 12 + 1
        for number in range(shape[1]):
            column = first + number
            points = reference_columns(column, starts_on=panel.starts_on, step=panel.step,
                                       years=self.years)  # fmt: skip
            columns = (np.array(points)[:, None] + around).ravel()
            if columns.min() < apart - 1:
                outcome[:, number] = Outcome.TOO_SHORT
                continue
            values = past[:, columns]
            few = (~np.isnan(values)).sum(axis=1) < self.least_share * columns.size
            outcome[few, number] = Outcome.TOO_FEW_REPORTS
            rank = np.broadcast_to(
                self.by_month.get(int(months[column]), self.percentile), panel.n_series
            )
            expected[~few, number] = np.nanmedian(values[~few], axis=1)
            for one in np.unique(rank[~few]):
                rows = ~few & (rank == one)
                threshold[rows, number] = np.nanpercentile(values[rows], one, axis=1)
        observed = now[:, first:]
        with np.errstate(invalid="ignore"):
            alarm = (observed > threshold) & (observed >= self.least_cases)
        return judgement(
            panel,
            first=first,
            observed=observed,
            expected=expected,
            threshold=threshold,
            p_value=np.full(shape, np.nan),
            alarm=alarm,
            outcome=outcome,
        )


def _sevens(panel: Panel, counts: Floats) -> Floats:
    """Return the cases (n, t) of the seven days that end with each period."""
    if panel.step is Step.WEEK:
        return counts
    padded = np.hstack([np.full((panel.n_series, DAYS - 1), np.nan), counts])
    return np.asarray(sliding_window_view(padded, DAYS, axis=1).sum(axis=2))


MEMBERS = (
    Member(
        name="fixed_value",
        words=Words(en="Fixed value", zh="固定阈值法"),
        detector=FixedValue(),
        alarms=Alarms.FROM,
        source="Yang et al. 2011",
        oracle="the definition",
    ),
    Member(
        name="moving_percentile",
        words=Words(en="Moving percentile", zh="移动百分位数法"),
        detector=MovingPercentile(),
        alarms=Alarms.ABOVE,
        source="Yang et al. 2011; Zhang et al. 2013",
        oracle="numpy's percentile of the blocks, taken by date one by one",
    ),
)

"""The first case of a disease in a place."""

from dataclasses import dataclass
from math import ceil

import numpy as np

from gis.words import Words
from surveillance.detect.judged import judgement
from surveillance.detect.model import Alarms, Judgement, Member, Outcome
from surveillance.series.model import Panel


@dataclass(frozen=True, slots=True, kw_only=True)
class FirstCase:
    """Alarms with a case where none was in the `years` before; what was left out of baselines too.

    A series shorter than that is not judged, nor one of which less than `least_share` was reported:
    what nobody reported may have been a case.
    """

    years: int = 5
    least_share: float = 0.8

    def judge(self, panel: Panel, *, first: int) -> Judgement:
        """Judge every period from `first` on."""
        length = ceil(self.years * 365.25 / panel.step.days)
        known = ~np.isnan(panel.counts)
        cases = _before(np.nan_to_num(panel.counts), length)[:, first:]
        reports = _before(known.astype(np.float64), length)[:, first:]
        outcome = np.where(
            reports < self.least_share * length, Outcome.TOO_FEW_REPORTS, Outcome.JUDGED
        )
        outcome[:, : max(length - first, 0)] = Outcome.TOO_SHORT
        observed = panel.counts[:, first:]
        with np.errstate(invalid="ignore"):
            alarm = (observed > 0) & (cases == 0)
        return judgement(
            panel,
            first=first,
            expected=cases / length,
            threshold=np.where(cases == 0, 1.0, np.inf),
            p_value=np.full(observed.shape, np.nan),
            alarm=alarm,
            outcome=outcome.astype(np.int8),
        )


def _before(values: np.ndarray, length: int) -> np.ndarray:
    """Return the sums (n, t) over the `length` periods before each."""
    total = np.hstack([np.zeros((values.shape[0], length + 1)), np.cumsum(values, axis=1)])
    return np.asarray(total[:, length:-1] - total[:, : -1 - length])


MEMBERS = (
    Member(
        name="first_case",
        words=Words(en="First case here", zh="本地首例"),
        detector=FirstCase(),
        alarms=Alarms.FROM,
        source="National rules for reporting public health events: first in the county in 5 years",
        oracle="the definition",
    ),
)

"""Making a judgement of what a method worked out."""

import numpy as np
from numpy.typing import NDArray

from surveillance.detect.model import Judgement, Outcome
from surveillance.series.model import Panel


def judgement(
    panel: Panel,
    *,
    first: int,
    expected: NDArray[np.float64],
    threshold: NDArray[np.float64],
    p_value: NDArray[np.float64],
    alarm: NDArray[np.bool_],
    outcome: NDArray[np.int8],
    observed: NDArray[np.float64] | None = None,
) -> Judgement:
    """Return the judgement of the periods from `first` on; all arrays (n, m).

    observed: what was judged, where that is not the period's own count. Where it is NaN, nothing is
    judged, whatever the baseline says.
    """
    if observed is None:
        observed = panel.counts[:, first:]
    outcome = np.where(np.isnan(observed), Outcome.NO_REPORT, outcome).astype(np.int8)
    judged = outcome == Outcome.JUDGED
    return Judgement(
        first=first,
        observed=observed,
        expected=np.where(judged, expected, np.nan),
        threshold=np.where(judged, threshold, np.nan),
        p_value=np.where(judged, p_value, np.nan),
        alarm=alarm & judged,
        outcome=outcome,
    )

"""Alarms across many series: how many of them may be false.

Sources: Y. Benjamini and Y. Hochberg, J. R. Stat. Soc. B 57 (1995) 289-300; Y. Benjamini and
D. Yekutieli, Ann. Stat. 29 (2001) 1165-1188, which holds however the series hang together.
"""

from typing import Literal

import numpy as np
from numpy.typing import NDArray


def false_discovery_rate(
    p_values: NDArray[np.float64], *, method: Literal["bh", "by"] = "bh"
) -> NDArray[np.float64]:
    """Return, for each p of an array of any shape, the rate at which it would still be reported.

    p_values: over areas, diseases and ages of one day, NaN = not tested, which counts for nothing
    and stays NaN. Those at or below q are the alarms of which a share of q is false.
    """
    rate = np.full(p_values.shape, np.nan)
    tested = ~np.isnan(p_values)
    if tested.any():
        rate[tested] = _adjusted(p_values[tested], method)
    return rate


def _adjusted(p: NDArray[np.float64], method: Literal["bh", "by"]) -> NDArray[np.float64]:
    # As scipy.stats has it, which every process would load for these lines alone.
    order = np.argsort(p)
    ranks = np.arange(1, p.size + 1)
    scaled = p[order] * (p.size / ranks)
    if method == "by":
        scaled *= (1.0 / ranks).sum()
    adjusted = np.empty_like(scaled)
    adjusted[order] = np.minimum.accumulate(scaled[::-1])[::-1].clip(max=1.0)
    return adjusted

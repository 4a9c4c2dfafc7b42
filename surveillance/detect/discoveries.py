"""Alarms across many series: how many of them may be false.

Sources: Y. Benjamini and Y. Hochberg, J. R. Stat. Soc. B 57 (1995) 289-300; Y. Benjamini and
D. Yekutieli, Ann. Stat. 29 (2001) 1165-1188, which holds however the series hang together.
"""

from typing import Literal

import numpy as np
from numpy.typing import NDArray
from scipy.stats import false_discovery_control


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
        rate[tested] = false_discovery_control(p_values[tested], method=method)
    return rate

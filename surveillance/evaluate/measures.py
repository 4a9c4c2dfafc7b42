"""What alarms are worth: by weeks, and by outbreaks.

As G. Bédubourg & Y. Le Strat, PLoS ONE 12 (2017) e0181227, doi 10.1371/journal.pone.0181227.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True, kw_only=True)
class Measures:
    """Measures over many series; None where nothing was there to count.

    false_positive_rate : alarms by weeks without outbreak
    detected : share of outbreaks with an alarm while they last (POD)
    detected_first : share with one in their first period (POD within a week)
    predictive_value : share of alarms that are in an outbreak (PPV)
    delay : periods from the begin of an outbreak to the first alarm, mean of those detected
    judged : share of periods that were judged at all
    """

    false_positive_rate: float | None
    detected: float | None
    detected_first: float | None
    predictive_value: float | None
    delay: float | None
    judged: float


def measures(
    alarm: NDArray[np.bool_], sick: NDArray[np.bool_], judged: NDArray[np.bool_]
) -> Measures:
    """Return the measures of alarms (n, m) where `sick` (n, m) is one outbreak in each series.

    What was not judged (`judged` False) is no alarm, and counts as a week all the same: an outbreak
    that was not looked at is missed.
    """
    alarm = alarm & judged
    has = sick.any(axis=1)
    begins = np.argmax(sick, axis=1)[has]
    hit = (alarm & sick)[has]
    found = hit.any(axis=1)
    first = hit[np.arange(begins.size), begins]
    delay = (np.argmax(hit, axis=1) - begins)[found]
    return Measures(
        false_positive_rate=_share(int((alarm & ~sick).sum()), int((~sick).sum())),
        detected=_share(int(found.sum()), found.size),
        detected_first=_share(int(first.sum()), found.size),
        predictive_value=_share(int((alarm & sick).sum()), int(alarm.sum())),
        delay=float(delay.mean()) if delay.size else None,
        judged=float(judged.mean()),
    )


def _share(part: int, whole: int) -> float | None:
    return part / whole if whole else None

"""Survival of a witnessed cardiac arrest in ventricular fibrillation, by the times to help.

Larsen, Eisenberg, Cummins, Hallstrom: Predicting survival from out-of-hospital cardiac arrest: a
graphic model. Ann Emerg Med 1993;22:1652-1658. A comparison of options for one patient, never a
prognosis: it knows nothing of age, of the rhythm, nor of whether anybody saw the collapse.
"""

import math

import numpy as np
import numpy.typing as npt

FloatArray = npt.NDArray[np.float64]

AT_COLLAPSE_PERCENT = 67.0
CPR_LOSS_PERCENT_PER_MIN = 2.3
SHOCK_LOSS_PERCENT_PER_MIN = 1.1
ALS_LOSS_PERCENT_PER_MIN = 2.1


def larsen_survival_percent(
    cpr_min: FloatArray | float, shock_min: FloatArray | float, als_min: FloatArray | float
) -> FloatArray:
    """Return the chance of survival in percent, 0 to 67, of minutes from the collapse; any shapes.

    A time that is not known (NaN) gives NaN: it is neither zero nor late. One that never comes
    (inf) gives 0. CPR comes with whoever is first, so `cpr_min` counts no later than the others;
    nobody shocks or gives drugs before there is somebody.
    """
    times = (cpr_min, shock_min, als_min)
    cpr, shock, als = (np.asarray(one, dtype=np.float64) for one in times)
    for one in (cpr, shock, als):
        if (one < 0.0).any():
            raise ValueError("Minutes from the collapse are not negative.")
    first = np.minimum(np.minimum(cpr, shock), als)
    lost = (
        CPR_LOSS_PERCENT_PER_MIN * first
        + SHOCK_LOSS_PERCENT_PER_MIN * shock
        + ALS_LOSS_PERCENT_PER_MIN * als
    )
    return np.asarray(np.clip(AT_COLLAPSE_PERCENT - lost, 0.0, AT_COLLAPSE_PERCENT))


def survival_percent(
    *, cpr_s: float | None, shock_s: float | None, als_s: float | None, elapsed_s: float
) -> float | None:
    """Return the survival of one option, None where one of its times is not known.

    cpr_s, shock_s, als_s : seconds from now; elapsed_s : seconds since the call came
    """
    if cpr_s is None or shock_s is None or als_s is None:
        return None
    cpr, shock, als = (
        (max(elapsed_s, 0.0) + np.maximum(one, 0.0)) / 60.0 for one in (cpr_s, shock_s, als_s)
    )
    percent = float(larsen_survival_percent(cpr, shock, als))
    return percent if math.isfinite(percent) else None

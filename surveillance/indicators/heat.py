"""Heat as people feel it: heat index and wet-bulb globe temperature, of temperature and humidity.

Heat index: L. P. Rothfusz, The heat index equation, NWS Technical Attachment SR 90-23 (1990), with
the adjustments of the US Weather Prediction Center; where its simple formula stays below 79 °F that
is taken, up to 40 °F the temperature itself, as the Weather Service's calculator does.
WBGT: the approximation of the Australian Bureau of Meteorology for moderately high radiation and
light wind; in full sun or in the shade it is off by several degrees.
"""

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]


def heat_index(temperature_c: ArrayLike, humidity_pct: ArrayLike) -> Floats:
    """Return the heat index in °C, of air temperature in °C and relative humidity in %."""
    t = np.asarray(temperature_c, np.float64) * 9 / 5 + 32
    r = np.asarray(humidity_pct, np.float64)
    simple = (t + 61.0 + (t - 68.0) * 1.2 + r * 0.094) / 2
    full = (
        -42.379 + 2.04901523 * t + 10.14333127 * r - 0.22475541 * t * r - 6.83783e-3 * t**2
        - 5.481717e-2 * r**2 + 1.22874e-3 * t**2 * r + 8.5282e-4 * t * r**2
        - 1.99e-6 * t**2 * r**2
    )  # fmt: skip
    dry = (r < 13) & (t >= 80) & (t <= 112)
    less = (13 - r) / 4 * np.sqrt(np.clip(17 - np.abs(t - 95), 0, None) / 17)
    damp = (r > 85) & (t >= 80) & (t <= 87)
    more = (r - 85) / 10 * (87 - t) / 5
    full = full - np.where(dry, less, 0.0) + np.where(damp, more, 0.0)
    felt = np.where(t <= 40.0, t, np.where(simple < 79.0, simple, full))
    return np.asarray((felt - 32) * 5 / 9)


def wet_bulb_globe(temperature_c: ArrayLike, humidity_pct: ArrayLike) -> Floats:
    """Return the approximate WBGT in °C, of air temperature in °C and relative humidity in %."""
    t = np.asarray(temperature_c, np.float64)
    vapour_hpa = np.asarray(humidity_pct, np.float64) / 100 * saturation_hpa(t)
    return np.asarray(0.567 * t + 0.393 * vapour_hpa + 3.94)


def saturation_hpa(temperature_c: ArrayLike) -> Floats:
    """Return the vapour pressure of saturated air in hPa (Magnus, as the Bureau writes it)."""
    t = np.asarray(temperature_c, np.float64)
    return np.asarray(6.105 * np.exp(17.27 * t / (237.7 + t)))

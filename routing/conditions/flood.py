"""How fast each kind of vehicle may go through standing water: one table.

For cars the speeds follow the depth-disruption function of Pregnolato, Ford, Wilkinson and Dawson
(Transportation Research Part D 55, 2017, 67-81), v = 0.0009 w² - 0.5529 w + 86.9448 km/h with w in
millimetres, which ends at 300 mm, where a car floats or stalls. The figures are quoted from memory
of the paper, not from its text.

Everything else is **our assumption**, to be replaced by a jurisdiction's own rule: an ambulance on
a van's chassis has its air intake higher and is taken at the car's speed for three quarters of the
depth, closed from 0.40 m; a motorcycle closes from 0.20 m and a bicycle from 0.25 m, when the hub
or the pedals are under water; on foot water slows from 0.10 m and closes from 0.50 m, since covers
of drains cannot be seen.

The depth is of standing water. Where it flows, half as much is dangerous: report it deeper.
"""

from collections.abc import Mapping

import numpy as np

from routing.conditions.model import VehicleClass
from routing.roads.model import FloatArray

FLOOD_SPEEDS: Mapping[VehicleClass, tuple[tuple[float, float], ...]] = {
    VehicleClass.CAR: (
        (0.00, 86.9), (0.05, 61.5), (0.10, 40.7), (0.15, 24.3), (0.20, 12.4), (0.25, 5.0),
        (0.30, 0.0),
    ),
    VehicleClass.AMBULANCE: (
        (0.00, 86.9), (0.067, 61.5), (0.133, 40.7), (0.20, 24.3), (0.267, 12.4), (0.333, 5.0),
        (0.40, 0.0),
    ),
    VehicleClass.MOTORCYCLE: ((0.00, 86.9), (0.05, 40.0), (0.10, 15.0), (0.15, 5.0), (0.20, 0.0)),
    VehicleClass.BICYCLE: ((0.00, 25.0), (0.05, 15.0), (0.15, 6.0), (0.25, 0.0)),
    VehicleClass.WALK: ((0.00, 6.0), (0.10, 4.8), (0.30, 2.0), (0.50, 0.0)),
}  # fmt: skip
"""Vehicle → (depth in metres, highest speed in km/h), linear between; closed from the last on."""

CRAWL_KMH = 2.0
"""Nothing that still moves is slower."""


def flood_speeds(depth_m: FloatArray, vehicle: VehicleClass) -> FloatArray:
    """Return the highest speed (c,) km/h through water of each depth; 0 = closed."""
    depths, speeds = np.array(FLOOD_SPEEDS[vehicle]).T
    speed = np.maximum(np.interp(depth_m, depths, speeds), CRAWL_KMH)
    return np.where(depth_m >= depths[-1], 0.0, speed)

"""Times by straight line, for cities without a usable road graph; answers say so (`basis`)."""

import numpy as np

from gis.geometry import EARTH_RADIUS_M
from routing.live.answers import TravelTimes
from routing.roads.model import FloatArray, Profile

STRAIGHT_LINE_DETOUR = 1.3
STRAIGHT_LINE_SPEED_KMH = {Profile.WALK: 4.8}
STRAIGHT_LINE_DEFAULT_SPEED_KMH = 30.0


def straight_line_times(one: FloatArray, many: FloatArray, *, profile: Profile) -> TravelTimes:
    """Return the times between one place (1, 2) and others (n, 2); lon, lat degrees."""
    speed_kmh = STRAIGHT_LINE_SPEED_KMH.get(profile, STRAIGHT_LINE_DEFAULT_SPEED_KMH)
    lon, lat = np.radians(many).T if len(many) else np.empty((2, 0))
    lon_0, lat_0 = np.radians(one[0])
    half = (
        np.sin((lat - lat_0) / 2) ** 2
        + np.cos(lat) * np.cos(lat_0) * np.sin((lon - lon_0) / 2) ** 2
    )
    distance_m = 2 * EARTH_RADIUS_M * np.arcsin(np.sqrt(half))
    time_s = distance_m * STRAIGHT_LINE_DETOUR / (speed_kmh / 3.6)
    return TravelTimes(
        time_s=time_s,
        ignoring_closures_s=time_s,
        snap_distance_m=np.zeros(len(many)),
        place_snap_distance_m=0.0,
        no_road=np.zeros(len(many), np.bool_),
        basis="straight_line",
        versions=None,
    )

"""Zones of places by travel time on the roads: one sweep over the roads from each centre."""

from collections.abc import Iterable

import numpy as np

from routing.live.pinned import PinnedRoads
from routing.roads.model import Profile
from routing.search.router import Float32Array
from surveillance.scan.model import FloatArray
from surveillance.scan.zones import Zones, joined, zones_by_distance


def zones_by_road(
    roads: PinnedRoads,
    lonlat: FloatArray,
    people: FloatArray,
    share: float = 0.5,
    *,
    profile: Profile = Profile.CAR,
    free_flow: bool = False,
) -> Zones:
    """Return zones by travel time from each place: `lonlat` (places, 2), degrees, WGS-84.

    All times are of the one version of the roads that is pinned, as they are now, or empty and open
    (`free_flow`). A place that no road comes near to is a zone by itself and in no other. Raises
    `StraightLineOnlyError` where the city has no roads for `profile`, `MatrixTooLargeError` for
    too many places, `ScanInputError` as `zones_by_distance`.
    """
    table = roads.matrix(lonlat, lonlat, profile=profile, free_flow=free_flow)
    return zones_of_times(table.blocks, people, share)


def zones_of_times(blocks: Iterable[Float32Array], people: FloatArray, share: float = 0.5) -> Zones:
    """Return the zones of travel times in blocks of rows, one row a centre, inf = no way."""
    parts, first = [], 0
    for block in blocks:
        centres = np.arange(first, first + len(block), dtype=np.int32)
        far = block.astype(np.float64)
        far[np.arange(len(block)), centres] = 0.0
        parts.append(zones_by_distance(far, people, share, centres))
        first += len(block)
    return joined(parts)

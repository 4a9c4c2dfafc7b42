"""What circles and zones by road find of outbreaks among places of a city."""

import numpy as np

from routing.live.pinned import PinnedRoads
from routing.roads.model import Profile
from routing.roads.plane import LocalPlane
from surveillance.evaluate.zones import Plan, ZoneRow, compare_zones


def zone_rows(roads: PinnedRoads, plan: Plan, *, places: int, free_flow: bool) -> list[ZoneRow]:
    """Return the comparison on `places` ends of roads with people by chance, from the plan's seed.

    Raises `StraightLineOnlyError` where the city has no roads.
    """
    chance = np.random.default_rng(plan.seed)
    segments = roads.segments
    starts = segments.coords[segments.offsets[:-1]]
    ends = np.unique(starts, axis=0)
    lonlat = ends[chance.choice(len(ends), min(places, len(ends)), replace=False)]
    people = np.exp(chance.normal(7.0, 0.6, len(lonlat)))
    table = roads.matrix(lonlat, lonlat, profile=Profile.CAR, free_flow=free_flow)
    times_s = np.concatenate(list(table.blocks)).astype(np.float64)
    np.fill_diagonal(times_s, 0.0)
    xy = LocalPlane.around(lonlat).to_xy(lonlat)
    return compare_zones(xy, times_s, people, plan)

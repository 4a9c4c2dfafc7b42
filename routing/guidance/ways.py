"""What a driver takes each piece of a route for."""

from enum import IntEnum
from functools import lru_cache

import numpy as np

from routing.roads.model import IndexArray, Segments, freeze
from routing.rules.profiles import FERRY


class Way(IntEnum):
    """Kinds of road that guidance speaks of in words of their own."""

    STREET = 0
    MAIN_ROAD = 1
    RAMP = 2
    FERRY = 3
    ROUNDABOUT = 4


_BY_CLASS = {
    "motorway": Way.MAIN_ROAD,
    "trunk": Way.MAIN_ROAD,
    "motorway_link": Way.RAMP,
    "trunk_link": Way.RAMP,
    FERRY: Way.FERRY,
}


def way_of(segments: Segments, rows: IndexArray) -> IndexArray:
    """Return the `Way` of each of `rows` (r,) by its class alone, (r,) int32."""
    return _by_code(segments.highway.table)[segments.highway.codes[rows]]


@lru_cache(maxsize=64)
def _by_code(table: tuple[str, ...]) -> IndexArray:
    """Kind by code, the last for code -1."""
    kinds = [_BY_CLASS.get(one, Way.STREET) for one in (*table, "")]
    return freeze(np.array(kinds, dtype=np.int32))

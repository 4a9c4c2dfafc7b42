"""Which cells a unit reaches within the limit, kept while the roads are as they are."""

import threading
from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from dispatch.coverage.model import BoolArray, FloatArray, IndexArray
from gis.geometry import Wgs84Point

MOVED_M = 100.0
"""A unit is searched for anew when it is so far from where its cells were looked up: at 40 km/h
that is nine seconds of driving, less than a standing unit's position is sure by."""

MOST_PLACES = 20_000
"""Places of one city that are kept; the oldest go first."""

Search = Callable[[npt.ArrayLike], Iterator[FloatArray]]


class Reached(NamedTuple):
    """Cells by unit, those of a unit that was left out being None."""

    cells: list[IndexArray | None]
    missing: int


class ReachBook:
    """The cells reached from places, for one state of the roads, one count and one limit.

    known : (n,) bool, a road lies near the cell. Safe between threads: what two look up at once is
    looked up twice and the same.
    """

    def __init__(
        self, search: Search, *, n_cells: int, limit_s: float, stands_at: FloatArray
    ) -> None:
        """Take a search as `PinnedRoads.reaching` gives it; `stands_at` (s, 2) are the stations."""
        self._search, self._limit_s = search, limit_s
        self._cells: dict[tuple[float, float], IndexArray] = {}
        self._anchors: dict[int, tuple[float, float]] = {}
        self._lock = threading.Lock()
        self._filling = False
        self.known: BoolArray = np.ones(n_cells, np.bool_)
        self.reachable: BoolArray = np.zeros(n_cells, np.bool_)
        rows = zip(map(_key, stands_at), search(stands_at), strict=True)
        for row, (key, time_s) in enumerate(rows):
            if not row:
                self.known = ~np.isnan(time_s)
            self._keep(key, time_s)
            self.reachable[self._cells[key]] = True

    def of_units(
        self, unit_ids: Sequence[int], lonlat: FloatArray, *, most_searches: int | None = None
    ) -> Reached:
        """Return the cells of each unit; beyond `most_searches` the rest is looked up meanwhile.

        unit_ids : (k,); lonlat : (k, 2) where each is, or is taken to be. Where any is missing a
        thread goes on looking, so that the next question finds it.
        """
        keys = [self._anchored(*one) for one in zip(unit_ids, lonlat.tolist(), strict=True)]
        wanted = list(dict.fromkeys(key for key in keys if key not in self._cells))
        now = wanted if most_searches is None else wanted[:most_searches]
        self._look_up(now)
        if later := wanted[len(now) :]:
            self._look_up_meanwhile(later)
        found = [self._cells.get(key) for key in keys]
        return Reached(found, sum(one is None for one in found))

    def of_places(self, lonlat: FloatArray) -> list[IndexArray]:
        """Return the cells of each place: stations and posts, all of them."""
        keys = [_key(one) for one in lonlat]
        self._look_up(list(dict.fromkeys(key for key in keys if key not in self._cells)))
        return [self._cells[key] for key in keys]

    def _anchored(self, unit_id: int, lonlat: Sequence[float]) -> tuple[float, float]:
        """Return the place that stands for a unit's: its last one while it has hardly moved."""
        here, anchor = _key(lonlat), self._anchors.get(unit_id)
        if anchor is not None and (
            here == anchor or Wgs84Point(*here).distance_m(Wgs84Point(*anchor)) < MOVED_M
        ):
            return anchor
        self._anchors[unit_id] = here
        return here

    def _look_up(self, keys: Sequence[tuple[float, float]]) -> None:
        if keys:
            for key, time_s in zip(keys, self._search(np.array(keys)), strict=True):
                self._keep(key, time_s)

    def _look_up_meanwhile(self, keys: Sequence[tuple[float, float]]) -> None:
        with self._lock:
            if self._filling:
                return
            self._filling = True

        def look() -> None:
            try:
                self._look_up(keys)
            finally:
                self._filling = False

        threading.Thread(target=look, name="coverage", daemon=True).start()

    def _keep(self, key: tuple[float, float], time_s: FloatArray) -> None:
        cells = np.flatnonzero(time_s <= self._limit_s).astype(np.int32)
        with self._lock:
            self._cells[key] = cells
            while len(self._cells) > MOST_PLACES:
                del self._cells[next(iter(self._cells))]


def _key(lonlat: Sequence[float] | FloatArray) -> tuple[float, float]:
    """Return a place to the nearest 0.1 m."""
    return round(float(lonlat[0]), 6), round(float(lonlat[1]), 6)

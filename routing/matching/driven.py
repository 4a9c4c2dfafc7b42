"""Legs driven between observations: spurs cut off, time shared out."""

from dataclasses import dataclass, replace
from typing import Self

import numpy as np

from routing.roads.model import BoolArray, FloatArray, IdArray, IndexArray

_PART_GAP_MS = 1_000.0
_WAIT_S = 5.0


@dataclass(frozen=True, slots=True, eq=False)
class Driven:
    """Legs in order of travel and the m observations that lie on them.

    row, leg : (p,) int32 row of `RoadGraph.state_leg`, leg; part : (p,) unbroken part of the trace
    turned : (p,) bool, entered by turning round on the leg before
    after : (p,) the observation that each leg leads to
    visit : (m,) row of the leg on which each observation lies, rising; share : (m,) float64 of it
    """

    row: IndexArray
    leg: IndexArray
    part: IdArray
    turned: BoolArray
    after: IdArray
    visit: IndexArray
    share: FloatArray

    def without_spurs(self, length_m: FloatArray, *, at_most_m: float) -> Self:
        """Leave out legs entered for `at_most_m` or less only to turn round and come back.

        They come from the noise of a vehicle that waits at a junction. What was observed there is
        put at the end of the leg before.
        """
        back = np.flatnonzero(self.turned)
        inner = (back >= 2) & (back < self.leg.size - 1)
        back = back[inner]
        inner = (self.part[back - 2] == self.part[back]) & (self.part[back + 1] == self.part[back])
        inner &= ~self.turned[back - 1] & ~self.turned[back + 1]
        back = back[inner]
        farthest = np.zeros(self.leg.size)
        np.maximum.at(farthest, self.visit, self.share)
        back = back[(farthest * length_m)[back - 1] <= at_most_m]
        instead = np.arange(self.leg.size)
        instead[back] = instead[back - 1] = back - 2
        return self._moved(instead, share=np.ones(self.leg.size))

    def without_stubs(self, length_m: FloatArray, *, at_most_m: float) -> Self:
        """Leave out first and last legs of a part of which `at_most_m` or less was driven.

        Where a drive begins or ends at a junction, noise alone decides on which arm.
        """
        p = self.leg.size
        if p == 0:
            return self
        first = np.flatnonzero(np.diff(self.part, prepend=-1))
        last = np.append(first[1:], p) - 1
        instead = np.arange(p)
        farthest = np.zeros(p)
        np.maximum.at(farthest, self.visit, self.share)
        ahead = first[last > first]
        begun = self.share[np.searchsorted(self.visit, ahead, side="left")]
        short = ((1.0 - begun) * length_m[ahead] <= at_most_m) & ~self.turned[ahead + 1]
        instead[ahead[short]] += 1
        # What comes before must not be the leg just left out.
        behind = last[(last > first) & (instead[last - 1] == last - 1)]
        short = (farthest * length_m)[behind] <= at_most_m
        instead[behind[short & ~self.turned[behind]]] -= 1
        return self._moved(instead, share=(instead < np.arange(p)).astype(np.float64))

    def _moved(self, instead: IdArray, *, share: FloatArray) -> Self:
        """Leave out legs whose `instead` (p,) is another row, to which their observations go.

        share : (p,) where observations of legs left out come to lie on the other
        """
        gone = instead != np.arange(instead.size)
        if not gone.any():
            return self
        kept = np.flatnonzero(~gone)
        return replace(
            self,
            row=self.row[kept],
            leg=self.leg[kept],
            part=self.part[kept],
            turned=self.turned[kept],
            after=self.after[kept],
            visit=(np.cumsum(~gone) - 1)[instead[self.visit]].astype(np.int32),
            share=np.where(gone[self.visit], share[self.visit], self.share),
        )

    def confidence(self, sure: FloatArray) -> FloatArray:
        """Mean probability (p,) of the observations on each leg, or the less of those beside it.

        sure : (m,) probability that each observation lies on what was driven
        """
        seen = np.bincount(self.visit, minlength=self.leg.size)
        total = np.bincount(self.visit, sure, minlength=self.leg.size)
        beside = np.minimum(sure[np.maximum(self.after - 1, 0)], sure[self.after])
        return np.minimum(np.where(seen > 0, total / np.maximum(seen, 1), beside), 1.0)

    def times(
        self,
        leg_ms: IndexArray,
        arrived_s: FloatArray,
        *,
        departed_s: FloatArray,
        at_junction: BoolArray,
    ) -> tuple[FloatArray, FloatArray, FloatArray, FloatArray]:
        """Share out the time as on the empty road: enter_s, exit_s, from_share, to_share (p,).

        leg_ms (p,) time of each leg there; arrived_s, departed_s (m,) first and last time at which
        the vehicle was seen at each place; at_junction (m,) bool whether that may be where its leg
        starts
        """
        p = self.part.size
        if p == 0:
            return np.empty(0), np.empty(0), np.empty(0), np.empty(0)
        visit, share = self.visit, self.share
        first = np.flatnonzero(np.diff(self.part, prepend=-1))
        last = np.append(first[1:], p) - 1
        from_share, to_share = np.zeros(p), np.ones(p)
        first_seen = np.searchsorted(visit, first, side="left")
        from_share[first] = share[first_seen]
        farthest = np.zeros(p)
        np.maximum.at(farthest, visit, share)
        to_share[last] = farthest[last]
        after = np.flatnonzero(self.turned)
        turned_at = share[np.searchsorted(visit, after, side="left") - 1]
        to_share[after - 1] = np.maximum(turned_at, from_share[after - 1])
        from_share[after] = 1.0 - to_share[after - 1]
        to_share = np.maximum(to_share, from_share)
        extent_ms = (to_share - from_share) * leg_ms
        begin_ms = np.cumsum(extent_ms) - extent_ms + _PART_GAP_MS * self.part
        within = np.clip(share, from_share[visit], to_share[visit]) - from_share[visit]
        at_ms = begin_ms[visit] + within * leg_ms[visit]
        # Vehicles wait before a junction, not behind it.
        waited = at_junction & (departed_s - arrived_s >= _WAIT_S)
        waited &= (from_share[visit] == 0.0) & ~np.isin(visit, first)
        at_ms[waited] = begin_ms[visit[waited]] - 0.5
        at_ms = np.maximum.accumulate(at_ms)
        at_ms = np.repeat(at_ms, 2)
        time_s = np.column_stack((arrived_s, departed_s)).ravel()
        # Equal places would make the time of a place ambiguous.
        at_ms += 1e-6 * np.arange(at_ms.size)
        enter_s = np.interp(begin_ms, at_ms, time_s)
        exit_s = np.interp(begin_ms + extent_ms, at_ms, time_s)
        return enter_s, exit_s, from_share, to_share

"""Which stations and hospitals lose their road connection by what is closed. Pure.

The test is a function from leg times to whether each place can be left and reached, so that a
caller with a graph may use that; `Connectivity` is one that needs nothing but the roads.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Self, TypeAlias

import numpy as np
from numpy.typing import ArrayLike
from scipy.sparse import csr_array
from scipy.sparse.csgraph import breadth_first_order, connected_components

from gis.words import Words
from routing.engine.digraph import INFINITE_MS
from routing.roads.model import BoolArray, IndexArray, Segments, freeze

Connected: TypeAlias = Callable[[IndexArray], BoolArray]
"""(2n,) int32 leg times → (p, 2) bool: can be left, can be reached."""


@dataclass(frozen=True, slots=True)
class Place:
    """A station or hospital: `kind` is `station` or `facility`, `place_id` its key there."""

    kind: str
    place_id: int
    name: str
    name_zh: str | None = None


@dataclass(frozen=True, slots=True)
class CutOff:
    """A place that was connected and, as things are closed now, is not."""

    place: Place
    can_leave: bool
    can_be_reached: bool

    @property
    def text(self) -> Words:
        """Return a sentence for the dispatcher."""
        name = Words(en=self.place.name, zh=self.place.name_zh or self.place.name)
        return _WORDS[self.can_leave, self.can_be_reached].filled(name=name)


_WORDS = {
    (False, False): Words(
        en="{name} is cut off: no open road leads in or out.", zh="{name}道路中断：无路可进出。"
    ),
    (True, False): Words(
        en="{name} can be left but not reached by road.", zh="{name}可驶出，但无路可到达。"
    ),
    (False, True): Words(
        en="{name} can be reached but not left by road.", zh="{name}可到达，但无路可驶出。"
    ),
    (True, True): Words(en="{name} is connected.", zh="{name}道路畅通。"),
}


def cut_off(
    places: Sequence[Place],
    connected: Connected,
    *,
    leg_ms: IndexArray,
    without_closures_ms: IndexArray,
) -> tuple[CutOff, ...]:
    """Return the places that closures cut off from the city, in or out, in the given order.

    Parameters
    ----------
    connected : callable
        From leg times to (p, 2) bool for the p `places`: can be left, can be reached.
    leg_ms, without_closures_ms : (2n,) int32
        Times of the legs as they are, and as if nothing were closed.
    """
    if not places or leg_ms is without_closures_ms:
        return ()
    before, now = connected(without_closures_ms), connected(leg_ms)
    lost = np.flatnonzero((before & ~now).any(axis=1)).tolist()
    return tuple(CutOff(places[row], bool(now[row, 0]), bool(now[row, 1])) for row in lost)


@dataclass(frozen=True, slots=True, eq=False)
class Connectivity:
    """Can places be left and reached, from and to the largest part of the road network?

    Turn restrictions are not looked at. A place is on a segment: its own legs must be open too.
    """

    tail: IndexArray
    head: IndexArray
    n_nodes: int
    segment: IndexArray

    @classmethod
    def of(cls, segments: Segments, place_segment: ArrayLike) -> Self:
        """Prepare for places on the segment rows `place_segment` (p,)."""
        nodes, ends = np.unique(
            np.stack((segments.from_node, segments.to_node), axis=1), return_inverse=True
        )
        ends = ends.reshape(-1, 2)
        return cls(
            tail=freeze(ends[:, [0, 1]].ravel().astype(np.int32)),
            head=freeze(ends[:, [1, 0]].ravel().astype(np.int32)),
            n_nodes=nodes.size,
            segment=freeze(np.array(place_segment, np.int32)),
        )

    def __call__(self, leg_ms: IndexArray) -> BoolArray:
        """Return (p, 2) bool: can be left, can be reached."""
        open_ = leg_ms < INFINITE_MS
        tail, head = self.tail[open_], self.head[open_]
        shape = (self.n_nodes, self.n_nodes)
        roads = csr_array((np.ones(tail.size, np.int8), (tail, head)), shape=shape)
        _, part = connected_components(roads, directed=True, connection="strong")
        middle = int(np.argmax(part == np.bincount(part).argmax()))
        from_middle, to_middle = (np.zeros(self.n_nodes, np.bool_) for _ in range(2))
        from_middle[breadth_first_order(roads, middle, return_predecessors=False)] = True
        back = roads.T.tocsr()
        to_middle[breadth_first_order(back, middle, return_predecessors=False)] = True
        legs = 2 * self.segment[:, None] + np.array([0, 1])
        out = (open_[legs] & to_middle[self.head[legs]]).any(axis=1)
        into = (open_[legs] & from_middle[self.tail[legs]]).any(axis=1)
        return np.stack((out, into), axis=1)

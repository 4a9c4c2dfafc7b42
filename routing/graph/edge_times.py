"""Times in force on one graph, of every leg and of the states they make up."""

from dataclasses import dataclass, replace

import numpy as np

from routing.graph.build import RoadGraph
from routing.graph.chains import changed_times_ms
from routing.roads.errors import InvalidNetworkError
from routing.roads.model import IndexArray, freeze


@dataclass(frozen=True, slots=True, eq=False)
class EdgeTimes:
    """Times in force: of each leg (2 * n_segments,) and state (n_states,), int32 ms, read-only."""

    leg_ms: IndexArray
    state_ms: IndexArray

    @classmethod
    def of(cls, graph: RoadGraph, leg_ms: IndexArray) -> "EdgeTimes":
        """Sum `leg_ms` over the states of `graph`.

        Raises
        ------
        InvalidNetworkError
            If a time is missing, zero or negative.
        """
        times_ms = np.asarray(leg_ms)
        if times_ms.shape != graph.free_flow_ms.shape or times_ms.dtype != np.int32:
            msg = f"{graph.free_flow_ms.size} leg times as int32 milliseconds are needed."
            raise InvalidNetworkError(msg)
        if times_ms.size and times_ms.min() <= 0:
            msg = "Every leg needs a time above 0 ms; close a road with the infinite time."
            raise InvalidNetworkError(msg)
        return cls(freeze(times_ms), graph.state_times_ms(times_ms))

    def changed(self, graph: RoadGraph, legs: IndexArray, leg_ms: IndexArray) -> "EdgeTimes":
        """Return the times after `legs` (c,) got the times `leg_ms` (c,); the rest is kept."""
        times_ms = self.leg_ms.copy()
        times_ms[legs] = leg_ms
        state_ms = changed_times_ms(
            graph.states_of(legs), graph.state_leg_start, graph.state_leg, graph.state_wait_ms,
            times_ms, self.state_ms,
        )  # fmt: skip
        return replace(self, leg_ms=freeze(times_ms), state_ms=freeze(state_ms))

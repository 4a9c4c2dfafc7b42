"""Traffic signals of one junction, so that who crosses it waits once.

Where streets of two carriageways cross, every crossing point has signals of its own; where stop
lines are mapped, there is one on each arm and none in the middle. Who has passed one of them does
not wait at the next.
"""

import numpy as np
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components
from scipy.spatial import cKDTree

from routing.roads.model import BoolArray, FloatArray, IndexArray

APART_M = 40.0
"""Signals nearer to one another belong to one junction: the width of a wide street."""
ACROSS_M = 60.0
"""So far behind a signal one is still within its junction."""


def signal_groups(xy: FloatArray) -> IndexArray:
    """Number the junctions of signals at (s, 2) metres: (s,) int32."""
    pairs = cKDTree(xy).query_pairs(APART_M, output_type="ndarray")
    near = coo_array(
        (np.ones(len(pairs), np.int8), (pairs[:, 0], pairs[:, 1])), shape=(len(xy), len(xy))
    )
    _, group = connected_components(near, directed=False)
    return np.asarray(group, dtype=np.int32)


def waits_at_signals(
    legs: tuple[IndexArray, IndexArray, FloatArray],
    arcs: tuple[IndexArray, IndexArray],
    group: IndexArray,
) -> BoolArray:
    """Whether one waits for a signal at the end of each leg before driving on, (n,) bool.

    legs : tail and head (n,) int32 nodes, length (n,) float64 metres
    arcs : (m,) int32 each, the turns from leg to leg; turns back are not followed
    group : (n_nodes,) int32 junction of nodes with signals, -1 for others
    """
    tail, head, length_m = legs
    source, to = arcs
    n = tail.size
    # The junction one is within at the start of a leg, and how far behind its signal.
    within = group[tail].copy()
    behind_m = np.where(within >= 0, 0.0, np.inf)
    order = np.argsort(source, kind="stable")
    start = np.concatenate(([0], np.cumsum(np.bincount(source, minlength=n))))
    front = np.flatnonzero(within >= 0)
    while front.size:
        end_m = behind_m[front] + length_m[front]
        front, end_m = front[end_m <= ACROSS_M], end_m[end_m <= ACROSS_M]
        count = start[front + 1] - start[front]
        row = np.repeat(np.arange(front.size), count)
        arc = np.arange(row.size) - np.repeat(np.cumsum(count) - count - start[front], count)
        reached, far_m, which = to[order[arc]], end_m[row], within[front[row]]
        nearer = far_m < behind_m[reached]
        reached, far_m, which = reached[nearer], far_m[nearer], which[nearer]
        last = np.argsort(-far_m, kind="stable")
        behind_m[reached[last]] = far_m[last]
        within[reached[last]] = which[last]
        front = np.unique(reached)
    return np.asarray((group[head] >= 0) & (within != group[head]))

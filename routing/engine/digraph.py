"""Directed graphs as flat arrays, arcs grouped by the vertex they leave."""

from dataclasses import dataclass
from typing import Self, TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray

IndexArray: TypeAlias = NDArray[np.int32]
MsArray: TypeAlias = NDArray[np.int32]

INFINITE_MS = 1_000_000_000
"""No way, or closed; the sum of two such times still fits 32 bits."""


@dataclass(frozen=True, slots=True, eq=False)
class Digraph:
    """The arcs of vertex v are `start[v]:start[v + 1]` of `to`; arrays are read-only.

    start : (n + 1,) int32; to : (m,) int32
    """

    start: IndexArray
    to: IndexArray

    @classmethod
    def from_arcs(cls, n: int, tail: ArrayLike, head: ArrayLike) -> tuple[Self, IndexArray]:
        """Group arcs by tail; also return their order (m,): arc i of the graph was `order[i]`.

        Arcs of one vertex keep the order in which they were given.

        Raises
        ------
        ValueError
            If tails and heads differ in number or name vertices outside 0..n-1.
        """
        tail, head = np.asarray(tail, dtype=np.int32), np.asarray(head, dtype=np.int32)
        if tail.shape != head.shape or tail.ndim != 1:
            msg = f"Every arc needs one tail and one head, got {tail.shape} and {head.shape}."
            raise ValueError(msg)
        if tail.size and not (0 <= min(tail.min(), head.min()) <= max(tail.max(), head.max()) < n):
            raise ValueError(f"Arcs must join vertices 0 to {n - 1}.")
        order = np.argsort(tail, kind="stable").astype(np.int32)
        start = np.zeros(n + 1, dtype=np.int32)
        np.cumsum(np.bincount(tail, minlength=n), out=start[1:])
        return cls(start=_frozen(start), to=_frozen(head[order])), order

    @property
    def n(self) -> int:
        """Number of vertices."""
        return self.start.size - 1

    @property
    def m(self) -> int:
        """Number of arcs."""
        return self.to.size

    def tails(self) -> IndexArray:
        """Return the vertex (m,) that each arc leaves."""
        return np.repeat(np.arange(self.n, dtype=np.int32), np.diff(self.start))

    def reversed(self) -> tuple[Self, IndexArray]:
        """Return the graph against all arcs, and the arc (m,) here of each arc there."""
        return self.from_arcs(self.n, self.to, self.tails())


def _frozen(array: IndexArray) -> IndexArray:
    array.flags.writeable = False
    return array

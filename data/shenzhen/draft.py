"""A street network of the Shenzhen model while it is being laid, piece by piece."""

from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from data.shenzhen.classes import HIGHWAYS, LOCAL, PRIMARY, SECONDARY, TERTIARY
from data.shenzhen.ground import BoolArray, FloatArray, IntArray
from data.shenzhen.names import LOCAL_SUFFIXES, ROAD_SUFFIXES, NamePair, numbered, with_suffix

NO_NAME, LOCAL_NAME = -1, 3
LABEL_OF_CLASS = np.full(len(HIGHWAYS), NO_NAME)
LABEL_OF_CLASS[[PRIMARY, SECONDARY, TERTIARY, *LOCAL]] = [0, 1, 2, *[LOCAL_NAME] * len(LOCAL)]
NAMED_LOCAL_SHARE = 0.45


def labels(*parts: npt.ArrayLike) -> IntArray:
    """Return (k, 4) labels: kind of name, whether upright, line or block, and stretch or number.

    Segments of one label bear one name; kind `NO_NAME` bears none.
    """
    return np.column_stack(np.broadcast_arrays(*parts)).astype(np.int64)


@dataclass(slots=True)
class Draft:
    """Collects nodes and segments; an array is added at a time."""

    n: int = 0
    xy_m: list[FloatArray] = field(default_factory=list)
    start: list[IntArray] = field(default_factory=list)
    end: list[IntArray] = field(default_factory=list)
    highway: list[IntArray] = field(default_factory=list)
    oneway: list[IntArray] = field(default_factory=list)
    label: list[IntArray] = field(default_factory=list)
    bridge: list[BoolArray] = field(default_factory=list)
    crossing: dict[str, IntArray] = field(default_factory=dict)

    def nodes(self, xy_m: FloatArray) -> IntArray:
        """Add nodes (k, 2) metres and return their numbers (k,)."""
        self.xy_m.append(xy_m)
        self.n += len(xy_m)
        return np.arange(self.n - len(xy_m), self.n)

    def edges(
        self,
        start: IntArray,
        end: IntArray,
        *,
        highway: npt.ArrayLike,
        oneway: npt.ArrayLike,
        label: IntArray,
        bridge: bool = False,
    ) -> None:
        """Add segments (k,) from node to node, their classes and `labels`."""
        count = len(start)
        self.start.append(start)
        self.end.append(end)
        self.highway.append(np.broadcast_to(np.asarray(highway, dtype=np.int64), count))
        self.oneway.append(np.broadcast_to(np.asarray(oneway, dtype=np.int64), count))
        self.label.append(label)
        self.bridge.append(np.full(count, bridge))

    def mark(
        self, node: IntArray, crossing: IntArray, *, is_corner: BoolArray, is_crossing: BoolArray
    ) -> None:
        """Say which of `node` (..., 2, 2) belong to a crossing of main roads, and of arterials."""
        self.crossing = {
            "node": node[is_crossing],
            "crossing": np.broadcast_to(crossing[..., None, None], node.shape)[is_crossing],
            "corner": node[is_corner],
        }


def name_labels(
    label: IntArray, rng: np.random.Generator, *, bases: list[NamePair]
) -> tuple[IntArray, list[NamePair]]:
    """Return each segment's name index, -1 for none, and the names.

    Main roads take names in turn; local streets are numbered within their block, and
    `NAMED_LOCAL_SHARE` of them bear a name.
    """
    distinct, which = np.unique(label, axis=0, return_inverse=True)
    kind = distinct[:, 0]
    named = kind >= 0
    named &= (kind < LOCAL_NAME) | (rng.random(len(distinct)) < NAMED_LOCAL_SHARE)
    order = rng.integers(0, 2, len(distinct))
    names: list[NamePair] = []
    index = np.full(len(distinct), -1, dtype=np.int64)
    roads = 0
    for number in np.flatnonzero(named):
        road_kind, upright, place, stretch = distinct[number].tolist()
        if road_kind < LOCAL_NAME:
            suffixes = ROAD_SUFFIXES[HIGHWAYS[PRIMARY + road_kind]]
            pair = with_suffix(bases[roads % len(bases)], suffixes[order[number] % len(suffixes)])
            roads += 1
        else:
            pair = numbered(bases[-1 - place % len(bases)], stretch, LOCAL_SUFFIXES[upright])
        index[number] = len(names)
        names.append(pair)
    return index[which.ravel()], names

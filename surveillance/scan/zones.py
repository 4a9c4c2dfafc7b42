"""Which places a zone may hold: sequences of places by nearness to a centre, cut at a share.

A zone is a centre's first places: circles by distance, ellipses by a stretched one, zones by road
by minutes. So each zone follows from the one before by one place more.
"""

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from surveillance.scan.errors import ScanInputError
from surveillance.scan.model import FloatArray, PlaceArray, SlotArray

MOST_FLEXIBLE = 16
SAME_DISTANCE = 1e-12
"""Places whose distances differ by less than this share are equally far."""


@dataclass(frozen=True, slots=True)
class Zones:
    """Sequences of places: `order[start[k]:start[k + 1]]` are those of sequence k by nearness.

    `ends` (order.size,): whether a zone ends with this place (not between places equally far).
    `centre` (k,): the place it stands on. `weight` (k,): what its ratio is multiplied by, under 1
    for long ellipses.
    """

    order: PlaceArray
    start: SlotArray
    ends: npt.NDArray[np.bool_]
    centre: PlaceArray
    weight: FloatArray

    def count(self) -> int:
        """Return how many zones there are."""
        return int(self.ends.sum())

    def members(self, sequence: int, end: int) -> PlaceArray:
        """Return the places of the zone of `sequence` that ends at slot `end`."""
        return self.order[self.start[sequence] : end + 1]


def _sequences(
    far: FloatArray, centres: PlaceArray, people: FloatArray, share: float, weight: FloatArray
) -> Zones:
    """Cut the places by their distances `far` (k, places); infinite ones are never reached."""
    by_far = np.argsort(far, axis=1, kind="stable")
    sorted_far = np.take_along_axis(far, by_far, axis=1)
    held = np.cumsum(people[by_far], axis=1)
    inside = (held <= share * people.sum() * (1 + 1e-12)) & np.isfinite(sorted_far)
    lengths = np.where(inside.all(axis=1), inside.shape[1], np.argmin(inside, axis=1))
    ends = np.ones(far.shape, dtype=np.bool_)
    ends[:, :-1] = sorted_far[:, 1:] > sorted_far[:, :-1] * (1 + SAME_DISTANCE)
    kept = np.arange(far.shape[1]) < lengths[:, np.newaxis]
    start = np.concatenate(([0], np.cumsum(lengths)))
    return Zones(by_far[kept].astype(np.int32), start, ends[kept], centres, weight)


def joined(parts: list[Zones]) -> Zones:
    """Return the sequences of all `parts` as one."""
    sizes = np.cumsum([0, *(part.order.size for part in parts)])
    starts = [part.start[:-1] + size for part, size in zip(parts, sizes[:-1], strict=True)]
    return Zones(
        np.concatenate([part.order for part in parts]),
        np.concatenate([*starts, sizes[-1:]]),
        np.concatenate([part.ends for part in parts]),
        np.concatenate([part.centre for part in parts]),
        np.concatenate([part.weight for part in parts]),
    )


def zones_by_distance(
    far: FloatArray, people: FloatArray, share: float = 0.5, centres: PlaceArray | None = None
) -> Zones:
    """Return zones by any distance: `far` (centres, places), metres or minutes, inf if unreached.

    People of a zone are at most `share` of all. Raises `ScanInputError` if the shapes do not fit, a
    distance is negative or none, or the share is not in (0, 1].
    """
    if not 0.0 < share <= 1.0:
        raise ScanInputError(
            f"the largest share of a zone must be over 0 and at most 1, not {share}"
        )
    if people.ndim != 1 or far.ndim != 2 or far.shape[1] != people.size or not people.size:
        raise ScanInputError("distances must be centres x places, with a population for each place")
    if np.isnan(far).any() or (far < 0).any():
        raise ScanInputError(
            "a distance is negative or missing: leave out the place, or say infinite"
        )
    if not np.isfinite(people).all() or (people < 0).any() or people.sum() <= 0:
        raise ScanInputError("populations must be numbers from 0 on, and not all of them 0")
    middle = np.arange(far.shape[0], dtype=np.int32) if centres is None else centres
    return _sequences(far, middle, people, share, np.ones(far.shape[0]))


def circles(xy: FloatArray, people: FloatArray, share: float = 0.5) -> Zones:
    """Return circles round each place: `xy` (places, 2), metres on a plane."""
    return joined(
        [
            zones_by_distance(plane_distances(xy, part), people, share, part)
            for part in _parts(len(xy))
        ]
    )


def circles_on_earth(
    latitude: FloatArray, longitude: FloatArray, people: FloatArray, share: float = 0.5
) -> Zones:
    """Return circles by great circles: degrees of each place."""
    lat, lon = np.radians(latitude), np.radians(longitude)
    xyz = np.column_stack((np.cos(lat) * np.cos(lon), np.cos(lat) * np.sin(lon), np.sin(lat)))
    return joined(
        [zones_by_distance(plane_distances(xyz, p), people, share, p) for p in _parts(len(xyz))]
    )


def ellipses(  # noqa: PLR0917 - the shapes are SaTScan's, seldom given
    xy: FloatArray,
    people: FloatArray,
    share: float = 0.5,
    shapes: tuple[float, ...] = (1.5, 2.0, 3.0, 4.0, 5.0),
    angles: tuple[int, ...] = (4, 6, 9, 12, 15),
    penalty: float = 0.0,
) -> Zones:
    """Return circles and ellipses of each shape (long by short axis), in `angles` directions each.

    The ratio of a shape s is multiplied by (4 s / (s + 1)²) ** `penalty` (Kulldorff, Huang, Pickle
    & Duczmal 2006, doi 10.1002/sim.2490); the shapes and directions are SaTScan's.
    """
    parts = [circles(xy, people, share)]
    for shape, count in zip(shapes, angles, strict=True):
        weight = (4.0 * shape / (shape + 1.0) ** 2) ** penalty
        for turn in range(count):
            angle = math.pi * turn / count
            along = xy @ np.array([math.cos(angle), math.sin(angle)])
            across = xy @ np.array([-math.sin(angle), math.cos(angle)])
            for part in _parts(len(xy)):
                far = plane_distances(np.column_stack((along / shape, across)), part)
                zones = _sequences(far, part, people, share, np.full(part.size, weight))
                parts.append(zones)
    return joined(parts)


def plane_distances(points: FloatArray, centres: PlaceArray) -> FloatArray:
    """Return squared distances (centres, points): their order is that of the distances."""
    difference = points[centres, np.newaxis, :] - points[np.newaxis, :, :]
    return np.asarray(np.einsum("ijk,ijk->ij", difference, difference))


def _parts(count: int, at_once: int = 512) -> list[PlaceArray]:
    return [
        np.arange(first, min(first + at_once, count), dtype=np.int32)
        for first in range(0, count, at_once)
    ]


def flexible(
    xy: FloatArray,
    neighbours: npt.NDArray[np.bool_],
    people: FloatArray,
    most: int = 10,
    share: float = 1.0,
) -> Zones:
    """Return every connected zone of up to `most` places: a place and some of its nearest.

    `neighbours` (places, places) says which border on each other. Each zone is connected, holds
    its centre, and lies within the `most` places nearest to it, the centre among them (Tango &
    Takahashi 2005, doi 10.1186/1476-072X-4-11). Raises `ScanInputError` for more than 16 places, as
    the zones double with each.
    """
    if neighbours.shape != (len(xy), len(xy)) or not (neighbours == neighbours.T).all():
        raise ScanInputError("neighbours must be places x places, and mutual")
    if not 1 <= most <= MOST_FLEXIBLE:
        raise ScanInputError(f"flexible zones may have 1 to {MOST_FLEXIBLE} places, not {most}")
    most = min(most, len(xy))
    nearest = np.concatenate(
        [
            np.argsort(plane_distances(xy, part), axis=1, kind="stable")[:, :most]
            for part in _parts(len(xy))
        ]
    )
    sets = np.arange(1 << (most - 1), dtype=np.int64) * 2 + 1
    held = (sets[:, np.newaxis] >> np.arange(most)) & 1 == 1
    limit = share * people.sum() * (1 + 1e-12)
    order, sizes, centres = [], [], []
    for centre, near in enumerate(nearest):
        inside = held[_connected(held, neighbours[np.ix_(near, near)])]
        inside = inside[inside @ people[near] <= limit]
        order.append(np.broadcast_to(near, inside.shape)[inside])
        sizes.append(inside.sum(axis=1))
        centres.append(np.full(len(inside), centre, dtype=np.int32))
    size = np.concatenate(sizes)
    start = np.concatenate(([0], np.cumsum(size)))
    ends = np.zeros(start[-1], dtype=np.bool_)
    ends[start[1:] - 1] = True
    return Zones(
        np.concatenate(order).astype(np.int32), start, ends, np.concatenate(centres),
        np.ones(size.size),
    )  # fmt: skip


def _connected(
    held: npt.NDArray[np.bool_], neighbours: npt.NDArray[np.bool_]
) -> npt.NDArray[np.bool_]:
    """Say of each set of places (sets, places) whether all can be reached from the first."""
    reached = np.zeros_like(held)
    reached[:, 0] = True
    while True:
        more = ((reached @ neighbours) | reached) & held
        if (more == reached).all():
            return np.asarray((reached == held).all(axis=1))
        reached = more


def cut(zones: Zones, held: FloatArray, most: float) -> Zones:
    """Return the zones of which `held`, as `held_by` gives it, is at most `most`."""
    inside = held <= most * (1 + 1e-12)
    before = np.concatenate(([0], np.cumsum(inside)))
    return Zones(
        zones.order[inside], before[zones.start], zones.ends[inside], zones.centre, zones.weight
    )


def held_by(zones: Zones, people: FloatArray) -> FloatArray:
    """Return the people (order.size,) of the first places of each sequence, up to each place."""
    parts = np.split(people[zones.order].astype(np.float64), zones.start[1:-1])
    return np.concatenate([np.cumsum(part) for part in parts])

"""When a search enters each leg, and which parts of the road lie within a limit."""

from dataclasses import dataclass, field
from typing import TypeAlias

import numpy as np

from routing.engine.compiled import compiled
from routing.engine.digraph import INFINITE_MS
from routing.graph.build import RoadGraph
from routing.graph.places import Places
from routing.roads.model import FloatArray, IdArray, IndexArray, Segments
from routing.roads.plane import LocalPlane

NO_OWNER = -1

Chain: TypeAlias = tuple[IndexArray, IndexArray, IndexArray]
Found: TypeAlias = tuple[IndexArray, IndexArray]
Seeds: TypeAlias = tuple[IndexArray, IndexArray, IndexArray, IndexArray]


def _none() -> IndexArray:
    return np.empty(0, dtype=np.int32)


@dataclass(frozen=True, slots=True, eq=False)
class LegTimes:
    """When the search enters each leg; legs are numbered `2 * segment + direction`.

    entry_ms : (2 * n_segments,) int32 time at the leg's start, or, for `towards` searches (from
    where can a place be reached), from the leg's end to the place; `INFINITE_MS` = not entered
    leg_ms : (2 * n_segments,) int32 time along each leg
    owner : (2 * n_segments,) int32 place from which (to which) that time counts, -1 = none
    seed_leg, seed_ms, seed_owner : (s,) int32; seed_share : (s,) float64
        Legs on which places lie, entered at that share of the leg in its direction of travel.
    """

    entry_ms: IndexArray
    leg_ms: IndexArray
    owner: IndexArray
    towards: bool = False
    seed_leg: IndexArray = field(default_factory=_none)
    seed_share: FloatArray = field(default_factory=lambda: np.empty(0))
    seed_ms: IndexArray = field(default_factory=_none)
    seed_owner: IndexArray = field(default_factory=_none)

    def within(self, limit_ms: int) -> "Stretches":
        """Return all stretches of road entered within `limit_ms`, each direction for itself."""
        entered = np.flatnonzero((self.entry_ms <= limit_ms) & (self.leg_ms < INFINITE_MS))
        seeds = np.flatnonzero(
            (self.seed_ms <= limit_ms) & (self.leg_ms[self.seed_leg] < INFINITE_MS)
        )
        leg = np.concatenate((entered, self.seed_leg[seeds].astype(np.int64)))
        entry_ms = np.concatenate((self.entry_ms[entered], self.seed_ms[seeds])).astype(np.int64)
        driven = np.concatenate(
            (np.full(entered.size, 1.0 if self.towards else 0.0), self.seed_share[seeds])
        )
        full_ms = self.leg_ms[leg]
        part = _share(limit_ms - entry_ms, full_ms)
        onward = np.clip(driven + (-part if self.towards else part), 0.0, 1.0)
        against = (leg & 1).astype(np.bool_)
        return Stretches(
            segment=leg >> 1,
            near=np.where(against, 1.0 - driven, driven),
            far=np.where(against, 1.0 - onward, onward),
            near_ms=entry_ms.astype(np.float64),
            far_ms=entry_ms + np.abs(onward - driven) * full_ms,
            owner=np.concatenate((self.owner[entered], self.seed_owner[seeds])),
        )


@dataclass(frozen=True, slots=True, eq=False)
class Stretches:
    """Parts of segments between two fractions (0..1 along the geometry), entered at `near`.

    segment : (p,) int64; near, far, near_ms, far_ms : (p,) float64; owner : (p,) int32
    """

    segment: IdArray
    near: FloatArray
    far: FloatArray
    near_ms: FloatArray
    far_ms: FloatArray
    owner: IndexArray

    def united(self) -> "Stretches":
        """Drop what the other direction covers wholly; for areas that ask for no owner."""
        whole = np.abs(self.far - self.near) >= 1.0
        _, first = np.unique(self.segment[whole], return_index=True)
        keep = np.flatnonzero(whole)[first]
        part = np.flatnonzero(~whole & ~np.isin(self.segment, self.segment[keep]))
        rows = np.concatenate((keep, part))
        return Stretches(
            segment=self.segment[rows],
            near=self.near[rows],
            far=self.far[rows],
            near_ms=self.near_ms[rows],
            far_ms=self.far_ms[rows],
            owner=self.owner[rows],
        )

    def pieces(
        self, segments: Segments, plane: LocalPlane
    ) -> tuple[FloatArray, FloatArray, IndexArray]:
        """Cut the polylines: straight pieces (q, 4) x0, y0, x1, y1 in metres of `plane`, the
        times (q, 2) ms at both of their ends, and the stretch (q,) that each belongs to.
        """
        vertices = np.diff(segments.offsets)[self.segment]
        size = int((vertices - 1).sum())
        pieces, time_ms = np.empty((size, 4)), np.empty((size, 2))
        stretch = np.empty(size, dtype=np.int32)
        used = _cut(
            (segments.coords, segments.offsets),
            (plane.lon, plane.lat, plane.m_per_deg_lon, plane.m_per_deg_lat),
            (self.segment, self.near, self.far, self.near_ms, self.far_ms),
            (pieces, time_ms, stretch),
        )
        return pieces[:used], time_ms[:used], stretch[:used]


def _share(left_ms: IndexArray | IdArray, leg_ms: IndexArray) -> FloatArray:
    return np.minimum(1.0, left_ms / np.maximum(leg_ms, 1))


def leg_times(
    graph: RoadGraph,
    label_ms: IndexArray,
    *,
    leg_ms: IndexArray,
    limit_ms: int,
    places: Places,
    states: IndexArray | None = None,
    state_point: IndexArray | None = None,
    towards: bool = False,
) -> LegTimes:
    """Turn the labels of a search into times of legs.

    Parameters
    ----------
    graph : RoadGraph
    label_ms : (n_states,) int32, or (r,) beside `states`
        Time from the places to the start of each state or, if `towards`, from its end to them.
    leg_ms : (2 * n_segments,) int32
    limit_ms : int
        The greatest limit that will be asked for; what lies beyond may be missing.
    places : Places
        Where the search began; for `towards` searches with copies (`Places.with_copies`).
    states : (r,) int32, optional
        The states that `label_ms` belongs to; all by default.
    state_point : (n_states,) or (r,) int32, optional
        Point of `places` that each label counts from; needed for service areas.
    towards : bool
        The labels say how long the way to the places is.
    """
    n_legs = 2 * len(graph.segments)
    entry_ms = np.full(n_legs, INFINITE_MS, dtype=np.int32)
    owner = np.full(n_legs, NO_OWNER, dtype=np.int32)
    if states is None:
        states = np.flatnonzero(label_ms <= limit_ms).astype(np.int32)
        label_ms = label_ms[states]
        state_point = None if state_point is None else state_point[states]
    point = np.full(states.size, NO_OWNER, np.int32) if state_point is None else state_point
    chain = (graph.state_leg_start, graph.state_leg, graph.state_wait_ms)
    found = (entry_ms, owner)
    open_ = leg_ms[graph.state_leg[places.row]] < INFINITE_MS
    row, seed_point = places.row[open_], places.point[open_]
    own_ms = leg_ms[graph.state_leg[row]]
    spent_ms = np.floor(places.share[open_] * own_ms + 0.5).astype(np.int32)
    if towards:
        _enter_backward(chain, leg_ms, (states, label_ms, point), limit_ms, found)
        first = graph.state_leg_start[places.state[open_]]
        _drive_back(chain, leg_ms, (row, first, spent_ms, seed_point), limit_ms, found)
    else:
        _enter_forward(chain, leg_ms, (states, label_ms, point), limit_ms, found)
        stop = graph.state_leg_start[places.state[open_] + 1]
        _drive_on(chain, leg_ms, (row, stop, own_ms - spent_ms, seed_point), limit_ms, found)
    return LegTimes(
        entry_ms=entry_ms,
        leg_ms=leg_ms,
        owner=owner,
        towards=towards,
        seed_leg=graph.state_leg[places.row],
        seed_share=places.share,
        seed_ms=np.zeros(places.row.size, dtype=np.int32),
        seed_owner=places.point,
    )


@compiled
def _enter(leg: int, at_ms: int, point: int, found: Found) -> None:
    entry_ms, owner = found
    if at_ms < entry_ms[leg] or (at_ms == entry_ms[leg] and point < owner[leg]):
        entry_ms[leg] = at_ms
        owner[leg] = point


@compiled
def _enter_forward(
    chain: Chain, leg_ms: IndexArray, labels: Chain, limit_ms: int, found: Found
) -> None:
    states, label_ms, point = labels
    start, legs, wait_ms = chain
    for i in range(states.size):
        at_ms = label_ms[i]
        for row in range(start[states[i]], start[states[i] + 1]):
            leg = legs[row]
            if at_ms > limit_ms or leg_ms[leg] >= INFINITE_MS:
                break
            _enter(leg, at_ms, point[i], found)
            at_ms += leg_ms[leg] + wait_ms[row]


@compiled
def _drive_on(chain: Chain, leg_ms: IndexArray, seeds: Seeds, limit_ms: int, found: Found) -> None:
    """Enter the legs after rows `first` of their states, each left in `left_ms`."""
    first, stop, left_ms, point = seeds
    _, legs, wait_ms = chain
    for i in range(first.size):
        at_ms = left_ms[i] + wait_ms[first[i]]
        for row in range(first[i] + 1, stop[i]):
            leg = legs[row]
            if at_ms > limit_ms or leg_ms[leg] >= INFINITE_MS:
                break
            _enter(leg, at_ms, point[i], found)
            at_ms += leg_ms[leg] + wait_ms[row]


@compiled
def _enter_backward(
    chain: Chain, leg_ms: IndexArray, labels: Chain, limit_ms: int, found: Found
) -> None:
    states, label_ms, point = labels
    start, legs, wait_ms = chain
    for i in range(states.size):
        at_ms = label_ms[i]
        for row in range(start[states[i] + 1] - 1, start[states[i]] - 1, -1):
            leg = legs[row]
            at_ms += wait_ms[row]
            if at_ms > limit_ms or leg_ms[leg] >= INFINITE_MS:
                break
            _enter(leg, at_ms, point[i], found)
            at_ms += leg_ms[leg]


@compiled
def _drive_back(
    chain: Chain, leg_ms: IndexArray, seeds: Seeds, limit_ms: int, found: Found
) -> None:
    """Enter from their ends the legs before rows `last`, which take `spent_ms` to the places."""
    last, start, spent_ms, point = seeds
    _, legs, wait_ms = chain
    for i in range(last.size):
        at_ms = spent_ms[i]
        for row in range(last[i] - 1, start[i] - 1, -1):
            leg = legs[row]
            at_ms += wait_ms[row]
            if at_ms > limit_ms or leg_ms[leg] >= INFINITE_MS:
                break
            _enter(leg, at_ms, point[i], found)
            at_ms += leg_ms[leg]


@compiled
def _cut(
    lines: tuple[FloatArray, IdArray],
    frame: tuple[float, float, float, float],
    stretches: tuple[IdArray, FloatArray, FloatArray, FloatArray, FloatArray],
    out: tuple[FloatArray, FloatArray, IndexArray],
) -> int:
    coords, offsets = lines
    lon, lat, scale_x, scale_y = frame
    segment, near, far, near_ms, far_ms = stretches
    pieces, time_ms, stretch = out
    used = 0
    for i in range(segment.size):
        first, last = offsets[segment[i]], offsets[segment[i] + 1] - 1
        length = 0.0
        for v in range(first, last):
            length += np.hypot(
                (coords[v + 1, 0] - coords[v, 0]) * scale_x,
                (coords[v + 1, 1] - coords[v, 1]) * scale_y,
            )
        low, high = min(near[i], far[i]) * length, max(near[i], far[i]) * length
        from_ms, to_ms = near_ms[i], far_ms[i]
        if near[i] > far[i]:
            from_ms, to_ms = to_ms, from_ms
        ms_per_m = (to_ms - from_ms) / (high - low) if high > low else 0.0
        done = 0.0
        for v in range(first, last):
            x, y = (coords[v, 0] - lon) * scale_x, (coords[v, 1] - lat) * scale_y
            dx = (coords[v + 1, 0] - coords[v, 0]) * scale_x
            dy = (coords[v + 1, 1] - coords[v, 1]) * scale_y
            span = np.hypot(dx, dy)
            begin, end = max(low - done, 0.0), min(high - done, span)
            if begin <= end:
                a, b = (begin / span, end / span) if span > 0.0 else (0.0, 0.0)
                pieces[used, 0], pieces[used, 1] = x + a * dx, y + a * dy
                pieces[used, 2], pieces[used, 3] = x + b * dx, y + b * dy
                time_ms[used, 0] = from_ms + (done + begin - low) * ms_per_m
                time_ms[used, 1] = from_ms + (done + end - low) * ms_per_m
                stretch[used] = i
                used += 1
            done += span
    return used

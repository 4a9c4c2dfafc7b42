"""The search graph of one profile: chains of legs as states, allowed turns as arcs."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from routing.engine.digraph import INFINITE_MS
from routing.graph.bearings import leg_bearings_deg, turn_angles_deg
from routing.graph.chains import chain_times_ms, chain_up
from routing.graph.signals import signal_groups, waits_at_signals
from routing.graph.turn_costs import Turns, junction_arms, turn_costs_s
from routing.graph.turns import States, TurnReport, apply_restrictions, free_turns
from routing.roads.errors import InvalidNetworkError
from routing.roads.model import (
    NO_BARRIERS,
    Barriers,
    BoolArray,
    FloatArray,
    IdArray,
    IndexArray,
    Profile,
    Restriction,
    Segments,
    freeze,
)
from routing.roads.plane import LocalPlane
from routing.rules.profiles import (
    PROFILES,
    ProfileRules,
    allowed_directions,
    barrier_wait_s,
    contraflow_legs,
    snappable,
    speeds_m_s,
)


@dataclass(frozen=True, slots=True, eq=False)
class Arcs:
    """Arcs by state: those of state i are `start[i]:start[i + 1]` of `to` and `delay_ms`.

    start : (n_states + 1,) int32; to : (n_arcs,) int32; delay_ms : (n_arcs,) int32 milliseconds
    spent at the node between the two states.
    """

    start: IndexArray
    to: IndexArray
    delay_ms: IndexArray


@dataclass(frozen=True, slots=True, eq=False)
class RoadGraph:
    """Edge-based road graph; all arrays read-only.

    A leg is a segment driven in one direction, numbered `2 * segment + direction` (0 along the
    geometry, 1 against). A state is a chain of legs between two choices. Restrictions over via
    ways are kept by copies of states, so that one leg may lie on several states; `leg_place` names
    the one on which a place of unknown past lies.

    node_id : (n_nodes,) int64 sorted; node_lonlat : (n_nodes, 2) float64
    state_tail, state_head : (n_states,) int32 rows of `node_id`
    state_leg_start : (n_states + 1,) int32 rows of `state_leg`, `state_wait_ms`, `place_state`
    state_leg : (k,) int32 legs in order of travel; state_wait_ms : (k,) int32 wait at the node
    behind each, 0 for the last of a state; place_state : (k,) int32 the state of each row
    leg_place : (2 * n_segments,) int32 row of each leg, -1 = not allowed
    copy_leg, copy_place : (c,) int32 further rows of legs, sorted by leg
    usable_legs : (2 * n_segments,) bool, in the largest set of legs that all reach one another
    free_flow_ms : (2 * n_segments,) int32 time of each leg on an empty road, `INFINITE_MS` where
    it is not allowed
    contraflow_ms : (2 * n_segments,) int32 time of each leg against a one-way street that only a
    permit opens, `INFINITE_MS` for all others
    successors, predecessors : the same turns forward and in reverse
    """

    profile: Profile
    segments: Segments
    node_id: IdArray
    node_lonlat: FloatArray
    state_tail: IndexArray
    state_head: IndexArray
    state_leg_start: IndexArray
    state_leg: IndexArray
    state_wait_ms: IndexArray
    place_state: IndexArray
    leg_place: IndexArray
    copy_leg: IndexArray
    copy_place: IndexArray
    usable_legs: BoolArray
    free_flow_ms: IndexArray
    contraflow_ms: IndexArray
    successors: Arcs
    predecessors: Arcs
    turn_report: TurnReport

    @property
    def n_states(self) -> int:
        """Number of states with copies."""
        return self.state_tail.size

    def state_times_ms(self, leg_ms: IndexArray) -> IndexArray:
        """Return the time (n_states,) int32 ms of driving each state, given that of each leg."""
        return freeze(
            chain_times_ms(self.state_leg_start, self.state_leg, self.state_wait_ms, leg_ms)
        )

    def states_of(self, legs: IndexArray) -> IndexArray:
        """Return the states that any of `legs` (c,) lie on, ascending, copies included."""
        rows = self.leg_place[legs]
        left = np.searchsorted(self.copy_leg, legs, side="left")
        count = np.searchsorted(self.copy_leg, legs, side="right") - left
        copies = np.repeat(left - np.cumsum(count) + count, count) + np.arange(count.sum())
        places = np.concatenate((rows[rows >= 0], self.copy_place[copies]))
        hit = np.zeros(self.n_states, dtype=np.bool_)
        hit[self.place_state[places]] = True
        return np.flatnonzero(hit).astype(np.int32)


def build_graph(
    segments: Segments,
    profile: Profile | ProfileRules,
    *,
    restrictions: Sequence[Restriction] = (),
    signal_nodes: ArrayLike = (),
    barriers: Barriers = NO_BARRIERS,
) -> RoadGraph:
    """Build the edge-based graph of one profile.

    Parameters
    ----------
    segments : Segments
    profile : Profile or ProfileRules
        A profile's name takes its rules from `PROFILES`.
    restrictions : sequence of Restriction
        Resolved by OSM ids; `turn_report` says how many took effect and why others did not.
    signal_nodes : (s,) int64
        Ids of nodes with traffic signals; each costs the profile's `signal_delay_s` when passed.
    barriers : Barriers
        Nodes that only some may pass; segments must end there.

    Raises
    ------
    InvalidNetworkError
        If the profile may use no segment at all.
    """
    rules = PROFILES[profile] if isinstance(profile, Profile) else profile
    node_id, ends = np.unique(
        np.concatenate((segments.from_node, segments.to_node)), return_inverse=True
    )
    from_node, to_node = ends.astype(np.int32).reshape(2, -1)
    allowed = np.column_stack(allowed_directions(segments, rules))
    if not allowed.any():
        msg = f"No road segment is open to profile '{rules.profile}'; check the access columns."
        raise InvalidNetworkError(msg)
    contraflow = contraflow_legs(segments, rules)
    legs = _legs(segments, allowed, contraflow, from_node=from_node, to_node=to_node)
    regular = legs.regular
    wait_s = _node_waits_s(barriers, rules, node_id=node_id)
    plane = LocalPlane.around(segments.coords)
    bearings_deg = leg_bearings_deg(segments, plane)
    node_lonlat = _node_places(segments, from_node, to_node, n=node_id.size)
    turns = apply_restrictions(
        legs,
        free_turns(
            legs,
            node_part=_strong_parts(legs.tail[regular], legs.head[regular], n=node_id.size),
            closed_node=np.isinf(wait_s),
        ),
        restrictions=restrictions,
        node_id=node_id,
        rules=rules,
        bearings_deg=bearings_deg,
    )
    start, to, base = turns.start, turns.to, turns.base
    leg = (2 * legs.segment + np.where(legs.forward, 0, 1)).astype(np.int32)[base]
    source = np.repeat(np.arange(base.size, dtype=np.int32), np.diff(start))
    bearing = turn_angles_deg(leg[source], leg[to], bearings_deg)
    lines = (legs.tail[base], legs.head[base], segments.length_m[legs.segment[base]])
    onward = (leg[source] ^ 1) != leg[to]
    group = _signal_groups(node_lonlat, node_id, signal_nodes, plane=plane)
    waits = waits_at_signals(lines, (source[onward], to[onward]), group)
    turn = Turns(leg[source], leg[to], legs.head[base][source], bearing, waits[source])
    arms = junction_arms(segments, allowed[:, 0] | allowed[:, 1], node_id=node_id)
    delay_s = turn_costs_s(segments, rules, turn, arms=arms, wait_s=wait_s)
    delay_s += np.where(turns.banned, rules.ban_penalty_s or 0.0, 0.0)
    delay_ms = np.rint(delay_s * 1000.0).astype(np.int32)

    open_ = regular[base]
    through = open_[source] & open_[to]
    usable_legs = np.zeros(2 * len(segments), dtype=np.bool_)
    usable_legs[leg[_largest_part(source[through], to[through], base)]] = True
    usable_legs &= np.repeat(snappable(segments), 2)
    chains = chain_up(start, to)
    inner = chains.chain_of[source] == chains.chain_of[to]
    inner &= chains.place[to] == chains.place[source] + 1
    wait_ms = np.zeros(base.size, dtype=np.int32)
    wait_ms[chains.place[source[inner]]] = delay_ms[inner]
    arc_tail, arc_head = chains.chain_of[source[~inner]], chains.chain_of[to[~inner]]
    n_states = chains.start.size - 1
    order = np.argsort(arc_tail, kind="stable")
    n_base = len(legs)
    leg_place = np.full(2 * len(segments), -1, dtype=np.int32)
    leg_place[leg[:n_base]] = chains.place[:n_base]
    copies = n_base + np.argsort(leg[n_base:], kind="stable")
    first, last = chains.member[chains.start[:-1]], chains.member[chains.start[1:] - 1]
    return RoadGraph(
        profile=rules.profile,
        segments=segments,
        node_id=freeze(node_id),
        node_lonlat=freeze(node_lonlat),
        state_tail=freeze(legs.tail[base[first]]),
        state_head=freeze(legs.head[base[last]]),
        state_leg_start=freeze(chains.start),
        state_leg=freeze(leg[chains.member]),
        state_wait_ms=freeze(wait_ms),
        place_state=freeze(chains.chain_of[chains.member]),
        leg_place=freeze(leg_place),
        copy_leg=freeze(leg[copies]),
        copy_place=freeze(chains.place[copies]),
        usable_legs=freeze(usable_legs),
        free_flow_ms=freeze(_times_ms(segments, rules, allowed)),
        contraflow_ms=freeze(_times_ms(segments, rules, contraflow)),
        successors=_arcs(arc_tail[order], arc_head[order], delay_ms[~inner][order], n=n_states),
        predecessors=_reversed(arc_tail, arc_head, delay_ms[~inner], n=n_states),
        turn_report=turns.report,
    )


def _legs(
    segments: Segments,
    allowed: BoolArray,
    contraflow: BoolArray,
    *,
    from_node: IndexArray,
    to_node: IndexArray,
) -> States:
    """List the legs that are or may be opened, neighbours in space close in memory."""
    order = np.argsort(_morton(segments.coords[segments.offsets[:-1]]), kind="stable")
    row, direction = np.nonzero((allowed | contraflow)[order])
    segment = order[row].astype(np.int32)
    forward = direction == 0
    return States(
        segment=segment,
        forward=forward,
        tail=np.where(forward, from_node[segment], to_node[segment]),
        head=np.where(forward, to_node[segment], from_node[segment]),
        way=segments.osm_way_id[segment],
        contraflow=contraflow[segment, direction] if contraflow.any() else None,
    )


def _times_ms(segments: Segments, rules: ProfileRules, legs: BoolArray) -> IndexArray:
    """Time (2 * n_segments,) of `legs` to the nearest millisecond, at least one."""
    speed = np.column_stack(speeds_m_s(segments, rules))
    time_ms = np.rint(segments.length_m[:, None] / speed * 1000.0)
    bounded = np.clip(time_ms, 1, INFINITE_MS - 1)
    return np.where(legs, bounded, INFINITE_MS).astype(np.int32).ravel()


def _node_waits_s(barriers: Barriers, rules: ProfileRules, *, node_id: IdArray) -> FloatArray:
    """Wait (n_nodes,) at the barriers of each node, infinite where one does not let through."""
    wait_s = np.zeros(node_id.size)
    known = np.isin(barriers.node_id, node_id)
    rows = np.searchsorted(node_id, barriers.node_id[known])
    np.add.at(wait_s, rows, barrier_wait_s(barriers, rules)[known])
    return wait_s


def _node_places(
    segments: Segments, from_node: IndexArray, to_node: IndexArray, *, n: int
) -> FloatArray:
    lonlat = np.empty((n, 2))
    lonlat[to_node] = segments.coords[segments.offsets[1:] - 1]
    lonlat[from_node] = segments.coords[segments.offsets[:-1]]
    return lonlat


def _signal_groups(
    node_lonlat: FloatArray, node_id: IdArray, signal_nodes: ArrayLike, *, plane: LocalPlane
) -> IndexArray:
    """Junction (n_nodes,) int32 of each node with signals, -1 for all others."""
    group = np.full(node_id.size, -1, dtype=np.int32)
    signalled = np.flatnonzero(np.isin(node_id, np.asarray(signal_nodes, dtype=np.int64)))
    if signalled.size:
        group[signalled] = signal_groups(plane.to_xy(node_lonlat[signalled]))
    return group


def _morton(lonlat: FloatArray) -> IdArray:
    """Interleave 16 bits of each coordinate: near places get near numbers."""
    low = lonlat.min(axis=0)
    span = np.maximum(np.ptp(lonlat, axis=0), 1e-9)
    cell = ((lonlat - low) / span * 65_535).astype(np.int64)
    for shift, mask in ((8, 0x00FF00FF), (4, 0x0F0F0F0F), (2, 0x33333333), (1, 0x55555555)):
        cell = (cell | (cell << shift)) & mask
    return np.asarray(cell[:, 0] | (cell[:, 1] << 1))


def _strong_parts(source: IndexArray, target: IndexArray, *, n: int) -> IndexArray:
    """Label (n,) of the strongly connected part of each vertex."""
    matrix = coo_array((np.ones(source.size, dtype=np.int8), (source, target)), shape=(n, n))
    _, label = connected_components(matrix.tocsr(), directed=True, connection="strong")
    return label


def _largest_part(source: IndexArray, to: IndexArray, base: IndexArray) -> BoolArray:
    label = _strong_parts(source, to, n=base.size)
    inside = label == np.bincount(label).argmax()
    # An original that is entered only through its copies is reached all the same.
    inside[base[inside]] = True
    return np.asarray(inside, dtype=np.bool_)


def _arcs(tail: IndexArray, head: IndexArray, delay_ms: IndexArray, *, n: int) -> Arcs:
    counts = np.bincount(tail, minlength=n)
    return Arcs(
        start=freeze(np.concatenate(([0], np.cumsum(counts))).astype(np.int32)),
        to=freeze(head),
        delay_ms=freeze(delay_ms),
    )


def _reversed(tail: IndexArray, head: IndexArray, delay_ms: IndexArray, *, n: int) -> Arcs:
    order = np.argsort(head, kind="stable")
    return _arcs(head[order], tail[order], delay_ms[order], n=n)

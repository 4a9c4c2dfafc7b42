"""The search graph of one profile: directed edges as states, allowed turns as arcs."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from routing.errors import InvalidNetworkError
from routing.model import (
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
from routing.profiles import PROFILES, ProfileRules, allowed_directions, passable, speeds_m_s
from routing.turns import States, TurnReport, free_turns, restrict_turns


@dataclass(frozen=True, slots=True, eq=False)
class Arcs:
    """Arcs by state: those of state i are `start[i]:start[i + 1]` of `to` and `delay_s`.

    start : (n_states + 1,) int32; to : (n_arcs,) int32; delay_s : (n_arcs,) float64 seconds spent
    at the node between the two states.
    """

    start: IndexArray
    to: IndexArray
    delay_s: FloatArray


@dataclass(frozen=True, slots=True, eq=False)
class RoadGraph:
    """Edge-based road graph; all arrays read-only.

    A state is a segment driven in one direction. States `n_base` and up are copies that remember
    the way they were entered by (restrictions over via ways); `base_state` names the original.

    node_id : (n_nodes,) int64 sorted; state_tail, state_head : (n_states,) int32 rows of it
    state_segment : (n_states,) int32 row in `segments`; state_forward : (n_states,) bool
    state_time_s : (n_states,) float64 seconds to drive the whole segment, inf = closed
    segment_state : (n_segments, 2) int32 state along and against each segment, -1 = not allowed
    routable : (n_states,) bool, in the largest set of states that all reach one another
    successors, predecessors : the same turns forward and in reverse
    """

    profile: Profile
    segments: Segments
    node_id: IdArray
    state_segment: IndexArray
    state_forward: BoolArray
    state_tail: IndexArray
    state_head: IndexArray
    state_time_s: FloatArray
    base_state: IndexArray
    segment_state: IndexArray
    routable: BoolArray
    successors: Arcs
    predecessors: Arcs
    turn_report: TurnReport

    @property
    def n_states(self) -> int:
        """Number of states with copies."""
        return self.state_segment.size

    @property
    def n_base(self) -> int:
        """Number of directed edges: states without copies."""
        return int(np.count_nonzero(self.segment_state >= 0))


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
    states, time_s = _states(segments, rules, from_node=from_node, to_node=to_node)
    closed = barriers.node_id[~passable(barriers, rules)]
    start, to, base, report = restrict_turns(
        states,
        free_turns(
            states,
            node_part=_strong_parts(states.tail, states.head, n=node_id.size),
            closed_node=np.isin(node_id, closed),
        ),
        restrictions=restrictions,
        node_id=node_id,
        rules=rules,
    )
    signalled = np.isin(node_id, np.asarray(signal_nodes, dtype=np.int64))
    head = states.head[base]
    delay_s = np.where(signalled[head], rules.signal_delay_s, 0.0)
    source = np.repeat(np.arange(base.size, dtype=np.int32), np.diff(start))
    segment_state = np.full((len(segments), 2), -1, dtype=np.int32)
    segment_state[states.segment, np.where(states.forward, 0, 1)] = np.arange(len(states))
    return RoadGraph(
        profile=rules.profile,
        segments=segments,
        node_id=freeze(node_id),
        state_segment=freeze(states.segment[base]),
        state_forward=freeze(states.forward[base]),
        state_tail=freeze(states.tail[base]),
        state_head=freeze(head),
        state_time_s=freeze(time_s[base]),
        base_state=freeze(base),
        segment_state=freeze(segment_state),
        routable=freeze(_largest_part(source, to, base)),
        successors=Arcs(freeze(start), freeze(to), freeze(delay_s[source])),
        predecessors=_reversed(source, to, delay_s),
        turn_report=report,
    )


def _states(
    segments: Segments, rules: ProfileRules, *, from_node: IndexArray, to_node: IndexArray
) -> tuple[States, FloatArray]:
    """List the allowed directed edges, neighbours in space close in memory, and their times."""
    allowed = np.column_stack(allowed_directions(segments, rules))
    if not allowed.any():
        msg = f"No road segment is open to profile '{rules.profile}'; check the access columns."
        raise InvalidNetworkError(msg)
    order = np.argsort(_morton(segments.coords[segments.offsets[:-1]]), kind="stable")
    row, direction = np.nonzero(allowed[order])
    segment = order[row].astype(np.int32)
    forward = direction == 0
    states = States(
        segment=segment,
        forward=forward,
        tail=np.where(forward, from_node[segment], to_node[segment]),
        head=np.where(forward, to_node[segment], from_node[segment]),
        way=segments.osm_way_id[segment],
    )
    speed = np.column_stack(speeds_m_s(segments, rules))[segment, direction]
    return states, segments.length_m[segment] / speed


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


def _reversed(source: IndexArray, to: IndexArray, delay_s: FloatArray) -> Arcs:
    order = np.argsort(to, kind="stable")
    counts = np.bincount(to, minlength=delay_s.size)
    return Arcs(
        start=freeze(np.concatenate(([0], np.cumsum(counts))).astype(np.int32)),
        to=freeze(source[order]),
        delay_s=freeze(delay_s[source[order]]),
    )

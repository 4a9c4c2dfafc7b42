"""Which turns are allowed: the arcs between directed edges, and OSM restrictions on them."""

from collections import deque
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from routing.model import BoolArray, IdArray, IndexArray, Restriction
from routing.profiles import ProfileRules


@dataclass(frozen=True, slots=True, eq=False)
class States:
    """Directed edges, all (n,): segment row, along its geometry or not, end nodes, OSM way."""

    segment: IndexArray
    forward: BoolArray
    tail: IndexArray
    head: IndexArray
    way: IdArray

    def __len__(self) -> int:
        return self.segment.size


@dataclass(frozen=True, slots=True)
class TurnReport:
    """What became of the restrictions.

    applied: enforced; exempt: the profile is excepted; unresolved: a way or node is not in this
    profile's network; ambiguous: a way passes through the via node, so that the relation does not
    say which turn it means (not enforced); unsupported: the kind is neither no_* nor only_*;
    conditional: holds at some hours only (not enforced).
    """

    applied: int = 0
    exempt: int = 0
    unresolved: int = 0
    ambiguous: int = 0
    unsupported: int = 0
    conditional: int = 0


def free_turns(
    states: States, *, node_part: IndexArray, closed_node: BoolArray
) -> tuple[IndexArray, IndexArray]:
    """Join every state to those that start where it ends; U-turns only at dead ends.

    A dead end is where no other street leads on within the same strongly connected part: also the
    junction whose only other street is a one-way out of the map, or a place of no return.

    node_part : (n_nodes,) int32
        Strongly connected part of each node.
    closed_node : (n_nodes,) bool
        Barriers that do not let the profile through: turning back is all that is left there.

    Returns
    -------
    start, to : (n + 1,) and (n_arcs,) int32
        The successors of state i are `to[start[i]:start[i + 1]]`.
    """
    by_tail = np.argsort(states.tail, kind="stable").astype(np.int32)
    out_degree = np.bincount(states.tail, minlength=closed_node.size)
    out_start = np.concatenate(([0], np.cumsum(out_degree)))
    degree = out_degree[states.head]
    source = np.repeat(np.arange(len(states), dtype=np.int32), degree)
    rank = np.arange(source.size) - np.repeat(np.cumsum(degree) - degree, degree)
    target = by_tail[out_start[states.head[source]] + rank]
    u_turn = states.segment[source] == states.segment[target]
    u_turn &= states.forward[source] != states.forward[target]
    returns = node_part[states.tail] == node_part[states.head]
    dead_end = np.bincount(source[~u_turn & returns[target]], minlength=len(states)) == 0
    keep = np.where(closed_node[states.head[source]], u_turn, ~u_turn | dead_end[source])
    return _starts(source[keep], n=len(states)), target[keep]


def restrict_turns(
    states: States,
    arcs: tuple[IndexArray, IndexArray],
    *,
    restrictions: Sequence[Restriction],
    node_id: IdArray,
    rules: ProfileRules,
) -> tuple[IndexArray, IndexArray, IndexArray, TurnReport]:
    """Take the banned turns out of `arcs`.

    Restrictions over via ways are enforced by copies of the via states that remember where the
    vehicle came from: copy i is state `n + i` and behaves like `base[n + i]`. Several only_*
    relations at one from-state and node leave their union; only_* over via ways bind from the
    first turn on. Kinds no_entry and no_exit count as any other no_*.

    Returns
    -------
    start, to, base : int32 arrays over all states including copies, and the report
    """
    turns = _Turns(states, arcs)
    finder = _Finder(states, node_id)
    counts = dict.fromkeys(TurnReport.__dataclass_fields__, 0)
    only: dict[int, set[int]] = {}
    over_ways: list[tuple[bool, list[int]]] = []
    for restriction in restrictions:
        prefix = restriction.kind.partition("_")[0]
        if "@" in restriction.kind:
            counts["conditional"] += 1
        elif prefix not in {"no", "only"}:
            counts["unsupported"] += 1
        elif rules.on_foot or rules.exempt_modes.intersection(restriction.except_modes):
            counts["exempt"] += 1
        elif restriction.via_way_ids:
            paths = finder.over_ways(restriction, turns.successors)
            counts[_verdict(len(paths))] += 1
            if len(paths) == 1:
                over_ways.append((prefix == "only", paths[0]))
        else:
            pairs, verdict = finder.at_node(restriction)
            counts[verdict] += 1
            for source, target in pairs:
                if prefix == "only":
                    only.setdefault(source, set()).add(target)
                else:
                    turns.ban(source, target)
    for source, targets in only.items():
        turns.keep_only(source, targets)
    for is_only, path in over_ways:
        turns.restrict_path(path, is_only=is_only)
    start, to = turns.arrays()
    return start, to, turns.base(), TurnReport(**counts)


def _verdict(n_matches: int) -> str:
    return {0: "unresolved", 1: "applied"}.get(n_matches, "ambiguous")


def _starts(sorted_source: IndexArray, *, n: int) -> IndexArray:
    counts = np.bincount(sorted_source, minlength=n)
    return np.concatenate(([0], np.cumsum(counts))).astype(np.int32)


class _Finder:
    """Finds the states that a restriction speaks of."""

    def __init__(self, states: States, node_id: IdArray) -> None:
        self._states = states
        self._by_way = np.argsort(states.way, kind="stable")
        self._ways = states.way[self._by_way]
        self._node_id = node_id

    def _of_way(self, way_id: int) -> list[int]:
        left, right = np.searchsorted(self._ways, (way_id, way_id + 1))
        return [int(state) for state in self._by_way[left:right]]

    def _node(self, node_id: int | None) -> int:
        if node_id is None:
            return -1
        index = int(np.searchsorted(self._node_id, node_id))
        found = index < self._node_id.size and self._node_id[index] == node_id
        return index if found else -1

    def at_node(self, restriction: Restriction) -> tuple[list[tuple[int, int]], str]:
        """Return the (from, to) state pairs at a via node, and the verdict."""
        states, node = self._states, self._node(restriction.via_node)
        sources = [s for s in self._of_way(restriction.from_way_id) if states.head[s] == node]
        targets = [s for s in self._of_way(restriction.to_way_id) if states.tail[s] == node]
        if restriction.kind == "no_u_turn" and restriction.from_way_id == restriction.to_way_id:
            # Back onto the same piece of road; driving straight on along the way stays allowed.
            segment = states.segment
            pairs = [(s, t) for s in sources for t in targets if segment[s] == segment[t]]
            return pairs, "applied" if pairs else "unresolved"
        if len(sources) * len(targets) != 1:
            return [], _verdict(len(sources) * len(targets))
        return [(sources[0], targets[0])], "applied"

    def over_ways(
        self, restriction: Restriction, successors: Callable[[int], list[int]]
    ) -> list[list[int]]:
        """Return every state path from, via ..., to that the restriction can mean."""
        states = self._states
        via = {s for way_id in restriction.via_way_ids for s in self._of_way(way_id)}
        to_way = restriction.to_way_id
        paths: list[list[int]] = []
        for source in self._of_way(restriction.from_way_id):
            before: dict[int, int] = {}
            queue = deque([source])
            while queue:
                state = queue.popleft()
                reached = successors(state)
                ends = [t for t in reached if states.way[t] == to_way and t not in via]
                if state != source and ends:
                    chain = [state]
                    while chain[-1] != source:
                        chain.append(before[chain[-1]])
                    paths.extend([*reversed(chain), end] for end in ends)
                    break
                for target in via.intersection(reached) - before.keys():
                    before[target] = state
                    queue.append(target)
        return paths


class _Turns:
    """Successor lists of which few change; copies of states are numbered after the originals."""

    def __init__(self, states: States, arcs: tuple[IndexArray, IndexArray]) -> None:
        self._n = len(states)
        self._start, self._to = arcs
        self._changed: dict[int, list[int]] = {}
        self._copy_base: list[int] = []
        self._copies: dict[int, list[int]] = {}

    def successors(self, state: int) -> list[int]:
        if state in self._changed:
            return self._changed[state]
        return [int(t) for t in self._to[self._start[state] : self._start[state + 1]]]

    def ban(self, source: int, target: int) -> None:
        self._changed[source] = [t for t in self.successors(source) if t != target]

    def keep_only(self, source: int, targets: Iterable[int]) -> None:
        wanted = set(targets)
        self._changed[source] = [t for t in self.successors(source) if t in wanted]

    def restrict_path(self, path: list[int], *, is_only: bool) -> None:
        """Ban the last turn of `path` (or all others along it) for who came along all of it."""
        source, *via, end = path
        for first in [source, *self._copies.get(source, ())]:
            state = first
            for step in via:
                following = next((t for t in self.successors(state) if self._base(t) == step), None)
                if following is None:
                    break
                copy = self._copy(following, step)
                self._changed[state] = [
                    copy if t == following else t
                    for t in self.successors(state)
                    if t == following or not is_only
                ]
                state = copy
            else:
                self._changed[state] = [
                    t for t in self.successors(state) if (self._base(t) == end) == is_only
                ]

    def base(self) -> IndexArray:
        own = np.arange(self._n, dtype=np.int32)
        return np.concatenate((own, np.array(self._copy_base, dtype=np.int32)))

    def arrays(self) -> tuple[IndexArray, IndexArray]:
        """Return the successor arrays `start`, `to` over originals and copies."""
        if not self._changed:
            return self._start, self._to
        changed = np.fromiter(self._changed, np.int32)
        new_counts = [len(targets) for targets in self._changed.values()]
        new_to = [t for targets in self._changed.values() for t in targets]
        source = np.repeat(np.arange(self._n, dtype=np.int32), np.diff(self._start))
        kept = ~np.isin(source, changed)
        source = np.concatenate((source[kept], np.repeat(changed, new_counts)))
        to = np.concatenate((self._to[kept], np.array(new_to, dtype=np.int32)))
        order = np.argsort(source, kind="stable")
        return _starts(source[order], n=self._n + len(self._copy_base)), to[order]

    def _base(self, state: int) -> int:
        return state if state < self._n else self._copy_base[state - self._n]

    def _copy(self, state: int, base: int) -> int:
        copy = self._n + len(self._copy_base)
        self._copy_base.append(base)
        self._copies.setdefault(base, []).append(copy)
        self._changed[copy] = list(self.successors(state))
        return copy

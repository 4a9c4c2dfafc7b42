"""Which turns are allowed: the arcs between directed edges, and OSM restrictions on them."""

from collections import deque
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from routing.graph.bearings import turn_angles_deg
from routing.roads.model import BoolArray, FloatArray, IdArray, IndexArray, Restriction
from routing.rules.model import ProfileRules

Bearings = tuple[FloatArray, FloatArray]

# Angles of a turn, positive to the right, that its kind can mean.
_ANGLES_OF_KIND: dict[str, tuple[float, float]] = {
    "left_turn": (-170.0, -20.0),
    "right_turn": (20.0, 170.0),
    "straight_on": (-45.0, 45.0),
    "u_turn": (120.0, 240.0),
}


@dataclass(frozen=True, slots=True, eq=False)
class States:
    """Directed edges, all (n,): segment row, along its geometry or not, end nodes, OSM way.

    contraflow : closed until a permit opens them; None = there are none.
    """

    segment: IndexArray
    forward: BoolArray
    tail: IndexArray
    head: IndexArray
    way: IdArray
    contraflow: BoolArray | None = None

    @property
    def regular(self) -> BoolArray:
        """Edges that need no permit, (n,) bool."""
        return np.ones(len(self), np.bool_) if self.contraflow is None else ~self.contraflow

    def __len__(self) -> int:
        return self.segment.size


@dataclass(frozen=True, slots=True)
class TurnReport:
    """What became of the restrictions.

    applied: enforced or, where bans have a price, priced; by_geometry: those of them of which only
    the angle said which turn they mean; exempt: the profile is excepted; unresolved: a way or node
    is not in this profile's network; ambiguous: a way passes through the via node, and neither
    the relation nor the angle says which turn it means (not enforced); unsupported: the kind is
    neither no_* nor only_*; conditional: holds at some hours only (not enforced).
    """

    applied: int = 0
    exempt: int = 0
    unresolved: int = 0
    ambiguous: int = 0
    unsupported: int = 0
    conditional: int = 0
    by_geometry: int = 0


@dataclass(frozen=True, slots=True, eq=False)
class RestrictedTurns:
    """Turns that are left, over all states including copies.

    start, to : (n_states + 1,) and (n_arcs,) int32; base : (n_states,) int32, copy i is state
    `n + i` and behaves like `base[n + i]`; banned : (n_arcs,) bool, turns that a restriction bans
    and the profile may make at a price; report : what became of the restrictions.
    """

    start: IndexArray
    to: IndexArray
    base: IndexArray
    banned: BoolArray
    report: TurnReport


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

    Edges that wait for a permit (`states.contraflow`) are joined too, but do not make a dead end
    less of one, and nobody turns back into them. `node_part` must be that of the other edges.

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
    onward = ~u_turn & returns[target] & states.regular[target]
    dead_end = np.bincount(source[onward], minlength=len(states)) == 0
    keep = np.where(closed_node[states.head[source]], u_turn, ~u_turn | dead_end[source])
    keep &= ~u_turn | states.regular[target]
    return _starts(source[keep], n=len(states)), target[keep]


def apply_restrictions(
    states: States,
    arcs: tuple[IndexArray, IndexArray],
    *,
    restrictions: Sequence[Restriction],
    node_id: IdArray,
    rules: ProfileRules,
    bearings_deg: Bearings | None = None,
) -> RestrictedTurns:
    """Take the banned turns out of `arcs`, or mark them where the rules put a price on them.

    Restrictions over via ways are enforced by copies of the via states that remember where the
    vehicle came from. Several only_* relations at one from-state and node leave their union;
    only_* over via ways bind from the first turn on. Where a way passes through the via node, the
    one turn whose angle is that of the kind is meant (left, right, straight on, back); no_entry
    then holds from every piece of the from-way, no_exit to every piece of the to-way. Edges that
    wait for a permit are never meant.

    bearings_deg : as `routing.graph.bearings.leg_bearings_deg` returns them; None = do not look at
    angles.
    """
    turns = _Turns(states, arcs, keeps_banned=rules.ban_penalty_s is not None)
    finder = _Finder(states, node_id, bearings_deg)
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
        else:
            paths, verdicts = finder.paths(restriction, turns.original)
            for verdict in verdicts:
                counts[verdict] += 1
            for path in paths:
                if len(path) > 2:
                    over_ways.append((prefix == "only", path))
                elif prefix == "only":
                    only.setdefault(path[0], set()).add(path[1])
                else:
                    turns.ban(*path)
    for source, targets in only.items():
        turns.keep_only(source, targets)
    for is_only, path in over_ways:
        turns.restrict_path(path, is_only=is_only)
    start, to, banned = turns.arrays()
    return RestrictedTurns(start, to, turns.base(), banned, TurnReport(**counts))


def _starts(sorted_source: IndexArray, *, n: int) -> IndexArray:
    counts = np.bincount(sorted_source, minlength=n)
    return np.concatenate(([0], np.cumsum(counts))).astype(np.int32)


class _Finder:
    """Finds the states that a restriction speaks of."""

    def __init__(self, states: States, node_id: IdArray, bearings_deg: Bearings | None) -> None:
        self._states = states
        # Who drives against a one-way street is not whom the sign was put up for.
        rows = np.flatnonzero(states.regular)
        self._by_way = rows[np.argsort(states.way[rows], kind="stable")]
        self._ways = states.way[self._by_way]
        self._leg = (2 * states.segment + np.where(states.forward, 0, 1)).astype(np.int32)
        self._node_id = node_id
        self._bearings_deg = bearings_deg

    def paths(
        self, restriction: Restriction, successors: Callable[[int], list[int]]
    ) -> tuple[list[list[int]], list[str]]:
        """Return the state paths from, via ..., to that are meant, and what to count."""
        if restriction.via_way_ids:
            found = self._over_ways(restriction, successors)
        else:
            found = self._at_node(restriction)
        if not found:
            return [], ["unresolved"]
        if len(found) == 1 or self._means_all(restriction, found):
            return found, ["applied"]
        fitting = self._fitting(restriction.kind, found)
        if len(fitting) == 1:
            return fitting, ["applied", "by_geometry"]
        return [], ["ambiguous"]

    def _of_way(self, way_id: int) -> list[int]:
        left, right = np.searchsorted(self._ways, (way_id, way_id + 1))
        return [int(state) for state in self._by_way[left:right]]

    def _node(self, node_id: int | None) -> int:
        if node_id is None:
            return -1
        index = int(np.searchsorted(self._node_id, node_id))
        found = index < self._node_id.size and self._node_id[index] == node_id
        return index if found else -1

    def _at_node(self, restriction: Restriction) -> list[list[int]]:
        """Pairs of states at the via node, all that the members allow."""
        states, node = self._states, self._node(restriction.via_node)
        sources = [s for s in self._of_way(restriction.from_way_id) if states.head[s] == node]
        targets = [s for s in self._of_way(restriction.to_way_id) if states.tail[s] == node]
        back = restriction.kind.endswith("u_turn")
        same_way = restriction.from_way_id == restriction.to_way_id
        # Back onto the same piece of road: driving straight on along the way stays allowed, and
        # whatever else a kind may mean it is not that.
        return [
            [s, t]
            for s in sources
            for t in targets
            if not same_way or (states.segment[s] == states.segment[t]) == back
        ]

    def _means_all(self, restriction: Restriction, found: list[list[int]]) -> bool:
        """Whether all pairs are meant: turning back on one way, from or to each piece of one."""
        kind, same_way = restriction.kind, restriction.from_way_id == restriction.to_way_id
        if restriction.via_way_ids:
            return False
        if kind == "no_u_turn" and same_way:
            return True
        n_sources, n_targets = (len({path[end] for path in found}) for end in (0, -1))
        return {"no_entry": n_targets, "no_exit": n_sources}.get(kind, 0) == 1

    def _fitting(self, kind: str, found: list[list[int]]) -> list[list[int]]:
        """Return the paths whose whole angle is one that `kind` can mean."""
        angles = _ANGLES_OF_KIND.get(kind.partition("_")[2])
        if angles is None or self._bearings_deg is None:
            return []
        low_deg, high_deg = angles
        return [path for path in found if low_deg <= self._angle_deg(path, low_deg) <= high_deg]

    def _angle_deg(self, path: list[int], low_deg: float) -> float:
        """Angle between the first and the last leg of `path`, counted from `low_deg` on."""
        assert self._bearings_deg is not None
        leg = self._leg[path]
        ends = (leg[:1], leg[-1:], self._bearings_deg)
        angle_deg = float(turn_angles_deg(*ends)[0])
        return angle_deg + 360.0 if angle_deg < low_deg and low_deg > 0 else angle_deg

    def _over_ways(
        self, restriction: Restriction, successors: Callable[[int], list[int]]
    ) -> list[list[int]]:
        """Return every state path from, via ..., to that the restriction can mean."""
        via = {s for way_id in restriction.via_way_ids for s in self._of_way(way_id)}
        to_way = set(self._of_way(restriction.to_way_id)) - via
        paths: list[list[int]] = []
        for source in self._of_way(restriction.from_way_id):
            before: dict[int, int] = {}
            queue = deque([source])
            while queue:
                state = queue.popleft()
                reached = successors(state)
                ends = [t for t in reached if t in to_way]
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

    def __init__(
        self, states: States, arcs: tuple[IndexArray, IndexArray], *, keeps_banned: bool
    ) -> None:
        self._n = len(states)
        self._start, self._to = arcs
        self._keeps_banned = keeps_banned
        self._banned: set[tuple[int, int]] = set()
        self._changed: dict[int, list[int]] = {}
        self._copy_base: list[int] = []
        self._copies: dict[int, list[int]] = {}

    def successors(self, state: int) -> list[int]:
        return self._changed[state] if state in self._changed else self.original(state)

    def original(self, state: int) -> list[int]:
        """Successors before any restriction: what one bans must not hide what another means."""
        return [int(t) for t in self._to[self._start[state] : self._start[state + 1]]]

    def ban(self, source: int, target: int) -> None:
        self._ban(source, {t for t in self.successors(source) if t == target})

    def keep_only(self, source: int, targets: Iterable[int]) -> None:
        self._ban(source, set(self.successors(source)).difference(targets))

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
                if (state, following) in self._banned:
                    self._banned.add((state, copy))
                self._changed[state] = [
                    copy if t == following else t for t in self.successors(state)
                ]
                if is_only:
                    self.keep_only(state, {copy})
                state = copy
            else:
                banned = (t for t in self.successors(state) if (self._base(t) == end) != is_only)
                self._ban(state, set(banned))

    def base(self) -> IndexArray:
        own = np.arange(self._n, dtype=np.int32)
        return np.concatenate((own, np.array(self._copy_base, dtype=np.int32)))

    def arrays(self) -> tuple[IndexArray, IndexArray, BoolArray]:
        """Return `start`, `to` and whether each turn is banned, over originals and copies."""
        n = self._n + len(self._copy_base)
        start, to = self._start, self._to
        if self._changed:
            changed = np.fromiter(self._changed, np.int32)
            new_counts = [len(targets) for targets in self._changed.values()]
            new_to = [t for targets in self._changed.values() for t in targets]
            source = np.repeat(np.arange(self._n, dtype=np.int32), np.diff(self._start))
            kept = ~np.isin(source, changed)
            source = np.concatenate((source[kept], np.repeat(changed, new_counts)))
            to = np.concatenate((self._to[kept], np.array(new_to, dtype=np.int32)))
            order = np.argsort(source, kind="stable")
            start, to = _starts(source[order], n=n), to[order]
        banned = np.zeros(to.size, dtype=np.bool_)
        for state, target in self._banned:
            row = slice(start[state], start[state + 1])
            banned[row] |= to[row] == target
        return start, to, banned

    def _ban(self, source: int, targets: set[int]) -> None:
        if self._keeps_banned:
            self._banned.update((source, target) for target in targets)
        elif targets:
            self._changed[source] = [t for t in self.successors(source) if t not in targets]

    def _base(self, state: int) -> int:
        return state if state < self._n else self._copy_base[state - self._n]

    def _copy(self, state: int, base: int) -> int:
        copy = self._n + len(self._copy_base)
        self._copy_base.append(base)
        self._copies.setdefault(base, []).append(copy)
        targets = self.successors(state)
        self._changed[copy] = list(targets)
        self._banned.update((copy, t) for t in targets if (state, t) in self._banned)
        return copy

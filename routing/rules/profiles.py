"""Who may drive where on a network, and how fast, under the rules of one profile."""

import numpy as np
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from routing.roads.model import Barriers, BoolArray, Coded, FloatArray, Segments
from routing.rules.defaults import (
    FORD_SPEED_KMH,
    PROFILES,
    SIREN_UPLIFT,
    STEPS_SPEED_M_S,
    UNKNOWN_CLASS_FACTOR,
    UNKNOWN_CLASS_KMH,
    WALK_SPEED_M_S,
)
from routing.rules.model import ProfileRules

__all__ = [
    "PROFILES",
    "SIREN_UPLIFT",
    "WALK_SPEED_M_S",
    "ProfileRules",
    "allowed_directions",
    "barrier_wait_s",
    "contraflow_legs",
    "passable",
    "snappable",
    "speeds_m_s",
]

FERRY = "ferry"
CREDIBLE_KMH = (3.0, 200.0)
"""Signs say 5 or more; what is below was mistyped, or meant another unit."""
NEVER_AGAINST = frozenset(
    {"motorway", "motorway_link", "trunk", "trunk_link", "primary", "primary_link",
     "secondary_link", "tertiary_link", "busway", FERRY}
)  # fmt: skip
"""Classes that no jurisdiction opens against their direction."""
_LOCKED = dict.fromkeys(("private", "emergency"), 1.0)


def speeds_m_s(segments: Segments, rules: ProfileRules) -> tuple[FloatArray, FloatArray]:
    """Speed along and against each segment's geometry, two (n,) float64 in m/s.

    Tagged speeds that are no number, below 3 or above 200 km/h count as untagged. A leg of
    `contraflow_legs` is slower by the rules' factor. Ferries keep their own speed.
    """
    ferry = _of_class(segments, {FERRY})
    if rules.on_foot:
        steps = STEPS_SPEED_M_S * rules.walk_speed_m_s / WALK_SPEED_M_S
        by_class = segments.highway.lookup({"steps": steps}, default=rules.walk_speed_m_s)
        forward = backward = by_class * rules.uplift
    else:
        factor = segments.highway.lookup(dict(rules.free_flow_factor), default=UNKNOWN_CLASS_FACTOR)
        cap_kmh = np.where(segments.is_ford, FORD_SPEED_KMH, rules.max_speed_kmh)
        forward_kmh, backward_kmh = _limits_kmh(segments, rules)
        forward, backward = (
            np.minimum(kmh, cap_kmh) * factor * rules.uplift / 3.6
            for kmh in (forward_kmh, backward_kmh)
        )
        if rules.dismount_classes:
            pushed = _dismounted(segments, rules)
            forward, backward = (
                np.where(pushed, rules.walk_speed_m_s, speed) for speed in (forward, backward)
            )
    if ferry.any():
        slow = ferry & (segments.maxspeed_kmh > 0) & (segments.maxspeed_kmh < CREDIBLE_KMH[0])
        across_kmh = np.where(slow, segments.maxspeed_kmh, _limits_kmh(segments, rules)[0])
        across_m_s = np.maximum(across_kmh, 0.1) / 3.6
        forward, backward = (np.where(ferry, across_m_s, one) for one in (forward, backward))
    if rules.contraflow is not None:
        against = contraflow_legs(segments, rules)
        forward = np.where(against[:, 0], forward / rules.contraflow.factor, forward)
        backward = np.where(against[:, 1], backward / rules.contraflow.factor, backward)
    return forward, backward


def passable(things: Segments | Barriers, rules: ProfileRules) -> BoolArray:
    """Whether the access of each segment or barrier lets the profile through, (n,) bool."""
    if isinstance(things, Barriers):
        return np.isfinite(barrier_wait_s(things, rules))
    open_, unsaid = _by_columns(things, rules, n=len(things))
    return open_ | (unsaid & ~_of_class(things, rules.closed_classes))


def allowed_directions(segments: Segments, rules: ProfileRules) -> tuple[BoolArray, BoolArray]:
    """Whether each segment may be used along and against its geometry, two (n,) bool arrays.

    Contraflow that waits for a permit is not in it: see `contraflow_legs`.
    """
    open_ = passable(segments, rules)
    if rules.on_foot:
        return open_, open_
    directions = [getattr(segments, name) for name in rules.oneway_columns]
    both = _dismounted(segments, rules) if rules.dismount_classes else np.zeros_like(open_)
    along = np.any([one >= 0 for one in directions], axis=0)
    against = np.any([one <= 0 for one in directions], axis=0)
    return open_ & (along | both), open_ & (against | both)


def barrier_wait_s(barriers: Barriers, rules: ProfileRules) -> FloatArray:
    """Wait at each barrier, (b,) float64 seconds, infinite where the profile may not pass.

    A tag of access goes before the kind of the barrier; where one must unlock it takes longer.
    """
    n = barriers.node_id.size
    open_, unsaid = _by_columns(barriers, rules, n=n)
    kind_s = np.zeros(n)
    if barriers.kind is not None:
        kind_s = barriers.kind.lookup(dict(rules.barrier_wait_s), default=0.0)
    wait_s = np.where(np.isfinite(kind_s), kind_s, 0.0)
    for name in rules.access_columns:
        column: Coded | None = getattr(barriers, name)
        if column is not None:
            locked = column.lookup(_LOCKED, default=0.0) > 0
            wait_s = wait_s + np.where(locked, rules.locked_wait_s, 0.0)
    return np.where(open_ | (unsaid & np.isfinite(kind_s)), wait_s, np.inf)


def contraflow_legs(segments: Segments, rules: ProfileRules) -> BoolArray:
    """Legs against a one-way street that a permit may open, (n, 2) bool along and against.

    None without `rules.contraflow`. Never on motorways, trunk roads, links, roundabouts, ferries
    or in tunnels, and never where the whole block, from one junction of drivable roads to the
    next, is longer than `max_block_m`.
    """
    against = np.zeros((len(segments), 2), dtype=np.bool_)
    if rules.contraflow is None:
        return against
    along, back = allowed_directions(segments, rules)
    street = _of_class(segments, rules.contraflow.classes - NEVER_AGAINST)
    street &= (along != back) & ~segments.is_roundabout & ~segments.is_tunnel
    street &= _block_lengths_m(segments, street, drivable=along | back) <= (
        rules.contraflow.max_block_m
    )
    against[:, 0] = street & ~along
    against[:, 1] = street & ~back
    return against


def snappable(segments: Segments) -> BoolArray:
    """Whether a place may lie on each segment, (n,) bool: on land, not on a ferry line."""
    return ~_of_class(segments, {FERRY})


def _by_columns(
    things: Segments | Barriers, rules: ProfileRules, *, n: int
) -> tuple[BoolArray, BoolArray]:
    """Whether the first column that says anything opens, and where none does: (n,) each."""
    accepted = dict.fromkeys(rules.access, 1.0)
    open_, unsaid = np.zeros(n, dtype=np.bool_), np.ones(n, dtype=np.bool_)
    for name in rules.access_columns:
        column: Coded | None = getattr(things, name)
        if column is None:
            continue
        open_ |= unsaid & (column.lookup(accepted, default=0.0) > 0)
        unsaid &= column.codes < 0
    return open_, unsaid


def _of_class(segments: Segments, classes: frozenset[str] | set[str]) -> BoolArray:
    return segments.highway.lookup(dict.fromkeys(classes, 1.0), default=0.0) > 0


def _dismounted(segments: Segments, rules: ProfileRules) -> BoolArray:
    """Where the rider pushes: tagged so, or of such a class and nothing is tagged."""
    pushed, unsaid = np.zeros(len(segments), np.bool_), np.ones(len(segments), np.bool_)
    for name in rules.access_columns:
        column: Coded = getattr(segments, name)
        pushed |= unsaid & (column.lookup({"dismount": 1.0}, default=0.0) > 0)
        unsaid &= column.codes < 0
    return pushed | (unsaid & _of_class(segments, rules.dismount_classes))


def _limits_kmh(segments: Segments, rules: ProfileRules) -> tuple[FloatArray, FloatArray]:
    """Tagged limit, else the class speed, along and against the geometry."""
    class_kmh = segments.highway.lookup(dict(rules.class_speed_kmh), default=UNKNOWN_CLASS_KMH)

    def limit(tagged_kmh: FloatArray, otherwise_kmh: FloatArray) -> FloatArray:
        credible = (tagged_kmh >= CREDIBLE_KMH[0]) & (tagged_kmh <= CREDIBLE_KMH[1])
        return np.where(credible, tagged_kmh, otherwise_kmh)

    forward_kmh = limit(segments.maxspeed_kmh, class_kmh)
    return forward_kmh, limit(segments.maxspeed_backward_kmh, forward_kmh)


def _block_lengths_m(segments: Segments, street: BoolArray, *, drivable: BoolArray) -> FloatArray:
    """Length (n,) of the block each street segment belongs to; zero elsewhere."""
    n = len(segments)
    row = np.tile(np.flatnonzero(drivable), 2)
    node = np.concatenate((segments.from_node[drivable], segments.to_node[drivable]))
    order = np.argsort(node, kind="stable")
    row, node = row[order], node[order]
    _, first, arms = np.unique(node, return_index=True, return_counts=True)
    through = first[arms == 2]
    left, right = row[through], row[through + 1]
    joined = street[left] & street[right]
    left, right = left[joined], right[joined]
    links = coo_array((np.ones(left.size, np.int8), (left, right)), shape=(n, n))
    _, block = connected_components(links, directed=False)
    own_m = np.where(street, segments.length_m, 0.0)
    return np.asarray(np.bincount(block, weights=own_m)[block])

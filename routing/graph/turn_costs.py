"""What a turn costs: by angle and driving side, at signals, gates and quays."""

from typing import NamedTuple

import numpy as np

from routing.roads.model import BoolArray, FloatArray, IdArray, IndexArray, Segments
from routing.rules.model import DrivingSide, ProfileRules
from routing.rules.profiles import FERRY

STRAIGHT_DEG = 35.0
"""A turn up to here goes straight on."""
U_TURN_DEG = 165.0
"""A turn from here on goes back."""


class Turns(NamedTuple):
    """Allowed turns, all (m,): legs before and after, the node between, the angle in degrees.

    Legs are `2 * segment + direction`; angles lie in (-180, 180], positive to the right. `waits`
    says where signals are waited for (`routing.graph.signals.waits_at_signals`).
    """

    from_leg: IndexArray
    to_leg: IndexArray
    node: IndexArray
    angle_deg: FloatArray
    waits: BoolArray


def turn_delay_s(
    angle_deg: FloatArray, rules: ProfileRules, driving_side: DrivingSide | None = None
) -> FloatArray:
    """Mean delay (m,) float64 seconds of turning at a junction, positive angles to the right.

    Towards the side one drives on it is the near turn, to the other the far one, across the
    oncoming traffic; up to 35 degrees cost nothing, from 165 on it is a U-turn.
    driving_side : that of the rules if None.
    """
    angle_deg = np.asarray(angle_deg, dtype=np.float64)
    side = rules.driving_side if driving_side is None else driving_side
    towards_near = angle_deg if side is DrivingSide.RIGHT else -angle_deg
    size_deg = np.abs(angle_deg)
    turned_s = np.where(towards_near > 0, rules.turn.near_s, rules.turn.far_s)
    turned_s = np.where(size_deg >= U_TURN_DEG, rules.turn.u_turn_s, turned_s)
    return np.where(size_deg <= STRAIGHT_DEG, 0.0, turned_s)


def junction_arms(segments: Segments, used: BoolArray, *, node_id: IdArray) -> IndexArray:
    """Number of used segment ends (n_nodes,) int32 at each node of sorted `node_id`.

    used : (n,) bool, the segments of this profile's network
    """
    ends = np.concatenate((segments.from_node[used], segments.to_node[used]))
    row = np.searchsorted(node_id, ends)
    return np.bincount(row, minlength=node_id.size).astype(np.int32)


def turn_costs_s(
    segments: Segments,
    rules: ProfileRules,
    turns: Turns,
    *,
    arms: IndexArray,
    wait_s: FloatArray,
) -> FloatArray:
    """All that is lost at the node of each turn, (m,) float64 seconds.

    Turning costs only where three or more arms meet, and driving back anywhere; a bend of the
    road does not. Going round a roundabout costs nothing, entering it at most the near turn,
    leaving it nothing. Boarding a ferry costs the mean wait for it.

    arms, wait_s : (n_nodes,) from `junction_arms`, and the wait at a barrier (`barrier_wait_s`, 0
    where there is none). An infinite wait counts as none: who may not pass only turns back there.
    """
    before, after = turns.from_leg >> 1, turns.to_leg >> 1
    back = (turns.from_leg ^ 1) == turns.to_leg
    delay_s = turn_delay_s(turns.angle_deg, rules)
    round_before, round_after = segments.is_roundabout[before], segments.is_roundabout[after]
    delay_s = np.where(round_after, np.minimum(delay_s, rules.turn.near_s), delay_s)
    delay_s = np.where(round_before & ~back, 0.0, delay_s)
    delay_s = np.where((arms[turns.node] >= 3) | back, delay_s, 0.0)
    delay_s += np.where(turns.waits, rules.signal_delay_s, 0.0)
    passing_s = np.where(np.isfinite(wait_s), wait_s, 0.0)[turns.node]
    delay_s += np.where(back, 0.0, passing_s)
    ferry = segments.highway.lookup({FERRY: 1.0}, default=0.0) > 0
    return delay_s + np.where(ferry[after] & ~ferry[before], rules.ferry_wait_s, 0.0)

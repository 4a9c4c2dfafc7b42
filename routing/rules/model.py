"""The rules of one profile: what it may use, how fast it is, what turns, gates and signals cost.

Pure data with a fingerprint. Which rules hold where is `routing.rules.jurisdiction`'s; what they do
to a network is `routing.rules.profiles`' and `routing.graph.turn_costs`'.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from enum import StrEnum
from hashlib import blake2b
from typing import Any

from routing.roads.model import Profile


class DrivingSide(StrEnum):
    """Side of the road on which traffic keeps."""

    RIGHT = "right"
    LEFT = "left"


@dataclass(frozen=True, slots=True)
class TurnCosts:
    """Mean delay in seconds of turns at a junction of three or more arms.

    near: towards the side one drives on; far: across the oncoming traffic; u_turn: back.
    """

    near_s: float = 0.0
    far_s: float = 0.0
    u_turn_s: float = 0.0


@dataclass(frozen=True, slots=True)
class Contraflow:
    """Which one-way streets may be opened against their direction, once someone signs for it.

    A block (from one junction of drivable roads to the next) longer than `max_block_m` stays
    closed; `factor` multiplies the time along the street.
    """

    classes: frozenset[str]
    max_block_m: float
    factor: float


@dataclass(frozen=True, slots=True)
class ProfileRules:
    """What one profile may use and what it costs. Times in seconds, speeds in km/h or m/s.

    access_columns : columns of `Segments` and `Barriers` that say who may pass, the first that
    says anything decides; access : the values that let this profile through; closed_classes,
    dismount_classes : road classes closed to it, or passed on foot, where no column says.
    oneway_columns : columns with a direction; what any of them opens is open.
    exempt_modes : `except` values of turn restrictions that free this profile; ban_penalty_s :
    price of a banned turn, None = bans hold.
    class_speed_kmh, free_flow_factor : by `highway`; uplift multiplies road speeds;
    max_speed_kmh : of the vehicle or the rider.
    barrier_wait_s : by `barrier` value, infinite = closed unless a tag opens it; locked_wait_s :
    more at a barrier that someone must unlock.
    ferry_wait_s : mean wait at the quay.
    """

    profile: Profile
    on_foot: bool
    access: frozenset[str]
    exempt_modes: frozenset[str]
    signal_delay_s: float
    uplift: float = 1.0
    access_columns: tuple[str, ...] = ("drive_access",)
    closed_classes: frozenset[str] = frozenset()
    dismount_classes: frozenset[str] = frozenset()
    oneway_columns: tuple[str, ...] = ("oneway",)
    class_speed_kmh: Mapping[str, float] = field(default_factory=dict)
    free_flow_factor: Mapping[str, float] = field(default_factory=dict)
    max_speed_kmh: float = 200.0
    walk_speed_m_s: float = 1.33
    driving_side: DrivingSide = DrivingSide.RIGHT
    turn: TurnCosts = TurnCosts()
    ban_penalty_s: float | None = None
    contraflow: Contraflow | None = None
    barrier_wait_s: Mapping[str, float] = field(default_factory=dict)
    locked_wait_s: float = 0.0
    ferry_wait_s: float = 0.0

    def fingerprint(self) -> str:
        """Digest of every rule, to key stored graphs: equal rules give equal text."""
        facts = [(one.name, _ordered(getattr(self, one.name))) for one in fields(self)]
        return blake2b(repr(facts).encode(), digest_size=16).hexdigest()


def _ordered(value: Any) -> Any:
    """Return `value` with sets and mappings in a fixed order."""
    if isinstance(value, Mapping):
        return sorted((str(key), float(one)) for key, one in value.items())
    if isinstance(value, frozenset):
        return sorted(value)
    if isinstance(value, TurnCosts | Contraflow):
        return [(one.name, _ordered(getattr(value, one.name))) for one in fields(value)]
    return str(value) if isinstance(value, StrEnum) else value

"""Who may drive where, and how fast: one table of rules per profile.

Speeds are legal or design speeds times a free-flow factor. They are **defaults, not measurements**;
live or learned speeds replace them. A tagged `maxspeed` replaces the class speed; the factor stays.

Class speeds (km/h) follow Chinese norms, because OSM ways in China rarely carry `maxspeed`:

- urban expressway 60-100, arterial 40-60, collector 30-50, local 20-30: design speeds of GB/T 51328
  (urban comprehensive transport system planning), mapped to trunk, primary, secondary/tertiary and
  residential; the middle or upper value is taken;
- motorway at most 120, roads without centre line 30 in cities and 40 outside, one lane each way 50
  in cities and 70 outside: Regulation implementing the Road Traffic Safety Law, articles 45 and 78.
  Urban motorways are taken at 100;
- service roads, living streets, tracks and footways opened to emergency vehicles: our assumption.

Free-flow factors (our assumption) stand for bends, parked cars and crossings without signals;
waiting at signals is a constant per signal node, taken when driving on beyond it.

`ambulance_lights` drives 1.15 times faster than `ambulance`. Published gains with lights and siren
are higher (30.9 % of the time saved, Ho & Lindquist 2001; 38.5 %, Ho & Casey 1998), but studies of
Chinese cities report drivers who do not yield; 1.1-1.25 is the range to calibrate in. Walking is
1.33 m/s (4.8 km/h), stairs 0.6 m/s along the slope.
"""

from dataclasses import dataclass
from hashlib import blake2b

import numpy as np

from routing.model import Barriers, BoolArray, FloatArray, Profile, Segments

# class: (speed km/h, free-flow factor)
_CLASS_SPEEDS: dict[str, tuple[float, float]] = {
    "motorway": (100, 0.90),
    "motorway_link": (50, 0.80),
    "trunk": (80, 0.85),
    "trunk_link": (40, 0.80),
    "primary": (60, 0.75),
    "primary_link": (40, 0.75),
    "secondary": (50, 0.72),
    "secondary_link": (35, 0.72),
    "tertiary": (40, 0.70),
    "tertiary_link": (30, 0.70),
    "unclassified": (40, 0.65),
    "road": (30, 0.65),
    "residential": (30, 0.65),
    "busway": (50, 0.70),
    "living_street": (15, 0.80),
    "service": (20, 0.65),
    "services": (20, 0.65),
    "track": (15, 0.80),
    "pedestrian": (10, 0.80),
    "cycleway": (10, 0.80),
    "footway": (10, 0.60),
    "path": (10, 0.60),
}
_UNKNOWN_CLASS = (30.0, 0.65)

WALK_SPEED_M_S = 1.33
_WALK_SPEEDS_M_S = {"steps": 0.6}

SIREN_UPLIFT = 1.15


@dataclass(frozen=True, slots=True)
class ProfileRules:
    """What one profile may use and what it costs.

    `access` lists the accepted values of the segments' drive (or walk) access; `exempt_modes` are
    the `except` values of turn restrictions that free this profile; `signal_delay_s` is the mean
    wait at one signal node; `uplift` multiplies every speed.
    """

    profile: Profile
    on_foot: bool
    access: frozenset[str]
    exempt_modes: frozenset[str]
    signal_delay_s: float
    uplift: float = 1.0

    def fingerprint(self) -> str:
        """Digest of these rules and of the speed tables, to key stored graphs."""
        facts = (
            self.profile,
            self.on_foot,
            sorted(self.access),
            sorted(self.exempt_modes),
            self.signal_delay_s,
            self.uplift,
            _CLASS_SPEEDS,
            _UNKNOWN_CLASS,
            WALK_SPEED_M_S,
            _WALK_SPEEDS_M_S,
        )
        return blake2b(repr(facts).encode(), digest_size=16).hexdigest()


_CAR_MODES = frozenset({"motorcar", "motor_vehicle", "vehicle"})
_EMERGENCY_ACCESS = frozenset({"yes", "private", "destination", "emergency", "bus"})

PROFILES: dict[Profile, ProfileRules] = {
    rules.profile: rules
    for rules in (
        ProfileRules(
            profile=Profile.CAR,
            on_foot=False,
            access=frozenset({"yes", "destination"}),
            exempt_modes=_CAR_MODES,
            signal_delay_s=8.0,
        ),
        ProfileRules(
            profile=Profile.AMBULANCE,
            on_foot=False,
            access=_EMERGENCY_ACCESS,
            exempt_modes=_CAR_MODES | {"emergency"},
            signal_delay_s=8.0,
        ),
        ProfileRules(
            profile=Profile.AMBULANCE_LIGHTS,
            on_foot=False,
            access=_EMERGENCY_ACCESS,
            exempt_modes=_CAR_MODES | {"emergency"},
            signal_delay_s=3.0,
            uplift=SIREN_UPLIFT,
        ),
        ProfileRules(
            profile=Profile.WALK,
            on_foot=True,
            access=frozenset({"yes"}),
            exempt_modes=frozenset(),
            signal_delay_s=10.0,
        ),
    )
}


def speeds_m_s(segments: Segments, rules: ProfileRules) -> tuple[FloatArray, FloatArray]:
    """Speed along and against each segment's geometry, two (n,) float64 in m/s.

    Tagged speeds that are not positive count as untagged.
    """
    if rules.on_foot:
        speed = segments.highway.lookup(_WALK_SPEEDS_M_S, default=WALK_SPEED_M_S) * rules.uplift
        return speed, speed
    limits = {highway: limit for highway, (limit, _) in _CLASS_SPEEDS.items()}
    factors = {highway: factor for highway, (_, factor) in _CLASS_SPEEDS.items()}
    limit_kmh = segments.highway.lookup(limits, default=_UNKNOWN_CLASS[0])
    factor = segments.highway.lookup(factors, default=_UNKNOWN_CLASS[1]) * rules.uplift / 3.6
    tagged = segments.maxspeed_kmh
    forward_kmh = np.where(tagged > 0, tagged, limit_kmh)
    tagged = segments.maxspeed_backward_kmh
    backward_kmh = np.where(tagged > 0, tagged, forward_kmh)
    return forward_kmh * factor, backward_kmh * factor


def passable(things: Segments | Barriers, rules: ProfileRules) -> BoolArray:
    """Whether the access of each segment or barrier lets the profile through, (n,) bool."""
    column = things.walk_access if rules.on_foot else things.drive_access
    return column.lookup(dict.fromkeys(rules.access, 1.0), default=0.0) > 0


def allowed_directions(segments: Segments, rules: ProfileRules) -> tuple[BoolArray, BoolArray]:
    """Whether each segment may be used along and against its geometry, two (n,) bool arrays."""
    open_ = passable(segments, rules)
    if rules.on_foot:
        return open_, open_
    return open_ & (segments.oneway >= 0), open_ & (segments.oneway <= 0)

"""Default rules of every profile, where no jurisdiction says otherwise. Each figure has its source.

Speeds are legal or design speeds times a free-flow factor. They are **defaults, not measurements**;
live or learned speeds replace them. A tagged `maxspeed` replaces the class speed; the factor stays.

Class speeds (km/h) follow Chinese norms, because OSM ways in China rarely carry `maxspeed`:

- urban expressway 60-100, arterial 40-60, collector 30-50, local 20-30: design speeds of GB/T 51328
  (urban comprehensive transport system planning), mapped to trunk, primary, secondary/tertiary and
  residential; the middle or upper value is taken;
- motorway at most 120, roads without centre line 30 in cities and 40 outside, one lane each way 50
  in cities and 70 outside: Regulation implementing the Road Traffic Safety Law, articles 45 and 78.
  Urban motorways are taken at 100;
- service roads, living streets, tracks and footways opened to emergency vehicles: our assumption;
- ferries without a timetable 10 km/h: our assumption (OSRM takes 5).

Free-flow factors (our assumption) stand for bends, parked cars and crossings without signals;
waiting at signals is a constant per signal node, taken when driving on beyond it.

`ambulance_lights` drives 1.15 times faster than `ambulance`. Published gains with lights and siren
are higher (30.9 % of the time saved, Ho & Lindquist 2001; 38.5 %, Ho & Casey 1998), but studies of
Chinese cities report drivers who do not yield; 1.1-1.25 is the range to calibrate in.

Walking is 1.33 m/s (4.8 km/h), stairs 0.6 m/s along the slope. Bicycle responders ride 15 km/h, the
default of OSRM's bicycle profile, and push at walking speed; motorcycle responders drive as an
ambulance with lights does: assumptions both, to be replaced by learned speeds.

Turns: right 2 s, left 6 s (mirrored where traffic keeps left), back 20 s; 20 s is also OSRM's
`u_turn_penalty`; left and right are the setting in which this engine was measured against others,
not counts at junctions. With lights a left turn takes half: assumption. On foot turns are free.

Gates: a car waits 15 s and pays 15 s at a toll booth, the `gate_cost` and `toll_booth_cost` in
Valhalla's documentation; lift gates 5 s, and 10 s more where someone must unlock: assumptions. A
ferry is waited for 300 s, Valhalla's `ferry_cost`.
"""

from math import inf

from routing.roads.model import Profile
from routing.rules.model import Contraflow, ProfileRules, TurnCosts

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
    "ferry": (10, 1.0),
}
CLASS_SPEED_KMH = {highway: kmh for highway, (kmh, _) in _CLASS_SPEEDS.items()}
FREE_FLOW_FACTOR = {highway: factor for highway, (_, factor) in _CLASS_SPEEDS.items()}
UNKNOWN_CLASS_KMH, UNKNOWN_CLASS_FACTOR = 30.0, 0.65

WALK_SPEED_M_S = 1.33
STEPS_SPEED_M_S = 0.6
BICYCLE_SPEED_KMH = 15.0
_ROUGH_KMH = {"track": 10.0, "path": 10.0, "ferry": CLASS_SPEED_KMH["ferry"]}
FORD_SPEED_KMH = 10.0
"""Through water on the road: assumption."""

SIREN_UPLIFT = 1.15

_CAR_MODES = frozenset({"motorcar", "motor_vehicle", "vehicle"})
_EMERGENCY_ACCESS = frozenset({"yes", "private", "destination", "emergency", "bus"})
_EMERGENCY_ONEWAYS = ("oneway", "oneway_emergency", "oneway_bus")

_GATES = ("gate", "swing_gate", "sliding_gate", "hampshire_gate", "bump_gate", "wicket_gate",
          "chain", "cable_barrier", "yes")  # fmt: skip
_CAR_WAITS = {
    **dict.fromkeys(_GATES, 15.0), "lift_gate": 5.0, "toll_booth": 15.0, "border_control": 600.0,
    "checkpoint": 30.0, "rising_bollard": 10.0, "sally_port": 15.0, "bus_trap": 0.0,
}  # fmt: skip
_AMBULANCE_WAITS = _CAR_WAITS | {"toll_booth": 5.0, "border_control": 600.0, "checkpoint": 10.0}
_LIGHTS_WAITS = _AMBULANCE_WAITS | dict.fromkeys(_GATES, 10.0)
_CLOSED_TO_WHEELS = dict.fromkeys(
    ("stile", "turnstile", "full-height_turnstile", "kissing_gate", "wall", "fence", "hedge",
     "step", "horse_stile", "jersey_barrier", "debris", "log"), inf,
)  # fmt: skip
_BICYCLE_WAITS = _CLOSED_TO_WHEELS | dict.fromkeys(_GATES, 10.0) | {
    "lift_gate": 3.0, "cycle_barrier": 5.0, "border_control": 600.0,
}  # fmt: skip
_MOTORCYCLE_WAITS = _LIGHTS_WAITS | {"lift_gate": 3.0}
_WALK_WAITS = {
    **dict.fromkeys(_GATES, 5.0), "kissing_gate": 5.0, "turnstile": 5.0, "stile": 10.0,
    "full-height_turnstile": 5.0, "border_control": 600.0,
}  # fmt: skip

_STREETS_AGAINST = frozenset(
    {"secondary", "tertiary", "unclassified", "residential", "living_street", "service"}
)
CONTRAFLOW = Contraflow(classes=_STREETS_AGAINST, max_block_m=300.0, factor=3.0)

_TURNS = TurnCosts(near_s=2.0, far_s=6.0, u_turn_s=20.0)
_LIGHTS_TURNS = TurnCosts(near_s=1.0, far_s=3.0, u_turn_s=15.0)


def _rules(profile: Profile, **given: object) -> ProfileRules:
    shared: dict[str, object] = {
        "on_foot": False, "class_speed_kmh": CLASS_SPEED_KMH, "free_flow_factor": FREE_FLOW_FACTOR,
        "walk_speed_m_s": WALK_SPEED_M_S, "locked_wait_s": 10.0, "ferry_wait_s": 300.0,
    }  # fmt: skip
    return ProfileRules(profile=profile, **(shared | given))  # type: ignore[arg-type]


PROFILES: dict[Profile, ProfileRules] = {
    rules.profile: rules
    for rules in (
        _rules(
            Profile.CAR,
            access=frozenset({"yes", "destination"}),
            exempt_modes=_CAR_MODES,
            signal_delay_s=8.0,
            turn=_TURNS,
            barrier_wait_s=_CAR_WAITS,
        ),
        _rules(
            Profile.AMBULANCE,
            access=_EMERGENCY_ACCESS,
            access_columns=("emergency_access", "drive_access"),
            oneway_columns=_EMERGENCY_ONEWAYS,
            exempt_modes=_CAR_MODES | {"emergency"},
            signal_delay_s=8.0,
            turn=_TURNS,
            barrier_wait_s=_AMBULANCE_WAITS,
        ),
        _rules(
            Profile.AMBULANCE_LIGHTS,
            access=_EMERGENCY_ACCESS,
            access_columns=("emergency_access", "drive_access"),
            oneway_columns=_EMERGENCY_ONEWAYS,
            exempt_modes=_CAR_MODES | {"emergency"},
            signal_delay_s=3.0,
            uplift=SIREN_UPLIFT,
            turn=_LIGHTS_TURNS,
            contraflow=CONTRAFLOW,
            barrier_wait_s=_LIGHTS_WAITS,
        ),
        _rules(
            Profile.MOTORCYCLE,
            access=_EMERGENCY_ACCESS,
            access_columns=("emergency_access", "motorcycle_access", "drive_access"),
            oneway_columns=_EMERGENCY_ONEWAYS,
            exempt_modes=frozenset({"motorcycle", "motor_vehicle", "vehicle", "emergency"}),
            signal_delay_s=3.0,
            uplift=SIREN_UPLIFT,
            turn=_LIGHTS_TURNS,
            barrier_wait_s=_MOTORCYCLE_WAITS,
        ),
        _rules(
            Profile.BICYCLE,
            access=frozenset({"yes", "destination", "private", "dismount", "emergency", "bus"}),
            access_columns=("bicycle_access",),
            oneway_columns=("oneway", "oneway_bicycle"),
            closed_classes=frozenset(
                {"motorway", "motorway_link", "steps", "elevator", "corridor", "bridleway",
                 "busway", "ferry"}
            ),
            dismount_classes=frozenset({"footway", "pedestrian", "platform"}),
            exempt_modes=frozenset({"bicycle"}),
            signal_delay_s=8.0,
            class_speed_kmh=dict.fromkeys(CLASS_SPEED_KMH, BICYCLE_SPEED_KMH) | _ROUGH_KMH,
            free_flow_factor=dict.fromkeys(FREE_FLOW_FACTOR, 1.0),
            max_speed_kmh=BICYCLE_SPEED_KMH,
            turn=TurnCosts(near_s=1.0, far_s=4.0, u_turn_s=5.0),
            barrier_wait_s=_BICYCLE_WAITS,
        ),
        _rules(
            Profile.WALK,
            on_foot=True,
            access=frozenset({"yes"}),
            access_columns=("walk_access",),
            exempt_modes=frozenset(),
            signal_delay_s=10.0,
            barrier_wait_s=_WALK_WAITS,
        ),
    )
}  # fmt: skip

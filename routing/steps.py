"""Guidance: consecutive pieces of one street merged, turns named by angle, in two languages."""

from bisect import bisect
from dataclasses import dataclass

from routing.model import FloatArray, IndexArray, Manoeuvre, Segments, Step

_BOUNDS_DEG = (-165.0, -120.0, -50.0, -20.0, 20.0, 50.0, 120.0, 165.0)
_BY_ANGLE = (
    Manoeuvre.U_TURN,
    Manoeuvre.SHARP_LEFT,
    Manoeuvre.LEFT,
    Manoeuvre.SLIGHT_LEFT,
    Manoeuvre.STRAIGHT,
    Manoeuvre.SLIGHT_RIGHT,
    Manoeuvre.RIGHT,
    Manoeuvre.SHARP_RIGHT,
    Manoeuvre.U_TURN,
)
_TURNS_ON_UNNAMED_ROAD = frozenset(_BY_ANGLE) - {
    Manoeuvre.STRAIGHT,
    Manoeuvre.SLIGHT_LEFT,
    Manoeuvre.SLIGHT_RIGHT,
}

# Chinese and English of each manoeuvre.
_TEXTS = {
    Manoeuvre.DEPART: ("从{street}出发", "Set out on {street}"),
    Manoeuvre.STRAIGHT: ("直行进入{street}", "Continue onto {street}"),
    Manoeuvre.SLIGHT_LEFT: ("向左前方进入{street}", "Bear left onto {street}"),
    Manoeuvre.LEFT: ("左转进入{street}", "Turn left onto {street}"),
    Manoeuvre.SHARP_LEFT: ("左后方急转进入{street}", "Turn sharp left onto {street}"),
    Manoeuvre.SLIGHT_RIGHT: ("向右前方进入{street}", "Bear right onto {street}"),
    Manoeuvre.RIGHT: ("右转进入{street}", "Turn right onto {street}"),
    Manoeuvre.SHARP_RIGHT: ("右后方急转进入{street}", "Turn sharp right onto {street}"),
    Manoeuvre.U_TURN: ("掉头驶入{street}", "Make a U-turn onto {street}"),
    Manoeuvre.ARRIVE: ("到达目的地({street})", "Arrive at the destination on {street}"),
}
_UNNAMED = ("无名道路", "an unnamed road")


@dataclass(frozen=True, slots=True, eq=False)
class Legs:
    """The driven states of a route in order, one row each; distances and times at their start.

    segment : (p,) int32; vertex : (p + 1,) int row in the geometry, the last row its end
    start_m, start_s : (p + 1,) float64 distance and time since the origin
    bearing_in_deg, bearing_out_deg : (p,) float64 clockwise from north, at start and end
    """

    segment: IndexArray
    vertex: IndexArray
    start_m: FloatArray
    start_s: FloatArray
    bearing_in_deg: FloatArray
    bearing_out_deg: FloatArray


def turn_between(bearing_out_deg: float, bearing_in_deg: float) -> Manoeuvre:
    """Name the turn from one bearing to the next; positive angles turn right."""
    angle_deg = (bearing_in_deg - bearing_out_deg + 180.0) % 360.0 - 180.0
    return _BY_ANGLE[bisect(_BOUNDS_DEG, angle_deg)]


def make_steps(segments: Segments, legs: Legs) -> tuple[Step, ...]:
    """Merge `legs` into steps, the last of which is the arrival.

    A step ends where the street's name or number changes, at U-turns, and on unnamed roads at
    every real turn. Distances and times of the steps add up to those of the route.
    """
    starts = [(0, Manoeuvre.DEPART)]
    for i in range(1, legs.segment.size):
        turn = turn_between(float(legs.bearing_out_deg[i - 1]), float(legs.bearing_in_deg[i]))
        before, here = int(legs.segment[i - 1]), int(legs.segment[i])
        named = segments.name.text(here) or segments.ref.text(here)
        if (
            turn is Manoeuvre.U_TURN
            or _street(segments, before) != _street(segments, here)
            or (not named and turn in _TURNS_ON_UNNAMED_ROAD)
        ):
            starts.append((i, turn))
    last = legs.segment.size
    stops = [*(i for i, _ in starts[1:]), last]
    steps = [
        _step(segments, legs, turn, first=first, stop=stop)
        for (first, turn), stop in zip(starts, stops, strict=True)
    ]
    return (*steps, _step(segments, legs, Manoeuvre.ARRIVE, first=last, stop=last))


def _street(segments: Segments, row: int) -> tuple[int, int]:
    return int(segments.name.codes[row]), int(segments.ref.codes[row])


def _step(segments: Segments, legs: Legs, turn: Manoeuvre, *, first: int, stop: int) -> Step:
    leg = min(first, legs.segment.size - 1)
    row = int(legs.segment[leg])
    bearing_deg = legs.bearing_in_deg[leg] if first == leg else legs.bearing_out_deg[leg]
    name, name_zh = segments.name.text(row), segments.name_zh.text(row)
    name_en, ref = segments.name_en.text(row), segments.ref.text(row)
    text_zh, text_en = _TEXTS[turn]
    return Step(
        manoeuvre=turn,
        name=name,
        name_zh=name_zh,
        name_en=name_en,
        ref=ref,
        distance_m=float(legs.start_m[stop] - legs.start_m[first]),
        travel_time_s=float(legs.start_s[stop] - legs.start_s[first]),
        vertex=int(legs.vertex[first]),
        bearing_deg=float(bearing_deg),
        text_zh=text_zh.format(street=name_zh or name or ref or _UNNAMED[0]),
        text_en=text_en.format(street=name_en or name or ref or _UNNAMED[1]),
    )

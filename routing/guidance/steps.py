"""Guidance: the legs of a route merged into steps, each named by what the driver does."""

from dataclasses import dataclass

import numpy as np

from routing.guidance.texts import Names, Side, say
from routing.guidance.ways import Way, way_of
from routing.roads.model import (
    BoolArray,
    Coded,
    FloatArray,
    IdArray,
    IndexArray,
    Manoeuvre,
    Segments,
    Step,
)

BESIDE_M = 5.0
"""So near the middle of the road a destination lies on neither side."""

_BOUNDS_DEG = np.array((-165.0, -120.0, -50.0, -20.0, 20.0, 50.0, 120.0, 165.0))
TURNS = (
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
_STREET = np.int32(Way.STREET)
_TURN_DEG, _U_TURN_DEG = 50.0, 165.0
_SIDE_OF_TURN: dict[Manoeuvre, Side] = {
    Manoeuvre.LEFT: "left",
    Manoeuvre.SHARP_LEFT: "left",
    Manoeuvre.RIGHT: "right",
    Manoeuvre.SHARP_RIGHT: "right",
}
_AHEAD = frozenset((Manoeuvre.SLIGHT_LEFT, Manoeuvre.STRAIGHT, Manoeuvre.SLIGHT_RIGHT))
_BY_ENTERED: dict[int, Manoeuvre] = {
    Way.ROUNDABOUT: Manoeuvre.ROUNDABOUT,
    Way.FERRY: Manoeuvre.FERRY,
}
_BY_LEFT: dict[int, Manoeuvre] = {
    Way.ROUNDABOUT: Manoeuvre.LEAVE_ROUNDABOUT,
    Way.FERRY: Manoeuvre.LEAVE_FERRY,
}
_TARGETS = (Way.STREET, Way.MAIN_ROAD)


@dataclass(frozen=True, slots=True, eq=False)
class Legs:
    """The legs of a route in order, one row each; distances and times at their start.

    segment : (p,) int32; vertex : (p + 1,) int row in the geometry, the last row its end
    start_m, start_s : (p + 1,) float64 distance and time since the origin
    bearing_in_deg, bearing_out_deg : (p,) float64 clockwise from north, at start and end of what
    is driven of each
    exits, fork_side : (p,) int32 as `routing.guidance.junctions.exits_and_forks` returns them
    beside_m : how far the destination lies to the right of the road, negative to the left
    """

    segment: IndexArray
    vertex: IndexArray
    start_m: FloatArray
    start_s: FloatArray
    bearing_in_deg: FloatArray
    bearing_out_deg: FloatArray
    exits: IndexArray
    fork_side: IndexArray
    beside_m: float


def turn_angles_deg(bearing_out_deg: FloatArray, bearing_in_deg: FloatArray) -> FloatArray:
    """Angle of the turn from one bearing to the next, in [-180, 180), positive to the right."""
    return np.asarray((bearing_in_deg - bearing_out_deg + 180.0) % 360.0 - 180.0)


def turns_at(angle_deg: FloatArray) -> IdArray:
    """Rows (p,) of `TURNS` that name turns by these angles (p,)."""
    return np.searchsorted(_BOUNDS_DEG, angle_deg, side="right")


def make_steps(segments: Segments, legs: Legs) -> tuple[Step, ...]:
    """Merge `legs` into steps, the last of which is the arrival.

    A step ends where the street's name or number changes, at U-turns, on unnamed roads at every
    real turn, at ramps, their forks and their ends, and at ferries. A roundabout and the street
    by which it is left are one step, unless the route begins in it. Distances and times of the
    steps add up to those of the route.
    """
    way = np.where(legs.exits >= 0, np.int32(Way.ROUNDABOUT), way_of(segments, legs.segment))
    last = way.size - 1
    angle_deg = turn_angles_deg(legs.bearing_out_deg[:-1], legs.bearing_in_deg[1:])
    begins = _begins_step(segments, legs, way, angle_deg)
    first = np.concatenate((np.flatnonzero(begins), [way.size]))
    leg = first.tolist()
    junctions = _Junctions(
        way.tolist(),
        turns_at(angle_deg).tolist(),
        legs.fork_side.tolist(),
        np.concatenate(([0], np.cumsum(np.maximum(legs.exits, 0)))).tolist(),
        legs.beside_m,
    )
    # The street of a step that begins with a roundabout is the one behind it.
    named = [0, *(min(junctions.end_of(Way.ROUNDABOUT, i), last) for i in leg[1:-1]), last]
    vertex = legs.vertex[first].tolist()
    bearing_deg = [*legs.bearing_in_deg[first[:-1]].tolist(), float(legs.bearing_out_deg[-1])]
    distance_m = [*np.diff(legs.start_m[first]).tolist(), 0.0]
    travel_time_s = [*np.diff(legs.start_s[first]).tolist(), 0.0]
    steps = []
    for k, street in enumerate(_names(segments, legs.segment[named])):
        manoeuvre, side = junctions.at(leg[k])
        number = junctions.exit_number(manoeuvre, leg[k], named[k])
        kind = junctions.way[named[k]]
        origin = target = None
        if kind == Way.RAMP:
            end = junctions.end_of(Way.RAMP, named[k])
            if end <= last and junctions.way[end] in _TARGETS:
                target = _names(segments, legs.segment[end : end + 1])[0].called()
            if manoeuvre is Manoeuvre.LEAVE_MAIN_ROAD:
                origin = _names(segments, legs.segment[leg[k] - 1 : leg[k]])[0].called()
        text = say(
            manoeuvre, street.called(), kind,
            target=target, origin=origin, exit_number=number, side=side,
        )  # fmt: skip
        steps.append(
            Step(
                manoeuvre, *street, distance_m[k], travel_time_s[k], vertex[k], bearing_deg[k],
                text.zh, text.en, number, side,
            )
        )  # fmt: skip
    return tuple(steps)


@dataclass(frozen=True, slots=True, eq=False)
class _Junctions:
    """What lies at the start of each leg; lists, for they are read one by one.

    way : (p,); turn : (p - 1,) rows of `TURNS` before legs 1, 2, ...; fork_side : (p,)
    exits : (p + 1,) exits passed since the origin
    """

    way: list[int]
    turn: list[int]
    fork_side: list[int]
    exits: list[int]
    beside_m: float

    def at(self, leg: int) -> tuple[Manoeuvre, Side | None]:
        """Return what is done at the start of `leg`, and on which side where that is said."""
        if leg == len(self.way):
            return Manoeuvre.ARRIVE, _side(self.beside_m, least=BESIDE_M)
        if leg == 0:
            return Manoeuvre.DEPART, None
        before, after = self.way[leg - 1], self.way[leg]
        turn = TURNS[self.turn[leg - 1]]
        if before != after and (after in _BY_ENTERED or before in _BY_LEFT):
            return _BY_ENTERED.get(after) or _BY_LEFT[before], None
        if after == Way.RAMP and turn is not Manoeuvre.U_TURN:
            return self._onto_ramp(leg, turn)
        if before == Way.RAMP and after == Way.MAIN_ROAD and turn in _AHEAD:
            return Manoeuvre.MERGE, None
        return (Manoeuvre.FERRY if after == Way.FERRY else turn), None

    def _onto_ramp(self, leg: int, turn: Manoeuvre) -> tuple[Manoeuvre, Side | None]:
        side = _side(self.fork_side[leg]) or _SIDE_OF_TURN.get(turn)
        before = self.way[leg - 1]
        if before != Way.RAMP:
            left = before == Way.MAIN_ROAD
            return Manoeuvre.LEAVE_MAIN_ROAD if left else Manoeuvre.RAMP, side
        if turn in _AHEAD and side is not None:
            return Manoeuvre.KEEP_LEFT if side == "left" else Manoeuvre.KEEP_RIGHT, side
        return turn, None

    def end_of(self, kind: Way, leg: int) -> int:
        """Return the first leg from `leg` on that is not of `kind`, p where none is."""
        while leg < len(self.way) and self.way[leg] == kind:
            leg += 1
        return leg

    def exit_number(self, manoeuvre: Manoeuvre, leg: int, street_leg: int) -> int | None:
        """Return by which exit a roundabout is left, None where it is not."""
        if manoeuvre is Manoeuvre.LEAVE_ROUNDABOUT:
            return self.exits[leg]
        if manoeuvre is Manoeuvre.ROUNDABOUT and self.way[street_leg] != Way.ROUNDABOUT:
            return self.exits[street_leg] - self.exits[leg]
        return None


def _side(value: float, *, least: float = 0.0) -> Side | None:
    if value > least:
        return "right"
    return "left" if value < -least else None


def _begins_step(
    segments: Segments, legs: Legs, way: IndexArray, angle_deg: FloatArray
) -> BoolArray:
    """Whether a step begins with each leg, (p,) bool."""
    name, ref = segments.name.codes[legs.segment], segments.ref.codes[legs.segment]
    after = way[1:]
    size_deg = np.abs(angle_deg)
    other_street = (name[:-1] != name[1:]) | (ref[:-1] != ref[1:])
    # A main road that becomes an ordinary street under the same name goes on.
    group = np.where(way == Way.MAIN_ROAD, _STREET, way)
    other_way = group[:-1] != group[1:]
    on_ramp = after == Way.RAMP
    begins = np.where(on_ramp, legs.fork_side[1:] != 0, other_street) | other_way
    begins |= (size_deg >= _TURN_DEG) & (on_ramp | ((name[1:] < 0) & (ref[1:] < 0)))
    begins |= size_deg >= _U_TURN_DEG
    in_ring = way == Way.ROUNDABOUT
    if in_ring.any():
        # Leaving it is told on entering it, except where the route begins in it.
        begins &= ~in_ring[:-1] | (_since_start(in_ring[:-1]) & ~in_ring[1:])
        begins |= other_way & (after == Way.FERRY)
    return np.concatenate(([True], begins))


def _since_start(in_ring: BoolArray) -> BoolArray:
    """Whether each leg and all before it lie in the roundabout in which the route begins."""
    return np.logical_and.accumulate(in_ring)


def _names(segments: Segments, rows: IndexArray) -> list[Names]:
    def texts(column: Coded) -> list[str | None]:
        table = column.table
        return [table[code] if code >= 0 else None for code in column.codes[rows].tolist()]

    columns = (segments.name, segments.name_zh, segments.name_en, segments.ref)
    return [Names(*row) for row in zip(*(texts(one) for one in columns), strict=True)]

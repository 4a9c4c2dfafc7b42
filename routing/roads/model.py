"""Road segments as arrays, turn restrictions, snapped points, routes. No I/O."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields, replace
from enum import StrEnum
from hashlib import blake2b
from typing import Any, Literal, Self, TypeVar

import numpy as np
from numpy.typing import ArrayLike, NDArray

from routing.roads.errors import InvalidNetworkError, NoRoadNearbyError

FloatArray = NDArray[np.float64]
IdArray = NDArray[np.int64]
IndexArray = NDArray[np.int32]
BoolArray = NDArray[np.bool_]
ArrayT = TypeVar("ArrayT", bound=NDArray[Any])


def freeze(array: ArrayT) -> ArrayT:
    """Make `array` read-only and return it: shared arrays are never written in place."""
    array.setflags(write=False)
    return array


class Profile(StrEnum):
    """Means of travel; its rules stand in `routing.rules.profiles`."""

    CAR = "car"
    AMBULANCE = "ambulance"
    AMBULANCE_LIGHTS = "ambulance_lights"
    MOTORCYCLE = "motorcycle"
    BICYCLE = "bicycle"
    WALK = "walk"


@dataclass(frozen=True, slots=True, eq=False)
class Coded:
    """A column of repeated texts: `codes` (n,) int32 into `table`, -1 where there is none."""

    codes: IndexArray
    table: tuple[str, ...]

    @classmethod
    def of(cls, values: Iterable[str | None]) -> Self:
        """Encode `values` in order of first appearance; None and "" become -1."""
        seen: dict[str, int] = {}
        codes = np.fromiter(
            (seen.setdefault(value, len(seen)) if value else -1 for value in values), np.int32
        )
        return cls(freeze(codes), tuple(seen))

    def text(self, index: int) -> str | None:
        """Return the text of row `index`."""
        code = int(self.codes[index])
        return None if code < 0 else self.table[code]

    def lookup(self, values: dict[str, float], *, default: float) -> FloatArray:
        """Map every row through `values`: (n,) float64, `default` for unknown and missing."""
        by_code = [values.get(text, default) for text in self.table]
        return np.array([*by_code, default], dtype=np.float64)[self.codes]


@dataclass(frozen=True, slots=True, eq=False)
class Segments:
    """Raw road segments of one city: n rows, each a polyline between two junctions.

    `oneway` is +1 along the geometry, -1 against it, 0 both; `oneway_bicycle`, `oneway_bus` and
    `oneway_emergency` are the directions of those. `*_access` are texts such as yes, private,
    destination, emergency, bus, dismount, no; -1 = nothing said. Speeds are km/h, NaN where
    untagged; an untagged backward speed is the forward one; a ferry's is that of its timetable.
    `coords` (m, 2) float64 holds longitude and
    latitude (WGS-84) of all polylines in a row, segment i owning `offsets[i]:offsets[i + 1]`.
    All arrays are read-only.
    """

    segment_id: IdArray
    osm_way_id: IdArray
    from_node: IdArray
    to_node: IdArray
    length_m: FloatArray
    oneway: NDArray[np.int8]
    maxspeed_kmh: FloatArray
    maxspeed_backward_kmh: FloatArray
    layer: NDArray[np.int16]
    is_bridge: BoolArray
    is_tunnel: BoolArray
    coords: FloatArray
    offsets: IdArray
    highway: Coded
    drive_access: Coded
    walk_access: Coded
    name: Coded
    name_zh: Coded
    name_en: Coded
    ref: Coded
    oneway_bicycle: NDArray[np.int8]
    oneway_bus: NDArray[np.int8]
    oneway_emergency: NDArray[np.int8]
    is_roundabout: BoolArray
    is_ford: BoolArray
    bicycle_access: Coded
    motorcycle_access: Coded
    emergency_access: Coded

    @classmethod
    def from_columns(
        cls,
        *,
        segment_id: ArrayLike,
        from_node: ArrayLike,
        to_node: ArrayLike,
        length_m: ArrayLike,
        coords: ArrayLike,
        offsets: ArrayLike,
        highway: Sequence[str],
        osm_way_id: ArrayLike | None = None,
        oneway: ArrayLike | None = None,
        drive_access: Sequence[str] | None = None,
        walk_access: Sequence[str] | None = None,
        maxspeed_kmh: ArrayLike | None = None,
        maxspeed_backward_kmh: ArrayLike | None = None,
        layer: ArrayLike | None = None,
        is_bridge: ArrayLike | None = None,
        is_tunnel: ArrayLike | None = None,
        name: Sequence[str | None] | None = None,
        name_zh: Sequence[str | None] | None = None,
        name_en: Sequence[str | None] | None = None,
        ref: Sequence[str | None] | None = None,
        oneway_bicycle: ArrayLike | None = None,
        oneway_bus: ArrayLike | None = None,
        oneway_emergency: ArrayLike | None = None,
        is_roundabout: ArrayLike | None = None,
        is_ford: ArrayLike | None = None,
        bicycle_access: Sequence[str | None] | None = None,
        motorcycle_access: Sequence[str | None] | None = None,
        emergency_access: Sequence[str | None] | None = None,
    ) -> Self:
        """Build from plain columns; what is left out is untagged, two-way and open to all.

        Directions of bicycles, buses and emergency vehicles that are left out are `oneway`.

        Raises
        ------
        InvalidNetworkError
            If the columns differ in length, a length is not positive and finite, a coordinate is
            not finite, or a polyline has fewer than two vertices.
        """
        n = np.asarray(segment_id).size

        def numbers(values: ArrayLike | None, dtype: Any, default: Any) -> NDArray[Any]:
            return freeze(np.array(np.full(n, default) if values is None else values, dtype))

        def texts(values: Sequence[str | None] | None, default: str | None) -> Coded:
            return Coded.of([default] * n if values is None else values)

        direction = numbers(oneway, np.int8, 0)
        segments = cls(
            segment_id=numbers(segment_id, np.int64, 0),
            osm_way_id=numbers(osm_way_id, np.int64, -1),
            from_node=numbers(from_node, np.int64, 0),
            to_node=numbers(to_node, np.int64, 0),
            length_m=numbers(length_m, np.float64, 0),
            oneway=direction,
            maxspeed_kmh=numbers(maxspeed_kmh, np.float64, np.nan),
            maxspeed_backward_kmh=numbers(maxspeed_backward_kmh, np.float64, np.nan),
            layer=numbers(layer, np.int16, 0),
            is_bridge=numbers(is_bridge, np.bool_, 0),
            is_tunnel=numbers(is_tunnel, np.bool_, 0),
            coords=freeze(np.array(coords, np.float64).reshape(-1, 2)),
            offsets=numbers(offsets, np.int64, 0),
            highway=texts(highway, None),
            drive_access=texts(drive_access, "yes"),
            walk_access=texts(walk_access, "yes"),
            name=texts(name, None),
            name_zh=texts(name_zh, None),
            name_en=texts(name_en, None),
            ref=texts(ref, None),
            oneway_bicycle=numbers(oneway_bicycle, np.int8, direction),
            oneway_bus=numbers(oneway_bus, np.int8, direction),
            oneway_emergency=numbers(oneway_emergency, np.int8, direction),
            is_roundabout=numbers(is_roundabout, np.bool_, 0),
            is_ford=numbers(is_ford, np.bool_, 0),
            bicycle_access=texts(bicycle_access, None),
            motorcycle_access=texts(motorcycle_access, None),
            emergency_access=texts(emergency_access, None),
        )
        segments.check()
        return segments

    def __len__(self) -> int:
        return self.segment_id.size

    def check(self) -> None:
        """Raise `InvalidNetworkError` where the columns contradict one another."""
        n = len(self)
        for field in fields(self):
            column = getattr(self, field.name)
            size = column.codes.size if isinstance(column, Coded) else column.shape[0]
            expected = {"coords": self.coords.shape[0], "offsets": n + 1}.get(field.name, n)
            if size != expected:
                msg = f"Road column '{field.name}' has {size} rows, {expected} were expected."
                raise InvalidNetworkError(msg)
        if not (np.isfinite(self.length_m) & (self.length_m > 0)).all():
            raise InvalidNetworkError(
                "Every road segment needs a length above 0 m; check the load."
            )
        vertices = np.diff(self.offsets)
        whole = self.offsets[0] == 0 and self.offsets[-1] == self.coords.shape[0]
        if not whole or (n and vertices.min() < 2) or not np.isfinite(self.coords).all():
            raise InvalidNetworkError(
                "Every road segment needs a line of two or more finite points; check the load."
            )

    def line(self, index: int) -> FloatArray:
        """Return the polyline of segment row `index`, (m, 2) longitude and latitude."""
        return self.coords[self.offsets[index] : self.offsets[index + 1]]

    def fingerprint(self) -> str:
        """Digest of all that decides topology and time; equal segments give equal text."""
        digest = blake2b(digest_size=16)
        for field in fields(self):
            column = getattr(self, field.name)
            if isinstance(column, Coded):
                digest.update("\x1f".join(column.table).encode())
                column = column.codes
            digest.update(np.ascontiguousarray(column).tobytes())
        return digest.hexdigest()


@dataclass(frozen=True, slots=True, eq=False)
class Barriers:
    """Gates, bollards and the like: node ids (b,) int64 and who may pass each.

    Access is written as in `Segments`; `kind` is the `barrier` value. None = nothing known.
    """

    node_id: IdArray
    drive_access: Coded
    walk_access: Coded
    kind: Coded | None = None
    bicycle_access: Coded | None = None
    motorcycle_access: Coded | None = None
    emergency_access: Coded | None = None


NO_BARRIERS = Barriers(freeze(np.empty(0, np.int64)), Coded.of(()), Coded.of(()))


@dataclass(frozen=True, slots=True)
class Restriction:
    """One OSM turn restriction: `kind` is its `restriction` tag, `except_modes` its `except`.

    An `@` in `kind` starts the hours at which it holds.
    """

    kind: str
    from_way_id: int
    to_way_id: int
    via_node: int | None = None
    via_way_ids: tuple[int, ...] = ()
    except_modes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class SnapResult:
    """k points and the roads each may stand on, the nearest first; none of several is hidden.

    Candidates of point i are the rows `start[i]:start[i + 1]` of the (c, ...) arrays: its nearest
    segment and all others within the slack of the same distance. A point without a road within
    the limit has none.

    point : (k, 2) float64 longitude, latitude as given; start : (k + 1,) int32
    distance_m : (k,) float64 to the nearest usable road, also beyond the limit
    segment : (c,) int32 row in `Segments`; candidate_distance_m : (c,) float64
    fraction : (c,) float64, 0 at the segment's first vertex, 1 at its last, by metres
    snapped : (c, 2) float64 longitude, latitude on the road
    open_legs : (c, 2) bool, whether it may be driven along and against its geometry from here
    heading_ignored : (k,) bool, whether the heading of a moving unit fitted no road near enough
    """

    point: FloatArray
    start: IndexArray
    distance_m: FloatArray
    segment: IndexArray
    candidate_distance_m: FloatArray
    fraction: FloatArray
    snapped: FloatArray
    open_legs: BoolArray
    heading_ignored: BoolArray
    max_distance_m: float

    def __len__(self) -> int:
        return self.distance_m.size

    @property
    def found(self) -> BoolArray:
        """Whether each point has a road within the limit, (k,) bool."""
        return np.asarray(np.diff(self.start) > 0)

    def point_of_candidate(self) -> IndexArray:
        """Return the point row of each candidate, (c,) int32."""
        return np.repeat(np.arange(len(self), dtype=np.int32), np.diff(self.start))

    def take(self, index: ArrayLike) -> "SnapResult":
        """Return the rows `index` (an int, a list or a mask)."""
        rows = np.arange(len(self))[np.atleast_1d(np.asarray(index))]
        count = np.diff(self.start)[rows]
        ends = np.cumsum(count)
        candidate = np.arange(count.sum()) + np.repeat(self.start[rows] - ends + count, count)
        return replace(
            self,
            point=self.point[rows],
            start=np.concatenate(([0], ends)).astype(np.int32),
            distance_m=self.distance_m[rows],
            segment=self.segment[candidate],
            candidate_distance_m=self.candidate_distance_m[candidate],
            fraction=self.fraction[candidate],
            snapped=self.snapped[candidate],
            open_legs=self.open_legs[candidate],
            heading_ignored=self.heading_ignored[rows],
        )

    def require(self) -> "SnapResult":
        """Return self, or raise `NoRoadNearbyError` for the first point without a road."""
        missing = np.flatnonzero(~self.found)
        if missing.size:
            first = int(missing[0])
            raise NoRoadNearbyError(
                first,
                distance_m=float(self.distance_m[first]),
                max_distance_m=self.max_distance_m,
            )
        return self


class Manoeuvre(StrEnum):
    """What the driver does at the start of a step."""

    DEPART = "depart"
    STRAIGHT = "straight"
    SLIGHT_LEFT = "slight_left"
    LEFT = "left"
    SHARP_LEFT = "sharp_left"
    SLIGHT_RIGHT = "slight_right"
    RIGHT = "right"
    SHARP_RIGHT = "sharp_right"
    U_TURN = "u_turn"
    ROUNDABOUT = "roundabout"
    LEAVE_ROUNDABOUT = "leave_roundabout"
    RAMP = "ramp"
    LEAVE_MAIN_ROAD = "leave_main_road"
    KEEP_LEFT = "keep_left"
    KEEP_RIGHT = "keep_right"
    MERGE = "merge"
    FERRY = "ferry"
    LEAVE_FERRY = "leave_ferry"
    ARRIVE = "arrive"


@dataclass(frozen=True, slots=True)
class Step:
    """One line of guidance: a manoeuvre, then `distance_m` along one street.

    `vertex` is the row of the route's geometry where the step starts; `bearing_deg` is clockwise
    from north; `text_zh` and `text_en` are ready sentences. The name is that of the street after
    the manoeuvre, behind a roundabout of the one by which it is left. `exit` counts the roads that
    leave the roundabout, the taken one included, from where it was entered; None without one.
    `side` is where the ramp branches off or the destination lies, None where that is not said.
    """

    manoeuvre: Manoeuvre
    name: str | None
    name_zh: str | None
    name_en: str | None
    ref: str | None
    distance_m: float
    travel_time_s: float
    vertex: int
    bearing_deg: float
    text_zh: str
    text_en: str
    exit: int | None = None
    side: Literal["left", "right"] | None = None


@dataclass(frozen=True, slots=True, eq=False)
class RouteResult:
    """A route from the snapped origin to the snapped destination.

    geometry : (m, 2) float64 longitude and latitude, clipped at both ends, m >= 2
    elapsed_s : (m,) float64 travel time from the start to each vertex; to place a moving unit
    segment : (p,) int32 rows in `Segments` in order of travel; forward : (p,) bool direction
    """

    profile: Profile
    travel_time_s: float
    distance_m: float
    geometry: FloatArray
    elapsed_s: FloatArray
    steps: tuple[Step, ...]
    segment: IndexArray
    forward: BoolArray

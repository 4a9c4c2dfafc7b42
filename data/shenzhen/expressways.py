"""Expressways of the Shenzhen model: pairs of one-way carriageways with links at interchanges.

Courses are rough and hand-laid where the real city has such roads; names are generated. At an
interchange each carriageway leaves to and enters from a nearby arterial junction by links.
"""

from dataclasses import dataclass, field

import numpy as np
import shapely

from data.shenzhen.classes import MOTORWAY, MOTORWAY_LINK, Streets
from data.shenzhen.ground import BoolArray, FloatArray, Ground, IntArray
from data.shenzhen.names import ROAD_SUFFIXES, NamePair, with_suffix

# ref, course; lon, lat
COURSES = (
    ("M1", ((113.800, 22.775), (113.822, 22.720), (113.842, 22.640), (113.872, 22.582),
            (113.925, 22.548), (113.990, 22.538), (114.060, 22.530), (114.105, 22.548))),
    ("M2", ((113.900, 22.530), (113.940, 22.560), (114.030, 22.560), (114.090, 22.567),
            (114.135, 22.572))),
    ("M3", ((113.910, 22.552), (113.985, 22.608), (114.050, 22.612), (114.130, 22.622),
            (114.205, 22.665), (114.262, 22.722), (114.330, 22.770))),
    ("M4", ((114.050, 22.535), (114.055, 22.610), (114.045, 22.680), (114.062, 22.755))),
    ("M5", ((114.030, 22.600), (113.990, 22.690), (113.962, 22.735), (113.935, 22.815))),
    ("M6", ((113.838, 22.622), (113.900, 22.650), (113.990, 22.690), (114.070, 22.672),
            (114.165, 22.688), (114.255, 22.702), (114.340, 22.700), (114.420, 22.722))),
    ("M7", ((113.935, 22.505), (113.925, 22.580), (113.895, 22.660), (113.905, 22.760),
            (113.900, 22.812))),
    ("M8", ((114.130, 22.560), (114.190, 22.562), (114.232, 22.568), (114.290, 22.602),
            (114.350, 22.622), (114.420, 22.618), (114.475, 22.600))),
    ("M9", ((114.262, 22.602), (114.268, 22.660), (114.300, 22.720), (114.330, 22.770))),
    ("M10", ((114.395, 22.720), (114.398, 22.660), (114.430, 22.625), (114.478, 22.598),
             (114.500, 22.560), (114.520, 22.500))),
    ("M11", ((113.785, 22.745), (113.850, 22.752), (113.930, 22.765), (113.990, 22.740),
             (114.060, 22.730), (114.100, 22.720))),
)  # fmt: skip

HALF_MEDIAN_M = 14.0
RAMP_M = 180.0
INTERCHANGE_EVERY_M = 2600.0
NODE_EVERY_M = 600.0
JUNCTION_WITHIN_M = 1400.0
SHORTEST_PIECE_M = 2500.0


@dataclass(slots=True)
class _Builder:
    """Collects nodes and one-way segments behind those of the streets."""

    first_id: int
    xy: list[FloatArray] = field(default_factory=list)
    start: list[int] = field(default_factory=list)
    end: list[int] = field(default_factory=list)
    highway: list[int] = field(default_factory=list)
    name: list[int] = field(default_factory=list)

    def node(self, xy: FloatArray) -> int:
        self.xy.append(xy)
        return self.first_id + len(self.xy) - 1

    def segment(self, start: int, end: int, *, highway: int, name: int) -> None:
        self.start.append(start)
        self.end.append(end)
        self.highway.append(highway)
        self.name.append(name)


def add_expressways(
    streets: Streets, ground: Ground, *, scale: float, bases: list[NamePair]
) -> dict[int, str]:
    """Add carriageways and links to `streets` in place; return the ref of each name index.

    Segments in hills become tunnels (layer -1), the other carriageways elevated roads (layer 2),
    and the other links bridges (layer 1).
    """
    junctions = np.flatnonzero(streets.is_corner)
    corners = np.column_stack([streets.x_m[junctions], streets.y_m[junctions]])
    tree = shapely.STRtree([shapely.Point(xy) for xy in corners])
    within_m = JUNCTION_WITHIN_M / np.sqrt(scale)
    built = _Builder(first_id=len(streets.x_m))
    refs = {}
    for number, (ref, course) in enumerate(COURSES):
        name = len(streets.names)
        suffixes = ROAD_SUFFIXES["expressway"]
        streets.names.append(with_suffix(bases[-400 - number], suffixes[number % len(suffixes)]))
        refs[name] = ref
        for piece in _pieces(ground, np.array(course)):
            _lay(built, piece, tree, within_m=within_m, name=name, junctions=junctions)
    _append(streets, built, ground)
    return refs


def _pieces(ground: Ground, course: FloatArray) -> list[shapely.LineString]:
    """Return the parts of a smoothed course on the city's land, in the local plane."""
    x, y = ground.plane.transform(course[:, 0], course[:, 1])
    line = shapely.LineString(np.column_stack([x, y]))
    for _ in range(3):
        line = _cut_corners(line)
    parts = shapely.get_parts(shapely.intersection(line, ground.land_m.buffer(-60.0)))
    return [part for part in parts if part.length >= SHORTEST_PIECE_M]


def _cut_corners(line: shapely.LineString) -> shapely.LineString:
    # Chaikin: each corner becomes two points, a quarter of the way along its sides.
    points = shapely.get_coordinates(line)
    near = 0.75 * points[:-1] + 0.25 * points[1:]
    far = 0.25 * points[:-1] + 0.75 * points[1:]
    inner = np.stack([near, far], axis=1).reshape(-1, 2)
    return shapely.LineString(np.vstack([points[:1], inner[1:-1], points[-1:]]))


def _lay(
    built: _Builder,
    line: shapely.LineString,
    tree: shapely.STRtree,
    *,
    within_m: float,
    name: int,
    junctions: IntArray,
) -> None:
    """Lay both carriageways of one piece and its interchanges."""
    count = max(int(line.length // INTERCHANGE_EVERY_M), 1)
    wanted = np.linspace(0.0, line.length, count + 1)
    places = shapely.line_interpolate_point(line, wanted)
    near = tree.query_nearest(places, max_distance=within_m, all_matches=False)
    junction_of = dict(zip(near[0].tolist(), junctions[near[1]].tolist(), strict=True))
    plain = np.arange(NODE_EVERY_M / 2, line.length, NODE_EVERY_M)
    stops: list[tuple[float, int, int]] = []
    for place, junction in junction_of.items():
        for side in (-1, 1):
            chainage = float(np.clip(wanted[place] + side * RAMP_M, 0.0, line.length))
            stops.append((chainage, side, junction))
    apart = [c for c in plain if all(abs(c - s[0]) > NODE_EVERY_M / 4 for s in stops)]
    stops += [(float(c), 0, -1) for c in apart]
    stops.sort()
    for direction in (1, -1):
        _carriageway(built, line, stops[::direction], direction=direction, name=name)


def _carriageway(
    built: _Builder,
    line: shapely.LineString,
    stops: list[tuple[float, int, int]],
    *,
    direction: int,
    name: int,
) -> None:
    previous = -1
    for chainage, side, junction in stops:
        node = built.node(_beside(line, chainage, direction))
        if previous >= 0:
            built.segment(previous, node, highway=MOTORWAY, name=name)
        if side == -direction:
            built.segment(node, junction, highway=MOTORWAY_LINK, name=-1)
        elif side == direction:
            built.segment(junction, node, highway=MOTORWAY_LINK, name=-1)
        previous = node


def _beside(line: shapely.LineString, chainage: float, direction: int) -> FloatArray:
    """Return the point to the right of the line as seen when driving in `direction`."""
    ends = shapely.line_interpolate_point(line, [chainage - 5.0, chainage + 5.0, chainage])
    behind, ahead, here = shapely.get_coordinates(ends)
    along = (ahead - behind) / np.hypot(*(ahead - behind))
    beside: FloatArray = here + direction * HALF_MEDIAN_M * np.array([along[1], -along[0]])
    return beside


def _append(streets: Streets, built: _Builder, ground: Ground) -> None:
    if not built.start:
        return
    xy = np.array(built.xy)
    streets.x_m = np.concatenate([streets.x_m, xy[:, 0]])
    streets.y_m = np.concatenate([streets.y_m, xy[:, 1]])
    streets.is_corner = np.append(streets.is_corner, np.zeros(len(xy), dtype=bool))
    streets.crossing = np.append(streets.crossing, np.full(len(xy), -1))
    start, end = np.array(built.start), np.array(built.end)
    inside = _inside(streets, ground, start, end)
    start, end = start[inside], end[inside]
    highway, name = np.array(built.highway)[inside], np.array(built.name)[inside]
    middle_x = (streets.x_m[start] + streets.x_m[end]) / 2
    middle_y = (streets.y_m[start] + streets.y_m[end]) / 2
    tunnel = shapely.intersects_xy(ground.hills_m, middle_x, middle_y)
    bridge, elevated = ~tunnel, ~tunnel & (highway == MOTORWAY)
    streets.start = np.concatenate([streets.start, start])
    streets.end = np.concatenate([streets.end, end])
    streets.highway = np.concatenate([streets.highway, highway])
    streets.oneway = np.append(streets.oneway, np.ones(len(start), dtype=np.int64))
    streets.layer = np.append(streets.layer, bridge.astype(np.int64) + elevated - tunnel)
    streets.is_bridge = np.append(streets.is_bridge, bridge)
    streets.is_tunnel = np.append(streets.is_tunnel, tunnel)
    streets.name = np.append(streets.name, name)


def _inside(streets: Streets, ground: Ground, start: IntArray, end: IntArray) -> BoolArray:
    """Return which straight pieces stay on the city's land: links may cut across a bay."""
    shapely.prepare(ground.land_m)
    ends = np.stack(
        [
            np.column_stack([streets.x_m[start], streets.y_m[start]]),
            np.column_stack([streets.x_m[end], streets.y_m[end]]),
        ],
        axis=1,
    )
    return np.asarray(shapely.contains(ground.land_m, shapely.linestrings(ends)), dtype=bool)

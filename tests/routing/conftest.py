"""Small networks by hand, a seeded synthetic city, and networkx graphs built from raw segments."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from types import SimpleNamespace

import networkx as nx
import numpy as np
import pytest

from routing.graph.build import RoadGraph
from routing.roads.model import Restriction, Segments, SnapResult
from routing.roads.plane import LocalPlane
from routing.rules.profiles import ProfileRules, allowed_directions, speeds_m_s

CLASSES = ("residential", "residential", "tertiary", "secondary", "primary")


@dataclass
class City:
    segments: Segments
    restrictions: list[Restriction]
    signal_nodes: np.ndarray


def make_segments(edges: Sequence[tuple], positions: dict[int, tuple[float, float]], **columns):
    """Segments from (from_node, to_node[, oneway[, way]]) and node positions in metres."""
    plane = LocalPlane(114.06, 22.54, 102_800.0, 110_750.0)
    edges = [(*edge, *(0, -1)[len(edge) - 2 :]) for edge in edges]
    lines = []
    for start, end, *_ in edges:
        (x0, y0), (x1, y1) = positions[start], positions[end]
        middle = ((x0 + x1) / 2, (y0 + y1) / 2 + (40.0 if start == end else 0.0))
        lines.append(plane.to_lonlat(np.array([(x0, y0), middle, (x1, y1)])))
    xy = [plane.to_xy(line) for line in lines]
    length_m = [float(np.hypot(*np.diff(line, axis=0).T).sum()) for line in xy]
    given = {
        "segment_id": np.arange(len(edges)) + 1_000,
        "from_node": [edge[0] for edge in edges],
        "to_node": [edge[1] for edge in edges],
        "oneway": [edge[2] for edge in edges],
        "osm_way_id": [edge[3] for edge in edges],
        "length_m": np.maximum(length_m, 1.0),
        "highway": ["residential"] * len(edges),
        "coords": np.concatenate(lines),
        "offsets": np.arange(len(edges) + 1) * 3,
    }
    return Segments.from_columns(**(given | columns))


def make_city(rows: int, columns: int, *, seed: int) -> City:
    """A jittered grid: classes by row and column, one-ways, gaps, signals, turn restrictions."""
    rng = np.random.default_rng(seed)
    node = np.arange(rows * columns).reshape(rows, columns)
    start = np.concatenate((node[:, :-1].ravel(), node[:-1].ravel()))
    end = np.concatenate((node[:, 1:].ravel(), node[1:].ravel()))
    street = np.concatenate(
        (np.arange(rows).repeat(columns - 1), rows + np.tile(np.arange(columns), rows - 1))
    )
    kept = rng.random(start.size) > 0.06
    start, end, street = start[kept], end[kept], street[kept]
    n = start.size
    y, x = np.divmod(np.arange(rows * columns), columns)
    xy = np.column_stack((x, y)) * 120.0 + rng.uniform(-35, 35, (rows * columns, 2))
    lonlat = LocalPlane(114.06, 22.54, 102_800.0, 110_750.0).to_lonlat(xy)
    bend = (lonlat[start] + lonlat[end]) / 2 + rng.normal(0, 6e-5, (n, 2))
    coords = np.stack((lonlat[start], bend, lonlat[end]), axis=1).reshape(-1, 2)
    oneway = rng.choice([0, 1, -1], p=[0.75, 0.15, 0.10], size=n)
    class_of = rng.integers(0, len(CLASSES), rows + columns)
    segments = Segments.from_columns(
        segment_id=np.arange(n),
        osm_way_id=np.arange(n) + 5_000,
        from_node=start + 10**10,
        to_node=end + 10**10,
        length_m=np.hypot(*(xy[end] - xy[start]).T) * rng.uniform(1.0, 1.3, n),
        oneway=oneway,
        highway=[CLASSES[i] for i in class_of[street]],
        maxspeed_kmh=np.where(rng.random(n) < 0.05, 40.0, np.nan),
        coords=coords,
        offsets=np.arange(n + 1) * 3,
        name=[f"Street {i}" for i in street],
        name_zh=[f"{i}号路" for i in street],
    )
    signals = rng.choice(np.unique(start), size=rows * columns // 10, replace=False) + 10**10
    return City(segments, _random_restrictions(segments, rng), signals)


def _random_restrictions(segments: Segments, rng: np.random.Generator) -> list[Restriction]:
    restrictions = []
    ends = np.concatenate((segments.from_node, segments.to_node))
    row = np.tile(np.arange(len(segments)), 2)
    order = np.argsort(ends, kind="stable")
    groups = np.split(row[order], np.flatnonzero(np.diff(ends[order])) + 1)
    nodes = ends[order][np.cumsum([0, *map(len, groups[:-1])])]
    for node, group in zip(nodes, groups, strict=True):
        if len(group) >= 3 and rng.random() < 0.25:
            source, target = rng.choice(group, 2, replace=False)
            kind = rng.choice(["no_left_turn", "no_right_turn", "only_straight_on"])
            restrictions.append(
                Restriction(str(kind), int(source) + 5_000, int(target) + 5_000, int(node))
            )
    return restrictions


def _point_at(line: np.ndarray, share: float) -> list[float]:
    scaled = (line - line[0]) * (np.cos(np.radians(line[0, 1])), 1.0)
    along = np.concatenate(([0.0], np.cumsum(np.hypot(*np.diff(scaled, axis=0).T))))
    return [float(np.interp(share * along[-1], along, one)) for one in line.T]


def place(graph: RoadGraph, segment, fraction) -> SnapResult:
    """Points put on segments at given fractions, without a search for the nearest road."""
    segment = np.atleast_1d(segment).astype(np.int32)
    fraction = np.broadcast_to(np.asarray(fraction, dtype=float), segment.shape).copy()
    blank = np.zeros((segment.size, 2))
    on_road = [
        _point_at(graph.segments.line(i), share)
        for i, share in zip(segment.tolist(), fraction.tolist(), strict=True)
    ]
    return SnapResult(
        point=np.array(on_road).reshape(-1, 2),
        start=np.arange(segment.size + 1, dtype=np.int32),
        distance_m=np.zeros(segment.size),
        segment=segment,
        candidate_distance_m=np.zeros(segment.size),
        fraction=fraction,
        snapped=blank,
        open_legs=graph.leg_place.reshape(-1, 2)[segment] >= 0,
        heading_ignored=np.zeros(segment.size, dtype=bool),
        max_distance_m=0.0,
    )


def leg_times_ms(segments: Segments, rules: ProfileRules) -> tuple:
    """Whole milliseconds along and against each segment, computed apart from the graph."""
    return tuple(
        [
            round(float(length / pace) * 1000)
            for length, pace in zip(segments.length_m, speed, strict=True)
        ]
        for speed in speeds_m_s(segments, rules)
    )


def split_oracle(segments, rules: ProfileRules, points, *, signal_nodes=(), closed=()):
    """Node-based graph in which each (segment, fraction) is a node ("point", segment, fraction)."""
    graph = nx.MultiDiGraph()
    signals = {int(node) for node in signal_nodes}
    allowed, leg_ms = allowed_directions(segments, rules), leg_times_ms(segments, rules)
    for i in range(len(segments)):
        start, end = int(segments.from_node[i]), int(segments.to_node[i])
        cuts = sorted({(f, ("point", i, f)) for segment, f in points if segment == i})
        chain = [(0.0, start), *cuts, (1.0, end)]
        graph.add_nodes_from(name for _, name in chain)
        for (f0, a), (f1, b) in pairwise(chain):
            for direction, (tail, head) in enumerate(((a, b), (b, a))):
                if allowed[direction][i] and (i, direction) not in closed:
                    whole_ms = leg_ms[direction][i]
                    near, far = (f0, f1) if direction == 0 else (1 - f1, 1 - f0)
                    time_ms = int(far * whole_ms + 0.5) - int(near * whole_ms + 0.5)
                    wait_ms = round(rules.signal_delay_s * 1000) if head in signals else 0
                    graph.add_edge(tail, head, weight=time_ms + wait_ms)
    return graph


def bearing_deg(segments: Segments, edge: tuple[int, int], *, leaving: bool) -> float:
    """Direction in which a leg ends (begins if `leaving`), degrees clockwise from north."""
    line = segments.line(edge[0])[:: 1 if edge[1] == 0 else -1]
    line = (line - line.mean(axis=0)) * (np.cos(np.radians(line[:, 1].mean())), 1.0)
    (x0, y0), (x1, y1) = line[:2] if leaving else line[-2:]
    return float(np.degrees(np.arctan2(x1 - x0, y1 - y0)))


def turn_ms(segments: Segments, edge, option, *, rules: ProfileRules, arms: int) -> int:
    """What turning from one leg into another costs where traffic keeps right."""
    if edge[0] == option[0] and edge[1] != option[1]:
        return round(rules.turn.u_turn_s * 1000)
    turned = bearing_deg(segments, option, leaving=True) - bearing_deg(
        segments, edge, leaving=False
    )
    angle = (turned + 180.0) % 360.0 - 180.0
    if arms < 3 or abs(angle) <= 35.0:
        return 0
    if abs(angle) >= 165.0:
        return round(rules.turn.u_turn_s * 1000)
    return round((rules.turn.near_s if angle > 0 else rules.turn.far_s) * 1000)


def turn_oracle(segments, rules: ProfileRules, restrictions, *, signal_nodes=()):
    """Line graph: node (segment, direction) = its start; banned turns left out, naively."""
    signals = {int(node) for node in signal_nodes}
    allowed, leg_ms = allowed_directions(segments, rules), leg_times_ms(segments, rules)
    ends = {
        (i, d): (int(segments.from_node[i]), int(segments.to_node[i]))[:: 1 if d == 0 else -1]
        for i in range(len(segments))
        for d in (0, 1)
        if allowed[d][i]
    }
    leaving: dict[int, list] = {}
    for edge, (tail, _) in ends.items():
        leaving.setdefault(tail, []).append(edge)
    parts = nx.strongly_connected_components(nx.DiGraph(ends.values()))
    part = {node: i for i, nodes in enumerate(parts) for node in nodes}
    way = segments.osm_way_id
    arms = Counter(np.concatenate((segments.from_node, segments.to_node)).tolist())
    graph = nx.DiGraph()
    time_ms = {e: leg_ms[e[1]][e[0]] for e in ends}
    graph.add_nodes_from(ends)
    for edge, (_, head) in ends.items():
        options = leaving.get(head, [])
        others = [o for o in options if o[0] != edge[0] or o[1] == edge[1]]
        options = options if all(part[ends[o][1]] != part[head] for o in others) else others
        mine = [r for r in restrictions if r.from_way_id == way[edge[0]] and r.via_node == head]
        mine = [r for r in mine if any(way[o[0]] == r.to_way_id for o in leaving.get(head, []))]
        banned = {r.to_way_id for r in mine if r.kind.startswith("no_")}
        only = {r.to_way_id for r in mine if r.kind.startswith("only_")}
        for option in options:
            to_way = way[option[0]]
            if to_way not in banned and (not only or to_way in only):
                wait_ms = round(rules.signal_delay_s * 1000) if head in signals else 0
                wait_ms += turn_ms(segments, edge, option, rules=rules, arms=arms[head])
                graph.add_edge(edge, option, weight=time_ms[edge] + wait_ms)
    return graph, time_ms


@pytest.fixture(scope="session")
def kit() -> SimpleNamespace:
    """The helpers above, for tests that pytest imports one by one."""
    return SimpleNamespace(
        make_segments=make_segments,
        make_city=make_city,
        place=place,
        split_oracle=split_oracle,
        turn_oracle=turn_oracle,
    )


@pytest.fixture(scope="session")
def city() -> City:
    """900 junctions."""
    return make_city(30, 30, seed=2)

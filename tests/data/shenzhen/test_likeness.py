"""The streets of the Shenzhen model beside those of Shenzhen's real centre, measured alike.

Both are measured on the car graph whose junctions are real choices: nodes of two arms are merged
away, service roads left out, the largest strongly connected part kept (`bench.routing_graphs`).
"""

from dataclasses import dataclass

import numpy as np
import pytest
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from api.frames.roads import road_graph
from bench.routing_graphs import node_graph
from data.osm.pbf import read_pbf
from data.shenzhen.city import shenzhen
from routing.engine.separator import best_separator, new_flow

# Measured on shenzhen-core.osm.pbf: OpenStreetMap, base of 2024-10-03 to 06, Nanshan and Futian,
# 113.954,22.479 to 114.094,22.606; (c) OpenStreetMap contributors, ODbL. Lengths are shares of
# surface streets, that is without expressways and links; the rest counts junctions.
CORE = {
    "directed edges per junction": 2.073,
    "dead ends": 0.081,
    "three arms": 0.677,
    "four arms": 0.212,
    "length primary": 0.244,
    "length secondary": 0.170,
    "length tertiary": 0.197,
    "length local": 0.389,
    "one-way length": 0.597,
    "one-way primary": 1.000,
    "one-way secondary": 0.953,
    "one-way tertiary": 0.676,
    "one-way local": 0.149,
    "inner junctions of local streets": 0.318,
    "junctions on arterials": 0.453,
    "local gates on arterials": 0.102,
    "collectors on arterials": 0.090,
    "links on arterials": 0.197,
    "local gates on collectors": 0.090,
    "signals": 0.155,
}
CORE_JUNCTIONS, CORE_SEPARATOR = 4432, 22
PATCH, CORE_PATCH_SEPARATOR = 1500, 13
CORE_EDGE_M, CORE_STREET_M_PER_JUNCTION = 91.1, 166.9

TOLERANCE = dict.fromkeys(CORE, 0.15) | {
    "directed edges per junction": 0.03,
    "one-way length": 0.05,
    "four arms": 0.20,
    "links on arterials": 0.20,
    "collectors on arterials": 0.20,
}
"""How far, as a share of the core's figure, the model may be off."""

GROUPS = {
    "expressway": ("motorway", "trunk"),
    "link": tuple(f"{kind}_link" for kind in ("motorway", "trunk", "primary", "secondary",
                                              "tertiary")),
    "primary": ("primary",),
    "secondary": ("secondary",),
    "tertiary": ("tertiary",),
    "local": ("residential", "unclassified", "living_street", "road"),
}  # fmt: skip
SURFACE = ("primary", "secondary", "tertiary", "local")


@dataclass(frozen=True, slots=True)
class Measured:
    figures: dict[str, float]
    tail: np.ndarray
    head: np.ndarray
    xy_m: np.ndarray
    edge_m: np.ndarray
    street_m_per_junction: float


def measure(city):
    nodes = node_graph(road_graph(city))
    segments = city.segments
    length_m = segments["length_m"].to_numpy(np.float64)
    group = np.full(len(segments), "", dtype=object)
    for name, kinds in GROUPS.items():
        group[segments["highway"].isin(kinds).to_numpy()] = name
    driven = nodes.leg_edge.reshape(-1, 2) >= 0
    used, one_way = driven.any(axis=1), driven.sum(axis=1) == 1
    surface = used & np.isin(group, SURFACE)
    total_m = length_m[surface].sum()
    figures = {
        "directed edges per junction": nodes.tail.size / nodes.n,
        "one-way length": length_m[surface & one_way].sum() / total_m,
    }
    for name in SURFACE:
        mine = used & (group == name)
        figures[f"length {name}"] = length_m[mine].sum() / total_m
        figures[f"one-way {name}"] = length_m[mine & one_way].sum() / length_m[mine].sum()

    low, high = np.minimum(nodes.tail, nodes.head), np.maximum(nodes.tail, nodes.head)
    pair = np.unique(low.astype(np.int64) * nodes.n + high)
    arms = np.bincount(np.concatenate([pair // nodes.n, pair % nodes.n]), minlength=nodes.n)
    figures |= {
        name: float((arms == count).mean())
        for count, name in ((1, "dead ends"), (3, "three arms"), (4, "four arms"))
    }
    leg = np.flatnonzero(nodes.leg_edge >= 0)
    edge_m = np.bincount(nodes.leg_edge[leg], weights=length_m[leg // 2])
    of_edge = np.empty(nodes.tail.size, dtype=object)
    of_edge[nodes.leg_edge[leg]] = group[leg // 2]
    touches = {}
    for name in GROUPS:
        touches[name] = np.zeros(nodes.n, dtype=bool)
        touches[name][nodes.tail[of_edge == name]] = True
        touches[name][nodes.head[of_edge == name]] = True
    arterial = touches["primary"] | touches["secondary"]
    other = arterial | touches["tertiary"] | touches["link"] | touches["expressway"]
    figures |= {
        "inner junctions of local streets": (touches["local"] & ~other).mean(),
        "junctions on arterials": arterial.mean(),
        "local gates on arterials": (touches["local"] & arterial).mean(),
        "collectors on arterials": (touches["tertiary"] & arterial).mean(),
        "links on arterials": (touches["link"] & arterial).mean(),
        "local gates on collectors": (touches["local"] & touches["tertiary"] & ~arterial).mean(),
    }
    kinds = city.road_nodes
    signal = kinds.loc[kinds["kind"] == "traffic_signals", "node_id"]
    there = np.union1d(segments["from_node"][used], segments["to_node"][used])
    figures["signals"] = np.isin(signal.to_numpy(np.int64), there.astype(np.int64)).sum() / nodes.n
    metres = 111_195.0 * np.array([np.cos(np.radians(22.6)), 1.0])
    return Measured(
        figures, nodes.tail, nodes.head, nodes.lonlat * metres, edge_m, total_m / nodes.n
    )


def separator(tail, head, xy_m):
    """Return how many junctions the best of four cuts takes that halves the network."""
    n = len(xy_m)
    both = coo_array(
        (np.ones(2 * tail.size, dtype=np.int8), (np.append(tail, head), np.append(head, tail))),
        shape=(n, n),
    ).tocsr()
    angle = np.pi / 4 * np.arange(4)
    lines = np.argsort(np.array([np.cos(angle), np.sin(angle)]).T @ xy_m.T, axis=1, kind="stable")
    low, high = best_separator(
        (both.indptr.astype(np.int32), both.indices.astype(np.int32)), lines.astype(np.int32),
        np.arange(n, dtype=np.int32), new_flow(n), np.empty(n, np.int8), np.empty(n, np.int8),
    )  # fmt: skip
    return n - low - high


def median_separator(measured, *, size):
    return np.median([separator(*patch) for patch in patches(measured, size=size, count=21)])


def patches(measured, *, size, count):
    """Cut squares of `size` junctions out of a network about junctions drawn by chance."""
    rng = np.random.default_rng(1)
    for centre in rng.choice(len(measured.xy_m), count, replace=False):
        distance_m = np.abs(measured.xy_m - measured.xy_m[centre]).max(axis=1)
        inside = distance_m <= np.partition(distance_m, size)[size]
        for _ in range(2):
            kept = inside[measured.tail] & inside[measured.head]
            number = np.cumsum(inside) - 1
            tail, head = number[measured.tail[kept]], number[measured.head[kept]]
            _, label = connected_components(
                coo_array((np.ones(tail.size), (tail, head)), shape=(inside.sum(),) * 2),
                directed=False,
            )
            inside[inside] = label == np.bincount(label).argmax()
        yield tail, head, measured.xy_m[inside]


@pytest.fixture(scope="module")
def core(shared_data):
    return measure(read_pbf(shared_data / "osm" / "shenzhen-core.osm.pbf", key="core"))


@pytest.fixture(scope="module")
def model():
    return measure(shenzhen(scale=0.25))


def test_the_figures_of_the_core_are_what_the_extract_says(core):
    assert core.figures == pytest.approx(CORE, abs=6e-4)
    assert len(core.xy_m) == CORE_JUNCTIONS
    assert np.median(core.edge_m) == pytest.approx(CORE_EDGE_M, abs=0.1)
    assert core.street_m_per_junction == pytest.approx(CORE_STREET_M_PER_JUNCTION, abs=0.1)
    assert separator(core.tail, core.head, core.xy_m) == CORE_SEPARATOR
    assert median_separator(core, size=PATCH) == CORE_PATCH_SEPARATOR


@pytest.mark.parametrize("figure", CORE)
def test_the_model_is_like_the_core(model, figure):
    assert model.figures[figure] == pytest.approx(CORE[figure], rel=TOLERANCE[figure])


@pytest.mark.acceptance
def test_the_whole_model_is_like_the_core():
    whole = measure(shenzhen())
    for figure, expected in CORE.items():
        assert whole.figures[figure] == pytest.approx(expected, rel=TOLERANCE[figure]), figure
    # It is not calibrated to separators: they follow from the rest.
    assert median_separator(whole, size=PATCH) == pytest.approx(CORE_PATCH_SEPARATOR, rel=0.25)
    assert median_separator(whole, size=CORE_JUNCTIONS) == pytest.approx(CORE_SEPARATOR, rel=0.25)
    assert 205_000 <= len(whole.xy_m) <= 230_000
    assert whole.tail.size >= 400_000
    # What is unlike, and by how much.
    assert np.median(whole.edge_m) == pytest.approx(0.7 * CORE_EDGE_M, rel=0.05)
    assert whole.street_m_per_junction == pytest.approx(0.82 * CORE_STREET_M_PER_JUNCTION, rel=0.03)

"""Routing against what it must reach, and against named peers on the same graphs, in one run.

    ./run bench peers                        install the peers outside the environment
    ./run bench routing                      everything (about an hour)
    ./run bench routing --graphs core        one graph
    ./run bench routing --peers none         our own figures only
    ./run bench routing --write FILE         the Markdown into a file, too

One thread; CPU time of this process, or of the peer's server; median and 99th percentile. A peer
that is not there is reported as not there.
"""

import argparse
import sys
import tempfile
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bench import routing_hierarchy, routing_memory, routing_router, routing_searches
from bench.peers import absent
from bench.peers_libraries import LIBRARY_NAMES
from bench.routing_cases import Net, Questions
from bench.routing_graphs import GRAPHS, Roads, largest_part
from bench.routing_hierarchy import Ends, csr_of
from bench.routing_peers import (
    Geography,
    PeerResult,
    ask_libraries,
    ask_osrm,
    ask_pgrouting,
    ask_valhalla,
)
from bench.routing_plausibility import plausibility
from bench.routing_report import (
    METROPOLIS_MUSTS,
    NODES,
    PROVINCE_MUSTS,
    TURNS,
    Sample,
    Sheet,
    render,
)
from routing.graph.places import Entries
from routing.search.router import DijkstraRouter

FULL_RUN = ("metropolis", "shenzhen", "auckland", "core", "province")
JUDGED = ("metropolis", "shenzhen", "province")
TURN_PEERS = ("scipy", "routingkit_cch")
SERVERS = ("osrm", "valhalla", "pgrouting")
BRING_THEM = "`./run bench peers` brings the peers, outside the environment of the project."
_SNAP_LIMIT_M = 5_000.0
_OFF_ROAD_DEG = 3e-4
FloatArray = NDArray[np.float64]


def say(words: str) -> None:
    """Tell the person who waits what is being done."""
    print(words, file=sys.stderr, flush=True)


def draw_places(roads: Roads, *, count: int, seed: int) -> FloatArray:
    """Draw places (q, 2) some metres beside the roads of a graph."""
    random = np.random.default_rng(seed)
    node = random.choice(roads.nodes.n, count)
    return roads.nodes.lonlat[node] + random.normal(0.0, _OFF_ROAD_DEG, (count, 2))


def measure_nodes(roads: Roads, sheet: Sheet, *, peers: Iterable[str]) -> None:
    """Measure the node graph and its peers."""
    say(f"{roads.name}: node graph")
    net, _ = Net.of_nodes(roads.nodes)
    questions = Questions.draw(np.arange(net.graph.n), seed=1)
    after = net.reweighted(seed=2)
    engine, samples = routing_hierarchy.build(net, lambda: routing_hierarchy.node_rank(net))
    ends = Ends.at_vertices(questions)
    measured, lines = routing_hierarchy.measure(engine, after, questions, ends, ends)
    segments = None if roads.turns is None else roads.turns.segments
    searched, more = routing_searches.measure_nodes(
        roads.nodes, net, questions, segments=segments,
        places=draw_places(roads, count=questions.places.size, seed=3),
    )  # fmt: skip
    ours = samples | measured | searched
    asked = {name: getattr(questions, name) for name in ("fleet", "places", "sources", "columns")}
    ours |= measure_process("nodes", engine, None, asked)
    sheet.ours[NODES] = ours
    sheet.exact += [f"node graph: {line}" for line in lines + more]
    if peers:
        problem = questions.problem(net, after)
        sheet.peers[NODES] = ask_libraries(problem, only=peers, say=say)
        if "pgrouting" in peers and roads.extract is not None:
            sheet.peers[NODES].append(ask_pgrouting(problem, say=say))


def measure_turns(roads: Roads, sheet: Sheet, *, peers: Iterable[str]) -> None:
    """Measure the turn-aware graph and the peers that know turns."""
    turns = roads.turns
    if turns is None:
        return
    say(f"{roads.name}: turn-aware graph")
    net = Net.of_turns(turns)
    inside = np.flatnonzero(largest_part(net.graph.tails(), net.graph.to, n=net.graph.n))
    questions = Questions.draw(inside, seed=1)
    after = net.reweighted(seed=2)
    engine, samples = routing_hierarchy.build(net, lambda: routing_hierarchy.turn_rank(turns))
    router = DijkstraRouter(turns)
    geography = Geography(
        pairs=np.stack([draw_places(roads, count=500, seed=seed) for seed in (4, 5)], axis=1),
        fleet=draw_places(roads, count=1_000, seed=6),
        places=draw_places(roads, count=200, seed=3),
        sources=draw_places(roads, count=questions.sources.size, seed=7),
        columns=draw_places(roads, count=questions.columns.size, seed=8),
    )
    origins, goals = (_ends(router, geography, departing=departing) for departing in (True, False))
    measured, lines = routing_hierarchy.measure(engine, after, questions, origins, goals)
    searched, more = routing_searches.measure_turns(
        turns, places=geography.places, fleet=geography.fleet
    )
    asked: dict[str, Any] = {
        name: getattr(questions, name) for name in ("fleet", "places", "sources", "columns")
    }
    asked |= {"fleet_lonlat": geography.fleet, "place_lonlat": geography.places}
    through, agreed = routing_router.measure(
        router, engine, origins=geography.fleet, places=geography.places,
        sources=geography.sources, columns=geography.columns,
    )  # fmt: skip
    lines.append(agreed)
    sheet.ours[TURNS] = samples | measured | searched | through
    sheet.ours[TURNS] |= measure_process("turns", engine, turns, asked)
    sheet.exact += [f"turn-aware: {line}" for line in lines + more]
    sheet.peers[TURNS] = turn_peers(roads, questions.problem(net, after), geography, peers=peers)


def turn_peers(
    roads: Roads, problem: Any, geography: Geography, *, peers: Iterable[str]
) -> list[PeerResult]:  # fmt: skip
    """Ask the peers that know turns."""
    wanted = set(peers)
    results: list[PeerResult] = []
    if wanted & set(TURN_PEERS):
        results += ask_libraries(problem, only=wanted & set(TURN_PEERS), say=say)
    if roads.extract is not None and "osrm" in wanted:
        results += ask_osrm(roads.extract, geography, say=say)
    if roads.extract is not None and "valhalla" in wanted:
        results.append(ask_valhalla(roads.extract, geography, say=say))
    return results


def _ends(router: DijkstraRouter, asked: Geography, *, departing: bool) -> Ends:
    """Snap all places and enter the graph from them, or leave it at them."""

    def entered(points: FloatArray) -> Any:
        snapped = router.snap(points, max_distance_m=_SNAP_LIMIT_M)
        places = router.places(snapped)
        if departing:
            return csr_of(Entries.departures(places, router.graph.successors))
        return csr_of(Entries.arrivals(places.with_copies(router.graph, router.times.leg_ms)))

    lists = (asked.fleet, asked.places, asked.sources, asked.columns)
    return Ends(*(entered(points) for points in lists))


def measure_process(
    kind: str, engine: routing_hierarchy.Engine, turns: Any, asked: dict[str, Any]
) -> dict[str, Sample]:  # fmt: skip
    """Store everything and have another process work over the same cache."""
    with tempfile.TemporaryDirectory() as folder:
        routing_memory.save(Path(folder), engine, turns, asked)
        found = routing_memory.measure(kind, Path(folder))
    note = f"(whole process {found['process_s']:.1f} s)"
    return {
        "start": Sample.of([found["start_s"]], note=note),
        "memory": Sample.of([found["private"]], unit="bytes"),
        "peak": Sample.of([found["peak"]], unit="bytes"),
    }


def measure_graph(name: str, *, peers: Sequence[str]) -> Sheet:
    """Measure one graph by name."""
    say(f"{name}: building")
    roads = GRAPHS[name]()
    size = f"{roads.nodes.n:,} nodes / {roads.nodes.tail.size:,} edges"
    if roads.turns is not None:
        arcs = roads.turns.successors.to.size
        size += f"; turn-aware {roads.turns.n_states:,} states / {arcs:,} turns"
    musts = PROVINCE_MUSTS if name == "province" else METROPOLIS_MUSTS
    sheet = Sheet(name, size, musts, judged=name in JUDGED)
    measure_nodes(roads, sheet, peers=peers)
    measure_turns(roads, sheet, peers=peers)
    return sheet


def chosen_peers(words: str, name: str) -> tuple[str, ...]:
    """Return the peers to ask on one graph; the largest takes only those that can."""
    known = (*LIBRARY_NAMES, *SERVERS)
    if words == "none":
        return ()
    wanted = known if words == "all" else tuple(words.split(","))
    unknown = sorted(set(wanted) - set(known))
    if unknown:
        raise SystemExit(f"Unknown peers: {', '.join(unknown)}; known are {', '.join(known)}.")
    return tuple(peer for peer in wanted if peer in TURN_PEERS) if name == "province" else wanted


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(
        prog="./run bench routing", description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )  # fmt: skip
    parser.add_argument("--graphs", default=",".join(FULL_RUN), help="names with commas between")
    parser.add_argument("--peers", default="all", help="all, none, or names with commas between")
    parser.add_argument("--write", type=Path, help="write the Markdown to this file, too")
    parser.add_argument(
        "--quick", action="store_true", help="the sample city without peers, in seconds"
    )
    given = parser.parse_args(arguments)
    if given.quick:
        given.graphs, given.peers = "sample", "none"
    names = given.graphs.split(",")
    if unknown := sorted(set(names) - set(GRAPHS)):
        raise SystemExit(f"Unknown graphs: {', '.join(unknown)}; known are {', '.join(GRAPHS)}.")
    asked = {name: chosen_peers(given.peers, name) for name in names}
    away = absent(dict.fromkeys(peer for peers in asked.values() for peer in peers))
    asked = {
        name: tuple(peer for peer in peers if peer not in away) for name, peers in asked.items()
    }
    sheets: list[Sheet] = []
    closing: list[str] = []
    if away:
        closing.append(f"Not measured, since not there: {', '.join(away)}. {BRING_THEM}")
        say(closing[0])
    for name, peers in asked.items():
        sheets.append(measure_graph(name, peers=peers))
        if given.write is not None:
            # An hour's work is not lost with the last graph.
            given.write.write_text(render(sheets, closing=closing), encoding="utf-8")
    if "core" in names and given.peers != "none":
        say("plausibility against OSRM and taxis")
        closing += plausibility()
    if given.peers != "none":
        closing.append("`*` part of the work asked and scaled up. In brackets: times our figure.")
    words = render(sheets, closing=closing)
    sys.stdout.write(words)
    if given.write is not None:
        given.write.write_text(words, encoding="utf-8")


if __name__ == "__main__":
    main()

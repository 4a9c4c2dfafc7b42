"""A further process over the same cache: how long it takes to start and what memory is its own.

    python -m bench.routing_memory KIND TINY_FOLDER FOLDER

The parent holds the cache mapped, so that its pages are shared. The child first does everything on
a tiny cache: what it holds then is the runtime (interpreter, imports, compiled code). Then it does
the same on the real one; the difference is what routing costs an extra process.
"""

import gc
import json
import subprocess
import sys
import time
from dataclasses import fields
from pathlib import Path
from typing import Any

import numpy as np

from bench.peers_libraries import environment
from bench.routing_cases import Net
from bench.routing_hierarchy import (
    Ends,
    Engine,
    arrays_of,
    csr_of,
    customized,
    node_rank,
    one,
    turn_rank,
)
from bench.routing_searches import Fleet, K, Searcher
from gis.settings import PROJECT_FOLDER
from routing.engine.digraph import Digraph
from routing.engine.hierarchy import Hierarchy, build_hierarchy
from routing.engine.metric import Metric
from routing.engine.query import new_query, shortest_ms
from routing.engine.sweep import matrix_blocks, new_sweep, select, times_ms
from routing.graph.build import RoadGraph, build_graph
from routing.graph.places import Entries
from routing.graph.store import (
    CacheKey,
    load_arrays,
    load_graph,
    load_segments,
    save_arrays,
    save_graph,
    save_segments,
)
from routing.roads.model import Profile, Segments
from routing.search.router import DijkstraRouter
from routing.snap.index import SnapIndex, build_snap_index
from routing.snap.snapper import Snapper

_KEY = CacheKey("bench", 1)
_FACTS = {"content": "bench"}
_SNAP_LIMIT_M = 5_000.0


def save(folder: Path, engine: Engine, turns: RoadGraph | None, questions: dict[str, Any]) -> None:
    """Write a cache: the engine, the questions, and the turn-aware graph if it is one."""
    save_arrays(folder / "engine", arrays_of(engine), facts=_FACTS)
    save_arrays(folder / "questions", questions, facts=_FACTS)
    if turns is not None:
        save_segments(folder / "segments", turns.segments, key=_KEY)
        save_graph(folder / "graph", turns, key=_KEY)
        index = build_snap_index(turns.segments)
        save_arrays(folder / "snap", index.to_arrays(), facts=_FACTS)


def save_tiny(folder: Path, kind: str) -> None:
    """Write a cache of one street, of the same kind."""
    segments = Segments.from_columns(
        segment_id=[1, 2], from_node=[1, 2], to_node=[2, 3], length_m=[100.0, 100.0],
        highway=["residential"] * 2, offsets=[0, 2, 4],
        coords=[(0.0, 0.0), (0.001, 0.0), (0.001, 0.0), (0.002, 0.0)],
    )  # fmt: skip
    turns = build_graph(segments, Profile.CAR)
    net = Net.of_turns(turns)
    rank = turn_rank(turns) if kind == "turns" else node_rank(net)
    hierarchy = build_hierarchy(net.graph, rank)
    engine = Engine(net, hierarchy, customized(hierarchy, net))
    vertex = np.zeros(1, np.int64)
    questions = {
        "fleet": vertex, "places": vertex, "sources": vertex, "columns": vertex,
        "fleet_lonlat": np.array([[0.0002, 0.0]]), "place_lonlat": np.array([[0.0008, 0.0]]),
    }  # fmt: skip
    save(folder, engine, turns if kind == "turns" else None, questions)


def private_bytes() -> int:
    """Return the memory that only this process has mapped."""
    words = Path("/proc/self/smaps_rollup").read_text().split("\n")
    kib = [int(line.split()[1]) for line in words if line.startswith(("Private_C", "Private_D"))]
    return sum(kib) * 1024


def peak_bytes() -> int:
    """Return the most memory this process held, mapped files and the runtime included.

    `ru_maxrss` would count the parent's, which it inherits.
    """
    words = Path("/proc/self/status").read_text().split("\n")
    return next(int(line.split()[1]) for line in words if line.startswith("VmHWM")) * 1024


def open_engine(folder: Path) -> tuple[Engine, dict[str, Any]]:
    """Map a stored engine."""
    stored = load_arrays(folder / "engine", facts=_FACTS)
    hierarchy = Hierarchy(**{field.name: stored[field.name] for field in fields(Hierarchy)})
    net = Net(
        Digraph(stored["start"], stored["to"]), stored["delay_ms"], stored["vertex_ms"],
        Digraph(stored["back_start"], stored["back_to"]), stored["back_arc"],
        np.empty((hierarchy.n, 0)),
    )  # fmt: skip
    return Engine(net, hierarchy, Metric(stored["up_ms"], stored["down_ms"])), dict(stored)


def work(kind: str, folder: Path) -> list[Any]:
    """Open a cache and answer one question of each sort; returns what a process would keep."""
    engine, stored = open_engine(folder)
    asked = load_arrays(folder / "questions", facts=_FACTS)
    query = new_query(engine.hierarchy, engine.metric)
    sweep = new_sweep(engine.hierarchy, engine.metric)
    kept: list[Any] = [engine, query, sweep]
    if kind == "nodes":
        fleet = Fleet.at(asked["fleet"])
        back = (stored["back_start"], stored["back_to"], stored["back_ms"])
        searcher = Searcher.over(engine.net, backward=True, n_points=fleet.n, arrays=back)
        goal = asked["places"][:1].astype(np.int32)
        searcher.nearest((goal, np.zeros(1, np.int32)), fleet, k=K)
        origins, goals = (
            _at(asked["fleet"]), _at(asked["places"]),
        )  # fmt: skip
        kept.append(searcher)
    else:
        segments = load_segments(folder / "segments", key=_KEY)
        graph = load_graph(folder / "graph", segments, key=_KEY, rules=Profile.CAR)
        index = SnapIndex.from_arrays(load_arrays(folder / "snap", facts=_FACTS))
        router = DijkstraRouter(graph, snapper=Snapper(segments, graph.usable_legs, index=index))
        units = router.snap(asked["fleet_lonlat"], max_distance_m=_SNAP_LIMIT_M)
        place = router.snap(asked["place_lonlat"][:1], max_distance_m=_SNAP_LIMIT_M)
        router.times_to(place, units, k=K)
        origins = csr_of(Entries.departures(router.places(units), graph.successors))
        goals = csr_of(Entries.arrivals(router.places(place)))
        kept += [router, units]
    shortest_ms(query, one(origins, 0), goals=one(goals, 0))
    pinned = select(engine.hierarchy, engine.metric, places=origins, forward=False)
    times_ms(sweep, pinned, seeds=one(goals, 0))
    kept.append(pinned)
    return kept


def _at(vertex: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    count = vertex.size
    return np.arange(count + 1, dtype=np.int32), vertex.astype(np.int32), np.zeros(count, np.int32)


def measure(kind: str, folder: Path) -> dict[str, float]:
    """Start a process over the cache in `folder` while this one has it mapped, too.

    Returns
    -------
    start_s : CPU seconds to open the cache and answer; process_s : those of the whole process
    until then, with imports and compiled code; private : bytes; peak : bytes with a customisation
    and a matrix of 100 by 20,000
    """
    tiny = folder / "tiny"
    save_tiny(tiny, kind)
    held = [np.load(file, mmap_mode="r") for file in folder.rglob("*.npy")]
    touched = sum(int(array.view(np.uint8).sum()) for array in held if array.size and array.ndim)
    done = subprocess.run(
        [sys.executable, "-m", "bench.routing_memory", kind, tiny, folder],
        cwd=PROJECT_FOLDER, env=environment(), check=True, capture_output=True, text=True,
        timeout=600,
    )  # fmt: skip
    result: dict[str, float] = json.loads(done.stdout)
    return result if touched >= 0 else {}


def main() -> None:
    """Be the child."""
    kind, tiny, folder = sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3])
    runtime = work(kind, tiny)
    gc.collect()
    before, began = private_bytes(), time.process_time()
    kept = work(kind, folder)
    start_s = time.process_time() - began
    gc.collect()
    private = private_bytes() - before
    engine: Engine = kept[0]
    asked = load_arrays(folder / "questions", facts=_FACTS)
    metric = customized(engine.hierarchy, engine.net)
    ends = Ends(*(_at(asked[name]) for name in ("fleet", "places", "sources", "columns")))
    list(matrix_blocks(new_sweep(engine.hierarchy, metric), ends.sources, targets=ends.columns))
    peak = peak_bytes()
    result = {"start_s": start_s, "process_s": began + start_s, "private": private, "peak": peak}
    sys.stdout.write(json.dumps(result))
    del runtime


if __name__ == "__main__":
    main()

"""Runs inside the peers' environment: one library, one graph, the same questions for all.

    python peers_worker.py LIBRARY PROBLEM.npz ANSWERS.npz COST.json
    python peers_worker.py parquet FOLDER OUT.npz FILE…

It imports nothing of the project, so that no peer ever enters it. Times are CPU seconds of this
process; the caller's environment holds it to one thread.
"""

import importlib
import json
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

LIMIT_MS = 480_000
TASK_LIMIT_S = 40.0
Work = Callable[..., Any]


class Library:
    """What every peer can be asked. A method that is missing is a question it has no answer to.

    n nodes, m edges: `tail`, `head` (m,) int32, `ms` and `new_ms` (m,) int32, `lonlat` (n, 2);
    no two edges join the same nodes.
    """

    def __init__(self, problem: dict[str, np.ndarray]) -> None:
        self.n = len(problem["lonlat"])
        self.tail, self.head = problem["tail"], problem["head"]
        self.ms, self.new_ms = problem["ms"], problem["new_ms"]
        self.lonlat = problem["lonlat"]
        self.fleet = problem["fleet"]
        self.build(self.ms)


class Scipy(Library):
    def build(self, ms: np.ndarray) -> None:
        from scipy.sparse import csr_array

        shape = (self.n, self.n)
        self.forward = csr_array((ms.astype(float), (self.tail, self.head)), shape=shape)
        self.backward = csr_array((ms.astype(float), (self.head, self.tail)), shape=shape)
        self.order = np.lexsort((self.head, self.tail))
        self.back_order = np.lexsort((self.tail, self.head))

    def reweight(self) -> None:
        self.forward.data[:] = self.new_ms[self.order]
        self.backward.data[:] = self.new_ms[self.back_order]

    def one_to_one(self, source: int, goal: int) -> float:
        from scipy.sparse.csgraph import dijkstra

        return dijkstra(self.forward, indices=source)[goal]

    def all_to_one(self, goal: int) -> np.ndarray:
        from scipy.sparse.csgraph import dijkstra

        return dijkstra(self.backward, indices=goal)[self.fleet]

    def matrix(self, sources: np.ndarray, goals: np.ndarray) -> np.ndarray:
        from scipy.sparse.csgraph import dijkstra

        return dijkstra(self.forward, indices=sources)[:, goals]

    def ball(self, source: int) -> int:
        from scipy.sparse.csgraph import dijkstra

        return int(np.isfinite(dijkstra(self.forward, indices=source, limit=LIMIT_MS)).sum())


class Networkx(Library):
    def build(self, ms: np.ndarray) -> None:
        import networkx as nx

        self.nx = nx
        self.graph = nx.DiGraph()
        edges = zip(self.tail.tolist(), self.head.tolist(), ms.tolist(), strict=True)
        self.graph.add_weighted_edges_from(edges)
        self.backward = self.graph.reverse(copy=False)

    def reweight(self) -> None:
        adjacency = self.graph._adj
        edges = zip(self.tail.tolist(), self.head.tolist(), self.new_ms.tolist(), strict=True)
        for tail, head, ms in edges:
            adjacency[tail][head]["weight"] = ms

    def one_to_one(self, source: int, goal: int) -> float:
        try:
            return self.nx.bidirectional_dijkstra(self.graph, source, goal)[0]
        except self.nx.NetworkXNoPath:
            return np.inf

    def all_to_one(self, goal: int) -> np.ndarray:
        found = self.nx.single_source_dijkstra_path_length(self.backward, goal)
        return np.array([found.get(node, np.inf) for node in self.fleet.tolist()])

    def matrix(self, sources: np.ndarray, goals: np.ndarray) -> np.ndarray:
        rows = []
        for source in sources.tolist():
            found = self.nx.single_source_dijkstra_path_length(self.graph, source)
            rows.append([found.get(node, np.inf) for node in goals.tolist()])
        return np.array(rows)

    def ball(self, source: int) -> int:
        return len(self.nx.single_source_dijkstra_path_length(self.graph, source, cutoff=LIMIT_MS))


class Igraph(Library):
    def build(self, ms: np.ndarray) -> None:
        import igraph

        self.graph = igraph.Graph(
            n=self.n, edges=np.column_stack((self.tail, self.head)), directed=True
        )
        self.graph.es["ms"] = ms.tolist()

    def reweight(self) -> None:
        self.graph.es["ms"] = self.new_ms.tolist()

    def one_to_one(self, source: int, goal: int) -> float:
        return self.graph.distances([source], [goal], weights="ms")[0][0]

    def all_to_one(self, goal: int) -> np.ndarray:
        found = self.graph.distances([goal], self.fleet.tolist(), weights="ms", mode="in")
        return np.array(found[0])

    def matrix(self, sources: np.ndarray, goals: np.ndarray) -> np.ndarray:
        return np.array(self.graph.distances(sources.tolist(), goals.tolist(), weights="ms"))


class Rustworkx(Library):
    def build(self, ms: np.ndarray) -> None:
        import rustworkx

        self.rx = rustworkx
        edges = (self.tail.tolist(), self.head.tolist(), ms.astype(float).tolist())
        self.graph, self.backward = rustworkx.PyDiGraph(), rustworkx.PyDiGraph()
        for graph, (tail, head) in ((self.graph, edges[:2]), (self.backward, edges[1::-1])):
            graph.add_nodes_from(range(self.n))
            graph.add_edges_from(list(zip(tail, head, edges[2], strict=True)))

    def reweight(self) -> None:
        self.build(self.new_ms)

    def one_to_one(self, source: int, goal: int) -> float:
        found = self.rx.dijkstra_shortest_path_lengths(self.graph, source, float, goal)
        # Its mapping has no `get`, and leaves out the source itself.
        if goal in found:
            return found[goal]
        return 0.0 if source == goal else np.inf

    def all_to_one(self, goal: int) -> np.ndarray:
        found = self.rx.dijkstra_shortest_path_lengths(self.backward, goal, float)
        return self._values(found, goal, self.fleet)

    def matrix(self, sources: np.ndarray, goals: np.ndarray) -> np.ndarray:
        rows = []
        for source in sources.tolist():
            found = self.rx.dijkstra_shortest_path_lengths(self.graph, source, float)
            rows.append(self._values(found, source, goals))
        return np.array(rows)

    def _values(self, found: Any, source: int, nodes: np.ndarray) -> np.ndarray:
        values = np.full(self.n, np.inf)
        rows = np.array(list(found.items()))
        values[rows[:, 0].astype(int)] = rows[:, 1]
        values[source] = 0.0
        return values[nodes]


class Networkit(Library):
    def build(self, ms: np.ndarray) -> None:
        import networkit

        networkit.setNumberOfThreads(1)
        self.nk = networkit
        shape = (self.n, self.n)
        data = ms.astype(float)
        self.graph = networkit.GraphFromCoo((data, (self.tail, self.head)), n=shape[0],
                                            directed=True, weighted=True)  # fmt: skip
        self.backward = networkit.GraphFromCoo((data, (self.head, self.tail)), n=shape[0],
                                               directed=True, weighted=True)  # fmt: skip

    def reweight(self) -> None:
        self.build(self.new_ms)

    def _search(self, graph: Any, source: int, goal: int | None = None) -> Any:
        target = () if goal is None else (goal,)
        search = self.nk.distance.Dijkstra(graph, source, False, False, *target)
        search.run()
        return search

    def one_to_one(self, source: int, goal: int) -> float:
        return self._clean(self._search(self.graph, source, goal).distance(goal))

    def all_to_one(self, goal: int) -> np.ndarray:
        found = self._search(self.backward, goal).getDistances(asarray=True)
        return self._clean(np.asarray(found)[self.fleet])

    def matrix(self, sources: np.ndarray, goals: np.ndarray) -> np.ndarray:
        found = [
            np.asarray(self._search(self.graph, source).getDistances(asarray=True))[goals]
            for source in sources.tolist()
        ]
        return self._clean(np.array(found))

    @staticmethod
    def _clean(values: Any) -> Any:
        return np.where(np.asarray(values) > 1e18, np.inf, values)


class Pandana(Library):
    def build(self, ms: np.ndarray) -> None:
        import pandana
        import pandas as pd

        self.network = pandana.Network(
            pd.Series(self.lonlat[:, 0]), pd.Series(self.lonlat[:, 1]), pd.Series(self.tail),
            pd.Series(self.head), pd.DataFrame({"ms": ms.astype(float)}), twoway=False,
        )  # fmt: skip

    def reweight(self) -> None:
        self.build(self.new_ms)

    def _pairs(self, sources: np.ndarray, goals: np.ndarray) -> np.ndarray:
        found = np.array(self.network.shortest_path_lengths(sources.tolist(), goals.tolist()))
        return np.where(found > 4e6, np.inf, found)

    def one_to_one(self, source: int, goal: int) -> float:
        return self._pairs(np.array([source]), np.array([goal]))[0]

    def all_to_one(self, goal: int) -> np.ndarray:
        return self._pairs(self.fleet, np.full(self.fleet.size, goal))

    def matrix(self, sources: np.ndarray, goals: np.ndarray) -> np.ndarray:
        return np.array(
            [self._pairs(np.full(goals.size, source), goals) for source in sources.tolist()]
        )


class RoutingkitCch(Library):
    def build(self, ms: np.ndarray) -> None:
        import routingkit_cch as rk

        self.rk = rk
        tail, head = self.tail.tolist(), self.head.tolist()
        latitude, longitude = self.lonlat[:, 1].tolist(), self.lonlat[:, 0].tolist()
        order = rk.compute_order_inertial(self.n, tail, head, latitude, longitude)
        self.hierarchy = rk.CCH(order, tail, head, False)
        self.metric = rk.CCHMetric(self.hierarchy, ms.tolist())
        self._pin()

    def _pin(self) -> None:
        self.query = self.rk.CCHQuery(self.metric)
        self.pinned = self.rk.CCHManyToOne(self.metric, self.fleet.tolist())

    def reweight(self) -> None:
        # Its `reset` panics while a query lives.
        self.query = self.pinned = None
        self.metric.reset(self.new_ms.tolist())
        self._pin()

    def one_to_one(self, source: int, goal: int) -> float:
        found = self.query.run(source, goal).distance
        return np.inf if found is None else found

    def all_to_one(self, goal: int) -> np.ndarray:
        return self._values(self.pinned.distances_to(goal))

    def matrix(self, sources: np.ndarray, goals: np.ndarray) -> np.ndarray:
        pinned = self.rk.CCHOneToMany(self.metric, goals.tolist())
        return np.array([self._values(pinned.distances_from(s)) for s in sources.tolist()])

    @staticmethod
    def _values(found: list[int | None]) -> np.ndarray:
        return np.array([np.inf if value is None else value for value in found])


LIBRARIES: dict[str, type[Library]] = {
    "scipy": Scipy,
    "networkx": Networkx,
    "igraph": Igraph,
    "rustworkx": Rustworkx,
    "networkit": Networkit,
    "pandana": Pandana,
    "routingkit_cch": RoutingkitCch,
}


def timed(work: Work, *arguments: Any) -> tuple[Any, float]:
    """Return what `work` gives and the CPU seconds it took."""
    began = time.process_time()
    result = work(*arguments)
    return result, time.process_time() - began


def repeat(work: Work, questions: Any) -> tuple[list[Any], list[float]]:
    """Ask each question until they or the time run out; the first is asked twice to warm up."""
    work(*questions[0])
    answers, seconds = [], []
    for question in questions:
        answer, took_s = timed(work, *question)
        answers.append(answer)
        seconds.append(took_s)
        if sum(seconds) > TASK_LIMIT_S:
            break
    return answers, seconds


def measure(library: str, problem: dict[str, np.ndarray]) -> tuple[dict[str, Any], dict[str, Any]]:
    """Ask one library everything: its answers and the CPU seconds of each question."""
    importlib.import_module("scipy.sparse.csgraph" if library == "scipy" else library)
    peer, build_s = timed(LIBRARIES[library], problem)
    cost: dict[str, Any] = {"build": [build_s]}
    answers: dict[str, Any] = {}
    goals = [(int(goal),) for goal in problem["places"]]
    pairs = [(int(source), int(goal)) for source, goal in problem["pairs"]]
    answers["one_to_one"], cost["one_to_one"] = repeat(peer.one_to_one, pairs)
    answers["all_to_one"], cost["all_to_one"] = repeat(peer.all_to_one, goals)
    if hasattr(peer, "ball"):
        answers["ball"], cost["ball"] = repeat(peer.ball, goals)
    sources, columns = problem["sources"], problem["columns"]
    # A slow peer does part of the matrix; its time is scaled up and said to be.
    _, one_s = timed(peer.matrix, sources[:1], columns)
    n_rows = int(min(sources.size, max(1, TASK_LIMIT_S / max(one_s, 1e-9))))
    answers["matrix"], matrix_s = timed(peer.matrix, sources[:n_rows], columns)
    cost["matrix"] = [matrix_s * sources.size / n_rows]
    cost["matrix_rows_asked"] = n_rows
    _, reweight_s = timed(peer.reweight)
    cost["reweight"] = [reweight_s]
    answers["after"], _ = repeat(peer.one_to_one, pairs[:20])
    return answers, cost


def convert(folder: Path, target: Path, files: list[str]) -> None:
    """Turn Parquet files into one .npz with columns FILE.COLUMN."""
    import pyarrow.parquet as pq

    columns = {}
    for file in files:
        table = pq.read_table(folder / f"{file}.parquet")
        for name in table.column_names:
            columns[f"{file}.{name}"] = table[name].to_numpy()
    np.savez(target, **columns)


def main() -> None:
    """Do what the command line says."""
    if sys.argv[1] == "parquet":
        convert(Path(sys.argv[2]), Path(sys.argv[3]), sys.argv[4:])
        return
    library, problem, answers_file, cost_file = sys.argv[1:]
    with np.load(problem) as stored:
        answers, cost = measure(library, dict(stored))
    np.savez(answers_file, **{name: np.array(value) for name, value in answers.items()})
    Path(cost_file).write_text(json.dumps(cost))


if __name__ == "__main__":
    main()

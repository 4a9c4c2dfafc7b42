"""What the named peers take for the same work, in the same run."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra

from bench import peers_osrm, peers_pgrouting, peers_valhalla
from bench.peers import NOT_THERE, has_pgrouting, programs
from bench.peers_http import Server, Spent
from bench.peers_libraries import LIBRARY_NAMES, Problem, ask, has_library

FloatArray = NDArray[np.float64]
TASKS = ("build", "one_to_one", "all_to_one", "matrix", "ball", "reweight")
_MATRIX_PART = 100
ISOCHRONE_MIN = 8.0


@dataclass(slots=True)
class PeerResult:
    """One peer: CPU seconds by task, and what must be said about them.

    wall_s : the same on the wall, for servers; scaled : tasks of which only a part was asked
    different : answers that differ from Dijkstra's, None where the costs are the peer's own
    """

    name: str
    cpu_s: dict[str, list[float]] = field(default_factory=dict)
    wall_s: dict[str, list[float]] = field(default_factory=dict)
    scaled: set[str] = field(default_factory=set)
    different: int | None = None
    asked: int = 0
    note: str = ""

    def add(self, task: str, spent: Spent, *, times: float = 1.0) -> None:
        """Note one answer; `times` scales a part up to the whole."""
        self.cpu_s.setdefault(task, []).append(spent.cpu_s * times)
        self.wall_s.setdefault(task, []).append(spent.wall_s * times)
        if times != 1.0:
            self.scaled.add(task)


def ask_libraries(
    problem: Problem, *, only: Iterable[str], say: Callable[[str], None]
) -> list[PeerResult]:
    """Ask each library; scipy's answers are the truth that the others are compared with."""
    wanted = [name for name in LIBRARY_NAMES if name in set(only) | {"scipy"}]
    results, truth = [], None
    for name in wanted:
        say(f"peer {name}")
        result = PeerResult(name.replace("_", "-"))
        results.append(result)
        said = ask(name, problem) if has_library(name) else NOT_THERE
        if isinstance(said, str):
            result.note = said
            continue
        result.cpu_s = said.cost_s
        if said.matrix_rows < problem.sources.size:
            result.scaled.add("matrix")
        if name == "scipy":
            truth = said.said
        if truth is not None:
            pairs = [
                (answer[: len(truth[task])], truth[task][: len(answer)])
                for task, answer in said.said.items()
            ]
            result.asked = sum(answer.size for answer, _ in pairs)
            result.different = sum(int(np.count_nonzero(a != b)) for a, b in pairs)
    return results


def ask_pgrouting(problem: Problem, *, say: Callable[[str], None]) -> PeerResult:
    """Ask pgRouting in a cluster of its own; it reads the whole table for every question."""
    result = PeerResult("pgRouting")
    if not has_pgrouting():
        result.note = NOT_THERE
        return result
    say("peer pgRouting")
    with peers_pgrouting.loaded(problem) as (session, load):
        result.add("build", load)
        asked = problem.pairs[:8]
        found_ms = []
        for source, goal in asked:
            time_ms, spent = peers_pgrouting.one_to_one_ms(session, int(source), int(goal))
            found_ms.append(time_ms)
            result.add("one_to_one", spent)
        shape = (len(problem.lonlat), len(problem.lonlat))
        matrix = csr_array((problem.ms.astype(float), (problem.tail, problem.head)), shape=shape)
        true_ms = dijkstra(matrix, indices=asked[:, 0])[np.arange(len(asked)), asked[:, 1]]
        result.asked = len(asked)
        result.different = int(np.count_nonzero(np.array(found_ms) != true_ms))
        part = problem.fleet[:100]
        _, spent = peers_pgrouting.all_to_one_ms(session, part, int(problem.places[0]))
        result.add("all_to_one", spent, times=problem.fleet.size / part.size)
        for place in problem.places[:4]:
            _, spent = peers_pgrouting.ball_size(
                session, int(place), limit_ms=int(ISOCHRONE_MIN * 60_000)
            )
            result.add("ball", spent)
        result.add("reweight", peers_pgrouting.reweight(session))
    return result


@dataclass(frozen=True, slots=True, eq=False)
class Geography:
    """The questions as longitude and latitude, for peers that snap by themselves.

    pairs : (p, 2, 2), fleet : (v, 2), places : (q, 2), sources : (s, 2), columns : (t, 2)
    """

    pairs: FloatArray
    fleet: FloatArray
    places: FloatArray
    sources: FloatArray
    columns: FloatArray

    @classmethod
    def of(cls, problem: Problem) -> "Geography":
        """Take the places of the problem's nodes."""
        at = problem.lonlat
        return cls(
            at[problem.pairs], at[problem.fleet], at[problem.places], at[problem.sources],
            at[problem.columns],
        )  # fmt: skip


def ask_osrm(extract: Path, asked: Geography, *, say: Callable[[str], None]) -> list[PeerResult]:
    """Ask OSRM with both of its algorithms, one thread, by HTTP on loopback."""
    if programs("osrm") is None:
        return [PeerResult("OSRM", note=NOT_THERE)]
    say("peer OSRM")
    cost = peers_osrm.prepare(extract)
    results = []
    for algorithm, steps in (("ch", ("extract", "contract")),
                             ("mld", ("extract", "partition", "customize"))):  # fmt: skip
        result = PeerResult(f"OSRM {peers_osrm.version().lstrip('v')} {algorithm.upper()}")
        result.cpu_s["build"] = [sum(cost[step].cpu_s for step in steps)]
        with peers_osrm.running(extract, algorithm=algorithm) as server:
            for origin, goal in asked.pairs:
                result.add("one_to_one", peers_osrm.route_s(server, origin, goal)[2])
            for place in asked.places[:10]:
                _, spent = peers_osrm.table_s(server, asked.fleet, place[None])
                result.add("all_to_one", spent)
            _, spent = peers_osrm.table_s(server, asked.sources, asked.columns)
            result.add("matrix", spent)
        if algorithm == "mld":
            result.add("reweight", peers_osrm.customize_again(extract))
        results.append(result)
    return results


def ask_valhalla(
    extract: Path, asked: Geography, *, say: Callable[[str], None]
) -> PeerResult:  # fmt: skip
    """Ask Valhalla, one thread, by HTTP on loopback; its tables are asked for in part."""
    result = PeerResult("Valhalla")
    if programs("valhalla") is None:
        result.note = NOT_THERE
        return result
    say("peer Valhalla")
    result.cpu_s["build"] = [peers_valhalla.prepare(extract).cpu_s]
    with peers_valhalla.running(extract) as server:
        for origin, goal in asked.pairs[:100]:
            result.add("one_to_one", peers_valhalla.route_s(server, origin, goal)[1])
        part = asked.fleet[:_MATRIX_PART]
        _, spent = peers_valhalla.table_s(server, part, asked.places[:1])
        result.add("all_to_one", spent, times=len(asked.fleet) / len(part))
        rows, columns = asked.sources[:10], asked.columns[:200]
        _, spent = peers_valhalla.table_s(server, rows, columns)
        scale = asked.sources[:, 0].size * asked.columns[:, 0].size
        result.add("matrix", spent, times=scale / (len(rows) * len(columns)))
        for place in asked.places[:10]:
            _, spent = peers_valhalla.isochrone(server, place, minutes=ISOCHRONE_MIN)
            result.add("ball", spent)
    return result


@contextmanager
def osrm_car(extract: Path) -> Iterator[Server]:
    """Have OSRM (CH) on `extract`, prepared if need be, for comparing travel times."""
    peers_osrm.prepare(extract)
    with peers_osrm.running(extract, algorithm="ch") as server:
        yield server

"""Siting, coverage, accessibility and queues beside other programs: processor time.

    ./run bench planning            every row
    ./run bench planning siting …   some of them
    ./run bench planning siting --spopt /tmp/other/bin/python
    ./run bench planning siting --plots FOLDER
    ./run bench planning e2sfca --access /tmp/other/bin/python

`--spopt` and `--access` name the interpreter of an environment of its own that has the library
compared with (PySAL spopt with PuLP and highspy; PySAL access); without it a row is measured alone.
Prints a Markdown table for docs/benchmarks.md.
"""

import argparse
import json
import resource
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from math import isnan
from pathlib import Path
from typing import NamedTuple

import numpy as np

from gis.kernels.hypercube import solve_exactly
from planning.accessibility.decay import LUO_QI
from planning.accessibility.measures import two_step
from planning.accessibility.model import TravelTimes
from planning.accessibility.rational import rational
from planning.siting.answer import Answer

ROUNDS = 3


class Beside(NamedTuple):
    """Interpreters that have the libraries compared with, and where plots of searches go."""

    access: str | None
    spopt: str | None
    plots: Path | None


class Row(NamedTuple):
    """One measurement: what was done, how long it took, what was asked, what else is known."""

    work: str
    seconds: float
    wanted: str
    notes: str


def cpu_s(work: Callable[[], object], rounds: int = ROUNDS) -> float:
    """Return the least processor time of a few rounds."""
    took = []
    for _ in range(rounds):
        before = time.process_time()
        work()
        took.append(time.process_time() - before)
    return min(took)


def clustered_city(cells: int, sites: int, seed: int = 42) -> tuple[np.ndarray, ...]:
    """Return (cells, 2) and (sites, 2) km and (cells,) people of a city of 30 by 30 km."""
    chance = np.random.default_rng(seed)
    centres = chance.uniform(3, 27, (12, 2))
    homes = centres[chance.integers(0, 12, cells)] + chance.normal(0, 2.5, (cells, 2))
    places = centres[chance.integers(0, 12, sites)] + chance.normal(0, 2.5, (sites, 2))
    return homes, places, np.round(np.exp(chance.normal(4, 1, cells)))


def pairs_within(
    homes: np.ndarray, places: np.ndarray, pairs: int
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return the nearest `pairs` pairs, and minutes of which the farthest are 30."""
    apart = np.sqrt(((homes[:, np.newaxis] - places) ** 2).sum(axis=2)).astype(np.float32)
    limit = float(np.partition(apart.ravel(), pairs)[pairs])
    row, column = np.nonzero(apart < limit)
    return row, column, apart[row, column].astype(np.float64) * (30.0 / limit)


PEER = """
import json, sys, time
import numpy as np, pandas as pd
from access import Access, weights
given = np.load(sys.argv[1])
pairs = pd.DataFrame({"o": given["row"], "d": given["column"], "t": given["minutes"]})
people = pd.DataFrame({"o": np.arange(len(given["people"])), "people": given["people"]})
supply = pd.DataFrame({"d": np.arange(len(given["supply"])), "beds": given["supply"]})
work = Access(demand_df=people, demand_index="o", demand_value="people", supply_df=supply,
    supply_index="d", supply_value="beds", cost_df=pairs, cost_origin="o", cost_dest="d",
    cost_name="t")
began = time.process_time()
work.enhanced_two_stage_fca(name="a", max_cost=30,
    weight_fn=weights.step_fn({10: 1, 20: 0.68, 30: 0.22}))
took = time.process_time() - began
found = work.access_df["a_beds"].reindex(np.arange(len(given["people"]))).fillna(0.0)
json.dump({"took": took, "value": found.tolist()}, sys.stdout)
"""


def e2sfca(beside: Beside) -> Iterator[Row]:
    """5 million pairs by two products of a sparse matrix; PySAL access joins tables."""
    import tempfile

    homes, places, people = clustered_city(20_000, 1_000)
    row, column, minutes = pairs_within(homes, places, 5_150_000)
    supply = np.random.default_rng(7).integers(1, 50, len(places)).astype(float)
    population, beds = dict(enumerate(people)), {"beds": dict(enumerate(supply))}

    def held() -> TravelTimes:
        return TravelTimes.of_pairs(
            row, column, minutes, demand=range(len(people)), supply=range(len(supply))
        )

    times = held()
    took = cpu_s(lambda: two_step(times, beds, population=population, decay=LUO_QI))
    notes = ""
    if beside.access:
        with tempfile.NamedTemporaryFile(suffix=".npz") as file:
            np.savez(
                file.name, row=row, column=column, minutes=minutes, people=people, supply=supply
            )
            said = subprocess.run(
                [beside.access, "-c", PEER, file.name], check=True, capture_output=True, text=True
            ).stdout
        other = json.loads(said[said.index("{") :])
        ours = two_step(times, beds, population=population, decay=LUO_QI).of("beds")
        apart = float(np.abs(ours - np.array(other["value"])).max())
        notes = (
            f"PySAL access {other['took']:.1f} s: {other['took'] / took:.0f} times as long; values "
            f"differ by at most {apart:.1e}"
        )
    yield Row(f"E2SFCA, {len(row):,} pairs", took, "≤ 0.3 / 0.15 s, ≥ 50 times", notes)
    yield Row("the same pairs matched by key and checked", cpu_s(held), "–", "once a matrix")
    few = minutes < 15.0
    near = TravelTimes.of_pairs(
        row[few], column[few], minutes[few], demand=range(len(people)), supply=range(len(supply))
    )
    rational(near, beds["beds"], population=population)  # compiled
    before = time.process_time()
    found = rational(near, beds["beds"], population=population)
    yield Row(
        f"RAAM, {int(few.sum()):,} pairs", time.process_time() - before, "–",
        f"nobody gains more than {found.regret:.0e} of the cost",
    )  # fmt: skip


def hypercube(_: Beside) -> Iterator[Row]:
    """12 units, 200 places that each prefer their own order."""
    chance = np.random.default_rng(5)
    order = np.array([chance.permutation(12) for _ in range(200)])
    load = chance.dirichlet(np.ones(200)) * 7.0
    took = cpu_s(lambda: solve_exactly(load, order, waiting=True))
    yield Row("hypercube, exact, 12 units, 200 places", took, "≤ 1 s", "4,096 states")


def city(_: Beside) -> Iterator[Row]:
    """The Shenzhen model: a road matrix, and coverage after 2,000 directions of road closed."""
    from api.frames.roads import road_graph
    from data.shenzhen.city import shenzhen
    from planning.coverage.changes import compare, worst_served
    from planning.coverage.cover import k_fold
    from planning.coverage.model import Fleet, Ground, StationTimes
    from routing.areas.nearest import times_of_nearest
    from routing.engine.digraph import INFINITE_MS
    from routing.live.city_roads import FREE_FLOW
    from routing.live.loading import hierarchy_of
    from routing.search.hierarchy import FastTimes, HierarchyRouter
    from routing.search.router import DijkstraRouter

    chance = np.random.default_rng(3)
    graph = road_graph(shenzhen())
    hierarchy = hierarchy_of(graph)
    base = DijkstraRouter(graph)
    roads = HierarchyRouter(
        base, FastTimes.of(graph, hierarchy, base.times, metric_id=FREE_FLOW)
    )  # fmt: skip
    where = graph.node_lonlat
    homes, thousand = (
        roads.snap(where[chance.choice(len(where), size, False)], max_distance_m=2_000.0)
        for size in (20_000, 1_000)
    )

    def swept() -> float:
        return sum(float(block[0, 0]) for block in roads.matrix(thousand, homes))

    swept()
    yield Row(
        "road matrix 1,000 × 20,000, turn-aware, block by block", cpu_s(swept), "≤ 1.0 / 0.7 s",
        "one block in memory at a time",
    )  # fmt: skip

    posts = thousand.take(np.arange(100))
    cells, stations = range(len(homes)), range(100)
    ground = Ground.of(cells, {"all": np.full(len(homes), 50.0)})
    fleet = Fleet.always(dict.fromkeys(stations, 2))
    legs = chance.choice(base.times.leg_ms.size, 2_000, False).astype(np.int32)
    shut = np.full(legs.size, INFINITE_MS, np.int32)

    def nearest(router: DijkstraRouter) -> StationTimes:
        found = times_of_nearest(router, posts, homes, towards=False)
        return StationTimes.of(
            found.time_s[:, np.newaxis], cells=cells, stations=["nearest"], known=homes.found
        )

    open_roads = nearest(base)

    def after_closure() -> None:
        closed = nearest(base.with_times(base.times.changed(graph, legs, shut)))
        compare(ground, open_roads, closed, limit_s=480.0)
        worst_served(ground, closed, place=cells)

    after_closure()
    yield Row(
        "who gains, who loses, who is worst off after 2,000 directions of road closed",
        cpu_s(after_closure), "≤ 0.3 s", "1 M people, 20,000 cells, 100 stations, one search",
    )  # fmt: skip

    def each_station() -> None:
        seconds = np.concatenate(list(roads.matrix(posts, homes))).T
        times = StationTimes.of(seconds, cells=cells, stations=stations, known=homes.found)
        for fold in (1, 2, 3):
            k_fold(ground, times, fleet, limit_s=480.0, k=fold)

    each_station()
    yield Row(
        "covered once, twice, three times: every station to every cell, new matrix",
        cpu_s(each_station), "≤ 0.3 s", "roads as their hierarchy knows them",
    )  # fmt: skip


def siting(beside: Beside) -> Iterator[Row]:
    """Plans with their bounds: everything from the matrix to the answer, kernels compiled."""
    from bench.siting import cases

    for number, (case, ask) in enumerate(cases(), start=1):
        before = time.process_time()
        answer = case.solve()
        took = time.process_time() - before
        notes = (
            f"value {_number(answer.value)}, bound {_number(answer.bound)}, gap {answer.gap:.3%}, "
            f"{answer.ended}"
        )
        if ask is not None and beside.spopt is not None:
            other = ask(beside.spopt)
            notes += (
                "; spopt with HiGHS not done in ten minutes" if other is None
                else f"; spopt with HiGHS {other.all_s:.1f} s ({other.build_s:.1f} s of it making "
                f"the model): {other.all_s / took:.0f} times as long, value {other.value:,.0f}"
            )  # fmt: skip
        if beside.plots is not None:
            plot(beside.plots / f"convergence-{number}.png", case.work, answer)
        yield Row(case.work, took, case.wanted, notes)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
    yield Row("all of these", float("nan"), "≤ 0.8 GB", f"peak memory {peak:.2f} GiB")


def plot(path: Path, work: str, answer: Answer) -> None:
    """Draw how a search went."""
    from gis.rooms.layers import Provenance
    from gis.words import alike
    from maps.charts.drawing import png_of_svg, svg
    from maps.charts.spec import vega_lite
    from planning.reports.convergence import convergence

    chart = convergence(
        "search", alike(work), answer.trace, measured=alike("value"), seconds=answer.seconds
    )
    path.parent.mkdir(parents=True, exist_ok=True)
    spec = vega_lite(chart, language="en", provenance=Provenance.RECORDED)
    path.write_bytes(png_of_svg(svg(spec)))


def _number(value: float) -> str:
    return f"{value:,.1f}" if value >= 100.0 else f"{value:.4f}"


ROWS: dict[str, Callable[[Beside], Iterator[Row]]] = {
    "siting": siting,
    "e2sfca": e2sfca,
    "hypercube": hypercube,
    "city": city,
}


def main() -> None:
    """Measure and print."""
    reader = argparse.ArgumentParser(description="Measure planning.")
    reader.add_argument("rows", nargs="*", metavar="row")
    reader.add_argument("--access", help="interpreter that has PySAL access")
    reader.add_argument("--spopt", help="interpreter that has PySAL spopt, PuLP and highspy")
    reader.add_argument("--plots", type=Path, help="folder for plots of the searches")
    asked = reader.parse_args()
    unknown = [name for name in asked.rows if name not in ROWS]
    if unknown:
        reader.error(f"there is no row {unknown[0]}; there are {', '.join(ROWS)}")
    sys.stdout.write("| work | processor time, s | must / goal | beside |\n|---|---|---|---|\n")
    for name in asked.rows or ROWS:
        for row in ROWS[name](Beside(asked.access, asked.spopt, asked.plots)):
            sys.stdout.write(
                f"| {row.work} | {'–' if isnan(row.seconds) else f'{row.seconds:.3f}'} | "
                f"{row.wanted} | {row.notes or '–'} |\n"
            )
            sys.stdout.flush()


if __name__ == "__main__":
    main()

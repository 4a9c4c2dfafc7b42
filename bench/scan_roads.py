"""Scans by zones of travel time on the Shenzhen model, circles beside them: processor time.

    ./run bench scan_roads

1,000 places among the model's junctions, one sweep over the roads from each, on empty roads; 999
null data sets. Generating the model and its hierarchy, a minute, is not counted in: a city has
them. Prints Markdown tables: the times for docs/benchmarks.md, and what both kinds of zones find of
outbreaks put among 150 places, for docs/surveillance.md.
"""

import sys
import time
from collections.abc import Callable

import numpy as np

from api.frames.roads import road_graph
from data.shenzhen.city import shenzhen
from routing.live.city_roads import FREE_FLOW
from routing.live.loading import hierarchy_of
from routing.roads.plane import LocalPlane
from routing.search.hierarchy import FastTimes, HierarchyRouter
from routing.search.router import DijkstraRouter
from surveillance.evaluate.zones import Plan, compare_zones, table
from surveillance.scan.model import Settings
from surveillance.scan.roads import zones_of_times
from surveillance.scan.statistic import scan
from surveillance.scan.warm_up import prepare_kernels
from surveillance.scan.zones import Zones, circles

PLACES = 1_000
CASES = 5_000
COMPARED = 150
ROUNDS = 3


def seconds(work: Callable[[], object]) -> float:
    """Return the least processor time of a few rounds."""
    took = []
    for _ in range(ROUNDS):
        before = time.process_time()
        work()
        took.append(time.process_time() - before)
    return min(took)


def router() -> DijkstraRouter:
    """Return who answers on the model's empty roads."""
    graph = road_graph(shenzhen())
    base = DijkstraRouter(graph)
    fast = FastTimes.of(graph, hierarchy_of(graph), base.times, metric_id=FREE_FLOW)
    return HierarchyRouter(base, fast)


def main() -> None:
    """Measure and print."""
    chance = np.random.default_rng(11)
    prepare_kernels()
    roads = router()
    lonlat = roads.graph.node_lonlat[chance.choice(len(roads.graph.node_lonlat), PLACES, False)]
    people = np.exp(chance.normal(8, 1, PLACES))
    found = chance.multinomial(CASES, people / people.sum())[:, np.newaxis]
    xy = LocalPlane.around(lonlat).to_xy(lonlat)

    def by_road(share: float) -> Zones:
        snapped = roads.snap(lonlat, max_distance_m=2_000.0)
        return zones_of_times(roads.matrix(snapped, snapped), people, share)

    by_road(0.5)  # compiled, and working arrays made
    sys.stdout.write("| work | processor time, s | must |\n|---|---|---|\n")
    for share in (0.5, 0.1):
        took = []
        for name, zones in (
            ("circles", lambda share=share: circles(xy, people, share)),
            ("zones by road", lambda share=share: by_road(share)),
        ):
            took.append(seconds(lambda zones=zones: scan(
                zones(), found, Settings(), expected=people[:, np.newaxis]
            )))  # fmt: skip
            limit = f"{took[0] + 3:.1f}" if len(took) > 1 else "–"
            sys.stdout.write(
                f"| {name}, {PLACES:,} centres, at most {share:.0%}, 999 null data sets | "
                f"{took[-1]:.2f} | {limit} |\n"
            )
    few = slice(None, COMPARED)
    snapped = roads.snap(lonlat[few], max_distance_m=2_000.0)
    times_s = np.concatenate(list(roads.matrix(snapped, snapped))).astype(np.float64)
    np.fill_diagonal(times_s, 0.0)
    sys.stdout.write("\n" + table(compare_zones(xy[few], times_s, people[few], Plan())))


if __name__ == "__main__":
    main()

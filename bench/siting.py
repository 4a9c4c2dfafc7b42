"""Where sites should stand: processor time, gap and memory, PySAL spopt beside it where it is.

    ./run bench siting [--spopt]

A made-up city: 30 × 30 km, eight centres, a fifth of places and sites anywhere, seed 42. Prints a
Markdown table for docs/benchmarks.md. `--spopt` also solves the MCLP of 5,000 × 500 by spopt with
HiGHS, where it is installed (about a minute).
"""

import importlib.util
import resource
import sys
import time
from collections.abc import Callable

import numpy as np
from scipy.spatial.distance import cdist

from planning.siting.answer import Answer, Limits
from planning.siting.instance import Choice, Instance, of_matrix
from planning.siting.maximal import mclp
from planning.siting.median import p_median
from planning.siting.warm_up import prepare_kernels
from planning.siting.whole import p_center

SIDE_KM = 30.0
CENTRES = 8


def city(places: int, sites: int) -> Instance:
    """Return a clustered city with travel in kilometres, single precision."""
    chance = np.random.default_rng(42)
    centre = chance.uniform(0, SIDE_KM, (CENTRES, 2))
    spread = chance.uniform(1.0, 4.0, CENTRES)

    def points(count: int) -> np.ndarray:
        of = chance.integers(0, CENTRES, count)
        xy = centre[of] + chance.normal(size=(count, 2)) * spread[of, None]
        anywhere = chance.random(count) < 0.2
        xy[anywhere] = chance.uniform(0, SIDE_KM, (int(anywhere.sum()), 2))
        return np.clip(xy, 0, SIDE_KM)

    demand, candidates = points(places), points(sites)
    weight = np.ceil(chance.lognormal(5, 0.8, places))
    rows, columns = [str(at) for at in range(places)], [str(at) for at in range(sites)]
    travel = cdist(demand, candidates).astype(np.float32)
    return of_matrix(dict(zip(rows, weight.tolist(), strict=True)), columns, travel, rows=rows,
                     columns=columns)  # fmt: skip


def measured(work: Callable[[], Answer]) -> tuple[Answer, float]:
    """Return an answer and the processor seconds of all that made it."""
    before = time.process_time()
    answer = work()
    return answer, time.process_time() - before


def spopt_seconds(place: Instance, *, count: int, reach: float) -> float | None:
    """Return the processor seconds of spopt with HiGHS, None where it is not installed."""
    if importlib.util.find_spec("spopt") is None:
        return None
    import pulp
    from spopt.locate import MCLP

    before = time.process_time()
    model = MCLP.from_cost_matrix(place.dense(), place.weight, service_radius=reach,
                                  p_facilities=count)  # fmt: skip
    model.solve(pulp.HiGHS(msg=False, threads=1))
    return time.process_time() - before


def main() -> None:
    """Measure and print."""
    prepare_kernels()
    town, large, small = city(5_000, 500), city(20_000, 1_000), city(1_000, 200)
    p_median(city(60, 20), Choice(count=3), limits=Limits(rounds=2))
    rows: list[tuple[str, tuple[Answer, float], str]] = [
        ("MCLP 5,000 × 500, 25 sites, 2 km", measured(
            lambda: mclp(town, Choice(count=25), reach=2.0, limits=Limits(rounds=2_000))),
         "3 / 2 s, 0.5 %"),
        ("MCLP 5,000 × 500, proven by HiGHS", measured(
            lambda: mclp(town, Choice(count=25), reach=2.0, limits=Limits(rounds=300), exact=True)),
         "–"),
        ("MCLP 20,000 × 1,000, 50 sites, 1.5 km", measured(
            lambda: mclp(large, Choice(count=50), reach=1.5, limits=Limits(rounds=3_000))),
         "120 s, 1.3 / 1.0 %"),
        ("p-median 5,000 × 500, 25 sites", measured(
            lambda: p_median(town, Choice(count=25), limits=Limits(rounds=20))),
         "12 / 8 s, 0.2 %"),
        ("p-median 20,000 × 1,000, 50 sites", measured(
            lambda: p_median(large, Choice(count=50), limits=Limits(seconds=90, rounds=20))),
         "100 s, 1 / 0.5 %"),
        ("p-median 20,000 × 1,000, 20 sites", measured(
            lambda: p_median(large, Choice(count=20), limits=Limits(seconds=90, rounds=20))),
         "100 s, 1 / 0.5 %"),
        ("p-center 1,000 × 200, 15 sites", measured(lambda: p_center(small, Choice(count=15))),
         "12 s, proven"),
    ]  # fmt: skip
    sys.stdout.write("| work | processor time, s | value | bound | gap | ended | must / goal |\n")
    sys.stdout.write("|---|---|---|---|---|---|---|\n")
    for what, (answer, took), limit in rows:
        sys.stdout.write(
            f"| {what} | {took:.2f} | {answer.value:,.1f} | {answer.bound:,.1f} | "
            f"{answer.gap:.3%} | {answer.ended} | {limit} |\n"
        )
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
    sys.stdout.write(f"\nPeak memory of this process, all three cities: {peak:.2f} GiB.\n")
    if "--spopt" in sys.argv:
        theirs = spopt_seconds(town, count=25, reach=2.0)
        told = "is not installed" if theirs is None else f"takes {theirs / rows[0][1][1]:,.0f}×"
        sys.stdout.write(f"spopt with HiGHS on the first {told}.\n")


if __name__ == "__main__":
    main()

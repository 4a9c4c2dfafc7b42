"""Where sites should stand: the made-up cities and models that `./run bench planning siting` times.

30 × 30 km, eight centres, a fifth of places and sites anywhere, seed 42.
"""

import json
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial

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
PEER_LIMIT_S = 600.0


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


PEER = """
import json, resource, sys, time
import numpy as np
given = np.load(sys.argv[1])
import pulp
from spopt.locate import MCLP
before = time.process_time()
model = MCLP.from_cost_matrix(given["travel"], given["weight"],
    service_radius=float(sys.argv[3]), p_facilities=int(sys.argv[2]))
built = time.process_time()
model.solve(pulp.HiGHS(msg=False, threads=1))
value = float(pulp.value(model.problem.objective))
took = time.process_time() - before
json.dump({"build": built - before, "all": took, "value": value}, sys.stdout)
"""
"""Run by an interpreter that has spopt, PuLP and highspy; HiGHS within the process, so that its
time counts."""


@dataclass(frozen=True, slots=True)
class Peer:
    """spopt on the same instance: processor seconds of building and of all, and its value."""

    build_s: float
    all_s: float
    value: float


def spopt(python: str, place: Instance, *, count: int, reach: float) -> Peer | None:
    """Return what spopt with HiGHS takes for an MCLP; None if it was not done in time."""
    with tempfile.NamedTemporaryFile(suffix=".npz") as file:
        np.savez(file.name, travel=place.dense(), weight=place.weight)
        try:
            said = subprocess.run(
                [python, "-c", PEER, file.name, str(count), str(reach)], check=True,
                capture_output=True, text=True, timeout=PEER_LIMIT_S,
            ).stdout  # fmt: skip
        except subprocess.TimeoutExpired:
            return None
    told = json.loads(said[said.rindex("{") :])
    return Peer(told["build"], told["all"], told["value"])


@dataclass(frozen=True, slots=True)
class Case:
    """One model of one city, as it is asked, and what is wanted of it."""

    work: str
    wanted: str
    solve: Callable[[], Answer]


def cases() -> Iterator[tuple[Case, Callable[[str], Peer | None] | None]]:
    """Yield every case, and where spopt can be asked the same, how."""
    prepare_kernels()
    town, large, small = city(5_000, 500), city(20_000, 1_000), city(1_000, 200)
    p_median(city(60, 20), Choice(count=3), limits=Limits(rounds=2))
    yield (
        Case(
            "MCLP 5,000 × 500, 25 sites, 2 km", "≤ 3 / 2 s, gap ≤ 0.5 %, ≥ 10 times",
            lambda: mclp(town, Choice(count=25), reach=2.0, limits=Limits(rounds=2_000)),
        ),
        partial(spopt, place=town, count=25, reach=2.0),
    )  # fmt: skip
    yield (
        Case(
            "the same, proven by HiGHS", "–",
            lambda: mclp(
                town, Choice(count=25), reach=2.0, limits=Limits(rounds=300), exact=True
            ),
        ),
        None,
    )  # fmt: skip
    yield (
        Case(
            "MCLP 20,000 × 1,000, 50 sites, 1.5 km", "≤ 120 s, gap ≤ 1.3 / 1.0 %",
            lambda: mclp(large, Choice(count=50), reach=1.5, limits=Limits(rounds=3_000)),
        ),
        None,
    )  # fmt: skip
    yield (
        Case(
            "p-median 5,000 × 500, 25 sites", "≤ 12 / 8 s, gap ≤ 0.2 %",
            lambda: p_median(town, Choice(count=25), limits=Limits(rounds=20)),
        ),
        None,
    )  # fmt: skip
    for count in (50, 20):
        yield (
            Case(
                f"p-median 20,000 × 1,000, {count} sites", "≤ 100 s, gap ≤ 1 / 0.5 %",
                partial(p_median, large, Choice(count=count), limits=Limits(seconds=90, rounds=20)),
            ),
            None,
        )  # fmt: skip
    yield (
        Case(
            "p-center 1,000 × 200, 15 sites", "≤ 12 s, proven",
            lambda: p_center(small, Choice(count=15)),
        ),
        None,
    )  # fmt: skip

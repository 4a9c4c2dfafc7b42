"""Scans of other programs, and the same ones by ours.

`RUNS` is what the tests hold and what `python -m docs.make_parity` prints. Those with bulk data or
data of a licence that we do not pass on are read from beside the checkout.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from gis.settings import PROJECT_FOLDER
from surveillance.scan.expected import indirectly_standardised, person_time
from surveillance.scan.model import Cluster, Model, Scan, Settings, Span
from surveillance.scan.statistic import scan
from surveillance.scan.zones import Zones, circles, circles_on_earth, ellipses, flexible

GOLDEN = PROJECT_FOLDER / "tests" / "golden" / "scan"
BULK = PROJECT_FOLDER.parent / "shared" / "data" / "scan"
MODELS = {"0": Model.POISSON, "2": Model.PERMUTATION}
SPANS = {"1": Span.WHOLE, "3": Span.ANY, "4": Span.CURRENT}
Published = list[dict[str, Any]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """One scan: what another program said, and how to ask ours."""

    name: str
    data: str
    program: str
    both: Callable[[], tuple[Scan, Published, list[str]]]
    bulk: bool = False
    slow: bool = False


def ratio_of(cluster: dict[str, Any]) -> float:
    """Return the log likelihood ratio that was printed."""
    return float(cluster.get("llr", cluster.get("test_stat")))


def places_of(cluster: Cluster, names: list[str]) -> set[str]:
    """Return the names of a cluster's places."""
    return {names[one] for one in cluster.places}


@cache
def counties() -> pd.DataFrame:
    """Return the counties of North Carolina."""
    return pd.read_csv(GOLDEN / "nc_sids.csv")


def sudden_deaths(
    name: str, zones: Callable[[npt.NDArray[Any], npt.NDArray[Any], npt.NDArray[Any]], Zones]
) -> tuple[Scan, Published, list[str]]:
    """Scan sudden infant deaths in North Carolina, 1974 to 1978."""
    table = counties()
    births = table["population"].to_numpy(dtype=float)
    borders = np.zeros((len(table), len(table)), dtype=np.bool_)
    for one, text in enumerate(table["borders"].fillna("")):
        borders[one, [int(other) - 1 for other in str(text).split()]] = True
    found = scan(
        zones(table[["x_km", "y_km"]].to_numpy(dtype=float), births, borders),
        table["cases"].to_numpy(dtype=np.int64)[:, np.newaxis],
        Settings(), expected=births[:, np.newaxis],
    )  # fmt: skip
    published = json.loads((GOLDEN / "nc_sids_clusters.json").read_text(encoding="utf-8"))[name]
    return found, published, [str(one) for one in table["id"]]


def a_thousand_places() -> tuple[Scan, Published, list[str]]:
    """Scan 5,000 cases among 1,000 places by chance."""
    table = pd.read_csv(GOLDEN / "synthetic_1000.csv")
    people = table["population"].to_numpy(dtype=float)
    found = scan(
        circles(table[["x", "y"]].to_numpy(dtype=float), people, 0.5),
        table["cases"].to_numpy(dtype=np.int64)[:, np.newaxis],
        Settings(), expected=people[:, np.newaxis],
    )  # fmt: skip
    published = [
        {"llr": 12.210619, "p": 0.005, "observed": 202, "expected": 140.54, "rel_risk": 1.46},
        {"llr": 7.811423, "p": 0.199, "observed": 146, "expected": 103.75, "rel_risk": 1.42},
        {"llr": 5.402551, "p": 0.865, "observed": 34, "expected": 18.28, "rel_risk": 1.87},
    ]
    return found, published, [str(one) for one in table["id"]]


@cache
def brain_cancer() -> tuple[pd.DataFrame, npt.NDArray[Any], npt.NDArray[Any]]:
    """Return counties of New Mexico, cases by county, year, age and sex, and expected cases."""
    folder = BULK / "NM_brain_cancer_satscan" / "input"

    def table(name: str, columns: str) -> pd.DataFrame:
        return pd.read_csv(folder / name, sep=r"\s+", header=None, names=columns.split())

    places = table("nm.geo", "county latitude longitude")
    people = table("nm.pop", "county year count age sex")
    cases = table("nm.cas", "county count year age sex")
    people["year"] += 1900
    place = {name: k for k, name in enumerate(places["county"])}
    pairs = {*zip(people.age, people.sex, strict=True), *zip(cases.age, cases.sex, strict=True)}
    group = {pair: k for k, pair in enumerate(sorted(pairs))}
    years = sorted(people["year"].unique())
    there = np.zeros((len(place), len(years), len(group)))
    for row in people.itertuples():
        there[place[row.county], years.index(row.year), group[row.age, row.sex]] += row.count
    counted = np.zeros((len(place), 19, len(group)), dtype=np.int64)
    for row in cases.itertuples():
        counted[place[row.county], row.year - 1973, group[row.age, row.sex]] += row.count
    dates = np.array([pd.Timestamp(year, 7, 1).toordinal() for year in years], dtype=float)
    bounds = [pd.Timestamp(year, 1, 1).toordinal() for year in range(1973, 1993)]
    at_risk = person_time(dates, there, np.array(bounds, dtype=float))
    return places, counted, indirectly_standardised(counted, at_risk)


def new_mexico(run: str, model: Model, span: Span) -> tuple[Scan, Published, list[str]]:
    """Scan brain cancer in New Mexico, 1973 to 1991, as one run of SaTScan did."""
    places, cases, expected = brain_cancer()
    folder = BULK / "NM_brain_cancer_satscan" / f"satscan_{run}"
    published = json.loads((folder / "expected.json").read_text(encoding="utf-8"))["clusters"]
    if run.startswith("temporal"):
        cases, expected = cases.sum(axis=0, keepdims=True), expected.sum(axis=0, keepdims=True)
        zones = circles(np.zeros((1, 2)), np.ones(1), 1.0)
        for one in published:
            one.pop("members", None)
    else:
        weight = cases.sum(axis=(1, 2)) if model is Model.PERMUTATION else expected.sum(axis=1)
        zones = circles_on_earth(
            places["latitude"].to_numpy(), places["longitude"].to_numpy(), weight.astype(float)
        )
    alone = model is Model.PERMUTATION
    found = scan(
        zones, cases if alone else cases.sum(axis=2), Settings(model, span, longest=9),
        expected=None if alone else expected,
    )  # fmt: skip
    return found, published, places["county"].tolist()


def synthetic(run: str) -> tuple[Scan, Published, list[str]]:
    """Scan synthetic cases as one run of SaTScan did."""
    folder = BULK / "bench_synthetic_satscan"
    zones, cases, settings, expected, names = synthetic_input(run)
    published = json.loads((folder / run / "expected.json").read_text(encoding="utf-8"))
    return scan(zones, cases, settings, expected=expected), published["clusters"], names


def synthetic_input(
    run: str,
) -> tuple[Zones, npt.NDArray[Any], Settings, npt.NDArray[Any] | None, list[str]]:
    """Return zones, cases, settings, expected cases and names of places of a run."""
    folder = BULK / "bench_synthetic_satscan"
    rules = dict(
        line.strip().split("=", 1)
        for line in (folder / run / "a.prm").read_text(encoding="utf-8").splitlines()
        if "=" in line and not line.startswith(";")
    )
    stem = folder / "input" / rules["CaseFile"].removesuffix(".cas")
    places = np.loadtxt(stem.with_suffix(".geo"))
    people = np.loadtxt(stem.with_suffix(".pop"))[:, 2]
    rows = pd.read_csv(stem.with_suffix(".cas"), sep=r"\s+", header=None)
    model, span = MODELS[rules["ModelType"]], SPANS[rules["AnalysisType"]]
    intervals, when = 1, np.zeros(len(rows), dtype=np.int64)
    if span is not Span.WHOLE:
        first = pd.Timestamp(rules["StartDate"].replace("/", "-"))
        last = pd.Timestamp(rules["EndDate"].replace("/", "-"))
        intervals = (last - first).days + 1
        when = (pd.to_datetime(rows[2].str.replace("/", "-")) - first).dt.days.to_numpy()
    cases = np.zeros((len(places), intervals), dtype=np.int64)
    np.add.at(cases, (rows[0].to_numpy() - 1, when), rows[1].to_numpy())
    weight = people if model is Model.POISSON else cases.sum(axis=1).astype(float)
    share = float(rules["MaxSpatialSizeInPopulationAtRisk"]) / 100
    settings = Settings(
        model, span, longest=None if span is Span.WHOLE else int(rules["MaxTemporalSize"]),
        replicates=int(rules["MonteCarloReps"]),
    )  # fmt: skip
    expected = np.outer(people, np.ones(intervals)) if model is Model.POISSON else None
    names = [str(int(one)) for one in places[:, 0]]
    return circles(places[:, 1:3], weight, share), cases, settings, expected, names


SIDS, CANCER, MADE = "sudden infant deaths, North Carolina", "brain cancer, New Mexico", "synthetic"
SATSCAN, RFLEXSCAN = "SaTScan 10.3.2", "rflexscan 1.2.0"
RUNS: tuple[Run, ...] = (
    Run(name="circles, at most 15 %", data=SIDS, program=SATSCAN,
        both=lambda: sudden_deaths("poisson_15pct", lambda xy, n, _: circles(xy, n, 0.15))),
    Run(name="circles, at most 50 %", data=SIDS, program=SATSCAN,
        both=lambda: sudden_deaths("poisson_50pct", lambda xy, n, _: circles(xy, n, 0.5))),
    Run(name="ellipses", data=SIDS, program=SATSCAN,
        both=lambda: sudden_deaths(
            "poisson_50pct_elliptic", lambda xy, n, _: ellipses(xy, n, 0.5))),
    Run(name="flexible, at most 10 places", data=SIDS, program=RFLEXSCAN,
        both=lambda: sudden_deaths("flexible_10", lambda xy, n, near: flexible(xy, near, n, 10))),
    Run(name="1,000 places, at most 50 %", data=MADE, program=SATSCAN, both=a_thousand_places),
    *(
        Run(name=run.replace("_", " "), data=CANCER, program=SATSCAN, bulk=True,
            both=lambda run=run, model=model, span=span: new_mexico(run, model, span))
        for run, model, span in (
            ("spatial_poisson", Model.POISSON, Span.WHOLE),
            ("temporal_poisson", Model.POISSON, Span.ANY),
            ("spacetime_poisson_retro", Model.POISSON, Span.ANY),
            ("spacetime_poisson_prospective", Model.POISSON, Span.CURRENT),
            ("spacetime_permutation_retro", Model.PERMUTATION, Span.ANY),
        )
    ),
    *(
        Run(name=f"`{run}`", data=MADE, program=SATSCAN, bulk=True, slow=slow,
            both=lambda run=run: synthetic(f"satscan_{run}"))
        for run, slow in (
            ("spatial_poisson_N1000_cap10_999", False),
            ("spatial_poisson_N1000_cap50_999", True),
            ("spatial_poisson_N3000_cap10_999", True),
            ("spatial_poisson_N3000_cap50_999", True),
            ("poisson_prosp_N500_T365_C20000_cap10_maxT14_999", False),
            ("poisson_retro_N500_T90_C5000_cap10_maxT14_199", True),
            ("poisson_retro_N500_T90_C5000_cap10_maxT14_999", True),
            ("poisson_retro_N500_T90_C5000_cap50_maxT45_99", True),
            ("stperm_prosp_N1000_T90_C5000_cap10_maxT14_999", False),
            ("stperm_prosp_N500_T365_C20000_cap10_maxT14_999", True),
            ("stperm_retro_N500_T365_C20000_cap10_maxT14_99", True),
        )
    ),
)  # fmt: skip


def null_of_satscan(run: Run) -> Path | None:
    """Return the file of the greatest ratios of SaTScan's null data sets, if it was kept."""
    file = BULK / "bench_synthetic_satscan" / f"satscan_{run.name.strip('`')}" / "res.llr.txt"
    return file if file.exists() else None

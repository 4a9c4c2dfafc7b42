"""Detectors over a province's series, nowcast and scans: processor time, R beside it where it is.

    ./run bench surveillance

Synthetic series; R does a part of the same work in the same run, its time is per series and period,
and the ratio is to ours per series and period. Prints a Markdown table for docs/benchmarks.md.
"""

import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path

import numpy as np
from scipy.spatial import Delaunay

from gis.words import alike
from surveillance.clusters.clouds import clouds
from surveillance.clusters.neighbours import local_moran
from surveillance.detect.ears import Ears, Kind
from surveillance.detect.farrington.method import FLEXIBLE
from surveillance.detect.registry import DETECTORS
from surveillance.detect.warm_up import prepare_kernels
from surveillance.nowcast.estimate import ReportingTriangle, reporting_triangle, truncated_bayes
from surveillance.reproduction.cori import cori, sliding
from surveillance.reproduction.intervals import gamma_interval
from surveillance.scan import warm_up as scans
from surveillance.scan.model import Model, Settings, Span
from surveillance.scan.statistic import scan
from surveillance.scan.zones import circles
from surveillance.series.keys import AGE_GROUPS, ALL_AGES, SeriesKey
from surveillance.series.model import Panel, Step
from surveillance.signals.day import judge
from surveillance.signals.model import Rules, Watched
from surveillance.smooth.areas import Areas
from surveillance.smooth.empirical_bayes import local_rates
from surveillance.smooth.icar import smooth

ROUNDS = 3
SERIES = 140
WEEKS = 416
R_SERIES = 2
"""Series that R judges: all of them would take it minutes."""
R_SCRIPT = """
suppressMessages(library(surveillance))
counts <- as.matrix(read.csv("counts.csv", header = FALSE))
dates <- as.numeric(seq(as.Date("2016-01-04"), by = "1 week", length.out = nrow(counts)))
seconds <- function(work) { before <- proc.time(); work; sum((proc.time() - before)[1:2]) }
of <- function(j) new("sts", observed = counts[, j, drop = FALSE], epoch = dates,
                      epochAsDate = TRUE, freq = 52, start = c(2016, 1))
noufaily <- list(range = (nrow(counts) - 51):nrow(counts), noPeriods = 10, b = 5, w = 3,
                 weightsThreshold = 2.58, pastWeeksNotIncluded = 26, pThresholdTrend = 1,
                 thresholdMethod = "nbPlugin", alpha = 0.005, glmWarnings = FALSE)
flexible <- seconds(for (j in seq_len(ncol(counts)))
  suppressWarnings(farringtonFlexible(of(j), noufaily)))
ears <- seconds(for (j in seq_len(ncol(counts))) for (method in c("C1", "C2", "C3"))
  earsC(of(j), list(method = method, range = 52:nrow(counts))))
cat(flexible / (52 * ncol(counts)), ears / ((nrow(counts) - 51) * ncol(counts)))
"""


def weekly(chance: np.random.Generator) -> Panel:
    """Return weekly counts of 140 areas, from less than one to some forty a week."""
    week = np.arange(WEEKS)
    level = np.exp(chance.uniform(-1, 3, (SERIES, 1)) + 0.5 * np.cos(2 * np.pi * week / 52.18))
    return Panel(counts=chance.negative_binomial(level, 0.5).astype(float),
                 starts_on=date(2016, 1, 4), step=Step.WEEK)  # fmt: skip


def daily(chance: np.random.Generator) -> Panel:
    """Return a year of daily counts of 140 areas."""
    return Panel(counts=chance.poisson(2.0, (SERIES, 365)).astype(float),
                 starts_on=date(2025, 1, 1), step=Step.DAY)  # fmt: skip


def late_reports(chance: np.random.Generator) -> ReportingTriangle:
    """Return 45 days of some 1,500 cases that are reported up to 15 days late."""
    onset = np.repeat(np.arange(45), chance.poisson(33.0, 45))
    delay = chance.negative_binomial(3, 0.35, onset.size)
    return reporting_triangle(onset, onset + delay, now=44, longest=15, first=0)


def a_day(chance: np.random.Generator) -> Watched:
    """Return five and a quarter years of days of 16 areas × 40 diseases × 5 ages, and all ages."""
    areas, diseases = [f"{n:02}" for n in range(16)], [f"disease {n}" for n in range(40)]
    level = np.exp(chance.uniform(-7, 0.5, (40, 1, 1, 1)))
    season = np.exp(0.8 * np.cos(2 * np.pi * np.arange(1918) / 365.25))
    aged = chance.poisson(level * season, (40, 16, 5, 1918)).astype(float)
    counts = np.concatenate([aged, aged.sum(axis=2, keepdims=True)], axis=2)
    ages = (*AGE_GROUPS, ALL_AGES)
    return Watched(
        keys=tuple(SeriesKey(d, a, g) for d in diseases for a in areas for g in ages),
        panel=Panel(counts=counts.reshape(-1, 1918), starts_on=date(2021, 1, 1), step=Step.DAY),
        names={one: alike(one) for one in diseases}, places={one: alike(one) for one in areas},
        fixed={},
    )  # fmt: skip


def scan_rows(chance: np.random.Generator) -> list[tuple[str, float, str, str]]:
    """Return rows of scans over places by chance; zones and null data sets are counted in."""
    scans.prepare_kernels()
    rows = []
    for name, places, days, cases, share, rules, limit in (
        (
            "spatial, 1,000 places, at most 50 %, 999 null data sets",
            1000,
            1,
            5000,
            0.5,
            Settings(),
            "0.7 / 0.4",
        ),
        ("spatial, 3,000 places, at most 50 %, 999", 3000, 1, 10_000, 0.5, Settings(), "5 / 4"),
        (
            "retrospective, 500 × 90 days, at most 50 % and 45 days, 99",
            500,
            90,
            5000,
            0.5,
            Settings(span=Span.ANY, longest=45, replicates=99),
            "9 / 6",
        ),
        (
            "prospective permutation, 1,000 × 90 days, at most 10 % and 14 days, 999",
            1000,
            90,
            5000,
            0.1,
            Settings(Model.PERMUTATION, Span.CURRENT, longest=14),
            "2.5 / 1.5",
        ),
    ):
        xy, people = chance.uniform(0, 100, (places, 2)), np.exp(chance.normal(8, 1, places))
        due = np.outer(people, np.ones(days))
        found = chance.multinomial(cases, (due / due.sum()).ravel()).reshape(places, days)
        weight = people if rules.model is Model.POISSON else found.sum(axis=1).astype(float)
        expected = due if rules.model is Model.POISSON else None
        took = seconds(lambda: scan(circles(xy, weight, share), found, rules, expected=expected))  # noqa: B023 - called here
        rows.append((f"scan: {name}", took, limit, "–"))
    return rows


def map_rows(chance: np.random.Generator) -> list[tuple[str, float, str, str]]:
    """Return rows of maps of risk: 10,000 areas, the Voronoi cells of points by chance."""
    size = 10_000
    xy = chance.uniform(0, 100, (size, 2))
    triangles = Delaunay(xy).simplices
    pairs = np.vstack([triangles[:, [0, 1]], triangles[:, [1, 2]], triangles[:, [0, 2]]])
    expected = chance.lognormal(1.5, 0.8, size)
    risk = np.exp(0.5 * np.sin(xy[:, 0] / 12) + 0.4 * np.cos(xy[:, 1] / 9))
    areas = Areas(cases=chance.poisson(expected * risk).astype(float), expected=expected,
                  borders=np.unique(np.sort(pairs, axis=1), axis=0).astype(np.int64))  # fmt: skip
    small = Areas(cases=np.ones(4), expected=np.ones(4), borders=np.array([[0, 1], [2, 3]]))
    smooth(small)
    local_moran(small, np.arange(4.0), permutations=1)
    return [
        ("neighbours' risks (ICAR, REML), 10,000 areas", seconds(lambda: smooth(areas)), "10", "–"),
        ("empirical Bayes, neighbourhoods, 10,000 areas", seconds(lambda: local_rates(areas)), "–",
         "–"),
        ("local Moran, 10,000 areas × 999", seconds(lambda: local_moran(areas)), "–", "–"),
        ("clouds of 10,000 cases", seconds(lambda: clouds(
            xy * 1000, chance.uniform(0, 365, size), within_m=800, within=14, least=4)), "–", "–"),
    ]  # fmt: skip


def seconds(work: Callable[[], object]) -> float:
    """Return the least processor time of a few rounds."""
    took = []
    for _ in range(ROUNDS):
        before = time.process_time()
        work()
        took.append(time.process_time() - before)
    return min(took)


def of_r(panel: Panel) -> tuple[float, float] | None:
    """Return R's seconds per series and period, Farrington flexible and EARS; None without R."""
    program = shutil.which("Rscript")
    if program is None:
        return None
    with tempfile.TemporaryDirectory() as folder:
        counts = panel.counts[:: SERIES // R_SERIES][:R_SERIES].T
        np.savetxt(Path(folder) / "counts.csv", counts, fmt="%d", delimiter=",")
        said = subprocess.run([program, "-e", R_SCRIPT], cwd=folder, capture_output=True, text=True,
                              check=False)  # fmt: skip
    if said.returncode:
        return None
    flexible, ears = said.stdout.split()
    return float(flexible), float(ears)


def ratio(theirs: float | None, ours: float) -> str:
    """Return how many times as long R takes."""
    return "R is not there" if theirs is None else f"{theirs / ours:,.0f}×"


def main() -> None:
    """Measure and print."""
    chance = np.random.default_rng(11)
    weeks, days, late = weekly(chance), daily(chance), late_reports(chance)
    prepare_kernels()
    ears = seconds(lambda: [
        Ears(kind=kind, alpha=0.01).judge(days, first=11) for kind in Kind
    ])  # fmt: skip
    flexible = seconds(lambda: FLEXIBLE.judge(weeks, first=WEEKS - 52))
    last = seconds(lambda: FLEXIBLE.judge(weeks, first=WEEKS - 1))
    r = of_r(weeks)
    rows = [
        (f"EARS C1–C3, {SERIES} × 365 days", ears, "0.05",
         ratio(r and r[1], ears / (SERIES * 354))),
        (f"Farrington flexible, {SERIES} × 52 weeks", flexible, "2 / 1",
         ratio(r and r[0], flexible / (SERIES * 52))),
        (f"Farrington flexible, {SERIES} × the last week", last, "–", "–"),
    ]  # fmt: skip
    for name, member in DETECTORS.items():
        if not name.startswith(("ears", "farrington")):
            took = seconds(lambda: member.detector.judge(weeks, first=WEEKS - 52))  # noqa: B023 - called here
            rows.append((f"{member.words.en}, {SERIES} × 52 weeks", took, "–", "–"))
    took = seconds(lambda: truncated_bayes(
        late, prior_mean=33, prior_variance=1000, chance=np.random.default_rng(1)
    ))  # fmt: skip
    rows.append(
        (f"nowcast, {late.longest} days of {late.so_far.sum():,.0f} cases", took, "0.1", "–")
    )
    cases = chance.poisson(30.0, 365).astype(float)
    first, until = sliding(cases.size)
    interval = gamma_interval(mean_days=4.7, sd_days=2.9, days=30)
    took = seconds(lambda: cori(cases, interval, first=first, last=until).quantile(0.975))
    rows.append(("reproduction number, 365 days", took, "–", "–"))
    watched = a_day(chance)
    took = seconds(lambda: judge(watched, Rules()))
    what = f"a day's run, 16 areas × 40 diseases × 5 ages: {len(watched.keys):,} series with totals"
    rows.append((what, took, "20", "–"))
    rows += scan_rows(chance)
    rows += map_rows(chance)
    sys.stdout.write("| work | processor time, s | must / goal | R takes |\n|---|---|---|---|\n")
    for what, measured, limit, beside in rows:
        sys.stdout.write(f"| {what} | {measured:.4f} | {limit} | {beside} |\n")


if __name__ == "__main__":
    main()

"""Numbers of other programs, and how far ours are from them.

`CASES` is what the tests assert and what `python -m docs.make_parity` prints.
"""

import csv
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cache, partial

import numpy as np
from numpy.typing import NDArray

from gis.settings import PROJECT_FOLDER
from surveillance.detect.cusum import Cusum, RiskAdjustedCusum, Standard
from surveillance.detect.ears import Ears, Kind
from surveillance.detect.farrington.method import ORIGINAL, Farrington, Threshold
from surveillance.detect.glr import Glr
from surveillance.detect.mem import season_levels
from surveillance.detect.model import Outcome
from surveillance.indicators.heat import heat_index, wet_bulb_globe
from surveillance.nowcast.estimate import (
    ReportingTriangle,
    lawless,
    reporting_triangle,
    truncated_bayes,
)
from surveillance.reproduction.cori import cori
from surveillance.reproduction.intervals import gamma_interval
from surveillance.reproduction.wallinga_teunis import wallinga_teunis
from surveillance.scan.model import Rates, Settings
from surveillance.scan.values import Kind as KindOfValues
from surveillance.scan.values import Values, scan_values
from surveillance.scan.zones import circles
from surveillance.series.model import Panel, Step

FOLDER = PROJECT_FOLDER / "tests" / "golden" / "surveillance"
BULK = PROJECT_FOLDER.parent / "shared" / "data" / "surveillance"
Row = Mapping[str, str]


def number(text: str) -> float:
    """Return a number of R's; NA is NaN."""
    return float("nan") if text in {"NA", "NaN", ""} else float(text)


def rows_of(file: str) -> list[Row]:
    """Return the rows of a golden file."""
    with (FOLDER / file).open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def grouped(rows: Sequence[Row], *by: str) -> Iterator[tuple[tuple[str, ...], list[Row]]]:
    """Yield the rows of each combination of some columns."""
    groups: dict[tuple[str, ...], list[Row]] = {}
    for row in rows:
        groups.setdefault(tuple(row[name] for name in by), []).append(row)
    yield from groups.items()


def column(rows: Sequence[Row], name: str) -> NDArray[np.float64]:
    """Return a column of numbers."""
    return np.array([number(row[name]) for row in rows])


@cache
def weekly() -> tuple[tuple[str, ...], Panel]:
    """Return the names and counts of the committed weekly series."""
    rows = rows_of("weekly.csv")
    names = tuple(name for name in rows[0] if name not in {"index", "week_from"})
    counts = np.array([column(rows, name) for name in names])
    start = date.fromisoformat(rows[0]["week_from"])
    return names, Panel(counts=counts, starts_on=start, step=Step.WEEK)


def apart(ours: NDArray[np.float64], theirs: NDArray[np.float64]) -> float:
    """Return the largest difference, relative to numbers above 1; inf if one alone is NaN."""
    if not np.array_equal(np.isnan(ours), np.isnan(theirs)):
        return float("inf")
    difference = np.abs(ours - theirs) / np.maximum(np.abs(theirs), 1)
    return float(np.nanmax(difference, initial=0.0))


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """An algorithm held against a golden file; the call stands in `script`, beside it."""

    algorithm: str
    call: str
    golden: str
    difference: Callable[[], float]
    script: str = "make.R"


def ears() -> float:
    """Thresholds and alarms of EARS; R gives none where the spread is 0 and C2 infinite."""
    names, panel = weekly()
    worst = 0.0
    for (method, baseline, sigma, alpha), of_set in grouped(
        rows_of("ears.csv"), "method", "baseline", "min_sigma", "alpha"
    ):
        detector = Ears(kind=Kind[method], alpha=float(alpha), baseline=int(baseline),
                        min_sigma=float(sigma))  # fmt: skip
        judged = detector.judge(panel, first=364)
        for (name,), rows in grouped(of_set, "series"):
            theirs = column(rows, "threshold")
            said = ~np.isnan(theirs)
            worst = max(worst, apart(judged.threshold[names.index(name)][said], theirs[said]))
            alarms = judged.alarm[names.index(name)][said]
            assert np.array_equal(alarms, column(rows, "alarm")[said] == 1)
    return worst


SETS = {
    "noufaily": Farrington(alpha=0.01, least_cases=0, least_cases_in=50),
    "delta": Farrington(n_seasons=1, years=4, down_weigh_from=1, left_out=3, trend_p=0.05,
                        threshold=Threshold.DELTA),
    "muan": Farrington(n_seasons=5, window=2, trend_p=0.05, threshold=Threshold.MUAN,
                       least_cases=0, least_cases_in=50),
}  # fmt: skip
"""The sets of make.R."""


def farrington_flexible() -> float:
    """Expected, threshold, p, dispersion, trend and alarms of Farrington flexible."""
    names, panel = weekly()
    worst = 0.0
    for (name_of_set, name), rows in grouped(rows_of("farrington_flexible.csv"), "set", "series"):
        at = names.index(name)
        detector = SETS[name_of_set]
        judged, fitted = detector.judge(panel, first=364), detector.fitted(panel, first=364)
        theirs = {key: column(rows, key) for key in ("expected", "threshold", "p", "phi", "trend")}
        said = ~np.isnan(theirs["threshold"])
        worst = max(
            worst,
            apart(judged.expected[at][said], theirs["expected"][said]),
            apart(judged.threshold[at], theirs["threshold"]),
            apart(judged.p_value[at][said], theirs["p"][said]),
            apart(fitted.phi[at], theirs["phi"]),
            apart(fitted.trend[at], theirs["trend"]),
        )
        assert np.array_equal(judged.alarm[at], column(rows, "alarm") == 1)
    return worst


def farrington() -> float:
    """Threshold, p and alarms of the original; R writes 0 as threshold of too few cases."""
    names, panel = weekly()
    worst = 0.0
    powers = {"2/3": 2 / 3, "1/2": 1 / 2, "none": 1.0}
    for (power, name), rows in grouped(rows_of("farrington.csv"), "power", "series"):
        judged = replace(ORIGINAL, power=powers[power]).judge(panel, first=364)
        at = names.index(name)
        few = judged.outcome[at] == Outcome.TOO_FEW_CASES
        threshold = np.where(few, 0, judged.threshold[at])
        worst = max(
            worst,
            apart(threshold, column(rows, "threshold")),
            apart(judged.p_value[at][~few], 1 - column(rows, "quantile")[~few]),
        )
        assert np.array_equal(judged.alarm[at], column(rows, "alarm") == 1)
    return worst


TRANSFORMATIONS = {
    "standard": Standard.PEARSON,
    "rossi": Standard.ROSSI,
    "anscombe": Standard.ANSCOMBE,
    "pearsonNegBin": Standard.PEARSON_NEGATIVE_BINOMIAL,
}


def cusum() -> float:
    """Thresholds and alarms of CUSUM, by a mean and by a yearly wave."""
    names, panel = weekly()
    worst = 0.0
    for (trans, mean, name), rows in grouped(rows_of("cusum.csv"), "trans", "m", "series"):
        detector = Cusum(standard=TRANSFORMATIONS[trans], seasonal=mean == "glm")
        judged = detector.judge(panel, first=104)
        at = names.index(name)
        worst = max(worst, apart(judged.threshold[at, : len(rows)], column(rows, "threshold")))
        assert np.array_equal(judged.alarm[at, : len(rows)], column(rows, "alarm") == 1)
    return worst


def cusum_risk_adjusted() -> float:
    """The sum, by its threshold, and alarms of the risk-adjusted CUSUM."""
    names, panel = weekly()
    at_risk = replace(panel, population=np.full_like(panel.counts, 400.0))
    detector = RiskAdjustedCusum()
    judged = detector.judge(at_risk, first=52)
    totals = detector.totals(at_risk)[:, 52:]
    worst = 0.0
    for (name,), rows in grouped(rows_of("cusum_risk_adjusted.csv"), "series"):
        at = names.index(name)
        worst = max(worst, apart(totals[at], column(rows, "value")))
        assert np.array_equal(judged.alarm[at], column(rows, "alarm") == 1)
    return worst


def glr() -> float:
    """Evidence and alarms of the likelihood ratio, Poisson and negative binomial."""
    names, panel = weekly()
    mean = np.repeat(panel.counts.mean(axis=1)[:, None], panel.n_periods, axis=1)
    worst = 0.0
    for (alpha, name), rows in grouped(rows_of("glr.csv"), "alpha", "series"):
        at = names.index(name)
        detector = Glr(shape=float(alpha), reference=364, longest=416)
        evidence, _ = detector.evidence(panel.counts[[at]], mean[[at]], first=364)
        worst = max(worst, apart(evidence[0], column(rows, "value")))
        assert np.array_equal(evidence[0] >= detector.limit, column(rows, "alarm") == 1)
    return worst


NOW = date(2026, 6, 10)


def triangle() -> ReportingTriangle:
    """Return the committed cases as they were known on `NOW`, from 1 May on."""
    cases = rows_of("linelist.csv")
    onset, report = (
        np.array([date.fromisoformat(row[name]).toordinal() for row in cases])
        for name in ("onset", "report")
    )
    return reporting_triangle(onset, report, now=NOW.toordinal(), longest=10,
                              first=date(2026, 5, 1).toordinal())  # fmt: skip


def nowcast_lawless() -> float:
    """Shares, medians and intervals of Lawless, without the error of the share as R has it."""
    rows = [row for row in rows_of("nowcast.csv") if row["method"] == "lawless"]
    ours = lawless(triangle(), error_of_share=False)
    cut = slice(-10, -1)
    return max(
        apart(ours.median[cut], column(rows, "median")),
        apart(ours.low[cut], column(rows, "low")),
        apart(ours.high[cut], column(rows, "high")),
        apart(ours.share[cut], column(rows, "within")),
    )


def nowcast_bayes() -> float:
    """Shares within each delay of the truncated Bayes; what is drawn by chance is another test."""
    rows = [row for row in rows_of("nowcast.csv") if row["method"] == "bayes.trunc"]
    ours = truncated_bayes(triangle(), prior_mean=20, prior_variance=400,
                           chance=np.random.default_rng(1))  # fmt: skip
    return apart(ours.share[-10:-1], column(rows, "within"))


INTERVALS = {
    "gamma": gamma_interval(mean_days=2.6, sd_days=1.5, days=60),
    "given": np.array([0, 0.2, 0.35, 0.25, 0.15, 0.05]),
}


def reproduction(*names: str) -> float:
    """Columns of both serial intervals."""
    cases = column(rows_of("daily.csv"), "cases")
    worst = 0.0
    for (interval,), rows in grouped(rows_of("reproduction.csv"), "interval"):
        first, last = (column(rows, name).astype(np.int64) - 1 for name in ("t_start", "t_end"))
        found = cori(cases, INTERVALS[interval], first=first, last=last)
        by_case = wallinga_teunis(cases, INTERVALS[interval], first=first, last=last)
        ours = {
            "mean": found.mean, "sd": found.sd, "low": found.quantile(0.025),
            "median": found.quantile(0.5), "high": found.quantile(0.975), "by_case": by_case,
        }  # fmt: skip
        worst = max(worst, *(apart(ours[name], column(rows, name)) for name in names))
    return worst


def season_levels_of_mem() -> float:
    """Thresholds of five and of eight seasons, and how long their epidemics are."""
    names, panel = weekly()
    worst = 0.0
    for row in rows_of("mem.csv"):
        seasons = panel.counts[names.index(row["series"])].reshape(8, 52)[: int(row["seasons"])]
        ours = season_levels(seasons)
        assert ours is not None
        lengths = np.diff(ours.epidemics, axis=1)[:, 0].tolist()
        assert lengths == [int(one) for one in row["lengths"].split()]
        found = [ours.starts_at, ours.ends_at, ours.medium, ours.high, ours.very_high]
        theirs = [number(row[key]) for key in ("onset", "end", "medium", "high", "very_high")]
        worst = max(worst, apart(np.array(found), np.array(theirs)))
    return worst


def heat(column_of: str, ours: Callable[..., NDArray[np.float64]]) -> float:
    """One measure of heat from 15 to 47 °C and 5 to 100 % humidity."""
    rows = rows_of("heat.csv")
    return apart(ours(column(rows, "celsius"), column(rows, "humidity")), column(rows, column_of))


def serial() -> float:
    """Shares of days of the intervals of influenza 2009, measles 1861 and SARS 2003."""
    worst = 0.0
    for _, rows in grouped(rows_of("serial.csv"), "outbreak"):
        mean, spread = number(rows[0]["mean"]), number(rows[0]["sd"])
        ours = gamma_interval(mean_days=mean, sd_days=spread, days=len(rows))
        worst = max(worst, apart(ours, column(rows, "share")))
    return worst


VALUE_OF = {"normal": "measure", "exponential": "days", "ordinal": "stage"}


def values(kind: str) -> float:
    """The best of all circles, high and low: its ratio, and its places."""
    people = rows_of("values_people.csv")
    place = column(people, "place").astype(np.int64) - 1
    places = int(place.max()) + 1
    xy = np.zeros((places, 2))
    xy[place] = np.column_stack((column(people, "x"), column(people, "y")))
    given = Values(
        kind=KindOfValues(kind), places=places, intervals=1, place=place,
        interval=np.zeros_like(place), value=column(people, VALUE_OF[kind]),
        happened=column(people, "happened") == 1 if kind == "exponential" else None,
    )  # fmt: skip
    zones = circles(xy, np.bincount(place, minlength=places).astype(np.float64))
    worst = 0.0
    for row in rows_of("values.csv"):
        if row["kind"] == kind:
            settings = Settings(replicates=0, rates=Rates(row["rates"]))
            best = scan_values(zones, given, settings).clusters[0]
            worst = max(worst, abs(best.log_likelihood_ratio - number(row["ratio"])))
            assert sorted(best.places) == [int(one) - 1 for one in row["places"].split()]
    return worst


CASES: tuple[Case, ...] = (
    Case(
        algorithm="EARS C1, C2, C3",
        call="surveillance::earsC",
        golden="ears.csv",
        difference=ears,
    ),
    Case(
        algorithm="Farrington, original",
        call="surveillance::algo.farrington",
        golden="farrington.csv",
        difference=farrington,
    ),
    Case(
        algorithm="Farrington flexible: negative binomial, delta, muan",
        call="surveillance::farringtonFlexible",
        golden="farrington_flexible.csv",
        difference=farrington_flexible,
    ),
    Case(
        algorithm="CUSUM: Pearson, Rossi, Anscombe, negative binomial",
        call="surveillance::algo.cusum",
        golden="cusum.csv",
        difference=cusum,
    ),
    Case(
        algorithm="CUSUM, risk-adjusted",
        call="surveillance::categoricalCUSUM",
        golden="cusum_risk_adjusted.csv",
        difference=cusum_risk_adjusted,
    ),
    Case(
        algorithm="GLR, Poisson and negative binomial",
        call="surveillance::algo.glrnb",
        golden="glr.csv",
        difference=glr,
    ),
    Case(
        algorithm="Nowcast, Lawless",
        call="surveillance::nowcast",
        golden="nowcast.csv",
        difference=nowcast_lawless,
    ),
    Case(
        algorithm="Nowcast, truncated Bayes: shares within each delay",
        call="surveillance::nowcast",
        golden="nowcast.csv",
        difference=nowcast_bayes,
    ),
    Case(
        algorithm="Reproduction number, Cori",
        call="EpiEstim::estimate_R",
        golden="reproduction.csv",
        difference=partial(reproduction, "mean", "sd", "low", "median", "high"),
    ),
    Case(
        algorithm="Reproduction number, Wallinga and Teunis: mean",
        call="EpiEstim::wallinga_teunis",
        golden="reproduction.csv",
        difference=partial(reproduction, "by_case"),
    ),
    Case(
        algorithm="Serial intervals of influenza, measles and SARS (Cori et al.)",
        call="EpiEstim::discr_si",
        golden="serial.csv",
        difference=serial,
        script="make_values.R",
    ),
    Case(
        algorithm="Moving epidemic method: thresholds, epidemics",
        call="epimem.mem_model",
        golden="mem.csv",
        difference=season_levels_of_mem,
        script="make_python.py",
    ),
    Case(
        algorithm="Scan of measures: best circle",
        call="stats::lm",
        golden="values.csv",
        difference=partial(values, "normal"),
        script="make_values.R",
    ),
    Case(
        algorithm="Scan of times until something happens: best circle",
        call="survival::survreg",
        golden="values.csv",
        difference=partial(values, "exponential"),
        script="make_values.R",
    ),
    Case(
        algorithm="Scan of ordered categories: best circle",
        call="stats::isoreg",
        golden="values.csv",
        difference=partial(values, "ordinal"),
        script="make_values.R",
    ),
    Case(
        algorithm="Heat index",
        call="metpy.calc.heat_index",
        golden="heat.csv",
        difference=partial(heat, "heat_index", heat_index),
        script="make_python.py",
    ),
    Case(
        algorithm="Wet-bulb globe temperature, the Bureau's approximation",
        call="thermofeel.calculate_wbgt_simple",
        golden="heat.csv",
        difference=partial(heat, "wbgt", wet_bulb_globe),
        script="make_python.py",
    ),
)

"""Every detector of the registry asked about one day, in batches."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from surveillance.detect.cidars import FixedValue, MovingPercentile, percentile_of
from surveillance.detect.model import Detector, Judgement
from surveillance.detect.registry import DETECTORS
from surveillance.series.keys import SeriesKey
from surveillance.series.model import Panel, Step

DAYS_OF_WEEK = 7
SERIES_AT_ONCE = 1024
"""Bounds memory: a batch of five years of days is 16 MB, and some detectors make a few copies."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sight:
    """How a detector looks at a day: by days or by the sevens that end with it, and how far back.

    periods None: as far as the panel goes. An average or a sum that runs on needs no more than what
    it still remembers.
    """

    step: Step
    periods: int | None = None


BY_SEVENS = Sight(step=Step.WEEK)
SIGHTS: Mapping[str, Sight] = MappingProxyType({
    "ears_c1": Sight(step=Step.DAY, periods=30),
    "ears_c2": Sight(step=Step.DAY, periods=30),
    "ears_c3": Sight(step=Step.DAY, periods=30),
    "ewma": Sight(step=Step.DAY, periods=120),
    "regression_ewma_switch": Sight(step=Step.DAY, periods=120),
    "data_drop": Sight(step=Step.DAY, periods=70),
    "fixed_value": Sight(step=Step.DAY, periods=7),
    "moving_percentile": Sight(step=Step.DAY),
    "cusum": Sight(step=Step.WEEK, periods=156),
    "cusum_negative_binomial": Sight(step=Step.WEEK, periods=156),
    "cusum_risk_adjusted": Sight(step=Step.WEEK, periods=156),
    "glr_negative_binomial": Sight(step=Step.WEEK, periods=156),
})  # fmt: skip
"""Detectors that are not named here look by sevens, as far back as there is something."""


def sevens(panel: Panel) -> Panel:
    """Return daily counts as periods of seven days, of which the last ends with the panel.

    Days before the first whole seven are left out. A seven with a missing day is missing; it is
    usable if all its days are. Its population is that of its last day, its share of reported cases
    the mean of its days'.
    """
    spare = panel.n_periods % DAYS_OF_WEEK

    def folded(values: NDArray[np.float64]) -> NDArray[np.float64]:
        return values[:, spare:].reshape(values.shape[0], -1, DAYS_OF_WEEK)

    usable, population, known = panel.usable, panel.population, panel.known
    return Panel(
        counts=folded(panel.counts).sum(axis=2),
        starts_on=panel.starts_on + timedelta(days=spare),
        step=Step.WEEK,
        usable=None
        if usable is None
        else np.asarray(folded(usable.astype(np.float64)).all(axis=2)),
        population=None if population is None else folded(population)[:, :, -1],
        known=None if known is None else folded(known).mean(axis=2),
    )


def newest(panel: Panel, periods: int | None) -> Panel:
    """Return the last `periods` periods of a panel."""
    spare = 0 if periods is None else max(panel.n_periods - periods, 0)
    if spare == 0:
        return panel

    return Panel(
        counts=panel.counts[:, spare:],
        starts_on=panel.starts_on + timedelta(days=spare * panel.step.days),
        step=panel.step,
        usable=None if panel.usable is None else panel.usable[:, spare:],
        population=None if panel.population is None else panel.population[:, spare:],
        known=None if panel.known is None else panel.known[:, spare:],
    )


AS_REPORTED = frozenset(
    {"farrington", "farrington_flexible", "data_drop", "first_case", "fixed_value"}
)
"""Detectors that mind by themselves which share is known, or look at nothing but reported cases."""
SURE_FROM = 0.95
BEFORE_DAYS = 28
LEAST_BEFORE = 0.05
"""Cases a day that are taken for usual where there were fewer."""


def in_the_end(panel: Panel) -> Panel:
    """Return daily counts as they are expected to be once all reports have come.

    To what is known of a day comes what truncated Bayes expects to be unseen: a gamma prior of the
    mean of the 28 days before that are known whole, worth one case. So a day of which hardly
    anything can be known is taken for usual, and one with many known cases for what these say.
    """
    known = panel.known
    if known is None:
        return panel
    whole = np.where(known >= SURE_FROM, panel.counts, np.nan)
    late = np.flatnonzero((known < SURE_FROM).any(axis=0))
    counts = panel.counts.copy()
    if late.size:
        begin = late[0]
        before = whole[:, max(begin - BEFORE_DAYS, 0) : begin]
        reports = np.maximum((~np.isnan(before)).sum(axis=1), 1)
        mean = np.maximum(np.nansum(before, axis=1) / reports, LEAST_BEFORE)[:, None]
        share = known[:, begin:]
        unseen = (1 - share) * (1 + counts[:, begin:]) / (1 / mean + share)
        counts[:, begin:] += np.where(share < SURE_FROM, unseen, 0.0)
    return replace(panel, counts=counts, known=None)


def rows_of(panel: Panel, rows: slice | list[int]) -> Panel:
    """Return some series of a panel."""
    return Panel(
        counts=panel.counts[rows],
        starts_on=panel.starts_on,
        step=panel.step,
        usable=None if panel.usable is None else panel.usable[rows],
        population=None if panel.population is None else panel.population[rows],
        known=None if panel.known is None else panel.known[rows],
    )


Own = Mapping[str, Callable[[slice], Detector]]
"""Name → the detector with the settings of some series, where they have their own."""


def settings_of(keys: Sequence[SeriesKey], fixed: Mapping[str, int]) -> Own:
    """Return the detectors whose settings depend on the disease of each series.

    fixed: code of a disease → cases from which it alarms; others have no such value.
    """
    cases = np.array([fixed.get(key.disease, np.nan) for key in keys], dtype=np.float64)
    percentile = np.array([percentile_of(key.disease) for key in keys], dtype=np.float64)
    return {
        "fixed_value": lambda rows: FixedValue(cases=cases[rows]),
        "moving_percentile": lambda rows: MovingPercentile(percentile=percentile[rows]),
    }


def judge_day(panel: Panel, own: Own = MappingProxyType({})) -> dict[str, Judgement]:
    """Return what each detector says of the last period of a panel; arrays (n, 1).

    Of days each looks as `SIGHTS` says; of weeks all look at these.
    """
    parts: dict[str, list[Judgement]] = {name: [] for name in DETECTORS}
    for rows in _batches(panel.n_series):
        days = rows_of(panel, rows)
        if panel.step is Step.WEEK:
            for name, member in DETECTORS.items():
                detector = own[name](rows) if name in own else member.detector
                parts[name].append(detector.judge(days, first=days.n_periods - 1))
            continue
        weeks = sevens(days)
        grown = in_the_end(days)
        grown_weeks = weeks if grown is days else sevens(grown)
        for name, member in DETECTORS.items():
            sight = SIGHTS.get(name, BY_SEVENS)
            by_day, by_week = (days, weeks) if name in AS_REPORTED else (grown, grown_weeks)
            seen = newest(by_day if sight.step is Step.DAY else by_week, sight.periods)
            detector = own[name](rows) if name in own else member.detector
            parts[name].append(detector.judge(seen, first=seen.n_periods - 1))
    return {name: _joined(its) for name, its in parts.items()}


def _batches(series: int) -> Iterator[slice]:
    for first in range(0, series, SERIES_AT_ONCE):
        yield slice(first, first + SERIES_AT_ONCE)


def _joined(parts: list[Judgement]) -> Judgement:
    """Return the judgement of all batches; periods are numbered from the judged one."""
    return Judgement(
        first=0,
        observed=np.vstack([part.observed for part in parts]),
        expected=np.vstack([part.expected for part in parts]),
        threshold=np.vstack([part.threshold for part in parts]),
        p_value=np.vstack([part.p_value for part in parts]),
        alarm=np.vstack([part.alarm for part in parts]),
        outcome=np.vstack([part.outcome for part in parts]),
    )

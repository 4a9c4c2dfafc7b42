"""Far fewer than were due: a disease in an area, or a reporting unit, of which little comes.

It is a signal of the data, not of health: reports may be missing. A week is judged by the eight
before it (`surveillance.detect.drop`), and only what also falls to less than half of the last week
is told: an epidemic that ends by itself seldom falls faster, a broken feed does. Who sent nothing
at all where a report was due is no drop but a missing report (`surveillance.counting.frame`).
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import numpy as np
from numpy.typing import NDArray

from gis.words import Words, alike, reason
from surveillance.detect.discoveries import false_discovery_rate
from surveillance.detect.drop import DataDrop
from surveillance.detect.farrington.quantiles import counts_above
from surveillance.detect.model import Judgement
from surveillance.series.keys import ALL_AGES, ALL_DISEASES, WHOLE_CITY, SeriesKey
from surveillance.series.model import Panel, Step
from surveillance.signals.model import IN_CITY, Institution, Kind, Rules, Signal, Watched
from surveillance.signals.opinions import DAYS_OF_WEEK, newest, rows_of, sevens
from surveillance.signals.weighing import newest_case, weight

LEAD = "data_drop"
DROP = DataDrop()
WEEKS = DROP.weeks + 1
LOOK_BACK_DAYS = WEEKS * DAYS_OF_WEEK
FALLS_TO, WEEKS_BACK = 0.5, 4
"""To this share of the week before an epidemic may fall by itself; so many weeks are asked."""

OF_SERIES = Words(
    en="{disease}, {place}: only {observed} cases in seven days where {expected} were due by the "
    "eight weeks before. Reports may be missing: ask who reports before taking it for good news.",
    zh="{disease}，{place}：近7天仅报告{observed}例，按前8周应有约{expected}例。可能存在漏报或报送中断，"
    "请先核实报告情况，不可据此认为疫情好转。",
)
OF_UNIT = Words(
    en="{unit}, {place}: only {observed} reports of any disease in seven days where {expected} "
    "were due by the eight weeks before. Ask the unit: it may have stopped reporting.",
    zh="{unit}，{place}：近7天各病种仅报告{observed}例，按前8周应有约{expected}例。请向该单位核实是否中断报告。",
)


@dataclass(frozen=True, slots=True)
class UnitReports:
    """When reports of n cases first came, from which unit, of which area (or None).

    unit, area: (n,) object; known_from: (n,) datetime64[us] UTC. Each case once, whatever became of
    it: who reports is asked, not how many cases there are.
    """

    unit: NDArray[np.object_]
    area: NDArray[np.object_]
    known_from: NDArray[np.datetime64]


def dropped_series(watched: Watched, rules: Rules) -> tuple[Signal, ...]:
    """Return the series of all ages of which far fewer came than were due, by weight.

    A disease that falls in the whole city is told once, not in each area.
    """
    rows = [row for row, key in enumerate(watched.keys) if key.age_group == ALL_AGES]
    if not rows:
        return ()
    panel = rows_of(watched.panel, rows)
    weeks = panel if panel.step is Step.WEEK else sevens(newest(panel, LOOK_BACK_DAYS))
    made, told = _judged(weeks, rules)
    keys = [watched.keys[row] for row in rows]
    whole = {keys[row].disease for row in told if keys[row].area_code == WHOLE_CITY}
    return _by_weight(
        _signal(
            keys[row], made, row, newest_on=newest_case(panel, row),
            says=OF_SERIES.filled(
                disease=watched.names[keys[row].disease], place=_place(watched.places, keys[row]),
                **_figures(made, row),
            ),
        )
        for row in told
        if keys[row].area_code == WHOLE_CITY or keys[row].disease not in whole
    )  # fmt: skip


def silent_units(
    reports: UnitReports, *, day: date, ended: datetime, reported_from: date, rules: Rules,
    places: Mapping[str, Words], area_of: Mapping[str, str],
) -> tuple[Signal, ...]:  # fmt: skip
    """Return the reporting units of which far fewer reports came than were due, by weight.

    ended: the moment at which `day` is over; reported_from: the first day of any report. area_of:
    code of any area → the one that is counted.
    """
    last = np.datetime64(ended.replace(tzinfo=None), "us")
    week = (last - reports.known_from - np.timedelta64(1, "us")) // np.timedelta64(7, "D")
    there = np.flatnonzero((reports.known_from < last) & (week < WEEKS))
    units, number = np.unique(reports.unit[there].astype(str), return_inverse=True)
    counts = np.zeros((len(units), WEEKS))
    np.add.at(counts, (number, WEEKS - 1 - week[there].astype(np.int64)), 1)
    starts_on = day - timedelta(days=LOOK_BACK_DAYS - 1)
    unknown = -(-max((reported_from - starts_on).days, 0) // DAYS_OF_WEEK)
    counts[:, :unknown] = np.nan
    if not len(units):
        return ()
    made, told = _judged(Panel(counts=counts, starts_on=starts_on, step=Step.WEEK), rules)
    signals = []
    for row in told:
        its = there[number == row]
        codes = [area_of.get(code) for code in reports.area[its].tolist()]
        known = sorted({code for code in codes if code is not None}, key=codes.count)
        key = SeriesKey(ALL_DISEASES, known[-1] if known else WHOLE_CITY, ALL_AGES)
        newest_on: date = day - timedelta(
            days=int((last - reports.known_from[its].max()) // np.timedelta64(1, "D"))
        )
        signals.append(_signal(
            key, made, row, newest_on=newest_on, unit=str(units[row]),
            recent=tuple(np.nan_to_num(counts[row]).astype(int).tolist()),
            says=OF_UNIT.filled(
                unit=alike(str(units[row])), place=_place(places, key), **_figures(made, row)
            ),
        ))  # fmt: skip
    return _by_weight(signals)


def _judged(weeks: Panel, rules: Rules) -> tuple[Judgement, list[int]]:
    """Return what is said of the last week, and the rows of which far fewer came."""
    seen = newest(weeks, WEEKS)
    made = DROP.judge(seen, first=seen.n_periods - 1)
    shares = np.ones_like(seen.counts) if seen.known is None else seen.known
    before = (seen.counts / shares)[:, -2 : -2 - WEEKS_BACK : -1]
    falls = FALLS_TO ** np.arange(1, before.shape[1] + 1)
    with np.errstate(invalid="ignore"):
        by_itself = np.nan_to_num(before * falls).max(axis=1, initial=0.0) * shares[:, -1]
    sudden = np.zeros(len(by_itself), dtype=bool)
    some = by_itself > 0
    count, phi = np.nan_to_num(seen.counts[some, -1]), np.ones(int(some.sum()))
    sudden[some] = 1 - counts_above(count, by_itself[some], phi) <= DROP.alpha
    rate = false_discovery_rate(made.p_value[:, 0])
    with np.errstate(invalid="ignore"):
        told = made.alarm[:, 0] & sudden & (rate <= rules.false_share)
    return made, np.flatnonzero(told).tolist()


def _signal(
    key: SeriesKey, made: Judgement, row: int, *, says: Words, newest_on: date,
    unit: str | None = None, recent: tuple[int, ...] | None = None,
) -> Signal:  # fmt: skip
    observed, expected = float(made.observed[row, 0]), float(made.expected[row, 0])
    p_value = float(made.p_value[row, 0])
    return Signal(
        key=key, kind=Kind.DROP, lead=LEAD, obliged=False, observed=observed, expected=expected,
        threshold=float(made.threshold[row, 0]), p_value=p_value, false_rate=None,
        weight=weight(p_value, expected - observed), told=True, cases_7=int(observed),
        newest_case_on=newest_on, reason=reason(f"{LEAD}.alarm", says), opinions=(),
        institution=None if unit is None else Institution(key=unit, name=unit), recent=recent,
    )  # fmt: skip


def _by_weight(signals: Iterable[Signal]) -> tuple[Signal, ...]:
    return tuple(sorted(signals, key=lambda one: (-one.weight, one.key)))


def _figures(made: Judgement, row: int) -> dict[str, str]:
    return {
        "observed": f"{made.observed[row, 0]:,.0f}", "expected": f"{made.expected[row, 0]:,.0f}",
    }  # fmt: skip


def _place(places: Mapping[str, Words], key: SeriesKey) -> Words:
    return IN_CITY if key.area_code == WHOLE_CITY else places[key.area_code]

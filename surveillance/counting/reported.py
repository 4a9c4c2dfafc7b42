"""Counts that others have made: aggregate reports as series, beside the cases of line lists.

No cell is counted twice. From the first day of a disease in a line list on, its line lists cover
it; before, and of diseases that stand in none, aggregate reports do. Of several that report one
disease (sources, or bases of one source) the one with most cells speaks.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

import numpy as np
from numpy.typing import NDArray

from surveillance.counting.frame import GRACE_DAYS, rhythm_of
from surveillance.counting.model import COUNTED, AreaCodes, known_at
from surveillance.series.keys import AGE_GROUPS, ALL_AGES, WHOLE_CITY, SeriesKey

Floats = NDArray[np.float64]
DAY, WEEK = 1, 7


@dataclass(frozen=True, slots=True, kw_only=True)
class CountCells:
    """k counts of aggregate reports, each of a period and group; as columns (k,).

    line: number of its source and bases, of which `lines` says the name. disease, area, sex,
    classification: object, area None = the whole city. first: datetime64[D]; days: int64, its
    length. age_from, age_below: float64, NaN = no end. cases: float64. known_from, known_until:
    datetime64[us] UTC. ended: (line, area) → the first day on which nobody reports from there.
    """

    line: NDArray[np.int64]
    disease: NDArray[np.object_]
    area: NDArray[np.object_]
    first: NDArray[np.datetime64]
    days: NDArray[np.int64]
    age_from: Floats
    age_below: Floats
    sex: NDArray[np.object_]
    classification: NDArray[np.object_]
    cases: Floats
    known_from: NDArray[np.datetime64]
    known_until: NDArray[np.datetime64]
    lines: Mapping[int, str]
    ended: Mapping[tuple[int, str | None], date]

    def known_at(self, moment: datetime) -> NDArray[np.bool_]:
        """Return which counts (k,) were what was known at a moment."""
        never = np.full(self.known_from.shape, np.datetime64("NaT", "us"))
        return known_at(self.known_from, self.known_until, never, moment)


@dataclass(frozen=True, slots=True, kw_only=True)
class Covered:
    """Which source's reports a disease is counted by, since when and, if that is over, until when.

    days: the length of its periods.
    """

    disease: str
    source: str
    days: int
    since: date
    until: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Reported:
    """Series of aggregate reports over periods of one length.

    counts: (n, t) float64, NaN = a report is missing. starts_on: first day of the first period.
    """

    keys: tuple[SeriesKey, ...]
    counts: Floats
    starts_on: date
    days: int
    covered: tuple[Covered, ...]


def reported_series(
    cells: CountCells,
    *,
    days: int,
    areas: AreaCodes,
    as_of: datetime,
    first: date,
    last: date,
    listed_from: Mapping[str, date],
) -> Reported | None:
    """Return the series of the reports by periods of `days` days that end by `last`; None: none.

    As known at `as_of`, from `first` on. An area is the sum of who reports from it, the whole city
    of its own report or else of all; one of these missing, who had reported before and has not
    ended, makes the sum missing. All ages are their own row, or else the sum of those given; ages
    that lie in none of the groups count there only. listed_from: disease → the first day its line
    lists cover.
    """
    kept = cells.known_at(as_of) & (cells.days == days)
    kept &= (cells.first >= np.datetime64(first)) & (
        cells.first + cells.days <= np.datetime64(last) + 1
    )
    for disease, since in listed_from.items():
        kept &= (cells.disease != disease) | (cells.first + cells.days <= np.datetime64(since))
    rows = np.flatnonzero(kept)
    rows = rows[_one_line(cells, rows)]
    if not rows.size:
        return None
    # Periods stand in one row: those of most cells say on which day they begin.
    phase = cells.first[rows].astype(np.int64) % days
    rows = rows[phase == np.bincount(phase).argmax()]
    begin = cells.first[rows].min()
    period = (cells.first[rows] - begin).astype(np.int64) // days
    # What should have come by now and has not is missing; a period more may still come.
    due = (np.datetime64(last) + 1 - GRACE_DAYS[rhythm_of(days)] - begin).astype(np.int64) // days
    length = max(int(period.max()) + 1, int(due))
    keys: list[SeriesKey] = []
    series: list[Floats] = []
    covered = []
    for disease in sorted(set(cells.disease[rows])):
        own = cells.disease[rows] == disease
        made = _of_disease(cells, rows[own], period[own], length, areas=areas, begin=begin)
        for (place, group), counts in made.items():
            keys.append(SeriesKey(disease, place, group))
            series.append(counts)
        until = listed_from.get(disease)
        covered.append(Covered(
            disease=disease, source=cells.lines[int(cells.line[rows[own][0]])], days=days,
            since=cells.first[rows[own]].min().astype(object), until=until,
        ))  # fmt: skip
    return Reported(
        keys=tuple(keys), counts=np.array(series), starts_on=begin.astype(object), days=days,
        covered=tuple(covered),
    )  # fmt: skip


def _one_line(cells: CountCells, rows: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Return which rows are of the line that speaks for their disease."""
    told = Counter(zip(cells.disease[rows].tolist(), cells.line[rows].tolist(), strict=True))
    speaks = {
        disease: max((n, -line) for (of, line), n in told.items() if of == disease)[1] * -1
        for disease in {of for of, _ in told}
    }
    lines = [speaks[disease] for disease in cells.disease[rows].tolist()]
    return np.asarray(cells.line[rows] == np.array(lines, np.int64))


Reporter = tuple[str | None, str]
"""Area of who reports, and age group or `ALL_AGES`."""


def _of_disease(
    cells: CountCells, rows: NDArray[np.int64], period: NDArray[np.int64], length: int, *,
    areas: AreaCodes, begin: np.datetime64,
) -> dict[tuple[str, str], Floats]:  # fmt: skip
    """Return the series (length,) of one disease by place and age group."""
    own: dict[Reporter, Floats] = {}
    parts: dict[str | None, Floats] = {}
    whole = _whole_groups(cells, rows)
    for row, at in zip(rows.tolist(), period.tolist(), strict=True):
        if not whole[row]:
            continue
        area = cells.area[row]
        area = area if area in areas.of_code else None
        group = _group(cells.age_from[row], cells.age_below[row])
        if group != ALL_AGES:
            _add(parts.setdefault(area, np.full(length, np.nan)), at, cells.cases[row])
        if group is not None:
            _add(own.setdefault((area, group), np.full(length, np.nan)), at, cells.cases[row])
    for area, added in parts.items():
        total = own.setdefault((area, ALL_AGES), np.full(length, np.nan))
        own[area, ALL_AGES] = np.where(np.isnan(total), added, total)
    _close(cells, rows[0], own, begin)
    made: dict[tuple[str, str], Floats] = {}
    for group in (*AGE_GROUPS, ALL_AGES):
        by_area = {area: counts for (area, its), counts in own.items() if its == group}
        inside: dict[str, list[Floats]] = {}
        for area, counts in by_area.items():
            if area is not None:
                inside.setdefault(areas.of_code[area], []).append(counts)
        made |= {(code, group): _sum(its) for code, its in inside.items()}
        city = by_area.get(None)
        several = [one for its in inside.values() for one in its]
        summed: Floats | None = _sum(several) if several else city
        if summed is not None:
            made[WHOLE_CITY, group] = (
                summed if city is None else np.where(np.isnan(city), summed, city)
            )
    return made


def _close(
    cells: CountCells, row: np.int64, own: Mapping[Reporter, Floats], begin: np.datetime64
) -> None:
    """Let who reports no more add nothing, in place, instead of being missed for ever."""
    for (area, _), counts in own.items():
        gone = cells.ended.get((int(cells.line[row]), area))
        if gone is not None:
            after = max(int((np.datetime64(gone) - begin).astype(np.int64) // cells.days[row]), 0)
            counts[after:] = np.nan_to_num(counts[after:])


def _whole_groups(cells: CountCells, rows: NDArray[np.int64]) -> dict[int, bool]:
    """Return which rows count: `all` sexes and classifications, or the parts where `all` is not."""

    def said(name: str, row: int) -> tuple[object, ...]:
        return (cells.area[row], cells.first[row], cells.age_from[row],
                str(cells.age_below[row]), name)  # fmt: skip

    there: set[tuple[object, ...]] = set()
    for row in rows.tolist():
        if cells.sex[row] == "all":
            there.add(said("sex", row))
        if cells.classification[row] == "all":
            there.add(said("classification", row))
    return {
        row: (cells.sex[row] == "all" or said("sex", row) not in there)
        and (
            cells.classification[row] == "all"
            or (said("classification", row) not in there and cells.classification[row] in COUNTED)
        )
        for row in rows.tolist()
    }


def _group(low: float, below: float) -> str | None:
    """Return the age group that holds these ages, `ALL_AGES`, or None where several would."""
    if low == 0 and np.isnan(below):
        return ALL_AGES
    for name, (first, end) in AGE_GROUPS.items():
        if first <= low and (end is None or below <= end):
            return name
    return None


def _add(counts: Floats, at: int, cases: float) -> None:
    counts[at] = cases if np.isnan(counts[at]) else counts[at] + cases


def _sum(several: list[Floats]) -> Floats:
    """Return the sum of who reports; missing where one is who had reported before."""
    table = np.array(several)
    began = np.maximum.accumulate(~np.isnan(table), axis=1)
    missing = (np.isnan(table) & began).any(axis=0) | ~began.any(axis=0)
    return np.where(missing, np.nan, np.nansum(table, axis=0))

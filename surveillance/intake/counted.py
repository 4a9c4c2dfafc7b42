"""Rows of a table of counts become cells: a disease, an area, a period, a group, how many."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from gis.intake.model import Intake
from gis.intake.take import refuse, repeated_rows
from gis.text_fold import fold
from surveillance.cases.model import COUNT_KEY, Counts
from surveillance.diseases.table import DiseaseTable
from surveillance.intake.compose import UNKNOWN_DISEASE
from surveillance.intake.places import Areas, areas_written
from surveillance.series.weeks import SYSTEMS, WeekSystem, first_day_of, weeks_in

Days = npt.NDArray[np.datetime64]

NO_PERIOD = "no day, week or month is given"
NO_SUCH_WEEK = "the year has no such week"
TURNED = "the last day comes before the first"
FUTURE = "the period begins after the file's time"
AGES = "the ages “{text}” are not understood; write 0-4, 85+ or 5岁以下"

_AGES = re.compile(
    r"(\d{1,3})\s*(?:[-~–—]|至|to)\s*(\d{1,3})\s*岁?|(\d{1,3})\s*岁?(?:\+|及?以上)"
    r"|(\d{1,3})\s*岁?以下|<\s*(\d{1,3})"
)
_ALL_AGES = frozenset({"all", "all ages", "合计", "全部", "总计", "total"})


@dataclass(frozen=True, slots=True, kw_only=True)
class CountSurroundings:
    """What words of a table of counts are understood by; bases hold where no column says one."""

    areas: Areas
    table: DiseaseTable
    last_day: np.datetime64
    week_system: str
    date_basis: str
    place_basis: str
    diseases_named: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class CountsComposed:
    """Counts to store, beside the intake from which what was refused is gone."""

    counts: Counts
    intake: Intake


def compose_counts(intake: Intake, around: CountSurroundings) -> CountsComposed:
    """Return the cells of a table of counts; a row that cannot be one costs itself only."""
    table = intake.table
    reasons: dict[int, str] = {}
    diseases = _diseases(table["disease"], around, reasons)
    areas, _, unknown = areas_written(table["area"].to_numpy(), around.areas)
    for position, why in unknown.items():
        reasons.setdefault(position, why)
    begin, until = _periods(table, SYSTEMS[around.week_system], around.last_day, reasons)
    age_from, age_below = _ages(table, reasons)
    columns: dict[str, Any] = {
        "disease": diseases,
        "area_code": areas,
        "period_from": begin,
        "period_until": until,
        "date_basis": _or(table["date_basis"], around.date_basis),
        "place_basis": _or(table["place_basis"], around.place_basis),
        "age_from": age_from,
        "age_below": age_below,
        "sex": _or(table["sex"], "all"),
        "classification": _or(table["classification"], "all"),
        "cases": table["cases"].to_numpy(dtype=np.float64, na_value=np.nan),
        "deaths": table["deaths"].to_numpy(dtype=np.float64, na_value=np.nan),
    }
    keys = pd.DataFrame({name: columns[name] for name in COUNT_KEY})
    # To the table nothing said is the same as nothing said.
    keys = keys.astype(object).where(keys.notna(), "")
    keys.loc[list(reasons)] = None
    again = repeated_rows(keys, intake.row_number)
    kept = np.ones(len(table), dtype=bool)
    kept[[*reasons, *again]] = False
    return CountsComposed(
        counts=Counts(columns={name: column[kept] for name, column in columns.items()}),
        intake=refuse(intake, {**reasons, **again}, repeated=len(again)),
    )


def _diseases(
    written: "pd.Series[Any]", around: CountSurroundings, reasons: dict[int, str]
) -> npt.NDArray[np.object_]:
    known = np.empty(len(written), dtype=object)
    for position, text in enumerate(written):
        known[position] = around.diseases_named.get(fold(text)) or around.table.find(text)
        if known[position] is None:
            reasons[position] = UNKNOWN_DISEASE.format(text=text[:40])
    return known


def _periods(
    table: pd.DataFrame, system: WeekSystem, last_day: np.datetime64, reasons: dict[int, str]
) -> tuple[Days, Days]:
    """Return the first day and the day after the last (n,): of days, else weeks, else months."""
    begin = table["period_from"].to_numpy().astype("datetime64[D]")
    last = table["period_until"].to_numpy().astype("datetime64[D]")
    until: Days = np.asarray(
        np.where(np.isnat(last), begin, last) + np.timedelta64(1, "D"), dtype="datetime64[D]"
    )
    year = table["year"].to_numpy(dtype=np.float64, na_value=np.nan)
    week = table["week"].to_numpy(dtype=np.float64, na_value=np.nan)
    month = table["month"].to_numpy(dtype=np.float64, na_value=np.nan)
    rows = np.flatnonzero(np.isnat(begin) & np.isfinite(year) & np.isfinite(week))
    years, weeks = year[rows].astype(np.int64), week[rows].astype(np.int64)
    begin[rows] = first_day_of(years, weeks, system)
    until[rows] = begin[rows] + np.timedelta64(7, "D")
    for position in rows[weeks > weeks_in(years, system)].tolist():
        reasons.setdefault(position, NO_SUCH_WEEK)
    rows = np.flatnonzero(np.isnat(begin) & np.isfinite(year) & np.isfinite(month))
    months = ((year[rows] - 1970) * 12 + month[rows] - 1).astype(np.int64).astype("datetime64[M]")
    begin[rows] = months.astype("datetime64[D]")
    until[rows] = (months + np.timedelta64(1, "M")).astype("datetime64[D]")
    for which, why in (
        (np.isnat(begin), NO_PERIOD), (until <= begin, TURNED), (begin > last_day, FUTURE)
    ):  # fmt: skip
        for position in np.flatnonzero(which).tolist():
            reasons.setdefault(position, why)
    return begin, until


def _ages(
    table: pd.DataFrame, reasons: dict[int, str]
) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
    low = table["age_from"].to_numpy(dtype=np.float64, na_value=np.nan)
    below = table["age_below"].to_numpy(dtype=np.float64, na_value=np.nan)
    for position, text in enumerate(table["age_group"]):
        if text is None:
            continue
        ages = age_band(text)
        if ages is None:
            reasons.setdefault(position, AGES.format(text=text[:40]))
        elif np.isnan(low[position]) and np.isnan(below[position]):
            low[position], below[position] = ages
    low = np.where(np.isnan(low), 0.0, low)
    for position in np.flatnonzero(below <= low).tolist():
        reasons.setdefault(position, AGES.format(text=f"{low[position]:g}-{below[position]:g}"))
    return low, below


def age_band(written: str) -> tuple[float, float] | None:
    """Return (from, below) of `0-4`, `85+`, `5岁以下`; below NaN without an end; None if none."""
    plain = written.strip().casefold()
    if plain in _ALL_AGES:
        return 0.0, np.nan
    match = _AGES.fullmatch(plain)
    if match is None:
        return None
    first, last, older, younger, less = match.groups()
    if first is not None:
        return float(first), float(last) + 1.0
    if older is not None:
        return float(older), np.nan
    return 0.0, float(younger or less)


def _or(column: "pd.Series[Any]", otherwise: str) -> npt.NDArray[np.object_]:
    return np.array([otherwise if one is None else one for one in column], dtype=object)

"""Rows of a file become values of indicators; a row that cannot be one costs itself only."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

import numpy as np
import pandas as pd

from gis.indicators import Indication
from gis.intake.model import Intake
from gis.intake.take import refuse
from surveillance.indicators import heat, mosquito
from surveillance.indicators.catalogue import INDICATORS, SUBJECT
from surveillance.indicators.model import ABOUT_PEOPLE, LEAST_PEOPLE, Indicator
from surveillance.intake.places import Areas, areas_written

Cells = Mapping[str, Any]
"""A row of the table by field: NaN, NaT, NA or None where it has nothing."""

NO_PERIOD = "no day, year or first and last day is given"
TURNED = "the last day comes before the first"
FUTURE = "the period begins after the file's time"
NOTHING = (
    "the row has neither an indicator with its value, nor temperature and humidity, nor an "
    "inspection of houses"
)
MORE_THAN_ALL = "more are positive than were inspected"
TOO_FEW = "a count of fewer than {least} people is not stored; give a larger area"
OTHER_LEVEL = (
    "counts of people are kept of one level of areas, here {level}: a difference of "
    "levels would tell small ones"
)
OTHER_UNIT = "the unit of {code} is {unit}"
OUT_OF_BOUNDS = "{value:g} lies outside {low:g} to {high:g}, which {code} may have"
ELSEWHERE = "the area is not of this city"
REPEATED = "the same area, indicator and period stands in row {row}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Composed:
    """Values to store, beside the intake from which what was refused is gone."""

    values: tuple[Indication, ...]
    intake: Intake


@dataclass(frozen=True, slots=True, kw_only=True)
class Around:
    """What rows are understood by.

    levels : of indicators that count people and have values → the level of their areas
    """

    areas: Areas
    source: str
    as_of: datetime
    last_day: date
    levels: Mapping[str, str]


def compose(intake: Intake, around: Around) -> Composed:
    """Return the values of a file of indicators."""
    table = intake.table
    reasons: dict[int, str] = {}
    areas, _, unknown = areas_written(table["area"].to_numpy(), around.areas)
    for row, why in unknown.items():
        reasons.setdefault(row, why)
    levels = dict(around.levels)
    first_row: dict[tuple[object, ...], int] = {}
    values: list[Indication] = []
    for row, cells in enumerate(_rows(table)):
        if row in reasons:
            continue
        try:
            made = _row(cells, str(areas[row]), around, levels)
        except _RefusedRowError as error:
            reasons[row] = str(error)
            continue
        keys = [(one.indicator, one.subject_id, one.period_from, one.period_until) for one in made]
        before = next((first_row[key] for key in keys if key in first_row), None)
        if before is not None:
            reasons[row] = REPEATED.format(row=intake.row_number[before])
            continue
        first_row |= dict.fromkeys(keys, row)
        values += made
    return Composed(values=tuple(values), intake=refuse(intake, reasons))


def _rows(table: pd.DataFrame) -> list[Cells]:
    return [{str(name): cell for name, cell in row.items()} for row in table.to_dict("records")]


class _RefusedRowError(ValueError):
    """Why a row cannot be a value."""


def _row(cells: Cells, area: str, around: Around, levels: dict[str, str]) -> list[Indication]:
    found = around.areas.by_code.get(area)
    if found is None:
        raise _RefusedRowError(ELSEWHERE)
    begin, until = _period(cells)
    if begin > around.last_day:
        raise _RefusedRowError(FUTURE)
    n = _whole(cells, "n")
    made = [
        Indication(
            one.code, SUBJECT, area, begin, until, value,
            n if of is None else of,
            one.unit, around.source, around.as_of,
        )
        for one, value, of in _values(cells)
    ]  # fmt: skip
    for one in made:
        people = _people(one)
        if people is not None and 0 < round(people) < LEAST_PEOPLE:
            raise _RefusedRowError(TOO_FEW.format(least=LEAST_PEOPLE))
        if not INDICATORS[one.indicator].counts_people:
            continue
        level = levels.setdefault(one.indicator, found.level)
        if level != found.level:
            raise _RefusedRowError(OTHER_LEVEL.format(level=level))
    return made


def _people(one: Indication) -> float | None:
    """Return how many persons a value stands for, None where it stands for none."""
    indicator = INDICATORS[one.indicator]
    if indicator.theme not in ABOUT_PEOPLE or indicator.counts_people:
        return one.value if indicator.counts_people else None
    per = {"%": 100.0, "/100000.a": 100_000.0}[indicator.unit]
    return None if one.n is None else one.value * one.n / per


def _period(cells: Cells) -> tuple[date, date]:
    day, year = cells["day"], _whole(cells, "year")
    begin, last = cells["period_from"], cells["period_to"]
    if isinstance(begin, pd.Timestamp) and isinstance(last, pd.Timestamp):
        if last < begin:
            raise _RefusedRowError(TURNED)
        return begin.date(), last.date() + timedelta(days=1)
    if isinstance(day, pd.Timestamp):
        return day.date(), day.date() + timedelta(days=1)
    if year is not None:
        return date(year, 1, 1), date(year + 1, 1, 1)
    raise _RefusedRowError(NO_PERIOD)


def _values(cells: Cells) -> list[tuple[Indicator, float, int | None]]:
    """Return what a row says or what follows from it, each with what it rests on."""
    code, value = cells["indicator"], _number(cells, "value")
    if isinstance(code, str) and not np.isnan(value):
        return [(_checked(INDICATORS[code], value, cells["unit"]), value, None)]
    warm, damp = _number(cells, "temperature_c"), _number(cells, "humidity_pct")
    if not np.isnan(warm + damp):
        return [
            (INDICATORS["heat_index"], float(heat.heat_index(warm, damp)), None),
            (INDICATORS["wbgt"], float(heat.wet_bulb_globe(warm, damp)), None),
        ]
    return _inspection(cells)


def _inspection(cells: Cells) -> list[tuple[Indicator, float, int | None]]:
    houses, containers = _number(cells, "houses"), _number(cells, "containers")
    bad_houses = _number(cells, "houses_positive")
    bad_containers = _number(cells, "containers_positive")
    if bad_houses > houses or bad_containers > containers:
        raise _RefusedRowError(MORE_THAN_ALL)
    found = (
        ("breteau_index", mosquito.breteau_index(bad_containers, houses), houses),
        ("house_index", mosquito.house_index(bad_houses, houses), houses),
        ("container_index", mosquito.container_index(bad_containers, containers), containers),
    )
    made: list[tuple[Indicator, float, int | None]] = [
        (INDICATORS[code], float(value), int(of)) for code, value, of in found if np.isfinite(value)
    ]  # fmt: skip
    if not made:
        raise _RefusedRowError(NOTHING)
    return made


def _number(cells: Cells, name: str) -> float:
    value = cells[name]
    return float(value) if isinstance(value, int | float | np.number) else float("nan")


def _whole(cells: Cells, name: str) -> int | None:
    value = cells[name]
    return int(value) if isinstance(value, int | np.integer) else None


def _checked(indicator: Indicator, value: float, unit: object) -> Indicator:
    if isinstance(unit, str) and unit.strip() not in {"", indicator.unit}:
        raise _RefusedRowError(OTHER_UNIT.format(code=indicator.code, unit=indicator.unit))
    if not indicator.lowest <= value <= indicator.highest:
        raise _RefusedRowError(
            OUT_OF_BOUNDS.format(
                value=value, low=indicator.lowest, high=indicator.highest, code=indicator.code
            )
        )
    return indicator

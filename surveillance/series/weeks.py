"""Epidemiological weeks, by a table of the systems in use."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from gis.words import Words

Days = NDArray[np.datetime64]
Numbers = NDArray[np.int64]

MONDAY, SATURDAY, SUNDAY = 0, 5, 6


@dataclass(frozen=True, slots=True, kw_only=True)
class WeekSystem:
    """Weeks that begin on a weekday (0 = Monday); week 1 has `least_days` days of its year or more.

    4 days: the week that holds 4 January. 1 day: the week that holds 1 January. 7 days: the first
    whole week.
    """

    words: Words
    first_weekday: int
    least_days: int


SYSTEMS: Mapping[str, WeekSystem] = MappingProxyType({
    "iso": WeekSystem(
        words=Words(en="ISO 8601 weeks", zh="ISO 8601周"), first_weekday=MONDAY, least_days=4
    ),
    "mmwr": WeekSystem(
        words=Words(en="MMWR weeks (United States, Brazil)", zh="MMWR周（美国、巴西）"),
        first_weekday=SUNDAY, least_days=4,
    ),
    "saturday": WeekSystem(
        words=Words(en="Weeks from Saturday that hold 1 January", zh="自周六起、含1月1日的周"),
        first_weekday=SATURDAY, least_days=1,
    ),
})  # fmt: skip
"""Systems by name; another is another row."""


def _first_day(year: Numbers, system: WeekSystem) -> Days:
    """Return the first day (k,) of week 1 of each year."""
    new_year = (year - 1970).astype("datetime64[Y]").astype("datetime64[D]")
    into_week = (_weekday(new_year) - system.first_weekday) % 7
    begins = new_year - into_week.astype("timedelta64[D]")
    later = np.where(7 - into_week >= system.least_days, 0, 7)
    return np.asarray(begins + later.astype("timedelta64[D]"))


def _weekday(day: Days) -> Numbers:
    """Return the weekday (k,), 0 = Monday; 1 January 1970 was a Thursday."""
    return (day.astype("datetime64[D]").astype(np.int64) + 3) % 7


def week_of(day: Days, system: WeekSystem) -> tuple[Numbers, Numbers]:
    """Return year and week (k,) of days (k,) datetime64[D]; the year is that of the week."""
    day = day.astype("datetime64[D]")
    calendar = day.astype("datetime64[Y]").astype(np.int64) + 1970
    year = calendar + np.where(day >= _first_day(calendar + 1, system), 1, 0)
    year = np.where(day < _first_day(calendar, system), calendar - 1, year)
    into = (day - _first_day(year, system)).astype(np.int64)
    return year, into // 7 + 1


def first_day_of(year: Numbers, week: Numbers, system: WeekSystem) -> Days:
    """Return the first day (k,) of weeks (k,)."""
    return np.asarray(_first_day(year, system) + ((week - 1) * 7).astype("timedelta64[D]"))


def weeks_in(year: Numbers, system: WeekSystem) -> Numbers:
    """Return how many weeks (k,) years have: 52 or 53."""
    return (_first_day(year + 1, system) - _first_day(year, system)).astype(np.int64) // 7

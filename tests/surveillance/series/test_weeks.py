"""Epidemiological weeks: published years, the calendar of Python, round trips; filling."""

from datetime import date

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from surveillance.series.errors import CountsUnusableError
from surveillance.series.filling import filled_panel
from surveillance.series.model import Step
from surveillance.series.weeks import SYSTEMS, first_day_of, week_of, weeks_in

DATES = st.dates(date(1950, 1, 1), date(2100, 12, 31))


def one(day: date) -> np.ndarray:
    return np.array([day], "datetime64[D]")


@given(day=DATES)
def test_iso_weeks_are_those_of_the_calendar(day: date) -> None:
    year, week = week_of(one(day), SYSTEMS["iso"])
    assert (year[0], week[0]) == day.isocalendar()[:2]


@pytest.mark.parametrize(
    ("day", "year", "week"),
    # Calendar of MMWR weeks, National Notifiable Diseases Surveillance System.
    [(date(2014, 12, 28), 2014, 53), (date(2015, 1, 3), 2014, 53), (date(2015, 1, 4), 2015, 1),
     (date(2020, 12, 27), 2020, 53), (date(2021, 1, 2), 2020, 53), (date(2021, 1, 3), 2021, 1),
     (date(2019, 12, 29), 2020, 1), (date(2022, 1, 1), 2021, 52)],
)  # fmt: skip
def test_mmwr_weeks_at_the_ends_of_years(day: date, year: int, week: int) -> None:
    found = week_of(one(day), SYSTEMS["mmwr"])
    assert (found[0][0], found[1][0]) == (year, week)


@pytest.mark.parametrize("name", SYSTEMS)
@given(day=DATES)
def test_a_day_lies_in_its_week(name: str, day: date) -> None:
    system = SYSTEMS[name]
    year, week = week_of(one(day), system)
    begins = first_day_of(year, week, system)[0].astype(object)
    assert 0 <= (day - begins).days < 7
    assert begins.weekday() == system.first_weekday
    assert 1 <= week[0] <= weeks_in(year, system)[0] <= 53


def test_a_report_without_cases_is_zero_and_no_report_is_none() -> None:
    reported = np.array([[True, True, False], [False, False, False]])
    days = np.array(["2026-01-05", "2026-01-11", "2026-01-19"], "datetime64[D]")
    panel = filled_panel(np.array([0, 0, 1]), days, reported=reported,
                         starts_on=date(2026, 1, 5), step=Step.WEEK)  # fmt: skip
    assert panel.counts[0].tolist()[:2] == [2, 0]
    assert np.isnan(panel.counts[0, 2])
    assert panel.counts[1, 2] == 1
    assert np.isnan(panel.counts[1, :2]).all()


@pytest.mark.parametrize("day", ["2026-01-04", "2026-01-26", "NaT"])
def test_a_case_outside_the_frame_is_not_dropped(day: str) -> None:
    with pytest.raises(CountsUnusableError, match="1 cases"):
        filled_panel(np.array([0]), np.array([day], "datetime64[D]"),
                     reported=np.ones((1, 3), bool), starts_on=date(2026, 1, 5),
                     step=Step.WEEK)  # fmt: skip

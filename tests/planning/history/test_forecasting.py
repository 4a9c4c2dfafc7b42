"""Whole days of counts, their forecast with its moments, and what is shown of it."""

from datetime import UTC, date, datetime, timedelta

import numpy as np
import pytest

from planning.demand.errors import DemandInputError
from planning.demand.forecast import choose
from planning.history.forecasting import scores_of, series_of, steps_of, words_of

FIRST = datetime(2025, 1, 6, 3, tzinfo=UTC)
"""A Monday, 11:00 in Shanghai."""


def hours(days: int, count: np.ndarray) -> list[tuple[datetime, int]]:
    """One count each day at 11:00 and as many at 22:00, local."""
    return [
        (FIRST + timedelta(days=day, hours=hour), int(count[day]))
        for day in range(days) for hour in (0, 11)
    ]  # fmt: skip


def test_only_whole_days_by_the_local_clock_are_counted():
    count = np.arange(1, 201)
    series = series_of(hours(200, count), by="day", time_zone="Asia/Shanghai")
    assert series.days == 198
    assert series.calls.tolist() == [2 * one for one in count[1:-1]]
    assert series.first_day == date(2025, 1, 7).toordinal() - date(1970, 1, 1).toordinal()
    hourly = series_of(hours(200, count), by="hour", time_zone="Asia/Shanghai")
    assert hourly.calls.reshape(-1, 24)[0].nonzero()[0].tolist() == [11, 22]
    assert hourly.calls.sum() == series.calls.sum()


def test_a_model_is_shown_only_where_it_beat_last_week():
    chance = np.random.default_rng(5)
    level = 40 + 10 * (np.arange(400) % 7 == 5)
    found = {}
    for name, drawn in (("noise", chance.poisson(level)), ("same", level)):
        told = hours(400, drawn)
        series = series_of(told, by="day", time_zone="Asia/Shanghai")
        found[name] = choose(series, days=7)
        steps = steps_of(found[name], series, until=told[-1][0], time_zone="Asia/Shanghai")
        # The last day, not whole perhaps, is the first one that is forecast.
        assert steps[0].at.isoformat() == "2026-02-09T00:00:00+08:00"
        assert [one.at - steps[0].at for one in steps] == [timedelta(days=n) for n in range(7)]
        assert all(one.low <= one.calls <= one.high for one in steps)
    assert found["noise"].beats_naive
    assert "less than that of last week" in words_of(found["noise"]).en
    assert not found["same"].beats_naive
    assert words_of(found["same"]).en.startswith("No model was better")
    assert {one.model for one in scores_of(found["noise"])} == {"seasonal_naive", "regressed"}


def test_clocks_that_change_leave_days_of_24_hours():
    told = [(FIRST + timedelta(hours=hour), 1) for hour in range(24 * 120)]
    series = series_of(told, by="hour", time_zone="Europe/Berlin")
    assert (series.calls == 1.0).all()
    chosen = choose(series, days=2)
    steps = steps_of(chosen, series, until=told[-1][0], time_zone="Europe/Berlin")
    assert (steps[0].at.hour, len(steps)) == (0, 48)


@pytest.mark.parametrize("days", [0, 1, 2, 85])
def test_too_few_days_are_said(days: int):
    with pytest.raises(DemandInputError, match="needs 12 weeks of counts; there are"):
        series_of(hours(days, np.ones(100)), by="day", time_zone="Asia/Shanghai")

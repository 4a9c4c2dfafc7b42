"""Forecasts of call volume against real series, and shown only where better."""

import numpy as np
import pandas as pd
import pytest

from planning.demand.errors import DemandInputError
from planning.demand.forecast import Series, backtest, choose, forecast, regressed, seasonal_naive


def daily(counts, first_day=0):
    return Series(np.asarray(counts, dtype=float), 1, first_day)


def south_west(area, path):
    frame = pd.read_csv(path, parse_dates=["Actual_dt"])
    one = frame.query("ORA == @area").set_index("Actual_dt").Actual_Value.asfreq("D")
    first = (one.index[0] - pd.Timestamp("1970-01-01")).days
    return daily(one.to_numpy(), first)


def test_a_real_ambulance_service_by_day(shared_data):
    path = shared_data / "ambulance_daily_volume" / "swast_daily_responses_2013_2019.csv"
    series = south_west("Cornwall", path)
    assert series.days == 2_193
    found = choose(series, days=28, origins=4)
    naive, ours = found.scores["seasonal_naive"], found.scores["regressed"]
    assert found.beats_naive
    assert ours.mae < 0.85 * naive.mae
    assert ours.interval_score < naive.interval_score
    assert 0.8 < ours.held < 0.97
    assert len(found.shown.mean) == 28


@pytest.mark.acceptance
@pytest.mark.parametrize(
    "area",
    ["BNSSG", "Cornwall", "Devon", "Dorset", "Gloucestershire", "Somerset", "Trust", "Wiltshire"],
)
def test_a_year_of_every_area_beats_the_same_day_of_last_week(shared_data, area):
    path = shared_data / "ambulance_daily_volume" / "swast_daily_responses_2013_2019.csv"
    found = choose(south_west(area, path), days=28)
    naive, ours = found.scores["seasonal_naive"], found.scores["regressed"]
    assert found.beats_naive
    assert ours.mae < 0.8 * naive.mae
    assert ours.interval_score < 0.8 * naive.interval_score
    assert ours.held == pytest.approx(0.9, abs=0.05)


def test_a_real_city_by_hour(shared_data):
    from gis.intake.columnar import read_parquet

    path = shared_data / "ambulance_daily_volume" / "nyc_ems_hourly_calls_2010_2019.parquet"
    columns = read_parquet(path).columns
    stamp = pd.to_datetime(
        {name: np.asarray(columns[name], dtype=int) for name in ("year", "month", "day", "hour")}
    )
    counts = pd.Series(np.asarray(columns["BRONX"], dtype=float), index=stamp)
    whole = counts[~counts.index.duplicated()].asfreq("h")
    # 3 years from 2016 on are enough to fit; missing hours stay unknown.
    part = whole["2016-01-01":"2018-12-31 23:00"]
    first = (part.index[0] - pd.Timestamp("1970-01-01")).days
    series = Series(part.to_numpy(), 24, first)
    found = choose(series, days=7, origins=3)
    naive, ours = found.scores["seasonal_naive"], found.scores["regressed"]
    assert found.beats_naive
    assert ours.mae < 0.85 * naive.mae
    assert ours.held == pytest.approx(0.9, abs=0.05)
    assert len(found.shown.mean) == 7 * 24


def test_the_same_day_of_last_week_and_before_where_nobody_counted():
    counts = np.arange(140.0)
    counts[-3] = np.nan
    found = seasonal_naive(daily(counts), 9)
    assert found.tolist() == [133, 134, 135, 136, 130, 138, 139, 133, 134]


def test_a_trend_and_a_week_are_found_again():
    week = np.array([1.0, 0.9, 0.9, 0.9, 1.0, 1.3, 1.4])
    truth = 100.0 * np.exp(0.0005 * np.arange(428)) * week[np.arange(428) % 7]
    found = regressed(daily(truth[:400]), 28)
    assert found == pytest.approx(truth[400:], rel=0.01)


def test_nothing_better_than_last_week_is_shown_as_last_week():
    # A week that repeats itself to the call: nothing can beat it.
    series = daily(np.tile([30.0, 40, 35, 50, 60, 80, 20], 30))
    found = choose(series, days=7, origins=3)
    assert not found.beats_naive
    assert found.shown.mean.tolist() == [30.0, 40, 35, 50, 60, 80, 20]
    assert found.scores["seasonal_naive"].mae == 0.0


def test_no_forecast_knows_what_came_after_its_origin():
    chance = np.random.default_rng(3)
    counts = chance.poisson(50, 200).astype(float)
    other = counts.copy()
    other[150:] = 500.0
    for model in ("regressed", "seasonal_naive"):
        here = forecast(daily(counts).until(150), model, days=14)
        there = forecast(daily(other).until(150), model, days=14)
        assert here.mean.tolist() == there.mean.tolist()
        assert here.high.tolist() == there.high.tolist()


def test_what_cannot_be_forecast_says_why():
    with pytest.raises(DemandInputError, match="12 weeks of counts; there are 5"):
        daily(np.ones(40))
    with pytest.raises(DemandInputError, match="0 or more"):
        daily(np.full(100, -1.0))
    with pytest.raises(DemandInputError, match="whole days of 24 hours"):
        Series(np.ones(2_017), 24, 0)
    with pytest.raises(DemandInputError, match="Forecast fewer days"):
        backtest(daily(np.ones(100)), days=28)
    with pytest.raises(DemandInputError, match="how sure"):
        forecast(daily(np.ones(84)), "regressed", days=28)

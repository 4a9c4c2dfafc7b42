"""Zones by road against circles where a river parts what is near on the map."""

from pathlib import Path

import numpy as np
import pytest

from api.operations.zones import zone_rows
from gis.database import Database
from surveillance.evaluate.zones import Plan, compare_zones, table
from tests.routing.live.deployment import Deployment

SMALL = Plan(outbreaks=8, cases_a_day=30, risk=8.0, replicates=99, enough=5, days=5, window=14)


def two_banks() -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return places on two banks of a river without a bridge but one, far to the east."""
    x = np.tile(np.arange(16.0), 2) * 400
    y = np.repeat([0.0, 300.0], 16)
    same = y[:, None] == y
    along = np.abs(x[:, None] - x)
    over = (6_400 - x[:, None]) + (6_400 - x) + 300
    return np.column_stack((x, y)), np.where(same, along, over) / 10, np.full(32, 500.0)


def test_where_a_river_parts_the_city_zones_by_road_name_the_places_better() -> None:
    xy, times_s, people = two_banks()
    rows = {(row.outbreak, row.zones): row for row in compare_zones(xy, times_s, people, SMALL)}
    by_road, round_ = rows["by road", "by road"], rows["by road", "circles"]
    assert by_road.power >= 0.75
    assert by_road.precision is not None
    assert round_.precision is not None
    assert by_road.precision > round_.precision
    assert by_road.delay_days is not None
    assert 1 <= by_road.delay_days <= SMALL.days


def test_the_table_has_four_rows_and_the_seed_fixes_them() -> None:
    xy, times_s, people = two_banks()
    plan = Plan(outbreaks=2, replicates=19, enough=2, days=2, window=10)
    first, again = (compare_zones(xy, times_s, people, plan) for _ in range(2))
    assert first == again
    lines = table(first).splitlines()
    assert len(lines) == 6
    assert {row.false_alarms for row in first} <= {0.0, 0.5, 1.0}


@pytest.mark.parametrize("cut_off", [0, 31])
def test_a_place_that_no_road_reaches_is_followed_too(cut_off: int) -> None:
    xy, times_s, people = two_banks()
    times_s[cut_off, :] = times_s[:, cut_off] = np.inf
    times_s[cut_off, cut_off] = 0.0
    plan = Plan(outbreaks=2, replicates=19, enough=2, days=2, window=10)
    assert len(compare_zones(xy, times_s, people, plan)) == 4


@pytest.mark.database
def test_places_of_a_city_are_compared_on_its_roads(
    grid_database: Database, tmp_path: Path
) -> None:
    plan = Plan(outbreaks=1, replicates=19, enough=2, days=1, window=8)
    with Deployment(grid_database, tmp_path).roads() as roads:
        rows = zone_rows(roads, plan, places=20, free_flow=True)
        assert zone_rows(roads, plan, places=20, free_flow=True) == rows
    assert [(row.outbreak, row.zones) for row in rows] == [
        ("by road", "circles"), ("by road", "by road"),
        ("by distance", "circles"), ("by distance", "by road"),
    ]  # fmt: skip

"""People are counted once, by the minutes of their cell; what is not known is never a number."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from planning.access.features import collection, columns
from planning.access.minutes import beyond, class_counts, district_counts, median_min
from planning.access.model import (
    Access,
    Cells,
    District,
    Place,
    Question,
    Standing,
    Target,
    TimeOfDay,
    Times,
)
from planning.access.views import cells_view, minutes_view
from routing.live.answers import RoadVersions
from tests.seeds import NOW

SQUARE = bytes.fromhex(
    "0103000000010000000500000000000000000000000000000000000000000000000000f03f0000000000000000"
    "000000000000f03f000000000000f03f0000000000000000000000000000f03f00000000000000000000000000000000"
)

CENTRE = Place(7, "Centre", "中心", "Centre", modelled=True, lon=0.5, lat=0.5)


def times(*minutes: float | Standing) -> Times:
    """Make times of cells: minutes, or why there are none."""
    seconds = [np.inf if isinstance(one, Standing) else one * 60.0 for one in minutes]
    standing = [one if isinstance(one, Standing) else Standing.REACHED for one in minutes]
    return Times(
        np.array(seconds), np.array([str(one) for one in standing]),
        np.array([-1 if isinstance(one, Standing) else 0 for one in minutes], np.int32),
    )  # fmt: skip


def access(now: Times, open_roads: Times, people: list[float], district: list[int]) -> Access:
    n = len(people)
    return Access(
        Question(1, Target.PCI, TimeOfDay.ALL, (CENTRE,), ((0.0, 0.0),) * 2, "stamp"),
        Cells(
            [str(i) for i in range(n)], np.zeros((n, 2)), np.array(people), [True] * n,
            np.array(district, np.int32), [SQUARE] * n, "model", None,
        ),
        (District("1", "West", "西区", None), District("2", "East", "东区", None)),
        now, open_roads, RoadVersions("t", "c"), closed_legs=2, off_road=np.zeros(0, np.bool_),
    )  # fmt: skip


@pytest.fixture
def found() -> Access:
    """Five cells: 3.9 and 12 minutes in the west, 11, cut off and unknown in the east."""
    return access(
        times(3.9, 12.0, 11.0, Standing.UNREACHABLE, Standing.NO_ROAD),
        times(3.9, 11.9, 11.0, 29.0, Standing.NO_ROAD),
        [100.0, 200.0, 400.0, 800.0, 1600.0], [0, 0, 1, 1, 1],
    )  # fmt: skip


def test_limits_belong_to_the_class_above(found: Access) -> None:
    classes = class_counts(found)
    assert [one.people_now for one in classes] == [100, 0, 400, 200, 0, 0, 800, 1600]
    assert [one.people_open for one in classes] == [100, 0, 600, 0, 800, 0, 0, 1600]
    assert [one.code for one in classes[-2:]] == ["unreachable", "unknown"]
    assert classes[0].at_least_min is None
    assert classes[0].below_min == 4.0
    assert classes[5].at_least_min == 30.0
    assert classes[5].below_min is None


def test_who_is_cut_off_is_over_every_limit_and_who_is_unknown_over_none(found: Access) -> None:
    over = beyond(found, limit_min=12.0)
    assert (over.now, over.open_roads) == (1000.0, 800.0)
    assert beyond(found, limit_min=240.0).now == 800.0


def test_districts_part_the_people(found: Access) -> None:
    west, east = district_counts(found, limit_min=12.0)
    assert (west.people, west.unknown, west.median_min) == (300.0, 0.0, 12.0)
    assert (east.people, east.unknown, east.unreachable) == (1200.0, 1600.0, 800.0)
    assert east.median_min is None
    assert (east.beyond.now, east.beyond.open_roads) == (800.0, 800.0)


def test_cells_outside_all_districts_are_not_lost(found: Access) -> None:
    outside = replace(found, cells=replace(found.cells, district=np.full(5, -1, np.int32)))
    (nowhere,) = district_counts(outside, limit_min=12.0)
    assert nowhere.district is None
    assert nowhere.people + nowhere.unknown == 3100.0


minutes_or_why = st.one_of(
    st.floats(0, 300),
    st.sampled_from([one for one in Standing if one is not Standing.REACHED]),
)


@given(st.lists(st.tuples(minutes_or_why, st.floats(0, 1e6)), min_size=1, max_size=30))
def test_everybody_is_in_one_class(cells: list[tuple[float | Standing, float]]) -> None:
    one = times(*(minutes for minutes, _ in cells))
    found = access(one, one, [people for _, people in cells], [0] * len(cells))
    classes = class_counts(found)
    assert sum(one.people_now for one in classes) == pytest.approx(found.cells.people.sum())
    assert sum(one.cells_now for one in classes) == len(cells)


def test_the_median_is_where_half_of_the_people_are() -> None:
    assert median_min(np.array([600.0, 60.0]), np.array([1.0, 3.0])) == 1.0
    assert median_min(np.array([60.0, np.inf]), np.array([1.0, 3.0])) is None
    assert median_min(np.array([60.0]), np.array([0.0])) is None


def test_what_is_shown_says_whose_it_is_and_keeps_nulls(found: Access) -> None:
    view = minutes_view(found, as_of=NOW, limit_min=12.0)
    assert view.says[0].en == (
        "1,000 residents (modelled) are 12 minutes or more away from the nearest PCI-capable "
        "hospital now; with all roads open 800."
    )
    assert "1,000名常住居民（模型估算）" in view.says[0].zh
    assert any("2 hospitals" in one.en for one in view.says)
    shown = cells_view(found, as_of=NOW).columns
    assert shown.seconds == [234, 720, 660, None, None]
    assert shown.open_seconds == [None, 714, None, 1740, None]
    table = columns(found)
    assert table["minutes"] == [3.9, 12.0, 11.0, None, None]
    assert table["nearest_zh"] == ["中心", "中心", "中心", None, None]
    assert table["standing"] == ["reached", "reached", "reached", "unreachable", "unknown"]
    assert collection(found).features[0].geometry["type"] == "Polygon"

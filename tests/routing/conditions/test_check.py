"""What is checked of a condition before it is written, and who would be cut off by it."""

from datetime import UTC, datetime, timedelta

import numpy as np
import pytest
import shapely

from gis.datum import Datum, from_wgs84
from routing.conditions.check import check_times, geometry_of, speed_faults
from routing.conditions.connectivity import Connectivity, Place, cut_off
from routing.conditions.errors import ConditionTimesError, DrawingInvalidError
from routing.conditions.model import Drawn
from routing.conditions.snapshot import to_us
from routing.engine.digraph import INFINITE_MS
from routing.graph.build import build_graph
from routing.roads.model import Profile

T = datetime(2026, 5, 4, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)


@pytest.mark.parametrize(
    ("geometry", "says"),
    [
        ({"type": "Polygon", "coordinates": []}, "Nothing was drawn"),
        ({"type": "Polygon", "coordinates": [[[0, 0], [1, 1], [1, 0], [0, 1], [0, 0]]]},
         r"Self-intersection\[0.5 0.5\]"),
        ({"type": "Polygon", "coordinates": [[[0, 0], [1, 1], [0, 0], [0, 0]]]}, "not valid"),
        ({"type": "Polygon", "coordinates": [[[0, 0], [1, 1]]]}, "no GeoJSON geometry"),
        ({"type": "Polygon", "coordinates": "far"}, "no GeoJSON geometry"),
        ({"type": "Point", "coordinates": [1, 2]}, "Point cannot be used as a polygon"),
        ({"type": "Polygon", "coordinates": [[[0, 0], [999, 1], [1, 0], [0, 0]]]}, "degrees"),
        ({}, "no GeoJSON geometry"),
    ],
)  # fmt: skip
def test_a_drawing_that_is_none_is_refused_with_the_reason(geometry, says) -> None:
    with pytest.raises(DrawingInvalidError, match=says):
        geometry_of(geometry, drawn=Drawn.POLYGON, datum=Datum.WGS84)


def test_a_drawing_comes_in_its_own_datum() -> None:
    lon, lat = from_wgs84(np.array([114.0, 114.01]), np.array([22.5, 22.5]), Datum.GCJ02)
    drawn = {"type": "LineString", "coordinates": np.column_stack((lon, lat)).tolist()}
    found = shapely.get_coordinates(geometry_of(drawn, drawn=Drawn.LINE, datum=Datum.GCJ02))
    assert np.abs(found - [(114.0, 22.5), (114.01, 22.5)]).max() < 1e-7


@pytest.mark.parametrize(
    ("start", "end"),
    [
        (None, None), (None, T), (T + HOUR, T + HOUR), (T - HOUR, T + HOUR),
        (None, T + timedelta(days=91)), (None, datetime(2026, 5, 5)),  # noqa: DTZ001
    ],
)  # fmt: skip
def test_times_that_cannot_be_are_refused(start, end) -> None:
    with pytest.raises(ConditionTimesError):
        check_times(start, end, now=T, longest=timedelta(days=90))


def test_every_faulty_speed_is_named_once() -> None:
    us = to_us(T)
    kmh = np.array([30.0, 0.0, -5.0, np.nan, np.inf, 201.0, 30.0, 30.0, 30.0])
    direction = np.array([0, 0, 0, 0, 0, 0, 2, 0, 0])
    expires = np.full(9, us + 60_000_000)
    expires[7] = us
    confidence = np.ones(9)
    confidence[8] = 0.0
    faults = speed_faults(
        speed_kmh=kmh, direction=direction, confidence=confidence, observed_us=np.full(9, us),
        expires_us=expires, now_us=us,
    )  # fmt: skip
    assert [row for row, _ in faults] == [1, 2, 3, 4, 5, 6, 7, 8]


def test_a_station_behind_the_only_bridge_is_cut_off(kit) -> None:
    # A ring 1-2-3 with a spur 3-4 (two-way) and a one-way exit 1 → 5.
    nodes = {1: (0, 0), 2: (100, 0), 3: (50, 100), 4: (50, 300), 5: (-100, 0)}
    roads = kit.make_segments([(1, 2), (2, 3), (3, 1), (3, 4), (1, 5, 1)], nodes)
    places = [
        Place("station", 1, "Ring"),
        Place("station", 2, "Hill", "山站"),
        Place("facility", 3, "Exit"),
    ]
    connected = Connectivity.of(roads, [0, 3, 4])
    free_ms = build_graph(roads, Profile.CAR).free_flow_ms
    assert connected(free_ms).tolist() == [[True, True], [True, True], [False, True]]
    closed = free_ms.copy()
    closed[[6, 7]] = INFINITE_MS
    found = cut_off(places, connected, leg_ms=closed, without_closures_ms=free_ms)
    assert [(one.place.place_id, one.can_leave, one.can_be_reached) for one in found] == [
        (2, False, False)
    ]
    assert found[0].text.zh == "山站道路中断：无路可进出。"
    half = free_ms.copy()
    half[7] = INFINITE_MS
    (only,) = cut_off(places, connected, leg_ms=half, without_closures_ms=free_ms)
    assert (only.can_leave, only.can_be_reached) == (False, True)

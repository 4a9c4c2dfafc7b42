"""Losses and voids against taking each unit away in turn."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dispatch.coverage.model import AreaName, Ground, Picture, marginal_losses, voids_opened
from gis.kernels.expected_coverage import Sets


def ground(people, area):
    count = len(people)
    return Ground(
        lonlat=np.stack((114 + np.arange(count) / 100, np.full(count, 22.5)), axis=1),
        people=np.asarray(people, np.float64), area=np.asarray(area, np.int32),
        areas=tuple(AreaName(str(row), f"area {row}", None, None) for row in range(3)),
        source="test", counted_on=None, modelled=False,
    )  # fmt: skip


@st.composite
def cities(draw):
    cells, units = draw(st.integers(1, 12)), draw(st.integers(1, 6))
    chance = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    people = chance.integers(0, 4, cells) * 1000.0
    covers = [np.flatnonzero(chance.random(cells) < 0.4).astype(np.int32) for _ in range(units)]
    known, reachable = chance.random(cells) < 0.9, chance.random(cells) < 0.8
    return ground(people, chance.integers(-1, 3, cells)), covers, known, reachable


def pictured(city, covers, busy=0.4):
    place, _, known, reachable = city
    return Picture.of(
        place, Sets.of(covers, len(place.people)), busy, known=known, reachable=reachable
    )


@settings(max_examples=30, deadline=None)
@given(cities())
def test_what_a_unit_costs_is_what_is_missing_without_it(city):
    covers = city[1]
    picture = pictured(city, covers)
    losses, opened = marginal_losses(picture), voids_opened(picture, least_people=2000)
    now = {void.area.code for void in picture.voids(2000)}
    for row in range(len(covers)):
        without = pictured(city, covers[:row] + covers[row + 1 :])
        if picture.total:
            assert losses[row] == pytest.approx(picture.points - without.points, abs=1e-9)
        else:
            assert np.isnan(losses[row])
        new = [void for void in without.voids(2000) if void.area.code not in now]
        if not new:
            assert opened[row] is None
        else:
            assert opened[row].people == pytest.approx(new[0].people)
            same = next(void for void in new if void.area == opened[row].area)
            assert (opened[row].lon, opened[row].lat) == pytest.approx((same.lon, same.lat))


def test_people_whom_no_station_reaches_open_no_void_and_the_unknown_are_counted_apart():
    place = ground([9000, 8000, 7000], [0, 1, 2])
    picture = Picture.of(
        place, Sets.of([], 3), 0.3,
        known=np.array([True, True, False]), reachable=np.array([True, False, True]),
    )  # fmt: skip
    assert [(void.area.code, void.people) for void in picture.voids(1000)] == [("0", 9000.0)]
    assert (picture.total, picture.unknown_people) == (17000.0, 7000.0)
    assert picture.points == 0.0


def test_nobody_is_no_coverage_of_zero():
    nobody = pictured((ground([], []), [], np.zeros(0, bool), np.zeros(0, bool)), [])
    assert np.isnan(nobody.points)
    assert np.isnan(nobody.reached_share)

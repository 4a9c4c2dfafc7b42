"""Plans against trying every move, and their limits."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dispatch.coverage.model import AreaName, Ground, Picture
from dispatch.moveup.plan import Limits, gains, plan
from gis.kernels.expected_coverage import Sets

FREELY = Limits(moves=9, least_gain=1e-6, least_area=0.0)


def pictured(people, cells, busy, area=None):
    count = len(people)
    ground = Ground(
        lonlat=np.zeros((count, 2)), people=np.asarray(people, np.float64),
        area=np.zeros(count, np.int32) if area is None else np.asarray(area, np.int32),
        areas=(AreaName("a", "a", None, None), AreaName("b", "b", None, None)),
        source=None, counted_on=None, modelled=False,
    )  # fmt: skip
    every = np.ones(count, bool)
    return Picture.of(ground, Sets.of(cells, count), busy, known=every, reachable=every)


def cells_of(chance, count, units):
    return [np.flatnonzero(chance.random(count) < 0.4).astype(np.int32) for _ in range(units)]


@st.composite
def cities(draw):
    chance = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    count, units, posts = (draw(st.integers(1, most)) for most in (10, 5, 5))
    return (
        chance.integers(0, 5, count) * 100.0,
        cells_of(chance, count, units),
        cells_of(chance, count, posts),
        draw(st.floats(0.05, 0.9)),
    )


def planned(city, limits=FREELY, **given):
    people, cells, posts, busy = city
    return plan(
        pictured(people, cells, busy), Sets.of(posts, len(people)), busy=busy,
        movable=np.ones(len(cells), bool), at_post=np.full(len(cells), -1),
        moved=np.zeros(len(cells), np.int64), limits=limits, **given,
    )  # fmt: skip


@settings(max_examples=30, deadline=None)
@given(cities())
def test_every_move_is_worth_what_it_is_said_to_be(city):
    people, cells, posts, busy = city
    picture = pictured(people, cells, busy)
    every = np.arange(len(cells))
    found = gains(picture.people, picture.sets, Sets.of(posts, len(people)), every, busy=busy)
    for unit in range(len(cells)):
        for post, there in enumerate(posts):
            then = [*cells]
            then[unit] = there
            gained = pictured(people, then, busy).expected - picture.expected
            assert found[unit, post] == pytest.approx(gained, abs=1e-7)


@settings(max_examples=30, deadline=None)
@given(cities())
def test_the_first_move_is_the_best_of_all(city):
    people, cells, posts, busy = city
    one = planned(city, Limits(moves=1, least_gain=1e-6, least_area=0.0))
    picture = pictured(people, cells, busy)
    every = np.arange(len(cells))
    best = gains(picture.people, picture.sets, Sets.of(posts, len(people)), every, busy=busy).max()
    assert one.after - one.before == pytest.approx(max(best, 0.0), abs=1e-5)
    for move in planned(city).moves:
        assert move.gain > 0.0


def test_dmexclp_sends_the_third_unit_of_jemss_to_site_3():
    # JEMSS.jl's instance: units at sites 1 and 2, a third one nowhere, q = 0.3: 1.12 at site 3.
    sites = [np.array(one, np.int32) for one in ([0, 1], [1, 2], [0, 3])]
    cells = [sites[0], sites[1], np.zeros(0, np.int32)]
    found = plan(
        pictured([2, 2, 1, 1], cells, 0.3), Sets.of(sites, 4), busy=0.3,
        movable=np.array([False, False, True]), at_post=np.array([0, 1, -1]),
        moved=np.zeros(3, np.int64), limits=FREELY,
    )  # fmt: skip
    assert [(move.unit, move.post) for move in found.moves] == [(2, 2)]
    assert found.moves[0].gain == pytest.approx(1.12)


def test_no_move_bares_an_area():
    people, posts = [1000.0, 5000.0], [np.array([0], np.int32), np.array([1], np.int32)]
    given = {
        "busy": 0.3, "movable": np.array([True]), "at_post": np.array([0]),
        "moved": np.zeros(1, np.int64),
    }  # fmt: skip
    picture = pictured(people, [posts[0]], 0.3, area=[0, 1])
    free = plan(picture, Sets.of(posts, 2), limits=FREELY, **given)
    assert [move.post for move in free.moves] == [1]
    held = plan(
        picture, Sets.of(posts, 2), limits=Limits(moves=1, least_gain=1.0, least_area=0.5), **given
    )
    assert held.moves == ()


def test_the_crew_that_was_moved_least_goes_and_the_budget_holds():
    there = [np.array([0, 1], np.int32)] * 3
    posts = [there[0], np.array([2], np.int32), np.array([3], np.int32)]
    found = plan(
        pictured([900.0, 900.0, 800.0, 800.0], there, 0.2), Sets.of(posts, 4), busy=0.2,
        movable=np.array([True, False, True]), at_post=np.array([0, 0, 0]),
        moved=np.array([2, 0, 0]), limits=Limits(moves=1, least_gain=1.0, least_area=0.0),
        times=lambda units, posts: np.full((len(units), len(posts)), 200.0),
    )  # fmt: skip
    assert [move.unit for move in found.moves] == [2]
    assert found.moves[0].travel_time_s == 200.0

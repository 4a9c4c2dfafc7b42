"""A place that is shown instead of a home says nothing finer than an area of enough people."""

from uuid import UUID

import numpy as np
import shapely
from hypothesis import given
from hypothesis import strategies as st

from surveillance.cases.shown_places import AreaAbove, area_of_enough, place_within

IDS = st.uuids(version=4)
RESIDENTS = st.one_of(st.none(), st.integers(0, 2_000))
SHAPES = st.sampled_from([
    shapely.box(114.0, 22.5, 114.1, 22.6),
    shapely.Polygon([(0, 0), (3, 0), (0, 0.2)]),
    shapely.MultiPolygon([shapely.box(0, 0, 1, 1), shapely.box(5, 5, 6, 8)]),
    shapely.Point(10, 10).buffer(2) - shapely.Point(10, 10).buffer(1.5),
])  # fmt: skip


@given(IDS, SHAPES)
def test_it_lies_in_the_area_and_is_the_same_at_every_look(
    case_id: UUID, shape: shapely.Geometry
) -> None:
    lon, lat = place_within(case_id, shape)
    assert shapely.intersects_xy(shape, lon, lat)
    assert place_within(case_id, shape) == (lon, lat)


def test_all_of_the_area_is_as_likely() -> None:
    shape = shapely.box(0, 0, 1, 1)
    found = np.array([place_within(UUID(int=number), shape) for number in range(4_000)])
    counts, *_ = np.histogram2d(found[:, 0], found[:, 1], bins=4, range=[[0, 1], [0, 1]])
    # 250 in each of 16 squares; five standard deviations of a binomial count are 77.
    assert np.abs(counts - 250).max() < 77


@given(st.lists(RESIDENTS, max_size=5), st.integers(1, 2_000))
def test_no_area_is_finer_than_its_people_allow(residents: list[int | None], least: int) -> None:
    areas = [AreaAbove(str(place), one) for place, one in enumerate(residents)]
    found = area_of_enough(areas, least=least)
    enough = [one.code for one in areas if (one.residents or 0) >= least]
    assert found == (enough[0] if enough else None)


def test_an_area_too_narrow_to_hit_has_one_place_for_all() -> None:
    narrow = shapely.Polygon([(0, 0), (1, 1), (1, 1 + 1e-9)])
    places = {place_within(UUID(int=number), narrow) for number in range(3)}
    assert len(places) == 1

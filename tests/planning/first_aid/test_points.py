"""Points lie within their cells, as many as it is wide, and keep the people."""

import numpy as np
import shapely
from hypothesis import given
from hypothesis import strategies as st

from planning.first_aid.points import MOST_A_SIDE, shared_out, spread_points


def test_points_lie_within_their_cells():
    wide = shapely.box(114.0, 22.5, 114.01, 22.51)  # some 1,030 m × 1,110 m
    small = shapely.box(114.02, 22.5, 114.0201, 22.5001)
    ring = shapely.Polygon(
        wide.exterior, [shapely.box(114.0001, 22.5001, 114.0099, 22.5099).exterior]
    )
    cells = [wide, small, shapely.affinity.translate(ring, 1.0)]
    lonlat = np.array([shapely.get_coordinates(one.representative_point())[0] for one in cells])
    points, owner = spread_points([shapely.to_wkb(one) for one in cells], lonlat)
    assert np.bincount(owner).tolist() == [7 * 8, 1, 1]
    assert all(
        cells[cell].covers(shapely.Point(at)) for at, cell in zip(points, owner, strict=True)
    )
    assert (points[owner == 1] == lonlat[1]).all()
    far, _ = spread_points([shapely.to_wkb(wide)], lonlat[:1], spacing_m=1.0)
    assert len(far) == MOST_A_SIDE**2


@given(
    st.lists(st.tuples(st.integers(0, 90), st.integers(1, 4)), min_size=1, max_size=5), st.data()
)
def test_nobody_is_lost(cells, data):
    people = np.array([float(one) for one, _ in cells])
    owner = np.repeat(np.arange(len(cells)), [count for _, count in cells])
    usable = np.array(data.draw(st.lists(st.booleans(), min_size=len(owner), max_size=len(owner))))
    at_point, unknown = shared_out(people, owner, usable)
    back = np.bincount(owner, weights=at_point, minlength=len(people)) + unknown
    assert np.allclose(back, people)
    assert not at_point[~usable].any()

"""The map of risks against R's mgcv, against dense matrices, and on maps with islands."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.sparse import csc_array

from docs import make_parity
from surveillance.smooth.areas import Areas
from surveillance.smooth.errors import AreasUnusableError
from surveillance.smooth.icar import _Field, smooth
from surveillance.smooth.sparse import Factored
from tests.surveillance.maps import MAPS, MapCase, grid_borders, lattice


@pytest.mark.parametrize("case", MAPS, ids=lambda case: case.algorithm)
def test_maps_are_those_of_the_other_program(case: MapCase) -> None:
    """mgcv 1.8-41: gam(y ~ s(area, bs = "mrf"), family = poisson, method = "REML"); spdep 1.2-7."""
    assert case.difference() < 1e-6


def test_the_page_has_a_row_of_every_map() -> None:
    page = make_parity.PAGE.read_text(encoding="utf-8")
    for case in MAPS:
        assert f"| {case.algorithm} | `{case.call}` | `{case.golden}` |" in page


@st.composite
def maps(draw: st.DrawFn) -> Areas:
    random = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    wide, high = draw(st.integers(2, 5)), draw(st.integers(2, 5))
    size = wide * high
    expected = random.uniform(0.5, 9, size)
    cases = random.poisson(expected * random.gamma(4, 0.25, size)).astype(float)
    cases[0] += 1
    return Areas(cases=cases, expected=expected, borders=grid_borders(wide, high))


@settings(deadline=None, max_examples=25)
@given(maps(), st.floats(0.2, 20.0))
def test_the_field_is_where_the_slope_is_nothing_and_errors_are_of_the_dense_inverse(
    areas: Areas, smoothness: float
) -> None:
    found = smooth(areas, smoothness=smoothness)
    near = areas.adjacency().toarray()
    laplacian = np.diag(near.sum(axis=1)) - near
    mean = areas.due() * np.exp(found.log_risk)
    slope = areas.cases - mean - smoothness * laplacian @ found.log_risk
    assert np.abs(slope).max() < 1e-6
    # a level of its own: cases inside are those expected by the map
    assert mean.sum() == pytest.approx(areas.cases.sum(), abs=1e-6)
    inverse = np.linalg.inv(np.diag(mean) + smoothness * laplacian)
    assert found.sd == pytest.approx(np.sqrt(np.diag(inverse)), abs=1e-8)
    assert found.effective == pytest.approx(np.trace(inverse * mean[:, None]), abs=1e-6)


@settings(deadline=None, max_examples=15)
@given(maps(), st.floats(-2.0, 4.0))
def test_the_slope_is_that_of_the_restricted_likelihood(areas: Areas, at: float) -> None:
    field = _Field(areas, areas.due(), np.arange(areas.cases.size))
    step = 1e-4
    plain = (field.restricted_likelihood(at + step) - field.restricted_likelihood(at - step)) / (
        2 * step
    )
    assert field._slope(at) == pytest.approx(plain, abs=1e-5)


@settings(deadline=None)
@given(st.integers(0, 2**32 - 1), st.integers(1, 30))
def test_sparse_systems_solve_and_invert_as_dense_matrices_do(seed: int, size: int) -> None:
    random = np.random.default_rng(seed)
    dense = np.where(random.random((size, size)) < 0.15, random.normal(size=(size, size)), 0)
    dense = dense + dense.T + 30 * np.eye(size)
    factored = Factored(csc_array(dense))
    plain = np.linalg.inv(dense)
    right = random.normal(size=size)
    assert factored.solve(right) == pytest.approx(plain @ right)
    assert factored.log_determinant() == pytest.approx(np.linalg.slogdet(dense)[1])
    row, column = np.nonzero(np.triu(dense, 1))
    diagonal, between = factored.inverse(row, column)
    assert diagonal == pytest.approx(np.diag(plain))
    assert between == pytest.approx(plain[row, column])


def test_islands_and_parts_without_a_case_lean_on_the_whole_map_and_say_so() -> None:
    areas = lattice(8, 8, seed=4)
    # an island, and two areas that border on each other and have no case
    more = Areas(
        cases=np.concatenate((areas.cases, [9.0, 0.0, 0.0])),
        expected=np.concatenate((areas.expected, [3.0, 2.0, 2.0])),
        borders=np.vstack((areas.borders, [[65, 66]])),
    )
    found = smooth(more)
    assert found.apart.tolist() == [False] * 64 + [True] * 3
    assert np.isfinite(found.risk).all()
    assert np.isfinite(found.log_risk).all()
    # drawn to the mean of the map, not beyond
    assert 1 < found.risk[64] < 9.0 / more.due()[64]
    assert 0 < found.risk[65] < 1
    assert found.exceedance[64] > 0.8
    assert found.note is not None
    assert found.note.en.startswith("3 areas border on no other")
    assert "3" in found.note.zh


def test_an_even_map_stays_even_and_a_raised_corner_is_told() -> None:
    even = lattice(10, 10, seed=1, raised=1.0)
    flat = smooth(even)
    assert flat.effective < 10
    assert np.abs(flat.log_risk).max() < 0.3
    raised = lattice(10, 10, seed=1, raised=3.0)
    found = smooth(raised)
    corner = [10 * row + column for row in range(3) for column in range(3)]
    assert (found.exceedance[corner] > 0.99).all()
    far = [10 * row + column for row in range(6, 10) for column in range(6, 10)]
    assert found.exceedance[far].mean() < 0.3


def test_the_order_and_scale_of_areas_change_nothing() -> None:
    areas = lattice(6, 7, seed=3, raised=2.0)
    found = smooth(areas)
    order = np.random.default_rng(1).permutation(42)
    place = np.argsort(order)
    other = smooth(Areas(cases=areas.cases[order], expected=areas.expected[order] * 1e4,
                         borders=place[areas.borders]))  # fmt: skip
    assert other.log_risk == pytest.approx(found.log_risk[order], abs=1e-6)
    assert other.smoothness == pytest.approx(found.smoothness, rel=1e-5)


def test_no_case_at_all_is_no_raised_risk() -> None:
    areas = lattice(3, 3, seed=1)
    none = Areas(cases=np.zeros(9), expected=areas.expected, borders=areas.borders)
    found = smooth(none)
    assert (found.exceedance == 0).all()
    assert found.apart.all()
    one = smooth(Areas(cases=np.eye(9)[4], expected=areas.expected, borders=areas.borders))
    assert np.isfinite(one.log_risk).all()


@pytest.mark.parametrize(
    ("given_", "says"),
    [
        ({"cases": np.array([1.0])}, "each needs"),
        ({"cases": np.array([1.0, -1.0])}, "negative"),
        ({"cases": np.array([1.0, np.nan])}, "missing"),
        ({"expected": np.array([1.0, 0.0])}, "no population"),
        ({"borders": np.array([[0, 5]])}, "not there"),
        ({"borders": np.array([[1, 1]])}, "itself"),
        ({"borders": np.array([0, 1])}, "pairs"),
    ],
)
def test_what_is_no_map_is_refused(given_: dict[str, Any], says: str) -> None:
    good = {"cases": np.ones(2), "expected": np.ones(2), "borders": np.array([[0, 1]])}
    with pytest.raises(AreasUnusableError, match=says):
        Areas(**{**good, **given_})

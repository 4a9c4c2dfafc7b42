"""What cannot be reckoned with gets a sentence; what is odd has a stated outcome."""

from typing import Any

import numpy as np
import pytest

from surveillance.scan.errors import ScanInputError
from surveillance.scan.expected import indirectly_standardised, person_time
from surveillance.scan.model import Model, Rates, Settings, Span
from surveillance.scan.statistic import scan
from surveillance.scan.zones import Zones, circles, flexible, zones_by_distance

XY = np.array([[0.0, 0.0], [1.0, 0.0], [0.0, 2.0]])
PEOPLE = np.array([100.0, 200.0, 300.0])


def three() -> Zones:
    return circles(XY, PEOPLE)


@pytest.mark.parametrize(
    ("cases", "rules", "data", "says"),
    [
        ([[1], [-1], [0]], Settings(), {"expected": PEOPLE[:, None]}, "whole numbers"),
        ([[1.5], [1], [0]], Settings(), {"expected": PEOPLE[:, None]}, "whole numbers"),
        ([[1], [1]], Settings(), {"expected": PEOPLE[:2, None]}, "no row of cases"),
        ([[1], [1], [0]], Settings(), {}, "expected cases, one for each"),
        ([[1], [1], [0]], Settings(), {"expected": np.array([[1.0], [np.nan], [1]])}, "numbers"),
        ([[1], [1], [0]], Settings(), {"expected": np.array([[1.0], [0.0], [1]])}, "population"),
        ([[1], [1], [0]], Settings(), {"expected": np.zeros((3, 1))}, "not all of them 0"),
        ([[1], [1], [0]], Settings(Model.BERNOULLI), {}, "needs people"),
        ([[2], [1], [0]], Settings(Model.BERNOULLI), {"people": np.ones((3, 1))}, "needs people"),
        ([[1], [1], [1]], Settings(Model.BERNOULLI), {"people": np.ones((3, 1))}, "controls"),
        ([[1], [1], [0]], Settings(Model.PERMUTATION), {}, "span of time"),
        ([[1], [1], [0]], Settings(Model.POISSON, Span.ANY, longest=0),
         {"expected": PEOPLE[:, None]}, "at least one interval"),
    ],
)  # fmt: skip
def test_data_that_do_not_fit_are_refused_with_a_sentence(
    cases: list[list[int]], rules: Settings, data: dict[str, Any], says: str
) -> None:
    with pytest.raises(ScanInputError, match=says):
        scan(three(), np.array(cases), rules, **data)


@pytest.mark.parametrize(
    ("far", "people", "share", "says"),
    [
        (np.zeros((2, 2)), np.ones(3), 0.5, "centres x places"),
        (np.array([[0.0, -1.0]]), np.ones(2), 0.5, "negative"),
        (np.array([[0.0, np.nan]]), np.ones(2), 0.5, "missing"),
        (np.zeros((1, 2)), np.ones(2), 0.0, "share"),
        (np.zeros((1, 2)), np.zeros(2), 0.5, "not all of them 0"),
    ],
)
def test_zones_that_cannot_be_are_refused(far: Any, people: Any, share: float, says: str) -> None:
    with pytest.raises(ScanInputError, match=says):
        zones_by_distance(far, people, share)


def test_a_flexible_zone_of_too_many_places_is_refused() -> None:
    with pytest.raises(ScanInputError, match="1 to 16"):
        flexible(XY, np.ones((3, 3), dtype=np.bool_), PEOPLE, 17)
    with pytest.raises(ScanInputError, match="mutual"):
        flexible(XY, np.triu(np.ones((3, 3), dtype=np.bool_)), PEOPLE, 2)


def test_no_case_at_all_is_no_cluster_and_one_case_is_none_either() -> None:
    nothing = scan(three(), np.zeros((3, 1), dtype=int), Settings(), expected=PEOPLE[:, None])
    assert nothing.clusters == ()
    assert nothing.cases == 0
    one = scan(three(), np.array([[1], [0], [0]]), Settings(replicates=9), expected=PEOPLE[:, None])
    assert one.clusters == ()


def test_without_replicates_there_is_no_p_value() -> None:
    cases = np.array([[9], [1], [1]])
    found = scan(three(), cases, Settings(replicates=0), expected=PEOPLE[:, None])
    assert found.clusters[0].places == (0,)
    assert found.clusters[0].p is None
    assert found.clusters[0].gumbel_p is None


def test_places_at_the_same_distance_enter_a_zone_together() -> None:
    xy = np.array([[0.0, 0.0], [1.0, 0.0], [-1.0, 0.0], [5.0, 5.0]])
    zones = circles(xy, np.ones(4), 1.0)
    first = zones.ends[zones.start[0] : zones.start[1]]
    assert first.tolist() == [True, False, True, True]


def test_a_place_that_no_road_reaches_is_in_no_zone() -> None:
    far = np.array([[0.0, 3.0, np.inf], [3.0, 0.0, np.inf], [np.inf, np.inf, 0.0]])
    zones = zones_by_distance(far, np.ones(3), 1.0)
    assert [part.tolist() for part in np.split(zones.order, zones.start[1:-1])] == [
        [0, 1],
        [1, 0],
        [2],
    ]


def test_fewer_than_due_is_found_as_a_low_zone() -> None:
    """A place that stopped reporting."""
    expected = np.full((5, 1), 40.0)
    cases = np.array([[50], [48], [2], [50], [50]])
    xy = np.column_stack((np.arange(5.0) ** 2, np.zeros(5)))
    low = scan(
        circles(xy, np.ones(5)), cases, Settings(rates=Rates.LOW, replicates=99), expected=expected
    )
    assert low.clusters[0].places == (2,)
    assert low.clusters[0].p == 0.01
    assert (low.clusters[0].relative_risk() or 1.0) < 0.1


def test_person_time_follows_the_population_and_refuses_what_is_out_of_order() -> None:
    people = np.array([[[100.0], [200.0]]])
    bounds = np.array([0.0, 10.0, 20.0, 30.0])
    days = person_time(np.array([5.0, 15.0]), people, bounds)[0, :, 0]
    assert days.tolist() == [500 + 625, 875 + 1000, 2000.0]
    with pytest.raises(ScanInputError, match="rising"):
        person_time(np.array([15.0, 5.0]), people, bounds)
    with pytest.raises(ScanInputError, match="at least a day"):
        person_time(np.array([5.0, 15.0]), people, np.array([0.0, 0.0]))


def test_a_group_of_nobody_with_cases_is_refused() -> None:
    with pytest.raises(ScanInputError, match="no population"):
        indirectly_standardised(np.ones((1, 1, 2), dtype=int), np.array([[[10.0, 0.0]]]))

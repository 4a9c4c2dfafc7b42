"""Clusters one after another, each without those before it; and null data sets until enough."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from surveillance.scan.errors import ScanInputError
from surveillance.scan.iterative import scan_again
from surveillance.scan.model import Model, Settings, Span
from surveillance.scan.significance import rank_p
from surveillance.scan.statistic import scan
from surveillance.scan.zones import circles

XY = np.column_stack((np.arange(20.0) + 0.01 * np.arange(20.0) ** 2, np.zeros(20)))
PEOPLE = np.full(20, 1000.0)


def two_outbreaks() -> np.ndarray:
    cases = np.full((20, 1), 10)
    cases[2:4] = 60
    cases[15:17] = 32
    return cases


def test_the_weaker_outbreak_is_stronger_without_the_other() -> None:
    cases = two_outbreaks()
    at_once = scan(circles(XY, PEOPLE), cases, Settings(), expected=PEOPLE[:, None])
    one_by_one = scan_again(circles(XY, PEOPLE), cases, Settings(), expected=PEOPLE[:, None])
    assert [set(one.places) for one in one_by_one] == [{2, 3}, {15, 16}]
    assert one_by_one[0] == at_once.clusters[0]
    second = next(one for one in at_once.clusters if 15 in one.places)
    assert one_by_one[1].log_likelihood_ratio > second.log_likelihood_ratio
    assert one_by_one[1].cases == cases.sum() - 120


def test_the_next_cluster_is_the_strongest_of_the_data_without_the_first() -> None:
    cases = two_outbreaks() + np.random.default_rng(3).poisson(3.0, (20, 1))
    found = scan_again(circles(XY, PEOPLE), cases, Settings(), expected=PEOPLE[:, None], p=1.0,
                       most=3)  # fmt: skip
    assert len(found) == 3
    left, due = cases.copy(), PEOPLE[:, None].copy()
    for number, one in enumerate(found):
        plain = scan(circles(XY, PEOPLE), left, Settings(seed=1 + number), expected=due)
        assert plain.clusters[0] == one
        left[list(one.places)] = 0
        due[list(one.places)] = 0


def test_bernoulli_and_periods_go_on_too() -> None:
    cases = np.full((20, 6), 2)
    cases[4, 2:4] = 30
    cases[12, 5] = 30
    people = np.full((20, 6), 100)
    rules = Settings(Model.BERNOULLI, Span.ANY, replicates=99)
    found = scan_again(circles(XY, PEOPLE), cases, rules, people=people, p=0.05)
    assert [(one.places, one.first, one.last) for one in found] == [((4,), 2, 3), ((12,), 5, 5)]


def test_permutations_are_refused_and_no_case_is_no_cluster() -> None:
    with pytest.raises(ScanInputError, match="cannot go on"):
        scan_again(circles(XY, PEOPLE), two_outbreaks(), Settings(Model.PERMUTATION, Span.ANY))
    nothing = np.zeros((20, 1), dtype=int)
    assert scan_again(circles(XY, PEOPLE), nothing, Settings(), expected=PEOPLE[:, None]) == ()


def test_an_even_map_ends_after_few_null_data_sets_with_nearly_the_same_p() -> None:
    random = np.random.default_rng(2)
    cases = random.poisson(10.0, (20, 1))
    data = {"expected": PEOPLE[:, None]}
    whole = scan(circles(XY, PEOPLE), cases, Settings(replicates=9999), **data)
    ended = scan(circles(XY, PEOPLE), cases, Settings(replicates=9999, enough=20), **data)
    assert ended.maxima.size < 500
    assert (ended.maxima == whole.maxima[: ended.maxima.size]).all()
    for mine, theirs in zip(ended.clusters, whole.clusters, strict=True):
        assert mine.log_likelihood_ratio == theirs.log_likelihood_ratio
        # Besag and Clifford: the spread of p is about p sqrt((1 - p) / enough)
        assert mine.p == pytest.approx(theirs.p, abs=3 * theirs.p * np.sqrt(1 / 20) + 1e-9)
    first = ended.clusters[0]
    assert first.p == 20 / ended.maxima.size
    assert first.recurrence_intervals() == ended.maxima.size / 20


def test_a_strong_outbreak_is_searched_to_the_end() -> None:
    found = scan(circles(XY, PEOPLE), two_outbreaks(), Settings(replicates=499, enough=10),
                 expected=PEOPLE[:, None])  # fmt: skip
    assert found.maxima.size == 499
    assert found.clusters[0].p == 0.002


def test_the_number_of_parts_changes_nothing() -> None:
    random = np.random.default_rng(2)
    cases = random.poisson(10.0, (20, 1))
    rules, data = Settings(replicates=999, enough=7), {"expected": PEOPLE[:, None]}
    one = scan(circles(XY, PEOPLE), cases, rules, **data)
    three = scan(circles(XY, PEOPLE), cases, rules, parts=3, **data)
    assert one.clusters == three.clusters
    assert (one.maxima == three.maxima).all()


def test_enough_must_be_at_least_one() -> None:
    with pytest.raises(ScanInputError, match="at least one null"):
        scan(circles(XY, PEOPLE), two_outbreaks(), Settings(enough=0), expected=PEOPLE[:, None])


@settings(deadline=None)
@given(st.lists(st.integers(0, 9), min_size=1, max_size=60), st.integers(0, 9), st.integers(1, 8))
def test_the_sequential_p_is_that_of_counting_one_by_one(
    maxima: list[int], ratio: int, enough: int
) -> None:
    reached = 0
    expected = None
    for number, one in enumerate(maxima, 1):
        reached += one >= ratio
        if reached == enough:
            expected = enough / number
            break
    if expected is None:
        expected = (reached + 1) / (len(maxima) + 1)
    assert rank_p(float(ratio), np.array(maxima, float), enough) == expected

"""The fast subset scan against all subsets, one by one."""

from itertools import combinations
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from surveillance.scan.errors import ScanInputError
from surveillance.scan.likelihood import log_ratio
from surveillance.scan.model import Model, Rates, Settings, Span
from surveillance.scan.null import drawn
from surveillance.scan.study import Study, prepared
from surveillance.scan.subsets import scan_subsets
from surveillance.scan.zones import Zones, circles


@st.composite
def studies(draw: st.DrawFn) -> tuple[Zones, dict[str, Any], Settings]:
    random = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    places, times = draw(st.integers(2, 7)), draw(st.integers(1, 5))
    model = draw(st.sampled_from(Model))
    span = Span.CURRENT if model is Model.PERMUTATION else draw(
        st.sampled_from([Span.WHOLE, Span.CURRENT])
    )  # fmt: skip
    rules = Settings(
        model, span, draw(st.sampled_from(Rates)), longest=draw(st.integers(1, times)),
        replicates=4, least_cases=1,
    )  # fmt: skip
    people = random.integers(1, 40, (places, times))
    cases = np.minimum(random.poisson(random.gamma(1, 2, (places, times))), people)
    cases[0, 0] = max(cases[0, 0], 1)
    people[0, 0] += 3
    data: dict[str, Any] = {"cases": cases}
    if model is Model.POISSON:
        data["expected"] = people.astype(float)
    if model is Model.BERNOULLI:
        data["people"] = people
    xy = random.integers(0, 4, (places, 2)).astype(float)
    return circles(xy, people.sum(axis=1).astype(float), 0.8), data, rules


def of_all_subsets(study: Study, counts: np.ndarray) -> float:
    """Return the greatest ratio of any subset of any neighbourhood: `counts` (places, periods)."""
    due = np.cumsum(study.expected[:, ::-1][:, : study.longest], axis=1)
    best = 0.0
    for near in np.split(study.zones.order, study.zones.start[1:-1]):
        for size in range(1, near.size + 1):
            for subset in combinations(near.tolist(), size):
                for w in range(due.shape[1]):
                    count, expected = counts[list(subset), w].sum(), due[list(subset), w].sum()
                    if any(sign * (count - expected) > 0 for sign in study.signs()):
                        best = max(best, log_ratio(int(count), float(expected), study.totals))
    return best


@settings(deadline=None, max_examples=20)
@given(studies())
def test_the_first_places_by_rate_hold_the_best_of_all_subsets(
    case: tuple[Zones, dict[str, Any], Settings],
) -> None:
    zones, data, rules = case
    found = scan_subsets(zones, data["cases"], rules, expected=data.get("expected"),
                         people=data.get("people"))  # fmt: skip
    study = prepared(zones, data["cases"], rules, data.get("expected"), data.get("people"))
    counts = np.cumsum(study.counts[:, ::-1][:, : study.longest], axis=1)
    mine = max((one.log_likelihood_ratio for one in found.clusters), default=0.0)
    assert mine == pytest.approx(of_all_subsets(study, counts), abs=1e-9)
    for one in found.clusters:
        again = log_ratio(one.observed, one.expected, study.totals)
        assert again == pytest.approx(one.log_likelihood_ratio, abs=1e-9)
    null = drawn(study, np.arange(4), 1).astype(np.int64)
    for r in range(4):
        assert found.maxima[r] == pytest.approx(of_all_subsets(study, null[:, :, r]), abs=1e-9)


def test_a_winding_river_is_found_whole_and_nothing_beside_it() -> None:
    side = np.arange(12.0)
    xy = np.column_stack((np.repeat(side, 12), np.tile(side, 12)))
    random = np.random.default_rng(5)
    river = np.flatnonzero(np.abs(xy[:, 1] - 5.5 - 3 * np.sin(xy[:, 0] / 2)) < 0.7)
    due = np.full((144, 1), 20.0)
    cases = random.poisson(due)
    cases[river, 0] = random.poisson(45.0, river.size)
    found = scan_subsets(
        circles(xy, np.ones(144), 0.5), cases, Settings(replicates=199), expected=due
    )
    first = found.clusters[0]
    inside = len(set(first.places) & set(river.tolist()))
    assert first.p == 0.005
    assert inside / len(first.places) > 0.85
    assert inside > 0.45 * river.size


def test_runs_of_any_interval_are_refused() -> None:
    with pytest.raises(ScanInputError, match="periods to now"):
        scan_subsets(circles(np.zeros((1, 2)), np.ones(1)), np.ones((1, 2), int),
                     Settings(span=Span.ANY), expected=np.ones((1, 2)))  # fmt: skip


def test_no_case_is_no_cluster() -> None:
    found = scan_subsets(circles(np.zeros((2, 2)), np.ones(2)), np.zeros((2, 1), int), Settings(),
                         expected=np.ones((2, 1)))  # fmt: skip
    assert found.clusters == ()

"""Scans of values against the likelihoods as they are written, maximised by another program."""

import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import optimize, stats

from surveillance.scan.errors import ScanInputError
from surveillance.scan.likelihood import BERNOULLI, log_ratio, totals
from surveillance.scan.model import Rates, Settings, Span
from surveillance.scan.value_sweep import exponential_ratio, normal_ratio, ordinal_ratio
from surveillance.scan.values import Kind, Values, scan_values
from surveillance.scan.zones import circles

XY = np.array([[0.0, 0], [1, 0], [0, 2], [5, 5], [6, 5]])
FOREVER = Settings(replicates=0)


def ordered_likelihood(inside: np.ndarray, outside: np.ndarray) -> float:
    """Return ln L of the best shares p, q with p_k / q_k rising, by SLSQP."""
    size = inside.size
    start = (inside + outside + 0.5) / (inside + outside + 0.5).sum()

    def minus(x: np.ndarray) -> float:
        p, q = np.maximum(x[:size], 1e-300), np.maximum(x[size:], 1e-300)
        return -float(inside @ np.log(p) + outside @ np.log(q))

    rules: list[dict[str, Any]] = [
        {"type": "eq", "fun": lambda x: x[:size].sum() - 1},
        {"type": "eq", "fun": lambda x: x[size:].sum() - 1},
    ]
    rules += [
        {"type": "ineq", "fun": lambda x, k=k: x[k + 1] * x[size + k] - x[k] * x[size + k + 1]}
        for k in range(size - 1)
    ]
    found = optimize.minimize(
        minus, np.concatenate((start, start)), bounds=[(1e-9, 1)] * (2 * size),
        constraints=rules, method="SLSQP", options={"ftol": 1e-12, "maxiter": 500},
    )  # fmt: skip
    return -float(found.fun)


@pytest.mark.parametrize(
    ("inside", "outside"),
    [((3, 5, 9), (20, 20, 10)), ((9, 1, 6), (12, 14, 16)), ((4, 9, 3, 8), (30, 18, 22, 11))],
)
def test_ordered_shares_are_those_of_the_greatest_likelihood(
    inside: tuple[int, ...], outside: tuple[int, ...]
) -> None:
    here, there = np.array(inside, float), np.array(outside, float)
    total = here + there
    even = float(total @ np.log(total / total.sum()))
    best = ordered_likelihood(here, there) - even
    assert ordinal_ratio(here, total, True) == pytest.approx(best, abs=1e-5)
    falling = ordered_likelihood(here[::-1].copy(), there[::-1].copy()) - even
    assert ordinal_ratio(here, total, False) == pytest.approx(falling, abs=1e-5)


@given(st.integers(1, 30), st.integers(1, 30), st.integers(1, 30), st.integers(1, 30))
def test_two_categories_are_cases_and_controls(a: int, b: int, c: int, d: int) -> None:
    """The ordinal ratio of two categories is Bernoulli's, on its side."""
    inside, total = np.array([a, b], float), np.array([a + c, b + d], float)
    people, cases = float(total.sum()), int(total[1])
    due = (a + b) * cases / people
    plain = log_ratio(b, due, totals(cases, people, BERNOULLI))
    side = ordinal_ratio(inside, total, b > due)
    assert side == pytest.approx(max(plain, 0.0), abs=1e-7)


@given(st.lists(st.floats(-5, 5), min_size=4, max_size=9), st.integers(1, 3))
def test_the_normal_ratio_is_that_of_densities(values: list[float], many: int) -> None:
    value = np.array(values)
    if value.std() < 1e-3 or min(value[:many].std(), value[many:].std()) < 1e-3:
        return
    centred = value - value.mean()
    marks = np.column_stack((np.ones_like(value), np.ones_like(value), centred, centred**2))
    ours = normal_ratio(marks[:many].sum(axis=0), marks.sum(axis=0))
    rest = np.concatenate((value[:many] - value[:many].mean(), value[many:] - value[many:].mean()))
    apart = stats.norm.logpdf(rest, 0, math.sqrt((rest**2).mean())).sum()
    together = stats.norm.logpdf(centred, 0, value.std()).sum()
    assert ours == pytest.approx(apart - together, abs=1e-8)


def test_weights_are_ones_by_variance() -> None:
    """Huang et al. 2009: means and variance by weight, each region once."""
    value, weight = np.array([3.0, 1.0, 2.0, 0.5, 1.5]), np.array([4.0, 1.0, 2.0, 3.0, 5.0])
    mean = np.average(value, weights=weight)
    marks = np.column_stack((np.ones(5), weight, weight * (value - mean),
                             weight * (value - mean) ** 2))  # fmt: skip
    ours = normal_ratio(marks[:2].sum(axis=0), marks.sum(axis=0))
    spread = [weight @ (value - mean) ** 2, 0.0]
    for part in (slice(0, 2), slice(2, 5)):
        middle = np.average(value[part], weights=weight[part])
        spread[1] += weight[part] @ (value[part] - middle) ** 2
    assert ours == pytest.approx(2.5 * math.log(spread[0] / spread[1]))


def test_the_exponential_ratio_is_that_of_censored_times() -> None:
    time = np.array([2.0, 3.0, 1.0, 9.0, 8.0, 12.0])
    happened = np.array([1.0, 1.0, 0.0, 1.0, 0.0, 1.0])
    marks = np.column_stack((np.ones(6), happened, time))
    ours = exponential_ratio(marks[:3].sum(axis=0), marks.sum(axis=0))

    def likelihood(part: slice) -> float:
        rate = happened[part].sum() / time[part].sum()
        return float(
            happened[part] @ stats.expon.logpdf(time[part], scale=1 / rate)
            + (1 - happened[part]) @ stats.expon.logsf(time[part], scale=1 / rate)
        )

    plain = likelihood(slice(0, 3)) + likelihood(slice(3, 6)) - likelihood(slice(0, 6))
    assert ours == pytest.approx(plain)


@st.composite
def people(draw: st.DrawFn) -> tuple[Values, Settings]:
    random = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    count, intervals = draw(st.integers(2, 25)), draw(st.integers(1, 4))
    kind = draw(st.sampled_from(Kind))
    value = {
        Kind.ORDINAL: random.integers(0, 4, count).astype(float),
        Kind.NORMAL: random.normal(10, 3, count),
        Kind.EXPONENTIAL: random.exponential(3, count) + 0.01,
    }[kind]
    values = Values(
        kind=kind, places=5, intervals=intervals, place=random.integers(0, 5, count),
        interval=random.integers(0, intervals, count), value=value,
        weight=random.uniform(0.5, 3, count) if kind is Kind.NORMAL else None,
        happened=random.random(count) < 0.7 if kind is Kind.EXPONENTIAL else None,
    )  # fmt: skip
    rules = Settings(
        span=draw(st.sampled_from(Span)), rates=draw(st.sampled_from(Rates)),
        longest=draw(st.integers(1, intervals)), replicates=3, least_cases=draw(st.integers(1, 3)),
    )  # fmt: skip
    return values, rules


def ratio_inside(values: Values, inside: np.ndarray, rates: Rates) -> float:
    """Return the ratio of a set of people, by the sums written out."""
    if values.kind is Kind.ORDINAL:
        size = int(values.value.max()) + 1
        here = np.bincount(values.value[inside].astype(int), minlength=size).astype(float)
        total = np.bincount(values.value.astype(int), minlength=size).astype(float)
        here, total = here[total > 0], total[total > 0]
        sides = {Rates.HIGH: (True,), Rates.LOW: (False,), Rates.BOTH: (True, False)}[rates]
        return max(ordinal_ratio(here, total, side) for side in sides)
    if values.kind is Kind.NORMAL:
        weight = values.weight
        assert weight is not None
        mean = np.average(values.value, weights=weight)
        centred = values.value - mean
        marks = np.column_stack((np.ones_like(weight), weight, weight * centred,
                                 weight * centred**2))  # fmt: skip
        over = np.average(values.value[inside], weights=weight[inside]) - mean
        ratio = normal_ratio(marks[inside].sum(axis=0), marks.sum(axis=0))
    else:
        assert values.happened is not None
        marks = np.column_stack((np.ones_like(values.value), values.happened, values.value))
        rates_of = [marks[part].sum(axis=0) for part in (inside, np.ones_like(inside))]
        over = rates_of[0][1] / rates_of[0][2] - rates_of[1][1] / rates_of[1][2]
        ratio = exponential_ratio(*rates_of)
    wanted = {Rates.HIGH: over > 0, Rates.LOW: over < 0, Rates.BOTH: True}[rates]
    return ratio if wanted else 0.0


@settings(deadline=None, max_examples=25)
@given(people())
def test_the_search_finds_the_greatest_ratio(case: tuple[Values, Settings]) -> None:
    values, rules = case
    zones = circles(XY, np.ones(5), 1.0)
    found = scan_values(zones, values, rules)
    last = 1 if rules.span is Span.WHOLE else values.intervals
    interval = np.zeros_like(values.interval) if rules.span is Span.WHOLE else values.interval
    longest = 1 if rules.span is Span.WHOLE else rules.longest
    assert longest is not None
    best = 0.0
    for k in range(zones.weight.size):
        for end in range(zones.start[k], zones.start[k + 1]):
            if not zones.ends[end]:
                continue
            held = np.isin(values.place, zones.members(k, end))
            for until in range(last if rules.span is not Span.ANY else 1, last + 1):
                for since in range(max(until - longest, 0), until):
                    inside = held & (interval >= since) & (interval < until)
                    if max(rules.least_cases, 1) <= inside.sum() < values.place.size:
                        best = max(best, ratio_inside(values, inside, rules.rates))
    strongest = max((one.log_likelihood_ratio for one in found.clusters), default=0.0)
    assert strongest == pytest.approx(best, abs=1e-9)
    assert found.maxima.shape == (3,)


def outbreak(kind: Kind, sign: float = 1.0) -> Values:
    random = np.random.default_rng(8)
    place = np.repeat(np.arange(5), 60)
    raised = sign * np.isin(place, [3, 4])
    value = {
        Kind.ORDINAL: np.clip(np.round(1.5 + raised + random.normal(0, 1, 300)), 0, 3),
        Kind.NORMAL: 20 + 2 * raised + random.normal(0, 2, 300),
        Kind.EXPONENTIAL: random.exponential(5.0, 300) * np.exp(-raised),
    }[kind]
    return Values(kind=kind, places=5, intervals=1, place=place, interval=np.zeros(300, int),
                  value=value)  # fmt: skip


@pytest.mark.parametrize("kind", Kind)
def test_an_injected_cluster_is_found_and_is_significant(kind: Kind) -> None:
    for sign, rates in ((1.0, Rates.HIGH), (-1.0, Rates.LOW)):
        rules = Settings(rates=rates, replicates=199)
        found = scan_values(circles(XY, np.ones(5)), outbreak(kind, sign), rules)
        first = found.clusters[0]
        assert set(first.places) == {3, 4}
        assert first.people == 120
        assert first.p == 0.005
        assert first.inside != first.outside
        other = Settings(rates=Rates.LOW if rates is Rates.HIGH else Rates.HIGH, replicates=0)
        opposite = scan_values(circles(XY, np.ones(5)), outbreak(kind, sign), other)
        assert all(set(one.places) != {3, 4} for one in opposite.clusters)


@pytest.mark.parametrize("kind", Kind)
def test_without_a_cluster_p_is_even(kind: Kind) -> None:
    """Of 60 studies without a cluster, p at or below 0.2 in as many as a fifth may give."""
    random = np.random.default_rng(1)
    small = 0
    for seed in range(60):
        values = outbreak(kind, 0.0)
        shuffled = Values(
            kind=kind, places=5, intervals=1, place=random.permutation(values.place),
            interval=values.interval, value=values.value,
        )  # fmt: skip
        found = scan_values(circles(XY, np.ones(5)), shuffled, Settings(replicates=49, seed=seed))
        small += bool(found.clusters) and (found.clusters[0].p or 1.0) <= 0.2
    assert 4 <= small <= 22


def test_the_split_over_parts_changes_nothing() -> None:
    zones, rules = circles(XY, np.ones(5)), Settings(replicates=20)
    one = scan_values(zones, outbreak(Kind.NORMAL), rules)
    three = scan_values(zones, outbreak(Kind.NORMAL), rules, parts=3)
    assert (one.maxima == three.maxima).all()
    assert one.clusters == three.clusters


@pytest.mark.parametrize(
    ("changed", "says"),
    [
        ({"value": np.array([1.5, 0.0])}, "whole numbers"),
        ({"value": np.array([1.0, np.nan])}, "missing or infinite"),
        ({"value": np.array([1.0])}, "a place, an interval and a value"),
        ({"place": np.array([0, 9])}, "not there"),
        ({"interval": np.array([0, 3])}, "not there"),
        ({"places": 2}, "place that is not there"),
        ({"kind": Kind.EXPONENTIAL, "value": np.array([0.0, 1.0])}, "above 0"),
        ({"kind": Kind.NORMAL, "weight": np.array([0.0, 1.0])}, "weight must be"),
        ({"happened": np.array([True])}, "a place, an interval and a value"),
    ],
)
def test_values_that_do_not_fit_are_refused(changed: dict[str, Any], says: str) -> None:
    given_: dict[str, Any] = {
        "kind": Kind.ORDINAL, "places": 5, "intervals": 2, "place": np.array([0, 1]),
        "interval": np.array([0, 1]), "value": np.array([0.0, 1.0]),
    }  # fmt: skip
    with pytest.raises(ScanInputError, match=says):
        scan_values(circles(XY, np.ones(5), 1.0), Values(**{**given_, **changed}), FOREVER)


def test_nobody_is_no_cluster_and_equal_values_are_none_either() -> None:
    zones = circles(XY, np.ones(5))
    nobody = np.zeros(0, int)
    for kind in Kind:
        empty = Values(kind=kind, places=5, intervals=1, place=nobody, interval=nobody,
                       value=np.zeros(0))  # fmt: skip
        assert scan_values(zones, empty, Settings()).clusters == ()
    same = Values(kind=Kind.NORMAL, places=5, intervals=1, place=np.arange(5),
                  interval=np.zeros(5, int), value=np.full(5, 3.0))  # fmt: skip
    assert scan_values(zones, same, Settings(replicates=9, rates=Rates.BOTH)).clusters == ()

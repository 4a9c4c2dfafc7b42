"""The fast search against a plain one: every zone, every period, the formula as it is written."""

import math
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from surveillance.scan.likelihood import BERNOULLI, POISSON, log_ratio, totals
from surveillance.scan.model import Model, Rates, Settings, Span
from surveillance.scan.null import drawn
from surveillance.scan.statistic import scan
from surveillance.scan.study import Study, prepared
from surveillance.scan.zones import Zones, circles, ellipses


def ratio(count: int, due: float, total: int, people: float | None) -> float:
    """Return Kulldorff's log likelihood ratio by its formula."""

    def term(part: float, whole: float) -> float:
        return part * math.log(part / whole) if part > 0 else 0.0

    if not 0 < due < total:
        return 0.0
    if people is None:
        return term(count, due) + term(total - count, total - due)
    inside = due * people / total
    most = term(count, inside) + term(inside - count, inside)
    most += term(total - count, people - inside)
    most += term(people - inside - total + count, people - inside)
    return most - term(total, people) - term(people - total, people)


def plain_maximum(  # noqa: PLR0917
    zones: Zones, counts: npt.NDArray[Any], due: npt.NDArray[Any], rules: Settings, longest: int,
    people: float | None,
) -> float:  # fmt: skip
    total, best = int(due.sum().round()), 0.0
    times = counts.shape[1]
    for k in range(zones.weight.size):
        for end in range(zones.start[k], zones.start[k + 1]):
            if not zones.ends[end]:
                continue
            members = zones.members(k, end)
            for until in range(1, times + 1):
                if rules.span is not Span.ANY and until < times:
                    continue
                for since in range(max(until - longest, 0), until):
                    count = int(counts[members, since:until].sum())
                    expected = float(due[members, since:until].sum())
                    high = count > expected and count >= rules.least_cases
                    low = count < expected
                    wanted = {
                        Rates.HIGH: high, Rates.LOW: low, Rates.BOTH: high or low
                    }[rules.rates]  # fmt: skip
                    if wanted:
                        value = zones.weight[k] * ratio(count, expected, total, people)
                        best = max(best, value)
    return best


@st.composite
def studies(draw: st.DrawFn) -> tuple[Zones, dict[str, Any], Settings]:
    random = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    places, times = draw(st.integers(2, 7)), draw(st.integers(1, 9))
    model = draw(st.sampled_from(Model))
    spans = [Span.ANY, Span.CURRENT] if model is Model.PERMUTATION else list(Span)
    rules = Settings(
        model, draw(st.sampled_from(spans)), draw(st.sampled_from(Rates)),
        longest=draw(st.integers(1, times)), replicates=draw(st.sampled_from([1, 33, 230])),
        seed=draw(st.integers(0, 2**40)), least_cases=draw(st.sampled_from([1, 2, 4])),
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
    weight = people.sum(axis=1).astype(float)
    share = draw(st.sampled_from([0.5, 1.0]))
    if draw(st.booleans()):
        return (
            ellipses(xy, weight, share, (2.0, 4.0), (2, 3), draw(st.sampled_from([0.0, 1.0]))),
            data,
            rules,
        )
    return circles(xy, weight, share), data, rules


@settings(deadline=None, max_examples=60)
@given(studies())
def test_the_greatest_ratios_are_those_of_the_plain_search(
    study: tuple[Zones, dict[str, Any], Settings],
) -> None:
    zones, data, rules = study
    found = scan(
        zones, data["cases"], rules, expected=data.get("expected"), people=data.get("people")
    )
    ready = prepared(zones, data["cases"], rules, data.get("expected"), data.get("people"))
    people = ready.totals.people if ready.totals.kind == BERNOULLI else None
    mine = max((one.log_likelihood_ratio for one in found.clusters), default=0.0)
    plain = plain_maximum(zones, ready.counts, ready.expected, rules, ready.longest, people)
    assert mine == pytest.approx(plain, abs=1e-9)
    recent = ready.expected[:, -ready.drawn_intervals() :]
    for replicate in {0, rules.replicates // 2, rules.replicates - 1}:
        null = drawn(ready, np.array([replicate]), 1)[:, :, 0].astype(np.int64)
        if rules.span is not Span.ANY:
            null = np.diff(null, axis=1, prepend=0)[:, ::-1]
        plain = plain_of_null(zones, null, recent, ready, people)
        assert found.maxima[replicate] == pytest.approx(plain, abs=1e-9)


def plain_of_null(
    zones: Zones, null: npt.NDArray[Any], due: npt.NDArray[Any], ready: Study, people: float | None
) -> float:
    """Put what is not drawn (intervals before the last ones) where no zone and period looks."""
    before = ready.expected[:, : ready.expected.shape[1] - due.shape[1]]
    counts = np.concatenate((np.zeros(before.shape, dtype=np.int64), null), axis=1)
    due = np.concatenate((before, due), axis=1)
    return plain_maximum(zones, counts, due, ready.settings, ready.longest, people)


@given(st.integers(1, 400), st.floats(0.01, 0.99), st.floats(0.0, 1.0), st.integers(0, 400))
def test_the_ratio_is_the_formula(total: int, share: float, part: float, more: int) -> None:
    count = round(part * total)
    due = share * total
    assert log_ratio(count, due, totals(total, 0.0, POISSON)) == pytest.approx(
        ratio(count, due, total, None), abs=1e-8
    )
    people = float(total + more + 1)
    if count <= share * people and total - count <= people - share * people:
        assert log_ratio(count, due, totals(total, people, BERNOULLI)) == pytest.approx(
            ratio(count, due, total, people), abs=1e-7
        )


def test_shared_out_over_processes_the_numbers_are_the_same() -> None:
    random = np.random.default_rng(7)
    xy = random.uniform(0, 10, (40, 2))
    people = random.integers(50, 500, 40).astype(float)
    cases = random.poisson(people[:, np.newaxis] / 100, (40, 6))
    rules = Settings(Model.POISSON, Span.ANY, replicates=99, seed=5)
    arguments = {"expected": np.outer(people, np.ones(6))}
    alone = scan(circles(xy, people), cases, rules, **arguments)
    with ProcessPoolExecutor(2, mp_context=get_context("fork")) as two:
        shared = scan(circles(xy, people), cases, rules, spread=two.map, parts=5, **arguments)
    assert (alone.maxima == shared.maxima).all()
    assert alone.clusters == shared.clusters
    assert not (scan(circles(xy, people), cases, Settings(Model.POISSON, Span.ANY, replicates=99,
                     seed=6), **arguments).maxima == alone.maxima).all()  # fmt: skip


def test_null_cases_are_drawn_in_proportion() -> None:
    """Means of each cell within five standard errors of what was due, in every model."""
    random = np.random.default_rng(3)
    people = random.integers(20, 200, (6, 4))
    cases = random.binomial(people, 0.1)
    zones = circles(random.uniform(0, 1, (6, 2)), people.sum(axis=1).astype(float))
    for model in Model:
        rules = Settings(model, Span.ANY, replicates=2000)
        ready = prepared(zones, cases, rules, people.astype(float), people)
        null = drawn(ready, np.arange(2000), 1).astype(np.int64)
        assert (null.sum(axis=(0, 1)) == cases.sum()).all()
        error = null.std(axis=2, ddof=1) / math.sqrt(2000)
        assert (np.abs(null.mean(axis=2) - ready.expected) <= 5 * error + 1e-9).all()
        if model is Model.PERMUTATION:
            assert (null.sum(axis=1) == cases.sum(axis=1)[:, np.newaxis]).all()
            assert (null.sum(axis=0) == cases.sum(axis=0)[:, np.newaxis]).all()

"""The wave's plan is the best there is: against every plan there is."""

from itertools import combinations, permutations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dispatch.arrest.wave import delivery_times_s, plan_wave

SLOPE_CPR, SLOPE_SHOCK = 2.3 / 60.0, 1.1 / 60.0


def enumerated(wave):
    """Return (AEDs fetched, points lost) of the best plan, by trying each."""
    direct, delivery, size, fetches, within, others = wave
    able = [v for v in range(len(direct)) if np.isfinite(direct[v])]
    size = min(size, len(able))
    for count in range(min(fetches, size - (0 if others else 1), delivery.shape[1]), -1, -1):
        best = np.inf
        for fetchers in combinations(able, count):
            for devices in permutations(range(delivery.shape[1]), count):
                times = [delivery[v, a] for v, a in zip(fetchers, devices, strict=True)]
                if any(time > within or not np.isfinite(time) for time in times):
                    continue
                left = sorted(direct[v] for v in able if v not in fetchers)[: size - count]
                best = min(best, SLOPE_SHOCK * sum(times) + SLOPE_CPR * sum(left))
        if np.isfinite(best):
            return count, best
    return 0, 0.0


SECONDS = st.one_of(st.integers(0, 900).map(float), st.just(np.inf))


@st.composite
def waves(draw):
    volunteers, aeds = draw(st.integers(0, 5)), draw(st.integers(0, 4))
    direct = np.array(draw(st.lists(SECONDS, min_size=volunteers, max_size=volunteers)))
    cells = draw(st.lists(SECONDS, min_size=volunteers * aeds, max_size=volunteers * aeds))
    delivery = np.array(cells, dtype=np.float32).reshape(volunteers, aeds)
    return (
        direct, delivery, draw(st.integers(0, 5)), draw(st.integers(0, 3)),
        draw(st.sampled_from([np.inf, 600.0])), draw(st.integers(0, 1)),
    )  # fmt: skip


@settings(max_examples=30, deadline=None)
@given(waves())
def test_equals_enumeration(wave) -> None:
    check(wave)


@pytest.mark.acceptance
@settings(max_examples=3000, deadline=None)
@given(waves())
def test_equals_enumeration_often(wave) -> None:
    check(wave)


def check(wave) -> None:
    direct, delivery, size, fetches, within, others = wave
    plan = plan_wave(
        direct, delivery, size=size, fetches=fetches, useful_within_s=within, others_direct=others
    )
    count, lost = enumerated(wave)
    assert (len(plan.fetches), plan.lost_percent) == (count, pytest.approx(lost, abs=1e-4))
    people = [*plan.direct, *(volunteer for volunteer, _ in plan.fetches)]
    assert len(people) == len(set(people)) <= size
    assert len({aed for _, aed in plan.fetches}) == len(plan.fetches)
    assert plan.direct or others or not plan.fetches


@settings(max_examples=10, deadline=None)
@given(st.integers(0, 2**32 - 1))
def test_reduced_problem_loses_nothing(seed: int) -> None:
    """Many people and devices with many equal times: as good as the whole matrix solved."""
    from scipy.optimize import linear_sum_assignment

    rng = np.random.default_rng(seed)
    direct = rng.integers(60, 120, 40).astype(float)
    delivery = rng.integers(60, 90, (40, 30)).astype(np.float32)
    size, fetches = 6, 3
    plan = plan_wave(direct, delivery, size=size, fetches=fetches)
    costs = np.full((40 + 27, 3 + 30 + 34), np.inf)
    costs[:40, :3] = SLOPE_CPR * direct[:, None]
    costs[:40, 3:33] = SLOPE_SHOCK * delivery
    costs[:40, 33:] = 0.0
    costs[40:, 3:33] = 0.0
    rows, columns = linear_sum_assignment(costs)
    assert plan.lost_percent == pytest.approx(float(costs[rows, columns].sum()), abs=1e-4)


def test_a_lone_rescuer_goes_straight() -> None:
    """One volunteer, with an AED on the way: nobody else would be with the patient."""
    plan = plan_wave(np.array([120.0]), np.array([[150.0]]), size=5, fetches=2)
    assert (plan.direct, plan.fetches) == ((0,), ())
    plan = plan_wave(
        np.array([120.0]), np.array([[150.0]]), size=5, fetches=2, others_direct=1
    )  # fmt: skip
    assert plan.fetches == ((0, 0),)


def test_floors_cost_time() -> None:
    """The AED on the tenth floor loses against one a minute farther at street level."""
    times = delivery_times_s(
        np.array([[60.0, 120.0]]), np.array([400.0, 15.0]), np.array([60.0, 90.0])
    )
    plan = plan_wave(np.array([50.0]), times, size=1, fetches=1, others_direct=1)
    assert plan.fetches == ((0, 1),)


def test_not_known_way_is_no_way() -> None:
    times = delivery_times_s(np.array([[np.nan]]), np.array([15.0]), np.array([60.0]))
    assert not plan_wave(np.array([50.0, np.nan]), np.vstack([times, times]), size=2,
                         fetches=1).fetches  # fmt: skip

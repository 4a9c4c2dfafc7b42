"""Learned speeds: shrinkage, robustness, sirens apart, hours of the week."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from routing.learning.learn import (
    LearnedSpeeds,
    LegDrives,
    Uplift,
    cells_of,
    credibility,
    learn_cells,
    siren_times,
    uplift_of,
)
from routing.matching.model import MATCHED, MatchedTrace


def drives_of(segments, leg, hour, speed_kmh, *, trip=None):
    leg = np.asarray(leg, dtype=np.int32)
    metres = segments.length_m[leg // 2]
    hour = np.broadcast_to(np.asarray(hour, dtype=np.int16), leg.shape)
    trip = np.arange(leg.size) if trip is None else np.asarray(trip)
    seconds = metres * 3.6 / np.broadcast_to(speed_kmh, leg.shape)
    return LegDrives(leg, hour, metres, seconds, trip.astype(np.int32))


def learn_speeds(drives: LegDrives, segments) -> LearnedSpeeds:
    return learn_cells(cells_of(drives, segments), segments)


def siren_uplift(siren: LegDrives, ordinary: LearnedSpeeds) -> Uplift:
    return uplift_of(*siren_times(siren, ordinary))


@pytest.fixture(scope="module")
def street(kit):
    """Forty streets of one class."""
    ends = {i: (200.0 * i, 0.0) for i in range(41)}
    return kit.make_segments([(i, i + 1) for i in range(40)], ends)


def test_learning_beats_both_the_raw_mean_and_the_class(street):
    missed = []
    for seed in range(30):
        rng = np.random.default_rng(seed)
        true_kmh = 30.0 * np.exp(rng.normal(0, 0.25, 80))
        leg = rng.choice(80, 400, p=rng.dirichlet(np.full(80, 0.7)))
        seen = true_kmh[leg] * np.exp(rng.normal(0, 0.35, 400))
        learned = learn_speeds(drives_of(street, leg, 10, seen), street)
        assert learned.n.sum() == 400
        # The mean pace of lognormal speeds is that of their median times exp(variance / 2).
        true_pace = np.exp(0.35**2 / 2) / true_kmh[learned.leg]
        raw_pace = np.array([(1 / seen[leg == c]).mean() for c in learned.leg])
        guesses = (1 / learned.speed_kmh, raw_pace, (1 / seen).mean())
        missed.append([np.abs(guess - true_pace).mean() for guess in guesses])
    own, raw, common = np.mean(missed, axis=0)
    assert own < 0.9 * raw
    assert own < 0.75 * common
    better = np.array(missed)
    assert (better[:, 0] < better[:, 1:].min(axis=1)).mean() > 0.9


def test_more_drives_move_a_leg_farther_from_its_class(street):
    leg = np.concatenate((np.arange(2, 80).repeat(4), [0] * 2, [1] * 50))
    spread = np.tile([0.85, 1.15], leg.size // 2)
    kmh = np.where(leg < 2, 15.0, 30.0 + (leg % 7)) * spread
    learned = learn_speeds(drives_of(street, leg, 8, kmh), street)
    few, many = learned.speed_kmh[:2]
    assert 13 < many < few < 33
    assert learned.n[:2].tolist() == [2, 50]


def test_one_absurd_drive_hardly_matters(street):
    leg = np.arange(80).repeat(5)
    kmh = 30.0 * np.tile([0.9, 0.95, 1.0, 1.05, 1.1], 80)
    plain = learn_speeds(drives_of(street, leg, 8, kmh), street).speed_kmh
    kmh[2] = 1.5
    spoiled = learn_speeds(drives_of(street, leg, 8, kmh), street).speed_kmh
    assert abs(spoiled[0] / plain[0] - 1) < 0.1
    np.testing.assert_allclose(spoiled[1:], plain[1:], rtol=0.02)


def test_what_was_never_driven_gets_its_class_in_that_hour(street):
    leg = np.arange(40).repeat(6)
    hour = np.tile([8, 8, 8, 20, 20, 20], 40)
    kmh = np.where(hour == 8, 15.0, 40.0) * np.tile([0.9, 1.0, 1.1], 80)
    learned = learn_speeds(drives_of(street, leg, hour, kmh), street)
    rush, evening, never = learned.at([70, 70, 70], [8, 20, 3])
    assert rush == pytest.approx(15.0, rel=0.05)
    assert evening == pytest.approx(40.0, rel=0.08)
    assert rush < never < evening
    np.testing.assert_array_equal(learned.at(learned.leg, learned.hour), learned.speed_kmh)


def test_the_variance_is_that_of_one_drive(street):
    rng = np.random.default_rng(4)
    leg = np.arange(10).repeat(400)
    kmh = 3.6 / (0.12 * (1 + rng.uniform(-0.2, 0.2, leg.size)))
    learned = learn_speeds(drives_of(street, leg, 9, kmh), street)
    np.testing.assert_allclose(np.sqrt(learned.variance), 30 * 0.2 / np.sqrt(3), rtol=0.1)


def test_nothing_driven_teaches_nothing(street):
    nothing = learn_speeds(LegDrives.of([], street, time_zone="Asia/Shanghai"), street)
    assert nothing.leg.size == 0
    assert np.isnan(nothing.at([0], [0])).all()
    assert siren_uplift(LegDrives.of([], street, time_zone="Asia/Shanghai"), nothing).n_trips == 0


@given(seed=st.integers(0, 10**6))
def test_credibility_lies_between_group_and_class(seed):
    rng = np.random.default_rng(seed)
    group = rng.integers(0, 6, 60)
    value, weight = rng.gamma(20, 0.05, 60), rng.uniform(10, 500, 60)
    found = credibility(value, weight, group, n_groups=7)
    assert ((found.weight >= 0) & (found.weight < 1)).all()
    assert found.mean[6] == 1.0
    for g in np.unique(group):
        own = np.average(value[group == g], weights=weight[group == g])
        assert min(own, 1) - 1e-12 <= found.mean[g] <= max(own, 1) + 1e-12


def test_the_siren_uplift_is_found_with_an_honest_interval(street):
    rng = np.random.default_rng(8)
    leg = rng.integers(0, 80, 4_000)
    ordinary = learn_speeds(
        drives_of(street, leg, 10, 30.0 * np.exp(rng.normal(0, 0.2, leg.size))), street
    )
    covered = []
    for _ in range(200):
        trip = np.arange(12).repeat(15)
        pace_kmh = (
            30.0 * np.exp(rng.normal(0, 0.15, 12))[trip] * np.exp(rng.normal(0, 0.2, trip.size))
        )
        siren = drives_of(street, rng.integers(0, 80, trip.size), 10, 1.2 * pace_kmh, trip=trip)
        uplift = siren_uplift(siren, ordinary)
        assert uplift.n_trips == 12
        covered.append(uplift.low <= 1.2 <= uplift.high)
    assert 0.88 <= np.mean(covered) <= 0.995
    one = siren_uplift(drives_of(street, [0, 1], 10, 36.0, trip=[3, 3]), ordinary)
    assert one.n_trips == 1
    assert np.isnan(one.low)


def test_only_whole_and_certain_legs_teach(street):
    p = 4
    trace = MatchedTrace(
        leg=np.array([0, 2, 4, 6], dtype=np.int32),
        part=np.zeros(p, dtype=np.int32),
        from_share=np.array([0.5, 0, 0, 0]),
        to_share=np.ones(p),
        enter_s=np.array([0.0, 10.0, 30.0, 50.0]),
        exit_s=np.array([10.0, 30.0, 50.0, 50.1]),
        wait_s=np.array([0.0, 5.0, 0.0, 0.0]),
        confidence=np.array([1.0, 1.0, 0.5, 1.0]),
        status=np.full(2, MATCHED, dtype=np.int8),
        visit=np.array([0, 3], dtype=np.int32),
        share=np.zeros(2),
        distance_m=np.zeros(2),
    )
    drives = LegDrives.of([trace], street, time_zone="Asia/Shanghai")
    assert drives.leg.tolist() == [2]  # half, sure, unsure, 200 m in 0.1 s
    assert drives.seconds.tolist() == [15.0]  # without the 5 s that the graph adds itself

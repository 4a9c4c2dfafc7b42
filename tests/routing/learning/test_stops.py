"""A stop is told from slow traffic, whatever the receiver's noise and however often it reports."""

import numpy as np
import pytest

from routing.learning.stops import standing

DRIVE_S, STOP_S = 600.0, 1_500.0


def seen(xy, noise_m: float, rng, *, drift_s: float = 0.0, every_s: float = 5.0):
    """What a receiver reports: independent noise, or one that drifts over some time."""
    keep = np.exp(-every_s / drift_s) if drift_s else 0.0
    noise = rng.normal(0.0, noise_m, xy.shape)
    for i in range(1, xy.shape[0]):
        noise[i] = keep * noise[i - 1] + np.sqrt(1.0 - keep**2) * noise[i]
    return xy + noise


def drive_stop_drive(every_s: float):
    """30 km/h east, 25 minutes at the kerb, 30 km/h north."""
    at_s = np.arange(0.0, 2 * DRIVE_S + STOP_S, every_s)
    stops = (at_s >= DRIVE_S) & (at_s < DRIVE_S + STOP_S)
    moved_m = (
        30
        / 3.6
        * np.column_stack((np.minimum(at_s, DRIVE_S), np.maximum(at_s - DRIVE_S - STOP_S, 0.0)))
    )
    return at_s, moved_m, stops


def crawl(every_s: float, kmh: float = 5.0):
    """Slow traffic round a corner."""
    at_s = np.arange(0.0, 1_800.0, every_s)
    metres = at_s * kmh / 3.6
    corner_m = metres[-1] / 2
    return at_s, np.column_stack((np.minimum(metres, corner_m), np.maximum(metres - corner_m, 0)))


@pytest.mark.parametrize("told", [True, False])
@pytest.mark.parametrize("noise_m", [1.0, 8.0, 15.0, 25.0])
@pytest.mark.parametrize("every_s", [5.0, 10.0, 30.0])
def test_a_stop_is_recognised_and_a_crawl_is_none(every_s, noise_m, told):
    recognised = []
    for seed in range(40):
        rng = np.random.default_rng(seed)
        at_s, xy, stops = drive_stop_drive(every_s)
        accuracy = np.full(at_s.size, 1.5 * noise_m if told else np.nan)
        found = standing(at_s, seen(xy, noise_m, rng), accuracy)
        recognised.append(found[stops].mean())
        # Some seconds before and after are within the noise of the stop: 60 m and more noise.
        far = (at_s < DRIVE_S - 15) | (at_s > DRIVE_S + STOP_S + 15)
        assert not found[far].any()
        at_s, xy = crawl(every_s)
        accuracy = np.full(at_s.size, 1.5 * noise_m if told else np.nan)
        assert not standing(at_s, seen(xy, noise_m, rng), accuracy).any()
    assert np.mean(recognised) >= 0.99
    assert min(recognised) >= 0.95


@pytest.mark.parametrize("noise_m", [8.0, 15.0])
def test_noise_that_drifts_is_a_stop_too(noise_m):
    shares, crawls = [], []
    for seed in range(40):
        rng = np.random.default_rng(seed)
        at_s, xy, stops = drive_stop_drive(5.0)
        unknown = np.full(at_s.size, np.nan)
        drifting = seen(xy, noise_m, rng, drift_s=60.0)
        shares.append(standing(at_s, drifting, unknown)[stops].mean())
        at_s, xy = crawl(5.0)
        unknown = np.full(at_s.size, np.nan)
        crawls.append(standing(at_s, seen(xy, noise_m, rng, drift_s=60.0), unknown).mean())
    assert np.mean(shares) >= 0.97
    assert np.mean(crawls) <= 0.01


def test_one_report_far_away_does_not_end_a_stop():
    at_s, xy, stops = drive_stop_drive(10.0)
    astray = np.flatnonzero(stops)[[20, 60, 100]]
    xy[astray] += 400.0
    found = standing(at_s, seen(xy, 8.0, np.random.default_rng(1)), np.full(at_s.size, 12.0))
    assert found[stops].mean() >= 0.97


def test_there_and_back_is_no_stop():
    at_s = np.arange(0.0, 360.0, 5.0)
    metres = 20 / 3.6 * np.minimum(at_s, 360.0 - at_s)
    xy = seen(np.column_stack((metres, np.zeros(at_s.size))), 8.0, np.random.default_rng(2))
    assert not standing(at_s, xy, np.full(at_s.size, np.nan)).any()


def test_a_red_light_is_no_stop_and_a_report_every_five_minutes_is():
    at_s = np.arange(0.0, 600.0, 5.0)
    moved = 10.0 * (np.minimum(at_s, 240.0) + np.maximum(at_s - 360.0, 0.0))
    xy = np.column_stack((moved, np.zeros(at_s.size)))
    assert not standing(at_s, xy, np.full(at_s.size, 5.0)).any()
    parked = standing(np.arange(5) * 300.0, np.zeros((5, 2)), np.full(5, 5.0))
    assert parked.all()


@pytest.mark.parametrize("n", [0, 1, 2])
def test_of_next_to_nothing_nothing_is_said(n):
    assert not standing(np.arange(n) * 5.0, np.zeros((n, 2)), np.full(n, np.nan)).any()

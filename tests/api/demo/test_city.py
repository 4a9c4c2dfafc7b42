"""The simulated day: calls come as a Poisson process, answers fit the protocol, units arrive."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.demo.city import DELAYS_S, Journey, calls_due, choose_complaint, delay_s
from api.http.answers import plain
from dispatch.triage.coding import code
from dispatch.triage.protocol import default_protocol
from dispatch.triage.views import protocol_view
from tests.cities import STEP

LONS = st.floats(113.9, 114.1)
LATS = st.floats(22.4, 22.6)
LINES = st.lists(st.tuples(LONS, LATS), min_size=2, max_size=8)


def test_calls_come_at_the_rate_asked_for() -> None:
    generator = np.random.default_rng(1)
    counts = np.array(
        [calls_due(generator, calls_per_hour=240.0, elapsed_s=60.0) for _ in range(20_000)]
    )
    # Poisson: mean and variance are both 4; 5 standard errors of each.
    assert abs(counts.mean() - 4.0) < 5 * 2.0 / 20_000**0.5
    assert abs(counts.var() - 4.0) < 5 * (4.0 + 2 * 16.0) ** 0.5 / 20_000**0.5
    assert calls_due(generator, calls_per_hour=0.0, elapsed_s=1e6) == 0
    assert calls_due(generator, calls_per_hour=100.0, elapsed_s=0.0) == 0


@pytest.mark.parametrize("step", DELAYS_S)
def test_delays_are_around_their_median(step: str) -> None:
    generator = np.random.default_rng(2)
    drawn = np.array([delay_s(generator, step) for _ in range(2000)])
    assert drawn.min() > 0
    assert np.median(drawn) == pytest.approx(DELAYS_S[step][0], rel=0.1)


def test_every_complaint_drawn_is_coded_by_the_real_protocol() -> None:
    protocol = default_protocol()
    complaints = plain(protocol_view(protocol))["complaints"]
    generator = np.random.default_rng(3)
    drawn = []
    for _ in range(1500):
        complaint_code, answers = choose_complaint(generator, complaints)
        coding = code(protocol, complaint_code, answers=answers)
        assert not coding.assumed
        drawn.append(complaint_code)
    shares = {one: drawn.count(one) / len(drawn) for one in set(drawn)}
    assert len(shares) > 10
    assert max(shares.values()) < 0.3


def test_along_a_street_and_round_the_corner() -> None:
    journey = Journey.along([(114.0, 0.0), (114.0 + STEP, 0.0), (114.0 + STEP, STEP)], 20.0)
    assert journey.place() == pytest.approx((114.0, 0.0, 90.0))
    journey.drive(5.0)
    assert journey.place() == pytest.approx((114.0 + STEP / 2, 0.0, 90.0))
    journey.drive(10.0)
    assert journey.place() == pytest.approx((114.0 + STEP, STEP / 2, 0.0), abs=1e-6)
    assert not journey.arrived
    journey.drive(60.0)
    assert journey.arrived
    assert journey.place()[:2] == pytest.approx((114.0 + STEP, STEP))
    # 2 × 111.2 m in 20 s.
    assert journey.speed_kmh() == pytest.approx(2 * 0.111195 / (20 / 3600), rel=1e-3)


@pytest.mark.parametrize(
    ("east", "north", "heading_deg"), [(0, 1, 0), (1, 0, 90), (0, -1, 180), (-1, 0, 270)]
)
def test_heading_is_clockwise_from_north(east: int, north: int, heading_deg: float) -> None:
    journey = Journey.along([(114.0, 22.5), (114.0 + east * STEP, 22.5 + north * STEP)], 10.0)
    turned = (journey.place()[2] - heading_deg + 180.0) % 360.0 - 180.0
    assert abs(turned) < 1e-6


@given(LINES, st.floats(0.0, 900.0), st.lists(st.floats(0.0, 120.0), max_size=20))
def test_a_journey_stays_on_its_line_and_ends_at_its_end(
    line: list[tuple[float, float]], travel_time_s: float, steps: list[float]
) -> None:
    journey = Journey.along(line, travel_time_s)
    lons, lats = zip(*line, strict=True)
    for step_s in steps:
        journey.drive(step_s)
        lon, lat, heading = journey.place()
        assert min(lons) - 1e-9 <= lon <= max(lons) + 1e-9
        assert min(lats) - 1e-9 <= lat <= max(lats) + 1e-9
        assert 0.0 <= heading <= 360.0
    journey.drive(1000.0)
    assert journey.arrived
    assert journey.place()[:2] == pytest.approx(line[-1], abs=1e-9)
    assert np.isfinite(journey.speed_kmh())

"""Heat index and WBGT against their published tables."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from surveillance.indicators.heat import heat_index, saturation_hpa, wet_bulb_globe

CHART = [
    (80, 40, 80), (84, 70, 90), (86, 90, 105), (88, 60, 95), (90, 50, 95),
    (90, 70, 105), (94, 60, 110), (96, 65, 121), (100, 40, 109), (100, 50, 118), (104, 55, 137),
    (108, 45, 137), (110, 40, 136),
]  # fmt: skip
"""°F, % and °F of the chart of the US National Weather Service; whole degrees."""
WBGT_TABLE = [(20, 50, 20), (25, 50, 24), (30, 50, 29), (35, 40, 33), (40, 20, 32)]
"""°C, % and °C, worked out by hand from the formula; whole degrees."""


@pytest.mark.parametrize(("fahrenheit", "humidity", "told"), CHART)
def test_the_heat_index_is_that_of_the_chart(fahrenheit: int, humidity: int, told: int) -> None:
    felt = heat_index((fahrenheit - 32) * 5 / 9, humidity) * 9 / 5 + 32
    assert felt == pytest.approx(told, abs=1.0)


def regression(t: float, r: float) -> float:
    return (
        -42.379 + 2.04901523 * t + 10.14333127 * r - 0.22475541 * t * r - 6.83783e-3 * t**2
        - 5.481717e-2 * r**2 + 1.22874e-3 * t**2 * r + 8.5282e-4 * t * r**2 - 1.99e-6 * t**2 * r**2
    )  # fmt: skip


@pytest.mark.parametrize(
    ("fahrenheit", "humidity", "more"), [(95.0, 5.0, -2.0), (82.0, 95.0, 1.0), (95.0, 50.0, 0.0)]
)
def test_dry_and_damp_air_are_adjusted(fahrenheit: float, humidity: float, more: float) -> None:
    felt = heat_index((fahrenheit - 32) * 5 / 9, humidity) * 9 / 5 + 32
    assert felt == pytest.approx(regression(fahrenheit, humidity) + more, abs=1e-9)


@pytest.mark.parametrize(("celsius", "humidity", "told"), WBGT_TABLE)
def test_wbgt_by_the_bureaus_formula(celsius: int, humidity: int, told: int) -> None:
    assert wet_bulb_globe(celsius, humidity) == pytest.approx(told, abs=0.6)


def test_saturated_air_of_the_steam_tables() -> None:
    assert saturation_hpa([0.0, 20.0, 30.0, 40.0]) == pytest.approx(
        [6.11, 23.39, 42.47, 73.85], rel=0.006
    )


@given(t=st.floats(27, 43), r=st.floats(40, 95))
def test_damper_is_never_cooler(t: float, r: float) -> None:
    assert wet_bulb_globe(t, r + 5) > wet_bulb_globe(t, r)
    assert heat_index(t, r + 5) > heat_index(t, r) - 0.5

"""Larsen 1993, and what it must never say."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dispatch.arrest.survival import larsen_survival_percent, survival_percent

MINUTES = st.floats(0.0, 60.0)


def test_worked_example() -> None:
    """Larsen 1993: CPR at 4, shock at 8, advanced care at 12 minutes leaves 23.8 %."""
    assert float(larsen_survival_percent(4.0, 8.0, 12.0)) == pytest.approx(23.8, abs=1e-9)
    seconds = {"cpr_s": 180.0, "shock_s": 420.0, "als_s": 660.0}
    assert survival_percent(**seconds, elapsed_s=60.0) == pytest.approx(23.8, abs=1e-9)


@settings(max_examples=30, deadline=None)
@given(MINUTES, MINUTES, MINUTES, st.floats(0.0, 10.0))
def test_sooner_is_never_worse(cpr: float, shock: float, als: float, sooner: float) -> None:
    late = larsen_survival_percent(cpr + sooner, shock + sooner, als + sooner)
    assert 0.0 <= late <= larsen_survival_percent(cpr, shock, als) <= 67.0


def test_not_known_is_neither_zero_nor_late() -> None:
    assert np.isnan(larsen_survival_percent(math.nan, 8.0, 12.0))
    assert survival_percent(cpr_s=None, shock_s=1.0, als_s=1.0, elapsed_s=0.0) is None
    assert survival_percent(cpr_s=1.0, shock_s=math.nan, als_s=1.0, elapsed_s=0.0) is None
    assert larsen_survival_percent(4.0, math.inf, 12.0) == 0.0
    with pytest.raises(ValueError, match="not negative"):
        larsen_survival_percent(-1.0, 2.0, 3.0)

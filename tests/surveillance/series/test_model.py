"""What is refused as a table of counts."""

from datetime import date

import numpy as np
import pytest

from surveillance.series.errors import CountsUnusableError
from surveillance.series.model import Panel, Step

GOOD = np.array([[1.0, float("nan"), 0.0]])


@pytest.mark.parametrize(
    ("counts", "says"),
    [
        (np.array([1.0, 2.0]), "no table"),
        (np.array([[1, 2]]), "no table"),
        (np.array([[-1.0]]), "negative"),
        (np.array([[np.inf]]), "infinite"),
    ],
)
def test_no_table_of_counts(counts: np.ndarray, says: str) -> None:
    with pytest.raises(CountsUnusableError, match=says):
        Panel(counts=counts, starts_on=date(2026, 1, 1), step=Step.DAY)


def test_mask_and_population_fit_the_counts() -> None:
    with pytest.raises(CountsUnusableError, match="mask"):
        Panel(counts=GOOD, starts_on=date(2026, 1, 1), step=Step.DAY, usable=np.ones((1, 2), bool))
    with pytest.raises(CountsUnusableError, match="at most 1"):
        Panel(counts=GOOD, starts_on=date(2026, 1, 1), step=Step.DAY, known=np.full((1, 3), 1.5))
    with pytest.raises(CountsUnusableError, match="no population"):
        Panel(counts=GOOD, starts_on=date(2026, 1, 1), step=Step.DAY, population=GOOD)


def test_what_is_left_out_is_no_baseline_and_still_counted() -> None:
    panel = Panel(counts=GOOD, starts_on=date(2026, 1, 5), step=Step.WEEK,
                  usable=np.array([[False, True, True]]))  # fmt: skip
    assert np.isnan(panel.baseline()).tolist() == [[True, True, False]]
    assert panel.counts[0, 0] == 1
    assert [str(day) for day in panel.days] == ["2026-01-05", "2026-01-12", "2026-01-19"]

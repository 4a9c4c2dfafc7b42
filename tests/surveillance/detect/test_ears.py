"""EARS: bulk goldens, one by one and batched, and what bad series come to."""

import csv
from datetime import date
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from surveillance.detect.ears import Ears, Kind
from surveillance.detect.model import Outcome
from surveillance.series.model import Panel, Step

C1 = Ears(kind=Kind.C1, alpha=0.05)
COUNTS = arrays(np.float64, (4, 30), elements=st.one_of(st.integers(0, 50).map(float),
                                                         st.just(float("nan"))))  # fmt: skip


def panel(*series: list[float], usable: np.ndarray | None = None) -> Panel:
    return Panel(counts=np.array(series, np.float64), starts_on=date(2026, 1, 1), step=Step.DAY,
                 usable=usable)  # fmt: skip


def test_the_published_first_thresholds_of_salmonella_newport(shared_data: Path) -> None:
    file = shared_data / "surveillance" / "series" / "salmNewport_germany_weekly.csv"
    with file.open(encoding="utf-8", newline="") as lines:
        counts = [float(row["overall"]) for row in csv.DictReader(lines)]
    judged = C1.judge(panel(counts[:417]), first=365)
    # tests/testthat of R surveillance 1.26.0.
    expected = [3.278854, 3.278854, 3.436517, 3.855617]
    assert judged.threshold[0, :4] == pytest.approx(expected, abs=1e-6)
    assert judged.alarm.sum() == 6


@pytest.mark.parametrize("kind", Kind)
@given(counts=COUNTS)
def test_batched_is_one_by_one(kind: Kind, counts: np.ndarray) -> None:
    detector = Ears(kind=kind, alpha=0.01)
    judged = detector.judge(panel(*counts.tolist()), first=12)
    for row in range(4):
        alone = detector.judge(panel(counts[row].tolist()), first=12)
        assert np.array_equal(alone.alarm[0], judged.alarm[row])
        assert np.allclose(alone.threshold[0], judged.threshold[row], equal_nan=True)
    assert np.array_equal(judged.outcome == Outcome.NO_REPORT, np.isnan(counts[:, 12:]))


@pytest.mark.parametrize("kind", Kind)
@given(counts=COUNTS)
def test_what_comes_later_changes_nothing(kind: Kind, counts: np.ndarray) -> None:
    detector = Ears(kind=kind, alpha=0.01)
    whole = detector.judge(panel(*counts.tolist()), first=15)
    short = detector.judge(panel(*counts[:, :20].tolist()), first=15)
    assert np.array_equal(short.alarm, whole.alarm[:, :5])


@pytest.mark.parametrize(("kind", "periods"), [(Kind.C1, 7), (Kind.C2, 9), (Kind.C3, 11)])
def test_a_series_shorter_than_its_baseline_is_not_judged(kind: Kind, periods: int) -> None:
    judged = Ears(kind=kind, alpha=0.01).judge(panel([3.0] * 15), first=0)
    assert (judged.outcome[0] == Outcome.TOO_SHORT).sum() == periods
    assert not judged.outcome[0, periods:].any()
    assert not judged.alarm[0, :periods].any()


def test_after_zeros_one_case_alarms_and_has_no_p() -> None:
    judged = C1.judge(panel([0.0] * 10, [0.0] * 9 + [1.0]), first=9)
    assert judged.threshold[:, 0].tolist() == [0, 0]
    assert judged.alarm[:, 0].tolist() == [False, True]
    assert np.isnan(judged.p_value[:, 0]).all()
    held = Ears(kind=Kind.C1, alpha=0.001, min_sigma=0.5)
    assert not held.judge(panel([0.0] * 9 + [1.0]), first=9).alarm.any()


def test_a_missing_report_is_no_zero() -> None:
    nan = float("nan")
    base = [5.0, 6, 4, 5, 6, 4, 5]
    gap = C1.judge(panel([5.0, nan, 4, 5, nan, 4, 5, 9], [*base, nan]), first=7)
    assert gap.expected[0, 0] == pytest.approx(np.mean([5, 4, 5, 4, 5]))
    assert Outcome(gap.outcome[1, 0]) is Outcome.NO_REPORT
    assert np.isnan(gap.threshold[1, 0])
    many = C1.judge(panel([5.0, nan, 4, nan, nan, 4, 5, 90]), first=7)
    assert Outcome(many.outcome[0, 0]) is Outcome.TOO_FEW_REPORTS
    assert not many.alarm.any()


def test_a_known_outbreak_is_seen_and_no_baseline() -> None:
    counts = [5.0, 6, 4, 5, 60, 4, 5, 9]
    known = np.array([[day != 4 for day in range(8)]])
    assert not C1.judge(panel(counts), first=7).alarm.any()
    judged = C1.judge(panel(counts, usable=known), first=7)
    assert judged.alarm.all()
    assert judged.expected[0, 0] == pytest.approx(29 / 6)

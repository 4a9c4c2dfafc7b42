"""Cumulative sums and likelihood ratios: thresholds mean what they say, batches, bad series."""

from dataclasses import replace
from datetime import date
from functools import partial

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.optimize import minimize_scalar

from surveillance.detect.cusum import Cusum, RiskAdjustedCusum, Standard
from surveillance.detect.glr import Glr
from surveillance.detect.model import Detector, Outcome
from surveillance.series.model import Panel, Step

SUMS = {standard.value: Cusum(standard=standard, reference=30) for standard in Standard}
DETECTORS: dict[str, Detector] = {
    **SUMS,
    "glr": Glr(reference=30, longest=12),
    "glr_poisson": Glr(shape=0.0, reference=30, longest=12),
    "shares": RiskAdjustedCusum(reference=30),
}


def panel(counts: np.ndarray) -> Panel:
    return Panel(counts=counts, starts_on=date(2024, 1, 1), step=Step.WEEK,
                 population=np.full(counts.shape, 500.0))  # fmt: skip


@st.composite
def counts(draw: st.DrawFn) -> np.ndarray:
    chance = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    made = chance.negative_binomial(4, 0.4, (3, 45)).astype(float)
    made[chance.random(made.shape) < draw(st.sampled_from([0.0, 0.1]))] = np.nan
    return made


@pytest.mark.parametrize("name", DETECTORS)
@given(made=counts())
def test_batched_is_one_by_one(name: str, made: np.ndarray) -> None:
    whole = DETECTORS[name].judge(panel(made), first=40)
    for row in range(3):
        alone = DETECTORS[name].judge(panel(made[[row]]), first=40)
        assert np.array_equal(alone.threshold[0], whole.threshold[row], equal_nan=True)
        assert np.array_equal(alone.alarm[0], whole.alarm[row])


@pytest.mark.parametrize("name", DETECTORS)
@given(made=counts())
def test_what_comes_later_and_where_judging_begins_changes_nothing(
    name: str, made: np.ndarray
) -> None:
    whole = DETECTORS[name].judge(panel(made), first=32)
    short = DETECTORS[name].judge(panel(made[:, :42]), first=40)
    assert np.array_equal(short.threshold, whole.threshold[:, 8:10], equal_nan=True)
    assert np.array_equal(short.alarm, whole.alarm[:, 8:10])


@pytest.mark.parametrize("name", ["pearson", "anscombe", "pearson_negative_binomial", "glr",
                                  "glr_poisson"])  # fmt: skip
@given(made=counts())
def test_a_count_at_the_threshold_alarms_and_one_below_does_not(
    name: str, made: np.ndarray
) -> None:
    at, below = made.copy(), made.copy()
    at[:, 40] = below[:, 40] = 1
    threshold = DETECTORS[name].judge(panel(at), first=40).threshold[:, 0]
    judged = ~np.isnan(threshold)
    at[judged, 40] = np.ceil(threshold[judged] + 1e-9)
    below[judged, 40] = np.maximum(np.ceil(threshold[judged] - 1e-9) - 1, 0)
    assert DETECTORS[name].judge(panel(at), first=40).alarm[judged, 0].all()
    quiet = DETECTORS[name].judge(panel(below), first=40).alarm[judged, 0]
    assert not quiet[threshold[judged] > 0].any()


@given(seed=st.integers(0, 2**32 - 1), shape=st.sampled_from([0.0, 0.1, 0.5]))
def test_the_evidence_is_that_of_the_best_beginning_and_size(seed: int, shape: float) -> None:
    chance = np.random.default_rng(seed)
    made = chance.poisson(6.0, (1, 8)).astype(float)
    mean = np.full((1, 8), 4.0)
    found, _ = Glr(shape=shape, reference=0, longest=8, limit=1e9).evidence(made, mean, first=7)

    def against(since: int, kappa: float) -> float:
        y, usual = made[0, since:], mean[0, since:]
        raised = usual * np.exp(kappa)
        if shape == 0:
            return -float(np.sum(y * kappa - raised + usual))
        ratio = (1 + shape * raised) / (1 + shape * usual)
        return -float(np.sum(y * kappa - (y + 1 / shape) * np.log(ratio)))

    plain = max(
        -minimize_scalar(partial(against, since), bounds=(0, 3), method="bounded",
                         options={"xatol": 1e-9}).fun
        for since in range(8)
    )  # fmt: skip
    assert found[0, 0] == pytest.approx(max(plain, 0), abs=1e-6)


def test_what_bad_series_come_to() -> None:
    made = np.tile(np.array([4.0, 6, 5, 3]), (4, 12))
    made[1, :20] = np.nan
    made[2] = 0
    made[3, -1] = np.nan
    for detector in (SUMS["rossi"], DETECTORS["glr"]):
        judged = detector.judge(panel(made), first=47)
        assert [Outcome(int(one)) for one in judged.outcome[:, 0]] == [
            Outcome.JUDGED, Outcome.TOO_FEW_REPORTS, Outcome.NOT_FITTED, Outcome.NO_REPORT,
        ]  # fmt: skip
        early = detector.judge(panel(made), first=0).outcome[0]
        assert (early == Outcome.TOO_SHORT).sum() == 30


def test_without_a_report_the_sum_stands_still() -> None:
    made = np.tile(np.array([4.0, 6, 5, 5]), (2, 12))
    made[:, 45] = 11
    made[1, 46] = np.nan
    thresholds = SUMS["pearson"].judge(panel(made), first=46).threshold
    assert thresholds[1, 1] == thresholds[0, 0]


def test_shares_need_those_at_risk() -> None:
    made = np.tile(np.array([4.0, 6, 5, 3]), (1, 12))
    unknown = replace(panel(made), population=None)
    judged = DETECTORS["shares"].judge(unknown, first=47)
    assert Outcome(int(judged.outcome[0, 0])) is Outcome.NOT_FITTED
    given_share = RiskAdjustedCusum(reference=30, usual=np.full(made.shape, 0.009))
    assert given_share.judge(panel(made), first=47).expected[0, 0] == pytest.approx(4.5)

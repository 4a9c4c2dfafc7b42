"""The registry: every member says where it comes from, and why it alarms, in every language."""

from datetime import date

import numpy as np
import pytest
from numpy.typing import NDArray

from surveillance.detect.model import OUTCOME_WORDS, Judgement, Member, Outcome
from surveillance.detect.reasons import reason_of
from surveillance.detect.registry import DETECTORS
from surveillance.series.model import Panel, Step
from tests.surveillance.goldens import FOLDER

WEEKS = 400
QUIET = np.tile(np.array([2.0, 3, 2, 4, 3, 2, 3, 1, 2, 3]), 40)


def burst() -> Panel:
    counts = np.array([QUIET, QUIET, np.full(WEEKS, np.nan), np.zeros(WEEKS)])
    counts[1, -3:] = 30
    return Panel(counts=counts, starts_on=date(2019, 4, 1), step=Step.WEEK)


def test_names_are_keys_and_nothing_is_added_at_run_time() -> None:
    assert all(name == member.name for name, member in DETECTORS.items())
    with pytest.raises(TypeError):
        DETECTORS["mine"] = next(iter(DETECTORS.values()))  # type: ignore[index]


@pytest.mark.parametrize("member", DETECTORS.values(), ids=lambda member: member.name)
def test_source_and_golden_are_there(member: Member) -> None:
    assert member.source
    assert member.oracle
    assert member.golden is None or (FOLDER / member.golden).is_file()


@pytest.mark.parametrize("member", DETECTORS.values(), ids=lambda member: member.name)
def test_every_member_keeps_the_contract(member: Member) -> None:
    judged = member.detector.judge(burst(), first=WEEKS - 1)
    for array in (judged.expected, judged.threshold, judged.p_value, judged.alarm, judged.outcome):
        assert array.shape == (4, 1)
    assert judged.alarm.dtype == np.bool_
    assert Outcome(int(judged.outcome[2, 0])) is Outcome.NO_REPORT
    quiet = judged.outcome != Outcome.JUDGED
    assert not judged.alarm[quiet].any()
    assert np.isnan(judged.threshold[quiet]).all()
    known = judged.p_value[~np.isnan(judged.p_value)]
    assert ((known >= 0) & (known <= 1)).all()


@pytest.mark.parametrize("member", DETECTORS.values(), ids=lambda member: member.name)
def test_a_reason_in_every_language(member: Member) -> None:
    judged = member.detector.judge(burst(), first=WEEKS - 1)
    for series in range(4):
        says = reason_of(member, judged, series=series, column=0)
        assert says.code.startswith(f"{member.name}.")
        assert "{" not in says.en + says.zh
        assert "nan" not in says.en


def test_why_not_has_words_for_every_outcome() -> None:
    assert set(OUTCOME_WORDS) == set(Outcome) - {Outcome.JUDGED}


@pytest.mark.parametrize(
    ("expected", "p", "says"),
    [
        (2.16e-9, 9.3e-263, "27 cases where fewer than 0.1 were expected, above 0 (p < 0.0001)."),
        (0.0, 0.00017, "27 cases where 0 were expected, above 0 (p = 0.00017)."),
        (3.14159, np.nan, "27 cases where 3.14 were expected, above 0."),
        (1234.5, 0.5, "27 cases where 1,234 were expected, above 0 (p = 0.5)."),
    ],
)
def test_a_reason_is_written_for_a_person(expected: float, p: float, says: str) -> None:
    def one(value: float) -> NDArray[np.float64]:
        return np.array([[value]])

    judged = Judgement(
        observed=one(27), expected=one(expected), threshold=one(0), p_value=one(p),
        alarm=np.array([[True]]), outcome=np.array([[Outcome.JUDGED]], dtype=np.int8), first=0,
    )  # fmt: skip
    words = reason_of(DETECTORS["farrington_flexible"], judged, series=0, column=0)
    assert words.en == f"Farrington flexible: {says}"
    assert ("不足0.1" in words.zh) == (0 < expected < 0.1)

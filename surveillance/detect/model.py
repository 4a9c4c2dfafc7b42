"""The contract of every detector: what was expected, the threshold, p, and whether it alarms."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import IntEnum, StrEnum
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from gis.words import Words
from surveillance.series.model import Panel


class Outcome(IntEnum):
    """Whether a period was judged, else why not."""

    JUDGED = 0
    NO_REPORT = 1
    TOO_SHORT = 2
    TOO_FEW_REPORTS = 3
    NOT_FITTED = 4
    TOO_FEW_CASES = 5


class Alarms(StrEnum):
    """How a count stands to its threshold when there is an alarm."""

    ABOVE = "above"
    FROM = "from"
    BELOW = "below"


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """What a detector says of each of n series in each of the m periods from `first` on.

    All arrays are (n, m). observed: as reported, NaN = no report. expected and threshold: cases,
    NaN where `outcome` is not JUDGED. p_value: of a count as far out or farther if nothing is
    unusual, NaN where the method has none. alarm: bool, never where `outcome` is not JUDGED.
    outcome: int8, values of `Outcome`.
    """

    first: int
    observed: NDArray[np.float64]
    expected: NDArray[np.float64]
    threshold: NDArray[np.float64]
    p_value: NDArray[np.float64]
    alarm: NDArray[np.bool_]
    outcome: NDArray[np.int8]


class Detector(Protocol):
    """A method with its settings."""

    def judge(self, panel: Panel, *, first: int) -> Judgement:
        """Judge the periods from column `first` of the panel on, each by what came before it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """A detector as the registry holds it.

    golden: where the numbers are that it is held to; None where no other program has them, and then
    `oracle` names the plain way that its tests compare it with. benchmark: its row of
    `./run bench surveillance`, or None.
    """

    name: str
    words: Words
    detector: Detector
    alarms: Alarms
    source: str
    oracle: str
    golden: str | None = None
    benchmark: str | None = None


OUTCOME_WORDS: Mapping[Outcome, Words] = {
    Outcome.NO_REPORT: Words(
        en="Not judged: no report has come for this period.", zh="未判断：本期没有收到报告。"
    ),
    Outcome.TOO_SHORT: Words(
        en="Not judged: the series begins too late for its baseline.",
        zh="未判断：序列起点太晚，基线期不足。",
    ),
    Outcome.TOO_FEW_REPORTS: Words(
        en="Not judged: too many reports of the baseline are missing or left out.",
        zh="未判断：基线期缺报或被排除的时段过多。",
    ),
    Outcome.NOT_FITTED: Words(
        en="Not judged: the model of the baseline could not be fitted.",
        zh="未判断：基线模型无法拟合。",
    ),
    Outcome.TOO_FEW_CASES: Words(
        en="Not judged: too few cases in the last periods.", zh="未判断：近几期病例过少。"
    ),
}
"""Why a period has no judgement, for a person."""

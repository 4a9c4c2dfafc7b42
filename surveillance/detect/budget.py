"""Thresholds that meet the number of alarms that staff can verify a day.

What is history of one's own says how often each threshold would have alarmed. Detectors with a p
are cut by it; the others by how many times as far from what was expected as their threshold a
count is.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from gis.words import Words
from surveillance.detect.errors import BudgetUnusableError
from surveillance.detect.model import Judgement, Outcome

Floats = NDArray[np.float64]

MOST = 1e300
"""Score of an alarm whose threshold is what was expected."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Budget:
    """A cut that alarms at most as often as asked, on the history it was taken from.

    by_p: alarms where p is at most `cut`; else where the excess over what was expected is at least
    `cut` times that of the threshold. alarms_a_day: on the history. false_a_day: how many of p at
    most `cut` chance alone gives at most, None without p. tests_a_day: series that are judged.
    """

    by_p: bool
    cut: float
    alarms_a_day: float
    false_a_day: float | None
    tests_a_day: float
    days: int

    def alarms(self, judgement: Judgement) -> NDArray[np.bool_]:
        """Return which periods (n, m) of a judgement alarm under this budget."""
        score = scores(judgement, by_p=self.by_p)
        with np.errstate(invalid="ignore"):
            reached = score >= (-self.cut if self.by_p else self.cut)
        return np.asarray(reached & (judgement.outcome == Outcome.JUDGED))

    @property
    def sentence(self) -> Words:
        """What staff are told beside the choice."""
        said = {
            "alarms": f"{self.alarms_a_day:.2g}", "days": str(self.days),
            "tests": f"{self.tests_a_day:.3g}", "cut": f"{max(self.cut, 0.0):.2g}",
        }  # fmt: skip
        if self.false_a_day is None:
            return Words(
                en="{alarms} alarms a day on the last {days} days, of {tests} series a day: counts "
                "at least {cut} times as far above what is expected as the usual threshold. How "
                "many of them are false, this method cannot say.",
                zh="过去{days}天平均每天{alarms}次预警（每天{tests}个序列）：超出预期的幅度至少为常用"
                "阈值的{cut}倍。该方法无法给出其中误报的数量。",
            ).filled(**said)
        return Words(
            en="{alarms} alarms a day on the last {days} days, of {tests} series a day, at p of at "
            "most {cut}; chance alone gives at most {false} a day.",
            zh="过去{days}天平均每天{alarms}次预警（每天{tests}个序列），p值不超过{cut}；其中仅由偶然"
            "产生的每天至多{false}次。",
        ).filled(**said, false=f"{self.false_a_day:.2g}")


def budget_for(history: Judgement, *, alarms_a_day: float, days_a_period: int) -> Budget:
    """Return the most sensitive cut that alarms at most `alarms_a_day` on `history`.

    Where equal values straddle it, they are all left out. Raises `BudgetUnusableError` if the
    number is not above 0, or nothing in the history was judged.
    """
    judged = history.outcome == Outcome.JUDGED
    if not alarms_a_day > 0 or not judged.any():
        raise BudgetUnusableError
    days = history.observed.shape[1] * days_a_period
    by_p = bool(np.isfinite(history.p_value[judged]).all())
    score = np.sort(scores(history, by_p=by_p)[judged])[::-1]
    allowed = int(np.floor(alarms_a_day * days + 1e-9))
    cut = _cut(score if by_p else score[score > 0], allowed)
    found = int(np.count_nonzero(score >= cut))
    tests = float(judged.sum() / days)
    p = -cut if by_p else cut
    return Budget(
        by_p=by_p, cut=p, alarms_a_day=found / days, days=days, tests_a_day=tests,
        false_a_day=max(p, 0.0) * tests if by_p else None,
    )  # fmt: skip


def _cut(score: Floats, allowed: int) -> float:
    """Return the least value that at most `allowed` of the sorted scores reach."""
    if allowed >= score.size:
        return float(score[-1]) if score.size else np.inf
    kept = score[:allowed]
    kept = kept[kept > score[allowed]]
    return float(kept[-1] if kept.size else np.nextafter(score[0], np.inf))


def scores(judgement: Judgement, *, by_p: bool) -> Floats:
    """Return (n, m) what is the greater, the more unusual: -p, or excess by that of the threshold.

    A detector on the low side has a threshold below what it expects: the quotient is the same.
    """
    if by_p:
        return -judgement.p_value
    with np.errstate(invalid="ignore", divide="ignore", over="ignore"):
        room = judgement.threshold - judgement.expected
        score = (judgement.observed - judgement.expected) / room
        score = np.where(room == 0, np.where(judgement.alarm, MOST, 0.0), score)
    return np.asarray(np.where(np.isfinite(judgement.threshold), score, -np.inf))

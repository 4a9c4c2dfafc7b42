"""Why a period alarms, or does not, in a sentence for a person."""

from collections.abc import Mapping

import numpy as np

from gis.words import Reason, Words, alike, reason
from surveillance.detect.model import OUTCOME_WORDS, Alarms, Judgement, Member, Outcome

ALARM_WORDS: Mapping[Alarms, Words] = {
    Alarms.ABOVE: Words(
        en="{detector}: {observed} cases where {expected} were expected, above {threshold}",
        zh="{detector}：报告{observed}例，预期{expected}例，超过阈值{threshold}",
    ),
    Alarms.FROM: Words(
        en="{detector}: {observed} cases where {expected} were expected; "
        "it alarms from {threshold} on",
        zh="{detector}：报告{observed}例，预期{expected}例，达到阈值{threshold}",
    ),
    Alarms.BELOW: Words(
        en="{detector}: only {observed} cases where {expected} were expected, below {threshold}",
        zh="{detector}：仅报告{observed}例，预期{expected}例，低于阈值{threshold}",
    ),
}
QUIET_WORDS = Words(
    en="{detector}: {observed} cases, within what is expected ({expected}; threshold {threshold})",
    zh="{detector}：报告{observed}例，在预期范围内（预期{expected}例，阈值{threshold}）",
)
WITH_P = Words(en="{says} (p {p}).", zh="{says}（p {p}）。")
WITHOUT_P = Words(en="{says}.", zh="{says}。")
HARDLY_ANY = Words(en="fewer than 0.1", zh="不足0.1")


def reason_of(member: Member, judgement: Judgement, *, series: int, column: int) -> Reason:
    """Return why a series alarms, or not, in column `column` of the judgement."""
    at = (series, column)
    outcome = Outcome(int(judgement.outcome[at]))
    if outcome is not Outcome.JUDGED:
        return reason(f"{member.name}.{outcome.name.lower()}", OUTCOME_WORDS[outcome])
    alarm = bool(judgement.alarm[at])
    says = (ALARM_WORDS[member.alarms] if alarm else QUIET_WORDS).filled(
        detector=member.words,
        observed=_figure(float(judgement.observed[at])),
        expected=_expected(float(judgement.expected[at])),
        threshold=_figure(float(judgement.threshold[at])),
    )
    p_value = float(judgement.p_value[at])
    whole = WITHOUT_P.filled(says=says) if np.isnan(p_value) else WITH_P.filled(
        says=says, p="< 0.0001" if p_value < 0.0001 else f"= {p_value:.2g}"
    )  # fmt: skip
    return reason(f"{member.name}.{'alarm' if alarm else 'quiet'}", whole)


def _figure(value: float) -> str:
    return f"{value:,.0f}" if value >= 1000 else f"{value:.3g}"


def _expected(value: float) -> Words:
    return HARDLY_ANY if 0 < value < 0.1 else alike(_figure(value))

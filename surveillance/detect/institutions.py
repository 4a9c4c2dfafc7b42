"""Several cases in one school or worksite within a week: the rules that ask for a report.

Each rule stands with the day from which it holds and the document that says so, so that an old year
is judged by its own rules.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from gis.words import Reason, Words, reason


class Counted(StrEnum):
    """Which cases a rule counts."""

    CASES = "cases"
    ADMITTED = "admitted"


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """So many cases of a disease in one institution within `days` days."""

    code: str
    diseases: frozenset[str]
    cases: int
    valid_from: date
    source: str
    counted: Counted = Counted.CASES
    days: int = 7
    valid_until: date | None = None

    def holds(self, day: date) -> bool:
        """Return whether the rule is in force on a day."""
        return self.valid_from <= day and (self.valid_until is None or day < self.valid_until)


REPORTING = "国家突发公共卫生事件相关信息报告管理工作规范（试行）, 2005"
INFLUENZA = "流感样病例暴发疫情处置指南（2018年版）"
SINCE_2005, SINCE_2018 = date(2006, 1, 1), date(2018, 1, 1)

RULES: tuple[Rule, ...] = (
    *(
        Rule(code=f"{disease}_10", diseases=frozenset({disease}), cases=10,
             valid_from=SINCE_2005, source=REPORTING)
        for disease in ("chickenpox", "mumps", "scarlet_fever", "measles", "rubella")
    ),
    Rule(code="infectious_diarrhoea_20", diseases=frozenset({"infectious_diarrhoea"}), cases=20,
         valid_from=SINCE_2005, source=REPORTING),
    Rule(code="hepatitis_5", diseases=frozenset({"hepatitis_a", "hepatitis_e"}), cases=5,
         valid_from=SINCE_2005, source=REPORTING),
    Rule(code="typhoid_5", cases=5, valid_from=SINCE_2005, source=REPORTING,
         diseases=frozenset({"typhoid", "paratyphoid", "typhoid_paratyphoid"})),
    Rule(code="dysentery_10", cases=10, days=3, valid_from=SINCE_2005, source=REPORTING,
         diseases=frozenset({"dysentery", "dysentery_bacillary", "dysentery_amoebic"})),
    Rule(code="influenza_like_10", diseases=frozenset({"influenza_like_illness"}), cases=10,
         valid_from=SINCE_2018, source=INFLUENZA),
    Rule(code="influenza_like_30", diseases=frozenset({"influenza_like_illness"}), cases=30,
         valid_from=SINCE_2005, source=REPORTING),
    Rule(code="influenza_like_admitted_5", diseases=frozenset({"influenza_like_illness"}), cases=5,
         valid_from=SINCE_2005, source=REPORTING, counted=Counted.ADMITTED),
)  # fmt: skip

COUNTED_WORDS: Mapping[Counted, Words] = {
    Counted.CASES: Words(en="cases", zh="病例"),
    Counted.ADMITTED: Words(en="admitted", zh="住院病例"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Cases:
    """Cases with their institution; arrays (k,), one entry a case.

    institution: int64. disease: str. day: datetime64[D], the day they are counted on; NaT =
    unknown, in no window. admitted: bool.
    """

    institution: NDArray[np.int64]
    disease: NDArray[np.str_]
    day: NDArray[np.datetime64]
    admitted: NDArray[np.bool_]


@dataclass(frozen=True, slots=True, kw_only=True)
class InstitutionAlarm:
    """A rule that an institution meets: the window with the most cases, the earliest of these."""

    rule: Rule
    institution: int
    first_on: date
    last_on: date
    cases: int
    reached_on: date
    """The day on which the rule was first met."""

    @property
    def reason(self) -> Reason:
        """Why it alarms, for a person."""
        words = Words(
            en="{cases} {counted} in one institution within {days} days ({first} to {last}); "
            "{limit} or more are reported ({source})",
            zh="同一单位{days}天内{counted}{cases}例（{first}至{last}），达到{limit}例报告标准"
            "（{source}）",
        )
        return reason(f"institution.{self.rule.code}", words.filled(
            cases=self.cases, counted=COUNTED_WORDS[self.rule.counted], days=self.rule.days,
            first=self.first_on.isoformat(), last=self.last_on.isoformat(),
            limit=self.rule.cases, source=self.rule.source,
        ))  # fmt: skip


def institution_alarms(cases: Cases, *, rules: Sequence[Rule] = RULES) -> list[InstitutionAlarm]:
    """Return every rule that an institution meets, by institution and rule.

    A case counts by the rules in force on its day.
    """
    found = []
    for rule in rules:
        begin = np.datetime64(rule.valid_from)
        counts = np.isin(cases.disease, list(rule.diseases)) & (cases.day >= begin)
        if rule.valid_until is not None:
            counts &= cases.day < np.datetime64(rule.valid_until)
        if rule.counted is Counted.ADMITTED:
            counts &= cases.admitted
        for institution in np.unique(cases.institution[counts]):
            days = np.sort(cases.day[counts & (cases.institution == institution)])
            alarm = _fullest_window(rule, int(institution), days)
            if alarm is not None:
                found.append(alarm)
    return sorted(found, key=lambda alarm: (alarm.institution, alarm.rule.code))


def _fullest_window(
    rule: Rule, institution: int, days: NDArray[np.datetime64]
) -> InstitutionAlarm | None:
    """Return the alarm of the window of `rule.days` days with the most of the sorted days."""
    opens = np.searchsorted(days, days - np.timedelta64(rule.days - 1, "D"), side="left")
    within = np.arange(1, days.size + 1) - opens
    met = np.flatnonzero(within >= rule.cases)
    if not met.size:
        return None
    last = int(np.argmax(within))
    return InstitutionAlarm(
        rule=rule,
        institution=institution,
        first_on=days[opens[last]].astype(object),
        last_on=days[last].astype(object),
        cases=int(within[last]),
        reached_on=days[met[0]].astype(object),
    )

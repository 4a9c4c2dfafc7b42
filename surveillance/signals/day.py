"""A day's run: what all detectors say, and which of it staff are told."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta

import numpy as np
from numpy.typing import NDArray

from gis.words import Reason, Words, alike, reason
from surveillance.detect.budget import Budget, budget_for
from surveillance.detect.discoveries import false_discovery_rate
from surveillance.detect.errors import BudgetUnusableError
from surveillance.detect.model import Judgement, Outcome
from surveillance.detect.reasons import reason_of
from surveillance.detect.registry import DETECTORS, RECOMMENDED
from surveillance.series.keys import ALL_AGES, WHOLE_CITY, SeriesKey
from surveillance.series.model import Panel, Step
from surveillance.signals.drops import dropped_series
from surveillance.signals.model import IN_CITY, DayRun, Opinion, Rules, Signal, Watched
from surveillance.signals.opinions import (
    BY_SEVENS,
    DAYS_OF_WEEK,
    SIGHTS,
    in_the_end,
    judge_day,
    settings_of,
    sevens,
)
from surveillance.signals.weighing import last_week, newest_case, weight

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]

LEAD, SPARE = RECOMMENDED, "ewma"
"""Who raises a series: the first where it has an answer, else the second."""
BUDGET_WEEKS = 12
"""The weeks before the newest, on which a threshold is held to what staff can verify."""
FIRST_CASE, FIXED_VALUE, AT_RISK = "first_case", "fixed_value", "cusum_risk_adjusted"

PLACED = Words(en="{disease}, {place}: {says}", zh="{disease}，{place}：{says}")
AGED = Words(
    en="{disease}, {place}, ages {ages}: {says}", zh="{disease}，{place}，{ages}岁：{says}"
)
SO_FAR = Words(
    en="{says} Reports are late: about {share} of these days' cases are known by now, and that was "
    "allowed for.",
    zh="{says}报告有延迟：目前约已获知这些日期病例的{share}，判断时已考虑。",
)
BY_REPORTS = Words(en="{says} By the reports of {source}.", zh="{says}（{source}汇总报告）")
TOLD_BELOW = 0.97


def judge(watched: Watched, rules: Rules) -> DayRun:
    """Return the signals of the last day of the panel, by weight.

    A series is raised by `LEAD`, where that has no answer by `SPARE`, if its share of false alarms
    over all series is at most that of the rules and it has enough cases; by a fixed value or a
    first case of all ages in any event. It is told where it is clearest: an age group not beside
    all ages of its area, the whole city not beside one of its areas. Within the budget go those of
    the greatest weight; what a rule raises is always told, and counts. What falls far below is of
    the data, and beside them (`surveillance.signals.drops`).
    """
    panel = watched.panel
    judged = judge_day(panel, settings_of(watched.keys, watched.fixed))
    lead = _lead(judged)
    cases = np.nansum(last_week(panel).counts, axis=1)
    p_value = np.where(lead == SPARE, judged[SPARE].p_value[:, 0], judged[LEAD].p_value[:, 0])
    rate = false_discovery_rate(p_value)
    budget = budget_of(panel, rules)
    with np.errstate(invalid="ignore"):
        raised = (rate <= rules.false_share) & (cases >= rules.least_cases)
        if budget is not None:
            raised &= p_value <= budget.cut
    raised &= np.where(lead == SPARE, judged[SPARE].alarm[:, 0], judged[LEAD].alarm[:, 0])
    ruled = _ruled(watched, judged)
    found = [
        _signal(watched, judged, row, lead=ruled[row] or str(lead[row]), cases=int(cases[row]),
                p_value=p_value, rate=rate)
        for row in clearest(watched.keys, raised | np.array([bool(one) for one in ruled]))
    ]  # fmt: skip
    found += watched.ruled
    found.sort(key=lambda signal: (-signal.weight, signal.key))
    signals = _within_budget(found, rules.alarms_a_day)
    outcome = np.where(lead == SPARE, judged[SPARE].outcome[:, 0], judged[LEAD].outcome[:, 0])
    unjudged = Counter(Outcome(int(one)) for one in outcome if one != Outcome.JUDGED)
    return DayRun(
        day=_last_day(panel),
        series=panel.n_series,
        judged=int((outcome == Outcome.JUDGED).sum()),
        unjudged=dict(unjudged),
        alarms={name: int(one.alarm.sum()) for name, one in judged.items()},
        expected_false=_expected_false(signals),
        budget=budget,
        signals=signals,
        drops=(*dropped_series(watched, rules), *watched.silent),
    )


def budget_of(panel: Panel, rules: Rules) -> Budget | None:
    """Return the p of `LEAD` that on the last weeks alarms as often as staff can verify.

    A series that goes on alarming for a week is one alarm of it. None: of no week before the newest
    is anything judged.
    """
    weeks = panel if panel.step is Step.WEEK else sevens(in_the_end(panel))
    if weeks.n_periods <= BUDGET_WEEKS + 1:
        return None
    first = weeks.n_periods - 1 - BUDGET_WEEKS
    before = replace(
        weeks, counts=weeks.counts[:, :-1], known=None,
        usable=None if weeks.usable is None else weeks.usable[:, :-1],
        population=None if weeks.population is None else weeks.population[:, :-1],
    )  # fmt: skip
    try:
        return budget_for(
            DETECTORS[LEAD].detector.judge(before, first=first),
            alarms_a_day=rules.alarms_a_day, days_a_period=DAYS_OF_WEEK,
        )  # fmt: skip
    except BudgetUnusableError:
        return None


def judge_parts(parts: Sequence[Watched], rules: Rules, *, day: date) -> DayRun:
    """Return the signals of a day of series that cannot stand in one panel, within one budget."""
    made = [judge(part, rules) for part in parts]
    found = sorted(
        (signal for one in made for signal in one.signals),
        key=lambda signal: (-signal.weight, signal.key),
    )
    signals = _within_budget(found, rules.alarms_a_day)
    unjudged: Counter[Outcome] = Counter()
    alarms = Counter(dict.fromkeys(DETECTORS, 0))
    for one in made:
        unjudged.update(one.unjudged)
        alarms.update(one.alarms)
    return DayRun(
        day=day, series=sum(one.series for one in made), judged=sum(one.judged for one in made),
        unjudged=dict(unjudged), alarms=dict(alarms), expected_false=_expected_false(signals),
        budget=max(made, key=lambda one: one.series).budget if made else None, signals=signals,
        drops=tuple(drop for one in made for drop in one.drops),
    )  # fmt: skip


def _last_day(panel: Panel) -> date:
    last: date = panel.days[-1].astype(object)
    return last + timedelta(days=panel.step.days - 1)


def _lead(judged: Mapping[str, Judgement]) -> NDArray[np.str_]:
    """Return who raises each series (n,)."""
    answers = np.isin(judged[LEAD].outcome[:, 0], (Outcome.JUDGED, Outcome.TOO_FEW_CASES))
    return np.where(answers, LEAD, SPARE)


def _ruled(watched: Watched, judged: Mapping[str, Judgement]) -> list[str]:
    """Return the rule that raises each series, empty where none does."""
    fixed, first = judged[FIXED_VALUE].alarm[:, 0], judged[FIRST_CASE].alarm[:, 0]
    large = watched.counties | {WHOLE_CITY}
    ruled = [""] * len(watched.keys)
    for row, key in enumerate(watched.keys):
        if key.age_group == ALL_AGES:
            if fixed[row]:
                ruled[row] = FIXED_VALUE
            elif first[row] and key.area_code in large:
                ruled[row] = FIRST_CASE
    return ruled


def clearest(keys: Sequence[SeriesKey], raised: Flags) -> list[int]:
    """Return the raised rows without those that another one tells more clearly."""
    rows = [row for row in range(len(keys)) if raised[row]]
    of_all_ages = {
        (keys[r].disease, keys[r].area_code) for r in rows if keys[r].age_group == ALL_AGES
    }
    placed = {keys[r].disease for r in rows if keys[r].area_code != WHOLE_CITY}
    return [
        row
        for row in rows
        if not (
            (keys[row].age_group != ALL_AGES
             and (keys[row].disease, keys[row].area_code) in of_all_ages)
            or (keys[row].area_code == WHOLE_CITY and keys[row].disease in placed)
        )
    ]  # fmt: skip


def _signal(
    watched: Watched,
    judged: Mapping[str, Judgement],
    row: int,
    *,
    lead: str,
    cases: int,
    p_value: Floats,
    rate: Floats,
) -> Signal:
    key, its = watched.keys[row], judged[lead]
    obliged = lead in {FIRST_CASE, FIXED_VALUE}
    observed, expected = float(its.observed[row, 0]), _number(its.expected[row, 0])
    return Signal(
        key=key,
        lead=lead,
        obliged=obliged,
        observed=observed,
        expected=expected,
        threshold=_number(its.threshold[row, 0]),
        p_value=None if obliged else _number(p_value[row]),
        false_rate=None if obliged else _number(rate[row]),
        weight=weight(None if obliged else float(p_value[row]), observed - (expected or 0.0)),
        told=True,
        cases_7=cases,
        newest_case_on=newest_case(watched.panel, row),
        reason=_reason(
            watched,
            key,
            _so_far(
                reason_of(DETECTORS[lead], its, series=row, column=0),
                1.0 if obliged else known_share(watched.panel, row, lead),
            ),
        ),
        opinions=tuple(
            opinion(name, one, row) for name, one in judged.items() if _asked(name, watched, key)
        ),
    )


def known_share(panel: Panel, row: int, lead: str) -> float:
    """Return which share of the period that a detector judges is known by now."""
    if panel.known is None:
        return 1.0
    by_day = SIGHTS.get(lead, BY_SEVENS).step is Step.DAY
    return float(panel.known[row, -1 if by_day else -DAYS_OF_WEEK :].mean())


def _so_far(says: Reason, share: float) -> Reason:
    """Return the reason with what of the period is known by now, where that is not nearly all."""
    if share >= TOLD_BELOW:
        return says
    return reason(says.code, SO_FAR.filled(says=says, share=f"{share:.0%}".replace("%", " %")))


def _asked(detector: str, watched: Watched, key: SeriesKey) -> bool:
    """Return whether a detector has anything to say: a fixed value, or who was at risk."""
    if detector == FIXED_VALUE:
        return key.disease in watched.fixed
    return detector != AT_RISK or watched.panel.population is not None


def _reason(watched: Watched, key: SeriesKey, says: Reason) -> Reason:
    place = IN_CITY if key.area_code == WHOLE_CITY else watched.places[key.area_code]
    words = PLACED if key.age_group == ALL_AGES else AGED
    source = watched.sources.get(key.disease)
    if source is not None:
        says = reason(says.code, BY_REPORTS.filled(says=says, source=alike(source)))
    # The sentence ends as the detector's does.
    said = words.filled(
        disease=watched.names[key.disease], place=place, says=says, ages=alike(key.age_group)
    )
    return reason(says.code, said)


def opinion(name: str, judgement: Judgement, row: int) -> Opinion:
    """Return what a detector says of a row."""
    return Opinion(
        detector=name,
        outcome=Outcome(int(judgement.outcome[row, 0])),
        alarm=bool(judgement.alarm[row, 0]),
        observed=_number(judgement.observed[row, 0]),
        expected=_number(judgement.expected[row, 0]),
        threshold=_number(judgement.threshold[row, 0]),
        p_value=_number(judgement.p_value[row, 0]),
    )


def _number(value: np.float64 | float) -> float | None:
    return float(value) if np.isfinite(value) else None


def _within_budget(found: Sequence[Signal], budget: int) -> tuple[Signal, ...]:
    return tuple(
        replace(signal, told=signal.obliged or place < budget) for place, signal in enumerate(found)
    )


def _expected_false(signals: Sequence[Signal]) -> float:
    """Return the largest false rate of what is told, times how many that concerns."""
    rates = [one.false_rate for one in signals if one.told and one.false_rate is not None]
    return max(rates, default=0.0) * len(rates)

"""Rules of institutions in a day's run: so many cases in one school or worksite."""

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta

import numpy as np
from numpy.typing import NDArray

from gis.words import Reason, Words, alike, reason
from surveillance.detect.institutions import (
    Cases,
    InstitutionAlarm,
    institution_alarms,
)
from surveillance.institutions.model import InstitutionCases
from surveillance.series.keys import ALL_AGES, WHOLE_CITY, SeriesKey
from surveillance.signals.day import PLACED
from surveillance.signals.model import IN_CITY, Institution, Kind, Signal
from surveillance.signals.weighing import weight

LOOK_BACK_DAYS = 14
"""A cluster whose last reports are late still stands so long after the days it happened on."""
RECENT_DAYS = 60
LEAD = "institution_rule"
LEAD_WORDS = Words(en="Rule for schools and worksites", zh="学校及单位聚集性疫情标准")

INSIDE = Words(en="{institution} ({place})", zh="{institution}（{place}）")


def institution_signals(
    cases: InstitutionCases,
    *,
    day: date,
    as_of: datetime,
    names: Mapping[str, Words],
    places: Mapping[str, Words],
    area_of: Mapping[str, str],
) -> tuple[Signal, ...]:
    """Return a signal of each institution and disease that meets a rule up to a day, as known then.

    A cluster counts while its window lies within the last `LOOK_BACK_DAYS` days. Of several rules
    the one that asks for most speaks. area_of: code of any area → the one that is counted; the
    institution is where most of its cases live.
    """
    last = np.datetime64(day, "D")
    known = np.flatnonzero(
        cases.known_at(as_of) & (cases.day <= last) & (cases.day > last - RECENT_DAYS)
    )
    keys, number = np.unique(cases.institution[known].astype(str), return_inverse=True)
    newest = cases.day[known] > last - LOOK_BACK_DAYS
    alarms = institution_alarms(
        Cases(
            institution=number[newest].astype(np.int64),
            disease=cases.disease[known][newest].astype(str), day=cases.day[known][newest],
            admitted=cases.admitted[known][newest],
        )
    )  # fmt: skip
    signals = []
    for alarm in _strictest(alarms):
        its = known[(number == alarm.institution)
                    & np.isin(cases.disease[known], list(alarm.rule.diseases))]  # fmt: skip
        signals.append(_signal(
            cases, its, alarm, key=str(keys[alarm.institution]), last=last, names=names,
            places=places, area_of=area_of,
        ))  # fmt: skip
    return tuple(signals)


def _strictest(alarms: Iterable[InstitutionAlarm]) -> list[InstitutionAlarm]:
    """Return, of the rules that an institution meets for the same diseases, that of most cases."""
    found: dict[tuple[int, frozenset[str]], InstitutionAlarm] = {}
    for alarm in alarms:
        at = (alarm.institution, alarm.rule.diseases)
        if at not in found or found[at].rule.cases < alarm.rule.cases:
            found[at] = alarm
    return list(found.values())


def _signal(
    cases: InstitutionCases,
    its: NDArray[np.int64],
    alarm: InstitutionAlarm,
    *,
    key: str,
    last: np.datetime64,
    names: Mapping[str, Words],
    places: Mapping[str, Words],
    area_of: Mapping[str, str],
) -> Signal:
    window = its[(cases.day[its] >= np.datetime64(alarm.first_on))
                 & (cases.day[its] <= np.datetime64(alarm.last_on))]  # fmt: skip
    disease = _most(cases.disease[window]) or min(alarm.rule.diseases)
    code = _most(area_of.get(area) for area in cases.area[its])
    called = cases.names.name(key, cases.written[its])
    by_day = np.bincount((last - cases.day[its]).astype(np.int64), minlength=RECENT_DAYS)[::-1]
    newest: date = cases.day[its].max().astype(object)
    return Signal(
        key=SeriesKey(disease, WHOLE_CITY if code is None else code, ALL_AGES),
        kind=Kind.INSTITUTION, institution=Institution(key=key, name=called),
        lead=LEAD, obliged=True, observed=float(alarm.cases), expected=None,
        threshold=float(alarm.rule.cases), p_value=None, false_rate=None,
        weight=weight(None, alarm.cases - alarm.rule.cases), told=True,
        cases_7=int(by_day[-7:].sum()), newest_case_on=newest,
        reason=_reason(alarm, names[disease], alike(called),
                       IN_CITY if code is None else places[code]),
        opinions=(), recent=tuple(int(one) for one in by_day),
    )  # fmt: skip


def _most(values: Iterable[str | None]) -> str | None:
    """Return the most frequent value, the first of equals by name; None where there is none."""
    counted = Counter(one for one in values if one is not None)
    return min(counted, key=lambda one: (-counted[one], one), default=None)


def _reason(alarm: InstitutionAlarm, disease: Words, called: Words, place: Words) -> Reason:
    inside = INSIDE.filled(institution=called, place=place)
    says = alarm.reason
    return reason(says.code, PLACED.filled(disease=disease, place=inside, says=says))


def first_day_looked_at(day: date) -> date:
    """Return the first day whose cases a run of a day looks at."""
    return day - timedelta(days=RECENT_DAYS - 1)

"""Ambulance calls judged as streams: by syndrome, district and day, also while the day goes on."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta

import numpy as np

from gis.words import Reason, Words, reason
from surveillance.counting.model import AreaCodes
from surveillance.detect.discoveries import false_discovery_rate
from surveillance.detect.ears import Ears
from surveillance.detect.model import Detector, Judgement
from surveillance.detect.reasons import reason_of
from surveillance.detect.registry import DETECTORS
from surveillance.series.keys import ALL_AGES, WHOLE_CITY, SeriesKey
from surveillance.series.model import Panel, Step
from surveillance.signals.day import PLACED, clearest, opinion
from surveillance.signals.model import IN_CITY, Kind, Rules, Signal
from surveillance.signals.weighing import weight
from surveillance.syndromic.model import Streams

HISTORY_DAYS = 120
RECENT_DAYS = 60
LEAD, SPARE = "ears_c2", "ewma"
"""Who raises a stream: the first where it has an answer, else the second. A week of baseline takes
what is usual for too sure, so the p that counts is the larger of both."""
ASKED = ("ears_c1", "ears_c2", "ears_c3", "ewma")
LEAST_CALLS = 5
LEAST_SPREAD = 0.5
"""Calls that a quiet week's spread counts as at least: else one call after none would alarm."""

CALLS = Words(en="Ambulance calls for {syndrome}", zh="急救呼叫（{syndrome}）")
SO_FAR = Words(
    en="{says} The day is not over yet.", zh="{says}当日尚未结束。"
)  # fmt: skip


def call_signals(
    streams: Streams,
    *,
    day: date,
    over: bool,
    areas: AreaCodes,
    places: Mapping[str, Words],
    rules: Rules,
) -> tuple[Signal, ...]:
    """Return the streams that are unusual on a day, by weight.

    Calls count from the first day on which any was coded; a day since without one is a zero. A day
    that is not `over` is compared as it stands with what whole days were: what alarms then would
    alarm in the evening too. A stream is raised by C2, where that has no answer by EWMA, if its
    share of false alarms over all streams (by the larger p of the two) is at most that of the rules
    and there are at least five calls. areas: the districts.
    """
    if streams.first_day is None or streams.first_day >= day:
        return ()
    keys, panel = _panel(streams, day=day, areas=areas)
    judged = {name: _detector(name).judge(panel, first=panel.n_periods - 1) for name in ASKED}
    answers = ~np.isnan(judged[LEAD].p_value[:, 0])
    lead = np.where(answers, LEAD, SPARE)
    p_value = np.fmax(judged[LEAD].p_value[:, 0], judged[SPARE].p_value[:, 0])
    alarm = np.where(answers, judged[LEAD].alarm[:, 0], judged[SPARE].alarm[:, 0])
    rate = false_discovery_rate(p_value)
    calls = panel.counts[:, -1]
    with np.errstate(invalid="ignore"):
        raised = alarm & (rate <= rules.false_share)
    raised &= calls >= max(LEAST_CALLS, rules.least_cases)
    found = [
        _signal(
            keys[row], panel.counts[row], judged, row, lead=str(lead[row]), day=day, over=over,
            p_value=float(p_value[row]), rate=float(rate[row]),
            words=streams.syndromes[keys[row].disease], places=places,
        )
        for row in clearest(keys, raised)
    ]  # fmt: skip
    return tuple(sorted(found, key=lambda signal: (-signal.weight, signal.key)))


def _detector(name: str) -> Detector:
    detector = DETECTORS[name].detector
    return replace(detector, min_sigma=LEAST_SPREAD) if isinstance(detector, Ears) else detector


def _panel(streams: Streams, *, day: date, areas: AreaCodes) -> tuple[tuple[SeriesKey, ...], Panel]:
    """Return the streams by syndrome and district, and of the whole city, up to a day."""
    begin = max(streams.first_day or day, day - timedelta(days=HISTORY_DAYS - 1))
    length = (day - begin).days + 1
    places = (*areas.codes, WHOLE_CITY)
    number = {code: place for place, code in enumerate(areas.codes)}
    syndrome_number = {code: place for place, code in enumerate(streams.syndromes)}
    counts = np.zeros((len(streams.syndromes), len(places), length))
    for one in streams.counts:
        offset = (one.day - begin).days
        if 0 <= offset < length:
            syndrome = syndrome_number[one.syndrome]
            counts[syndrome, -1, offset] += one.calls
            district = areas.of_code.get(one.area_code or "")
            if district is not None:
                counts[syndrome, number[district], offset] += one.calls
    keys = tuple(SeriesKey(code, place, ALL_AGES) for code in streams.syndromes for place in places)
    return keys, Panel(counts=counts.reshape(-1, length), starts_on=begin, step=Step.DAY)


def _signal(
    key: SeriesKey,
    counts: np.ndarray,
    judged: Mapping[str, Judgement],
    row: int,
    *,
    lead: str,
    day: date,
    over: bool,
    p_value: float,
    rate: float,
    words: Words,
    places: Mapping[str, Words],
) -> Signal:
    its = judged[lead]
    observed, expected = float(counts[-1]), float(its.expected[row, 0])
    return Signal(
        key=key, kind=Kind.CALLS, lead=lead, obliged=False, observed=observed, expected=expected,
        threshold=float(its.threshold[row, 0]), p_value=p_value, false_rate=rate,
        weight=weight(p_value, observed - expected), told=True, cases_7=int(counts[-7:].sum()),
        newest_case_on=day,
        reason=_reason(
            reason_of(DETECTORS[lead], its, series=row, column=0), over=over, syndrome=words,
            place=IN_CITY if key.area_code == WHOLE_CITY else places[key.area_code],
        ),
        opinions=tuple(opinion(name, one, row) for name, one in judged.items()),
        recent=tuple(int(one) for one in counts[-RECENT_DAYS:]),
    )  # fmt: skip


def _reason(says: Reason, *, over: bool, syndrome: Words, place: Words) -> Reason:
    said: Words = says if over else SO_FAR.filled(says=says)
    return reason(
        says.code,
        PLACED.filled(disease=CALLS.filled(syndrome=syndrome), place=place, says=said),
    )

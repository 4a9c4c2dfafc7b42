"""How often it sounds at the one desk of the simulated city: a whole day of it, in memory.

Calls, complaints and delays are those of the demonstration (`api.demo.city`); the alarms are those
of the table. Beside what goes well there are crews that do not answer, streets that are blocked,
places that are corrected, and calls for which nobody is free.
"""

import heapq
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from numpy.random import Generator

from api.demo.city import choose_complaint, delay_s
from api.demo.setup import CALLS_PER_HOUR
from api.http.answers import plain
from dispatch.incidents.alarms.table import ALARMS, AlarmName, begun_alarms
from dispatch.incidents.lifecycle import incident_state
from dispatch.incidents.urgency import QueueFacts, UnitFacts, queue_steps
from dispatch.model import AssignmentState, IncidentFacts
from dispatch.triage.coding import code
from dispatch.triage.protocol import default_protocol
from dispatch.triage.views import protocol_view

UNITS = 26
DAY_S = 86_400.0
WINDOW_S = 600.0
START = datetime(2026, 11, 30, tzinfo=UTC)
SILENT_SHARE = 0.02
BLOCKED_SHARE = 0.03
CORRECTED_SHARE = 0.05

_A = AssignmentState
_AFTER_S = {kind.need: kind.after_s for kind in ALARMS}


def at(seconds: float) -> datetime:
    """Return a moment of the day."""
    return START + timedelta(seconds=seconds)


class Incident:
    """What becomes of one call, as moments at which its facts change."""

    def __init__(self, received_s: float, category: str, needs: int) -> None:
        self.received_s, self.category, self.needs = received_s, category, needs
        self.coded_s = np.inf
        self.corrected_s = np.inf
        self.heard_s = np.inf
        self.closed_s = np.inf
        self.units: list[dict[AssignmentState, float]] = []
        self.predicted_s: list[float] = []

    def moments(self) -> list[float]:
        """Return when something changes."""
        found = [self.received_s, self.coded_s, self.corrected_s, self.heard_s, self.closed_s]
        return sorted({
            one for one in (*found, *(s for unit in self.units for s in unit.values()))
            if np.isfinite(one)
        })  # fmt: skip

    def facts(self, now_s: float) -> QueueFacts:
        """Return what the queue knows at a moment."""
        coded = self.coded_s <= now_s
        sent = [
            (unit, predicted_s) for unit, predicted_s in zip(
                self.units, self.predicted_s, strict=True
            )
            if unit[_A.NOTIFIED] <= now_s
        ]  # fmt: skip
        states = [max((s, name) for name, s in unit.items() if s <= now_s)[1] for unit, _ in sent]
        over = self.closed_s <= now_s
        state = incident_state(
            IncidentFacts(
                coded_at=at(self.coded_s) if coded else None, queued_at=at(self.received_s),
                closed_at=at(self.closed_s) if over else None, cancelled_at=None,
            ),
            states,
        )  # fmt: skip
        heard_s = self.heard_s if self.heard_s <= now_s else -np.inf
        return QueueFacts(
            state=state, category=self.category if coded else None,
            received_at=at(self.received_s),
            place_changed_at=at(self.corrected_s) if self.corrected_s <= now_s else None,
            short_since=at(self.coded_s) if coded and len(sent) < self.needs else None,
            units=tuple(
                UnitFacts(
                    state=one, notified_at=at(unit[_A.NOTIFIED]),
                    last_stamp_at=at(max(s for s in unit.values() if s <= now_s)),
                    place_known_at=at(max(unit[_A.NOTIFIED], heard_s)),
                    predicted_arrival_at=at(unit[_A.NOTIFIED] + predicted_s),
                )
                for one, (unit, predicted_s) in zip(states, sent, strict=True)
            ),
        )  # fmt: skip

    def alarms(self) -> list[tuple[float, AlarmName]]:
        """Return every alarm with the moment at which it begins."""
        moments = self.moments()
        names: set[AlarmName] = set()
        for begin_s, end_s in pairwise(moments):
            known = self.facts(begin_s)
            category = self.category if self.coded_s <= begin_s else None
            names |= set(begun_alarms(queue_steps(known), category, now=at(end_s - 0.001)))
        return [
            ((name.since - START).total_seconds() + _AFTER_S[name.need][name.category], name)
            for name in names
        ]  # fmt: skip


def send(incident: Incident, when_s: float, generator: Generator) -> float:
    """Send a unit; return when it is free again."""

    def draw(step: str) -> float:
        return delay_s(generator, step)

    travel_s = float(300 * np.exp(0.5 * generator.standard_normal()))
    driven_s = travel_s * float(np.exp(0.15 * generator.standard_normal()))
    answer_s = draw("acknowledged")
    if generator.random() < SILENT_SHARE:
        answer_s += float(generator.exponential(90.0))
    if generator.random() < BLOCKED_SHARE:
        driven_s += float(generator.uniform(200, 600))
    times = {_A.NOTIFIED: when_s}
    times[_A.ACKNOWLEDGED] = when_s + answer_s
    times[_A.EN_ROUTE] = times[_A.ACKNOWLEDGED] + draw("en_route")
    times[_A.ON_SCENE] = times[_A.EN_ROUTE] + driven_s
    times[_A.AT_PATIENT] = times[_A.ON_SCENE] + draw("at_patient")
    if generator.random() < 0.8:
        times[_A.LEFT_SCENE] = times[_A.AT_PATIENT] + draw("left_scene")
        times[_A.AT_DESTINATION] = times[_A.LEFT_SCENE] + travel_s * 1.5
        times[_A.TRANSFERRED] = times[_A.AT_DESTINATION] + draw("transferred")
        times[_A.AVAILABLE] = times[_A.TRANSFERRED] + draw("available")
    else:
        times[_A.NO_TRANSPORT] = times[_A.AT_PATIENT] + draw("no_transport")
    incident.units.append(times)
    incident.predicted_s.append(travel_s + 60.0)
    return max(times.values())


def day(seed: int, *, calls_per_hour: float) -> list[tuple[float, AlarmName]]:
    """Return the alarms of a whole day."""
    generator = np.random.default_rng(seed)
    protocol = default_protocol()
    complaints: list[dict[str, Any]] = plain(protocol_view(protocol))["complaints"]
    received = np.sort(generator.uniform(0, DAY_S, generator.poisson(calls_per_hour * 24)))
    free_s = [0.0] * UNITS
    heapq.heapify(free_s)
    found: list[tuple[float, AlarmName]] = []
    for received_s in received:
        complaint, answers = choose_complaint(generator, complaints)
        coding = code(protocol, complaint, answers=answers)
        needs = sum(need.count for need in coding.units)
        one = Incident(float(received_s), coding.category, needs)
        located_s = delay_s(generator, "locate") if generator.random() < 0.15 else 0.0
        one.coded_s = one.received_s + located_s + delay_s(generator, "triage")
        press_s = one.coded_s + delay_s(generator, "dispatch")
        for _ in range(needs):
            heapq.heappush(free_s, send(one, max(press_s, heapq.heappop(free_s)), generator))
        if generator.random() < CORRECTED_SHARE:
            one.corrected_s = press_s + float(generator.uniform(30, 200))
            one.heard_s = one.corrected_s + float(generator.exponential(25.0))
        one.closed_s = max(max(unit.values()) for unit in one.units) + delay_s(generator, "close")
        found += one.alarms()
    return sorted(found)


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_a_desk_hears_one_alarm_in_ten_minutes_and_ten_at_a_peak(seed, record_property):
    alarms = day(seed, calls_per_hour=CALLS_PER_HOUR["coquimbo"])
    moments = np.array([moment_s for moment_s, _ in alarms])
    mean = len(moments) / (DAY_S / WINDOW_S)
    peak = max(
        int(np.count_nonzero((moments >= begin_s) & (moments < begin_s + WINDOW_S)))
        for begin_s in moments
    )
    record_property("mean_per_10_min", round(mean, 2))
    record_property("peak_per_10_min", peak)
    assert mean <= 1.0, mean
    assert peak <= 10, peak

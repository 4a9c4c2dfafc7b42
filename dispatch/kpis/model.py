"""Responses as arrays of stamps, and the intervals between them. No I/O.

Names and ends of the intervals are those in use with NEMSIS v3.5.1 eTimes; a stamp that eTimes has
no element for (call answered, triage done, arrest recognised, first compression) is the house's.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import IntEnum
from types import MappingProxyType

import numpy as np
import numpy.typing as npt

from gis.words import Words

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]
BoolArray = npt.NDArray[np.bool_]

STAMPS: Mapping[str, str | None] = MappingProxyType(
    {
        "called": "eTimes.01", "answered": None, "recognised": None, "compressed": None,
        "coded": None, "notified": "eTimes.03", "acknowledged": "eTimes.04",
        "en_route": "eTimes.05", "on_scene": "eTimes.06", "at_patient": "eTimes.07",
        "left_scene": "eTimes.09", "at_destination": "eTimes.11", "transferred": "eTimes.12",
        "available": "eTimes.13",
    }
)  # fmt: skip
"""Every stamp of a response and its NEMSIS element."""

IN_ORDER = (
    "notified", "en_route", "on_scene", "at_patient", "left_scene", "at_destination",
    "transferred", "available",
)  # fmt: skip
"""Stamps of a unit that follow one another. The call comes before the first of them."""


@dataclass(frozen=True, slots=True)
class Interval:
    """A span between two stamps.

    longest_s : more is no measurement but a forgotten stamp (the profile may say otherwise)
    of_call : one a call (of its units the first that ends it), else one a unit
    """

    start: str
    end: str
    longest_s: float
    words: Words
    of_call: bool = False


_HOUR = 3600.0
CLOCKED = "clocked_response"
"""The response by the profile's own clock: when it starts depends on the category."""

INTERVALS: Mapping[str, Interval] = MappingProxyType(
    {
        "call_answering": Interval(
            "called", "answered", 1800.0, Words(en="call answering", zh="接听"), of_call=True
        ),
        "call_processing": Interval(
            "answered", "notified", 6 * _HOUR,
            Words(en="call processing", zh="受理"), of_call=True,
        ),
        "call_to_dispatch": Interval(
            "called", "notified", 6 * _HOUR,
            Words(en="call to dispatch", zh="来电至派车"), of_call=True,
        ),
        "chute": Interval(
            "notified", "en_route", _HOUR, Words(en="chute (turnout)", zh="出车")
        ),
        "travel": Interval("en_route", "on_scene", 2 * _HOUR, Words(en="travel", zh="行驶")),
        "response": Interval(
            "notified", "on_scene", 6 * _HOUR, Words(en="response", zh="派车至到达")
        ),
        "call_to_scene": Interval(
            "called", "on_scene", 12 * _HOUR,
            Words(en="call to first unit on scene", zh="来电至首车到达"), of_call=True,
        ),
        CLOCKED: Interval(
            "clock", "on_scene", 12 * _HOUR,
            Words(en="response by the standard's clock", zh="按标准计时的响应"), of_call=True,
        ),
        "scene": Interval("on_scene", "left_scene", 6 * _HOUR, Words(en="scene", zh="现场")),
        "patient_access": Interval(
            "on_scene", "at_patient", _HOUR, Words(en="scene to patient", zh="到达至接触患者")
        ),
        "patient_contact": Interval(
            "at_patient", "at_destination", 8 * _HOUR,
            Words(en="patient contact", zh="接触患者至到院"),
        ),
        "transport": Interval(
            "left_scene", "at_destination", 4 * _HOUR, Words(en="transport", zh="转运")
        ),
        "handover": Interval(
            "at_destination", "transferred", 6 * _HOUR, Words(en="handover", zh="交接")
        ),
        "total": Interval(
            "notified", "available", 24 * _HOUR, Words(en="total", zh="总时长")
        ),
        "arrest_recognition": Interval(
            "answered", "recognised", 1800.0,
            Words(en="answer to arrest recognised", zh="接听至识别心脏骤停"), of_call=True,
        ),
        "first_compression": Interval(
            "answered", "compressed", 1800.0,
            Words(en="answer to first compression", zh="接听至首次按压"), of_call=True,
        ),
    }
)  # fmt: skip


class Reason(IntEnum):
    """Whether a record counts for an interval, and why not."""

    USED = 0
    FUTURE = 1
    OUT_OF_ORDER = 2
    OUT_OF_BOUNDS = 3
    MISSING = 4


REASON_WORDS: Mapping[Reason, Words] = MappingProxyType(
    {
        Reason.USED: Words(en="used", zh="计入"),
        Reason.FUTURE: Words(en="stamp in the future", zh="时间在未来"),
        Reason.OUT_OF_ORDER: Words(en="stamps out of order", zh="时间顺序颠倒"),
        Reason.OUT_OF_BOUNDS: Words(en="longer than can be", zh="超出合理范围"),
        Reason.MISSING: Words(en="stamp missing", zh="缺少时间"),
    }
)


@dataclass(frozen=True, slots=True, eq=False)
class Responses:
    """r responses of units to calls; a call without a unit is one response without its stamps.

    call : (r,) int64, the same number for units of one call
    stamp_s : name of `STAMPS` → (r,) float64 seconds since 1970 UTC, NaN where not known
    category : (r,) text, "" where the call was not coded
    area : (r,) text, "" where it is not known; vulnerability : (r,) int64 fifth 1 (most) to 5, 0
        where it is not known
    hour : (r,) int64 hour of the week of the call by local time, Monday 0:00 is 0
    fitting : (r,) bool, the unit is of the level that the call needs (all, where levels are not
        recorded)
    """

    call: IntArray
    stamp_s: Mapping[str, FloatArray]
    category: npt.NDArray[np.str_]
    area: npt.NDArray[np.str_]
    vulnerability: IntArray
    hour: IntArray
    fitting: BoolArray

    def __len__(self) -> int:
        """Return how many responses there are."""
        return len(self.call)

    def stamp(self, name: str) -> FloatArray:
        """Return a stamp of every response: (r,) seconds, NaN where not known."""
        known = self.stamp_s.get(name)
        return np.full(len(self), np.nan) if known is None else known

    def chosen(self, rows: BoolArray | IntArray) -> "Responses":
        """Return some of the responses."""
        return Responses(
            self.call[rows], {name: values[rows] for name, values in self.stamp_s.items()},
            self.category[rows], self.area[rows], self.vulnerability[rows], self.hour[rows],
            self.fitting[rows],
        )  # fmt: skip


def out_of_order(responses: Responses) -> BoolArray:
    """Return whether stamps that are there contradict one another: (r,).

    A unit's stamps follow `IN_ORDER`; nothing happens before the call; a call is answered before
    a unit is told.
    """
    latest = responses.stamp("called").copy()
    wrong = np.zeros(len(responses), dtype=bool)
    for name in IN_ORDER:
        values = responses.stamp(name)
        wrong |= values < latest
        latest = np.fmax(latest, values)
    answered = responses.stamp("answered")
    return wrong | (answered < responses.stamp("called"))

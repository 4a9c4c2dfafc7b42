"""Which needs of the queue sound at a desk, and how often: one table, served to the pages.

Alarms begin with the needs of the queue (`dispatch.incidents.urgency`), so that they are there
again after a restart. What has no line here makes no sound.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from dispatch.incidents.urgency import Need


@dataclass(frozen=True, slots=True)
class AlarmKind:
    """A need that sounds when it begins.

    repeat_s: by category, how often it sounds again until it is silenced; without a line, never.
    """

    need: Need
    repeat_s: Mapping[str, float]


ALARMS = (
    AlarmKind(Need.WAITING, {"C1": 10.0}),
    AlarmKind(Need.UNACKNOWLEDGED, {"C1": 10.0}),
)

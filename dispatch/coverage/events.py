"""The events of coverage."""

from gis.rooms.model import Event
from gis.words import Words

COVERAGE_EVENTS = (
    Event(
        "coverage.void_opened", "coverage",
        "No free unit has reached the people of an area in time for a while, though a station can.",
        Words(
            en="{area}: no free unit reaches {people} people in time",
            zh="{area}：{people}人在时限内无空闲车组可及",
        ),
    ),
    Event(
        "coverage.void_closed", "coverage", "An area's people are reached in time again.",
        Words(en="{area}: covered again", zh="{area}：已恢复覆盖"),
    ),
    Event(
        "coverage.void_acknowledged", "coverage", "Somebody has seen that an area is uncovered.",
        Words(en="{area}: void acknowledged", zh="{area}：覆盖空白已确认"),
    ),
    Event(
        "coverage.rules_set", "coverage", "A city's rules of coverage and move-ups were set.",
        Words(en="Rules of coverage: version {version}", zh="覆盖规则：第{version}版"),
    ),
)  # fmt: skip

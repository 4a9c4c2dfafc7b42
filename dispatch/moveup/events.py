"""The events of move-ups."""

from gis.rooms.model import Event
from gis.words import Words

MOVEUP_EVENTS = (
    Event(
        "moveup.accepted", "moveup", "A dispatcher has a unit move up to a post.",
        Words(
            en="{call_sign} moves up to {station} (+{gain_points} points)",
            zh="{call_sign}前移至{station}（+{gain_points}个百分点）",
        ),
    ),
    Event(
        "moveup.declined", "moveup", "A dispatcher declined a suggested move, and why.",
        Words(
            en="Move of {call_sign} to {station} declined", zh="未采纳{call_sign}前移至{station}"
        ),
    ),
    Event(
        "moveup.at_post", "moveup", "A unit that was moved up stands at its post.",
        Words(en="{call_sign} is at {station}", zh="{call_sign}已到达{station}"),
    ),
    Event(
        "moveup.ended", "moveup", "A move is over: the unit has a call, was recalled, or went off.",
        Words(
            en="Move of {call_sign} to {station} is over", zh="{call_sign}前移至{station}已结束"
        ),
    ),
)  # fmt: skip

UNIT_EVENTS = (
    "unit.status_changed", "unit.out_of_service", "unit.back_in_service", "unit.shift_changed",
)  # fmt: skip
"""After each of these coverage is another."""

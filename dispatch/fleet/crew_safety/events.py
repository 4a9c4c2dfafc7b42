"""What crews' safety writes into the log of a unit."""

from gis.rooms.model import Event
from gis.words import Words

_SAYS = {
    "distress": (
        "A crew pressed its distress button.",
        Words(en="DISTRESS: {call_sign}", zh="紧急求助：{call_sign}"),
    ),
    "distress_acknowledged": (
        "A desk has seen a crew's distress; it sounds no more, until the crew presses again.",
        Words(en="{call_sign}: distress acknowledged", zh="{call_sign}：求助已确认"),
    ),
    "distress_ended": (
        "A desk ended a crew's distress call.",
        Words(en="{call_sign}: distress over", zh="{call_sign}：求助结束"),
    ),
    "welfare_started": (
        "A crew is to be heard of every so often.",
        Words(en="{call_sign}: asked every {every_s} s", zh="{call_sign}：每{every_s}秒询问"),
    ),
    "welfare_answered": (
        "A crew said that it is well.",
        Words(en="{call_sign} is well ({heard})", zh="{call_sign}报平安（{heard}）"),
    ),
    "welfare_missed": (
        "A crew was not heard of in time.",
        Words(en="{call_sign} was not heard of", zh="{call_sign}未按时报平安"),
    ),
    "welfare_stopped": (
        "A crew is asked no more.",
        Words(en="{call_sign}: asked no more", zh="{call_sign}：停止询问"),
    ),
    "account_bound": (
        "An account speaks for this unit from now on, or for none any more.",
        Words(en="{call_sign}: account bound or freed", zh="{call_sign}：账户绑定变更"),
    ),
}

CREW_EVENTS = tuple(
    Event(f"unit.{name}", "unit", says, words) for name, (says, words) in _SAYS.items()
)

"""The sentences of guidance, Chinese and English."""

from typing import Literal, NamedTuple

from routing.guidance.ways import Way
from routing.roads.model import Manoeuvre

Side = Literal["left", "right"]


class Both(NamedTuple):
    """One text in both languages."""

    zh: str
    en: str


class Names(NamedTuple):
    """What a street is called; None where it is not."""

    name: str | None
    name_zh: str | None
    name_en: str | None
    ref: str | None

    def called(self) -> Both | None:
        """Return what the street is called in each language, None where it has no name."""
        name = self.name or self.ref
        zh, en = self.name_zh or name, self.name_en or name
        return Both(zh or en or "", en or zh or "") if zh or en else None


_UNNAMED: dict[int, Both] = {
    Way.STREET: Both("无名道路", "an unnamed road"),
    Way.MAIN_ROAD: Both("主路", "the main road"),
    Way.RAMP: Both("匝道", "the ramp"),
    Way.FERRY: Both("轮渡", "the ferry"),
    Way.ROUNDABOUT: Both("环岛", "the roundabout"),
}
_TEXTS = {
    Manoeuvre.DEPART: Both("从{street}出发", "Set out on {street}"),
    Manoeuvre.STRAIGHT: Both("直行进入{street}", "Continue onto {street}"),
    Manoeuvre.SLIGHT_LEFT: Both("向左前方进入{street}", "Bear left onto {street}"),
    Manoeuvre.LEFT: Both("左转进入{street}", "Turn left onto {street}"),
    Manoeuvre.SHARP_LEFT: Both("左后方急转进入{street}", "Turn sharp left onto {street}"),
    Manoeuvre.SLIGHT_RIGHT: Both("向右前方进入{street}", "Bear right onto {street}"),
    Manoeuvre.RIGHT: Both("右转进入{street}", "Turn right onto {street}"),
    Manoeuvre.SHARP_RIGHT: Both("右后方急转进入{street}", "Turn sharp right onto {street}"),
    Manoeuvre.U_TURN: Both("掉头驶入{street}", "Make a U-turn onto {street}"),
    Manoeuvre.ROUNDABOUT: Both(
        "进入环岛，从第{exit}出口驶出，进入{street}",
        "At the roundabout take the {ordinal} exit onto {street}",
    ),
    Manoeuvre.LEAVE_ROUNDABOUT: Both(
        "从第{exit}出口驶出环岛，进入{street}",
        "Leave the roundabout by the {ordinal} exit onto {street}",
    ),
    Manoeuvre.RAMP: Both("驶入匝道{towards}", "Take the ramp{towards}"),
    Manoeuvre.LEAVE_MAIN_ROAD: Both(
        "从匝道驶出{origin}{towards}", "Leave {origin} by the ramp{towards}"
    ),
    Manoeuvre.KEEP_LEFT: Both("在岔口靠左{towards}", "Keep left at the fork{towards}"),
    Manoeuvre.KEEP_RIGHT: Both("在岔口靠右{towards}", "Keep right at the fork{towards}"),
    Manoeuvre.MERGE: Both("汇入{street}", "Merge onto {street}"),
    Manoeuvre.FERRY: Both("乘轮渡{line}", "Board the ferry{line}"),
    Manoeuvre.LEAVE_FERRY: Both("下轮渡，进入{street}", "Leave the ferry onto {street}"),
    Manoeuvre.ARRIVE: Both("到达目的地({street})", "Arrive at the destination on {street}"),
}
_BY_SIDE = {
    Manoeuvre.RAMP: Both("从{side}驶入匝道{towards}", "Take the ramp on the {side}{towards}"),
    Manoeuvre.LEAVE_MAIN_ROAD: Both(
        "从{side}匝道驶出{origin}{towards}", "Leave {origin} by the ramp on the {side}{towards}"
    ),
    Manoeuvre.ARRIVE: Both(
        "到达目的地({street})，位于道路{side}",
        "Arrive at the destination on {street}, on the {side}",
    ),
}
_INTO_RING = Both("驶入环岛", "Enter the roundabout")
_SIDES_ZH = {"left": "左侧", "right": "右侧"}
_ORDINALS = {1: "st", 2: "nd", 3: "rd"}


def say(
    manoeuvre: Manoeuvre,
    street: Both | None,
    way: int,
    *,
    target: Both | None = None,
    origin: Both | None = None,
    exit_number: int | None = None,
    side: Side | None = None,
) -> Both:
    """Return the sentences for one manoeuvre.

    street, way : name of the street after it, None where it has none, and which `Way` that is
    target : name of the road that a ramp leads to
    origin : name of the main road that is left
    exit_number : of a roundabout, None where it is not left
    side : where a ramp branches off or a destination lies, where that is to be said
    """
    if manoeuvre is Manoeuvre.ROUNDABOUT and exit_number is None:
        return _INTO_RING
    zh, en = _BY_SIDE[manoeuvre] if side and manoeuvre in _BY_SIDE else _TEXTS[manoeuvre]
    onto = street or _UNNAMED[way]
    towards = target or street
    said_zh = {"street": onto.zh, "exit": exit_number, "side": _SIDES_ZH.get(side or "")}
    said_en = {"street": onto.en, "ordinal": _ordinal(exit_number), "side": side}
    if way == Way.RAMP:
        origin = origin or _UNNAMED[Way.MAIN_ROAD]
        said_zh |= {"origin": origin.zh, "towards": f"，前往{towards.zh}" if towards else ""}
        said_en |= {"origin": origin.en, "towards": f" onto {towards.en}" if towards else ""}
        if street is None and target is not None:
            said_zh["street"] = f"前往{target.zh}的匝道"
            said_en["street"] = f"the ramp to {target.en}"
    elif way == Way.FERRY:
        said_zh["line"] = f"({street.zh})" if street else ""
        said_en["line"] = f" ({street.en})" if street else ""
    return Both(zh.format_map(said_zh), en.format_map(said_en))


def _ordinal(number: int | None) -> str:
    if number is None:
        return ""
    teens = 11 <= number % 100 <= 13
    return f"{number}{'th' if teens else _ORDINALS.get(number % 10, 'th')}"

"""How many storeys a floor is away from the street, as people write floors. Pure."""

import re

GROUND_IS_ONE = frozenset({"CN", "HK", "MO", "TW", "JP", "KR", "US", "CA", "CL"})
"""Countries (ISO 3166-1) that count the floor at the street as the first. From general knowledge,
for Hong Kong and Chile usage varies."""

_NUMERALS = {one: value for value, one in enumerate("零一二三四五六七八九十")}
_STREET = frozenset({"g", "gf", "eg", "ground", "rdc", "lobby", "首层", "首楼", "大堂", "地面"})
_PLAIN = re.compile(r"([+-]?\d{1,3})(?:\.0)?(?:f|/f|l|og|层|楼|階| ?(?:st|nd|rd|th)? ?floor)?")
_BELOW = re.compile(r"(?:b|ug|-|地下|负|basement )(\d{1,2}|[一二三四五六七八九十])(?:f|/f|层|楼)?")
_PREFIXED = re.compile(r"(?:f|l|level|floor) ?(\d{1,3})")
_CHINESE = re.compile(r"第?([一二三四五六七八九十]{1,3})[层楼]")


def storeys_away(floor: str | None, *, ground_is_one: bool) -> int | None:
    """Return the storeys between a floor and the street, 0 at it; None where nobody can say.

    Below the street they count like above. `ground_is_one`: whether “1” is the floor at the street.
    """
    text = (floor or "").strip().casefold()
    if text in _STREET:
        return 0
    if below := _BELOW.fullmatch(text):
        found = below[1]
        return int(found) if found.isdigit() else _NUMERALS[found]
    if chinese := _CHINESE.fullmatch(text):
        # “一楼” is at the street wherever floors are written so.
        return max(0, _number(chinese[1]) - 1)
    if number := _PLAIN.fullmatch(text) or _PREFIXED.fullmatch(text):
        value = int(number[1])
        return abs(value) if value <= 0 else value - int(ground_is_one)
    return None


def _number(text: str) -> int:
    """Return the value of 一 to 九十九."""
    if "十" not in text:
        return _NUMERALS[text[-1]]
    tens, ones = text.split("十", maxsplit=1)
    return 10 * (_NUMERALS[tens] if tens else 1) + (_NUMERALS[ones] if ones else 0)

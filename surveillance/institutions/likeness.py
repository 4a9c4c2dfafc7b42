"""Which institutions have nearly the same name: suggestions for a person, who decides. No I/O."""

from collections.abc import Mapping
from itertools import combinations

from gis.text_fold import fold

TELLING = frozenset("0123456789一二三四五六七八九十东西南北中小大高初上下新老分甲乙丙丁")
"""Signs that make of two names two places: 一小 and 二小, 小学 and 中学, 东校 and 西校."""
AREA_ENDS = ("省", "市", "区", "县", "镇", "乡", "街道")
LEAST_SIGNS = 4
LEAST_LATIN_SIGNS = 8


def nearly_alike(names: Mapping[str, str], cases: Mapping[str, int]) -> dict[str, str]:
    """Return key → key of the institution whose name it may be another spelling of.

    Names are alike that differ by one sign which tells no place apart, or of which one is the other
    after the name of its area. Each is suggested for the one with more cases, of several for that
    with most.
    """
    folded = {key: fold(name).replace(" ", "") for key, name in names.items()}
    long = {key: name for key, name in folded.items() if len(name) >= _least(name)}
    found: dict[str, str] = {}
    for one, other in sorted(_pairs(long)):
        if not (_one_sign_apart(long[one], long[other]) or _within_area(long[one], long[other])):
            continue
        fewer, more = sorted((one, other), key=lambda key: (cases[key], key))
        before = found.get(fewer)
        if before is None or (cases[more], more) > (cases[before], before):
            found[fewer] = more
    return found


def _pairs(names: Mapping[str, str]) -> set[tuple[str, str]]:
    """Return pairs of keys that share a name with one sign less, or how their names end."""
    shared: dict[str, set[str]] = {}
    for key, name in names.items():
        for at in range(len(name)):
            shared.setdefault(name[:at] + name[at + 1 :], set()).add(key)
        shared.setdefault(name, set()).add(key)
        shared.setdefault(f"…{name[-LEAST_SIGNS:]}", set()).add(key)
    return {pair for keys in shared.values() for pair in combinations(sorted(keys), 2)}


def _least(name: str) -> int:
    return LEAST_LATIN_SIGNS if name.isascii() else LEAST_SIGNS


def _one_sign_apart(one: str, other: str) -> bool:
    if one == other:
        return True
    begin = 0
    while begin < min(len(one), len(other)) and one[begin] == other[begin]:
        begin += 1
    end = 0
    while end < min(len(one), len(other)) - begin and one[-1 - end] == other[-1 - end]:
        end += 1
    apart = (one[begin : len(one) - end], other[begin : len(other) - end])
    return max(map(len, apart)) == 1 and not TELLING & set("".join(apart))


def _within_area(one: str, other: str) -> bool:
    shorter, longer = sorted((one, other), key=len)
    area = longer.removesuffix(shorter)
    return area != longer and area.endswith(AREA_ENDS)

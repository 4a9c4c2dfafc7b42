"""Profiles: which standards responses are judged by, as data with their edition and source."""

from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

import numpy as np
import yaml

from dispatch.kpis.errors import KpiProfileInvalidError, KpiProfileUnknownError
from dispatch.kpis.measure import FEWEST, Taken, nearest_rank
from dispatch.kpis.model import CLOCKED, INTERVALS, BoolArray, FloatArray, Reason
from gis.words import Words

FOLDER = Path(__file__).with_name("profiles")
STATISTICS = ("mean", "median", "p90", "share")
LONGEST_S = 7 * 86_400.0
MOST_STANDARDS = 200
MOST_BYTES = 200_000
_TOP = frozenset(
    {"name", "edition", "words", "source", "notes", "clock_s", "longest_s", "standards"}
)
_STANDARD = frozenset({"interval", "categories", "statistic", "at_most_s", "share"})


@dataclass(frozen=True, slots=True)
class Standard:
    """One demand: a statistic of an interval is at most so many seconds.

    categories : of which calls; (): of all
    statistic : of `STATISTICS`; share : of `share`, the least share of records within `at_most_s`
    """

    interval: str
    categories: tuple[str, ...]
    statistic: str
    at_most_s: float
    share: float | None = None


@dataclass(frozen=True, slots=True)
class Profile:
    """Standards of one norm in one edition.

    clock_s : category → seconds after the call at which the norm's clock runs at the latest
    longest_s : interval → seconds above which a record is left out, where not the house's own
    """

    name: str
    edition: str
    words: Words
    source: str
    notes: Words | None
    clock_s: Mapping[str, float]
    longest_s: Mapping[str, float]
    standards: tuple[Standard, ...]


@dataclass(frozen=True, slots=True)
class Judged:
    """What came of one standard.

    used, within : records it is reckoned from, and those that took at most `at_most_s`
    value : seconds, or of a share a number from 0 to 1; None of no records
    met : None: with fewer than `FEWEST` records nothing is judged
    """

    standard: Standard
    used: int
    within: int
    value: float | None
    met: bool | None


def judge(standard: Standard, taken: Taken, of: BoolArray) -> Judged:
    """Judge a standard by the records (m,) that it is `of`."""
    values = np.sort(taken.value_s[of & (taken.reason == Reason.USED)])
    used = len(values)
    within = int(np.searchsorted(values, standard.at_most_s, side="right"))
    value = _value(standard.statistic, values, within) if used else None
    if value is None or used < FEWEST:
        met = None
    elif standard.share is not None:
        # As written: 0.95 has no exact binary fraction, 95 of 100 meet it nonetheless.
        met = within >= Fraction(str(standard.share)) * used
    else:
        met = value <= standard.at_most_s
    return Judged(standard, used, within, value, met)


def _value(statistic: str, values: FloatArray, within: int) -> float:
    if statistic == "mean":
        return float(values.mean())
    if statistic == "share":
        return within / len(values)
    return nearest_rank(values, 500 if statistic == "median" else 900)


@cache
def bundled() -> Mapping[str, Profile]:
    """Return the profiles that come with the house, by name."""
    found = [read_profile(path) for path in sorted(FOLDER.glob("*.yaml"))]
    return MappingProxyType({one.name: one for one in found})


def profile_named(name: str) -> Profile:
    """Return a bundled profile.

    Raises
    ------
    KpiProfileUnknownError
    """
    known = bundled()
    if name not in known:
        raise KpiProfileUnknownError(name[:80], known)
    return known[name]


def read_profile(path: Path) -> Profile:
    """Return the profile in a file.

    Raises
    ------
    KpiProfileInvalidError
    """
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise KpiProfileInvalidError(
            path.name, "the file cannot be read. Give a file of text in UTF-8."
        ) from error
    return parse_profile(text, where=path.name)


def parse_profile(text: str, *, where: str) -> Profile:
    """Return the profile that a YAML text describes; `where` names it in what is said of faults.

    Raises
    ------
    KpiProfileInvalidError
        The first thing that is wrong, with its place.
    """
    if len(text.encode("utf-8", "replace")) > MOST_BYTES:
        raise KpiProfileInvalidError(where, f"more than {MOST_BYTES} bytes is no profile.")
    try:
        document = yaml.load(text, Loader=_Strict)  # noqa: S506 (a SafeLoader)
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        problem = str(error).replace("\n", " ")[:300]
        raise KpiProfileInvalidError(where, f"this is no YAML: {problem}") from error
    return _Reader(where).profile(document)


class _Strict(yaml.SafeLoader):
    """No field twice: of two limits one would vanish unseen. No anchors either."""

    def compose_node(self, parent: Any, index: Any) -> Any:
        if self.check_event(yaml.AliasEvent):
            raise yaml.constructor.ConstructorError(None, None, "aliases (*name) are not read")
        return super().compose_node(parent, index)

    def construct_mapping(self, node: Any, deep: bool = False) -> dict[Hashable, Any]:
        names = [self.construct_object(key) for key, _ in node.value]
        if len(set(map(repr, names))) < len(names):
            raise yaml.constructor.ConstructorError(
                None, None, "a field stands twice", node.start_mark
            )
        return super().construct_mapping(node, deep)


class _Reader:
    def __init__(self, where: str) -> None:
        self._where = where

    def profile(self, given: Any) -> Profile:
        document = self._fields(given, "the document", _TOP)
        name = self._text(document, "name", "the document")
        if not name.replace("_", "").isalnum() or not name.isascii() or name != name.lower():
            self._refuse("name", "write it in small letters, digits and _, such as our_city_2026.")
        standards = document.get("standards")
        if not isinstance(standards, list) or not 0 < len(standards) <= MOST_STANDARDS:
            self._refuse("standards", f"write a list of one to {MOST_STANDARDS} standards.")
        assert isinstance(standards, list)
        clock_s = self._seconds_by(document, "clock_s")
        found = tuple(self._standard(one, f"standards[{n}]") for n, one in enumerate(standards))
        for n, one in enumerate(found):
            if one.interval == CLOCKED and not set(one.categories) <= set(clock_s):
                self._refuse(
                    f"standards[{n}]", "name the clock of each of its categories in clock_s."
                )
            if one.interval == CLOCKED and not one.categories:
                self._refuse(f"standards[{n}]", f"{CLOCKED} needs categories.")
        longest_s = self._seconds_by(document, "longest_s")
        for interval in longest_s:
            if interval not in INTERVALS:
                self._refuse(f"longest_s.{interval}", _interval_hint())
        return Profile(
            name, self._text(document, "edition", "the document"),
            self._words(document.get("words"), "words"),
            self._text(document, "source", "the document"),
            self._words(document["notes"], "notes") if "notes" in document else None,
            MappingProxyType(clock_s), MappingProxyType(longest_s), found,
        )  # fmt: skip

    def _standard(self, given: Any, at: str) -> Standard:
        document = self._fields(given, at, _STANDARD)
        interval = self._text(document, "interval", at)
        if interval not in INTERVALS:
            self._refuse(f"{at}.interval", _interval_hint())
        statistic = self._text(document, "statistic", at)
        if statistic not in STATISTICS:
            self._refuse(f"{at}.statistic", f"choose of {', '.join(STATISTICS)}.")
        categories = document.get("categories", [])
        if not isinstance(categories, list) or not all(
            isinstance(one, str) and 0 < len(one) <= 40 for one in categories
        ):
            self._refuse(f"{at}.categories", "write a list of categories, such as [C1, C2].")
        share = document.get("share")
        if (statistic == "share") != (share is not None):
            self._refuse(f"{at}.share", "a share, and nothing else, needs `share`, such as 0.95.")
        if share is not None and not (_is_number(share) and 0 < share <= 1):
            self._refuse(f"{at}.share", "write a number above 0 and at most 1, such as 0.95.")
        at_most_s = self._seconds(document.get("at_most_s"), f"{at}.at_most_s")
        return Standard(
            interval, tuple(dict.fromkeys(categories)), statistic, at_most_s,
            None if share is None else float(share),
        )  # fmt: skip

    def _seconds_by(self, document: Mapping[str, Any], name: str) -> dict[str, float]:
        given = document.get(name, {})
        if not isinstance(given, dict) or not all(isinstance(key, str) for key in given):
            self._refuse(name, "write names with seconds below it.")
        return {key: self._seconds(value, f"{name}.{key}") for key, value in given.items()}

    def _seconds(self, given: Any, at: str) -> float:
        if not _is_number(given) or not 0 < given <= LONGEST_S:
            self._refuse(at, f"write seconds above 0, at most {LONGEST_S:.0f}.")
        return float(given)

    def _words(self, given: Any, at: str) -> Words:
        texts = self._fields(given, at, frozenset({"en", "zh"}))
        return Words(en=self._text(texts, "en", at), zh=self._text(texts, "zh", at))

    def _text(self, document: Mapping[str, Any], name: str, at: str) -> str:
        given = document.get(name)
        if not isinstance(given, str) or not 0 < len(given.strip()) <= 500:
            self._refuse(at, f"`{name}` must be a text (numbers in quotes) of at most 500 letters.")
        assert isinstance(given, str)
        return given.strip()

    def _fields(self, given: Any, at: str, known: frozenset[str]) -> Mapping[str, Any]:
        if not isinstance(given, dict):
            self._refuse(at, f"write fields ({', '.join(sorted(known))}).")
        assert isinstance(given, dict)
        strange = [str(name) for name in given if name not in known]
        if strange:
            self._refuse(
                at, f"`{strange[0][:60]}` is no field of it. There are {', '.join(sorted(known))}."
            )
        return given

    def _refuse(self, at: str, problem: str) -> None:
        raise KpiProfileInvalidError(f"{self._where}, {at}", problem)


def _is_number(given: Any) -> bool:
    return isinstance(given, int | float) and not isinstance(given, bool)


def _interval_hint() -> str:
    return f"choose an interval of {', '.join(INTERVALS)}."

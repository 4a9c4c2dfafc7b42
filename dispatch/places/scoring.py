"""Find a place from what a caller says: typos, 中文 and Latin, crossings, house numbers.

The repository proposes candidates by trigrams; here they are scored again and the ambiguity rule
decides whether one may be picked without asking.
"""

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from pypinyin import lazy_pinyin
from rapidfuzz import fuzz

from gis.geometry import Wgs84Point
from gis.text_fold import fold

SIMILAR_SCORE = 0.08
"""Scores closer than this are alike: about one wrong letter in a name of ten."""

FAR_APART_M = 200.0
"""Two like answers further apart than this are never decided by the machine."""

PICK_SCORE = 0.72
"""Nothing is picked below this score, alone or not: about two wrong letters in a name of eight."""

SOUND_FACTOR = 0.93
"""A Chinese name that only sounds the same (a slip of the input method) scores this much."""

STREET_WITHOUT_NUMBER_SCORE = 0.85
"""The street itself, where a house number was asked for and is not known."""

CROSSING_OF_PLAIN_NAME_FACTOR = 0.8
"""A crossing is seldom meant when one name was said."""

GENERIC_LEFT_OUT_FACTOR = 0.9
"""“Prat” for “Calle Prat”, or the other way round: less than the very name, by more than alike."""

STREET_WORDS = {
    "avenida": "avenida", "av": "avenida", "avda": "avenida", "ave": "avenida",
    "avenue": "avenida", "calle": "calle", "pasaje": "pasaje", "pje": "pasaje", "psje": "pasaje",
    "street": "street", "road": "road", "rd": "road",
}  # fmt: skip
"""Folded words that say what a street is, not which; spellings of one kind map to one word."""

CROSSING_KIND = "intersection"

_HAN = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff]")
_HAN_STREET = re.compile(r"^(?P<core>.*[\u3400-\u4dbf\u4e00-\u9fff]{2})(?P<kind>大道|路|街)$")
_CROSSING = re.compile(
    r"(?:\s*[&＆/／]\s*|\s+(?:and|y|e|und|con|esquina|at|x)\s+"
    r"|(?<=[路街道巷线弄])\s*(?:与|和|交|、)\s*)",
    re.IGNORECASE,
)
_CROSSING_TAIL = re.compile(
    r"(?:的)?(?:交叉路口|交叉口|路口|交汇处|交界处|交口)$|\s+crossing$", re.IGNORECASE
)
_NUMBER_PATTERNS = (
    re.compile(r"^(?P<street>.*[路街道巷弄里村])\s*(?P<number>\d{1,5})\s*(?:号|號)?(?:院|楼)?$"),
    re.compile(
        r"^(?P<street>.*?\D)[\s,]+(?:no\.?\s*|n[º°]\s*|#\s*)?(?P<number>\d{1,5}[a-z]?)$",
        re.IGNORECASE,
    ),
    re.compile(r"^(?P<number>\d{1,5}[a-z]?)[\s,]+(?P<street>\D.*)$", re.IGNORECASE),
)


@dataclass(frozen=True, slots=True)
class PlaceQuery:
    """A query taken apart; names are folded.

    `sound`: pinyin of a Chinese query, no tones, no blanks. `crossing`: two street names.
    """

    folded: str
    sound: str | None = None
    street: str | None = None
    house_number: str | None = None
    crossing: tuple[str, str] | None = None

    @property
    def search_texts(self) -> tuple[str, ...]:
        """Return the folded texts worth looking up in the gazetteer."""
        crossing = None if self.crossing is None else " ".join(self.crossing)
        cores = [core_of(text)[0] for text in (crossing, self.street or self.folded) if text]
        # Two signs are too few for trigrams, and the whole name finds them as well.
        longer = (core for core in cores if len(core) > 2)
        texts = (crossing, self.folded, self.street, self.sound, *longer)
        return tuple(dict.fromkeys(text for text in texts if text))


@dataclass(frozen=True, slots=True)
class PlaceCandidate:
    """A gazetteer entry with its score, 0 to 1."""

    place_id: int
    kind: str
    name: str
    name_zh: str | None
    name_en: str | None
    street: str | None
    house_number: str | None
    search_text: str
    lon: float
    lat: float
    radius_m: float
    modelled: bool
    score: float = 0.0
    distance_m: float | None = None


@dataclass(frozen=True, slots=True)
class PlaceAnswer:
    """Ranked places; `picked` only where no like one lies far from it."""

    places: tuple[PlaceCandidate, ...]
    ambiguous: bool
    picked: PlaceCandidate | None


def parse_query(text: str) -> PlaceQuery:
    """Take a query apart into a crossing, a street with number, or a plain name."""
    stripped = text.strip()
    sides = [fold(side) for side in _CROSSING.split(_CROSSING_TAIL.sub("", stripped))]
    if len(sides) == 2 and all(sides):
        return PlaceQuery(
            fold(stripped), sound=sound_of("".join(sides)), crossing=(sides[0], sides[1])
        )
    for pattern in _NUMBER_PATTERNS:
        match = pattern.match(stripped)
        if match:
            return PlaceQuery(
                fold(stripped),
                sound=sound_of(match["street"]),
                street=fold(match["street"]),
                house_number=fold(match["number"]),
            )
    return PlaceQuery(fold(stripped), sound=sound_of(stripped))


def sound_of(text: str) -> str | None:
    """Return the toneless pinyin of a text with Chinese in it, joined; None without Chinese."""
    if _HAN.search(text) is None:
        return None
    return fold("".join(lazy_pinyin(text))).replace(" ", "")


def core_of(folded: str) -> tuple[str, frozenset[str]]:
    """Return a folded name without its street words, and their kinds; as it is if none remain."""
    han = _HAN_STREET.match(folded)
    if han:
        return han["core"], frozenset({han["kind"]})
    words = folded.split()
    core = " ".join(word for word in words if word not in STREET_WORDS)
    if not core:
        return folded, frozenset()
    return core, frozenset(STREET_WORDS[word] for word in words if word in STREET_WORDS)


def name_score(query: str, *, names: Sequence[str]) -> float:
    """Return how well folded `query` names one of the folded `names`, 0 to 1.

    Best of: plain edit similarity; the same without order of words; and, for a query that is part
    of a longer name, partial similarity at a discount that grows with what is left over. Street
    words that both share (avenida, 路) do not count, so that they make no two streets alike; where
    only one side has them, the rest may match at a discount.
    """
    core, kinds = core_of(query)
    best = 0.0
    for name in names:
        if name == query:
            return 1.0
        name_core, name_kinds = core_of(name)
        if kinds == name_kinds:
            best = max(best, _letter_score(core, name_core))
            continue
        best = max(best, _letter_score(query, name))
        if not (kinds and name_kinds):
            best = max(best, GENERIC_LEFT_OUT_FACTOR * _letter_score(core, name_core))
    return best


def _letter_score(query: str, name: str) -> float:
    whole = max(fuzz.ratio(query, name), fuzz.token_sort_ratio(query, name) * 0.98) / 100
    share = min(len(query) / max(len(name), 1), 1.0)
    part = fuzz.partial_ratio(query, name) / 100 * (0.75 + 0.2 * share) if share < 1 else 0.0
    return max(whole, part)


def score(query: PlaceQuery, candidate: PlaceCandidate) -> float:
    """Return the candidate's score for the query, 0 to 1.

    A crossing scores as its worse side. With a house number the street counts 70 %, the number
    30 % (near numbers in part); the street itself keeps at most `STREET_WITHOUT_NUMBER_SCORE`.
    """
    if candidate.kind == CROSSING_KIND:
        if query.crossing is not None:
            return _crossing_score(query.crossing, candidate)
        return CROSSING_OF_PLAIN_NAME_FACTOR * _plain_score(query.folded, query.sound, candidate)
    if query.house_number is None or query.street is None:
        return _plain_score(query.folded, query.sound, candidate)
    names = [fold(candidate.street)] if candidate.street else _names(candidate)
    street = _spoken_score(query.street, query.sound, names)
    if candidate.house_number is None:
        whole_name = name_score(query.folded, names=_names(candidate))
        return max(whole_name, STREET_WITHOUT_NUMBER_SCORE * street)
    return 0.7 * street + 0.3 * _number_score(query.house_number, candidate.house_number)


def choose(
    query: PlaceQuery,
    candidates: Sequence[PlaceCandidate],
    *,
    limit: int,
    near: Wgs84Point | None = None,
) -> PlaceAnswer:
    """Score, rank and apply the ambiguity rule.

    Ranked by score (two decimals), then by distance from `near`, then by name. `picked` is the
    first place, if it scores `PICK_SCORE` or more and no other within `SIMILAR_SCORE` of the best
    lies more than `FAR_APART_M` away; `ambiguous` if one does. A bare street is never picked for an
    address with a number. `near` orders, but never decides.
    """
    scored = [
        replace(
            candidate,
            score=round(score(query, candidate), 4),
            distance_m=None if near is None else near.distance_m(_point(candidate)),
        )
        for candidate in candidates
    ]
    ranked = sorted(
        scored,
        key=lambda place: (
            -round(place.score, 2), place.distance_m or 0.0, -place.score, place.name,
            place.place_id,
        ),
    )  # fmt: skip
    if not ranked:
        return PlaceAnswer((), ambiguous=False, picked=None)
    best, top_score = ranked[0], max(place.score for place in ranked)
    ambiguous = any(
        top_score - place.score <= SIMILAR_SCORE
        and _point(best).distance_m(_point(place)) > FAR_APART_M
        for place in ranked[1:]
    )
    number_missing = query.house_number is not None and best.house_number is None
    sure = best.score >= PICK_SCORE and not ambiguous and not number_missing
    return PlaceAnswer(tuple(ranked[:limit]), ambiguous=ambiguous, picked=best if sure else None)


def _point(place: PlaceCandidate) -> Wgs84Point:
    return Wgs84Point(place.lon, place.lat)


def _names(candidate: PlaceCandidate) -> list[str]:
    given = (candidate.name, candidate.name_zh, candidate.name_en)
    return list(dict.fromkeys(fold(name) for name in given if name))


def _plain_score(folded: str, sound: str | None, candidate: PlaceCandidate) -> float:
    return _spoken_score(folded, sound, _names(candidate))


def _spoken_score(folded: str, sound: str | None, names: Sequence[str]) -> float:
    """Score by letters and, between Chinese and pinyin or its homophones, by sound."""
    best = name_score(folded, names=names)
    sounds = [spoken for spoken in map(sound_of, names) if spoken is not None]
    if best < SOUND_FACTOR and sounds:
        asked = sound or folded.replace(" ", "")
        best = max(best, SOUND_FACTOR * name_score(asked, names=sounds))
    return best


def _crossing_score(asked: tuple[str, str], candidate: PlaceCandidate) -> float:
    best = 0.0
    for name in (candidate.name, candidate.name_zh, candidate.name_en):
        sides = _CROSSING.split(_CROSSING_TAIL.sub("", name or ""))
        if len(sides) != 2:
            continue
        left, right = [fold(sides[0])], [fold(sides[1])]
        for first, second in (asked, asked[::-1]):
            best = max(best, min(
                _spoken_score(first, sound_of(first), left),
                _spoken_score(second, sound_of(second), right),
            ))  # fmt: skip
    return best


def _number_score(wanted: str, found: str) -> float:
    if fold(found) == wanted:
        return 1.0
    digits = [re.match(r"\d+", text) for text in (wanted, fold(found))]
    if digits[0] is None or digits[1] is None:
        return 0.0
    return 0.5 * math.exp(-abs(int(digits[0][0]) - int(digits[1][0])) / 20.0)

"""Find a place from what a caller says: typos, 中文 and Latin, crossings, house numbers.

The repository proposes candidates by trigrams; here they are scored again and the ambiguity rule
decides whether one may be picked without asking.
"""

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from rapidfuzz import fuzz

from gis.geometry import Wgs84Point
from gis.text_fold import fold

SIMILAR_SCORE = 0.08
"""Scores closer than this are alike: about one wrong letter in a name of ten."""

FAR_APART_M = 200.0
"""Two like answers further apart than this are never decided by the machine (issue rule)."""

PICK_SCORE = 0.72
"""Nothing is picked below this score, alone or not; measured on typed misspellings in the tests."""

_INTERSECTION = re.compile(
    r"(?:\s*[&＆@/／]\s*|\s+(?:and|y|und|con|esquina|corner\s+of|at|x|cruce)\s+"
    r"|\s*(?<=[路街道巷线弄])(?:与|和|交|、)\s*)",
    re.IGNORECASE,
)
_INTERSECTION_TAIL = re.compile(
    r"(?:的)?(?:交叉口|交叉路口|路口|交汇处|交界处|交口)$|\s+crossing$", re.IGNORECASE
)
_NUMBER_LAST = re.compile(
    r"^(?P<street>.*\D)[\s,]+(?:no\.?\s*|#\s*)?(?P<number>\d{1,5}[a-z]?)$", re.IGNORECASE
)
_NUMBER_FIRST = re.compile(r"^(?P<number>\d{1,5}[a-z]?)[\s,]+(?P<street>\D.*)$", re.IGNORECASE)
_NUMBER_ZH = re.compile(
    r"^(?P<street>.*[路街道巷弄里村])\s*(?P<number>\d{1,5})\s*(?:号|號)?(?:院|楼)?$"
)
_NUMBER_PATTERNS = (_NUMBER_ZH, _NUMBER_LAST, _NUMBER_FIRST)


@dataclass(frozen=True, slots=True)
class PlaceQuery:
    """A query taken apart. `crossing` holds two folded street names, else None."""

    text: str
    folded: str
    street: str | None = None
    house_number: str | None = None
    crossing: tuple[str, str] | None = None


@dataclass(frozen=True, slots=True)
class PlaceCandidate:
    """A gazetteer entry (or a crossing made of two streets) with its score, 0 to 1."""

    place_id: int | None
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
    sides = [fold(side) for side in _INTERSECTION.split(_INTERSECTION_TAIL.sub("", stripped))]
    if len(sides) == 2 and all(len(side) >= 2 for side in sides):
        return PlaceQuery(stripped, fold(stripped), crossing=(sides[0], sides[1]))
    for pattern in _NUMBER_PATTERNS:
        match = pattern.match(stripped)
        if match:
            return PlaceQuery(
                stripped, fold(stripped), street=fold(match["street"]),
                house_number=fold(match["number"]),
            )  # fmt: skip
    return PlaceQuery(stripped, fold(stripped))


def name_score(query: str, *, names: Sequence[str]) -> float:
    """Return how well folded `query` names one of the folded `names`, 0 to 1.

    Best of: plain edit similarity; the same without order of words; and, for a query that is part
    of a longer name, partial similarity at a discount that grows with what is left over.
    """
    best = 0.0
    for name in names:
        if not name:
            continue
        if name == query:
            return 1.0
        whole = max(fuzz.ratio(query, name), fuzz.token_sort_ratio(query, name) * 0.98) / 100
        share = min(len(query) / len(name), 1.0)
        part = fuzz.partial_ratio(query, name) / 100 * (0.75 + 0.2 * share) if share < 1 else 0.0
        best = max(best, whole, part)
    return best


def score(query: PlaceQuery, candidate: PlaceCandidate) -> float:
    """Return the candidate's score for the query, 0 to 1.

    With a house number: the street counts 70 %, the number 30 % (nearby numbers in part); a
    candidate without a number, the street itself, keeps at most 0.85.
    """
    names = _names(candidate)
    if query.house_number is None or query.street is None:
        return name_score(query.folded, names=names)
    plain = name_score(query.folded, names=names)
    street_names = [fold(candidate.street)] if candidate.street else names
    street = name_score(query.street, names=street_names)
    if candidate.house_number is None:
        return max(plain, 0.85 * street)
    return max(0.7 * street + 0.3 * _number_score(query.house_number, candidate.house_number),
               plain * 0.9)  # fmt: skip


def _names(candidate: PlaceCandidate) -> list[str]:
    given = [candidate.name, candidate.name_zh, candidate.name_en]
    folded = [fold(name) for name in given if name]
    # The stored text ends with the pinyin forms, which no name field carries.
    rest = candidate.search_text
    for name in folded:
        rest = rest.replace(name, " ", 1)
    words = rest.split()
    spaced = " ".join(words[1:]) if len(words) > 1 else ""
    return list(dict.fromkeys([*folded, *words[:1], spaced, candidate.search_text]))


def _number_score(wanted: str, found: str) -> float:
    if fold(found) == wanted:
        return 1.0
    digits = [re.match(r"\d+", text) for text in (wanted, fold(found))]
    if digits[0] is None or digits[1] is None:
        return 0.0
    gap = abs(int(digits[0][0]) - int(digits[1][0]))
    return 0.5 * math.exp(-gap / 20.0)


def distance_m(a: PlaceCandidate, b: PlaceCandidate) -> float:
    """Return the distance between two places in metres."""
    return Wgs84Point(a.lon, a.lat).distance_m(Wgs84Point(b.lon, b.lat))


def choose(
    query: PlaceQuery,
    candidates: Sequence[PlaceCandidate],
    *,
    limit: int,
    near: Wgs84Point | None = None,
) -> PlaceAnswer:
    """Score, rank and apply the ambiguity rule.

    Ranked by score (two decimals), then by distance from `near`, then by name. `picked` is the
    first place, if it scores `PICK_SCORE` or more and no other within `SIMILAR_SCORE` of it lies
    more than `FAR_APART_M` away; `ambiguous` if one does. `near` orders, but never decides.
    """
    scored = [
        replace(
            candidate,
            score=round(candidate.score or score(query, candidate), 4),
            distance_m=None if near is None
            else near.distance_m(Wgs84Point(candidate.lon, candidate.lat)),
        )
        for candidate in candidates
    ]  # fmt: skip
    ranked = sorted(
        scored,
        key=lambda place: (
            -round(place.score, 2),
            place.distance_m if place.distance_m is not None else 0.0,
            -place.score,
            place.name,
            place.place_id or 0,
        ),
    )
    if not ranked:
        return PlaceAnswer((), ambiguous=False, picked=None)
    best = ranked[0]
    top_score = max(place.score for place in ranked)
    rivals = [
        place for place in ranked[1:]
        if top_score - place.score <= SIMILAR_SCORE and distance_m(best, place) > FAR_APART_M
    ]  # fmt: skip
    picked = best if not rivals and best.score >= PICK_SCORE else None
    return PlaceAnswer(tuple(ranked[:limit]), ambiguous=bool(rivals), picked=picked)


def crossing_candidate(
    first: PlaceCandidate, second: PlaceCandidate, *, lon: float, lat: float, score: float
) -> PlaceCandidate:
    """Return the crossing of two streets at a point as a place of its own."""
    return PlaceCandidate(
        place_id=None,
        kind="crossing",
        name=f"{first.name} & {second.name}",
        name_zh=f"{first.name_zh}与{second.name_zh}交叉口"
        if first.name_zh and second.name_zh
        else None,
        name_en=None,
        street=None,
        house_number=None,
        search_text="",
        lon=lon,
        lat=lat,
        radius_m=30.0,
        modelled=first.modelled or second.modelled,
        score=score,
    )

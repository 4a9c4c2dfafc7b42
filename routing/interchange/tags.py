"""OSM tags on edges of osmnx graphs, single or in lists, as columns of `Segments`."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from routing.roads.model import FloatArray

KMH_PER_UNIT = {"": 1.0, "kmh": 1.0, "km/h": 1.0, "kph": 1.0, "mph": 1.609344, "knots": 1.852}
_SPEED = re.compile(r"^(\d+(?:\.\d+)?(?:e-?\d+)?) ?([a-z/]*)$")

# From the fastest to the slowest; of several classes the last one counts.
CLASS_ORDER = (
    "motorway", "trunk", "primary", "motorway_link", "trunk_link", "secondary", "primary_link",
    "tertiary", "secondary_link", "tertiary_link", "unclassified", "road", "residential",
    "busway", "service", "living_street", "track", "pedestrian", "cycleway", "bridleway", "path",
    "footway", "corridor", "platform", "elevator", "steps",
)  # fmt: skip
_RANK = {name: i for i, name in enumerate(CLASS_ORDER)}

_FOR_PEOPLE = frozenset(CLASS_ORDER[CLASS_ORDER.index("pedestrian") :])
_NOT_FOR_PEOPLE = frozenset({"motorway", "motorway_link", "trunk", "trunk_link", "busway"})

# What the tag `access` means for cars; other values leave a road open.
_ACCESS = {
    "no": "no",
    "private": "private",
    "permit": "private",
    "residents": "private",
    "military": "private",
    "destination": "destination",
    "customers": "destination",
    "delivery": "destination",
    "emergency": "emergency",
    "bus": "bus",
    "psv": "bus",
}


def values_of(tag: object) -> list[str]:
    """Return the texts of a tag that is absent, single or a list."""
    if tag is None or (isinstance(tag, float) and np.isnan(tag)):
        return []
    return [str(value) for value in tag] if isinstance(tag, list) else [str(tag)]


def lowest_speed_kmh(tag: object) -> float:
    """Return the lowest of the speeds in km/h; NaN if none is a number."""
    speeds = []
    for text in (part.strip().lower() for value in values_of(tag) for part in value.split(";")):
        found = _SPEED.match(text)
        if found and found[2] in KMH_PER_UNIT:
            speeds.append(float(found[1]) * KMH_PER_UNIT[found[2]])
    return min(speeds, default=np.nan)


def speeds_kmh(tags: Sequence[object]) -> FloatArray:
    """Return `lowest_speed_kmh` of each tag, (n,) float64; equal texts are read once."""
    known: dict[str, float] = {}
    speeds = np.full(len(tags), np.nan)
    for i, tag in enumerate(tags):
        if tag is not None:
            text = str(tag)
            if text not in known:
                known[text] = lowest_speed_kmh(tag)
            speeds[i] = known[text]
    return speeds


def lowest_class(tag: object) -> str:
    """Return the slowest of the classes; "" if there is none."""
    if isinstance(tag, str):
        return tag
    return max(values_of(tag), key=lambda name: (_RANK.get(name, -1), name), default="")


def one_text(tag: object) -> str | None:
    """Return the text, several joined in order of the alphabet, or None."""
    if tag is None or isinstance(tag, str):
        return tag or None
    return " / ".join(sorted(set(values_of(tag)))) or None


def one_way_id(tag: object) -> int:
    """Return the id of the way, -1 if there is none or more than one."""
    return int(tag) if isinstance(tag, int) else -1


def any_true(tag: object) -> bool:
    """Tell whether a tag such as `bridge` holds for some part."""
    if tag is None:
        return False
    return any(value.lower() not in {"no", "false", ""} for value in values_of(tag))


def access_of(
    column: str, edges: Sequence[Mapping[str, Any]], highway: Sequence[str]
) -> list[str | None]:
    """Return an access column: as `to_networkx` wrote it, else from `access` and the class.

    Of several values the last in the alphabet that is no "yes" counts.
    """
    return [_one_access(column, edge, name) for edge, name in zip(edges, highway, strict=True)]


def _one_access(column: str, edge: Mapping[str, Any], highway: str) -> str | None:
    if column in edge:
        return str(edge[column])
    if "segment_id" in edge or column not in {"drive_access", "walk_access"}:
        return None
    tagged = [_ACCESS[value] for value in values_of(edge.get("access")) if value in _ACCESS]
    if column == "walk_access":
        closed = highway in _NOT_FOR_PEOPLE or "no" in tagged or "private" in tagged
        return "no" if closed else "yes"
    if highway in _FOR_PEOPLE:
        return "no"
    return max(tagged, default="bus" if highway == "busway" else "yes")

"""Read OpenStreetMap speed limits: numbers with units, words, and legal codes per country."""

import re
from collections.abc import Mapping

KMH_PER_UNIT = {"": 1.0, "km/h": 1.0, "kmh": 1.0, "kph": 1.0, "mph": 1.609344, "knots": 1.852}

WORDS_KMH = {
    # `none` is Germany's motorway without a limit; 130 is its advisory speed.
    "none": 130.0,
    # Walking pace as German courts read it.
    "walk": 7.0,
}

# Legal default speeds for cars, https://wiki.openstreetmap.org/wiki/Default_speed_limits,
# by country, then by road kind. CN: Implementing Regulations of the Road Traffic Safety Law,
# articles 45 and 78; CL: Ley de Tránsito art. 145 (50 in towns since 2018).
CODES_KMH: dict[str, dict[str, float]] = {
    "AT": {"urban": 50, "rural": 100, "trunk": 100, "motorway": 130},
    "AU": {"urban": 50, "rural": 100},
    "BR": {"urban": 60, "rural": 60, "motorway": 110},
    "CH": {"urban": 50, "rural": 80, "trunk": 100, "motorway": 120},
    "CL": {"urban": 50, "rural": 100, "trunk": 100, "motorway": 120},
    "CN": {"urban": 50, "rural": 70, "trunk": 80, "expressway": 100, "motorway": 120},
    "DE": {"urban": 50, "rural": 100, "motorway": 130, "living_street": 7, "bicycle_road": 30},
    "ES": {"urban": 50, "rural": 90, "trunk": 90, "motorway": 120},
    "FI": {"urban": 50, "rural": 80, "trunk": 100, "motorway": 120},
    "FR": {"urban": 50, "rural": 80, "trunk": 110, "motorway": 130},
    "GB": {"nsl_single": 96.56064, "nsl_dual": 112.65408, "nsl_restricted": 48.28032,
           "motorway": 112.65408, "urban": 48.28032, "rural": 96.56064},
    "HK": {"urban": 50, "rural": 50, "motorway": 80},
    "IT": {"urban": 50, "rural": 90, "trunk": 110, "motorway": 130},
    "NZ": {"urban": 50, "rural": 100, "motorway": 100},
    "RU": {"urban": 60, "rural": 90, "motorway": 110, "living_street": 20},
    "TW": {"urban": 50, "rural": 60, "motorway": 110},
}  # fmt: skip

ANY_COUNTRY_KMH = {
    "urban": 50.0, "rural": 80.0, "trunk": 90.0, "motorway": 110.0, "expressway": 100.0,
    "living_street": 20.0, "bicycle_road": 30.0,
}  # fmt: skip

CODE_KEYS = ("maxspeed:type", "source:maxspeed", "zone:maxspeed", "zone:traffic")

MAX_CREDIBLE_KMH = 200.0

_NUMBER = re.compile(r"^(\d+(?:\.\d+)?)\s*(km/h|kmh|kph|mph|knots)?$")
_CODE = re.compile(r"^([a-z]{2})(?:[-a-z]*):(?:zone:?)?([a-z_]*?)(\d+)?$")


def parse_maxspeed(value: str | None) -> float | None:
    """Return the limit of one tag value in km/h; None if it says nothing usable.

    Of a list (`50;30`, one per lane or time) the lowest is taken. Signal-controlled, variable,
    zero and incredible (over 200 km/h) limits are None.
    """
    if not value:
        return None
    parts = re.split(r"[;,|]", value.lower())
    limits = [limit for part in parts if (limit := _one(part.strip())) is not None]
    return min(limits, default=None)


def maxspeeds(tags: Mapping[str, str]) -> tuple[float | None, float | None]:
    """Return a way's limits in km/h along and against its node order; None is unknown.

    Without `maxspeed` the legal code in `maxspeed:type`, `source:maxspeed` or a zone tag counts.
    """
    both = parse_maxspeed(tags.get("maxspeed"))
    if both is None:
        both = next((s for k in CODE_KEYS if (s := _code(tags.get(k, "").lower())) is not None),
                    None)  # fmt: skip
    forward = parse_maxspeed(tags.get("maxspeed:forward"))
    backward = parse_maxspeed(tags.get("maxspeed:backward"))
    return (both if forward is None else forward, both if backward is None else backward)


def _one(text: str) -> float | None:
    if match := _NUMBER.match(text):
        limit = float(match[1]) * KMH_PER_UNIT[match[2] or ""]
        return round(limit, 3) if 0 < limit <= MAX_CREDIBLE_KMH else None
    return WORDS_KMH.get(text, _code(text))


def _code(text: str) -> float | None:
    match = _CODE.match(text)
    if match is None:
        return None
    country, kind, zone_kmh = match.groups()
    country = "gb" if country == "uk" else country
    if zone_kmh:
        unit = "mph" if country == "gb" else "km/h"
        return _one(f"{zone_kmh} {unit}")
    return CODES_KMH.get(country.upper(), {}).get(kind, ANY_COUNTRY_KMH.get(kind))

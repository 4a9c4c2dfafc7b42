"""Coordinates as people type and paste them: degrees in any usual form, grids, links of maps.

Nothing is guessed. Text that can be read in two ways gives two readings, and the datum is known
only where the text says it or its kind has one by definition.
"""

import math
import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from urllib.parse import parse_qs, unquote, urlsplit

from gis.datum import Datum
from gis.geometry import METRES_PER_DEGREE
from gis.grids import decode_plus_code, mgrs_to_degrees, utm_to_degrees

LEAST_RADIUS_M = 10.0
"""However many digits were given: a telephone's position is seldom better."""


class Form(StrEnum):
    """How coordinates were written."""

    DEGREES = "degrees"
    MINUTES = "minutes"
    SECONDS = "seconds"
    UTM = "utm"
    MGRS = "mgrs"
    PLUS_CODE = "plus_code"
    LINK = "link"


@dataclass(frozen=True, slots=True)
class Reading:
    """One way to read a text. datum: None where the text does not say it; radius_m: by its digits.

    Degrees as they were written, not yet on WGS-84.
    """

    lon: float
    lat: float
    form: Form
    datum: Datum | None
    radius_m: float


@dataclass(frozen=True, slots=True)
class _Angle:
    """Degrees, the axis if the text says it, the size of the last digit, and how it was written."""

    degrees: float
    axis: str | None
    step: float
    form: Form


def read_coordinates(text: str, *, near: tuple[float, float] | None = None) -> tuple[Reading, ...]:
    """Return the ways to read a text as a place, the usual one first; empty: no coordinates.

    Two plain degrees give both orders, latitude first, where both are possible. near: longitude
    and latitude by which a short plus code is completed.
    """
    plain = _plain(text)
    datum, rest = _named_datum(plain)
    for read in (_link, _grid, _angles):
        found = read(rest, near)
        if found:
            return tuple(
                one if datum is None else Reading(one.lon, one.lat, one.form, datum, one.radius_m)
                for one in found
            )
    return ()


_SIGNS = str.maketrans({
    "º": "°", "˚": "°", "∘": "°", "度": "°", "′": "'", "’": "'", "‘": "'", "´": "'", "`": "'",
    "分": "'", "″": '"', "”": '"', "“": '"', "秒": '"', "−": "-", "–": "-", "—": "-", "‐": "-",
    "，": ",", "；": ";", "、": ",", "\u00a0": " ", "\u200e": "", "\u200f": "", "\ufeff": "",
})  # fmt: skip


def _plain(text: str) -> str:
    turned = unicodedata.normalize("NFKC", text.translate(_SIGNS)).translate(_SIGNS)
    marked = _LETTER_MARKS.sub(r"\1°\2'\3", turned.replace("''", '"'))
    return _LETTER_SECONDS.sub(r'\1"', marked).strip().strip("()[]{}<>").strip()


_LETTER_MARKS = re.compile(r"(\d)\s*d\s*(\d+(?:\.\d+)?)\s*m(\s|\d|$)", re.IGNORECASE)
_LETTER_SECONDS = re.compile(r"('\s*\d+(?:\.\d+)?)\s*s(?=\s*[nsewo]|\s+\d)", re.IGNORECASE)
"""29d57m12s S: letters for marks, where the second s is the half of the globe."""

_DATUM_WORDS: Sequence[tuple[re.Pattern[str], Datum]] = (
    (re.compile(r"wgs[-\s_]?(?:19)?84|\bgps\b", re.IGNORECASE), Datum.WGS84),
    (re.compile(r"gcj[-\s_]?02|(?:火星|高德|腾讯)(?:坐标)?系?|\bamap\b|\btencent\b", re.IGNORECASE),
     Datum.GCJ02),
    (re.compile(r"bd[-\s_]?09(?:ll)?|百[度°](?:坐标)?系?|\bbaidu\b", re.IGNORECASE), Datum.BD09),
    (re.compile(r"cgcs[-\s_]?2000", re.IGNORECASE), Datum.CGCS2000),
)  # fmt: skip


def _named_datum(text: str) -> tuple[Datum | None, str]:
    """Return the datum that a text names beside its numbers, and the text without it."""
    if "://" in text or text.lower().startswith("geo:"):
        return None, text
    for pattern, datum in _DATUM_WORDS:
        if pattern.search(text):
            return datum, pattern.sub(" ", text).strip(" ,;:()[]")
    return None, text


def _radius_m(step_deg: float) -> float:
    """Return how far the truth may lie from what was rounded to steps of so many degrees."""
    return max(LEAST_RADIUS_M, step_deg * METRES_PER_DEGREE / math.sqrt(2))


def _step(number: str) -> float:
    """Return the size of the last digit of a number."""
    return 10.0 ** -len(number.partition(".")[2])


def _linked(lat: str, lon: str, datum: Datum | None) -> Reading | None:
    if abs(float(lat)) > 90 or abs(float(lon)) > 180:
        return None
    step = max(_step(lat), _step(lon))
    return Reading(float(lon), float(lat), Form.LINK, datum, _radius_m(step))


# --- links ---------------------------------------------------------------------------------------

_NUMBER = r"[-+]?\d{1,3}(?:\.\d+)?"
_COMMA_PAIR = re.compile(rf"^\s*(?:loc:)?({_NUMBER})\s*[,~;\s]\s*({_NUMBER})(?![\d.])")


@dataclass(frozen=True, slots=True)
class _MapSite:
    """Where the links of one map keep the place, in order of preference, and on which datum."""

    hosts: re.Pattern[str]
    datum: Datum | None
    parameters: Sequence[str] = ()
    lon_first: frozenset[str] = frozenset()
    separate: Sequence[tuple[str, str]] = ()
    patterns: Sequence[re.Pattern[str]] = ()
    pin: re.Pattern[str] | None = None
    """What is preferred to all of these: the place itself, where they are the middle of the map."""


_AT = re.compile(rf"[/@]({_NUMBER}),\+?({_NUMBER})(?![\d.])")
_SITES = (
    _MapSite(
        re.compile(r"(?:^|\.)(?:openstreetmap\.org|osm\.org)$"), Datum.WGS84,
        separate=(("mlat", "mlon"), ("lat", "lon")),
        patterns=(re.compile(rf"map=\d+/({_NUMBER})/({_NUMBER})"),),
    ),
    # Google and Apple draw the Chinese mainland shifted: what their links hold there is not said.
    _MapSite(
        re.compile(r"(?:^|\.)google\.[a-z.]+$"), None,
        parameters=("q", "query", "ll", "destination", "daddr", "center"),
        pin=re.compile(rf"!3d({_NUMBER})!4d({_NUMBER})"), patterns=(_AT,),
    ),
    _MapSite(
        re.compile(r"(?:^|\.)maps\.apple\.com$"), None,
        parameters=("coordinate", "ll", "q", "daddr", "sll"),
    ),
    _MapSite(re.compile(r"(?:^|\.)waze\.com$"), None, parameters=("ll", "latlng", "to")),
    _MapSite(re.compile(r"(?:^|\.)bing\.com$"), None, parameters=("cp", "sp")),
    _MapSite(
        re.compile(r"(?:^|\.)(?:amap|gaode)\.com$"), Datum.GCJ02,
        parameters=("position", "lnglat", "location", "q"),
        lon_first=frozenset({"position", "lnglat", "location"}),
        patterns=(re.compile(rf"[?&]p=[^,&]*,({_NUMBER}),({_NUMBER})"),),
    ),
    _MapSite(
        re.compile(r"(?:^|\.)map\.qq\.com$"), Datum.GCJ02,
        parameters=("coord", "center", "tocoord"), separate=(("pointy", "pointx"),),
        patterns=(re.compile(rf"coord:({_NUMBER}),({_NUMBER})"),),
    ),
    _MapSite(
        re.compile(r"(?:^|\.)map\.baidu\.com$"), Datum.BD09,
        parameters=("location", "latlng", "center", "destination"),
    ),
)  # fmt: skip
_TOLD: Mapping[str, Datum] = {
    "wgs84": Datum.WGS84, "wgs84ll": Datum.WGS84, "gaode": Datum.GCJ02, "gcj02": Datum.GCJ02,
    "gcj02ll": Datum.GCJ02, "bd09": Datum.BD09, "bd09ll": Datum.BD09,
}  # fmt: skip
"""What a link says of its datum, by `coordinate` (Amap) or `coord_type` (Baidu)."""

_GEO = re.compile(
    rf"^geo:({_NUMBER}),({_NUMBER})(?:,[-+\d.]+)?(?P<parameters>(?:;[^?]*)?)(?:\?(?P<query>.*))?$",
    re.IGNORECASE,
)


def _link(text: str, near: tuple[float, float] | None) -> tuple[Reading, ...]:  # noqa: ARG001
    if text.lower().startswith("geo:"):
        return _geo_uri(text)
    # What an app shares is a sentence with the address in it.
    address = re.search(r"https?://\S+", text)
    if address is None:
        return ()
    parts = urlsplit(address[0])
    try:
        host = (parts.hostname or "").lower()
    except ValueError:
        return ()
    site = next((one for one in _SITES if one.hosts.search(host)), None)
    if site is None:
        return ()
    reading = _from_link(site, unquote(address[0]), parse_qs(parts.query))
    return () if reading is None else (reading,)


def _from_link(site: _MapSite, address: str, query: Mapping[str, list[str]]) -> Reading | None:
    told = (query.get("coordinate") or query.get("coord_type") or [""])[0].lower()
    datum = _TOLD.get(told, site.datum)
    pairs = (
        *(() if site.pin is None else (_found(site.pin.search(address)),)),
        *(
            _found(_COMMA_PAIR.match(f"{query[lat][0]},{query[lon][0]}"))
            for lat, lon in site.separate
            if lat in query and lon in query
        ),
        *(
            _found(_COMMA_PAIR.match(query[name][0]), lat_first=name not in site.lon_first)
            for name in site.parameters
            if name in query
        ),
        *(_found(pattern.search(address)) for pattern in site.patterns),
    )
    pair = next((one for one in pairs if one is not None), None)
    if pair is None:
        return None
    return _linked(pair[0], pair[1], datum)


def _found(match: re.Match[str] | None, *, lat_first: bool = True) -> tuple[str, str] | None:
    """Return latitude and longitude as they are written."""
    if match is None:
        return None
    return (match[1], match[2]) if lat_first else (match[2], match[1])


def _geo_uri(text: str) -> tuple[Reading, ...]:
    """Read RFC 5870, and the `?q=` that telephones add where the place itself is 0,0."""
    found = _GEO.match(text)
    if found is None:
        return ()
    asked = (parse_qs(found["query"] or "").get("q") or [""])[0]
    pointed = _COMMA_PAIR.match(asked)
    first, second = (pointed[1], pointed[2]) if pointed else (found[1], found[2])
    parameters = dict(
        part.partition("=")[::2] for part in found["parameters"].lower().split(";") if part
    )
    if parameters.get("crs", "wgs84") != "wgs84" or (not pointed and not float(first)):
        return ()
    reading = _linked(first, second, Datum.WGS84)
    if reading is None:
        return ()
    try:
        told_m = float(parameters.get("u", "0"))
    except ValueError:
        told_m = 0.0
    radius_m = max(reading.radius_m, told_m) if math.isfinite(told_m) else reading.radius_m
    return (Reading(reading.lon, reading.lat, reading.form, reading.datum, radius_m),)


# --- grids ---------------------------------------------------------------------------------------

_UTM = re.compile(
    r"^(?:utm\s*)?(?:zone\s*|huso\s*)?(?P<zone>\d{1,2})\s*(?P<letter>[a-z])(?:orth|outh|orte|ur)?"
    r"[\s,;]+(?P<east>\d{6}(?:\.\d+)?)\s*m?\s*e?[\s,;]+(?P<north>\d{6,8}(?:\.\d+)?)\s*m?\s*n?$",
    re.IGNORECASE,
)
_MGRS = re.compile(
    r"^(?:mgrs\s*)?(?P<zone>\d{1,2})\s*(?P<band>[c-hj-np-x])\s*(?P<square>[a-hj-np-z]{2})\s*"
    r"(?P<east>\d{0,5})\s*(?P<north>\d{0,5})$",
    re.IGNORECASE,
)
_PLUS = re.compile(r"(?<![\w+])([23456789CFGHJMPQRVWX]{4,8}\+[23456789CFGHJMPQRVWX]{0,7})(?![\w+])",
                   re.IGNORECASE)  # fmt: skip


def _grid(text: str, near: tuple[float, float] | None) -> tuple[Reading, ...]:
    utm = _UTM.match(text)
    if utm:
        return _utm(utm)
    mgrs = _MGRS.match(text)
    if mgrs:
        digits = mgrs["east"] + mgrs["north"]
        if mgrs["north"] and len(mgrs["east"]) != len(mgrs["north"]):
            return ()
        cell = mgrs_to_degrees(
            int(mgrs["zone"]), mgrs["band"].upper(), mgrs["square"].upper(), digits
        )
        if cell is not None:
            radius_m = max(LEAST_RADIUS_M, cell.radius_m)
            return (Reading(cell.lon, cell.lat, Form.MGRS, Datum.WGS84, radius_m),)
        return ()
    plus = _PLUS.search(text)
    cell = decode_plus_code(plus[1], near=near) if plus else None
    if cell is None:
        return ()
    radius_m = max(LEAST_RADIUS_M, cell.radius_m)
    return (Reading(cell.lon, cell.lat, Form.PLUS_CODE, Datum.WGS84, radius_m),)


def _utm(found: re.Match[str]) -> tuple[Reading, ...]:
    """Read the letter as that of a band, and S also as the half of the globe many mean by it."""
    letter = found["letter"].upper()
    readings: list[Reading] = []
    for south in (False, True) if letter == "S" else (letter < "N",):
        place = utm_to_degrees(
            int(found["zone"]), south=south,
            easting_m=float(found["east"]), northing_m=float(found["north"]),
        )  # fmt: skip
        if place is not None:
            step_m = max(_step(found["east"]), _step(found["north"]))
            radius_m = max(LEAST_RADIUS_M, step_m)
            readings.append(Reading(*place, Form.UTM, Datum.WGS84, radius_m))
    return tuple(readings)


# --- degrees, minutes, seconds -------------------------------------------------------------------

_AXES: Mapping[str, tuple[str, int]] = {
    "n": ("lat", 1), "north": ("lat", 1), "norte": ("lat", 1), "北纬": ("lat", 1), "北": ("lat", 1),
    "s": ("lat", -1), "south": ("lat", -1), "sur": ("lat", -1), "南纬": ("lat", -1),
    "南": ("lat", -1), "e": ("lon", 1), "east": ("lon", 1), "este": ("lon", 1),
    "东经": ("lon", 1), "东": ("lon", 1), "w": ("lon", -1), "west": ("lon", -1),
    "o": ("lon", -1), "oeste": ("lon", -1), "西经": ("lon", -1), "西": ("lon", -1),
}  # fmt: skip
"""Word of a hemisphere → axis and sign. O is the Spanish oeste."""
_LABELS: Mapping[str, str] = {
    "lat": "lat", "latitude": "lat", "latitud": "lat", "纬": "lat", "纬°": "lat",
    "lon": "lon", "lng": "lon", "long": "lon", "longitude": "lon", "longitud": "lon", "经": "lon",
    "经°": "lon",
}  # fmt: skip
_TOKEN = re.compile(
    r"(?P<number>[-+]?\d+(?:\.\d+)?)|(?P<mark>[°'\"])|(?P<split>[,;/|\n]+)|(?P<blank>[\s:=]+)"
    r"|(?P<word>[纬经]°|北纬|南纬|东经|西经|[北南东西纬经]|[a-z]+\.?)",
    re.IGNORECASE,
)
_DECIMAL_COMMA = re.compile(r"(?<=\d),(?=\d)")
_MARKS = "°'\""


@dataclass(slots=True)
class _Parts:
    """What was said of one angle."""

    numbers: list[str]
    marks: list[str]
    axis: str | None = None
    sign: int | None = None


def _angles(text: str, near: tuple[float, float] | None) -> tuple[Reading, ...]:  # noqa: ARG001
    first = _read_angles(text)
    # A comma between digits is the Spanish decimal point only where it separates nothing.
    commas = len(_DECIMAL_COMMA.findall(text))
    if first or commas not in {2, 3} or "." in text:
        return first
    if commas == 2:
        return _read_angles(_DECIMAL_COMMA.sub(".", text))
    # In 29,95,71,34 the middle one is no decimal comma.
    at = [found.start() for found in _DECIMAL_COMMA.finditer(text)][1]
    before, after = (_DECIMAL_COMMA.sub(".", side) for side in (text[:at], text[at + 1 :]))
    return _read_angles(f"{before}; {after}")


def _read_angles(text: str) -> tuple[Reading, ...]:
    tokens = _tokens(text)
    if tokens is None:
        return ()
    for halves in _halves(tokens):
        angles = [_angle(half) for half in halves]
        if len(angles) == 2 and all(angles):
            readings = _readings([one for one in angles if one is not None])
            if readings:
                return readings
    return ()


_Token = tuple[str, str]


def _tokens(text: str) -> list[_Token] | None:
    tokens: list[_Token] = []
    at = 0
    while at < len(text):
        found = _TOKEN.match(text, at)
        if found is None:
            return None
        kind = found.lastgroup or ""
        value = found[0].lower().rstrip(".") if kind == "word" else found[0]
        if kind == "word" and value not in _AXES and value not in _LABELS:
            return None
        if kind != "blank":
            tokens.append((kind, value))
        at = found.end()
    return tokens if sum(kind == "number" for kind, _ in tokens) >= 2 else None


def _is_axis(token: _Token) -> bool:
    return token[0] == "word"


def _halves(tokens: list[_Token]) -> list[tuple[list[_Token], list[_Token]]]:
    """Return the ways to take a text apart into two angles, the surest first."""
    solid = [token for token in tokens if token[0] != "split"]
    ways: list[int] = []
    words = [at for at, token in enumerate(solid) if _is_axis(token)]
    if words:
        numbers = [at for at, token in enumerate(solid) if token[0] == "number"]
        if words[0] < numbers[0]:  # before its number: the second begins with its own
            later = [at for at in words if at > numbers[0]]
            ways.extend(later[:1])
            if len(later) > 1:
                ways.extend(later[1:2])
        else:
            ways.append(words[0] + 1)
    else:
        ways.extend(_by_separator(tokens))
        degrees = [at for at, token in enumerate(solid) if token == ("mark", "°")]
        if len(degrees) == 2:
            ways.append(degrees[1] - 1)
        elif len(solid) == 2:
            ways.append(1)
        elif all(kind == "number" for kind, _ in solid) and len(solid) in {4, 6}:
            ways.append(len(solid) // 2)
    return [(solid[:at], solid[at:]) for at in dict.fromkeys(ways) if 0 < at < len(solid)]


def _by_separator(tokens: list[_Token]) -> list[int]:
    splits = [at for at, token in enumerate(tokens) if token[0] == "split"]
    inner = [at for at in splits if 0 < at < len(tokens) - 1]
    return [sum(token[0] != "split" for token in tokens[: inner[0]])] if len(inner) == 1 else []


def _angle(tokens: Sequence[_Token]) -> _Angle | None:
    parts = _Parts([], [])
    for kind, value in tokens:
        if kind == "number":
            parts.numbers.append(value)
            if len(parts.marks) < len(parts.numbers) - 1:
                parts.marks.append("")
        elif kind == "mark":
            if len(parts.marks) != len(parts.numbers) - 1:
                return None
            parts.marks.append(value)
        elif value in _AXES:
            axis, sign = _AXES[value]
            if parts.sign is not None or parts.axis not in {None, axis}:
                return None
            parts.axis, parts.sign = axis, sign
        else:
            if parts.axis is not None and parts.axis != _LABELS[value]:
                return None
            parts.axis = _LABELS[value]
    return _value(parts)


def _value(parts: _Parts) -> _Angle | None:
    numbers = parts.numbers
    given = [mark for mark in parts.marks if mark]
    if not 1 <= len(numbers) <= 3 or given != list(_MARKS[: len(given)]):
        return None
    values = [abs(float(one)) for one in numbers]
    signed = numbers[0][0] in "+-"
    faults = (
        any(one[0] in "+-" for one in numbers[1:]),
        any("." in one for one in numbers[:-1]),
        any(value >= 60 for value in values[1:]),
        signed and parts.sign is not None,
        # Bare whole numbers are an address: in Talca, 4 Norte 6 Este is a corner.
        len(values) == 1 and "." not in numbers[0] and not given,
        len(values) > 1 and not (given or signed or parts.sign),
    )
    if any(faults):
        return None
    sign = parts.sign or (-1 if numbers[0].startswith("-") else 1)
    degrees = sign * sum(value / 60**at for at, value in enumerate(values))
    form = (Form.DEGREES, Form.MINUTES, Form.SECONDS)[len(values) - 1]
    return _Angle(degrees, parts.axis, _step(numbers[-1]) / 60 ** (len(values) - 1), form)


def _readings(angles: Sequence[_Angle]) -> tuple[Reading, ...]:
    first, second = angles
    axes = (first.axis, second.axis)
    if axes[0] is not None and axes[0] == axes[1]:
        return ()
    orders: list[bool] = []
    if axes[0] != "lon" and axes[1] != "lat":
        orders.append(True)
    if axes[0] != "lat" and axes[1] != "lon":
        orders.append(False)
    form = max(first.form, second.form, key=list(Form).index)
    readings = []
    for lat_first in orders:
        lat, lon = (first, second) if lat_first else (second, first)
        if abs(lat.degrees) <= 90 and abs(lon.degrees) <= 180:
            radius_m = _radius_m(max(first.step, second.step))
            readings.append(Reading(lon.degrees, lat.degrees, form, None, radius_m))
    return tuple(readings)

"""Where the phone says it is: AML by SMS, AML and Android ELS by HTTPS, read strictly. Pure.

Sources: ETSI TS 103 625 V1.1.1 (AML by SMS and HTTPS);
https://developers.google.com/android/els/reference/sms-spec and …/http-spec (ELS: fields, units,
samples; every field is optional, and a malformed one must not lose the message).

One bad field costs that field. The identity of the SIM and of the device (IMSI, IMEI) is read by
nobody here and kept nowhere. A position is always an area: what comes without a radius gets a wide
one and is marked so.
"""

import hmac
import math
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from urllib.parse import parse_qsl

LONGEST_MESSAGE = 16_384
"""Characters; a longer one is no location message."""

CONFIDENCE_SHOWN = 0.95
"""Circles are drawn so wide that the phone is within them in 95 of 100 cases."""

CONFIDENCE_UNSAID = 0.68
"""What a phone means that says none: Android's accuracy is the radius of 68 %."""

RADIUS_UNSAID_M = 2_000.0
"""Drawn where a position has no radius: as wide as a cell's, so that nobody trusts it too much."""

WIDEST_M = 100_000.0

_HEADER = 'A"ML'
_NUMBER = re.compile(r"[+-]?\d{1,12}(\.\d{1,12})?")
_EARLIEST = datetime(2010, 1, 1, tzinfo=UTC)
_CHECKED_LENGTH = 1
"""Google's own sample says one less than it has; more than that is a part of a message."""


class Method(StrEnum):
    """How the phone knows where it is."""

    GNSS = "gnss"
    WIFI = "wifi"
    CELL = "cell"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Fault:
    """A field that could not be used, and why, without its value."""

    field: str
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CallerFix:
    """What a location message says, WGS-84. What is None was not said, or not readable.

    radius_m: at `confidence` (0 to 1). number: the caller's, where the message holds it.
    """

    lon: float | None = None
    lat: float | None = None
    radius_m: float | None = None
    confidence: float | None = None
    positioned_at: datetime | None = None
    method: Method = Method.UNKNOWN
    altitude_m: float | None = None
    floor: str | None = None
    number: str | None = None
    whole: bool = True
    faults: tuple[Fault, ...] = ()

    @property
    def has_place(self) -> bool:
        """Whether it says where; a phone that found no position says so."""
        return self.lon is not None and self.lat is not None

    @property
    def shown_radius_m(self) -> float:
        """Return the radius of the circle to draw, at 95 % (`radius_at`)."""
        if self.radius_m is None:
            return RADIUS_UNSAID_M
        return radius_at(self.radius_m, self.confidence)


class NoLocationMessageError(ValueError):
    """It is no location message at all."""


def radius_at(radius_m: float, confidence: float | None) -> float:
    """Return the radius (m) at 95 % of one given at another confidence; never a smaller one.

    The error is taken as the same in both directions and normal, so that its distance follows
    Rayleigh's distribution: r(p) = σ √(−2 ln(1 − p)).
    """
    said = CONFIDENCE_UNSAID if confidence is None else confidence
    if said >= CONFIDENCE_SHOWN:
        return radius_m
    return radius_m * math.sqrt(math.log(1 - CONFIDENCE_SHOWN) / math.log(1 - said))


@dataclass(slots=True)
class _Reader:
    """Reads fields one by one and notes those that cannot be used."""

    said: Mapping[str, str]
    faults: list[Fault] = field(default_factory=list)

    def number(self, name: str, least: float, most: float) -> float | None:
        text = self.said.get(name, "")
        if not text:
            return None
        if not _NUMBER.fullmatch(text):
            self.note(name, "no number")
            return None
        value = float(text)
        if not least <= value <= most:
            self.note(name, f"not from {least:g} to {most:g}")
            return None
        return value

    def note(self, name: str, why: str) -> None:
        self.faults.append(Fault(name, why))

    def moment(self, name: str, read: Callable[[str], datetime]) -> datetime | None:
        text = self.said.get(name, "")
        if not text:
            return None
        try:
            at = read(text)
        except (ValueError, OverflowError):
            self.note(name, "no time")
            return None
        if at >= _EARLIEST:
            return at
        self.note(name, "too old to be true")
        return None


def read_sms(text: str) -> CallerFix:
    r"""Return what an AML message of version 1 says: `A"ML=1;lt=…;lg=…;rd=…;top=…;…;ml=…`.

    Raises
    ------
    NoLocationMessageError
        It does not begin as one, is of a version that is not known, or is far too long.
    """
    if len(text) > LONGEST_MESSAGE or not text.startswith(f"{_HEADER}="):
        raise NoLocationMessageError
    text = text.rstrip("\r\n\0 ")
    said: dict[str, str] = {}
    doubled: list[str] = []
    for part in text.split(";"):
        name, _, value = part.partition("=")
        if name in said:
            doubled.append(name)
        said.setdefault(name, value)
    if said[_HEADER] != "1":
        raise NoLocationMessageError
    reader = _Reader(said)
    for name in doubled:
        reader.note(name, "said twice; the first counts")
    length = reader.number("ml", 0, LONGEST_MESSAGE)
    whole = length is not None and abs(length - len(text)) <= _CHECKED_LENGTH
    if not whole:
        reader.note("ml", "does not fit the length: a part may be missing")
    lat, lon = _place(reader, "lt", "lg")
    unfound = said.get("rd") == "N" or said.get("pm") == "N" or (lat, lon) == (0.0, 0.0)
    return CallerFix(
        lat=None if unfound else lat, lon=None if unfound else lon,
        radius_m=None if unfound else reader.number("rd", 0.1, WIDEST_M),
        confidence=_confidence(reader, "lc", hundred=True),
        positioned_at=reader.moment("top", _compact), method=_method(reader, "pm"),
        whole=whole, faults=tuple(reader.faults),
    )  # fmt: skip


def read_form(body: str) -> CallerFix:
    """Return what an AML or ELS message by HTTPS says: names and values as of a form.

    Raises
    ------
    NoLocationMessageError
        It holds none of the fields of one, or is far too long.
    """
    if len(body) > LONGEST_MESSAGE:
        raise NoLocationMessageError
    said: dict[str, str] = {}
    doubled: list[str] = []
    for name, value in parse_qsl(body, keep_blank_values=True, errors="replace"):
        if name in said:
            doubled.append(name)
        said.setdefault(name, value.strip())
    if not any(name.startswith("location_") for name in said) and "device_number" not in said:
        raise NoLocationMessageError
    reader = _Reader(said)
    for name in doubled:
        reader.note(name[:40], "said twice; the first counts")
    lat, lon = _place(reader, "location_latitude", "location_longitude")
    unfound = (lat, lon) == (0.0, 0.0)
    certainty = _confidence(reader, "location_certainty", hundred=True)
    confidence = _confidence(reader, "location_confidence", hundred=False)
    return CallerFix(
        lat=None if unfound else lat, lon=None if unfound else lon,
        radius_m=None if unfound else reader.number("location_accuracy", 0.1, WIDEST_M),
        confidence=certainty if confidence is None else confidence,
        positioned_at=reader.moment("location_time", _milliseconds),
        method=_method(reader, "location_source"),
        altitude_m=reader.number("location_altitude", -500, 9_000),
        floor=_floor(reader), number=said.get("device_number") or None,
        faults=tuple(reader.faults),
    )  # fmt: skip


def is_authentic(body: str, key: bytes) -> bool:
    """Tell whether a form's last field `hmac` is the HMAC-SHA-1 of all that stands before it."""
    signed, mark, digest = body.rpartition("&hmac=")
    if not mark or not digest.isascii():
        return False
    expected = hmac.new(key, signed.encode("utf-8", "replace"), "sha1").hexdigest()
    return hmac.compare_digest(expected, digest.strip().lower())


def _place(reader: _Reader, lat: str, lon: str) -> tuple[float | None, float | None]:
    return reader.number(lat, -90, 90), reader.number(lon, -180, 180)


def _confidence(reader: _Reader, name: str, *, hundred: bool) -> float | None:
    most = 100.0 if hundred else 1.0
    value = reader.number(name, 0, most)
    # None is what a phone without a position says; it is no confidence.
    return None if value is None or value == 0 else value / most


_METHODS: Mapping[str, Method] = {
    "g": Method.GNSS, "gps": Method.GNSS, "gnss": Method.GNSS, "w": Method.WIFI,
    "wifi": Method.WIFI, "c": Method.CELL, "cell": Method.CELL, "n": Method.UNKNOWN,
    "unknown": Method.UNKNOWN, "": Method.UNKNOWN,
}  # fmt: skip


def _method(reader: _Reader, name: str) -> Method:
    method = _METHODS.get(reader.said.get(name, "").lower())
    if method is None:
        reader.note(name, "not known")
        return Method.UNKNOWN
    return method


def _floor(reader: _Reader) -> str | None:
    text = reader.said.get("location_floor", "")
    if not text:
        return None
    if len(text) > 20 or not text.isprintable():
        reader.note("location_floor", "no label of a floor")
        return None
    return text


def _compact(text: str) -> datetime:
    if not re.fullmatch(r"[0-9]{14}", text):
        raise ValueError
    return datetime.strptime(text, "%Y%m%d%H%M%S").replace(tzinfo=UTC)


def _milliseconds(text: str) -> datetime:
    if not re.fullmatch(r"[0-9]{1,14}", text):
        raise ValueError
    return datetime(1970, 1, 1, tzinfo=UTC) + timedelta(milliseconds=int(text))

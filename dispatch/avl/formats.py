"""Positions as OwnTracks, Traccar Client and OsmAnd send them, read field by field. Pure.

Sources: https://owntracks.org/booklet/tech/json (`_type` location: tst seconds, vel km/h, cog,
acc in metres); https://www.traccar.org/osmand/ (form or query: speed in knots as Traccar's server
takes it; JSON: `location.coords`, speed in m/s). Both give WGS-84, as satellite receivers do; which
datum a device's positions are on stands at the device, never in the message.

One bad field costs that field; a position without a place or a time is refused with a reason.
"""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

KMH_OF_MS = 3.6
KMH_OF_KNOT = 1.852
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MILLISECONDS_FROM = 2**31
"""Larger counts are milliseconds: as Traccar's server reads them."""

LONGEST_NAME = 120
MOST_AT_ONCE = 5_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Fix:
    """One position as a device gave it; `faults` names the fields that could not be used.

    device: what the device calls itself. device_at: None where it sent no time.
    """

    device: str
    lon: float
    lat: float
    device_at: datetime | None
    heading_deg: float | None = None
    speed_kmh: float | None = None
    accuracy_m: float | None = None
    faults: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Refused:
    """A row that holds no position, with a code and a sentence."""

    code: str
    detail: str


NO_PLACE = Refused("place_missing", "It has no latitude and longitude that lie on Earth.")
NO_DEVICE = Refused("device_missing", "It does not say which device it comes from.")
NOT_VALID = Refused("fix_invalid", "The device itself says that this position is not valid.")
NO_ROW = Refused("row_invalid", "It is no position: an object with a latitude and a longitude.")


def read_owntracks(message: object, *, device: str | None = None) -> Fix | Refused | None:
    """Return the position of an OwnTracks message; None for one of another kind, which is fine.

    device: what the topic or the login says; else its `topic`, else its `tid`.
    """
    if not isinstance(message, Mapping):
        return NO_ROW
    if message.get("_type") != "location":
        return None
    name = _name(device, message.get("topic"), message.get("tid"))
    take = _Taking(message)
    return take.fix(
        name, lon="lon", lat="lat", at=take.moment("tst"), heading=take.measure("cog", 360.0),
        speed=take.measure("vel", 400.0), accuracy=take.measure("acc", 100_000.0),
    )  # fmt: skip


def read_traccar(message: object) -> Fix | Refused:
    """Return the position of a Traccar Client's JSON message (version 9 and later)."""
    if not isinstance(message, Mapping):
        return NO_ROW
    location = message.get("location")
    coords = location.get("coords") if isinstance(location, Mapping) else None
    if not isinstance(location, Mapping) or not isinstance(coords, Mapping):
        return NO_ROW
    take = _Taking({**coords, "timestamp": location.get("timestamp")})
    return take.fix(
        _name(message.get("device_id")), lon="longitude", lat="latitude",
        at=take.moment("timestamp"), heading=take.measure("heading", 360.0, unsaid=-1.0),
        speed=take.measure("speed", 400.0 / KMH_OF_MS, unsaid=-1.0, times=KMH_OF_MS),
        accuracy=take.measure("accuracy", 100_000.0),
    )  # fmt: skip


def read_osmand(said: Mapping[str, str]) -> Fix | Refused:
    """Return the position of an OsmAnd request: its query or its form.

    `bearing` or `heading`; `accuracy`, `hacc`, metres; `hdop` says nothing in metres and is left.
    """
    if said.get("valid", "1").lower() in ("0", "false"):
        return NOT_VALID
    at_once = said.get("location", "").split(",")
    place = dict(zip(("lat", "lon"), at_once, strict=False)) if len(at_once) == 2 else {}
    take = _Taking({**said, **place})
    headings = [one for one in ("bearing", "heading") if said.get(one)]
    widths = [one for one in ("accuracy", "hacc") if said.get(one)]
    return take.fix(
        _name(said.get("id"), said.get("deviceid")), lon="lon", lat="lat",
        at=take.moment("timestamp"),
        heading=take.measure(headings[0], 360.0) if headings else None,
        speed=take.measure("speed", 400.0 / KMH_OF_KNOT, times=KMH_OF_KNOT),
        accuracy=take.measure(widths[0], 100_000.0) if widths else None,
    )  # fmt: skip


def read_all(
    rows: Sequence[object], read: Callable[[object], Fix | Refused | None]
) -> tuple[list[tuple[int, Fix]], list[tuple[int, Refused]]]:
    """Return the positions among rows and what was refused, each with its place in the list."""
    found: list[tuple[int, Fix]] = []
    refused: list[tuple[int, Refused]] = []
    for index, row in enumerate(rows):
        one = read(row)
        if isinstance(one, Fix):
            found.append((index, one))
        elif one is not None:
            refused.append((index, one))
    return found, refused


def _name(*candidates: object) -> str | None:
    for one in candidates:
        if isinstance(one, int) and not isinstance(one, bool):
            return str(one)[:LONGEST_NAME]
        if isinstance(one, str) and one.strip() and one.isprintable():
            return one.strip()[:LONGEST_NAME]
    return None


class _Taking:
    """Takes fields one by one and notes those that cannot be used."""

    __slots__ = ("faults", "said")

    def __init__(self, said: Mapping[str, Any]) -> None:
        self.said = said
        self.faults: list[str] = []

    def number(self, name: str) -> float | None:
        value = self.said.get(name)
        if value is None or value == "":
            return None
        if isinstance(value, bool) or not isinstance(value, (int, float, str)):
            self._fault(name)
            return None
        try:
            number = float(value)
        except (ValueError, OverflowError):
            self._fault(name)
            return None
        if math.isfinite(number):
            return number
        self._fault(name)
        return None

    def measure(
        self, name: str, most: float, *, unsaid: float | None = None, times: float = 1.0
    ) -> float | None:
        """Return a measurement from 0 to `most`; `unsaid` is how a device says that it has none."""
        number = self.number(name)
        if number is None or number == unsaid:
            return None
        if 0.0 <= number <= most:
            return number * times
        self._fault(name)
        return None

    def moment(self, name: str) -> datetime | None:
        value = self.said.get(name)
        if value is None or value == "":
            return None
        try:
            return _moment(value)
        except (ValueError, OverflowError, TypeError):
            self._fault(name)
            return None

    def fix(
        self,
        device: str | None,
        *,
        lon: str,
        lat: str,
        at: datetime | None,
        heading: float | None,
        speed: float | None,
        accuracy: float | None,
    ) -> Fix | Refused:
        east, north = self.number(lon), self.number(lat)
        if device is None:
            return NO_DEVICE
        if east is None or north is None or abs(east) > 180.0 or abs(north) > 90.0:
            return NO_PLACE
        return Fix(
            device=device, lon=east, lat=north, device_at=at, heading_deg=heading,
            speed_kmh=speed, accuracy_m=accuracy, faults=tuple(self.faults),
        )  # fmt: skip

    def _fault(self, name: str) -> None:
        self.faults.append(name)


def _moment(value: object) -> datetime:
    if isinstance(value, str) and not value.strip().lstrip("-").replace(".", "", 1).isdigit():
        at = datetime.fromisoformat(value.strip())
        return at if at.tzinfo else at.replace(tzinfo=UTC)
    if isinstance(value, bool) or not isinstance(value, (int, float, str)):
        raise TypeError
    count = float(value)
    seconds = count / 1_000.0 if abs(count) >= _MILLISECONDS_FROM else count
    return _EPOCH + timedelta(seconds=seconds)

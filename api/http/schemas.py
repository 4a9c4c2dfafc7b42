"""Shapes that several doors share: points with their datum, texts, ids."""

import re
from datetime import UTC, datetime, timedelta
from typing import Annotated, Literal

from fastapi import Path, Query
from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict, Field, StringConstraints

from gis.datum import Datum, DatumRequiredError
from gis.geometry import DeclaredPoint

MAX_ID = 2**63 - 1

DAWN, DUSK = datetime(1900, 1, 1, tzinfo=UTC), datetime(2200, 1, 1, tzinfo=UTC)
"""Every time that a door takes lies between these, and can be converted, stored, computed with."""

EARLIEST_AT = datetime(2000, 1, 1, tzinfo=UTC)
LATEST_AHEAD = timedelta(days=1)
MAX_UNCERTAINTY_M = 100_000


def _storable(text: str) -> str:
    if "\0" in text:
        msg = "holds a NUL character; take it out."
        raise ValueError(msg)
    return text


_MISLEADING = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]")
"""Line ends and other controls, and what turns the direction of what follows."""


def _in_one_line(text: str) -> str:
    if _MISLEADING.search(text):
        msg = "holds a line end or another control character; take it out."
        raise ValueError(msg)
    return text


def _within_time(at: datetime) -> datetime:
    # The clock's own numbers first: at the ends of time they cannot be converted to UTC.
    if not DAWN.year < at.year < DUSK.year - 1:
        msg = f"must lie between {DAWN.year + 1} and {DUSK.year - 2}; check the year."
        raise ValueError(msg)
    return at.astimezone(UTC)


def _as_a_device_says(at: datetime) -> datetime:
    if at.year <= DAWN.year:
        return DAWN
    return DUSK if at.year >= DUSK.year - 1 else at.astimezone(UTC)


def _near_our_days(at: datetime) -> datetime:
    if not EARLIEST_AT <= at <= datetime.now(tz=UTC) + LATEST_AHEAD:
        msg = "must lie between 2000-01-01 and one day from now; check date and time zone."
        raise ValueError(msg)
    return at


Instant = Annotated[AwareDatetime, AfterValidator(_within_time)]
"""A time with its zone, in our centuries."""

DeviceInstant = Annotated[AwareDatetime, AfterValidator(_as_a_device_says)]
"""A time by a device's clock, which may be set to anything; one wrong row must not cost the batch,
so that times outside our centuries are moved to their ends and judged with the row."""

Moment = Annotated[AwareDatetime, AfterValidator(_within_time), AfterValidator(_near_our_days)]
"""A time with its zone, from 2000-01-01 UTC to a day ahead."""

Text = Annotated[
    str, StringConstraints(strip_whitespace=True, max_length=500), AfterValidator(_storable)
]
LongText = Annotated[
    str, StringConstraints(strip_whitespace=True, max_length=5000), AfterValidator(_storable)
]
OneLine = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1),
    AfterValidator(_storable),
    AfterValidator(_in_one_line),
]
Name = Annotated[OneLine, StringConstraints(max_length=200)]
"""One line, read in the order in which it is written."""
Code = Annotated[str, StringConstraints(max_length=40), AfterValidator(_storable)]
"""The name of something the program knows: a datum, a theme, a layer."""
RowId = Annotated[int, Field(ge=1, le=MAX_ID)]
PathId = Annotated[int, Path(ge=1, le=MAX_ID)]
CityQuery = Annotated[int, Query(ge=1, le=MAX_ID, description="One of GET /v1/cities.")]


class Shape(BaseModel):
    """Base of request bodies: unknown fields are refused, so that a typo is not lost."""

    model_config = ConfigDict(extra="forbid", allow_inf_nan=False, frozen=True)


class PointIn(Shape):
    """A point as it comes in: degrees, longitude first, with the datum they are measured on."""

    lon: float
    lat: float
    datum: Code | None = Field(None, description="wgs84, gcj02, bd09 or cgcs2000")
    uncertainty_m: float = Field(0.0, ge=0, le=MAX_UNCERTAINTY_M)

    def declared(self) -> DeclaredPoint:
        """Return the point with its datum, which may be undeclared."""
        datum = None if self.datum is None else parse_datum(self.datum)
        return DeclaredPoint(self.lon, self.lat, datum, self.uncertainty_m)

    def declared_strictly(self) -> DeclaredPoint:
        """Return the point.

        Raises
        ------
        DatumRequiredError
            No datum was given.
        """
        return DeclaredPoint(self.lon, self.lat, parse_datum(self.datum), self.uncertainty_m)


MAX_PARTS = 1_000
MAX_VERTICES = 20_000
"""Of one part; the rooms have limits of their own for a whole drawing."""


def _on_earth(position: list[float]) -> list[float]:
    if not (abs(position[0]) <= 180 and abs(position[1]) <= 90):
        msg = "is no place on Earth; give degrees, longitude first."
        raise ValueError(msg)
    return position


def _different(positions: list[list[float]]) -> int:
    return len({(lon, lat) for lon, lat, *_ in positions})


def _closed(ring: list[list[float]]) -> list[list[float]]:
    if ring[0] != ring[-1]:
        msg = "is a ring that does not close; repeat its first position at its end."
        raise ValueError(msg)
    if _different(ring) < 3:
        msg = "is a ring of fewer than three different positions; draw an area."
        raise ValueError(msg)
    return ring


def _leading_somewhere(line: list[list[float]]) -> list[list[float]]:
    if _different(line) < 2:
        msg = "is a line of one position; draw one that leads somewhere."
        raise ValueError(msg)
    return line


Position = Annotated[
    list[float], Field(min_length=2, max_length=3), AfterValidator(_on_earth)
]  # fmt: skip
"""Longitude, latitude, and perhaps a height, which nothing here uses."""
Ring = Annotated[
    list[Position], Field(min_length=4, max_length=MAX_VERTICES), AfterValidator(_closed)
]
Line = Annotated[
    list[Position], Field(min_length=2, max_length=MAX_VERTICES), AfterValidator(_leading_somewhere)
]
Surface = Annotated[list[Ring], Field(min_length=1, max_length=MAX_PARTS)]
"""An outer ring and its holes."""


class PolygonIn(Shape):
    """A GeoJSON Polygon."""

    type: Literal["Polygon"]
    coordinates: Surface


class MultiPolygonIn(Shape):
    """A GeoJSON MultiPolygon."""

    type: Literal["MultiPolygon"]
    coordinates: Annotated[list[Surface], Field(min_length=1, max_length=MAX_PARTS)]


class LineStringIn(Shape):
    """A GeoJSON LineString."""

    type: Literal["LineString"]
    coordinates: Line


class MultiLineStringIn(Shape):
    """A GeoJSON MultiLineString."""

    type: Literal["MultiLineString"]
    coordinates: Annotated[list[Line], Field(min_length=1, max_length=MAX_PARTS)]


DrawingIn = Annotated[
    PolygonIn | MultiPolygonIn | LineStringIn | MultiLineStringIn, Field(discriminator="type")
]
"""What can be drawn on the map: rings closed, nothing empty, degrees, of one declared datum."""


def parse_datum(given: str | None) -> Datum:
    """Return the datum named `given`.

    Raises
    ------
    DatumRequiredError
        It is missing or unknown.
    """
    try:
        return Datum((given or "").lower())
    except ValueError:
        raise DatumRequiredError(given) from None

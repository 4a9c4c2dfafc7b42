"""Shapes that several doors share: points with their datum, texts, ids."""

from datetime import UTC, datetime, timedelta
from typing import Annotated

from fastapi import Path, Query
from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict, Field, StringConstraints

from gis.datum import Datum, DatumRequiredError
from gis.geometry import DeclaredPoint

MAX_ID = 2**63 - 1

EARLIEST_AT = datetime(2000, 1, 1, tzinfo=UTC)
LATEST_AHEAD = timedelta(days=1)
MAX_UNCERTAINTY_M = 100_000


def _storable(text: str) -> str:
    if "\0" in text:
        msg = "holds a NUL character; take it out."
        raise ValueError(msg)
    return text


def _near_our_days(at: datetime) -> datetime:
    if not EARLIEST_AT <= at <= datetime.now(tz=UTC) + LATEST_AHEAD:
        msg = "must lie between 2000-01-01 and one day from now; check date and time zone."
        raise ValueError(msg)
    return at


Moment = Annotated[AwareDatetime, AfterValidator(_near_our_days)]
"""A time with its zone, from 2000-01-01 UTC to a day ahead."""

Text = Annotated[
    str, StringConstraints(strip_whitespace=True, max_length=500), AfterValidator(_storable)
]
LongText = Annotated[
    str, StringConstraints(strip_whitespace=True, max_length=5000), AfterValidator(_storable)
]
Name = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1, max_length=200),
    AfterValidator(_storable),
]
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
    datum: str | None = Field(None, description="wgs84, gcj02, bd09 or cgcs2000")
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

"""Where a case is shown to those who may not know: somewhere in an area of enough people.

The place shown is drawn from the area alone and from the case's number, never from the true place:
it says nothing finer than the area, and looking again and again says nothing more.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

import shapely

LEAST_RESIDENTS = 500
"""An area with fewer, or of which nobody knows how many, is too fine; the one above is taken."""
_TRIES = 10_000


@dataclass(frozen=True, slots=True)
class AreaAbove:
    """One area that holds a case; `residents` None: not known."""

    code: str
    residents: int | None


def area_of_enough(areas: Sequence[AreaAbove], *, least: int = LEAST_RESIDENTS) -> str | None:
    """Return the finest of the areas, from the finest on, with residents enough; None: none has.

    What lies above an area with enough people is never asked for, whatever is known of it.
    """
    return next(
        (one.code for one in areas if one.residents is not None and one.residents >= least), None
    )


def place_within(case_id: UUID, shape: shapely.Geometry) -> tuple[float, float]:
    """Return longitude and latitude of a place in `shape`: the same for a case at every look.

    Every place in the area is as likely. An area so narrow that 10,000 draws miss it gives a point
    on its surface that is the same for every case.
    """
    west, south, east, north = shapely.bounds(shape)
    shapely.prepare(shape)
    for attempt in range(_TRIES):
        drawn = hashlib.blake2b(
            case_id.bytes + attempt.to_bytes(4, "big"), digest_size=16, person=b"case place"
        ).digest()
        across = int.from_bytes(drawn[:8], "big") / 2**64
        up = int.from_bytes(drawn[8:], "big") / 2**64
        lon, lat = west + across * (east - west), south + up * (north - south)
        if shapely.intersects_xy(shape, lon, lat):
            return float(lon), float(lat)
    inside = shapely.point_on_surface(shape)
    return float(inside.x), float(inside.y)

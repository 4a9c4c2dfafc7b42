"""Use case of the citizen's phone: the number to call and the devices around a position."""

import math
from datetime import datetime, timedelta

from dispatch.aeds import repository, repository_photos, repository_reports
from dispatch.aeds.emergency_numbers import EmergencyNumbers
from dispatch.aeds.views import (
    AedPhoto,
    AedsAround,
    CityAround,
    NearAed,
    OpeningPeriod,
    ReportedProblem,
)
from dispatch.aeds.walking import open_now
from dispatch.places.service import CALL_MARGIN_M
from gis.cities import CityRow, PlaceOutsideCityError, check_inside, list_cities
from gis.database import UnitOfWork
from gis.datum import Datum, from_wgs84
from gis.geometry import DeclaredPoint, Wgs84Point
from gis.jurisdiction import area_at
from gis.kernels.opening_hours import COUNTRY_OF_TIME_ZONE, periods
from gis.rows import AnyRow

HOURS_KEPT = timedelta(days=7)
"""So far ahead a phone is told the hours; after that they are not known to it."""
_METRES_PER_DEGREE = 111_320.0


def aeds_around(
    uow: UnitOfWork, *, point: DeclaredPoint, limit: int, numbers: EmergencyNumbers
) -> AedsAround:
    """Return the emergency number of a position and the `limit` devices nearest to it.

    The number is that of the country only where the whole circle of uncertainty lies within areas
    of one loaded city. A position outside all cities has neither city nor devices.
    """
    here = point.to_wgs84()
    now = uow.clock.now()
    city = _city_at(uow, here)
    if city is None:
        return AedsAround(now, now, None, None, ())
    until_at = now + HOURS_KEPT
    rows = repository.nearest_aeds(
        uow.session, city.city_id, lon=here.lon, lat=here.lat, limit=limit
    )
    ids = [row.aed_id for row in rows]
    reports = repository_reports.open_reports(uow.session, ids)
    photos = repository_photos.photos_of(uow.session, ids)
    return AedsAround(
        at=now,
        valid_until_at=until_at,
        emergency_number=_number(uow, city, here, numbers),
        city=CityAround(
            city.city_id, city.name, city.name_zh, (city.west, city.south, city.east, city.north),
            city.time_zone, city.modelled, city.attribution,
        ),
        aeds=tuple(
            _near(
                row, city, report=reports.get(row.aed_id), photo=photos.get(row.aed_id), now=now,
                until_at=until_at,
            )
            for row in rows
        ),
    )  # fmt: skip


def _city_at(uow: UnitOfWork, here: Wgs84Point) -> CityRow | None:
    """Return the city in whose areas the point lies, else one whose extent is near enough."""
    near = []
    for city in list_cities(uow.session):
        try:
            check_inside(city, lon=here.lon, lat=here.lat, margin_m=CALL_MARGIN_M)
        except PlaceOutsideCityError:
            continue
        near.append(city)
    within = (
        city for city in near
        if area_at(uow.session, city.city_id, lon=here.lon, lat=here.lat) is not None
    )  # fmt: skip
    return next(within, near[0] if near else None)


def _number(
    uow: UnitOfWork, city: CityRow, here: Wgs84Point, numbers: EmergencyNumbers
) -> str | None:
    number = numbers.of_time_zone(city.time_zone)
    if number is None:
        return None
    north = here.uncertainty_m / _METRES_PER_DEGREE
    east = north / max(math.cos(math.radians(here.lat)), 0.01)
    circle = [(0.0, 0.0)] + [
        (math.cos(math.radians(turn)), math.sin(math.radians(turn))) for turn in range(0, 360, 45)
    ]
    for x, y in circle if north else circle[:1]:
        lon, lat = here.lon + x * east, here.lat + y * north
        if area_at(uow.session, city.city_id, lon=lon, lat=lat) is None:
            return None
    return number


def _near(
    row: AnyRow,
    city: CityRow,
    *,
    report: AnyRow | None,
    photo: AnyRow | None,
    now: datetime,
    until_at: datetime,
) -> NearAed:
    spans = periods(row.opening_hours, now, end_at=until_at, time_zone=city.time_zone)
    chinese = COUNTRY_OF_TIME_ZONE.get(city.time_zone) == "CN"
    return NearAed(
        **{name: getattr(row, name) for name in _FIELDS},
        periods=tuple(
            OpeningPeriod(from_at, open_now(state, access=row.access)) for from_at, state in spans
        ),
        reported=ReportedProblem(report.kind, report.reported_at) if report else None,
        photo=AedPhoto(photo.source, photo.licence, photo.taken_on, photo.added_at)
        if photo
        else None,
        gcj02=_in_datum(row, Datum.GCJ02) if chinese else None,
        bd09=_in_datum(row, Datum.BD09) if chinese else None,
    )


_FIELDS = (
    "aed_id", "name", "name_zh", "location", "location_zh", "access", "indoor", "floor", "entrance",
    "phone",
    "last_checked_at", "modelled", "lon", "lat",
)  # fmt: skip


def _in_datum(row: AnyRow, datum: Datum) -> tuple[float, float]:
    lon, lat = from_wgs84(row.lon, row.lat, datum)
    return round(lon.item(), 6), round(lat.item(), 6)

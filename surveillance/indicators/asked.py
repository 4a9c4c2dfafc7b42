"""What layers ask of indicators; loads nothing that reads files."""

from collections.abc import Mapping
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from gis.cities import find_city
from gis.database import UnitOfWork
from surveillance.indicators import repository


def values_taken_in(uow: UnitOfWork, city_id: int) -> datetime | None:
    """Return when values of the city's areas were said last; each value has its own period."""
    return repository.taken_in_at(uow.session, city_id)


def on_day(uow: UnitOfWork, city_id: int, at: datetime) -> Mapping[str, object]:
    """Return the day of the city at a moment, as a layer's statement asks for it."""
    city = find_city(uow.session, city_id)
    zone = UTC if city is None else ZoneInfo(city.time_zone)  # one that is not there has no values
    return {"on_day": at.astimezone(zone).date()}

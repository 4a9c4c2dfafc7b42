"""What layers ask of inspections; loads nothing that reads files."""

from collections.abc import Mapping
from datetime import UTC, date, datetime
from functools import partial
from zoneinfo import ZoneInfo

from gis.cities import find_city
from gis.database import UnitOfWork
from surveillance.inspections import repository


def _newest_on(uow: UnitOfWork, city_id: int, *, kind: str) -> date | None:
    return repository.newest_on(uow.session, city_id, kind)


mosquito_newest_on = partial(_newest_on, kind="mosquito")
outcome_newest_on = partial(_newest_on, kind="outcome")


def on_day(uow: UnitOfWork, city_id: int, at: datetime) -> Mapping[str, object]:
    """Return the day of the city at a moment, as the layers' statement asks for it."""
    city = find_city(uow.session, city_id)
    zone = UTC if city is None else ZoneInfo(city.time_zone)
    return {"on_day": at.astimezone(zone).date()}

"""The city whose conditions are read or written."""

from gis.database import UnitOfWork
from routing.conditions.errors import RoadCityUnknownError
from routing.conditions.repository import CityRoads, find_city


def require_city(uow: UnitOfWork, city_id: int) -> CityRoads:
    """Return a city as it is stored now, or raise `RoadCityUnknownError`."""
    city = find_city(uow.session, city_id)
    if city is None:
        raise RoadCityUnknownError(city_id)
    return city

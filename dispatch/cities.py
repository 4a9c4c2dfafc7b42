"""The city a use case is about: its extent, and whether it is simulated."""

from dispatch import repository
from dispatch.errors import (
    CityUnknownError,
    CoordinatesSwappedError,
    PlaceOutsideCityError,
    SimulationRefusedError,
)
from dispatch.repository import CityRow
from gis.database import UnitOfWork
from gis.geometry import EARTH_RADIUS_M

METRES_PER_DEGREE = EARTH_RADIUS_M * 3.141592653589793 / 180.0


def require_city(uow: UnitOfWork, city_id: int) -> CityRow:
    """Return a city, or raise `CityUnknownError`."""
    city = repository.find_city(uow.session, city_id)
    if city is None:
        raise CityUnknownError(city_id)
    return city


def refuse_simulation_in_live(uow: UnitOfWork) -> None:
    """Raise `SimulationRefusedError` unless this database is for simulation."""
    if repository.installation_purpose(uow.session) != "simulation":
        raise SimulationRefusedError


def check_inside(city: CityRow, *, lon: float, lat: float, margin_m: float) -> None:
    """Check that a WGS-84 point lies within the city's extent, widened by `margin_m`.

    Raises
    ------
    CoordinatesSwappedError
        It does not, but would with longitude and latitude exchanged.
    PlaceOutsideCityError
        It does not.
    """
    if is_inside(city, lon=lon, lat=lat, margin_m=margin_m):
        return
    if is_inside(city, lon=lat, lat=lon, margin_m=margin_m):
        raise CoordinatesSwappedError(lon, lat, city.name)
    raise PlaceOutsideCityError(lon, lat, city.name)


def is_inside(city: CityRow, *, lon: float, lat: float, margin_m: float) -> bool:
    """Say whether a point lies within the city's extent, widened by `margin_m`."""
    # A degree of longitude is never longer than one of latitude: twice the margin covers it to 60°.
    margin = margin_m / METRES_PER_DEGREE
    return (
        city.west - 2 * margin <= lon <= city.east + 2 * margin
        and city.south - margin <= lat <= city.north + margin
    )

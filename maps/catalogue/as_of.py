"""What day the data of layers are of."""

from datetime import date, datetime

from gis.database import UnitOfWork
from maps import repository


def data_loaded(uow: UnitOfWork, city_id: int) -> datetime | None:
    """Return when the city's data were loaded."""
    return repository.loaded_at(uow.session, city_id)


def roads_loaded(uow: UnitOfWork, city_id: int) -> datetime | None:
    """Return when the city's present roads were loaded."""
    return repository.roads_loaded_at(uow.session, city_id)


def facilities_seen(uow: UnitOfWork, city_id: int) -> datetime | None:
    """Return when a register of the city's facilities was last read."""
    return repository.facilities_seen_at(uow.session, city_id)


def cells_counted(uow: UnitOfWork, city_id: int) -> date | None:
    """Return the day of the last count by cell; None: the source does not say."""
    return repository.cells_counted_on(uow.session, city_id)


def areas_counted(uow: UnitOfWork, city_id: int) -> date | None:
    """Return the day of the last count of residents; None: the source does not say."""
    return repository.areas_counted_on(uow.session, city_id)

"""One transaction of the system's own, for commands."""

from collections.abc import Iterator
from contextlib import closing, contextmanager

from gis.access import SYSTEM
from gis.database import WritingUnitOfWork
from gis.provision import bring_up, open_database
from gis.settings import Settings


@contextmanager
def transaction(settings: Settings) -> Iterator[WritingUnitOfWork]:
    """Bring the database up and open a transaction in it."""
    bring_up(settings)
    with (
        closing(open_database(settings)) as database,
        database.unit_of_work(SYSTEM) as uow,
    ):
        yield uow

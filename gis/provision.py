"""From settings to a database that is up, migrated and reachable."""

from collections.abc import Callable
from dataclasses import dataclass

from sqlalchemy.engine import URL, make_url

from gis.cluster import APPLICATION_ROLE, DATABASE_NAME, PrivateCluster
from gis.database import Database
from gis.schema import create_database_if_absent, migrate
from gis.settings import Settings


@dataclass(frozen=True, slots=True)
class Address:
    """Where the database is: as its owner (migrations, bulk loads) and as the application."""

    owner_url: URL
    application_url: URL
    cluster: PrivateCluster | None


def address_of(settings: Settings) -> Address:
    """Return the database's address without touching anything."""
    if settings.database_url is not None:
        url = make_url(settings.database_url.get_secret_value())
        if url.drivername == "postgresql":
            url = url.set(drivername="postgresql+psycopg")
        return Address(url, url, None)
    cluster = PrivateCluster(settings.state_folder / settings.purpose)
    return Address(make_url(cluster.url()), make_url(cluster.url(role=APPLICATION_ROLE)), cluster)


def bring_up(settings: Settings, *, say: Callable[[str], None] = lambda _: None) -> Address:
    """Start the private cluster where one is meant, make the database and migrate it.

    A database given by GOLDENHOUR_DATABASE_URL is migrated but its server is never touched.
    """
    address = address_of(settings)
    if address.cluster is not None:
        say("PostgreSQL: starting the private cluster")
        address.cluster.up()
        create_database_if_absent(make_url(address.cluster.url("postgres")), DATABASE_NAME)
    say("PostgreSQL: migrations")
    migrate(address.owner_url, purpose=settings.purpose)
    return address


def open_database(settings: Settings) -> Database:
    """Return the application's way into a database that `bring_up` made ready."""
    return Database(address_of(settings).application_url, pool_size=settings.pool_size)


def open_as_owner(settings: Settings) -> Database:
    """Return the owner's way in, for bulk loads and checks of the whole log."""
    return Database(address_of(settings).owner_url, pool_size=2, as_owner=True)

"""From settings to a database that is up, migrated and reachable."""

from collections.abc import Callable
from dataclasses import dataclass

from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError

from gis.cluster import APPLICATION_ROLE, DATABASE_NAME, PrivateCluster
from gis.cluster_errors import (
    DatabaseAbsentError,
    DatabaseAsleepError,
    DatabaseUnreachableError,
)
from gis.database import Database
from gis.settings import Purpose, Settings


@dataclass(frozen=True, slots=True)
class Address:
    """Where the database is: as its owner (migrations, bulk loads) and as the application."""

    owner_url: URL
    application_url: URL
    cluster: PrivateCluster | None


def address_of(settings: Settings) -> Address:
    """Return the database's address without touching anything."""
    if settings.database_url is not None:
        url = _given_url(settings.database_url.get_secret_value())
        return Address(url, url, None)
    cluster = PrivateCluster(settings.state_folder / settings.purpose)
    return Address(make_url(cluster.url()), make_url(cluster.url(role=APPLICATION_ROLE)), cluster)


def _given_url(words: str) -> URL:
    try:
        url = make_url(words)
    except ArgumentError:
        url = URL.create("none")
    if url.get_backend_name() != "postgresql":
        # The words may hold a password, so neither they nor their error are shown.
        raise DatabaseUnreachableError(
            "GOLDENHOUR_DATABASE_URL is not of the form postgresql://user@host:port/database"
        ) from None
    return url.set(drivername="postgresql+psycopg")


def bring_up(settings: Settings, *, say: Callable[[str], None] = lambda _: None) -> Address:
    """Start the private cluster where one is meant, make the database and migrate it.

    A database given by GOLDENHOUR_DATABASE_URL is migrated but its server is never touched.

    Raises
    ------
    DatabaseUnreachableError
        The given database does not answer.
    """
    # Servers and workers open a database that is ready: they need not carry the migrations.
    from gis.schema import create_database_if_absent, migrate  # noqa: PLC0415

    address = address_of(settings)
    if address.cluster is not None:
        say("PostgreSQL: starting the private cluster")
        address.cluster.up()
        create_database_if_absent(make_url(address.cluster.url("postgres")), DATABASE_NAME)
    else:
        check_reachable(settings)
    say("PostgreSQL: migrations")
    migrate(address.owner_url, purpose=settings.purpose)
    return address


def reach(settings: Settings, *, say: Callable[[str], None]) -> Address:
    """Return the address of a database to read: it is neither made nor migrated, a live one not
    started. `say` is told which one it is.

    Raises
    ------
    DatabaseAbsentError, DatabaseAsleepError, DatabaseUnreachableError, DatabaseNotReadyError
        It is not there, does not run, does not answer, or is of another version or purpose.
    """
    from gis.schema import check_purpose, check_ready  # noqa: PLC0415 (as in bring_up)

    address = address_of(settings)
    where = "GOLDENHOUR_DATABASE_URL"
    if address.cluster is not None:
        _wake(address.cluster, settings)
        where = str(address.cluster.folder)
    database = open_as_owner(settings)
    try:
        database.check_reachable()
        check_ready(database.engine)
        check_purpose(database.engine, settings.purpose)
    finally:
        database.close()
    say(f"Using the {settings.purpose} database ({where}).")
    return address


def _wake(cluster: PrivateCluster, settings: Settings) -> None:
    if not cluster.exists():
        other: Purpose = "simulation" if settings.purpose == "live" else "live"
        beside = PrivateCluster(settings.state_folder / other)
        raise DatabaseAbsentError(settings.purpose, other=other if beside.exists() else None)
    if not cluster.is_running():
        if settings.purpose == "live":
            raise DatabaseAsleepError(settings.purpose)
        cluster.up()


def check_reachable(settings: Settings) -> None:
    """Ask the database for a sign of life.

    Raises
    ------
    DatabaseUnreachableError
        It does not answer.
    """
    database = open_as_owner(settings)
    try:
        database.check_reachable()
    finally:
        database.close()


def libpq_address(url: URL) -> tuple[str, dict[str, str]]:
    """Return `url` as PostgreSQL's own programs take it, and the environment that goes with it.

    The password goes by the environment: everybody on the machine can read arguments.
    """
    plain = url.set(drivername="postgresql", password=None).render_as_string()
    return plain, {} if url.password is None else {"PGPASSWORD": str(url.password)}


def open_database(settings: Settings) -> Database:
    """Return the application's way into a database that `bring_up` made ready."""
    return Database(address_of(settings).application_url, pool_size=settings.pool_size)


def open_as_owner(settings: Settings) -> Database:
    """Return the owner's way in, for bulk loads and checks of the whole log."""
    return Database(address_of(settings).owner_url, pool_size=2, as_owner=True)

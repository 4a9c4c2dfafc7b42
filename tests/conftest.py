"""One private cluster for the run, one migrated template, one clone of it for each test."""

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path
from uuid import uuid4

import hypothesis
import pytest
from sqlalchemy import Connection, create_engine, text
from sqlalchemy.engine import make_url

from api.rooms import HOUSE
from gis.cluster import APPLICATION_ROLE, PrivateCluster
from gis.database import Database
from gis.schema import MIGRATIONS_FOLDER, create_database_if_absent, migrate
from gis.settings import PROJECT_FOLDER, default_state_folder

# No deadlines: a shared machine's pauses are not failures. `acceptance` searches longer.
hypothesis.settings.register_profile("quick", deadline=None, max_examples=40)
hypothesis.settings.register_profile("acceptance", deadline=None, max_examples=300)
hypothesis.settings.load_profile("quick")

SHARED_DATA = PROJECT_FOLDER.parent / "shared" / "data"


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The folder of bulk real data beside the checkout; tests that need it skip without it."""
    if not SHARED_DATA.is_dir():
        pytest.skip("needs the bulk test data in ../shared/data, which is not part of the project")
    return SHARED_DATA


@contextmanager
def admin_connection(cluster: PrivateCluster) -> Iterator[Connection]:
    engine = create_engine(cluster.url("postgres"), isolation_level="AUTOCOMMIT")
    try:
        with engine.connect() as connection:
            yield connection
    finally:
        engine.dispose()


@pytest.fixture(scope="session")
def cluster() -> PrivateCluster:
    """The private cluster of tests: no fsync, kept between runs."""
    private = PrivateCluster(default_state_folder() / "test", ephemeral=True)
    private.up()
    return private


def _template_name(purpose: str) -> str:
    digest = sha256()
    for path in sorted(MIGRATIONS_FOLDER.rglob("*")):
        if path.suffix in {".py", ".sql"}:
            digest.update(path.read_bytes())
    digest.update(
        repr(sorted((role, sorted(HOUSE.holdings[role])) for role in HOUSE.roles)).encode()
    )
    return f"template_{purpose}_{digest.hexdigest()[:12]}"


def _template(cluster: PrivateCluster, purpose: str) -> str:
    """Make the migrated template once; parallel workers wait on an advisory lock."""
    name = _template_name(purpose)
    with admin_connection(cluster) as connection:
        connection.execute(text("SELECT pg_advisory_lock(4403199)"))
        try:
            found = connection.execute(
                text("SELECT 1 FROM pg_database WHERE datname = :name"), {"name": name}
            ).first()
            if found is None:
                unfinished = f"unfinished_{name}"
                connection.execute(text(f'DROP DATABASE IF EXISTS "{unfinished}"'))
                create_database_if_absent(make_url(cluster.url("postgres")), unfinished)
                migrate(cluster.url(unfinished), purpose=purpose)
                connection.execute(text(f'ALTER DATABASE "{unfinished}" RENAME TO "{name}"'))
        finally:
            connection.execute(text("SELECT pg_advisory_unlock(4403199)"))
    return name


@pytest.fixture(scope="session")
def clone(cluster: PrivateCluster) -> Callable[[str], str]:
    """Return a function that clones the template of a purpose and gives the clone's name."""

    def make(purpose: str = "simulation") -> str:
        name = f"test_{uuid4().hex[:12]}"
        template = _template(cluster, purpose)
        with admin_connection(cluster) as connection:
            connection.execute(text("SELECT pg_advisory_lock(4403198)"))
            connection.execute(text(f'CREATE DATABASE "{name}" TEMPLATE "{template}"'))
            connection.execute(text("SELECT pg_advisory_unlock(4403198)"))
        return name

    return make


@contextmanager
def _opened(cluster: PrivateCluster, name: str) -> Iterator[Database]:
    opened = Database(cluster.url(name, role=APPLICATION_ROLE), pool_size=10)
    try:
        yield opened
    finally:
        opened.close()
        with admin_connection(cluster) as connection:
            connection.execute(text(f'DROP DATABASE "{name}" WITH (FORCE)'))


@pytest.fixture
def database(cluster: PrivateCluster, clone: Callable[[str], str]) -> Iterator[Database]:
    """A fresh, migrated simulation database as the application sees it."""
    with _opened(cluster, clone("simulation")) as opened:
        yield opened


@pytest.fixture
def live_database(cluster: PrivateCluster, clone: Callable[[str], str]) -> Iterator[Database]:
    """A fresh, migrated live database as the application sees it."""
    with _opened(cluster, clone("live")) as opened:
        yield opened


@pytest.fixture
def state_folder() -> Iterator[Path]:
    """A state folder that the servers' own user can reach (pytest's are root's alone)."""
    folder = default_state_folder() / f"test-state-{uuid4().hex[:8]}"
    folder.mkdir(parents=True)
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def owner_url(cluster: PrivateCluster, database: Database) -> str:
    """The same database as `database`, addressed as its owner."""
    return cluster.url(str(database.url.database))

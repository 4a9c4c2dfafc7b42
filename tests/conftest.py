"""One private cluster for the run, one migrated template, one clone of it for each test."""

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from hashlib import sha256
from pathlib import Path
from uuid import uuid4

import hypothesis
import pytest
from playwright.sync_api import Browser, sync_playwright
from sqlalchemy import Connection, create_engine, text
from sqlalchemy.engine import make_url
from xdist.remote import Producer
from xdist.scheduler import LoadFileScheduling

from api.rooms import HOUSE
from gis.access import SYSTEM
from gis.cluster import APPLICATION_ROLE, PrivateCluster
from gis.database import Database, WritingUnitOfWork
from gis.schema import create_database_if_absent, migrate
from gis.settings import PROJECT_FOLDER, default_state_folder
from tests.chromium import running_chromium

# No deadlines: a shared machine's pauses are not failures. `acceptance` searches longer.
hypothesis.settings.register_profile("quick", deadline=None, max_examples=40)
hypothesis.settings.register_profile("acceptance", deadline=None, max_examples=300)
hypothesis.settings.load_profile("quick")

SLOW_FIRST = (
    "tests/browser/", "tests/api/processes/", "tests/test_additions.py", "tests/api/operations/",
    "tests/api/cli/", "tests/api/demo/", "tests/test_wheel.py", "tests/bench/", "tests/routing/",
)  # fmt: skip
"""What starts servers, browsers or long searches goes first, in this order.

Else one worker waits at the end for a long file of the other.
"""
TOGETHER = ("tests/browser/",)
"""Folders whose files one worker takes, since they share a server."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put slow files first, each file's tests together."""

    def place(item: pytest.Item) -> int:
        slow = (n for n, begin in enumerate(SLOW_FIRST) if item.nodeid.startswith(begin))
        return next(slow, len(SLOW_FIRST))

    items.sort(key=place)


class _ByFile(LoadFileScheduling):
    """Gives each worker whole files, and whole folders of those that share a server."""

    def _split_scope(self, nodeid: str) -> str:
        folder = next((begin for begin in TOGETHER if nodeid.startswith(begin)), None)
        return folder or super()._split_scope(nodeid)


def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> LoadFileScheduling | None:
    """Return the scheduler of `--dist loadfile`."""
    return _ByFile(config, log) if config.option.dist == "loadfile" else None


SHARED_DATA = PROJECT_FOLDER.parent / "shared" / "data"
NEEDS_SHARED = "needs the bulk test data in ../shared/data, which is not part of the project"


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The folder of bulk real data beside the checkout; tests that need it skip without it."""
    if not SHARED_DATA.is_dir():
        pytest.skip(NEEDS_SHARED)
    return SHARED_DATA


MEMORY = Path("/dev/shm")
"""Linux's file system in memory."""
ROOM_BYTES = 4 << 30
"""What must be free in it before a cluster is put there: one takes a quarter of that."""


def in_memory(name: str) -> Path:
    """Return a folder for this checkout's tests: in memory where there is room, else on disk.

    A clone is some 700 files: they are made in a tenth of the time where no disk is asked.
    """
    folder = MEMORY / f"goldenhour-{os.geteuid()}-{default_state_folder().name}" / name
    try:
        roomy = folder.exists() or shutil.disk_usage(MEMORY).free >= ROOM_BYTES
    except OSError:  # not on every system
        roomy = False
    return folder if roomy else default_state_folder() / name


def pytest_configure() -> None:
    """Put the folders of `tmp_path` in memory as well: what is stored safely waits for a disk."""
    root = in_memory("pytest")
    root.mkdir(parents=True, exist_ok=True)
    os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", str(root))


@contextmanager
def admin_connection(cluster: PrivateCluster) -> Iterator[Connection]:
    engine = create_engine(cluster.url("postgres"), isolation_level="AUTOCOMMIT")
    try:
        with engine.connect() as connection:
            yield connection
    finally:
        engine.dispose()


@pytest.fixture(scope="session")
def chromium(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a headless Chromium that runs for all modules of a worker."""
    with running_chromium(tmp_path_factory.mktemp("chromium")) as address:
        yield address


@pytest.fixture(scope="module")
def browser(chromium: str) -> Iterator[Browser]:
    """Debian's Chromium, headless; a connection for each module.

    Playwright's loop runs while it is open, and would stand in the way of other modules' own.
    """
    with sync_playwright() as playwright:
        connected = playwright.chromium.connect(chromium)
        yield connected
        connected.close()


@pytest.fixture(scope="session")
def cluster() -> PrivateCluster:
    """The private cluster of tests: no fsync, kept between runs."""
    private = PrivateCluster(in_memory("test"), ephemeral=True)
    private.up()
    return private


@cache
def _digest(*patterns: str) -> str:
    digest = sha256()
    for pattern in patterns:
        for path in sorted(PROJECT_FOLDER.glob(pattern)):
            digest.update(path.read_bytes())
    digest.update(
        repr(sorted((role, sorted(HOUSE.holdings[role])) for role in HOUSE.roles)).encode()
    )
    return digest.hexdigest()[:12]


MIGRATIONS = ("gis/migrations/**/*.py", "gis/migrations/**/*.sql")
SEEDING = ("gis/**/*.py", "gis/**/*.sql", "data/*.py", "data/osm/*.py", "data/coquimbo/*.py",
           "data/sample/coquimbo*", "dispatch/**/*.py", "tests/cities.py", "tests/facilities.py",
           "tests/seeds.py")  # fmt: skip
"""What a stored city depends on: templates are made anew when one of these changes."""


def _template(cluster: PrivateCluster, purpose: str, seed: str | None) -> str:
    """Make a migrated template once, with a city where asked; other workers wait for it."""
    family = f"template_{purpose}_{seed or 'empty'}_"
    name = family + _digest(*(SEEDING if seed else MIGRATIONS))
    with admin_connection(cluster) as connection:
        connection.execute(text("SELECT pg_advisory_lock(4403199)"))
        try:
            standing = connection.scalars(
                text("SELECT datname FROM pg_database WHERE starts_with(datname, :family)"
                     " ORDER BY oid"), {"family": family},
            ).all()  # fmt: skip
            if name not in standing:
                # The one before may still serve a run of the code before.
                for stale in standing[:-1]:
                    connection.execute(text(f'DROP DATABASE "{stale}" WITH (FORCE)'))
                _make_template(cluster, connection, name, purpose=purpose, seed=seed)
        finally:
            connection.execute(text("SELECT pg_advisory_unlock(4403199)"))
    return name


def _make_template(
    cluster: PrivateCluster, connection: Connection, name: str, *, purpose: str, seed: str | None
) -> None:
    unfinished = f"unfinished_{name}"
    connection.execute(text(f'DROP DATABASE IF EXISTS "{unfinished}" WITH (FORCE)'))
    create_database_if_absent(make_url(cluster.url("postgres")), unfinished)
    migrate(cluster.url(unfinished), purpose=purpose)
    if seed is not None:
        from tests.seeds import sow  # the city builders are large

        seeded = Database(cluster.url(unfinished, role=APPLICATION_ROLE), pool_size=2)
        sow(seeded, seed)
        seeded.close()
    connection.execute(text(f'ALTER DATABASE "{unfinished}" RENAME TO "{name}"'))


@pytest.fixture(scope="session")
def clone(cluster: PrivateCluster) -> Callable[..., str]:
    """Return a function that clones a template and gives the clone's name.

    It takes a purpose and a seed of `tests.seeds`, the city that already stands in the clone.
    """

    def make(purpose: str = "simulation", *, seed: str | None = None) -> str:
        name = f"test_{uuid4().hex[:12]}"
        template = _template(cluster, purpose, seed)
        with admin_connection(cluster) as connection:
            connection.execute(text(f'CREATE DATABASE "{name}" TEMPLATE "{template}"'))
        return name

    return make


@pytest.fixture(scope="session")
def kernels() -> None:
    """The compiled searches, before anything is timed: else the first test waits for them."""
    from routing.live.warm_up import prepare_kernels

    prepare_kernels()


@contextmanager
def opened(cluster: PrivateCluster, name: str) -> Iterator[Database]:
    """Open a clone as the application sees it; drop it afterwards."""
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
    with opened(cluster, clone("simulation")) as database:
        yield database


@pytest.fixture
def live_database(cluster: PrivateCluster, clone: Callable[[str], str]) -> Iterator[Database]:
    """A fresh, migrated live database as the application sees it."""
    with opened(cluster, clone("live")) as database:
        yield database


@pytest.fixture
def grid_database(cluster: PrivateCluster, clone: Callable[..., str]) -> Iterator[Database]:
    """A fresh simulation database in which the grid city and its fleet stand."""
    with opened(cluster, clone(seed="grid")) as database:
        yield database


@pytest.fixture(scope="module")
def shared_grid(cluster: PrivateCluster, clone: Callable[..., str]) -> Iterator[Database]:
    """The grid city for a whole module of tests that leave nothing in it."""
    with opened(cluster, clone(seed="grid")) as database:
        yield database


@pytest.fixture
def uow(shared_grid: Database) -> Iterator[WritingUnitOfWork]:
    """A transaction on the grid city that leaves nothing behind."""
    with shared_grid.unit_of_work(SYSTEM) as uow:
        yield uow
        uow.session.rollback()


@pytest.fixture(scope="module")
def place(shared_grid: Database) -> tuple[int, str]:
    """The grid city and the code of its first district."""
    with shared_grid.read(SYSTEM) as uow:
        return tuple(
            uow.session.execute(
                text("SELECT city_id, code FROM areas WHERE level = 'district'"
                     " AND valid_to IS NULL ORDER BY code LIMIT 1")
            ).one()
        )  # fmt: skip


@pytest.fixture
def state_folder() -> Iterator[Path]:
    """A state folder that the servers' own user can reach (pytest's are root's alone)."""
    folder = in_memory(f"test-state-{uuid4().hex[:8]}")
    folder.mkdir(parents=True)
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def owner_url(cluster: PrivateCluster, database: Database) -> str:
    """The same database as `database`, addressed as its owner."""
    return cluster.url(str(database.url.database))

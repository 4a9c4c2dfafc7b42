"""`goldenhour doctor`: is everything here, and if not, what to do."""

import os
import shutil
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib import import_module
from importlib.metadata import version
from pathlib import Path

from gis.errors import GoldenHourError
from gis.settings import PROJECT_FOLDER, Settings

_LIBRARIES = ("fastapi", "sqlalchemy", "geoalchemy2", "psycopg", "shapely", "geopandas", "numba")
_FOLDERS = ("gis", "data", "routing", "dispatch", "surveillance", "planning", "referral", "maps",
            "api")  # fmt: skip
_LEAST_FREE_BYTES = 2 * 1024**3


@dataclass(frozen=True, slots=True)
class Finding:
    """One line: ✓ fine, ! worth knowing, ✗ does not work until mended."""

    mark: str
    subject: str
    words: str


def examine(settings: Settings) -> list[Finding]:
    """Run every check; one that fails never hides the others."""
    checks: tuple[Callable[[Settings], Iterator[Finding]], ...] = (
        _python, _folders, _disk, _postgresql, _database, _learning, _pages, _user,
    )  # fmt: skip
    findings: list[Finding] = []
    for check in checks:
        try:
            findings.extend(check(settings))
        except (GoldenHourError, OSError) as error:
            findings.append(Finding("✗", check.__name__.strip("_"), str(error)))
    return findings


def _python(_settings: Settings) -> Iterator[Finding]:
    libraries = ", ".join(f"{name} {version(name)}" for name in _LIBRARIES)
    yield Finding("✓", "Python", f"{sys.version.split()[0]} with {libraries}")


def _folders(_settings: Settings) -> Iterator[Finding]:
    for name in _FOLDERS:
        found = Path(str(import_module(name).__file__)).resolve().parent
        if found != PROJECT_FOLDER / name:
            yield Finding("✗", f"package {name}", f"is imported from {found}, not from here; "
                          "install GoldenHour into an environment of its own")  # fmt: skip
    yield Finding("✓", "folders", f"all imported from {PROJECT_FOLDER}")


def _disk(settings: Settings) -> Iterator[Finding]:
    folder = settings.state_folder
    while not folder.exists():
        folder = folder.parent
    free = shutil.disk_usage(folder).free
    mark = "✓" if free >= _LEAST_FREE_BYTES else "✗"
    yield Finding(mark, "disk", f"{free / 1e9:.1f} GB free at {settings.state_folder}")


def _postgresql(settings: Settings) -> Iterator[Finding]:
    from gis.cluster import find_installation

    if settings.database_url is not None:
        yield Finding("✓", "PostgreSQL", "GOLDENHOUR_DATABASE_URL is set and used as it is")
        return
    found = find_installation()
    yield Finding("✓", "PostgreSQL", f"version {found.major_version} in {found.bin_folder}")


def _database(settings: Settings) -> Iterator[Finding]:
    from sqlalchemy import text
    from sqlalchemy.exc import OperationalError

    from gis.provision import open_as_owner
    from gis.schema import check_ready

    for purpose in ("live", "simulation"):
        database = open_as_owner(settings.model_copy(update={"purpose": purpose}))
        try:
            with database.engine.connect() as connection:
                names = ("postgis", "pg_trgm", "btree_gist")
                extensions = connection.execute(
                    text("SELECT extname || ' ' || extversion FROM pg_extension"
                         " WHERE extname = ANY(:names) ORDER BY 1"), {"names": list(names)},
                ).scalars().all()  # fmt: skip
                locale = connection.execute(
                    text("SELECT datctype FROM pg_database WHERE datname = current_database()")
                ).scalar_one()
                trigrams = connection.execute(text("SELECT show_trgm('深圳')")).scalar_one()
            check_ready(database.engine)
            mark = "✓" if len(trigrams) else "✗"
            yield Finding("✓", f"{purpose} database", ", ".join(extensions))
            chinese = "work" if len(trigrams) else "are empty: recreate it as C.UTF-8"
            yield Finding(mark, f"{purpose} locale", f"{locale}; Chinese trigrams {chinese}")
        except OperationalError:
            yield Finding(
                "!", f"{purpose} database", "is not running; `goldenhour db up` starts it"
            )
        finally:
            database.close()


def _learning(settings: Settings) -> Iterator[Finding]:
    from datetime import timedelta

    from sqlalchemy.exc import DBAPIError

    from api.operations.road_desk import local_time
    from gis.access import SYSTEM
    from gis.provision import open_database
    from routing.learning.repository_nightly import learning_states

    if not settings.learn_speeds:
        yield Finding("✓", "learned speeds", "GOLDENHOUR_LEARN_SPEEDS is off: none are learned")
        return
    database = open_database(settings.model_copy(update={"purpose": "live"}))
    late = timedelta(days=settings.position_retention_days) / 2
    try:
        with database.read(SYSTEM) as uow:
            now, states = uow.clock.now(), learning_states(uow.session)
    except DBAPIError:
        return  # said by the check of the database
    finally:
        database.close()
    for state in states:
        subject = f"learned speeds of {state.city_key}"
        if state.learned_until is None:
            yield Finding("!", subject, "nothing learned yet; the worker of `goldenhour serve` "
                          f"does it after {settings.learn_speeds_hour}:30 at night")  # fmt: skip
        elif now - state.learned_until > late:
            last = local_time(state.learned_until + 2 * late)
            words = f"only up to {local_time(state.learned_until)}; from {last} on positions are "
            yield Finding("!", subject, words + "dropped unlearned: see the worker's log")
        else:
            yield Finding("✓", subject, f"up to {local_time(state.learned_until)}")


def _pages(settings: Settings) -> Iterator[Finding]:
    from maps.assets import check_assets

    check_assets()
    scheme = "https" if settings.tls_cert else "http"
    yield Finding("✓", "pages", f"{scheme}://{settings.host}:{settings.port}/ once served")


def _user(_settings: Settings) -> Iterator[Finding]:
    from api.processes.supervisor import runtime_owner

    if os.geteuid() != 0:
        yield Finding("✓", "user", "not root")
    elif runtime_owner() is None:
        yield Finding("!", "user", "the server will run as root, because the unprivileged user "
                      f"cannot reach {sys.executable} and {PROJECT_FOLDER}")  # fmt: skip
    else:
        yield Finding("✓", "user", "started by root, the server runs as an unprivileged user")

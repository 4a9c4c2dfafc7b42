"""Bringing a database to the shape this version needs, and checking that it has it."""

from pathlib import Path

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine, create_engine, text
from sqlalchemy.engine import URL, Connection

from gis.cluster import APPLICATION_ROLE, LOCALE
from gis.cluster_errors import DatabaseNotReadyError
from gis.roles_repository import seed_roles
from gis.rooms.current import current_house
from gis.rooms.house import House
from gis.settings import Purpose

MIGRATIONS_FOLDER = Path(__file__).parent / "migrations"
EXTENSIONS = ("postgis", "pg_trgm", "btree_gist")


def alembic_config(connection: Connection) -> Config:
    """Return Alembic's configuration bound to `connection`; there is no alembic.ini."""
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS_FOLDER))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    return config


def create_database_if_absent(server_url: URL, name: str) -> bool:
    """Create database `name` (UTF-8, C.UTF-8) on a server of ours; returns whether it was made."""
    engine = create_engine(server_url, isolation_level="AUTOCOMMIT")
    try:
        with engine.connect() as connection:
            found = connection.execute(
                text("SELECT 1 FROM pg_database WHERE datname = :name"), {"name": name}
            ).first()
            if found is None:
                connection.execute(
                    text(
                        f'CREATE DATABASE "{name}" TEMPLATE template0'
                        f" ENCODING 'UTF8' LOCALE '{LOCALE}'"
                    )
                )
            return found is None
    finally:
        engine.dispose()


def migrate(
    owner_url: URL | str, *, purpose: Purpose, house: House | None = None
) -> None:  # fmt: skip
    """Install extensions, run every migration, settle the purpose, store the rooms' roles.

    Raises
    ------
    DatabaseNotReadyError
        The locale cannot index Chinese, an extension or the application role is missing, or the
        database already serves another purpose.
    """
    engine = create_engine(owner_url, connect_args={"options": "-c timezone=UTC"})
    try:
        with engine.begin() as connection:
            # One migrating process at a time; the others wait and find nothing to do.
            connection.execute(text("SELECT pg_advisory_xact_lock(4403120)"))
            _check_locale(connection)
            for extension in EXTENSIONS:
                connection.execute(text(f"CREATE EXTENSION IF NOT EXISTS {extension}"))
            _ensure_application_role(connection)
            command.upgrade(alembic_config(connection), "head")
            _settle_purpose(connection, purpose)
            seed_roles(connection, house or current_house())
    finally:
        engine.dispose()


def pending_differences(owner_url: URL | str) -> list[object]:
    """Return what Alembic's autogenerate would still change; empty on a migrated database."""
    from gis.migrations.filters import include_object  # noqa: PLC0415 (Alembic's helpers are slow)
    from gis.tables import Base  # noqa: PLC0415

    engine = create_engine(owner_url)
    try:
        with engine.connect() as connection:
            migration_context = MigrationContext.configure(
                connection, opts={"include_object": include_object, "compare_type": True}
            )
            return list(compare_metadata(migration_context, Base.metadata))
    finally:
        engine.dispose()


def check_ready(engine: Engine) -> None:
    """Check that the database stands at this version's last migration.

    Raises
    ------
    DatabaseNotReadyError
        It does not; the sentence says which command mends it.
    """
    with engine.connect() as connection:
        found = connection.execute(
            text("SELECT to_regclass('public.alembic_version') IS NOT NULL")
        ).scalar_one()
        current = (
            connection.execute(text("SELECT version_num FROM alembic_version")).scalar_one_or_none()
            if found
            else None
        )
        head = ScriptDirectory.from_config(alembic_config(connection)).get_current_head()
    if current != head:
        raise DatabaseNotReadyError(
            f"The database is at migration {current or 'none'}, this version needs {head}.",
            next_step="Run `goldenhour db up`; it migrates without losing data.",
        )


def _check_locale(connection: Connection) -> None:
    trigrams = connection.execute(
        text(
            "SELECT pg_encoding_to_char(encoding), datcollate, datctype FROM pg_database"
            " WHERE datname = current_database()"
        )
    ).one()
    if trigrams[0] != "UTF8" or trigrams[2] in {"C", "POSIX"}:
        raise DatabaseNotReadyError(
            f"The database has encoding {trigrams[0]} and locale {trigrams[2]}, in which Chinese "
            "addresses cannot be found by similarity.",
            next_step="Create it anew with ENCODING 'UTF8' LOCALE 'C.UTF-8' TEMPLATE template0.",
        )


def _ensure_application_role(connection: Connection) -> None:
    found = connection.execute(
        text("SELECT 1 FROM pg_roles WHERE rolname = :role"), {"role": APPLICATION_ROLE}
    ).first()
    if found is None:
        may_create = connection.execute(
            text("SELECT rolcreaterole OR rolsuper FROM pg_roles WHERE rolname = current_user")
        ).scalar_one()
        if not may_create:
            raise DatabaseNotReadyError(
                f"The role {APPLICATION_ROLE} does not exist and may not be created by this user.",
                next_step=f"Ask the administrator for:  CREATE ROLE {APPLICATION_ROLE}; "
                f"GRANT {APPLICATION_ROLE} TO <your user>;",
            )
        connection.execute(text(f"CREATE ROLE {APPLICATION_ROLE}"))
        connection.execute(text(f"GRANT {APPLICATION_ROLE} TO CURRENT_USER"))


def _settle_purpose(connection: Connection, purpose: Purpose) -> None:
    connection.execute(
        text("INSERT INTO installation (purpose) VALUES (:purpose) ON CONFLICT DO NOTHING"),
        {"purpose": purpose},
    )
    _check_purpose(connection, purpose)


def check_purpose(engine: Engine, purpose: Purpose) -> None:
    """Check that the database serves this purpose.

    Raises
    ------
    DatabaseNotReadyError
        It is for the other one.
    """
    with engine.connect() as connection:
        _check_purpose(connection, purpose)


def _check_purpose(connection: Connection, purpose: Purpose) -> None:
    stored = connection.execute(text("SELECT purpose FROM installation")).scalar_one()
    if stored != purpose:
        raise DatabaseNotReadyError(
            f"This database is for '{stored}', not for '{purpose}'.",
            next_step="Live and simulated work never share a database: use another "
            "GOLDENHOUR_DATABASE_URL or state folder.",
        )
    if purpose == "simulation":
        connection.execute(
            text("INSERT INTO simulation_control DEFAULT VALUES ON CONFLICT DO NOTHING")
        )

"""The chain of migrations leads to exactly the declared tables, and back to nothing."""

import pytest
from alembic import command
from sqlalchemy import create_engine, text
from sqlalchemy.exc import DBAPIError, IntegrityError

from gis.access import SYSTEM
from gis.database import Database
from gis.events import NewEvent
from gis.schema import alembic_config, pending_differences

pytestmark = pytest.mark.database


def test_autogenerate_on_a_migrated_database_proposes_nothing(owner_url: str) -> None:
    assert pending_differences(owner_url) == []


def test_downgrade_and_upgrade_again_end_in_the_same_shape(owner_url: str) -> None:
    engine = create_engine(owner_url)
    with engine.begin() as connection:
        connection.execute(text("ALTER TABLE installation DISABLE TRIGGER ALL"))
        command.downgrade(alembic_config(connection), "base")
        left = connection.execute(
            text(
                "SELECT tablename FROM pg_tables WHERE schemaname = 'public'"
                " AND tablename NOT IN ('spatial_ref_sys', 'alembic_version')"
            )
        ).all()
        assert left == []
        command.upgrade(alembic_config(connection), "head")
    engine.dispose()
    assert pending_differences(owner_url) == []


def test_every_geometry_column_has_a_gist_index(owner_url: str) -> None:
    engine = create_engine(owner_url)
    with engine.connect() as connection:
        bare = connection.execute(
            text("""
            SELECT g.f_table_name, g.f_geometry_column FROM geometry_columns g
            WHERE NOT EXISTS (
                SELECT 1 FROM pg_index i
                JOIN pg_class t ON t.oid = i.indrelid
                JOIN pg_class x ON x.oid = i.indexrelid
                JOIN pg_am m ON m.oid = x.relam AND m.amname = 'gist'
                JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum = ANY (i.indkey)
                WHERE t.relname = g.f_table_name AND a.attname = g.f_geometry_column)
            """)
        ).all()
        counted = connection.execute(text("SELECT count(*) FROM geometry_columns")).scalar_one()
    engine.dispose()
    assert bare == []
    assert counted >= 13


def test_chinese_has_trigrams_in_our_locale(database: Database) -> None:
    with database.read(SYSTEM) as uow:
        trigrams = uow.session.execute(text("SELECT show_trgm('深圳市福田区')")).scalar_one()
    assert len(trigrams) >= 6


def test_the_application_cannot_change_an_event(database: Database) -> None:
    with database.unit_of_work(SYSTEM) as uow:
        uow.emit(NewEvent("unit", "1", "unit.status_changed", {}, uow.clock.now()))
    for statement in (
        "UPDATE events SET actor = 'nobody'",
        "DELETE FROM events",
        "TRUNCATE events",
    ):
        with pytest.raises(DBAPIError), database.unit_of_work(SYSTEM) as uow:
            uow.session.execute(text(statement))


def test_even_the_owner_cannot_change_an_event(database: Database, owner_url: str) -> None:
    with database.unit_of_work(SYSTEM) as uow:
        uow.emit(NewEvent("unit", "1", "unit.status_changed", {}, uow.clock.now()))
    engine = create_engine(owner_url)
    with pytest.raises(IntegrityError, match="append-only"), engine.begin() as connection:
        connection.execute(text("UPDATE events SET actor = 'nobody'"))
    engine.dispose()


def test_partitions_are_made_ahead_and_dropped_after_retention(database: Database) -> None:
    def partitions() -> set[str]:
        with database.read(SYSTEM) as uow:
            rows = uow.session.execute(
                text(
                    "SELECT c.relname FROM pg_inherits h JOIN pg_class c ON c.oid = h.inhrelid"
                    " WHERE h.inhparent = 'unit_positions'::regclass"
                )
            )
            return {row[0] for row in rows}

    maintain = text("SELECT maintain_position_partitions(:day, 2, 30)")
    with database.unit_of_work(SYSTEM) as uow:
        uow.session.execute(maintain, {"day": "2026-01-01"})
    assert {"unit_positions_20260101", "unit_positions_20260103"} <= partitions()
    with database.unit_of_work(SYSTEM) as uow:
        uow.session.execute(maintain, {"day": "2026-02-01"})
    assert partitions() == {
        "unit_positions_default", "unit_positions_20260201", "unit_positions_20260202",
        "unit_positions_20260203", "unit_positions_20260102", "unit_positions_20260103",
    } - {"unit_positions_20260101"}  # fmt: skip

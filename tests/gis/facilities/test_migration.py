"""Facilities and what hangs on them pass through every migration since the sixth, both ways."""

from collections.abc import Sequence

import pytest
from alembic import command
from sqlalchemy import Connection, create_engine, text

from gis.schema import alembic_config

pytestmark = pytest.mark.database

BEFORE = """
INSERT INTO cities (city_id, key, name, source, attribution, time_zone, extent) VALUES
    (1, 'c', 'C', 'osm', 'x', 'UTC', 'SRID=4326;POLYGON((0 0,0 1,1 1,1 0,0 0))');
INSERT INTO areas (city_id, code, level, name, valid_from, source, population, geom) VALUES
    (1, '440305', 'district', 'A', '2000-01-01', 'osm', 1200,
     'SRID=4326;MULTIPOLYGON(((0 0,0 1,1 1,1 0,0 0)))');
INSERT INTO facilities (facility_id, city_id, source, source_ref, kind, name,
    has_emergency_department, bed_count, tags, modelled, geom, entrance) VALUES
    (11, 1, 'osm', 'node/1', 'hospital', 'One', true, 90, '{"emergency": "yes"}', false,
     'SRID=4326;POINT(0.1 0.1)', 'SRID=4326;POINT(0.2 0.2)'),
    (12, 1, 'osm', 'node/2', 'clinic', 'Two', false, NULL, '{"emergency": "no"}', false,
     'SRID=4326;POINT(0.1 0.1)', NULL),
    (13, 1, 'osm', 'node/3', 'hospital', 'Three', false, NULL, '{}', false,
     'SRID=4326;POINT(0.1 0.1)', NULL),
    (14, 1, 'model', 'x', 'community_health_centre', 'Four', false, NULL, '{}', true,
     'SRID=4326;POINT(0.1 0.1)', NULL);
SELECT setval('facilities_facility_id_seq', 14), setval('cities_city_id_seq', 1);
INSERT INTO facility_capabilities (facility_id, capability, level) VALUES
    (11, 'trauma', 2), (11, 'pci', NULL), (13, 'ct', NULL);
INSERT INTO hospital_status (facility_id, diverting, reported_at) VALUES (11, true, now());
"""

EARLY = "SELECT facility_id, source, source_ref, kind, name, bed_count, tags FROM facilities"
NOW = """
SELECT facility_id, s.source, s.source_ref, f.kind, f.name, f.bed_count, s.tags
FROM facilities AS f JOIN facility_sources AS s USING (facility_id)
JOIN facility_kinds AS k USING (facility_id)
WHERE k.kind = f.kind AND k.valid_until IS NULL AND s.ended_at IS NULL"""
CAPABILITIES = "SELECT facility_id, capability, level FROM facility_capabilities"
EMERGENCY = "SELECT facility_id, has_emergency_department FROM facilities"
STATUSES = "SELECT facility_id, diverting FROM hospital_status"
ENTRANCES = "SELECT facility_id, ST_AsText(entrance) FROM facilities WHERE entrance IS NOT NULL"
POOLS = "SELECT facility_id, kind, capacity FROM bed_pools"


def rows(connection: Connection, statement: str) -> Sequence[tuple[object, ...]]:
    found = connection.execute(text(f"{statement} ORDER BY 1, 2")).all()
    return [tuple(row) for row in found]


def test_nothing_of_the_sixth_migration_is_lost_up_down_and_up(owner_url: str) -> None:
    engine = create_engine(owner_url)
    with engine.begin() as connection:
        connection.execute(text("ALTER TABLE installation DISABLE TRIGGER ALL"))
        config = alembic_config(connection)
        command.downgrade(config, "0006")
        connection.exec_driver_sql(BEFORE)
        kept = {name: rows(connection, name) for name in (CAPABILITIES, STATUSES, ENTRANCES)}
        early = rows(connection, EARLY)
        command.upgrade(config, "head")

        def check_head() -> None:
            assert rows(connection, NOW) == early
            assert {name: rows(connection, name) for name in kept} == kept
            # Of a map nobody said “no” without the tag; a model knows.
            assert rows(connection, EMERGENCY) == [(11, True), (12, False), (13, None), (14, False)]
            people = rows(connection, "SELECT code, persons FROM populations JOIN areas"
                                      " USING (area_id)")  # fmt: skip
            assert people == [("440305", 1200.0)]

        check_head()
        connection.exec_driver_sql(
            "INSERT INTO bed_pools (facility_id, kind, capacity, occupied, reported_at)"
            " VALUES (11, 'icu', 3, 1, now())"
        )
        command.downgrade(config, "0018")
        assert rows(connection, EARLY) == early
        assert rows(connection, POOLS) == [(11, "icu", 3)]
        command.upgrade(config, "head")
        check_head()
        assert rows(connection, POOLS) == [(11, "icu", 3)]
        command.downgrade(config, "0006")
        assert rows(connection, EARLY) == early
        assert {name: rows(connection, name) for name in kept} == kept
        assert rows(connection, "SELECT code, population FROM areas") == [("440305", 1200)]
        command.upgrade(config, "head")
        check_head()
    engine.dispose()


def test_later_kinds_merged_and_ended_facilities_go_back_as_what_was_known(owner_url: str) -> None:
    engine = create_engine(owner_url)
    with engine.begin() as connection:
        config = alembic_config(connection)
        command.downgrade(config, "0018")
        connection.exec_driver_sql(BEFORE.replace(" population,", "").replace(" 1200,", ""))
        command.upgrade(config, "0019")
        connection.exec_driver_sql("""
            UPDATE facility_kinds SET kind = 'maternity_hospital' WHERE facility_id = 11;
            UPDATE facility_kinds SET kind = 'blood_bank' WHERE facility_id = 12;
            UPDATE facility_kinds SET valid_until = now() + interval '1 h' WHERE facility_id = 13;
            UPDATE facility_capabilities SET valid_until = now() + interval '1 h'
            WHERE facility_id = 13;
            UPDATE facility_sources SET facility_id = 11 WHERE facility_id = 14;
            DELETE FROM facility_kinds WHERE facility_id = 14;
            UPDATE facilities SET merged_into_id = 11 WHERE facility_id = 14;
        """)
        command.downgrade(config, "0018")
        assert rows(connection, EARLY.replace(", name, bed_count, tags", "")) == [
            (11, "osm", "node/1", "hospital"), (12, "osm", "node/2", "clinic"),
            (13, "osm", "node/3", "hospital"), (14, "merged", "14", "clinic"),
        ]  # fmt: skip
        assert rows(connection, CAPABILITIES) == [(11, "pci", None), (11, "trauma", 2)]
        assert rows(connection, EMERGENCY)[2] == (13, False)
    engine.dispose()

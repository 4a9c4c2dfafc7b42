"""A device reported gone is not sent for; one of which nothing is known is."""

import re

import pytest
from sqlalchemy import create_engine, text

from dispatch.aeds import repository
from gis.access import SYSTEM
from tests.statements import counted

pytestmark = pytest.mark.database


def names(database, city):
    with database.read(SYSTEM) as uow:
        rows = repository.nearest_aeds(uow.session, city.city_id, lon=114.05, lat=22.55, limit=10)
    return {row.source_ref for row in rows}


def test_a_missing_device_is_left_out(database, city):
    assert names(database, city) == {"closed", "open", "unknown"}
    with database.unit_of_work(SYSTEM) as uow:
        for ref, state in (("open", "missing"), ("closed", "in_service")):
            uow.session.execute(
                text(
                    "INSERT INTO aed_states (aed_id, state, reported_at)"
                    " SELECT aed_id, :state, now() FROM aeds WHERE source_ref = :ref"
                ),
                {"ref": ref, "state": state},
            )
    assert names(database, city) == {"closed", "unknown"}


def test_the_nearest_come_from_the_index_in_a_plan_that_is_kept(database, city, owner_url):
    with database.read(SYSTEM) as uow, counted(database.engine) as statements:
        repository.nearest_aeds(uow.session, city.city_id, lon=114.05, lat=22.55, limit=30)
    named: list[str] = []

    def number(found: re.Match[str]) -> str:
        named.append(found[1])
        return f"${len(named)}"

    query = re.sub(r"%\((\w+)\)s", number, statements[-1])
    values = {"city_id": str(city.city_id), "lon": "114.05", "lat": "22.55"}
    given = ", ".join(f"'{values[name]}'" if name in values else "'30'" for name in named)
    engine = create_engine(owner_url)
    with engine.begin() as connection:
        connection.execute(text(
            "INSERT INTO aeds (city_id, source, source_ref, name, geom, access)"
            " SELECT city_id, source, 'copy ' || n, name,"
            " ST_Translate(geom, n % 60 * 0.001, n / 60 * 0.001), access"
            " FROM aeds, generate_series(1, 3000) AS n WHERE source_ref = 'open'"
        ))  # fmt: skip
        connection.execute(text("ANALYZE aeds"))
        connection.execute(text("SET LOCAL plan_cache_mode = force_generic_plan"))
        connection.exec_driver_sql(f"PREPARE nearest AS {query}")
        plan = "\n".join(connection.exec_driver_sql(f"EXPLAIN EXECUTE nearest ({given})").scalars())
    engine.dispose()
    assert "Index Scan using idx_aeds_geom" in plan, plan
    assert "Seq Scan on aeds" not in plan, plan

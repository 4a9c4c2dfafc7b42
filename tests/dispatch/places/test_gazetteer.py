"""The gazetteer answers misspelt names; how fast, `./run bench lookups` says."""

import pytest
from sqlalchemy import create_engine, text

from dispatch.places import service as places_service
from gis.access import SYSTEM

pytestmark = pytest.mark.database

ENTRIES = 30_000


@pytest.mark.parametrize(
    ("query", "name", "picked"),
    [
        ("深南大道", "深南大道", True),
        ("深男大道", "深南大道", True),
        ("shennan dadao", "深南大道", True),
        ("avenida balmaseda", "Avenida Balmaceda", True),
        ("Balmaceda 1500", "Avenida Balmaceda", False),
        ("深南大道与新洲路", "新洲路 & 深南大道", True),
        ("深男大道和新州路交叉口", "新洲路 & 深南大道", True),
        ("人民医院", "人民医院", False),
    ],
)
def test_places_are_found(database, city, query, name, picked):
    with database.read(SYSTEM) as uow:
        found = places_service.search_places(uow, city.city_id, query=query)
    assert found.places[0].name == name
    assert (found.picked is not None) is picked
    assert found.ambiguous is (name == "人民医院")


def test_a_name_of_two_characters_is_found(database, city):
    with database.read(SYSTEM) as uow:
        assert places_service.search_places(uow, city.city_id, query="深南").places


def test_candidates_of_a_large_gazetteer_come_from_the_trigram_index(database, city, owner_url):
    with database.unit_of_work(SYSTEM) as uow:
        uow.session.execute(
            text("""
            INSERT INTO places
                (city_id, source, source_ref, kind, name, search_text, radius_m, geom)
            SELECT :city, 'bulk', i::text, 'street', n.name, n.name, 30,
                   ST_SetSRID(ST_MakePoint(114.0 + random() * 0.2, 22.5 + random() * 0.1), 4326)
            FROM generate_series(1, :n) AS i
            CROSS JOIN LATERAL (
                SELECT (array['中山','人民','解放','建设','和平','新华','文化','光明'])[1 + i % 8]
                    || (array['东','西','南','北','中','一','二','三'])[1 + (i / 8) % 8]
                    || (array['路','街','巷','大道'])[1 + (i / 64) % 4] || ' '
                    || substr(md5(i::text), 1, 10) AS name
            ) AS n
            """),
            {"city": city.city_id, "n": ENTRIES},
        )
    owner = create_engine(owner_url)  # the application may not analyse
    with owner.begin() as connection:
        connection.execute(text("ANALYZE places"))
    owner.dispose()
    with database.read(SYSTEM) as uow:
        uow.session.execute(
            text("SELECT set_config('pg_trgm.word_similarity_threshold', '0.55', true)")
        )
        plan = "\n".join(uow.session.scalars(
            text("EXPLAIN SELECT place_id FROM places WHERE city_id = :city"
                 " AND search_text %> '深男大道'"), {"city": city.city_id},
        ))  # fmt: skip
    assert "Index Scan on" in plan, plan
    assert "trgm" in plan, plan

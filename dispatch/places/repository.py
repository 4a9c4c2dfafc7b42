"""SQL of what is looked for around a point: gazetteer, defibrillators, hospitals, simulation."""

from typing import Any

from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from dispatch.places.scoring import PlaceCandidate
from gis.tables import (
    Place,
)

WORD_SIMILARITY_STEPS = (0.55, 0.4)
"""Least trigram word similarity of candidates; the looser step only where the first finds none.

The loose one alone would sort every name that shares a common word: 150 ms where 10 do.
"""


_PLACE_COLUMNS: list[Any] = [
    Place.place_id, Place.kind, Place.name, Place.name_zh, Place.name_en, Place.street,
    Place.house_number, Place.search_text, Place.radius_m, Place.modelled,
    func.ST_X(Place.geom).label("lon"), func.ST_Y(Place.geom).label("lat"),
]  # fmt: skip

_SET_THRESHOLD = text("SELECT set_config('pg_trgm.word_similarity_threshold', :threshold, true)")

_SEARCH = text("""
SELECT place_id, kind, name, name_zh, name_en, street, house_number, search_text, radius_m,
       modelled, ST_X(geom) AS lon, ST_Y(geom) AS lat
FROM places
WHERE city_id = :city_id AND search_text %> :query
ORDER BY word_similarity(:query, search_text) DESC, length(search_text), place_id
LIMIT :limit
""")

_CONTAINS = text("""
SELECT place_id, kind, name, name_zh, name_en, street, house_number, search_text, radius_m,
       modelled, ST_X(geom) AS lon, ST_Y(geom) AS lat
FROM places
WHERE city_id = :city_id AND search_text LIKE :pattern
ORDER BY length(search_text), place_id
LIMIT :limit
""")


_STREETS_NEAR = text("""
SELECT name FROM (
    SELECT name, min(distance_m) AS distance_m FROM (
        SELECT name, ST_Distance(geom::geography, here.point::geography) AS distance_m
        FROM road_segments,
             (SELECT ST_SetSRID(ST_MakePoint(:lon, :lat), 4326) AS point) AS here
        WHERE city_id = :city_id AND name IS NOT NULL
          AND geom && ST_Expand(here.point, 0.004)
        ORDER BY geom <-> here.point
        LIMIT 20
    ) AS near GROUP BY name
) AS streets
WHERE distance_m <= :limit_m
ORDER BY distance_m, name
LIMIT 2
""")


def streets_near(
    session: Session, city_id: int, *, lon: float, lat: float, limit_m: float
) -> list[str]:
    """Return the names of up to two streets within `limit_m` of a point, nearest first."""
    found = session.execute(
        _STREETS_NEAR, {"city_id": city_id, "lon": lon, "lat": lat, "limit_m": limit_m}
    ).scalars()
    return list(found)


def search_places(
    session: Session, city_id: int, *, query: str, limit: int = 80
) -> list[PlaceCandidate]:
    """Return gazetteer candidates for a folded query by trigram word similarity, best first.

    Queries of one or two characters have too few trigrams; they are looked for as they stand.
    """
    if len(query.replace(" ", "")) <= 2:
        pattern = "%" + query.replace("\\", "").replace("%", "").replace("_", "") + "%"
        rows = session.execute(_CONTAINS, {"city_id": city_id, "pattern": pattern, "limit": limit})
        return [PlaceCandidate(**row._mapping) for row in rows]
    for threshold in WORD_SIMILARITY_STEPS:
        session.execute(_SET_THRESHOLD, {"threshold": str(threshold)})
        found = session.execute(_SEARCH, {"city_id": city_id, "query": query, "limit": limit}).all()
        if found:
            return [PlaceCandidate(**row._mapping) for row in found]
    return []


def find_place(session: Session, city_id: int, place_id: int) -> PlaceCandidate | None:
    """Return one gazetteer entry of a city."""
    row = session.execute(
        select(*_PLACE_COLUMNS).where(Place.city_id == city_id, Place.place_id == place_id)
    ).one_or_none()
    return PlaceCandidate(**row._mapping) if row else None

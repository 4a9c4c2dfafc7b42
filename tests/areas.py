"""Areas for tests: a tree of codes within one city."""

from collections.abc import Mapping

from sqlalchemy import text

from gis.database import UnitOfWork

LEVELS = ("country", "province", "city", "district", "street", "zone")


def add_areas(uow: UnitOfWork, parents: Mapping[str, str | None], *, key: str = "areas") -> int:
    """Store areas by code, each with its parent's code (given before it); returns the city."""
    outline = "SRID=4326;MULTIPOLYGON(((0 0,0 1,1 1,1 0,0 0)))"
    city_id: int = uow.session.execute(
        text(
            "INSERT INTO cities (key, name, source, attribution, time_zone, extent) VALUES"
            " (:key, 'Areas', 'test', 'test', 'UTC', 'SRID=4326;POLYGON((0 0,0 1,1 1,1 0,0 0))')"
            " RETURNING city_id"
        ),
        {"key": key},
    ).scalar_one()
    placed: dict[str, tuple[int, int]] = {}
    for code, parent in parents.items():
        parent_id, depth = placed[parent] if parent is not None else (None, -1)
        area_id = uow.session.execute(
            text(
                "INSERT INTO areas"
                " (city_id, code, parent_id, level, name, valid_from, source, geom)"
                " VALUES (:city, :code, :parent, :level, :code, '2000-01-01', 'test', :outline)"
                " RETURNING area_id"
            ),
            {"city": city_id, "code": code, "parent": parent_id, "level": LEVELS[depth + 1],
             "outline": outline},
        ).scalar_one()  # fmt: skip
        placed[code] = (area_id, depth + 1)
    return city_id

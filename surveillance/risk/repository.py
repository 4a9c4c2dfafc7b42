"""SQL of disease maps: areas with their residents, shapes and borders."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from gis.cities import IN_FORCE
from gis.tables import Area, Population
from surveillance.risk.residents import CountedArea

TOUCH_DEG = 1e-5
"""Areas nearer than about a metre are neighbours: outlines of two surveys leave slivers."""
_BORDERS = text("""
    WITH shown AS (
        SELECT array_position(CAST(:codes AS text[]), code) - 1 AS place, geom
        FROM areas WHERE city_id = :city_id AND valid_to IS NULL AND code = ANY(:codes)
    )
    SELECT one.place, other.place
    FROM shown AS one JOIN shown AS other
      ON one.place < other.place AND ST_DWithin(one.geom, other.geom, :touch)
    ORDER BY 1, 2
""")
PIXEL_DEG = 0.0002
"""Outlines are told to about 20 m, which no map of districts shows."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownArea:
    """An area to draw: its names, and its outline as WKB in WGS-84 degrees."""

    code: str
    name: str
    name_zh: str | None
    name_en: str | None
    modelled: bool
    shape: bytes


def counted_areas(session: Session, city_id: int) -> list[CountedArea]:
    """Return the present areas of a city, each with its newest count of all residents."""
    newest = (
        select(Population.persons, Population.counted_on, Population.source)
        .where(
            Population.area_id == Area.area_id, Population.base == "resident",
            Population.sex == "all", Population.age_from == 0, Population.age_below.is_(None),
        )
        .order_by(Population.counted_on.desc().nulls_last(), Population.population_id.desc())
        .limit(1)
        .lateral()
    )  # fmt: skip
    rows = session.execute(
        select(
            Area.code, Area.path, newest.c.persons, newest.c.counted_on, newest.c.source
        )
        .join(newest, newest.c.persons.is_not(None), isouter=True)
        .where(Area.city_id == city_id, *IN_FORCE[Area])
        .order_by(Area.code)
    )  # fmt: skip
    return [
        CountedArea(
            code=row.code, path=tuple(row.path), persons=row.persons, counted_on=row.counted_on,
            source=row.source,
        )
        for row in rows
    ]  # fmt: skip


def borders(session: Session, city_id: int, codes: Sequence[str]) -> NDArray[np.int64]:
    """Return which of the present areas (pairs, 2) touch, as places in `codes`."""
    rows = session.execute(
        _BORDERS, {"city_id": city_id, "codes": list(codes), "touch": TOUCH_DEG}
    ).all()
    return np.array([tuple(row) for row in rows], np.int64).reshape(-1, 2)


def shown_areas(session: Session, city_id: int, codes: Sequence[str]) -> list[ShownArea]:
    """Return present areas with their outlines, by code."""
    simple = func.ST_SimplifyPreserveTopology(Area.geom, PIXEL_DEG)
    rows = session.execute(
        select(
            Area.code, Area.name, Area.name_zh, Area.name_en, Area.modelled,
            func.ST_AsBinary(simple).label("shape"),
        )
        .where(Area.city_id == city_id, Area.code.in_(codes), *IN_FORCE[Area])
        .order_by(Area.code)
    )  # fmt: skip
    return [
        ShownArea(
            code=row.code, name=row.name, name_zh=row.name_zh, name_en=row.name_en,
            modelled=row.modelled, shape=bytes(row.shape),
        )
        for row in rows
    ]  # fmt: skip

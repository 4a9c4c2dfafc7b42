"""The areas that are in force, as lists to choose from show them."""

from dataclasses import dataclass

from sqlalchemy import func, select

from gis.database import UnitOfWork
from gis.rows import view_of
from gis.tables import Area, City


@dataclass(frozen=True, slots=True)
class AreaInfo:
    """One area; `depth`: how many areas of its city stand above it."""

    city_id: int
    city: str
    code: str
    level: str
    depth: int
    name: str
    name_zh: str | None
    name_en: str | None


def list_areas(uow: UnitOfWork) -> tuple[AreaInfo, ...]:
    """Return every area in force: by city, each after those above it, by code."""
    above = Area.__table__.alias("above")
    depth = (
        select(func.count())
        .where(
            above.c.city_id == Area.city_id, above.c.valid_to.is_(None),
            above.c.code != Area.code, above.c.code == func.any(Area.path),
        )
        .correlate(Area)
        .scalar_subquery()
        .label("depth")
    )  # fmt: skip
    rows = uow.session.execute(
        select(
            Area.city_id, City.name.label("city"), Area.code, Area.level, depth, Area.name,
            Area.name_zh, Area.name_en,
        )
        .join(City, City.city_id == Area.city_id)
        .where(Area.valid_to.is_(None))
        .order_by(Area.city_id, Area.path, Area.code)
    )  # fmt: skip
    return tuple(view_of(AreaInfo, row) for row in rows)

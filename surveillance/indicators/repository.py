"""SQL of indicators of areas; values are written by `gis.indicators` alone."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from gis.cities import IN_FORCE
from gis.tables import Area, IndicatorLatest
from surveillance.indicators.catalogue import INDICATORS

_OF_AREAS = (
    (IndicatorLatest.subject_kind == "area"), (Area.code == IndicatorLatest.subject_id),
    *IN_FORCE[Area],
)  # fmt: skip


def levels_of(session: Session, city_id: int, indicators: Collection[str]) -> dict[str, str]:
    """Return the level of the areas of which each of some indicators has values."""
    rows = session.execute(
        select(IndicatorLatest.indicator, func.min(Area.level))
        .where(Area.city_id == city_id, IndicatorLatest.indicator.in_(indicators), *_OF_AREAS)
        .group_by(IndicatorLatest.indicator)
    )  # fmt: skip
    return {row[0]: row[1] for row in rows}


def taken_in_at(session: Session, city_id: int, *, source: str | None = None) -> datetime | None:
    """Return as of when the newest value of a city's areas is, of one source or of any."""
    statement = select(func.max(IndicatorLatest.as_of)).where(
        Area.city_id == city_id, IndicatorLatest.indicator.in_(INDICATORS), *_OF_AREAS
    )
    if source is not None:
        statement = statement.where(IndicatorLatest.source == source)
    return session.execute(statement).scalar_one()

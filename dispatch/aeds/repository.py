"""SQL of defibrillators."""

from collections.abc import Sequence
from functools import cache
from typing import Any

from sqlalchemy import Float, Integer, Select, Text, bindparam, func, literal_column, or_, select
from sqlalchemy.orm import Session

from gis.rows import AnyRow
from gis.tables import SRID, Aed, AedState

GONE_STATES = ("in_use", "missing", "out_of_service")
"""A device reported so is not sent for; one of which nothing is known is."""


def nearest_aeds(
    session: Session, city_id: int, *, lon: float, lat: float, limit: int
) -> Sequence[AnyRow]:
    """Return the `limit` devices nearest by air line, with it in metres, nearest first."""
    place = {"city_id": city_id, "lon": lon, "lat": lat}
    return session.execute(_nearest(limit), place).all()


@cache
def _nearest(limit: int) -> Select[Any]:
    """Return the statement of `nearest_aeds`: to make it takes longer than to run it."""
    here = func.ST_SetSRID(
        func.ST_MakePoint(bindparam("lon", type_=Float), bindparam("lat", type_=Float)), SRID
    )
    columns: list[Any] = [
        *(column for column in Aed.__table__.columns if column.name != "geom"),
        AedState.last_checked_at,
        func.ST_X(Aed.geom).label("lon"), func.ST_Y(Aed.geom).label("lat"),
        func.ST_DistanceSphere(Aed.geom, here).label("distance_m"),
    ]  # fmt: skip
    # Written into the statement: a plan that is kept knows how few devices are taken.
    gone = [literal_column(f"'{state}'", Text) for state in GONE_STATES]
    # Degrees are shorter eastward than northward: take more by index, then order by metres.
    nearest = (
        select(*columns)
        .outerjoin(AedState, AedState.aed_id == Aed.aed_id)
        .where(
            Aed.city_id == bindparam("city_id"),
            or_(AedState.state.is_(None), AedState.state.not_in(gone)),
        )
        .order_by(Aed.geom.op("<->")(here))
        .limit(literal_column(str(2 * limit), Integer))
        .subquery()
    )
    return select(nearest).order_by(nearest.c.distance_m).limit(limit)

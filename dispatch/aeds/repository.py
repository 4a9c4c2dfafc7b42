"""SQL of defibrillators."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Integer, Text, bindparam, func, or_, select
from sqlalchemy.orm import Session

from gis.rows import AnyRow, sql_point
from gis.tables import (
    Aed,
    AedState,
)

GONE_STATES = ("in_use", "missing", "out_of_service")
"""A device reported so is not sent for; one of which nothing is known is."""


def nearest_aeds(
    session: Session, city_id: int, *, lon: float, lat: float, limit: int
) -> Sequence[AnyRow]:
    """Return the `limit` devices nearest by air line, with it in metres, nearest first."""
    here = sql_point(lon, lat)
    columns: list[Any] = [
        *(column for column in Aed.__table__.columns if column.name != "geom"),
        AedState.last_checked_at,
        func.ST_X(Aed.geom).label("lon"), func.ST_Y(Aed.geom).label("lat"),
        func.ST_DistanceSphere(Aed.geom, here).label("distance_m"),
    ]  # fmt: skip
    # Written into the statement: planned without knowing them, all devices of a city are sorted.
    taken = bindparam("taken", limit * 2, type_=Integer, literal_execute=True)
    gone = bindparam("gone", GONE_STATES, type_=Text(), expanding=True, literal_execute=True)
    # Degrees are shorter eastward than northward: take more by index, then order by metres.
    nearest = (
        select(Aed.aed_id)
        .outerjoin(AedState, AedState.aed_id == Aed.aed_id)
        .where(
            Aed.city_id == city_id,
            or_(AedState.state.is_(None), AedState.state.not_in(gone)),
        )
        .order_by(Aed.geom.op("<->")(here))
        .limit(taken)
    )
    return session.execute(
        select(*columns)
        .outerjoin(AedState, AedState.aed_id == Aed.aed_id)
        .where(Aed.aed_id.in_(nearest))
        .order_by("distance_m")
        .limit(limit)
    ).all()

"""Jurisdictions: area codes compared by the tree of areas, segment by segment.

A grant names an area's code; it reaches every row whose area lies within that area. The one
comparison is the database's `codes_within`, which row-level security asks too.
"""

from collections.abc import Collection

from sqlalchemy import ARRAY, ColumnElement, Text, cast, false, func, or_, select, text, true
from sqlalchemy.orm import InstrumentedAttribute, Session

from gis.access import EVERYWHERE, Identity, Permission
from gis.rows import sql_point
from gis.tables import Area

AREA_LEVELS = ("district", "street", "zone", "city", "province", "country")
"""Which level names the area of a place where several contain it: the district first."""


def reach_of(identity: Identity, permission: Permission | None) -> tuple[str, ...] | None:
    """Return the codes of the areas that a right is limited to, in order.

    None: it holds everywhere, or nothing asks for a right.
    """
    if permission is None:
        return None
    codes = identity.jurisdictions(permission)
    return None if EVERYWHERE in codes else tuple(sorted(set(codes)))


def may_reach(
    areas: InstrumentedAttribute[list[str]], reach: Collection[str] | None
) -> ColumnElement[bool]:
    """Return the condition that every one of a row's `areas` lies within `reach`."""
    if reach is None:
        return true()
    code = func.codes_within(cast(sorted(reach), ARRAY(Text))).column_valued("code")
    return areas.bool_op("<@")(select(func.array_agg(code)).scalar_subquery())


_OUTLINES = text("SELECT ST_AsBinary(geom) AS shape FROM areas_reached(:city_id, :reach)")


def outlines(session: Session, city_id: int, reach: Collection[str]) -> list[bytes]:
    """Return the outlines (WKB) of a city's highest areas within `reach`."""
    rows = session.execute(_OUTLINES, {"city_id": city_id, "reach": sorted(reach)})
    return [bytes(row.shape) for row in rows]


def within(
    area_code: InstrumentedAttribute[str | None], jurisdictions: Collection[str]
) -> ColumnElement[bool]:
    """Return the condition that a row lies in one of `jurisdictions`, or has no area."""
    if not jurisdictions:
        return false()
    if EVERYWHERE in jurisdictions:
        return true()
    # In FROM, where the planner unfolds it; in the list of columns it would be a call.
    code = func.codes_within(cast(sorted(jurisdictions), ARRAY(Text))).column_valued("code")
    return or_(area_code.is_(None), area_code.in_(select(code)))


def common_area(session: Session, codes: Collection[str]) -> str | None:
    """Return the code itself, or the lowest that stands above all of several; None: nothing."""
    if len(set(codes)) < 2:
        return next(iter(codes), None)
    rows = session.execute(
        select(Area.code, Area.path)
        .where(Area.code.in_(codes))
        .order_by(Area.valid_to.nulls_last())
    )
    path_of = {row.code: row.path for row in rows}
    if len(path_of) < len(set(codes)):
        return None
    shared = set.intersection(*(set(path) for path in path_of.values()))
    some_path = next(iter(path_of.values()))
    return next((code for code in reversed(some_path) if code in shared), None)


def area_at(session: Session, city_id: int, *, lon: float, lat: float) -> str | None:
    """Return the code of the district (else the next fitting level) that contains the point."""
    return session.execute(
        select(Area.code)
        .where(
            Area.city_id == city_id, Area.valid_to.is_(None),
            func.ST_Covers(Area.geom, sql_point(lon, lat)),
        )
        .order_by(func.array_position(list(AREA_LEVELS), Area.level), Area.code)
        .limit(1)
    ).scalar_one_or_none()  # fmt: skip

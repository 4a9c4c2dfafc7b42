"""Reading rows: what every repository shares."""

from dataclasses import fields
from typing import TYPE_CHECKING, Any, TypeVar

from sqlalchemy import Row, func

from gis.tables import SRID

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

V = TypeVar("V", bound="DataclassInstance")

AnyRow = Row[*tuple[Any, ...]]
"""A row of many columns, read by their names."""


def sql_point(lon: float, lat: float) -> Any:
    """Return the SQL of a WGS-84 point."""
    return func.ST_SetSRID(func.ST_MakePoint(lon, lat), SRID)


def view_of(view: type[V], row: AnyRow, **given: Any) -> V:
    """Return the dataclass `view` filled from the columns of the same names, and from `given`."""
    names = (field.name for field in fields(view) if field.name not in given)
    return view(**{name: getattr(row, name) for name in names}, **given)

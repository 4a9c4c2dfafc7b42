"""Reading rows: what every repository shares."""

from typing import Any

from sqlalchemy import Row, func

from gis.tables import SRID

AnyRow = Row[*tuple[Any, ...]]
"""A row of many columns, read by their names."""


def sql_point(lon: float, lat: float) -> Any:
    """Return the SQL of a WGS-84 point."""
    return func.ST_SetSRID(func.ST_MakePoint(lon, lat), SRID)

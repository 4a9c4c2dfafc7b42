"""Declarative base, naming convention and the column types every table shares."""

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from geoalchemy2 import Geometry
from sqlalchemy import BigInteger, DateTime, MetaData, Text
from sqlalchemy.dialects import postgresql
from sqlalchemy.orm import DeclarativeBase, mapped_column

SRID = 4326

NAMING_CONVENTION = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


class Base(DeclarativeBase):
    """Root of all tables. Times are aware UTC, geometry is WGS-84."""

    metadata = MetaData(naming_convention=NAMING_CONVENTION)
    type_annotation_map = {  # noqa: RUF012 (SQLAlchemy reads it as a class attribute)
        datetime: DateTime(timezone=True),
        UUID: postgresql.UUID(as_uuid=True),
        dict[str, Any]: postgresql.JSONB,
        str: Text,
        int: BigInteger,
    }


BigKey = Annotated[int, mapped_column(BigInteger, primary_key=True, autoincrement=True)]


def geometry(kind: str) -> Geometry:
    """Return a WGS-84 geometry column type with a GiST index. `kind`: POINT, LINESTRING, …."""
    return Geometry(kind, srid=SRID, spatial_index=True)

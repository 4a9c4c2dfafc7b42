"""What Alembic compares: our tables, not PostGIS's own and not the partitions of positions."""

import re
from typing import Any

from geoalchemy2 import alembic_helpers

_PARTITION = re.compile(r"^unit_positions_(\d{8}|default)$")


def include_object(
    obj: Any, name: str | None, type_: str, reflected: bool, compare_to: Any
) -> bool:
    """Leave out PostGIS's own tables and the daily partitions of positions."""
    if type_ == "table" and _PARTITION.match(name or ""):
        return False
    if type_ == "index" and _PARTITION.match(obj.table.name):
        return False
    kept: bool = alembic_helpers.include_object(  # type: ignore[no-untyped-call]
        obj, name, type_, reflected, compare_to
    )
    return kept

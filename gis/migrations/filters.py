"""What Alembic compares: our tables, not those of PostGIS and of the job library, no partitions."""

import re
from typing import Any

from geoalchemy2 import alembic_helpers

_PARTITION = re.compile(r"^(unit_positions_(\d{8}|default)|indicator_values_(\d{4}|default))$")
_LIBRARY = "procrastinate_"


def include_object(
    obj: Any, name: str | None, type_: str, reflected: bool, compare_to: Any
) -> bool:
    """Leave out tables of PostGIS and the job library, and the daily partitions of positions."""
    if type_ in {"table", "index"}:
        table = name or "" if type_ == "table" else obj.table.name
        if _PARTITION.match(table) or table.startswith(_LIBRARY):
            return False
    kept: bool = alembic_helpers.include_object(  # type: ignore[no-untyped-call]
        obj, name, type_, reflected, compare_to
    )
    return kept

"""Numbered SQL files beside the migrations."""

from pathlib import Path
from typing import Any

from alembic import op

_SQL_FOLDER = Path(__file__).parent / "sql"


def run_script(name: str) -> None:
    """Run a file of `gis/migrations/sql` within the migration's transaction."""
    # A cursor given no parameters sends the whole script as it is: `%` needs no doubling.
    driver: Any = op.get_bind().connection
    with driver.cursor() as cursor:
        cursor.execute((_SQL_FOLDER / name).read_text(encoding="utf-8"))

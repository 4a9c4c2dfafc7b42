"""Append-only logs, row-level security, refusal of simulated rows, position partitions, rights."""

from pathlib import Path

from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

_SQL_FOLDER = Path(__file__).parent.parent / "sql"


def _run_script(statements: str) -> None:
    # A cursor given no parameters sends the whole script as it is: `%` needs no doubling.
    with op.get_bind().connection.cursor() as cursor:
        cursor.execute(statements)


def upgrade() -> None:
    """Apply."""
    _run_script((_SQL_FOLDER / "0002_rules.sql").read_text())


def downgrade() -> None:
    """Take back."""
    _run_script((_SQL_FOLDER / "0002_rules_down.sql").read_text())

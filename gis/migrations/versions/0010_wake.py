"""Who waits is told: the sequencer of events, the holders of roads of what moved there."""

from pathlib import Path

from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

_SQL_FOLDER = Path(__file__).parent.parent / "sql"


def upgrade() -> None:
    """Apply."""
    with op.get_bind().connection.cursor() as cursor:
        cursor.execute((_SQL_FOLDER / "0010_wake.sql").read_text())


def downgrade() -> None:
    """Take back."""
    op.execute("DROP FUNCTION wake_sequencer() CASCADE")
    op.execute("DROP FUNCTION tell_of_roads() CASCADE")

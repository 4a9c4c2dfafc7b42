"""Who waits is told: the sequencer of events, the holders of roads of what moved there."""

from alembic import op

from gis.migrations.scripts import run_script

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    run_script("0010_wake.sql")


def downgrade() -> None:
    """Take back."""
    op.execute("DROP FUNCTION wake_sequencer() CASCADE")
    op.execute("DROP FUNCTION tell_of_roads() CASCADE")

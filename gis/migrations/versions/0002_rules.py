"""Append-only logs, row-level security, refusal of simulated rows, position partitions, rights."""

from gis.migrations.scripts import run_script

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    run_script("0002_rules.sql")


def downgrade() -> None:
    """Take back."""
    run_script("0002_rules_down.sql")

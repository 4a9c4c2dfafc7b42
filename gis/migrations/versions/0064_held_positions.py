"""Positions that an incident on hold needs outlive their period."""

from gis.migrations.scripts import run_script

revision = "0064"
down_revision = "0063"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    run_script("0064_held_positions.sql")


def downgrade() -> None:
    """Take back. Lost, at the next upkeep: positions past their period that holds had kept."""
    run_script("0064_held_positions_down.sql")

"""Links of pseudonyms and indicator values are kept by the database, also from their owner."""

from gis.migrations.scripts import run_script

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    run_script("0017_kept_rows.sql")


def downgrade() -> None:
    """Take back: nothing is lost but what kept these rows."""
    run_script("0017_kept_rows_down.sql")

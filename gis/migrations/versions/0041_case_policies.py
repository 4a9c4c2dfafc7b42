"""Who may see a case is asked once a statement, not for each row."""

from gis.migrations.scripts import run_script

revision = "0041"
down_revision = "0040"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    run_script("0041_case_policies.sql")


def downgrade() -> None:
    """Take back: nothing, the policies say the same."""

"""A report may be of a week or month; since when a city reports is told to who reads cases."""

import sqlalchemy as sa
from alembic import op

from gis.migrations.scripts import run_script

revision = "0046"
down_revision = "0045"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.add_column("reports", sa.Column("period", sa.Text(), nullable=True))
    run_script("0046_report_periods.sql")


def downgrade() -> None:
    """Take back. Lost: of which period a kept report is."""
    run_script("0046_report_periods_down.sql")
    op.drop_column("reports", "period")

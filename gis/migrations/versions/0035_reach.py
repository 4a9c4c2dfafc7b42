"""Layers, reports and audit know areas: outlines of a right, areas of reports and of reads."""

import sqlalchemy as sa
from alembic import op

from gis.migrations.scripts import run_script

revision = "0035"
down_revision = "0034"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply. Reports made before are of everywhere; reads made before get their call's area."""
    op.add_column(
        "reports", sa.Column("areas", sa.ARRAY(sa.Text()), nullable=False, server_default='{""}')
    )
    op.alter_column("reports", "areas", server_default=None)
    op.add_column("personal_access", sa.Column("area_code", sa.Text(), nullable=True))
    run_script("0035_reach.sql")


def downgrade() -> None:
    """Take back. Lost: of which areas reports and reads of personal values are."""
    run_script("0035_reach_down.sql")
    op.drop_column("personal_access", "area_code")
    op.drop_column("reports", "areas")

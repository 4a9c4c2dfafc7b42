"""Exports say which areas their rows may be of."""

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply. Of exports made before nobody knows: they count as of everywhere."""
    op.add_column(
        "exports",
        sa.Column("areas", sa.ARRAY(sa.Text()), nullable=False, server_default='{""}'),
    )
    op.alter_column("exports", "areas", server_default=None)


def downgrade() -> None:
    """Take back. Lost: of which areas each export was."""
    op.drop_column("exports", "areas")

"""A run says which diseases it counted by aggregate reports."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0047"
down_revision = "0046"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.add_column(
        "surveillance_runs",
        sa.Column("covered", JSONB(), server_default=sa.text("'[]'"), nullable=False),
    )


def downgrade() -> None:
    """Take back. Lost: by whose reports a day was counted."""
    op.drop_column("surveillance_runs", "covered")

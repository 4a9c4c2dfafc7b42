"""A stamp that was undone stays, marked with when."""

import sqlalchemy as sa
from alembic import op

revision = "0036"
down_revision = "0035"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.add_column(
        "assignment_stamps", sa.Column("undone_at", sa.DateTime(timezone=True), nullable=True)
    )


def downgrade() -> None:
    """Take back. Stamps that were undone go: nothing else would tell them from the others."""
    op.execute("DELETE FROM assignment_stamps WHERE undone_at IS NOT NULL")
    op.drop_column("assignment_stamps", "undone_at")

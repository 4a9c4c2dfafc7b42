"""Since when a unit under way is known to be late, or to stand still."""

import sqlalchemy as sa
from alembic import op

revision = "0037"
down_revision = "0036"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.add_column(
        "assignments", sa.Column("overdue_since", sa.DateTime(timezone=True), nullable=True)
    )
    op.create_index(
        "ix_assignments_overdue", "assignments", ["incident_id"],
        postgresql_where=sa.text("overdue_since IS NOT NULL"),
    )  # fmt: skip


def downgrade() -> None:
    """Take back. Lost: since when units are overdue, which is found again within a minute."""
    op.drop_index("ix_assignments_overdue", "assignments")
    op.drop_column("assignments", "overdue_since")

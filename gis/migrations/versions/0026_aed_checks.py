"""A moderator asks somebody to look at a reported defibrillator."""

import sqlalchemy as sa
from alembic import op

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.add_column(
        "aed_reports", sa.Column("check_requested_at", sa.DateTime(timezone=True), nullable=True)
    )
    op.add_column("aed_reports", sa.Column("check_requested_by", sa.Text(), nullable=True))
    op.create_check_constraint(
        op.f("ck_aed_reports_check_requested"), "aed_reports",
        "(check_requested_at IS NULL) = (check_requested_by IS NULL)",
    )  # fmt: skip


def downgrade() -> None:
    """Take back. Lost: who had which report checked."""
    op.drop_constraint(op.f("ck_aed_reports_check_requested"), "aed_reports")
    op.drop_column("aed_reports", "check_requested_by")
    op.drop_column("aed_reports", "check_requested_at")

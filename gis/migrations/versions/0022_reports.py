"""Reports that were made, with their files."""

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "reports",
        sa.Column("report_id", sa.BigInteger(), autoincrement=True, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("city_id", sa.BigInteger(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("provenance", sa.Text(), nullable=False),
        sa.Column("as_of", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("requested_by", sa.Text(), nullable=False),
        sa.CheckConstraint("language IN ('zh','en')", name=op.f("ck_reports_language")),
        sa.CheckConstraint("expires_at > as_of", name=op.f("ck_reports_expiry")),
        sa.CheckConstraint(
            "provenance IN ('recorded','modelled','simulated')", name=op.f("ck_reports_provenance")
        ),
        sa.ForeignKeyConstraint(
            ["city_id"], ["cities.city_id"], name=op.f("fk_reports_city_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("report_id", name=op.f("pk_reports")),
    )
    op.create_index(op.f("ix_reports_city_id"), "reports", ["city_id"])
    op.create_index("ix_reports_expires_at", "reports", ["expires_at"])
    op.create_table(
        "report_files",
        sa.Column("report_id", sa.BigInteger(), nullable=False),
        sa.Column("format", sa.Text(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["report_id"], ["reports.report_id"], name=op.f("fk_report_files_report_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("report_id", "format", name=op.f("pk_report_files")),
    )  # fmt: skip


def downgrade() -> None:
    """Take back. Lost: every report that was kept; it can be made again."""
    op.drop_table("report_files")
    op.drop_table("reports")

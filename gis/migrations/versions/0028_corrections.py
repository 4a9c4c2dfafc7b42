"""Personal values are corrected at the request of the person concerned, on record."""

import sqlalchemy as sa
from alembic import op

from gis.migrations.scripts import run_script

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "corrections",
        sa.Column("correction_id", sa.UUID(), nullable=False),
        *(
            sa.Column(name, sa.Text(), nullable=False)
            for name in ("subject_kind", "subject_id", "field", "asked_by", "reason")
        ),
        sa.Column("struck", sa.Boolean(), nullable=False),
        sa.Column("corrected_by", sa.Text(), nullable=False),
        sa.Column("corrected_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("length(btrim(reason)) >= 10", name=op.f("ck_corrections_reason")),
        sa.CheckConstraint(
            "asked_by IN ('person','representative','authority')",
            name=op.f("ck_corrections_asked_by"),
        ),
        sa.PrimaryKeyConstraint("correction_id", name=op.f("pk_corrections")),
    )
    op.create_index("ix_corrections_subject", "corrections", ["subject_kind", "subject_id"])
    op.create_index(op.f("ix_corrections_corrected_at"), "corrections", ["corrected_at"])
    run_script("0028_corrections.sql")


def downgrade() -> None:
    """Take back. Lost: who asked for corrections; the corrected values stay."""
    op.drop_table("corrections")

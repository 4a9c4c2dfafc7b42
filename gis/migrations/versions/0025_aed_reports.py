"""Citizens report missing and broken defibrillators; moderators decide."""

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None

_CHECKS = {
    "kind": "kind IN ('missing','broken')",
    "words": "length(words) <= 200",
    "decision": "decision IN ('accepted','dismissed')",
    "decided": "(decision IS NULL) = (decided_at IS NULL)"
    " AND (decision IS NULL) = (decided_by IS NULL)",
    "sender": "(sender_salt IS NULL) = (sender_digest IS NULL)",
}


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "aed_reports",
        sa.Column("report_id", sa.UUID(), nullable=False),
        sa.Column("aed_id", sa.BigInteger(), nullable=False),
        sa.Column("area_code", sa.Text(), nullable=True),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("words", sa.Text(), nullable=True),
        sa.Column("reported_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sender_salt", sa.LargeBinary(), nullable=True),
        sa.Column("sender_digest", sa.LargeBinary(), nullable=True),
        sa.Column("decision", sa.Text(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_by", sa.Text(), nullable=True),
        *(
            sa.CheckConstraint(words, name=op.f(f"ck_aed_reports_{name}"))
            for name, words in _CHECKS.items()
        ),
        sa.ForeignKeyConstraint(
            ["aed_id"], ["aeds.aed_id"], name=op.f("fk_aed_reports_aed_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("report_id", name=op.f("pk_aed_reports")),
    )
    for column in ("aed_id", "reported_at"):
        op.create_index(op.f(f"ix_aed_reports_{column}"), "aed_reports", [column])
    op.create_index(
        "ix_aed_reports_open", "aed_reports", ["aed_id"],
        postgresql_where=sa.text("decision IS NULL"),
    )  # fmt: skip


def downgrade() -> None:
    """Take back. Lost: what was reported; the states of devices stay."""
    op.drop_table("aed_reports")

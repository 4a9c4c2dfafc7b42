"""Retention with holds and a journal of erasures; reviews of personal reads; break-glass."""

import sqlalchemy as sa
from alembic import op

from gis.migrations.scripts import run_script

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None

_VERDICT = "verdict IN ('in_order','questioned')"


def _at(name: str, *, nullable: bool = False) -> sa.Column[sa.DateTime]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def _text(name: str, *, nullable: bool = False) -> sa.Column[sa.Text]:
    return sa.Column(name, sa.Text(), nullable=nullable)


def _reason(table: str) -> sa.CheckConstraint:
    return sa.CheckConstraint("length(btrim(reason)) >= 10", name=op.f(f"ck_{table}_reason"))


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "retention_periods",
        sa.Column("period_id", sa.BigInteger(), autoincrement=True, nullable=False),
        _text("rule"),
        sa.Column("days", sa.BigInteger(), nullable=False),
        _text("reason"),
        _text("set_by"),
        _at("set_at"),
        sa.CheckConstraint("days >= 1", name=op.f("ck_retention_periods_days")),
        _reason("retention_periods"),
        sa.PrimaryKeyConstraint("period_id", name=op.f("pk_retention_periods")),
    )
    op.create_index(op.f("ix_retention_periods_rule"), "retention_periods", ["rule"])
    op.create_table(
        "retention_runs",
        sa.Column("run_id", sa.UUID(), nullable=False),
        _text("rule"),
        sa.Column("days", sa.BigInteger(), nullable=False),
        _at("before_at"),
        _at("began_at"),
        _at("ended_at", nullable=True),
        sa.Column("erased", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("holds", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
        sa.PrimaryKeyConstraint("run_id", name=op.f("pk_retention_runs")),
    )
    op.create_index("ix_retention_runs_rule", "retention_runs", ["rule", "began_at"])
    op.create_table(
        "legal_holds",
        sa.Column("hold_id", sa.UUID(), nullable=False),
        _text("subject_kind"),
        _text("subject_id"),
        _text("reason"),
        _text("placed_by"),
        _at("placed_at"),
        _at("ends_at", nullable=True),
        _text("lifted_by", nullable=True),
        _at("lifted_at", nullable=True),
        _text("lift_reason", nullable=True),
        _reason("legal_holds"),
        sa.CheckConstraint("ends_at > placed_at", name=op.f("ck_legal_holds_ends_at")),
        sa.CheckConstraint(
            "(lifted_at IS NULL) = (lifted_by IS NULL)", name=op.f("ck_legal_holds_lifted")
        ),
        sa.PrimaryKeyConstraint("hold_id", name=op.f("pk_legal_holds")),
    )
    op.create_index(
        "ix_legal_holds_subject", "legal_holds", ["subject_kind", "subject_id"],
        postgresql_where=sa.text("lifted_at IS NULL"),
    )  # fmt: skip
    op.create_table(
        "erasures",
        sa.Column("erasure_id", sa.UUID(), nullable=False),
        _text("subject_kind"),
        _text("subject_id"),
        sa.Column("erased", sa.BigInteger(), nullable=False),
        _text("reason"),
        _text("erased_by"),
        _at("erased_at"),
        sa.PrimaryKeyConstraint("erasure_id", name=op.f("pk_erasures")),
    )
    op.create_index(op.f("ix_erasures_erased_at"), "erasures", ["erased_at"])
    op.create_table(
        "personal_access_reviews",
        sa.Column("review_id", sa.UUID(), nullable=False),
        sa.Column("access_id", sa.BigInteger(), nullable=False),
        _text("verdict"),
        _text("note"),
        _text("reviewed_by"),
        _at("reviewed_at"),
        sa.CheckConstraint(_VERDICT, name=op.f("ck_personal_access_reviews_verdict")),
        sa.ForeignKeyConstraint(
            ["access_id"], ["personal_access.access_id"],
            name=op.f("fk_personal_access_reviews_access_id"),
        ),
        sa.PrimaryKeyConstraint("review_id", name=op.f("pk_personal_access_reviews")),
    )  # fmt: skip
    op.create_index(
        op.f("ix_personal_access_reviews_access_id"), "personal_access_reviews", ["access_id"]
    )
    op.create_table(
        "break_glass",
        sa.Column("break_glass_id", sa.UUID(), nullable=False),
        sa.Column("user_id", sa.UUID(), nullable=False),
        _text("opened_by"),
        _text("permission"),
        _text("jurisdiction"),
        _text("reason"),
        _at("opened_at"),
        _at("expires_at"),
        _at("ended_at", nullable=True),
        _text("reviewed_by", nullable=True),
        _at("reviewed_at", nullable=True),
        _text("verdict", nullable=True),
        _text("note", nullable=True),
        _reason("break_glass"),
        sa.CheckConstraint(
            "expires_at > opened_at AND expires_at <= opened_at + interval '8 hours'",
            name=op.f("ck_break_glass_expires_at"),
        ),
        sa.CheckConstraint(
            "(reviewed_at IS NULL) = (reviewed_by IS NULL)", name=op.f("ck_break_glass_reviewed")
        ),
        sa.CheckConstraint(
            "(reviewed_at IS NULL) = (verdict IS NULL)", name=op.f("ck_break_glass_judged")
        ),
        sa.CheckConstraint("reviewed_by <> opened_by", name=op.f("ck_break_glass_other_reviewer")),
        sa.CheckConstraint(_VERDICT, name=op.f("ck_break_glass_verdict")),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.user_id"], name=op.f("fk_break_glass_user_id")
        ),
        sa.PrimaryKeyConstraint("break_glass_id", name=op.f("pk_break_glass")),
    )
    op.create_index("ix_break_glass_user_id", "break_glass", ["user_id", "expires_at"])
    op.create_index(
        "ix_break_glass_unreviewed", "break_glass", ["opened_at"],
        postgresql_where=sa.text("reviewed_at IS NULL"),
    )  # fmt: skip
    run_script("0021_retention.sql")


def downgrade() -> None:
    """Take back."""
    run_script("0021_retention_down.sql")
    for table in (
        "break_glass", "personal_access_reviews", "erasures", "legal_holds", "retention_runs",
        "retention_periods",
    ):  # fmt: skip
        op.drop_table(table)

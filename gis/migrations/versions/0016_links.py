"""Links of pseudonyms by break-glass; the state of an AED apart from its register entry."""

import sqlalchemy as sa
from alembic import op

from gis.migrations.scripts import run_script

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def _at(name: str, *, nullable: bool = False) -> sa.Column[sa.DateTime]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "identity_links",
        sa.Column("link_id", sa.UUID(), nullable=False),
        sa.Column("first_key_id", sa.Text(), nullable=False),
        sa.Column("first_digest", sa.LargeBinary(), nullable=False),
        sa.Column("second_key_id", sa.Text(), nullable=False),
        sa.Column("second_digest", sa.LargeBinary(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("made_by", sa.Text(), nullable=False),
        _at("made_at"),
        sa.Column("reviewed_by", sa.Text(), nullable=True),
        _at("reviewed_at", nullable=True),
        sa.CheckConstraint("length(btrim(reason)) >= 10", name=op.f("ck_identity_links_reason")),
        sa.CheckConstraint(
            "(reviewed_at IS NULL) = (reviewed_by IS NULL)",
            name=op.f("ck_identity_links_reviewed"),
        ),
        sa.CheckConstraint("reviewed_by <> made_by", name=op.f("ck_identity_links_other_reviewer")),
        sa.CheckConstraint(
            "octet_length(first_digest) = 32 AND octet_length(second_digest) = 32",
            name=op.f("ck_identity_links_digests"),
        ),
        sa.PrimaryKeyConstraint("link_id", name=op.f("pk_identity_links")),
    )
    op.create_index(
        "ix_identity_links_unreviewed",
        "identity_links",
        ["made_at"],
        unique=False,
        postgresql_where=sa.text("reviewed_at IS NULL"),
    )
    op.create_table(
        "aed_states",
        sa.Column("aed_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("state", sa.Text(), server_default=sa.text("'unknown'"), nullable=False),
        _at("last_checked_at", nullable=True),
        _at("reported_at", nullable=True),
        sa.Column("reported_by", sa.Text(), nullable=True),
        sa.Column("version", sa.BigInteger(), server_default=sa.text("1"), nullable=False),
        sa.CheckConstraint(
            "state IN ('unknown','in_service','in_use','out_of_service','missing')",
            name=op.f("ck_aed_states_state"),
        ),
        sa.CheckConstraint(
            "state = 'unknown' OR reported_at IS NOT NULL", name=op.f("ck_aed_states_reported")
        ),
        sa.ForeignKeyConstraint(
            ["aed_id"], ["aeds.aed_id"], name=op.f("fk_aed_states_aed_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("aed_id", name=op.f("pk_aed_states")),
    )
    run_script("0016_links.sql")
    op.drop_column("aeds", "last_checked_at")


def downgrade() -> None:
    """Take back. Lost: every link of pseudonyms with its reason and review.

    Of the state of an AED, all but when it was checked last.
    """
    op.add_column("aeds", _at("last_checked_at", nullable=True))
    run_script("0016_links_down.sql")
    op.drop_table("aed_states")
    op.drop_table("identity_links")

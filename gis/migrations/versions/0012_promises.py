"""Bed pools and promises of beds, guarded by the database."""

import sqlalchemy as sa
from alembic import op

from gis.migrations.scripts import run_script

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def _at(name: str, *, nullable: bool = False) -> sa.Column[sa.DateTime]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "bed_pools",
        sa.Column("pool_id", sa.BigInteger(), autoincrement=True, nullable=False),
        sa.Column("facility_id", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("capacity", sa.BigInteger(), nullable=False),
        sa.Column("occupied", sa.BigInteger(), nullable=False),
        sa.Column("promised", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
        _at("reported_at"),
        sa.Column("reported_by", sa.UUID(), nullable=True),
        sa.Column("version", sa.BigInteger(), server_default=sa.text("1"), nullable=False),
        sa.CheckConstraint("capacity >= 0 AND occupied >= 0", name=op.f("ck_bed_pools_beds")),
        sa.CheckConstraint(
            "promised >= 0 AND promised <= capacity", name=op.f("ck_bed_pools_promised")
        ),
        sa.ForeignKeyConstraint(
            ["facility_id"],
            ["facilities.facility_id"],
            name=op.f("fk_bed_pools_facility_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("pool_id", name=op.f("pk_bed_pools")),
        sa.UniqueConstraint("facility_id", "kind", name=op.f("uq_bed_pools_facility_id_kind")),
    )
    op.create_table(
        "bed_promises",
        sa.Column("promise_id", sa.UUID(), nullable=False),
        sa.Column("pool_id", sa.BigInteger(), nullable=False),
        sa.Column("beds", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("for_kind", sa.Text(), nullable=False),
        sa.Column("for_id", sa.Text(), nullable=False),
        _at("promised_at"),
        _at("expires_at"),
        _at("ended_at", nullable=True),
        sa.Column("promised_by", sa.Text(), nullable=False),
        sa.Column("version", sa.BigInteger(), server_default=sa.text("1"), nullable=False),
        sa.CheckConstraint("beds > 0", name=op.f("ck_bed_promises_beds")),
        sa.CheckConstraint(
            "state IN ('held','kept','released','expired')", name=op.f("ck_bed_promises_state")
        ),
        sa.CheckConstraint(
            "(state = 'held') = (ended_at IS NULL)", name=op.f("ck_bed_promises_ended")
        ),
        sa.CheckConstraint("expires_at > promised_at", name=op.f("ck_bed_promises_expiry")),
        sa.ForeignKeyConstraint(
            ["pool_id"], ["bed_pools.pool_id"], name=op.f("fk_bed_promises_pool_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("promise_id", name=op.f("pk_bed_promises")),
    )  # fmt: skip
    held = sa.text("state = 'held'")
    op.create_index(
        "uq_bed_promises_held", "bed_promises", ["for_kind", "for_id"], unique=True,
        postgresql_where=held,
    )  # fmt: skip
    op.create_index("ix_bed_promises_pool_id", "bed_promises", ["pool_id"], unique=False)
    op.create_index(
        "ix_bed_promises_overdue", "bed_promises", ["expires_at"], unique=False,
        postgresql_where=held,
    )  # fmt: skip
    run_script("0012_promises.sql")


def downgrade() -> None:
    """Take back. Lost: every bed pool with what its hospital reported, every promise, held or ended.

    The log of events keeps what it noted of them.
    """
    run_script("0012_promises_down.sql")
    op.drop_table("bed_promises")
    op.drop_table("bed_pools")

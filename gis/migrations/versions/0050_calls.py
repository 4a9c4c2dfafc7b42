"""Signals of ambulance calls, and what dispatch is advised to mind."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

from gis.migrations.scripts import run_script

revision = "0050"
down_revision = "0049"
branch_labels = None
depends_on = None

_KIND = "ck_surveillance_signals_kind"


def _kinds(check: str) -> None:
    op.drop_constraint(op.f(_KIND), "surveillance_signals")
    op.create_check_constraint(op.f(_KIND), "surveillance_signals", check)


def upgrade() -> None:
    """Apply."""
    _kinds("kind IN ('series','institution','calls')")
    op.alter_column("surveillance_signals", "run_id", nullable=True)
    op.add_column("surveillance_signals", sa.Column("advised_until", sa.Date(), nullable=True))
    op.create_table(
        "dispatch_advisories",
        sa.Column("advisory_id", sa.UUID(), nullable=False),
        sa.Column("city_id", sa.BigInteger(), nullable=False),
        sa.Column("area_code", sa.Text(), nullable=True),
        sa.Column("what", JSONB(), nullable=False),
        sa.Column("place", JSONB(), nullable=False),
        sa.Column("cases", sa.BigInteger(), nullable=True),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("until", sa.Date(), nullable=False),
        sa.Column("posted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("acknowledged_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("acknowledged_by", sa.Text(), nullable=True),
        sa.CheckConstraint("cases >= 5", name=op.f("ck_dispatch_advisories_cases")),
        sa.CheckConstraint("until >= since", name=op.f("ck_dispatch_advisories_days")),
        sa.CheckConstraint(
            "(acknowledged_at IS NULL) = (acknowledged_by IS NULL)",
            name=op.f("ck_dispatch_advisories_acknowledged"),
        ),
        sa.ForeignKeyConstraint(
            ["city_id"], ["cities.city_id"], ondelete="CASCADE",
            name=op.f("fk_dispatch_advisories_city_id"),
        ),
        sa.PrimaryKeyConstraint("advisory_id", name=op.f("pk_dispatch_advisories")),
    )  # fmt: skip
    op.create_index("ix_dispatch_advisories_city_id", "dispatch_advisories", ["city_id", "until"])
    run_script("0050_calls.sql")


def downgrade() -> None:
    """Take back. Lost: advisories, and the signals of calls."""
    op.execute("DELETE FROM surveillance_signals WHERE kind = 'calls'")
    op.drop_table("dispatch_advisories")
    op.drop_column("surveillance_signals", "advised_until")
    op.alter_column("surveillance_signals", "run_id", nullable=False)
    _kinds("kind IN ('series','institution')")
    op.execute("DELETE FROM consumer_cursors WHERE consumer = 'dispatch.advisories'")
    run_script("0050_calls_down.sql")

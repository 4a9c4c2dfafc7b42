"""Ambulance calls as they count for syndromes."""

import sqlalchemy as sa
from alembic import op

from gis.migrations.scripts import run_script

revision = "0040"
down_revision = "0039"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "syndromic_calls",
        sa.Column("call_digest", sa.LargeBinary(), nullable=False),
        sa.Column("city_id", sa.BigInteger(), nullable=False),
        sa.Column("area_code", sa.Text(), nullable=True),
        sa.Column("first_coded_on", sa.Date(), nullable=True),
        *(
            sa.Column(name, sa.Text(), nullable=True)
            for name in ("complaint_code", "determinant", "category")
        ),
        *(
            sa.Column(name, sa.Boolean(), server_default=sa.text("false"), nullable=False)
            for name in ("cancelled", "repeats")
        ),
        sa.Column("ended_as", sa.Text(), nullable=True),
        sa.CheckConstraint(
            "octet_length(call_digest) = 16", name=op.f("ck_syndromic_calls_call_digest")
        ),
        sa.CheckConstraint(
            "(first_coded_on IS NULL) = (complaint_code IS NULL)",
            name=op.f("ck_syndromic_calls_coded"),
        ),
        sa.ForeignKeyConstraint(
            ["city_id"], ["cities.city_id"], ondelete="CASCADE",
            name=op.f("fk_syndromic_calls_city_id"),
        ),
        sa.PrimaryKeyConstraint("call_digest", name=op.f("pk_syndromic_calls")),
    )  # fmt: skip
    op.create_index("ix_syndromic_calls_city_id", "syndromic_calls", ["city_id", "first_coded_on"])
    run_script("0040_syndromic.sql")


def downgrade() -> None:
    """Take back. Lost: what calls counted as; the consumer makes it anew from the events."""
    op.drop_table("syndromic_calls")
    op.execute("DELETE FROM consumer_cursors WHERE consumer = 'surveillance.syndromic'")

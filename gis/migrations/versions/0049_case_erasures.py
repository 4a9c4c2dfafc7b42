"""Cases whose person was erased: a newer report does not write who it is again."""

import sqlalchemy as sa
from alembic import op

from gis.migrations.scripts import run_script

revision = "0049"
down_revision = "0048"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "case_erasures",
        sa.Column("case_id", sa.UUID(), nullable=False),
        sa.Column("city_id", sa.BigInteger(), nullable=False),
        sa.Column("disease", sa.Text(), nullable=False),
        sa.Column("day", sa.Date(), nullable=True),
        sa.Column("person_key", sa.Text(), nullable=True),
        sa.Column("person_digest", sa.LargeBinary(), nullable=True),
        sa.Column("erased_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["case_id"], ["cases.case_id"], ondelete="CASCADE",
            name=op.f("fk_case_erasures_case_id"),
        ),
        sa.ForeignKeyConstraint(
            ["city_id"], ["cities.city_id"], ondelete="CASCADE",
            name=op.f("fk_case_erasures_city_id"),
        ),
        sa.PrimaryKeyConstraint("case_id", name=op.f("pk_case_erasures")),
    )  # fmt: skip
    op.create_index("ix_case_erasures_city_id", "case_erasures", ["city_id"])
    run_script("0049_case_erasures.sql")


def downgrade() -> None:
    """Take back. Lost: whose person was erased; the next report would write them again."""
    run_script("0049_case_erasures_down.sql")
    op.drop_table("case_erasures")

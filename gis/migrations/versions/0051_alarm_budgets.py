"""How many alarms a day a city can verify, and the threshold that a run took from it."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0051"
down_revision = "0050"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "alarm_budgets",
        sa.Column("city_id", sa.BigInteger(), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("alarms_a_day", sa.BigInteger(), nullable=False),
        sa.Column("set_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("set_by", sa.Text(), nullable=False),
        sa.CheckConstraint("version > 0", name=op.f("ck_alarm_budgets_version")),
        sa.CheckConstraint(
            "alarms_a_day BETWEEN 1 AND 1000", name=op.f("ck_alarm_budgets_alarms_a_day")
        ),
        sa.ForeignKeyConstraint(
            ["city_id"], ["cities.city_id"], ondelete="CASCADE",
            name=op.f("fk_alarm_budgets_city_id"),
        ),
        sa.PrimaryKeyConstraint("city_id", "version", name=op.f("pk_alarm_budgets")),
    )  # fmt: skip
    op.add_column("surveillance_runs", sa.Column("threshold", JSONB(), nullable=True))


def downgrade() -> None:
    """Take back. Lost: what staff said they can verify, and by which thresholds days were told."""
    op.drop_column("surveillance_runs", "threshold")
    op.drop_table("alarm_budgets")

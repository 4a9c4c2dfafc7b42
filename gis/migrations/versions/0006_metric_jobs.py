"""A metric is wanted or ready: nobody takes jobs one by one any longer."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

_COLUMNS = ("attempts", "fault", "taken_at")


def upgrade() -> None:
    """Apply."""
    op.execute("UPDATE road_metrics SET state = 'wanted' WHERE state IN ('building', 'failed')")
    op.execute("DELETE FROM road_metrics WHERE state = 'retired'")
    op.drop_constraint(op.f("ck_road_metrics_state"), "road_metrics", type_="check")
    op.create_check_constraint(
        op.f("ck_road_metrics_state"), "road_metrics", "state IN ('wanted','ready')"
    )
    for name in _COLUMNS:
        op.drop_column("road_metrics", name)


def downgrade() -> None:
    """Take back."""
    for column in (
        sa.Column("attempts", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("fault", sa.Text(), nullable=True),
        sa.Column("taken_at", sa.DateTime(timezone=True), nullable=True),
    ):
        op.add_column("road_metrics", column)
    op.drop_constraint(op.f("ck_road_metrics_state"), "road_metrics", type_="check")
    op.create_check_constraint(
        op.f("ck_road_metrics_state"),
        "road_metrics",
        "state IN ('wanted','building','ready','failed','retired')",
    )

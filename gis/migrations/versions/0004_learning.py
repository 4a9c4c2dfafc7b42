"""What speeds were learned from, and what was predicted when a unit was sent."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

_ASSIGNMENTS = (
    ("predicted_distance_m", sa.Double()),
    ("topology_id", sa.Text()),
    ("conditions_id", sa.Text()),
    ("prediction_fault", sa.Text()),
)
_SEEN = ("drives", "pace_s_per_m", "pace_square")


def upgrade() -> None:
    """Apply."""
    for name, kind in _ASSIGNMENTS:
        op.add_column("assignments", sa.Column(name, kind, nullable=True))
    for name in _SEEN:
        op.add_column("road_speed_profiles", sa.Column(name, sa.Double(), nullable=True))
    op.create_check_constraint(
        op.f("ck_road_speed_profiles_seen_together"),
        "road_speed_profiles",
        "num_nulls(drives, pace_s_per_m, pace_square) IN (0, 3)",
    )
    op.create_check_constraint(
        op.f("ck_road_speed_profiles_seen"),
        "road_speed_profiles",
        "drives > 0 AND pace_s_per_m > 0 AND pace_square >= 0",
    )
    op.add_column(
        "road_conditions_state",
        sa.Column("learned_until", sa.DateTime(timezone=True), nullable=True),
    )


def downgrade() -> None:
    """Take back."""
    op.drop_column("road_conditions_state", "learned_until")
    op.drop_constraint(op.f("ck_road_speed_profiles_seen"), "road_speed_profiles", type_="check")
    op.drop_constraint(
        op.f("ck_road_speed_profiles_seen_together"), "road_speed_profiles", type_="check"
    )
    for name in reversed(_SEEN):
        op.drop_column("road_speed_profiles", name)
    for name, _ in reversed(_ASSIGNMENTS):
        op.drop_column("assignments", name)

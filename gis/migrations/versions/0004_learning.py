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
_TIME = sa.DateTime(timezone=True)
_SEEN = (
    ("drives", sa.Double()),
    ("drives_square", sa.Double()),
    ("pace_s_per_m", sa.Double()),
    ("pace_square", sa.Double()),
    ("weighed_at", _TIME),
)
# Speeds of before were learned with standing units as slow traffic, and nothing can be added to
# them: learning begins anew with the positions that are kept. Whoever holds them reads again.
_FORGET = """
WITH forgotten AS (DELETE FROM road_speed_profiles RETURNING city_id)
UPDATE road_conditions_state SET change = change + 1, profiles_change = profiles_change + 1,
    changed_at = greatest(changed_at, now())
WHERE city_id IN (SELECT city_id FROM forgotten)
"""


def upgrade() -> None:
    """Apply."""
    for name, kind in _ASSIGNMENTS:
        op.add_column("assignments", sa.Column(name, kind, nullable=True))
    op.execute(_FORGET)
    for name, kind in _SEEN:
        op.add_column("road_speed_profiles", sa.Column(name, kind, nullable=True))
    op.create_check_constraint(
        op.f("ck_road_speed_profiles_seen_together"),
        "road_speed_profiles",
        "num_nulls(drives, drives_square, pace_s_per_m, pace_square, weighed_at) IN (0, 5)",
    )
    op.create_check_constraint(
        op.f("ck_road_speed_profiles_seen"),
        "road_speed_profiles",
        "drives > 0 AND drives_square > 0 AND pace_s_per_m > 0 AND pace_square >= 0",
    )
    op.add_column("road_conditions_state", sa.Column("learned_until", _TIME, nullable=True))
    op.create_index(
        "ix_assignment_stamps_occurred_at", "assignment_stamps", ["occurred_at"], unique=False
    )
    # The primary key has the same columns in the same order.
    op.drop_index("ix_unit_positions_unit_id_received_at", table_name="unit_positions")


def downgrade() -> None:
    """Take back."""
    op.create_index(
        "ix_unit_positions_unit_id_received_at",
        "unit_positions",
        ["unit_id", "received_at"],
        unique=False,
    )
    op.drop_index("ix_assignment_stamps_occurred_at", table_name="assignment_stamps")
    op.drop_column("road_conditions_state", "learned_until")
    op.drop_constraint(op.f("ck_road_speed_profiles_seen"), "road_speed_profiles", type_="check")
    op.drop_constraint(
        op.f("ck_road_speed_profiles_seen_together"), "road_speed_profiles", type_="check"
    )
    for name, _ in reversed(_SEEN):
        op.drop_column("road_speed_profiles", name)
    for name, _ in reversed(_ASSIGNMENTS):
        op.drop_column("assignments", name)

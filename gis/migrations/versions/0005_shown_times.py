"""What a dispatcher was shown, the interval of a prediction, and an index for reading them."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

_ASSIGNMENTS = (
    ("predicted_low_s", sa.Double()),
    ("predicted_high_s", sa.Double()),
    ("shown_travel_time_s", sa.Double()),
    ("shown_by", sa.Text()),
)


def upgrade() -> None:
    """Apply."""
    for name, kind in _ASSIGNMENTS:
        op.add_column("assignments", sa.Column(name, kind, nullable=True))
    op.create_index("ix_assignments_created_at", "assignments", ["created_at"], unique=False)


def downgrade() -> None:
    """Take back."""
    op.drop_index("ix_assignments_created_at", table_name="assignments")
    for name, _ in reversed(_ASSIGNMENTS):
        op.drop_column("assignments", name)

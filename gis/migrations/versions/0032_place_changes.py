"""A corrected place: since when, which crew has it, and who stopped how far off."""

import sqlalchemy as sa
from alembic import op

revision = "0032"
down_revision = "0031"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.add_column("incidents", sa.Column("place_changed_at", sa.DateTime(timezone=True)))
    op.add_column("assignments", sa.Column("place_acknowledged_at", sa.DateTime(timezone=True)))
    op.add_column("assignment_stamps", sa.Column("off_place_m", sa.Double()))


def downgrade() -> None:
    """Take back. Lost: since when a place is another, which crew has it; the events stay."""
    op.drop_column("assignment_stamps", "off_place_m")
    op.drop_column("assignments", "place_acknowledged_at")
    op.drop_column("incidents", "place_changed_at")

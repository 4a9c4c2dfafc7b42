"""Since when a unit is out of service, and when it is expected back."""

import sqlalchemy as sa
from alembic import op

revision = "0033"
down_revision = "0032"
branch_labels = None
depends_on = None

_COLUMNS = ("out_of_service_since", "expected_back_at")


def upgrade() -> None:
    """Apply."""
    for name in _COLUMNS:
        op.add_column("units", sa.Column(name, sa.DateTime(timezone=True), nullable=True))
    op.create_check_constraint(
        op.f("ck_units_service"), "units",
        "COALESCE(out_of_service_reason, '') <> ''"
        " OR (out_of_service_since IS NULL AND expected_back_at IS NULL)",
    )  # fmt: skip


def downgrade() -> None:
    """Take back. Lost: since when units are out of service, and until when."""
    op.drop_constraint(op.f("ck_units_service"), "units")
    for name in _COLUMNS:
        op.drop_column("units", name)

"""Counters of roads come from sequences; an epoch tells a restored database from the one before."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

_EPOCH = "extract(epoch FROM now())::bigint"


def upgrade() -> None:
    """Apply."""
    op.add_column(
        "installation",
        sa.Column("epoch", sa.BigInteger(), server_default=sa.text(_EPOCH), nullable=False),
    )
    op.add_column(
        "cities",
        sa.Column(
            "network_at", sa.DateTime(timezone=True), server_default=sa.text("now()"),
            nullable=False,
        ),
    )  # fmt: skip
    op.execute("UPDATE cities SET network_at = added_at")
    op.execute("CREATE SEQUENCE road_changes")
    op.execute(
        "SELECT setval('road_changes', greatest(1, max(greatest(change, drawn_change,"
        " speeds_change, speeds_reset, profiles_change)) + 1), false) FROM road_conditions_state"
    )
    op.execute("CREATE SEQUENCE network_versions")
    op.execute(
        "SELECT setval('network_versions', coalesce(max(network_version), 0) + 1, false)"
        " FROM cities"
    )
    op.alter_column(
        "cities", "network_version", server_default=sa.text("nextval('network_versions')")
    )
    # Names without an epoch are no names any longer; the worker makes the metrics anew.
    op.execute("DELETE FROM road_metrics")


def downgrade() -> None:
    """Take back."""
    op.execute("DELETE FROM road_metrics")
    op.alter_column("cities", "network_version", server_default=sa.text("1"))
    op.execute("DROP SEQUENCE network_versions")
    op.execute("DROP SEQUENCE road_changes")
    op.drop_column("cities", "network_at")
    op.drop_column("installation", "epoch")

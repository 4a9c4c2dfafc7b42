"""Trackers of vehicles, what is known of their tracks, and flags of positions."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0067"
down_revision = "0066"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "trackers",
        sa.Column("tracker_id", sa.BigInteger(), autoincrement=True, nullable=False),
        sa.Column("city_id", sa.BigInteger(), nullable=False),
        sa.Column("unit_id", sa.BigInteger(), nullable=False),
        sa.Column("ref", sa.Text(), nullable=False),
        sa.Column("datum", sa.Text(), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "datum IN ('wgs84','gcj02','bd09','cgcs2000')", name=op.f("ck_trackers_datum")
        ),
        sa.ForeignKeyConstraint(
            ["city_id"], ["cities.city_id"], ondelete="CASCADE", name=op.f("fk_trackers_city_id")
        ),
        sa.ForeignKeyConstraint(
            ["unit_id"], ["units.unit_id"], ondelete="CASCADE", name=op.f("fk_trackers_unit_id")
        ),
        sa.PrimaryKeyConstraint("tracker_id", name=op.f("pk_trackers")),
        sa.UniqueConstraint("ref", name=op.f("uq_trackers_ref")),
    )
    op.create_index("ix_trackers_unit_id", "trackers", ["unit_id"])
    op.create_table(
        "unit_tracks",
        sa.Column("unit_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("anchor_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("anchor_lon", sa.Double(), nullable=True),
        sa.Column("anchor_lat", sa.Double(), nullable=True),
        sa.Column("anchor_accuracy_m", sa.Double(), nullable=True),
        sa.Column("doubtful", JSONB(), nullable=False),
        sa.ForeignKeyConstraint(
            ["unit_id"], ["units.unit_id"], ondelete="CASCADE", name=op.f("fk_unit_tracks_unit_id")
        ),
        sa.PrimaryKeyConstraint("unit_id", name=op.f("pk_unit_tracks")),
    )
    op.add_column("unit_positions", sa.Column("flags", sa.Text(), nullable=True))


def downgrade() -> None:
    """Take back. Lost: which tracker is on board of which vehicle, and flags of positions."""
    op.drop_column("unit_positions", "flags")
    op.drop_table("unit_tracks")
    op.drop_table("trackers")

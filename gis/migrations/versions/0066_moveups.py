"""Decisions to move units up, and how long tasks last."""

import sqlalchemy as sa
from alembic import op

revision = "0066"
down_revision = "0065"
branch_labels = None
depends_on = None

_CHECKS = {
    "state": "state IN ('accepted','at_post','ended','declined')",
    "ended": "(state IN ('ended','declined')) = (ended_at IS NOT NULL)",
    "declined": "(state = 'declined') = (declined_because IS NOT NULL)",
    "because": "(state = 'ended') = (ended_because IS NOT NULL)",
}
_REFERS = {
    "city_id": ("cities.city_id", "CASCADE"),
    "unit_id": ("units.unit_id", "CASCADE"),
    "station_id": ("stations.station_id", "CASCADE"),
    "assignment_id": ("assignments.assignment_id", None),
}


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "moveups",
        sa.Column("move_id", sa.UUID(), nullable=False),
        sa.Column("city_id", sa.BigInteger(), nullable=False),
        sa.Column("unit_id", sa.BigInteger(), nullable=False),
        sa.Column("station_id", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("standard", sa.Text(), nullable=False),
        sa.Column("points_before", sa.Double(), nullable=False),
        sa.Column("points_after", sa.Double(), nullable=False),
        sa.Column("gain_points", sa.Double(), nullable=False),
        sa.Column("travel_time_s", sa.Double(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_by", sa.Text(), nullable=False),
        sa.Column("declined_because", sa.Text(), nullable=True),
        sa.Column("arrived_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("points_reached", sa.Double(), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_because", sa.Text(), nullable=True),
        sa.Column("assignment_id", sa.UUID(), nullable=True),
        *(
            sa.CheckConstraint(said, name=op.f(f"ck_moveups_{name}"))
            for name, said in _CHECKS.items()
        ),
        *(
            sa.ForeignKeyConstraint(
                [column], [of], ondelete=then, name=op.f(f"fk_moveups_{column}")
            )
            for column, (of, then) in _REFERS.items()
        ),
        sa.PrimaryKeyConstraint("move_id", name=op.f("pk_moveups")),
    )
    op.create_index("ix_moveups_city_id", "moveups", ["city_id", "decided_at"])
    op.create_index(
        "uq_moveups_open_unit", "moveups", ["unit_id"], unique=True,
        postgresql_where=sa.text("state IN ('accepted','at_post')"),
    )  # fmt: skip
    op.create_table(
        "remaining_times",
        sa.Column("city_id", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("n", sa.BigInteger(), nullable=False),
        sa.Column("deciles_s", sa.ARRAY(sa.Double()), nullable=False),
        sa.Column("measured_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "n > 0 AND cardinality(deciles_s) = 9", name=op.f("ck_remaining_times_deciles")
        ),
        sa.ForeignKeyConstraint(
            ["city_id"], ["cities.city_id"], ondelete="CASCADE",
            name=op.f("fk_remaining_times_city_id"),
        ),
        sa.PrimaryKeyConstraint("city_id", "state", name=op.f("pk_remaining_times")),
    )  # fmt: skip


def downgrade() -> None:
    """Take back. Lost: every decision about a move, and how long tasks lasted."""
    op.drop_table("remaining_times")
    op.drop_table("moveups")

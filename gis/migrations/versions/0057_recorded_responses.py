"""Calls and unit responses of earlier times, for planning."""

import sqlalchemy as sa
from alembic import op
from geoalchemy2 import Geometry

revision = "0057"
down_revision = "0056"
branch_labels = None
depends_on = None

_STAMPS = (
    "dispatched_at", "moving_at", "arrived_at", "left_at", "hospital_at", "available_at",
)  # fmt: skip
_TEXTS = ("determinant", "priority", "unit_class", "district", "station")


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "recorded_responses",
        sa.Column("response_id", sa.BigInteger(), autoincrement=True, nullable=False),
        sa.Column("city_id", sa.BigInteger(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("call_ref", sa.Text(), nullable=False),
        sa.Column("unit_ref", sa.Text(), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        *(sa.Column(name, sa.DateTime(timezone=True), nullable=True) for name in _STAMPS),
        *(sa.Column(name, sa.Text(), nullable=True) for name in _TEXTS),
        sa.Column("geom", Geometry("POINT", srid=4326, spatial_index=False), nullable=True),
        sa.Column("declared_datum", sa.Text(), nullable=True),
        sa.Column("area_code", sa.Text(), nullable=True),
        sa.Column("taken_in_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("taken_in_by", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "(geom IS NULL) = (declared_datum IS NULL)", name=op.f("ck_recorded_responses_datum")
        ),
        sa.ForeignKeyConstraint(
            ["city_id"], ["cities.city_id"], ondelete="CASCADE",
            name=op.f("fk_recorded_responses_city_id"),
        ),
        sa.PrimaryKeyConstraint("response_id", name=op.f("pk_recorded_responses")),
        sa.UniqueConstraint(
            "city_id", "source", "call_ref", "unit_ref",
            name=op.f("uq_recorded_responses_city_id_source_call_ref_unit_ref"),
        ),
    )  # fmt: skip
    op.create_index(
        "ix_recorded_responses_city_id", "recorded_responses", ["city_id", "received_at"]
    )
    op.create_index(
        "idx_recorded_responses_geom", "recorded_responses", ["geom"], postgresql_using="gist"
    )


def downgrade() -> None:
    """Take back. Lost: every recorded response."""
    op.drop_table("recorded_responses")

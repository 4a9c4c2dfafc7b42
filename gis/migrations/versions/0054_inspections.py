"""Inspections as dated points, seen by who reads cases there."""

import sqlalchemy as sa
from alembic import op
from geoalchemy2 import Geometry

from gis.migrations.scripts import run_script

revision = "0054"
down_revision = "0053"
branch_labels = None
depends_on = None

_CHECKS = {
    "kind": "kind IN ('mosquito','outcome')",
    "outcome": "outcome IN ('passed','failed')",
    "outcome_of_kind": "(kind = 'outcome') = (outcome IS NOT NULL)",
    "counts": (
        "kind = 'outcome' OR premises > 0 AND premises_positive IS NOT NULL"
        " OR premises > 0 AND containers_positive IS NOT NULL"
        " OR containers > 0 AND containers_positive IS NOT NULL"
    ),
    "premises_positive": "premises_positive BETWEEN 0 AND premises",
    "containers_positive": "containers_positive >= 0",
    "containers": "containers_positive <= containers",
}


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "inspections",
        sa.Column("inspection_id", sa.BigInteger(), autoincrement=True, nullable=False),
        sa.Column("city_id", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("inspected_on", sa.Date(), nullable=False),
        sa.Column("geom", Geometry("POINT", srid=4326, spatial_index=False), nullable=False),
        sa.Column("declared_datum", sa.Text(), nullable=False),
        sa.Column("area_code", sa.Text(), nullable=False),
        sa.Column("premises", sa.BigInteger(), nullable=True),
        sa.Column("premises_positive", sa.BigInteger(), nullable=True),
        sa.Column("containers", sa.BigInteger(), nullable=True),
        sa.Column("containers_positive", sa.BigInteger(), nullable=True),
        sa.Column("outcome", sa.Text(), nullable=True),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("source_ref", sa.Text(), nullable=False),
        sa.Column("taken_in_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("taken_in_by", sa.Text(), nullable=False),
        *(
            sa.CheckConstraint(check, name=op.f(f"ck_inspections_{name}"))
            for name, check in _CHECKS.items()
        ),
        sa.ForeignKeyConstraint(
            ["city_id"], ["cities.city_id"], ondelete="CASCADE", name=op.f("fk_inspections_city_id")
        ),
        sa.PrimaryKeyConstraint("inspection_id", name=op.f("pk_inspections")),
        sa.UniqueConstraint(
            "city_id", "source", "source_ref", name=op.f("uq_inspections_city_id_source_source_ref")
        ),
    )
    op.create_index("ix_inspections_city_id", "inspections", ["city_id", "kind", "inspected_on"])
    op.create_index("idx_inspections_geom", "inspections", ["geom"], postgresql_using="gist")
    run_script("0054_inspections.sql")


def downgrade() -> None:
    """Take back. Lost: every inspection; what was reckoned of them for areas stays."""
    op.drop_table("inspections")

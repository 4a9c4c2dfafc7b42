"""Dangers of scenes and places, who heard of them, who was told."""

import sqlalchemy as sa
from alembic import op
from geoalchemy2 import Geometry

revision = "0060"
down_revision = "0059"
branch_labels = None
depends_on = None


def _at(name: str, *, nullable: bool = False) -> "sa.Column[object]":
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def _text(name: str, *, nullable: bool = False) -> "sa.Column[object]":
    return sa.Column(name, sa.Text(), nullable=nullable)


def _of(table: str, column: str, other: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        [column], [f"{other}.{column}"], ondelete="CASCADE", name=op.f(f"fk_{table}_{column}")
    )


def _check(table: str, name: str, words: str) -> sa.CheckConstraint:
    return sa.CheckConstraint(words, name=op.f(f"ck_{table}_{name}"))


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "scene_safety",
        sa.Column("incident_id", sa.Uuid(), nullable=False),
        sa.Column("city_id", sa.BigInteger(), nullable=False),
        sa.Column("answer", sa.Text(), server_default=sa.text("'unknown'"), nullable=False),
        sa.Column("kinds", sa.ARRAY(sa.Text()), server_default=sa.text("'{}'"), nullable=False),
        *(
            column
            for what in ("answered", "staged", "released")
            for column in (_at(f"{what}_at", nullable=True), _text(f"{what}_by", nullable=True))
        ),
        _check("scene_safety", "answer", "answer IN ('unknown','none','known')"),
        _check("scene_safety", "kinds", "(answer = 'known') = (cardinality(kinds) > 0)"),
        _check("scene_safety", "released", "released_at IS NULL OR staged_at IS NOT NULL"),
        _of("scene_safety", "incident_id", "incidents"),
        _of("scene_safety", "city_id", "cities"),
        sa.PrimaryKeyConstraint("incident_id", name=op.f("pk_scene_safety")),
    )
    op.create_table(
        "premise_hazards",
        sa.Column("hazard_id", sa.Uuid(), nullable=False),
        sa.Column("city_id", sa.BigInteger(), nullable=False),
        _text("area_code", nullable=True),
        _text("kind"),
        sa.Column("geom", Geometry("POINT", srid=4326, spatial_index=False), nullable=False),
        _text("declared_datum"),
        sa.Column("radius_m", sa.Double(), nullable=False),
        _at("created_at"), _text("created_by"), _at("expires_at"),
        _at("ended_at", nullable=True), _text("ended_by", nullable=True),
        _check("premise_hazards", "radius", "radius_m > 0 AND radius_m <= 1000"),
        _check("premise_hazards", "expiry", "expires_at > created_at"),
        _check("premise_hazards", "ended", "(ended_at IS NULL) = (ended_by IS NULL)"),
        _of("premise_hazards", "city_id", "cities"),
        sa.PrimaryKeyConstraint("hazard_id", name=op.f("pk_premise_hazards")),
    )  # fmt: skip
    op.create_index(
        "idx_premise_hazards_geom", "premise_hazards", ["geom"], postgresql_using="gist"
    )
    op.create_index("ix_premise_hazards_city_id", "premise_hazards", ["city_id", "expires_at"])
    op.create_table(
        "crew_orders_heard",
        sa.Column("assignment_id", sa.Uuid(), nullable=False),
        _text("order_kind"), _at("since"), _text("heard"), _at("heard_at"), _text("heard_by"),
        _check("crew_orders_heard", "order_kind", "order_kind IN ('stage','release','danger')"),
        _check("crew_orders_heard", "heard", "heard IN ('tablet','voice')"),
        _of("crew_orders_heard", "assignment_id", "assignments"),
        sa.PrimaryKeyConstraint(
            "assignment_id", "order_kind", "since", name=op.f("pk_crew_orders_heard")
        ),
    )  # fmt: skip
    op.create_table(
        "agencies_told",
        sa.Column("told_id", sa.Uuid(), nullable=False),
        sa.Column("incident_id", sa.Uuid(), nullable=False),
        sa.Column("city_id", sa.BigInteger(), nullable=False),
        _text("agency"), _text("to_whom"), _at("told_at"), _at("recorded_at"),
        _text("recorded_by"),
        _check("agencies_told", "times", "told_at <= recorded_at"),
        _of("agencies_told", "incident_id", "incidents"),
        _of("agencies_told", "city_id", "cities"),
        sa.PrimaryKeyConstraint("told_id", name=op.f("pk_agencies_told")),
    )  # fmt: skip
    op.create_index("ix_agencies_told_incident_id", "agencies_told", ["incident_id"])


def downgrade() -> None:
    """Take back. Lost: dangers, hazards of places, who heard and who was told."""
    for table in ("agencies_told", "crew_orders_heard", "premise_hazards", "scene_safety"):
        op.drop_table(table)

"""Live road conditions."""

import sqlalchemy as sa
from alembic import op
from geoalchemy2 import Geometry
from sqlalchemy.dialects import postgresql

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.create_geospatial_table(
        "road_conditions",
        sa.Column("condition_id", sa.UUID(), nullable=False),
        sa.Column("city_id", sa.BigInteger(), nullable=False),
        sa.Column("area_code", sa.Text(), nullable=True),
        sa.Column(
            "area_codes", sa.ARRAY(sa.Text()), server_default=sa.text("'{}'"), nullable=False
        ),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("drawn", sa.Text(), nullable=False),
        sa.Column(
            "geom",
            Geometry(
                srid=4326,
                dimension=2,
                spatial_index=False,
                from_text="ST_GeomFromEWKT",
                name="geometry",
                nullable=False,
            ),
            nullable=False,
        ),
        sa.Column(
            "edges",
            postgresql.JSONB(astext_type=sa.Text()),
            server_default=sa.text("'[]'"),
            nullable=False,
        ),
        sa.Column("direction", sa.Text(), nullable=False),
        sa.Column("layer_min", sa.SmallInteger(), nullable=True),
        sa.Column("layer_max", sa.SmallInteger(), nullable=True),
        sa.Column(
            "structures", sa.ARRAY(sa.Text()), server_default=sa.text("'{}'"), nullable=False
        ),
        sa.Column("depth_m", sa.Double(), nullable=True),
        sa.Column("speed_kmh", sa.Double(), nullable=True),
        sa.Column("speed_factor", sa.Double(), nullable=True),
        sa.Column(
            "vehicle_classes", sa.ARRAY(sa.Text()), server_default=sa.text("'{}'"), nullable=False
        ),
        sa.Column("reason_zh", sa.Text(), nullable=True),
        sa.Column("reason_en", sa.Text(), nullable=True),
        sa.Column("author", sa.Text(), nullable=False),
        sa.Column("authority_permission", sa.Text(), nullable=False),
        sa.Column(
            "authority_jurisdictions",
            sa.ARRAY(sa.Text()),
            server_default=sa.text("'{}'"),
            nullable=False,
        ),
        sa.Column("legal_basis", sa.Text(), nullable=True),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_by", sa.Text(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("network_version", sa.BigInteger(), nullable=False),
        sa.Column("version", sa.BigInteger(), server_default=sa.text("1"), nullable=False),
        sa.CheckConstraint(
            "(kind = 'flood') = (depth_m IS NOT NULL)", name=op.f("ck_road_conditions_flood")
        ),
        sa.CheckConstraint(
            "direction IN ('both','forward','backward')", name=op.f("ck_road_conditions_direction")
        ),
        sa.CheckConstraint(
            "drawn IN ('polygon','line','edges','area')", name=op.f("ck_road_conditions_drawn")
        ),
        sa.CheckConstraint(
            "kind <> 'roadworks' OR speed_kmh IS NOT NULL OR speed_factor IS NOT NULL",
            name=op.f("ck_road_conditions_roadworks_given"),
        ),
        sa.CheckConstraint(
            "kind <> 'speed' OR (speed_kmh IS NOT NULL AND speed_factor IS NULL)",
            name=op.f("ck_road_conditions_speed_given"),
        ),
        sa.CheckConstraint(
            "kind IN ('closure','flood','roadworks','speed','contraflow_permit')",
            name=op.f("ck_road_conditions_kind"),
        ),
        sa.CheckConstraint(
            "(ended_at IS NULL) = (ended_by IS NULL)", name=op.f("ck_road_conditions_ended")
        ),
        sa.CheckConstraint("depth_m > 0", name=op.f("ck_road_conditions_depth")),
        sa.CheckConstraint("expires_at > starts_at", name=op.f("ck_road_conditions_expiry")),
        sa.CheckConstraint("layer_min <= layer_max", name=op.f("ck_road_conditions_layers")),
        sa.CheckConstraint(
            "num_nonnulls(reason_zh, reason_en) > 0", name=op.f("ck_road_conditions_reason")
        ),
        sa.CheckConstraint(
            "speed_factor > 0 AND speed_factor <= 1", name=op.f("ck_road_conditions_speed_factor")
        ),
        sa.CheckConstraint(
            "speed_kmh >= 1 AND speed_kmh <= 200", name=op.f("ck_road_conditions_speed")
        ),
        sa.ForeignKeyConstraint(
            ["city_id"],
            ["cities.city_id"],
            name=op.f("fk_road_conditions_city_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("condition_id", name=op.f("pk_road_conditions")),
    )
    op.create_geospatial_index(
        "idx_road_conditions_geom",
        "road_conditions",
        ["geom"],
        unique=False,
        postgresql_using="gist",
        postgresql_ops={},
    )
    op.create_index(
        "ix_road_conditions_city_id_created_at",
        "road_conditions",
        ["city_id", "created_at", "condition_id"],
        unique=False,
    )
    op.create_index(
        "ix_road_conditions_running",
        "road_conditions",
        ["city_id", "expires_at"],
        unique=False,
        postgresql_where=sa.text("ended_at IS NULL"),
    )
    op.create_table(
        "road_conditions_state",
        sa.Column("city_id", sa.BigInteger(), nullable=False),
        sa.Column("change", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("drawn_change", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("speeds_change", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("speeds_reset", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("profiles_change", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["city_id"],
            ["cities.city_id"],
            name=op.f("fk_road_conditions_state_city_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("city_id", name=op.f("pk_road_conditions_state")),
    )
    op.create_table(
        "road_metrics",
        sa.Column("city_id", sa.BigInteger(), nullable=False),
        sa.Column("profile", sa.Text(), nullable=False),
        sa.Column("topology_id", sa.Text(), nullable=False),
        sa.Column("metric_id", sa.Text(), nullable=False),
        sa.Column("conditions_id", sa.Text(), nullable=False),
        sa.Column("folder", sa.Text(), nullable=True),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("attempts", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("fault", sa.Text(), nullable=True),
        sa.Column("wanted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("taken_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("built_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(state = 'ready') <= (folder IS NOT NULL)", name=op.f("ck_road_metrics_folder")
        ),
        sa.CheckConstraint(
            "state IN ('wanted','building','ready','failed','retired')",
            name=op.f("ck_road_metrics_state"),
        ),
        sa.ForeignKeyConstraint(
            ["city_id"],
            ["cities.city_id"],
            name=op.f("fk_road_metrics_city_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint(
            "city_id", "profile", "topology_id", "metric_id", name=op.f("pk_road_metrics")
        ),
    )
    op.create_table(
        "road_speed_profiles",
        sa.Column("city_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("hour", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("siren", sa.Boolean(), nullable=False),
        sa.Column("segment_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("direction", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("osm_way_id", sa.BigInteger(), nullable=True),
        sa.Column("way_share", sa.REAL(), nullable=False),
        sa.Column("n", sa.BigInteger(), nullable=False),
        sa.Column("speed_kmh", sa.REAL(), nullable=False),
        sa.Column("spread_kmh", sa.REAL(), nullable=False),
        sa.Column("learned_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("direction IN (0, 1)", name=op.f("ck_road_speed_profiles_direction")),
        sa.CheckConstraint("hour BETWEEN 0 AND 167", name=op.f("ck_road_speed_profiles_hour")),
        sa.CheckConstraint(
            "n >= 0 AND spread_kmh >= 0", name=op.f("ck_road_speed_profiles_counts")
        ),
        sa.CheckConstraint(
            "speed_kmh >= 1 AND speed_kmh <= 200", name=op.f("ck_road_speed_profiles_speed")
        ),
        sa.PrimaryKeyConstraint(
            "city_id",
            "hour",
            "siren",
            "segment_id",
            "direction",
            name=op.f("pk_road_speed_profiles"),
        ),
    )
    op.create_table(
        "road_speeds",
        sa.Column("city_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("segment_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("direction", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("osm_way_id", sa.BigInteger(), nullable=True),
        sa.Column("way_share", sa.REAL(), nullable=False),
        sa.Column("speed_kmh", sa.REAL(), nullable=False),
        sa.Column("observed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("confidence", sa.REAL(), nullable=False),
        sa.Column("change", sa.BigInteger(), nullable=False),
        sa.CheckConstraint(
            "confidence > 0 AND confidence <= 1", name=op.f("ck_road_speeds_confidence")
        ),
        sa.CheckConstraint("direction IN (0, 1)", name=op.f("ck_road_speeds_direction")),
        sa.CheckConstraint("expires_at > observed_at", name=op.f("ck_road_speeds_expiry")),
        sa.CheckConstraint(
            "speed_kmh >= 1 AND speed_kmh <= 200", name=op.f("ck_road_speeds_speed")
        ),
        sa.PrimaryKeyConstraint(
            "city_id", "segment_id", "direction", "source", name=op.f("pk_road_speeds")
        ),
    )
    op.create_index(
        "ix_road_speeds_city_id_change", "road_speeds", ["city_id", "change"], unique=False
    )
    op.create_table(
        "road_condition_edges",
        sa.Column("condition_id", sa.UUID(), nullable=False),
        sa.Column("network_version", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("segment_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("direction", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("from_share", sa.Double(), nullable=False),
        sa.Column("to_share", sa.Double(), nullable=False),
        sa.CheckConstraint(
            "0 <= from_share AND from_share <= to_share AND to_share <= 1",
            name=op.f("ck_road_condition_edges_shares"),
        ),
        sa.CheckConstraint("direction IN (0, 1)", name=op.f("ck_road_condition_edges_direction")),
        sa.ForeignKeyConstraint(
            ["condition_id"],
            ["road_conditions.condition_id"],
            name=op.f("fk_road_condition_edges_condition_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint(
            "condition_id",
            "network_version",
            "segment_id",
            "direction",
            name=op.f("pk_road_condition_edges"),
        ),
    )


def downgrade() -> None:
    """Take back."""
    op.drop_table("road_condition_edges")
    op.drop_index("ix_road_speeds_city_id_change", table_name="road_speeds")
    op.drop_table("road_speeds")
    op.drop_table("road_speed_profiles")
    op.drop_table("road_metrics")
    op.drop_table("road_conditions_state")
    op.drop_index(
        "ix_road_conditions_running",
        table_name="road_conditions",
        postgresql_where=sa.text("ended_at IS NULL"),
    )
    op.drop_index("ix_road_conditions_city_id_created_at", table_name="road_conditions")
    op.drop_geospatial_index(
        "idx_road_conditions_geom",
        table_name="road_conditions",
        postgresql_using="gist",
        column_name="geom",
    )
    op.drop_geospatial_table("road_conditions")

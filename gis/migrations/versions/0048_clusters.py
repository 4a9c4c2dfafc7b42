"""Clusters of cases: each day's scan of a city, and what it found."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

from gis.migrations.scripts import run_script

revision = "0048"
down_revision = "0047"
branch_labels = None
depends_on = None


def _columns(kind: sa.types.TypeEngine[object], *names: str, nullable: bool = False) -> list[
    sa.Column[object]
]:  # fmt: skip
    return [sa.Column(name, kind, nullable=nullable) for name in names]


def _of_city(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["city_id"], ["cities.city_id"], ondelete="CASCADE", name=op.f(f"fk_{table}_city_id")
    )


def upgrade() -> None:
    """Apply."""
    at, texts = sa.DateTime(timezone=True), ARRAY(sa.Text())
    op.create_table(
        "cluster_runs",
        *_columns(sa.UUID(), "run_id"), *_columns(sa.BigInteger(), "city_id"),
        *_columns(sa.Date(), "day"), *_columns(at, "as_of"),
        *_columns(sa.Text(), "date_basis", "area_level"),
        *_columns(sa.BigInteger(), "window_days", "longest_days"),
        *_columns(sa.Double(), "largest_share"),
        *_columns(sa.BigInteger(), "replicates", "seed", "least_cases"),
        *_columns(sa.Double(), "recurrence_days"),
        *_columns(sa.BigInteger(), "scanned", "too_few", "unplaced"),
        *_columns(sa.Boolean(), "residents"), *_columns(sa.Text(), "topology_id", nullable=True),
        *_columns(at, "made_at"), *_columns(sa.Text(), "made_by"),
        _of_city("cluster_runs"),
        sa.PrimaryKeyConstraint("run_id", name=op.f("pk_cluster_runs")),
    )  # fmt: skip
    op.create_index("ix_cluster_runs_city_id", "cluster_runs", ["city_id", "day"])
    op.create_table(
        "clusters",
        *_columns(sa.UUID(), "cluster_id", "run_id"), *_columns(sa.BigInteger(), "city_id"),
        *_columns(sa.Text(), "disease", "sensitive", "model", "shape", "centre"),
        *_columns(sa.Double(), "lon", "lat"),
        *_columns(sa.Double(), "radius_m", "radius_s", nullable=True),
        *_columns(sa.Date(), "starts_on", "ends_on"), *_columns(sa.BigInteger(), "observed"),
        *_columns(sa.Double(), "expected"), *_columns(sa.Double(), "relative_risk", nullable=True),
        *_columns(sa.Double(), "log_likelihood_ratio", "p_value"),
        *_columns(sa.Double(), "gumbel_p", nullable=True),
        *_columns(sa.Double(), "recurrence_days"), *_columns(sa.Boolean(), "told"),
        *_columns(texts, "places"), *_columns(JSONB(), "members"),
        *_columns(ARRAY(sa.Integer()), "by_day"), *_columns(JSONB(), "also", "reason"),
        *_columns(sa.Text(), "change"), *_columns(sa.UUID(), "before_id", nullable=True),
        *_columns(sa.Date(), "first_on"), *_columns(texts, "joined", "parted"),
        *_columns(sa.Date(), "gone_on", nullable=True),
        sa.CheckConstraint("cardinality(places) > 0", name=op.f("ck_clusters_places")),
        sa.CheckConstraint("ends_on >= starts_on", name=op.f("ck_clusters_days")),
        sa.CheckConstraint("model IN ('permutation','poisson')", name=op.f("ck_clusters_model")),
        sa.CheckConstraint("shape IN ('circle','road')", name=op.f("ck_clusters_shape")),
        sa.CheckConstraint(
            "(radius_m IS NULL) <> (radius_s IS NULL)", name=op.f("ck_clusters_radius")
        ),
        sa.CheckConstraint(
            "change IN ('new','grown','shrunk','same')", name=op.f("ck_clusters_change")
        ),
        _of_city("clusters"),
        sa.ForeignKeyConstraint(
            ["run_id"], ["cluster_runs.run_id"], ondelete="CASCADE",
            name=op.f("fk_clusters_run_id"),
        ),
        sa.ForeignKeyConstraint(
            ["before_id"], ["clusters.cluster_id"], ondelete="SET NULL",
            name=op.f("fk_clusters_before_id"),
        ),
        sa.PrimaryKeyConstraint("cluster_id", name=op.f("pk_clusters")),
    )  # fmt: skip
    for column in ("run_id", "city_id", "before_id"):
        op.create_index(f"ix_clusters_{column}", "clusters", [column])
    run_script("0048_clusters.sql")


def downgrade() -> None:
    """Take back. Lost: all clusters; new runs find those of their days."""
    run_script("0048_clusters_down.sql")
    for table in ("clusters", "cluster_runs"):
        op.drop_table(table)

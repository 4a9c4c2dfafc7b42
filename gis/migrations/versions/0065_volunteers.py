"""Volunteers, their alerts and latest positions, claims on AEDs, arrests in one action."""

import sqlalchemy as sa
from alembic import op
from geoalchemy2 import Geometry

revision = "0065"
down_revision = "0064"
branch_labels = None
depends_on = None

_OPEN = (
    "state IN ('alerted','seen','accepted','routed_direct','routed_via_aed','on_scene',"
    "'with_patient','has_aed','recalled')"
)


def _moment(name: str, *, nullable: bool = True) -> sa.Column[object]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def _checks(table: str, **checks: str) -> list[sa.CheckConstraint]:
    return [
        sa.CheckConstraint(words, name=op.f(f"ck_{table}_{name}")) for name, words in checks.items()
    ]


def _refers(table: str, column: str, of: str, ondelete: str | None = None) -> sa.Constraint:
    return sa.ForeignKeyConstraint(
        [column], [of], ondelete=ondelete, name=op.f(f"fk_{table}_{column}")
    )


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "volunteers",
        sa.Column("volunteer_id", sa.UUID(), nullable=False),
        sa.Column("user_id", sa.UUID(), nullable=False),
        sa.Column("city_id", sa.BigInteger(), nullable=False),
        sa.Column("phone", sa.Text(), nullable=True),
        sa.Column("on_duty", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        _moment("enrolled_at", nullable=False),
        sa.Column("enrolled_by", sa.Text(), nullable=False),
        _moment("verified_at"),
        sa.Column("verified_by", sa.Text(), nullable=True),
        _moment("ended_at"),
        *_checks(
            "volunteers",
            verified="(verified_at IS NULL) = (verified_by IS NULL)",
            on_duty="NOT on_duty OR (verified_at IS NOT NULL AND ended_at IS NULL)",
            phone="length(phone) BETWEEN 3 AND 40",
        ),
        _refers("volunteers", "user_id", "users.user_id", "CASCADE"),
        _refers("volunteers", "city_id", "cities.city_id", "CASCADE"),
        sa.PrimaryKeyConstraint("volunteer_id", name=op.f("pk_volunteers")),
        sa.UniqueConstraint("user_id", name=op.f("uq_volunteers_user_id")),
    )
    op.create_index(op.f("ix_volunteers_city_id"), "volunteers", ["city_id"])
    op.create_table(
        "volunteer_positions",
        sa.Column("volunteer_id", sa.UUID(), nullable=False),
        sa.Column("geom", Geometry("POINT", srid=4326, spatial_index=False), nullable=False),
        sa.Column("uncertainty_m", sa.Double(), nullable=True),
        _moment("at", nullable=False),
        _refers("volunteer_positions", "volunteer_id", "volunteers.volunteer_id", "CASCADE"),
        sa.PrimaryKeyConstraint("volunteer_id", name=op.f("pk_volunteer_positions")),
    )
    op.create_index(
        "idx_volunteer_positions_geom", "volunteer_positions", ["geom"], postgresql_using="gist"
    )
    op.create_table(
        "arrest_bundles",
        sa.Column("incident_id", sa.UUID(), nullable=False),
        sa.Column("city_id", sa.BigInteger(), nullable=False),
        sa.Column("wave_size", sa.BigInteger(), nullable=False),
        sa.Column("claim_expires_s", sa.Double(), nullable=False),
        _moment("crew_aed_due_at"),
        _moment("started_at", nullable=False),
        sa.Column("started_by", sa.Text(), nullable=False),
        _moment("ended_at"),
        sa.Column("ended_why", sa.Text(), nullable=True),
        *_checks(
            "arrest_bundles",
            wave_size="wave_size BETWEEN 1 AND 100",
            ended="(ended_at IS NULL) = (ended_why IS NULL)",
            ended_why="ended_why IN ('dispatcher','danger','not_released','incident_over')",
        ),
        _refers("arrest_bundles", "incident_id", "incidents.incident_id"),
        _refers("arrest_bundles", "city_id", "cities.city_id", "CASCADE"),
        sa.PrimaryKeyConstraint("incident_id", name=op.f("pk_arrest_bundles")),
    )
    op.create_table(
        "volunteer_alerts",
        sa.Column("alert_id", sa.UUID(), nullable=False),
        sa.Column("incident_id", sa.UUID(), nullable=False),
        sa.Column("volunteer_id", sa.UUID(), nullable=False),
        sa.Column("city_id", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("route", sa.Text(), nullable=False),
        sa.Column("aed_id", sa.BigInteger(), nullable=True),
        sa.Column("predicted_s", sa.Double(), nullable=False),
        _moment("alerted_at", nullable=False),
        _moment("expires_at", nullable=False),
        _moment("seen_at"),
        _moment("answered_at"),
        _moment("on_scene_at"),
        _moment("with_patient_at"),
        _moment("aed_taken_at"),
        _moment("recalled_at"),
        _moment("recall_heard_at"),
        sa.Column("recall_heard", sa.Text(), nullable=True),
        _moment("ended_at"),
        *_checks(
            "volunteer_alerts",
            state=(
                "state IN ('alerted','seen','accepted','rejected','expired','routed_direct',"
                "'routed_via_aed','on_scene','with_patient','has_aed','recalled','stood_down')"
            ),
            route="route IN ('direct','via_aed')",
            aed="route <> 'via_aed' OR aed_id IS NOT NULL",
            recall_heard="recall_heard IN ('page','voice')",
            recalled="state <> 'recalled' OR recalled_at IS NOT NULL",
        ),
        _refers("volunteer_alerts", "incident_id", "incidents.incident_id"),
        _refers("volunteer_alerts", "volunteer_id", "volunteers.volunteer_id", "CASCADE"),
        _refers("volunteer_alerts", "city_id", "cities.city_id", "CASCADE"),
        _refers("volunteer_alerts", "aed_id", "aeds.aed_id"),
        sa.PrimaryKeyConstraint("alert_id", name=op.f("pk_volunteer_alerts")),
    )
    op.create_index(
        "uq_volunteer_alerts_open", "volunteer_alerts", ["volunteer_id"], unique=True,
        postgresql_where=sa.text(_OPEN),
    )  # fmt: skip
    op.create_index(
        "uq_volunteer_alerts_once", "volunteer_alerts", ["incident_id", "volunteer_id"], unique=True
    )
    op.create_table(
        "aed_claims",
        sa.Column("claim_id", sa.UUID(), nullable=False),
        sa.Column("aed_id", sa.BigInteger(), nullable=False),
        sa.Column("alert_id", sa.UUID(), nullable=False),
        _moment("claimed_at", nullable=False),
        _moment("expires_at", nullable=False),
        _moment("ended_at"),
        sa.Column("ended_why", sa.Text(), nullable=True),
        *_checks(
            "aed_claims",
            ended="(ended_at IS NULL) = (ended_why IS NULL)",
            ended_why=(
                "ended_why IN ('taken','not_there','rejected','expired','recalled','stood_down')"
            ),
        ),
        _refers("aed_claims", "aed_id", "aeds.aed_id", "CASCADE"),
        _refers("aed_claims", "alert_id", "volunteer_alerts.alert_id", "CASCADE"),
        sa.PrimaryKeyConstraint("claim_id", name=op.f("pk_aed_claims")),
    )
    op.create_index(
        "uq_aed_claims_open", "aed_claims", ["aed_id"], unique=True,
        postgresql_where=sa.text("ended_at IS NULL"),
    )  # fmt: skip
    op.create_index("ix_aed_claims_alert_id", "aed_claims", ["alert_id"])


def downgrade() -> None:
    """Take back. Lost: volunteers, who was asked for which arrest, who fetched which AED."""
    op.drop_table("aed_claims")
    op.drop_table("volunteer_alerts")
    op.drop_table("arrest_bundles")
    op.drop_table("volunteer_positions")
    op.drop_table("volunteers")

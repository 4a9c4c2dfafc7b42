"""Incidents are merged and taken apart again; ended ones are found by number and place."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import ARRAY

revision = "0030"
down_revision = "0029"
branch_labels = None
depends_on = None

_FOUND_BY = ("number", "place_label")


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "incident_merges",
        sa.Column("merge_id", sa.UUID(), nullable=False),
        sa.Column("incident_id", sa.UUID(), nullable=False),
        sa.Column("into_id", sa.UUID(), nullable=False),
        sa.Column("merged_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("undone_at", sa.DateTime(timezone=True), nullable=True),
        *(
            sa.Column(f"{kind}_ids", ARRAY(sa.UUID()), nullable=False)
            for kind in ("call", "patient", "assignment")
        ),
        sa.CheckConstraint("incident_id <> into_id", name=op.f("ck_incident_merges_two")),
        *(
            sa.ForeignKeyConstraint(
                [column], ["incidents.incident_id"], name=op.f(f"fk_incident_merges_{column}")
            )
            for column in ("incident_id", "into_id")
        ),
        sa.PrimaryKeyConstraint("merge_id", name=op.f("pk_incident_merges")),
    )
    op.create_index(
        "uq_incident_merges_incident_id", "incident_merges", ["incident_id"], unique=True,
        postgresql_where=sa.text("undone_at IS NULL"),
    )  # fmt: skip
    op.create_index("ix_incident_merges_into_id", "incident_merges", ["into_id"])
    op.create_index(
        "ix_incidents_duplicate_of", "incidents", ["duplicate_of"],
        postgresql_where=sa.text("duplicate_of IS NOT NULL"),
    )  # fmt: skip
    for column in _FOUND_BY:
        op.create_index(
            f"ix_incidents_{column}_trgm", "incidents", [column],
            postgresql_using="gin", postgresql_ops={column: "gin_trgm_ops"},
        )  # fmt: skip


def downgrade() -> None:
    """Take back. Lost: which incidents were merged; what moved stays where it went."""
    for column in _FOUND_BY:
        op.drop_index(f"ix_incidents_{column}_trgm", "incidents")
    op.drop_index("ix_incidents_duplicate_of", "incidents")
    op.drop_table("incident_merges")

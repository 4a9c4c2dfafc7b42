"""Crews are asked to leave a lesser call for a more urgent one."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None

_CHECKS = {
    "state": "state IN ('offered','accepted','declined','expired','withdrawn')",
    "ended": "(state = 'offered') = (ended_at IS NULL)",
    "new_assignment": "(state = 'accepted') = (new_assignment_id IS NOT NULL)",
    "two_incidents": "incident_id <> losing_incident_id",
}
_REFERS = {
    "incident_id": "incidents.incident_id",
    "losing_incident_id": "incidents.incident_id",
    "assignment_id": "assignments.assignment_id",
    "new_assignment_id": "assignments.assignment_id",
    "unit_id": "units.unit_id",
}


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "diversions",
        sa.Column("diversion_id", sa.UUID(), nullable=False),
        sa.Column("incident_id", sa.UUID(), nullable=False),
        sa.Column("losing_incident_id", sa.UUID(), nullable=False),
        sa.Column("assignment_id", sa.UUID(), nullable=False),
        sa.Column("new_assignment_id", sa.UUID(), nullable=True),
        sa.Column("unit_id", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("loss_s", sa.Double(), nullable=True),
        sa.Column("rested_on", JSONB(), nullable=False),
        sa.Column("following", JSONB(), nullable=False),
        sa.Column("offered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("offered_by", sa.UUID(), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answered_from", sa.Text(), nullable=True),
        *(
            sa.CheckConstraint(words, name=op.f(f"ck_diversions_{name}"))
            for name, words in _CHECKS.items()
        ),
        *(
            sa.ForeignKeyConstraint([column], [of], name=op.f(f"fk_diversions_{column}"))
            for column, of in _REFERS.items()
        ),
        sa.PrimaryKeyConstraint("diversion_id", name=op.f("pk_diversions")),
    )
    for column in ("incident_id", "losing_incident_id"):
        op.create_index(op.f(f"ix_diversions_{column}"), "diversions", [column])
    op.create_index(
        "uq_diversions_open_unit", "diversions", ["unit_id"], unique=True,
        postgresql_where=sa.text("state = 'offered'"),
    )  # fmt: skip


def downgrade() -> None:
    """Take back. Lost: who was asked, and what was answered; what came of it stays."""
    op.drop_table("diversions")

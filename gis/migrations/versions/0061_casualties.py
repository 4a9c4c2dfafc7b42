"""Mass casualty incidents, casualties by colour, help from other services."""

import sqlalchemy as sa
from alembic import op

revision = "0061"
down_revision = "0060"
branch_labels = None
depends_on = None

_CHECKS = {
    "mass_casualties": {
        "estimate": "estimate >= 0 AND estimate <= 100000",
        "method": "method IN ('start','salt')",
        "ended": "(ended_at IS NULL) = (ended_by IS NULL)",
    },
    "casualties": {
        "colour": "colour IS NULL OR colour IN ('red','yellow','green','grey','black')",
        "state": "state IN ('found','promised','left','arrived','released')",
        "bound": "state NOT IN ('promised','left','arrived') OR facility_id IS NOT NULL",
        "overload": "(overload_by IS NULL) OR (promise_id IS NULL)",
    },
    "aid_requests": {
        "units": "units > 0 AND units <= 1000",
        "state": "state IN ('asked','promised','refused','arrived')",
    },
}


def _at(name: str, *, nullable: bool = False) -> "sa.Column[object]":
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def _text(name: str, *, nullable: bool = False) -> "sa.Column[object]":
    return sa.Column(name, sa.Text(), nullable=nullable)


def _key(table: str, column: str) -> sa.PrimaryKeyConstraint:
    return sa.PrimaryKeyConstraint(column, name=op.f(f"pk_{table}"))


def _of(
    table: str, column: str, other: str, *, ondelete: str | None = "CASCADE"
) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        [column], [f"{other}.{column}"], ondelete=ondelete, name=op.f(f"fk_{table}_{column}")
    )


def _checks(table: str) -> list[sa.CheckConstraint]:
    return [
        sa.CheckConstraint(words, name=op.f(f"ck_{table}_{name}"))
        for name, words in _CHECKS[table].items()
    ]


def _version() -> "sa.Column[object]":
    return sa.Column("version", sa.BigInteger(), server_default=sa.text("1"), nullable=False)


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "mass_casualties",
        sa.Column("incident_id", sa.Uuid(), nullable=False),
        sa.Column("city_id", sa.BigInteger(), nullable=False),
        _text("method"), sa.Column("estimate", sa.BigInteger(), nullable=True),
        _at("declared_at"), _text("declared_by"),
        _at("ended_at", nullable=True), _text("ended_by", nullable=True), _version(),
        *_checks("mass_casualties"),
        _of("mass_casualties", "incident_id", "incidents"),
        _of("mass_casualties", "city_id", "cities"),
        _key("mass_casualties", "incident_id"),
    )  # fmt: skip
    op.create_table(
        "casualties",
        sa.Column("casualty_id", sa.Uuid(), nullable=False),
        sa.Column("incident_id", sa.Uuid(), nullable=False),
        _text("tag"), _text("colour", nullable=True),
        sa.Column("state", sa.Text(), server_default=sa.text("'found'"), nullable=False),
        _text("sector", nullable=True),
        sa.Column("facility_id", sa.BigInteger(), nullable=True),
        sa.Column("promise_id", sa.Uuid(), nullable=True),
        _text("overload_by", nullable=True),
        sa.Column("assignment_id", sa.Uuid(), nullable=True),
        _at("found_at"), _at("changed_at"), _version(),
        *_checks("casualties"),
        _of("casualties", "incident_id", "mass_casualties"),
        _of("casualties", "facility_id", "facilities", ondelete=None),
        _of("casualties", "promise_id", "bed_promises", ondelete=None),
        _of("casualties", "assignment_id", "assignments", ondelete=None),
        _key("casualties", "casualty_id"),
        sa.UniqueConstraint("incident_id", "tag", name=op.f("uq_casualties_incident_id_tag")),
    )  # fmt: skip
    op.create_index(
        "ix_casualties_assignment_id", "casualties", ["assignment_id"],
        postgresql_where=sa.text("assignment_id IS NOT NULL"),
    )  # fmt: skip
    op.create_index("ix_casualties_facility_id", "casualties", ["facility_id"])
    op.create_table(
        "casualty_colours",
        sa.Column("sorting_id", sa.Uuid(), nullable=False),
        sa.Column("casualty_id", sa.Uuid(), nullable=False),
        _text("colour"), _text("method"), _text("decided_by", nullable=True),
        _at("sorted_at"), _text("sorted_by"),
        _of("casualty_colours", "casualty_id", "casualties"),
        _key("casualty_colours", "sorting_id"),
    )  # fmt: skip
    op.create_index(
        "ix_casualty_colours_casualty_id", "casualty_colours", ["casualty_id", "sorted_at"]
    )
    op.create_table(
        "aid_requests",
        sa.Column("request_id", sa.Uuid(), nullable=False),
        sa.Column("incident_id", sa.Uuid(), nullable=False),
        _text("service"), sa.Column("units", sa.BigInteger(), nullable=False), _text("state"),
        _at("asked_at"), _text("asked_by"), _at("changed_at"),
        *_checks("aid_requests"),
        _of("aid_requests", "incident_id", "mass_casualties"),
        _key("aid_requests", "request_id"),
    )  # fmt: skip
    op.create_index("ix_aid_requests_incident_id", "aid_requests", ["incident_id"])


def downgrade() -> None:
    """Take back. Lost: mass casualty incidents with their casualties and requests for help."""
    for table in ("aid_requests", "casualty_colours", "casualties", "mass_casualties"):
        op.drop_table(table)

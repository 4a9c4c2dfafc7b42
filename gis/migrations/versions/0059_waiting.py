"""Waiting patients: deadlines, surge modes; a diversion names its replacement, and is once.

Of two accepted diversions that took from one incident before this rule, the first one counts.
"""

import sqlalchemy as sa
from alembic import op

revision = "0059"
down_revision = "0058"
branch_labels = None
depends_on = None

_RUNS = "state IN ('open','due','escalated')"
_CHECKS = {
    "deadlines": {
        "kind": "kind IN ('call_back','answer','replacement')",
        "state": "state IN ('open','due','escalated','done','void')",
        "assignment": "(kind = 'call_back') = (assignment_id IS NULL)",
        "ended": "(state IN ('done','void')) = (ended_at IS NOT NULL)",
        "due": "due_at >= begun_at",
        "result": "result IN ('better','same','worse','no_answer','acknowledged','gone')",
    },
    "surges": {
        "reason": ("reason IN ('demand','fleet','disaster','weather','event','epidemic','other')"),
        "times": "ended_at >= began_at",
    },
}
_REFERS = {
    "incident_id": "incidents.incident_id",
    "assignment_id": "assignments.assignment_id",
    "next_unit_id": "units.unit_id",
}


def upgrade() -> None:
    """Apply."""
    _create(
        "deadlines", "deadline_id",
        _uuid("incident_id"), _uuid("assignment_id", nullable=True), _text("kind"),
        _text("state"), _at("begun_at"), _at("due_at"), _at("noted_at", nullable=True),
        _at("escalated_at", nullable=True), _at("ended_at", nullable=True),
        _uuid("ended_by", nullable=True), sa.Column("clinician", sa.Boolean(), nullable=True),
        _text("result", nullable=True), sa.Column("next_unit_id", sa.BigInteger(), nullable=True),
    )  # fmt: skip
    op.create_index(
        "uq_deadlines_call_back", "deadlines", ["incident_id"], unique=True,
        postgresql_where=sa.text(f"kind = 'call_back' AND {_RUNS}"),
    )  # fmt: skip
    op.create_index(
        "uq_deadlines_assignment", "deadlines", ["assignment_id"], unique=True,
        postgresql_where=sa.text(f"kind <> 'call_back' AND {_RUNS}"),
    )  # fmt: skip
    op.create_index("ix_deadlines_incident_id", "deadlines", ["incident_id"])
    _create(
        "surges", "surge_id",
        _text("reason"), _at("began_at"), _uuid("began_by", nullable=True),
        _at("ended_at", nullable=True), _uuid("ended_by", nullable=True),
    )  # fmt: skip
    op.create_index(
        "uq_surges_open", "surges", ["city_id"], unique=True,
        postgresql_where=sa.text("ended_at IS NULL"),
    )  # fmt: skip
    _widen_diversions()


def _widen_diversions() -> None:
    op.add_column("diversions", sa.Column("replacement_unit_id", sa.BigInteger(), nullable=True))
    op.add_column("diversions", sa.Column("replacement_assignment_id", sa.UUID(), nullable=True))
    op.add_column(
        "diversions",
        sa.Column("counts_once", sa.Boolean(), nullable=False, server_default=sa.text("true")),
    )
    for column, of in (
        ("replacement_unit_id", "units"), ("replacement_assignment_id", "assignments"),
    ):  # fmt: skip
        op.create_foreign_key(
            op.f(f"fk_diversions_{column}"), "diversions", of, [column],
            ["unit_id" if of == "units" else "assignment_id"],
        )  # fmt: skip
    op.execute(
        "UPDATE diversions AS later SET counts_once = false WHERE state = 'accepted' AND EXISTS ("
        "SELECT FROM diversions AS first WHERE first.losing_incident_id = later.losing_incident_id"
        " AND first.state = 'accepted' AND (first.ended_at, first.diversion_id)"
        " < (later.ended_at, later.diversion_id))"
    )
    op.create_index(
        "uq_diversions_lost_once", "diversions", ["losing_incident_id"], unique=True,
        postgresql_where=sa.text("state = 'accepted' AND counts_once"),
    )  # fmt: skip


def _create(table: str, key: str, *columns: sa.Column) -> None:
    op.create_table(
        table,
        sa.Column(key, sa.UUID(), nullable=False),
        sa.Column("city_id", sa.BigInteger(), nullable=False),
        *columns,
        *(
            sa.CheckConstraint(words, name=op.f(f"ck_{table}_{name}"))
            for name, words in _CHECKS[table].items()
        ),
        sa.ForeignKeyConstraint(
            ["city_id"], ["cities.city_id"], ondelete="CASCADE", name=op.f(f"fk_{table}_city_id")
        ),
        *(
            sa.ForeignKeyConstraint(
                [column.name], [_REFERS[column.name]], name=op.f(f"fk_{table}_{column.name}")
            )
            for column in columns
            if column.name in _REFERS
        ),
        sa.PrimaryKeyConstraint(key, name=op.f(f"pk_{table}")),
    )


def _uuid(name: str, *, nullable: bool = False) -> sa.Column:
    return sa.Column(name, sa.UUID(), nullable=nullable)


def _text(name: str, *, nullable: bool = False) -> sa.Column:
    return sa.Column(name, sa.Text(), nullable=nullable)


def _at(name: str, *, nullable: bool = False) -> sa.Column:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def downgrade() -> None:
    """Take back. Lost: deadlines, surge modes; who replaced a diverted unit stays sent."""
    op.drop_index("uq_diversions_lost_once", table_name="diversions")
    for column in ("counts_once", "replacement_assignment_id", "replacement_unit_id"):
        op.drop_column("diversions", column)
    for table in ("surges", "deadlines"):
        op.drop_table(table)

"""Crews in distress, crews that are asked how they are, accounts of units."""

import sqlalchemy as sa
from alembic import op

revision = "0063"
down_revision = "0062"
branch_labels = None
depends_on = None

_CHECKS = {
    "distress_calls": {
        "presses": "presses > 0",
        "acknowledged": "(acknowledged_at IS NULL) = (acknowledged_by IS NULL)",
        "ended": "(ended_at IS NULL) = (ended_by IS NULL)",
    },
    "welfare_timers": {"every_s": "every_s >= 60 AND every_s <= 7200"},
}


def _at(name: str, *, nullable: bool = False) -> "sa.Column[object]":
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def _text(name: str, *, nullable: bool = False) -> "sa.Column[object]":
    return sa.Column(name, sa.Text(), nullable=nullable)


def _number(name: str) -> "sa.Column[object]":
    return sa.Column(name, sa.BigInteger(), nullable=False)


def _of(table: str, column: str, other: str, ondelete: str = "CASCADE") -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        [column], [f"{other}.{column}"], ondelete=ondelete, name=op.f(f"fk_{table}_{column}")
    )


def _checks(table: str) -> list[sa.CheckConstraint]:
    return [
        sa.CheckConstraint(words, name=op.f(f"ck_{table}_{name}"))
        for name, words in _CHECKS[table].items()
    ]


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "distress_calls",
        sa.Column("distress_id", sa.Uuid(), nullable=False),
        _number("city_id"), _number("unit_id"),
        sa.Column("incident_id", sa.Uuid(), nullable=True),
        _at("raised_at"), _at("pressed_at"),
        sa.Column("presses", sa.BigInteger(), server_default=sa.text("1"), nullable=False),
        _at("acknowledged_at", nullable=True), _text("acknowledged_by", nullable=True),
        _at("ended_at", nullable=True), _text("ended_by", nullable=True),
        *_checks("distress_calls"),
        _of("distress_calls", "city_id", "cities"), _of("distress_calls", "unit_id", "units"),
        _of("distress_calls", "incident_id", "incidents", "SET NULL"),
        sa.PrimaryKeyConstraint("distress_id", name=op.f("pk_distress_calls")),
    )  # fmt: skip
    op.create_index(
        "uq_distress_calls_open_unit", "distress_calls", ["unit_id"], unique=True,
        postgresql_where=sa.text("ended_at IS NULL"),
    )  # fmt: skip
    op.create_index("ix_distress_calls_city_id", "distress_calls", ["city_id", "pressed_at"])
    op.create_table(
        "welfare_timers",
        _number("unit_id"), _number("city_id"), _number("every_s"), _at("due_at"),
        sa.Column("round", sa.BigInteger(), server_default=sa.text("1"), nullable=False),
        _at("missed_at", nullable=True), _text("started_by"), _at("stopped_at", nullable=True),
        *_checks("welfare_timers"),
        _of("welfare_timers", "unit_id", "units"), _of("welfare_timers", "city_id", "cities"),
        sa.PrimaryKeyConstraint("unit_id", name=op.f("pk_welfare_timers")),
    )  # fmt: skip
    op.create_index("ix_welfare_timers_city_id", "welfare_timers", ["city_id", "due_at"])
    op.create_table(
        "crew_accounts",
        sa.Column("user_id", sa.Uuid(), nullable=False),
        _number("unit_id"), _at("bound_at"), _text("bound_by"),
        _of("crew_accounts", "user_id", "users"), _of("crew_accounts", "unit_id", "units"),
        sa.PrimaryKeyConstraint("user_id", name=op.f("pk_crew_accounts")),
    )  # fmt: skip
    op.create_index(op.f("ix_crew_accounts_unit_id"), "crew_accounts", ["unit_id"])


def downgrade() -> None:
    """Take back. Lost: distress calls, welfare timers, which account speaks for which unit."""
    for table in ("crew_accounts", "welfare_timers", "distress_calls"):
        op.drop_table(table)

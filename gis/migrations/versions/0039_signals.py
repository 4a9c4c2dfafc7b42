"""What surveillance found unusual: runs, signals and what became of them, series as looked at."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

from gis.migrations.scripts import run_script

revision = "0039"
down_revision = "0038"
branch_labels = None
depends_on = None


def _texts(*names: str, nullable: bool = False) -> list[sa.Column[str]]:
    return [sa.Column(name, sa.Text(), nullable=nullable) for name in names]


def _wholes(*names: str) -> list[sa.Column[int]]:
    return [sa.Column(name, sa.BigInteger(), nullable=False) for name in names]


def _numbers(*names: str, nullable: bool = False) -> list[sa.Column[float]]:
    return [sa.Column(name, sa.Double(), nullable=nullable) for name in names]


def _days(*names: str) -> list[sa.Column[object]]:
    return [sa.Column(name, sa.Date(), nullable=False) for name in names]


def _at(*names: str) -> list[sa.Column[object]]:
    return [sa.Column(name, sa.DateTime(timezone=True), nullable=False) for name in names]


def _json(*names: str, nullable: bool = False) -> list[sa.Column[object]]:
    return [sa.Column(name, JSONB(), nullable=nullable) for name in names]


def _of_city(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["city_id"], ["cities.city_id"], ondelete="CASCADE", name=op.f(f"fk_{table}_city_id")
    )


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "surveillance_runs",
        sa.Column("run_id", sa.UUID(), nullable=False),
        *_wholes("city_id"), *_days("day"), *_at("as_of"), *_texts("date_basis", "area_level"),
        *_wholes("alarms_a_day"), *_numbers("false_share"),
        *_wholes("least_cases", "series", "judged"), *_json("unjudged", "alarms"),
        *_numbers("expected_false"), *_wholes("signals", "kept", "unplaced", "undated"),
        *_at("made_at"), *_texts("made_by"),
        _of_city("surveillance_runs"),
        sa.PrimaryKeyConstraint("run_id", name=op.f("pk_surveillance_runs")),
    )  # fmt: skip
    op.create_index("ix_surveillance_runs_city_id", "surveillance_runs", ["city_id", "day"])
    op.create_table(
        "surveillance_signals",
        sa.Column("signal_id", sa.UUID(), nullable=False),
        *_wholes("city_id"), sa.Column("run_id", sa.UUID(), nullable=False),
        *_texts("disease"), *_texts("area_code", nullable=True), *_texts("age_group", "sensitive"),
        sa.Column("version", sa.Integer(), nullable=False), *_texts("state"), *_at("state_at"),
        *_texts("state_by"), *_texts("note", nullable=True),
        *_days("raised_on", "last_on", "newest_case_on"), *_wholes("cases_7"), *_texts("lead"),
        sa.Column("obliged", sa.Boolean(), nullable=False),
        sa.Column("told", sa.Boolean(), nullable=False),
        *_numbers("observed"), *_numbers("expected", "threshold", nullable=True),
        *_numbers("p_value", "false_rate", nullable=True), *_numbers("weight"),
        *_json("reason", "opinions"),
        sa.CheckConstraint(
            "state IN ('new','acknowledged','explained','muted','ended')",
            name=op.f("ck_surveillance_signals_state"),
        ),
        sa.CheckConstraint("last_on >= raised_on", name=op.f("ck_surveillance_signals_days")),
        _of_city("surveillance_signals"),
        sa.ForeignKeyConstraint(
            ["run_id"], ["surveillance_runs.run_id"], ondelete="CASCADE",
            name=op.f("fk_surveillance_signals_run_id"),
        ),
        sa.PrimaryKeyConstraint("signal_id", name=op.f("pk_surveillance_signals")),
    )  # fmt: skip
    op.create_index(
        "uq_surveillance_signals_open", "surveillance_signals",
        ["city_id", "disease", "area_code", "age_group"], unique=True,
        postgresql_nulls_not_distinct=True, postgresql_where=sa.text("state <> 'ended'"),
    )  # fmt: skip
    op.create_index("ix_surveillance_signals_run_id", "surveillance_signals", ["run_id"])
    op.create_index(
        "ix_surveillance_signals_city_id", "surveillance_signals", ["city_id", "last_on"]
    )
    op.create_table(
        "surveillance_series",
        sa.Column("series_id", sa.BigInteger(), autoincrement=True, nullable=False),
        *_wholes("city_id"), *_texts("date_basis", "disease"), *_texts("area_code", nullable=True),
        *_texts("age_group", "sensitive"), *_days("starts_on"),
        sa.Column("cases", ARRAY(sa.Integer()), nullable=False), *_json("nowcast", nullable=True),
        _of_city("surveillance_series"),
        sa.UniqueConstraint(
            "city_id", "date_basis", "disease", "area_code", "age_group",
            name="uq_surveillance_series_key", postgresql_nulls_not_distinct=True,
        ),
        sa.PrimaryKeyConstraint("series_id", name=op.f("pk_surveillance_series")),
    )  # fmt: skip
    run_script("0039_signals.sql")


def downgrade() -> None:
    """Take back. Lost: all signals, and who said what of them."""
    for table in ("surveillance_series", "surveillance_signals", "surveillance_runs"):
        op.drop_table(table)
    run_script("0039_signals_down.sql")

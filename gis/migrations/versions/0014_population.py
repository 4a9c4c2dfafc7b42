"""Successors of areas, populations with their base, cells by day and night, indicator values."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from gis.migrations.scripts import run_script

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

_JSON_NONE = sa.text("'{}'")


def _value_columns(latest: bool) -> list[sa.Column[object]]:
    key = [sa.Column(name, sa.Text(), nullable=False)
           for name in ("indicator", "subject_kind", "subject_id")]  # fmt: skip
    source = sa.Column("source", sa.Text(), nullable=False)
    period = [sa.Column(name, sa.Date(), nullable=False)
              for name in ("period_from", "period_until")]  # fmt: skip
    return [
        *key, *([source, *period] if latest else [*period, source]),
        sa.Column("as_of", sa.DateTime(timezone=True), nullable=False),
        sa.Column("value", sa.Double(), nullable=False),
        sa.Column("n", sa.BigInteger(), nullable=True),
        sa.Column("unit", sa.Text(), nullable=False),
    ]  # fmt: skip


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "area_successors",
        sa.Column("area_id", sa.BigInteger(), nullable=False),
        sa.Column("successor_id", sa.BigInteger(), nullable=False),
        sa.Column("happened_on", sa.Date(), nullable=False),
        sa.Column("share", sa.Double(), nullable=False),
        sa.CheckConstraint("share > 0 AND share <= 1", name=op.f("ck_area_successors_share")),
        sa.CheckConstraint("area_id <> successor_id", name=op.f("ck_area_successors_other")),
        sa.ForeignKeyConstraint(["area_id"], ["areas.area_id"], ondelete="CASCADE",
                                name=op.f("fk_area_successors_area_id")),
        sa.ForeignKeyConstraint(["successor_id"], ["areas.area_id"], ondelete="CASCADE",
                                name=op.f("fk_area_successors_successor_id")),
        sa.PrimaryKeyConstraint("area_id", "successor_id", name=op.f("pk_area_successors")),
    )  # fmt: skip
    op.create_index(op.f("ix_area_successors_successor_id"), "area_successors", ["successor_id"])
    op.create_table(
        "populations",
        sa.Column("population_id", sa.BigInteger(), autoincrement=True, nullable=False),
        sa.Column("area_id", sa.BigInteger(), nullable=False),
        sa.Column("counted_on", sa.Date(), nullable=True),
        sa.Column("age_from", sa.SmallInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("age_below", sa.SmallInteger(), nullable=True),
        sa.Column("sex", sa.Text(), server_default=sa.text("'all'"), nullable=False),
        sa.Column("base", sa.Text(), server_default=sa.text("'resident'"), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("persons", sa.Double(), nullable=False),
        sa.CheckConstraint("persons >= 0", name=op.f("ck_populations_persons")),
        sa.CheckConstraint("age_from >= 0 AND (age_below IS NULL OR age_below > age_from)",
                           name=op.f("ck_populations_ages")),
        sa.CheckConstraint("sex IN ('all','female','male','other')",
                           name=op.f("ck_populations_sex")),
        sa.CheckConstraint("base IN ('resident','registered','managed')",
                           name=op.f("ck_populations_base")),
        sa.ForeignKeyConstraint(["area_id"], ["areas.area_id"], ondelete="CASCADE",
                                name=op.f("fk_populations_area_id")),
        sa.PrimaryKeyConstraint("population_id", name=op.f("pk_populations")),
        sa.UniqueConstraint("area_id", "counted_on", "age_from", "age_below", "sex", "base",
                            "source", name="uq_populations_count",
                            postgresql_nulls_not_distinct=True),
    )  # fmt: skip
    op.create_table(
        "indicator_values",
        *_value_columns(latest=False),
        sa.CheckConstraint("period_until > period_from", name=op.f("ck_indicator_values_period")),
        sa.CheckConstraint("n >= 0", name=op.f("ck_indicator_values_n")),
        sa.CheckConstraint("unit <> ''", name=op.f("ck_indicator_values_unit")),
        sa.PrimaryKeyConstraint("indicator", "subject_kind", "subject_id", "period_from",
                                "period_until", "source", "as_of",
                                name=op.f("pk_indicator_values")),
        postgresql_partition_by="RANGE (period_from)",
    )  # fmt: skip
    op.create_index("ix_indicator_values_subject", "indicator_values",
                    ["subject_kind", "subject_id", "indicator"])  # fmt: skip
    op.create_table(
        "indicator_latest",
        *_value_columns(latest=True),
        sa.PrimaryKeyConstraint("indicator", "subject_kind", "subject_id", "source",
                                name=op.f("pk_indicator_latest")),
    )  # fmt: skip
    run_script("0014_population.sql")
    op.drop_column("areas", "population")
    op.drop_column("population_cells", "risk_values")
    op.add_column("population_cells", sa.Column("counted_on", sa.Date(), nullable=True))
    op.add_column("population_cells", sa.Column(
        "time_of_day", sa.Text(), server_default=sa.text("'all'"), nullable=False))  # fmt: skip
    op.create_check_constraint(op.f("ck_population_cells_time_of_day"), "population_cells",
                               "time_of_day IN ('all','day','night')")  # fmt: skip
    op.drop_constraint(op.f("uq_population_cells_city_id_source_source_ref"), "population_cells",
                       type_="unique")  # fmt: skip
    op.create_unique_constraint(
        "uq_population_cells_count", "population_cells",
        ["city_id", "source", "source_ref", "counted_on", "time_of_day"],
        postgresql_nulls_not_distinct=True,
    )  # fmt: skip


def downgrade() -> None:
    """Take back. Lost: what the tables of before have no place for.

    - Which area followed which.
    - Populations but the newest resident total of each area, with its day and source.
    - Of cells of one source and reference all but the one stored last, and its day and time of day.
    - Indicator values but the newest of each population cell, which becomes a risk value without
      unit, period and n; where several sources say one indicator, whichever is met last.
    """
    op.add_column("areas", sa.Column("population", sa.BigInteger(), nullable=True))
    op.add_column("population_cells", sa.Column(
        "risk_values", postgresql.JSONB(), server_default=_JSON_NONE, nullable=False))  # fmt: skip
    run_script("0014_population_down.sql")
    op.drop_constraint("uq_population_cells_count", "population_cells", type_="unique")
    op.create_unique_constraint(op.f("uq_population_cells_city_id_source_source_ref"),
                                "population_cells", ["city_id", "source", "source_ref"])  # fmt: skip
    op.drop_column("population_cells", "time_of_day")
    op.drop_column("population_cells", "counted_on")
    for table in ("indicator_latest", "indicator_values", "populations", "area_successors"):
        op.drop_table(table)

"""Schools and worksites: what staff say of their names, and signals of one of them."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import ARRAY

from gis.migrations.scripts import run_script

revision = "0045"
down_revision = "0041"
branch_labels = None
depends_on = None

_OPEN = "uq_surveillance_signals_open"


def _open(*columns: str) -> None:
    op.drop_index(_OPEN, "surveillance_signals")
    op.create_index(
        _OPEN, "surveillance_signals", list(columns), unique=True,
        postgresql_nulls_not_distinct=True, postgresql_where=sa.text("state <> 'ended'"),
    )  # fmt: skip


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "institution_names",
        sa.Column("city_id", sa.BigInteger(), nullable=False),
        sa.Column("institution_key", sa.Text(), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("name", sa.Text(), nullable=True),
        sa.Column("same_as_key", sa.Text(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_by", sa.Text(), nullable=False),
        sa.CheckConstraint("version > 0", name=op.f("ck_institution_names_version")),
        sa.CheckConstraint(
            "same_as_key <> institution_key", name=op.f("ck_institution_names_same_as")
        ),
        sa.ForeignKeyConstraint(
            ["city_id"], ["cities.city_id"], ondelete="CASCADE",
            name=op.f("fk_institution_names_city_id"),
        ),
        sa.PrimaryKeyConstraint(
            "city_id", "institution_key", "version", name=op.f("pk_institution_names")
        ),
    )  # fmt: skip
    op.add_column(
        "surveillance_signals",
        sa.Column("kind", sa.Text(), server_default=sa.text("'series'"), nullable=False),
    )
    for name in ("institution_key", "institution"):
        op.add_column("surveillance_signals", sa.Column(name, sa.Text(), nullable=True))
    op.add_column("surveillance_signals", sa.Column("recent", ARRAY(sa.Integer()), nullable=True))
    for name, check in (
        ("kind", "kind IN ('series','institution')"),
        ("institution", ("(kind = 'institution') = (institution_key IS NOT NULL)"
         " AND (institution_key IS NULL) = (institution IS NULL)")),
    ):  # fmt: skip
        op.create_check_constraint(
            op.f(f"ck_surveillance_signals_{name}"), "surveillance_signals", check
        )
    _open("city_id", "kind", "disease", "area_code", "age_group", "institution_key")
    run_script("0045_institutions.sql")


def downgrade() -> None:
    """Take back. Lost: what was said of names, and the signals of institutions."""
    op.execute("DELETE FROM surveillance_signals WHERE kind <> 'series'")
    _open("city_id", "disease", "area_code", "age_group")
    for name in ("kind", "institution"):
        op.drop_constraint(op.f(f"ck_surveillance_signals_{name}"), "surveillance_signals")
    for name in ("kind", "institution_key", "institution", "recent"):
        op.drop_column("surveillance_signals", name)
    op.drop_table("institution_names")

"""A city's rules of coverage, how busy its units are, and its voids."""

import sqlalchemy as sa
from alembic import op

revision = "0058"
down_revision = "0057"
branch_labels = None
depends_on = None

_RULES = {
    "version": "version > 0",
    "assumed_busy": "assumed_busy > 0 AND assumed_busy < 1",
    "void_people": "void_closes_people > 0 AND void_closes_people <= void_opens_people",
    "void_holds_s": "void_holds_s BETWEEN 0 AND 3600",
    "moves_per_hour": "moves_per_hour BETWEEN 0 AND 1000",
    "least_gain_points": "least_gain_points > 0 AND least_gain_points <= 100",
    "least_area_share": "least_area_share BETWEEN 0 AND 1",
    "moves_per_shift": "moves_per_shift BETWEEN 0 AND 100",
    "rest_s": "rest_s BETWEEN 0 AND 86400",
}
_BUSY = {
    "hour": "hour BETWEEN 0 AND 23",
    "share": "share BETWEEN 0 AND 1",
    "unit_hours": "unit_hours > 0",
}
_VOIDS = {
    "people": "people >= 0 AND most_people >= people",
    "closed": "closed_at IS NULL OR opened_at IS NOT NULL",
    "acknowledged": "(acknowledged_at IS NULL) = (acknowledged_by IS NULL)",
}


def _of_city(table: str, checks: dict[str, str], *key: str) -> list[sa.Constraint]:
    return [
        *(sa.CheckConstraint(said, name=op.f(f"ck_{table}_{name}"))
          for name, said in checks.items()),
        sa.ForeignKeyConstraint(
            ["city_id"], ["cities.city_id"], ondelete="CASCADE", name=op.f(f"fk_{table}_city_id")
        ),
        sa.PrimaryKeyConstraint(*key, name=op.f(f"pk_{table}")),
    ]  # fmt: skip


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "coverage_rules",
        sa.Column("city_id", sa.BigInteger(), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("standard", sa.Text(), nullable=False),
        sa.Column("assumed_busy", sa.Double(), nullable=True),
        sa.Column("void_opens_people", sa.BigInteger(), nullable=False),
        sa.Column("void_closes_people", sa.BigInteger(), nullable=False),
        sa.Column("void_holds_s", sa.BigInteger(), nullable=False),
        sa.Column("moves_per_hour", sa.BigInteger(), nullable=False),
        sa.Column("least_gain_points", sa.Double(), nullable=False),
        sa.Column("least_area_share", sa.Double(), nullable=False),
        sa.Column("moves_per_shift", sa.BigInteger(), nullable=False),
        sa.Column("rest_s", sa.BigInteger(), nullable=False),
        sa.Column("set_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("set_by", sa.Text(), nullable=False),
        *_of_city("coverage_rules", _RULES, "city_id", "version"),
    )
    op.create_table(
        "busy_shares",
        sa.Column("city_id", sa.BigInteger(), nullable=False),
        sa.Column("hour", sa.SmallInteger(), nullable=False),
        sa.Column("share", sa.Double(), nullable=False),
        sa.Column("unit_hours", sa.Double(), nullable=False),
        sa.Column("measured_at", sa.DateTime(timezone=True), nullable=False),
        *_of_city("busy_shares", _BUSY, "city_id", "hour"),
    )
    op.create_table(
        "coverage_voids",
        sa.Column("void_id", sa.UUID(), nullable=False),
        sa.Column("city_id", sa.BigInteger(), nullable=False),
        sa.Column("area_code", sa.Text(), nullable=False),
        sa.Column("standard", sa.Text(), nullable=False),
        sa.Column("people", sa.Double(), nullable=False),
        sa.Column("most_people", sa.Double(), nullable=False),
        sa.Column("lon", sa.Double(), nullable=False),
        sa.Column("lat", sa.Double(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("below_since", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("acknowledged_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("acknowledged_by", sa.Text(), nullable=True),
        *_of_city("coverage_voids", _VOIDS, "void_id"),
    )
    op.create_index(
        "uq_coverage_voids_open", "coverage_voids", ["city_id", "area_code"], unique=True,
        postgresql_where=sa.text("closed_at IS NULL"),
    )  # fmt: skip


def downgrade() -> None:
    """Take back. Lost: the rules that cities set, the measured shares, and every void seen."""
    op.drop_table("coverage_voids")
    op.drop_table("busy_shares")
    op.drop_table("coverage_rules")

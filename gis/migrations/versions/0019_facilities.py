"""Facilities apart from what registers say of them; their kinds and capabilities by period."""

import sqlalchemy as sa
from alembic import op
from geoalchemy2 import Geometry
from sqlalchemy.dialects import postgresql

from gis.migrations.scripts import run_script

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

_JSON_NONE = sa.text("'{}'")
_FALSE = sa.text("false")
_KIND = "kind IN ('hospital','community_health_centre','clinic')"


def _at(name: str, *, nullable: bool = False) -> sa.Column[sa.DateTime]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def _facility_key(table: str, **more: bool | str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["facility_id"], ["facilities.facility_id"], ondelete="CASCADE",
        name=op.f(f"fk_{table}_facility_id"), **more,
    )  # fmt: skip


def upgrade() -> None:
    """Apply."""
    op.create_geospatial_table(
        "facility_sources",
        sa.Column("city_id", sa.BigInteger(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("source_ref", sa.Text(), nullable=False),
        sa.Column("facility_id", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("name_zh", sa.Text(), nullable=True),
        sa.Column("name_en", sa.Text(), nullable=True),
        sa.Column("has_emergency_department", sa.Boolean(), nullable=True),
        sa.Column("bed_count", sa.BigInteger(), nullable=True),
        sa.Column("phone", sa.Text(), nullable=True),
        sa.Column("tags", postgresql.JSONB(), server_default=_JSON_NONE, nullable=False),
        sa.Column("capabilities", postgresql.JSONB(), server_default=_JSON_NONE, nullable=False),
        sa.Column("modelled", sa.Boolean(), server_default=_FALSE, nullable=False),
        sa.Column("geom", Geometry("POINT", srid=4326, spatial_index=False), nullable=False),
        sa.Column("same_source", sa.Text(), nullable=True),
        sa.Column("same_ref", sa.Text(), nullable=True),
        _at("first_seen_at"), _at("changed_at"), _at("last_seen_at"),
        _at("ended_at", nullable=True),
        sa.CheckConstraint("(same_source IS NULL) = (same_ref IS NULL)",
                           name=op.f("ck_facility_sources_same")),
        sa.CheckConstraint("first_seen_at <= changed_at AND changed_at <= last_seen_at",
                           name=op.f("ck_facility_sources_seen")),
        sa.ForeignKeyConstraint(["city_id"], ["cities.city_id"], ondelete="CASCADE",
                                name=op.f("fk_facility_sources_city_id")),
        _facility_key("facility_sources", deferrable=True, initially="DEFERRED"),
        sa.PrimaryKeyConstraint("city_id", "source", "source_ref",
                                name=op.f("pk_facility_sources")),
    )  # fmt: skip
    op.create_geospatial_index("idx_facility_sources_geom", "facility_sources", ["geom"],
                               unique=False, postgresql_using="gist", postgresql_ops={})  # fmt: skip
    op.create_index(op.f("ix_facility_sources_facility_id"), "facility_sources", ["facility_id"])
    op.create_table(
        "facility_kinds",
        sa.Column("facility_id", sa.BigInteger(), nullable=False),
        _at("valid_from"), _at("valid_until", nullable=True),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.CheckConstraint("kind ~ '^[a-z][a-z0-9_]*$'", name=op.f("ck_facility_kinds_kind")),
        sa.CheckConstraint("valid_until > valid_from", name=op.f("ck_facility_kinds_period")),
        postgresql.ExcludeConstraint(
            (sa.column("facility_id"), "="), (sa.text("tstzrange(valid_from, valid_until)"), "&&"),
            using="gist", name="ex_facility_kinds_period",
        ),
        _facility_key("facility_kinds"),
        sa.PrimaryKeyConstraint("facility_id", "valid_from", name=op.f("pk_facility_kinds")),
    )  # fmt: skip
    op.drop_constraint(op.f("ck_facilities_kind"), "facilities", type_="check")
    op.drop_constraint(op.f("uq_facilities_city_id_source_source_ref"), "facilities",
                       type_="unique")  # fmt: skip
    op.alter_column("facilities", "kind", nullable=True)
    op.alter_column("facilities", "has_emergency_department", nullable=True, server_default=None)
    op.add_column("facilities", sa.Column("merged_into_id", sa.BigInteger(), nullable=True))
    op.create_foreign_key(op.f("fk_facilities_merged_into_id"), "facilities", "facilities",
                          ["merged_into_id"], ["facility_id"], ondelete="SET NULL")  # fmt: skip
    op.create_index(op.f("ix_facilities_merged_into_id"), "facilities", ["merged_into_id"])
    op.add_column("facility_capabilities", sa.Column("source", sa.Text(), nullable=True))
    op.add_column("facility_capabilities", _at("valid_from", nullable=True))
    op.add_column("facility_capabilities", _at("valid_until", nullable=True))
    run_script("0019_facilities.sql")
    for column in ("source", "valid_from"):
        op.alter_column("facility_capabilities", column, nullable=False)
    op.drop_constraint(op.f("pk_facility_capabilities"), "facility_capabilities", type_="primary")
    op.create_primary_key(op.f("pk_facility_capabilities"), "facility_capabilities",
                          ["facility_id", "capability", "valid_from"])  # fmt: skip
    op.create_check_constraint(op.f("ck_facility_capabilities_period"), "facility_capabilities",
                               "valid_until > valid_from")  # fmt: skip
    op.execute(
        "ALTER TABLE facility_capabilities ADD CONSTRAINT ex_facility_capabilities_period EXCLUDE"
        " USING gist (facility_id WITH =, capability WITH =,"
        " tstzrange(valid_from, valid_until) WITH &&)"
    )
    op.create_index("ix_facility_capabilities_now", "facility_capabilities",
                    ["facility_id", "capability"],
                    postgresql_where=sa.text("valid_until IS NULL"))  # fmt: skip
    for column in ("source", "source_ref", "tags"):
        op.drop_column("facilities", column)


def downgrade() -> None:
    """Take back; periods that ended, second records and kinds that came later are lost."""
    for column in ("source", "source_ref"):
        op.add_column("facilities", sa.Column(column, sa.Text(), nullable=True))
    op.add_column("facilities", sa.Column(
        "tags", postgresql.JSONB(), server_default=_JSON_NONE, nullable=False))  # fmt: skip
    op.drop_index("ix_facility_capabilities_now", table_name="facility_capabilities")
    op.drop_constraint("ex_facility_capabilities_period", "facility_capabilities")
    op.drop_constraint(op.f("ck_facility_capabilities_period"), "facility_capabilities",
                       type_="check")  # fmt: skip
    run_script("0019_facilities_down.sql")
    op.drop_constraint(op.f("pk_facility_capabilities"), "facility_capabilities", type_="primary")
    op.create_primary_key(op.f("pk_facility_capabilities"), "facility_capabilities",
                          ["facility_id", "capability"])  # fmt: skip
    for column in ("source", "valid_from", "valid_until"):
        op.drop_column("facility_capabilities", column)
    op.drop_index(op.f("ix_facilities_merged_into_id"), table_name="facilities")
    op.drop_column("facilities", "merged_into_id")
    for column in ("source", "source_ref", "kind"):
        op.alter_column("facilities", column, nullable=False)
    op.alter_column("facilities", "has_emergency_department", nullable=False,
                    server_default=_FALSE)  # fmt: skip
    op.create_unique_constraint(op.f("uq_facilities_city_id_source_source_ref"), "facilities",
                                ["city_id", "source", "source_ref"])  # fmt: skip
    op.create_check_constraint(op.f("ck_facilities_kind"), "facilities", _KIND)
    op.drop_table("facility_kinds")
    op.drop_geospatial_table("facility_sources")

"""Reported cases with all their versions, aggregate counts, doubles, and who is to report."""

import sqlalchemy as sa
from alembic import op
from geoalchemy2 import Geometry
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

from gis.migrations.scripts import run_script

revision = "0034"
down_revision = "0033"
branch_labels = None
depends_on = None


def _key(name: str) -> sa.Column[int]:
    return sa.Column(name, sa.BigInteger(), autoincrement=True, nullable=False)


def _uuid(name: str, *, nullable: bool = False) -> sa.Column[object]:
    return sa.Column(name, sa.UUID(), nullable=nullable)


def _texts(*names: str, nullable: bool = False) -> list[sa.Column[str]]:
    return [sa.Column(name, sa.Text(), nullable=nullable) for name in names]


def _wholes(*names: str, nullable: bool = False) -> list[sa.Column[int]]:
    return [sa.Column(name, sa.BigInteger(), nullable=nullable) for name in names]


def _days(*names: str, nullable: bool = False) -> list[sa.Column[object]]:
    return [sa.Column(name, sa.Date(), nullable=nullable) for name in names]


def _at(*names: str, nullable: bool = False) -> list[sa.Column[object]]:
    return [sa.Column(name, sa.DateTime(timezone=True), nullable=nullable) for name in names]


def _checks(table: str, **words: str) -> list[sa.CheckConstraint]:
    return [
        sa.CheckConstraint(text, name=op.f(f"ck_{table}_{name}")) for name, text in words.items()
    ]


def _refers(
    table: str, column: str, to: str = "", *, ondelete: str = "CASCADE"
) -> sa.ForeignKeyConstraint:
    targets = {
        "city_id": "cities.city_id", "source_id": "case_sources.source_id",
        "import_id": "case_imports.import_id", "case_id": "cases.case_id",
    }  # fmt: skip
    return sa.ForeignKeyConstraint(
        [column], [to or targets[column]], ondelete=ondelete, name=op.f(f"fk_{table}_{column}")
    )


def _primary(table: str, *columns: str) -> sa.PrimaryKeyConstraint:
    return sa.PrimaryKeyConstraint(*columns, name=op.f(f"pk_{table}"))


_KNOWN = "known_until > known_from"
_DECIDED = "(decision IS NULL) = (decided_at IS NULL) AND (decision IS NULL) = (decided_by IS NULL)"
_SEXES = "sex IN ('all','female','male','other')"
_ALL = sa.text("'all'")


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "case_sources",
        _key("source_id"), *_wholes("city_id"), *_texts("name", "kind"),
        sa.Column("mapping", JSONB(), server_default=sa.text("'{}'"), nullable=False),
        *_at("created_at"), *_texts("created_by"),
        *_checks("case_sources", kind="kind IN ('line_list','counts')"),
        _refers("case_sources", "city_id"), _primary("case_sources", "source_id"),
        sa.UniqueConstraint("city_id", "name", name=op.f("uq_case_sources_city_id_name")),
    )  # fmt: skip
    op.create_table(
        "case_imports",
        _uuid("import_id"), *_wholes("source_id"), *_texts("file_name"),
        sa.Column("sha256", sa.LargeBinary(), nullable=False), *_at("as_of"),
        *_wholes("rows_read", "rows_new", "rows_revised", "rows_deleted", "rows_unchanged",
                 "rows_repeated", "rows_rejected", "fields_lost"),
        sa.Column("told", JSONB(), nullable=False),
        *_at("imported_at"), *_texts("imported_by"),
        *_checks(
            "case_imports", sha256="octet_length(sha256) = 32",
            rows="rows_read = rows_new + rows_revised + rows_deleted + rows_unchanged"
            " + rows_repeated + rows_rejected",
        ),
        _refers("case_imports", "source_id"), _primary("case_imports", "import_id"),
        sa.UniqueConstraint("source_id", "sha256", name=op.f("uq_case_imports_source_id_sha256")),
    )  # fmt: skip
    op.create_table(
        "case_rejects",
        _key("reject_id"),
        _uuid("import_id"),
        *_wholes("row_number"),
        *_texts("field", nullable=True),
        *_texts("reason"),
        sa.Column("cells", JSONB(), nullable=True),
        *_at("rejected_at"),
        _refers("case_rejects", "import_id"),
        _primary("case_rejects", "reject_id"),
    )
    op.create_index("ix_case_rejects_import_id", "case_rejects", ["import_id", "row_number"])
    _create_cases()
    _create_versions()
    _create_counts()
    op.create_table(
        "case_doubles",
        _uuid("first_id"), _uuid("second_id"), *_wholes("city_id"),
        sa.Column("score", sa.Double(), nullable=False),
        sa.Column("agreeing", ARRAY(sa.Text()), nullable=False), *_at("found_at"),
        *_texts("decision", nullable=True), *_at("decided_at", nullable=True),
        *_texts("decided_by", nullable=True),
        *_checks(
            "case_doubles", score="score >= 0 AND score <= 1", two="first_id <> second_id",
            decision="decision IN ('same','different')", decided=_DECIDED,
        ),
        _refers("case_doubles", "first_id", "cases.case_id"),
        _refers("case_doubles", "second_id", "cases.case_id"),
        _refers("case_doubles", "city_id"), _primary("case_doubles", "first_id", "second_id"),
    )  # fmt: skip
    op.create_index(op.f("ix_case_doubles_city_id"), "case_doubles", ["city_id"])
    op.create_index("ix_case_doubles_second_id", "case_doubles", ["second_id"])
    run_script("0034_surveillance.sql")


def _create_cases() -> None:
    op.create_table(
        "cases",
        _uuid("case_id"), *_wholes("city_id", "source_id"), *_texts("source_key"),
        _uuid("same_as_id", nullable=True),
        *_checks("cases", same_as="same_as_id <> case_id"),
        _refers("cases", "city_id"), _refers("cases", "source_id"),
        _refers("cases", "same_as_id", "cases.case_id", ondelete="SET NULL"),
        _primary("cases", "case_id"),
        sa.UniqueConstraint(
            "source_id", "source_key", name=op.f("uq_cases_source_id_source_key")
        ),
    )  # fmt: skip
    op.create_index(op.f("ix_cases_city_id"), "cases", ["city_id"])
    op.create_index(
        "ix_cases_same_as_id", "cases", ["same_as_id"],
        postgresql_where=sa.text("same_as_id IS NOT NULL"),
    )  # fmt: skip
    op.create_table(
        "case_persons",
        _uuid("case_id"), *_texts("name", "guardian", "phone", "address", nullable=True),
        *_at("stated_at", "written_at"),
        _refers("case_persons", "case_id"), _primary("case_persons", "case_id"),
    )  # fmt: skip
    op.create_index("ix_case_persons_name", "case_persons", ["name"])
    op.create_index("ix_case_persons_phone", "case_persons", [sa.text("phone_digits(phone)")])
    op.create_index(op.f("ix_case_persons_written_at"), "case_persons", ["written_at"])
    op.create_table(
        "case_findings",
        _uuid("case_id"), *_at("stated_at"), *_texts("problem"),
        *_texts("decision", nullable=True), *_at("decided_at", nullable=True),
        *_texts("decided_by", nullable=True),
        *_checks(
            "case_findings", decision="decision IN ('right','reported_back')", decided=_DECIDED
        ),
        _refers("case_findings", "case_id"),
        _primary("case_findings", "case_id", "stated_at", "problem"),
    )  # fmt: skip


def _create_versions() -> None:
    op.create_geospatial_table(
        "case_versions",
        _uuid("case_id"), *_at("stated_at", "known_from"),
        *_at("known_until", nullable=True), *_at("recorded_at"), *_wholes("city_id", "source_id"), _uuid("import_id", nullable=True),
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        *_texts("disease", "classification"), *_texts("course", nullable=True),
        *_texts("review_state", "sensitive"),
        *_days("onset_on", "diagnosed_on", "entered_on", "reviewed_on", "died_on", nullable=True),
        *_at("diagnosed_at", "entered_at", "reviewed_at", nullable=True),
        *_texts("reporting_unit", "reporting_area", "residence_area", "exposure_area",
                "owned_by_area", "place_source", nullable=True),
        sa.Column("residence", Geometry("POINT", srid=4326, spatial_index=False), nullable=True),
        sa.Column("age_years", sa.Double(), nullable=True),
        *_texts("sex", "occupation", "institution", "institution_key", "outcome",
                "transferred_to", "deleted_reason", nullable=True),
        *_at("deleted_at", nullable=True),
        sa.Column(
            "date_problems", ARRAY(sa.Text()), server_default=sa.text("'{}'"), nullable=False
        ),
        *_texts("person_key", nullable=True),
        sa.Column("person_digest", sa.LargeBinary(), nullable=True),
        *_checks(
            "case_versions", known=_KNOWN, digest="octet_length(digest) = 16",
            classification="classification IN ('suspect','clinical','probable','confirmed',"
            "'carrier','positive','excluded','unknown')",
            review_state="review_state IN ('unreviewed','in_review','final')",
            sex="sex IN ('female','male','other')",
            age_years="age_years >= 0 AND age_years < 130",
            residence="sensitive = 'ordinary' OR residence IS NULL",
            person="(person_key IS NULL) = (person_digest IS NULL)",
        ),
        _refers("case_versions", "case_id"), _refers("case_versions", "import_id"),
        _primary("case_versions", "case_id", "stated_at"),
    )  # fmt: skip
    op.create_geospatial_index(
        "idx_case_versions_residence", "case_versions", ["residence"], unique=False,
        postgresql_using="gist", postgresql_ops={},
    )  # fmt: skip
    op.create_index(
        "ix_case_versions_present", "case_versions", ["city_id", "disease"],
        postgresql_where=sa.text("known_until IS NULL AND deleted_at IS NULL"),
    )  # fmt: skip
    op.create_index(
        "ix_case_versions_city_id", "case_versions", ["city_id", "disease", "known_from"]
    )
    op.create_index("ix_case_versions_person", "case_versions", ["person_digest"])
    op.create_index("ix_case_versions_import_id", "case_versions", ["import_id"])


def _create_counts() -> None:
    op.create_table(
        "case_counts",
        _key("count_id"), *_wholes("city_id", "source_id"), _uuid("import_id", nullable=True),
        *_texts("disease"), *_texts("area_code", nullable=True),
        *_days("period_from", "period_until"), *_texts("date_basis", "place_basis"),
        sa.Column("age_from", sa.SmallInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("age_below", sa.SmallInteger(), nullable=True),
        sa.Column("sex", sa.Text(), server_default=_ALL, nullable=False),
        sa.Column("classification", sa.Text(), server_default=_ALL, nullable=False),
        *_wholes("cases"), *_wholes("deaths", nullable=True),
        *_at("known_from"), *_at("known_until", nullable=True), *_at("recorded_at"),
        *_checks(
            "case_counts", known=_KNOWN, cases="cases >= 0 AND deaths >= 0",
            period="period_until > period_from", sex=_SEXES,
            date_basis="date_basis IN ('onset','diagnosis','entry','review')",
            place_basis="place_basis IN ('residence','reporting','exposure')",
            ages="age_from >= 0 AND (age_below IS NULL OR age_below > age_from)",
        ),
        _refers("case_counts", "city_id"), _refers("case_counts", "source_id"),
        _refers("case_counts", "import_id"), _primary("case_counts", "count_id"),
        sa.UniqueConstraint(
            "source_id", "disease", "area_code", "period_from", "period_until", "date_basis",
            "place_basis", "age_from", "age_below", "sex", "classification", "known_from",
            name="uq_case_counts_cell", postgresql_nulls_not_distinct=True,
        ),
    )  # fmt: skip
    op.create_index("ix_case_counts_city_id", "case_counts", ["city_id", "disease", "period_from"])
    op.create_index("ix_case_counts_import_id", "case_counts", ["import_id"])
    op.create_table(
        "reporting_frame",
        _key("frame_id"), *_wholes("source_id"),
        *_texts("disease", "area_code", "institution_key", nullable=True), *_texts("rhythm"),
        *_days("since"), *_days("until", nullable=True),
        *_checks(
            "reporting_frame", rhythm="rhythm IN ('day','week','month')", period="until > since"
        ),
        _refers("reporting_frame", "source_id"), _primary("reporting_frame", "frame_id"),
        sa.UniqueConstraint(
            "source_id", "disease", "area_code", "institution_key", "since",
            name="uq_reporting_frame_reporter",
            postgresql_nulls_not_distinct=True,
        ),
    )  # fmt: skip


def downgrade() -> None:
    """Take back. Lost: all reported cases and their history."""
    for table in (
        "case_doubles", "reporting_frame", "case_counts", "case_persons", "case_findings",
        "case_versions", "cases", "case_rejects", "case_imports", "case_sources",
    ):  # fmt: skip
        op.drop_table(table)

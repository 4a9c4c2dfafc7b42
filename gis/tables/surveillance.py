"""Reported cases: sources, imports, versions, counts, doubles. Written by `surveillance.cases`."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from geoalchemy2 import WKBElement
from sqlalchemy import (
    ARRAY,
    CheckConstraint,
    Double,
    ForeignKey,
    Index,
    LargeBinary,
    SmallInteger,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from gis.tables.base import Base, BigKey, geometry

_KNOWN = CheckConstraint("known_until > known_from", name="known")


class CaseSource(Base):
    """Who hands in files, and how their columns are read: `mapping` is what its YAML file says."""

    __tablename__ = "case_sources"
    __table_args__ = (
        UniqueConstraint("city_id", "name"),
        CheckConstraint("kind IN ('line_list','counts')", name="kind"),
    )

    source_id: Mapped[BigKey]
    city_id: Mapped[int] = mapped_column(ForeignKey("cities.city_id", ondelete="CASCADE"))
    name: Mapped[str]
    kind: Mapped[str]
    mapping: Mapped[dict[str, Any]] = mapped_column(server_default=text("'{}'"))
    created_at: Mapped[datetime]
    created_by: Mapped[str]


class CaseImport(Base):
    """One file taken in. The same bytes again, of the same source, change nothing.

    rows_read = new + revised + deleted + unchanged + repeated + rejected. `told`: how the file was
    read, guesses among it.
    """

    __tablename__ = "case_imports"
    __table_args__ = (
        UniqueConstraint("source_id", "sha256"),
        CheckConstraint("octet_length(sha256) = 32", name="sha256"),
        CheckConstraint(
            "rows_read = rows_new + rows_revised + rows_deleted + rows_unchanged + rows_repeated"
            " + rows_rejected",
            name="rows",
        ),
    )

    import_id: Mapped[UUID] = mapped_column(primary_key=True)
    source_id: Mapped[int] = mapped_column(ForeignKey("case_sources.source_id", ondelete="CASCADE"))
    file_name: Mapped[str]
    sha256: Mapped[bytes] = mapped_column(LargeBinary)
    as_of: Mapped[datetime]
    rows_read: Mapped[int]
    rows_new: Mapped[int]
    rows_revised: Mapped[int]
    rows_deleted: Mapped[int]
    rows_unchanged: Mapped[int]
    rows_repeated: Mapped[int]
    rows_rejected: Mapped[int]
    fields_lost: Mapped[int]
    told: Mapped[list[str]] = mapped_column(JSONB)
    imported_at: Mapped[datetime]
    imported_by: Mapped[str]


class CaseReject(Base):
    """A row that was refused, or (`field`) one value of a row that was stored without it.

    `cells`: the row, or the value, as it stood; they end by the rules of retention.
    """

    __tablename__ = "case_rejects"
    __table_args__ = (Index("ix_case_rejects_import_id", "import_id", "row_number"),)

    reject_id: Mapped[BigKey]
    import_id: Mapped[UUID] = mapped_column(
        ForeignKey("case_imports.import_id", ondelete="CASCADE")
    )
    row_number: Mapped[int]
    field: Mapped[str | None]
    reason: Mapped[str]
    cells: Mapped[dict[str, Any] | None] = mapped_column(JSONB)
    rejected_at: Mapped[datetime]


class Case(Base):
    """One reported case, whatever its versions say. `same_as_id`: another report of the same case.

    Who counts leaves out those with `same_as_id`.
    """

    __tablename__ = "cases"
    __table_args__ = (
        UniqueConstraint("source_id", "source_key"),
        CheckConstraint("same_as_id <> case_id", name="same_as"),
        Index("ix_cases_same_as_id", "same_as_id", postgresql_where=text("same_as_id IS NOT NULL")),
    )

    case_id: Mapped[UUID] = mapped_column(primary_key=True)
    city_id: Mapped[int] = mapped_column(
        ForeignKey("cities.city_id", ondelete="CASCADE"), index=True
    )
    source_id: Mapped[int] = mapped_column(ForeignKey("case_sources.source_id", ondelete="CASCADE"))
    source_key: Mapped[str]
    same_as_id: Mapped[UUID | None] = mapped_column(
        ForeignKey("cases.case_id", ondelete="SET NULL")
    )


class CaseVersion(Base):
    """What a report said from `known_from` on, until the next version became known.

    `stated_at` is when the report came to say so, by its own times of entry, correction, review
    and deletion, else by its file; the versions of a case follow one another by it. `known_from` is
    the same, but the first one was known since its entry. As known on a moment: `known_from <=
    moment`, `known_until` NULL or later, `deleted_at` NULL or later. The present one has no
    `known_until`.

    `*_on` are days in the city's own time, the moments beside them NULL where the report names days
    only. `owned_by_area` is where a case is worked on: its residence, else who reported it.
    `sensitive` as in `surveillance.diseases.model.Sensitive`; others than ordinary ones have no
    point. `date_problems`: which of its days cannot follow one another so.
    """

    __tablename__ = "case_versions"
    __table_args__ = (
        _KNOWN,
        CheckConstraint("octet_length(digest) = 16", name="digest"),
        CheckConstraint(
            "classification IN ('suspect','clinical','probable','confirmed','carrier','positive',"
            "'excluded','unknown')",
            name="classification",
        ),
        CheckConstraint("review_state IN ('unreviewed','in_review','final')", name="review_state"),
        CheckConstraint("sex IN ('female','male','other')", name="sex"),
        CheckConstraint("age_years >= 0 AND age_years < 130", name="age_years"),
        CheckConstraint("sensitive = 'ordinary' OR residence IS NULL", name="residence"),
        CheckConstraint("(person_key IS NULL) = (person_digest IS NULL)", name="person"),
        Index(
            "ix_case_versions_present",
            "city_id",
            "disease",
            postgresql_where=text("known_until IS NULL AND deleted_at IS NULL"),
        ),
        Index("ix_case_versions_city_id", "city_id", "disease", "known_from"),
        Index("ix_case_versions_person", "person_digest"),
        Index("ix_case_versions_import_id", "import_id"),
    )

    case_id: Mapped[UUID] = mapped_column(
        ForeignKey("cases.case_id", ondelete="CASCADE"), primary_key=True
    )
    stated_at: Mapped[datetime] = mapped_column(primary_key=True)
    known_from: Mapped[datetime]
    known_until: Mapped[datetime | None]
    recorded_at: Mapped[datetime]
    city_id: Mapped[int]
    source_id: Mapped[int]
    import_id: Mapped[UUID | None] = mapped_column(
        ForeignKey("case_imports.import_id", ondelete="CASCADE")
    )
    digest: Mapped[bytes] = mapped_column(LargeBinary)
    disease: Mapped[str]
    classification: Mapped[str]
    course: Mapped[str | None]
    review_state: Mapped[str]
    sensitive: Mapped[str]
    onset_on: Mapped[date | None]
    diagnosed_on: Mapped[date | None]
    diagnosed_at: Mapped[datetime | None]
    entered_on: Mapped[date | None]
    entered_at: Mapped[datetime | None]
    reviewed_on: Mapped[date | None]
    reviewed_at: Mapped[datetime | None]
    died_on: Mapped[date | None]
    reporting_unit: Mapped[str | None]
    reporting_area: Mapped[str | None]
    residence_area: Mapped[str | None]
    exposure_area: Mapped[str | None]
    owned_by_area: Mapped[str | None]
    residence: Mapped[WKBElement | None] = mapped_column(geometry("POINT"))
    place_source: Mapped[str | None]
    age_years: Mapped[float | None] = mapped_column(Double)
    sex: Mapped[str | None]
    occupation: Mapped[str | None]
    institution: Mapped[str | None]
    institution_key: Mapped[str | None]
    outcome: Mapped[str | None]
    transferred_to: Mapped[str | None]
    deleted_at: Mapped[datetime | None]
    deleted_reason: Mapped[str | None]
    date_problems: Mapped[list[str]] = mapped_column(ARRAY(Text), server_default=text("'{}'"))
    person_key: Mapped[str | None]
    person_digest: Mapped[bytes | None] = mapped_column(LargeBinary)


class CasePerson(Base):
    """Who a case is, as its last report said. Deleting the row erases the person."""

    __tablename__ = "case_persons"
    __table_args__ = (
        Index("ix_case_persons_phone", text("phone_digits(phone)")),
        Index("ix_case_persons_name", "name"),
    )

    case_id: Mapped[UUID] = mapped_column(
        ForeignKey("cases.case_id", ondelete="CASCADE"), primary_key=True
    )
    name: Mapped[str | None]
    guardian: Mapped[str | None]
    phone: Mapped[str | None]
    address: Mapped[str | None]
    stated_at: Mapped[datetime]
    written_at: Mapped[datetime] = mapped_column(index=True)


class CaseErasure(Base):
    """A case whose person was erased on demand: no report writes who it is again.

    Another report of the same case is known by the keyed hash, the disease and a `day` near by. The
    hash is kept for this alone.
    """

    __tablename__ = "case_erasures"

    case_id: Mapped[UUID] = mapped_column(
        ForeignKey("cases.case_id", ondelete="CASCADE"), primary_key=True
    )
    city_id: Mapped[int] = mapped_column(
        ForeignKey("cities.city_id", ondelete="CASCADE"), index=True
    )
    disease: Mapped[str]
    day: Mapped[date | None]
    person_key: Mapped[str | None]
    person_digest: Mapped[bytes | None] = mapped_column(LargeBinary)
    erased_at: Mapped[datetime]


class CaseFinding(Base):
    """Days of one version that cannot be, to be looked into; a later version has its own."""

    __tablename__ = "case_findings"
    __table_args__ = (
        CheckConstraint("decision IN ('right','reported_back')", name="decision"),
        CheckConstraint(
            "(decision IS NULL) = (decided_at IS NULL) AND (decision IS NULL) = (decided_by IS"
            " NULL)",
            name="decided",
        ),
    )

    case_id: Mapped[UUID] = mapped_column(
        ForeignKey("cases.case_id", ondelete="CASCADE"), primary_key=True
    )
    stated_at: Mapped[datetime] = mapped_column(primary_key=True)
    problem: Mapped[str] = mapped_column(primary_key=True)
    decision: Mapped[str | None]
    decided_at: Mapped[datetime | None]
    decided_by: Mapped[str | None]


class CaseCount(Base):
    """How many cases an aggregate report told of one disease, area, period and group.

    No row is no report; 0 is a zero. Ages from `age_from` to below `age_below` (NULL: no end).
    `known_from`, `known_until` as in `CaseVersion`.
    """

    __tablename__ = "case_counts"
    __table_args__ = (
        _KNOWN,
        UniqueConstraint(
            "source_id", "disease", "area_code", "period_from", "period_until", "date_basis",
            "place_basis", "age_from", "age_below", "sex", "classification", "known_from",
            name="uq_case_counts_cell", postgresql_nulls_not_distinct=True,
        ),
        CheckConstraint("cases >= 0 AND deaths >= 0", name="cases"),
        CheckConstraint("period_until > period_from", name="period"),
        CheckConstraint("date_basis IN ('onset','diagnosis','entry','review')", name="date_basis"),
        CheckConstraint("place_basis IN ('residence','reporting','exposure')", name="place_basis"),
        CheckConstraint("sex IN ('all','female','male','other')", name="sex"),
        CheckConstraint(
            "age_from >= 0 AND (age_below IS NULL OR age_below > age_from)", name="ages"
        ),
        Index("ix_case_counts_city_id", "city_id", "disease", "period_from"),
        Index("ix_case_counts_import_id", "import_id"),
    )  # fmt: skip

    count_id: Mapped[BigKey]
    city_id: Mapped[int] = mapped_column(ForeignKey("cities.city_id", ondelete="CASCADE"))
    source_id: Mapped[int] = mapped_column(ForeignKey("case_sources.source_id", ondelete="CASCADE"))
    import_id: Mapped[UUID | None] = mapped_column(
        ForeignKey("case_imports.import_id", ondelete="CASCADE")
    )
    disease: Mapped[str]
    area_code: Mapped[str | None]
    period_from: Mapped[date]
    period_until: Mapped[date]
    date_basis: Mapped[str]
    place_basis: Mapped[str]
    age_from: Mapped[int] = mapped_column(SmallInteger, server_default=text("0"))
    age_below: Mapped[int | None] = mapped_column(SmallInteger)
    sex: Mapped[str] = mapped_column(server_default=text("'all'"))
    classification: Mapped[str] = mapped_column(server_default=text("'all'"))
    cases: Mapped[int]
    deaths: Mapped[int | None]
    known_from: Mapped[datetime]
    known_until: Mapped[datetime | None]
    recorded_at: Mapped[datetime]


class ReportingFrame(Base):
    """Who is to report, how often, from when to when; `area_code` NULL: for the whole city.

    What is in the frame and has no row is missing, and no zero.
    """

    __tablename__ = "reporting_frame"
    __table_args__ = (
        UniqueConstraint(
            "source_id",
            "disease",
            "area_code",
            "institution_key",
            "since",
            name="uq_reporting_frame_reporter",
            postgresql_nulls_not_distinct=True,
        ),
        CheckConstraint("rhythm IN ('day','week','month')", name="rhythm"),
        CheckConstraint("until > since", name="period"),
    )

    frame_id: Mapped[BigKey]
    source_id: Mapped[int] = mapped_column(ForeignKey("case_sources.source_id", ondelete="CASCADE"))
    disease: Mapped[str | None]
    area_code: Mapped[str | None]
    institution_key: Mapped[str | None]
    rhythm: Mapped[str]
    since: Mapped[date]
    until: Mapped[date | None]


class CaseDouble(Base):
    """Two reports that may be of one case, for a person to say; `first_id` was known earlier.

    `score` 0 to 1, `agreeing` the fields that are alike.
    """

    __tablename__ = "case_doubles"
    __table_args__ = (
        CheckConstraint("score >= 0 AND score <= 1", name="score"),
        CheckConstraint("first_id <> second_id", name="two"),
        CheckConstraint("decision IN ('same','different')", name="decision"),
        CheckConstraint(
            "(decision IS NULL) = (decided_at IS NULL) AND (decision IS NULL) = (decided_by IS"
            " NULL)",
            name="decided",
        ),
        Index("ix_case_doubles_second_id", "second_id"),
    )

    first_id: Mapped[UUID] = mapped_column(
        ForeignKey("cases.case_id", ondelete="CASCADE"), primary_key=True
    )
    second_id: Mapped[UUID] = mapped_column(
        ForeignKey("cases.case_id", ondelete="CASCADE"), primary_key=True
    )
    city_id: Mapped[int] = mapped_column(
        ForeignKey("cities.city_id", ondelete="CASCADE"), index=True
    )
    score: Mapped[float] = mapped_column(Double)
    agreeing: Mapped[list[str]] = mapped_column(ARRAY(Text))
    found_at: Mapped[datetime]
    decision: Mapped[str | None]
    decided_at: Mapped[datetime | None]
    decided_by: Mapped[str | None]

"""SQL of the reports that were made, with their files."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, delete, false, func, insert, or_, select
from sqlalchemy.orm import Session

from gis.documents import Document
from gis.jurisdiction import may_reach
from gis.tables.reports import ReportFile, ReportRow
from maps.reports.model import Format


@dataclass(frozen=True, slots=True)
class MadeFile:
    """One file of a report, without its content."""

    format: str
    size_bytes: int


@dataclass(frozen=True, slots=True)
class MadeReport:
    """One report that was made."""

    report_id: int
    name: str
    period: str | None
    city_id: int
    language: str
    provenance: str
    as_of: datetime
    expires_at: datetime
    requested_by: str
    files: tuple[MadeFile, ...]


ReachByName = Mapping[str, Collection[str] | None]
"""Kinds of reports, each with the areas that somebody may read it of; None: all of a city."""


def insert_report(
    session: Session,
    document: Document,
    *,
    language: str,
    files: Mapping[Format, bytes],
    expires_at: datetime,
    requested_by: str,
    areas: Sequence[str],
) -> int:
    """Keep a report with its files and return its number."""
    report_id: int = session.execute(
        insert(ReportRow).returning(ReportRow.report_id).values(
            name=document.name, period=document.period, city_id=document.city_id, language=language,
            provenance=document.provenance.value, as_of=document.as_of, expires_at=expires_at,
            requested_by=requested_by, areas=list(areas),
        )
    ).scalar_one()  # fmt: skip
    session.execute(
        insert(ReportFile),
        [{"report_id": report_id, "format": one.value, "content": content}
         for one, content in files.items()],
    )  # fmt: skip
    return report_id


def read_reports(
    session: Session, *, reach_by_name: ReachByName, city_id: int | None, now: datetime, limit: int
) -> Sequence[MadeReport]:
    """Return reports of some kinds that have not expired, newest first."""
    asked = select(ReportRow).where(_is_within(reach_by_name), ReportRow.expires_at > now)
    if city_id is not None:
        asked = asked.where(ReportRow.city_id == city_id)
    rows = session.scalars(asked.order_by(ReportRow.report_id.desc()).limit(limit)).all()
    files: dict[int, list[MadeFile]] = {row.report_id: [] for row in rows}
    sizes = (
        select(ReportFile.report_id, ReportFile.format, func.octet_length(ReportFile.content))
        .where(ReportFile.report_id.in_(files))
        .order_by(ReportFile.format)
    )
    for report_id, made_as, size_bytes in session.execute(sizes):
        files[report_id].append(MadeFile(made_as, size_bytes))
    return [
        MadeReport(
            row.report_id, row.name, row.period, row.city_id, row.language, row.provenance,
            row.as_of, row.expires_at, row.requested_by, tuple(files[row.report_id]),
        )
        for row in rows
    ]  # fmt: skip


def read_file(
    session: Session, report_id: int, made_as: str, *, reach_by_name: ReachByName, now: datetime
) -> tuple[ReportRow, bytes] | None:
    """Return a report and one of its files; None if there is none, or not any more."""
    found = session.execute(
        select(ReportRow, ReportFile.content)
        .join(ReportFile, ReportFile.report_id == ReportRow.report_id)
        .where(
            ReportRow.report_id == report_id, ReportFile.format == made_as,
            ReportRow.expires_at > now, _is_within(reach_by_name),
        )
    ).one_or_none()  # fmt: skip
    return None if found is None else (found[0], found[1])


def _is_within(reach_by_name: ReachByName) -> ColumnElement[bool]:
    return or_(
        false(),
        *(
            (ReportRow.name == name) & may_reach(ReportRow.areas, reach)
            for name, reach in reach_by_name.items()
        ),
    )


def delete_expired(session: Session, now: datetime) -> None:
    """Remove reports that expired; their files go with them."""
    session.execute(delete(ReportRow).where(ReportRow.expires_at <= now))

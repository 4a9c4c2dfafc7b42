"""SQL of what citizens report of defibrillators."""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import LargeBinary, func, insert, literal, or_, select, update
from sqlalchemy.orm import Session

from gis.jurisdiction import within
from gis.rows import AnyRow
from gis.tables import Aed, AedState, City, Event
from gis.tables.aed_reports import AedReport

_LOCK = 7_219_025
"""Of the transaction that counts reports before it adds one: two of them take turns."""
_DECIDED_SHOWN = timedelta(days=30)


def lock_reports(session: Session) -> None:
    """Wait until no other transaction adds a report."""
    session.execute(select(func.pg_advisory_xact_lock(_LOCK)))


def find_aed(session: Session, aed_id: int) -> AnyRow | None:
    """Return city and place of a device and lock its row; None: there is none."""
    return session.execute(
        select(
            Aed.aed_id, Aed.city_id,
            func.ST_X(Aed.geom).label("lon"), func.ST_Y(Aed.geom).label("lat"),
        )
        .where(Aed.aed_id == aed_id)
        .with_for_update()
    ).one_or_none()  # fmt: skip


def reports_from(session: Session, sender: str, *, since: datetime) -> list[tuple[int, str]]:
    """Return device and kind of each report that came from a sender since then."""
    told = func.convert_to(literal(sender), "UTF8", type_=LargeBinary)
    mine = AedReport.sender_digest == func.sha256(AedReport.sender_salt.op("||")(told))
    rows = session.execute(
        select(AedReport.aed_id, AedReport.kind).where(AedReport.reported_at > since, mine)
    )
    return [(row.aed_id, row.kind) for row in rows]


def count_waiting(session: Session, aed_id: int, *, kind: str) -> int:
    """Return how many undecided reports of a kind there are of a device."""
    return session.execute(
        select(func.count()).where(
            AedReport.aed_id == aed_id, AedReport.kind == kind, AedReport.decision.is_(None)
        )
    ).scalar_one()


def insert_report(session: Session, values: dict[str, Any]) -> None:
    """Store a report."""
    session.execute(insert(AedReport).values(**values))


def open_reports(session: Session, aed_ids: Collection[int]) -> dict[int, AnyRow]:
    """Return the newest undecided report of each of these devices that has one."""
    rows = session.execute(
        select(AedReport.aed_id, AedReport.kind, AedReport.reported_at)
        .where(AedReport.aed_id.in_(aed_ids), AedReport.decision.is_(None))
        .order_by(AedReport.reported_at)
    )
    return {row.aed_id: row for row in rows}


def list_reports(
    session: Session, *, prefixes: Collection[str], now: datetime, limit: int
) -> Sequence[AnyRow]:
    """Return the reports of an area: all that wait, then those decided in the last 30 days."""
    columns: list[Any] = [
        AedReport.report_id, AedReport.aed_id, AedReport.kind, AedReport.words,
        AedReport.reported_at, AedReport.decision, AedReport.decided_at, AedReport.decided_by,
        AedReport.check_requested_at, AedReport.check_requested_by,
        Aed.city_id, Aed.name, Aed.name_zh, Aed.location, Aed.location_zh, Aed.phone,
        Aed.indoor, Aed.floor, func.ST_X(Aed.geom).label("lon"), func.ST_Y(Aed.geom).label("lat"),
        func.coalesce(AedState.state, "unknown").label("state"),
        City.name.label("city_name"), City.name_zh.label("city_name_zh"),
    ]  # fmt: skip
    return session.execute(
        select(*columns)
        .join(Aed, Aed.aed_id == AedReport.aed_id)
        .join(City, City.city_id == Aed.city_id)
        .outerjoin(AedState, AedState.aed_id == Aed.aed_id)
        .where(
            within(AedReport.area_code, prefixes),
            or_(AedReport.decision.is_(None), AedReport.decided_at > now - _DECIDED_SHOWN),
        )
        .order_by(
            AedReport.decision.is_not(None), AedReport.reported_at.desc(), AedReport.report_id
        )
        .limit(limit)
    ).all()


def lock_report(
    session: Session, report_id: UUID, *, prefixes: Collection[str]
) -> AnyRow | None:  # fmt: skip
    """Return a report of an area and lock it; None: there is none."""
    return session.execute(
        select(AedReport.report_id, AedReport.aed_id, AedReport.kind, AedReport.decision,
               AedReport.area_code)
        .where(AedReport.report_id == report_id, within(AedReport.area_code, prefixes))
        .with_for_update()
    ).one_or_none()  # fmt: skip


def decide(session: Session, report_id: UUID, decision: str, *, at: datetime, by: str) -> None:
    """Store what was decided."""
    session.execute(
        update(AedReport)
        .where(AedReport.report_id == report_id)
        .values(decision=decision, decided_at=at, decided_by=by)
    )


def note_check(session: Session, report_id: UUID, *, at: datetime, by: str) -> None:
    """Store that somebody was asked to look."""
    session.execute(
        update(AedReport)
        .where(AedReport.report_id == report_id)
        .values(check_requested_at=at, check_requested_by=by)
    )


def list_steps(
    session: Session, aed_id: int, *, prefixes: Collection[str], limit: int
) -> Sequence[AnyRow]:
    """Return the events of a device in an area, newest first."""
    return session.execute(
        select(Event.occurred_at, Event.type, Event.actor, Event.payload)
        .where(
            Event.subject_kind == "aed", Event.subject_id == str(aed_id),
            within(Event.area_code, prefixes),
        )
        .order_by(Event.subject_version.desc())
        .limit(limit)
    ).all()  # fmt: skip


def words_past(session: Session, before: datetime, limit: int) -> int:
    """Empty the words of reports older than `before`; return how many."""
    return _emptied(session, ("words",), before, limit)


def senders_past(session: Session, before: datetime, limit: int) -> int:
    """Empty what is left of the senders' addresses in reports older than `before`."""
    return _emptied(session, ("sender_digest", "sender_salt"), before, limit)


def _emptied(session: Session, columns: tuple[str, ...], before: datetime, limit: int) -> int:
    past = (
        select(AedReport.report_id)
        .where(AedReport.reported_at < before, getattr(AedReport, columns[0]).is_not(None))
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    changed = session.scalars(
        update(AedReport)
        .where(AedReport.report_id.in_(past.scalar_subquery()))
        .values(dict.fromkeys(columns))
        .returning(AedReport.report_id)
    )
    return len(changed.all())

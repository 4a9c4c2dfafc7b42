"""SQL of the calls that are counted as syndromes."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import date
from hashlib import sha256

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from gis.rows import view_of
from gis.tables.syndromic import SyndromicCall
from surveillance.syndromic.model import NOT_ILL, CodedCall

_KEPT = (
    SyndromicCall.city_id, SyndromicCall.area_code, SyndromicCall.first_coded_on,
    SyndromicCall.complaint_code, SyndromicCall.determinant, SyndromicCall.category,
    SyndromicCall.cancelled, SyndromicCall.repeats, SyndromicCall.ended_as,
)  # fmt: skip
_COUNTS = (
    SyndromicCall.first_coded_on.is_not(None),
    SyndromicCall.cancelled.is_(False),
    SyndromicCall.repeats.is_(False),
    SyndromicCall.ended_as.is_(None) | SyndromicCall.ended_as.not_in(NOT_ILL),
)


def digest_of(incident_id: str) -> bytes:
    """Return what a call is kept under: the incident's own id does not stand here."""
    return sha256(b"syndromic call " + incident_id.encode()).digest()[:16]


def take_call(session: Session, call_digest: bytes) -> CodedCall | None:
    """Return what is kept of a call and lock it; None where nothing is yet."""
    row = session.execute(
        select(*_KEPT).where(SyndromicCall.call_digest == call_digest).with_for_update()
    ).one_or_none()
    return None if row is None else view_of(CodedCall, row)


def put_call(session: Session, call_digest: bytes, call: CodedCall) -> None:
    """Store a call in place of what was kept of it."""
    values = asdict(call)
    session.execute(
        insert(SyndromicCall)
        .values(call_digest=call_digest, **values)
        .on_conflict_do_update(index_elements=[SyndromicCall.call_digest], set_=values)
    )


def calls_by_day(
    session: Session, city_id: int, *, since: date, before: date
) -> Sequence[tuple[str, date, str | None, int]]:
    """Return complaint, day, area and number of the calls that count."""
    rows = session.execute(
        select(
            SyndromicCall.complaint_code, SyndromicCall.first_coded_on,
            SyndromicCall.area_code, func.count(),
        )
        .where(
            SyndromicCall.city_id == city_id, *_COUNTS,
            SyndromicCall.first_coded_on >= since, SyndromicCall.first_coded_on < before,
        )
        .group_by(
            SyndromicCall.complaint_code, SyndromicCall.first_coded_on, SyndromicCall.area_code
        )
        .order_by(
            SyndromicCall.first_coded_on, SyndromicCall.complaint_code, SyndromicCall.area_code
        )
    ).all()  # fmt: skip
    return [
        (complaint, day, area, calls)
        for complaint, day, area, calls in rows
        if complaint is not None and day is not None
    ]


def first_coded_day(session: Session, city_id: int) -> date | None:
    """Return the first day of which any call was coded, whatever became of it."""
    return session.execute(
        select(func.min(SyndromicCall.first_coded_on)).where(SyndromicCall.city_id == city_id)
    ).scalar_one()

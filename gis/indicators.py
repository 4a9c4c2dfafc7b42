"""Indicator values: the one writer, for every room that measures something of a subject."""

from collections.abc import Collection, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from gis.rows import view_of
from gis.tables import IndicatorLatest, IndicatorValue


@dataclass(frozen=True, slots=True)
class Indication:
    """A value of one indicator, subject and period; `period_until` is the day after its last.

    `unit` is a UCUM code (`1` for shares, `/100000.a` for rates), `n` what the value rests on,
    `as_of` when the source said so: a correction is a new value of a later `as_of`.
    """

    indicator: str
    subject_kind: str
    subject_id: str
    period_from: date
    period_until: date
    value: float
    n: int | None
    unit: str
    source: str
    as_of: datetime


def put_indications(session: Session, values: Collection[Indication]) -> None:
    """Append values; the newest of each subject is then what `latest_indications` returns."""
    if values:
        session.execute(insert(IndicatorValue), [asdict(one) for one in values])


def latest_indications(
    session: Session, indicator: str, *, subject_kind: str, subject_ids: Collection[str]
) -> Sequence[Indication]:
    """Return the newest value of each subject and source, ordered by subject and source."""
    rows = session.execute(
        select(*IndicatorLatest.__table__.columns)
        .where(
            IndicatorLatest.indicator == indicator,
            IndicatorLatest.subject_kind == subject_kind,
            IndicatorLatest.subject_id.in_(subject_ids),
        )
        .order_by(IndicatorLatest.subject_id, IndicatorLatest.source)
    )
    return [view_of(Indication, row) for row in rows]

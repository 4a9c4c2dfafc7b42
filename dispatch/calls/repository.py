"""SQL of telephone calls, callers' hashes, positions of phones and links."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import and_, delete, func, insert, or_, select, update
from sqlalchemy.dialects.postgresql import insert as insert_once
from sqlalchemy.orm import Session

from gis.jurisdiction import within
from gis.retention.repository import is_held
from gis.rows import AnyRow
from gis.tables import Call, Incident
from gis.tables.calls import CallerDigest, CallerFix, LocationLink, TelephoneCall

_CALL: list[Any] = [*TelephoneCall.__table__.columns, Call.incident_id]
_FIX: list[Any] = [
    *(one for one in CallerFix.__table__.columns if one.name != "geom"),
    func.ST_X(CallerFix.geom).label("lon"), func.ST_Y(CallerFix.geom).label("lat"),
]  # fmt: skip


def begin_call(session: Session, values: Mapping[str, Any]) -> bool:
    """Store a call unless the exchange named it before; of two at once the second waits."""
    return (
        session.execute(
            insert_once(TelephoneCall)
            .values(**values)
            .on_conflict_do_nothing(index_elements=["city_id", "exchange", "exchange_ref"])
            .returning(TelephoneCall.call_id)
        ).one_or_none()
        is not None
    )


def lock_named(
    session: Session, city_id: int, *, exchange: str, exchange_ref: str
) -> AnyRow | None:
    """Lock a call by the exchange's own name of it."""
    return session.execute(
        select(TelephoneCall.__table__)
        .where(
            TelephoneCall.city_id == city_id,
            TelephoneCall.exchange == exchange,
            TelephoneCall.exchange_ref == exchange_ref,
        )
        .with_for_update()
    ).one_or_none()


def lock_call(session: Session, call_id: UUID) -> AnyRow | None:
    """Lock a call's line."""
    return session.execute(
        select(TelephoneCall.__table__).where(TelephoneCall.call_id == call_id).with_for_update()
    ).one_or_none()


def change_call(session: Session, call_id: UUID, values: Mapping[str, Any]) -> AnyRow:
    """Change a locked call, raise its version and return it."""
    return session.execute(
        update(TelephoneCall)
        .where(TelephoneCall.call_id == call_id)
        .values(**values, version=TelephoneCall.version + 1)
        .returning(*TelephoneCall.__table__.columns)
    ).one()


def find_taken(session: Session, call_id: UUID) -> AnyRow | None:
    """Return a call of an incident, with the incident's city and area."""
    return session.execute(
        select(
            Call.call_id, Call.incident_id, Call.received_at, Call.answered_at, Call.source,
            Incident.city_id, Incident.area_code, Incident.simulated,
        )
        .join(Incident, Incident.incident_id == Call.incident_id)
        .where(Call.call_id == call_id)
    ).one_or_none()  # fmt: skip


def open_calls(
    session: Session, city_id: int, *, prefixes: Collection[str], since: datetime, limit: int
) -> Sequence[AnyRow]:
    """Return calls that ring, go on or wait for a call-back, the longest waiting first."""
    return session.execute(
        select(*_CALL)
        .outerjoin(Call, Call.call_id == TelephoneCall.call_id)
        .outerjoin(Incident, Incident.incident_id == Call.incident_id)
        .where(
            TelephoneCall.city_id == city_id,
            or_(
                TelephoneCall.state.in_(("ringing", "answered", "held")),
                TelephoneCall.call_back.in_(("due", "unreached")),
            ),
            TelephoneCall.rang_at >= since,
            within(Incident.area_code, prefixes),
            Incident.closed_at.is_(None),
            Incident.cancelled_at.is_(None),
        )
        .order_by(TelephoneCall.rang_at, TelephoneCall.call_id)
        .limit(limit)
    ).all()


def calls_of(session: Session, incident_id: UUID) -> Sequence[AnyRow]:
    """Return the lines of an incident's calls, oldest first."""
    return session.execute(
        select(*_CALL)
        .join(Call, Call.call_id == TelephoneCall.call_id)
        .where(Call.incident_id == incident_id)
        .order_by(TelephoneCall.rang_at, TelephoneCall.call_id)
    ).all()


def lines_of(session: Session, incident_ids: Sequence[UUID]) -> Sequence[AnyRow]:
    """Return, of each call of the incidents, its line; call_id None where it has none."""
    return session.execute(
        select(
            Call.incident_id, TelephoneCall.call_id, TelephoneCall.silent_at,
            TelephoneCall.call_back,
        )
        .outerjoin(TelephoneCall, TelephoneCall.call_id == Call.call_id)
        .where(Call.incident_id.in_(incident_ids))
    ).all()  # fmt: skip


def waits_between(
    session: Session, city_id: int, *, since: datetime, before: datetime
) -> Sequence[AnyRow]:
    """Return ring, answer and state of the calls of a period; simulated ones are none."""
    return session.execute(
        select(TelephoneCall.rang_at, TelephoneCall.answered_at, TelephoneCall.state).where(
            TelephoneCall.city_id == city_id,
            TelephoneCall.rang_at >= since,
            TelephoneCall.rang_at < before,
            TelephoneCall.exchange != "desk",
        )
    ).all()


def note_digest(session: Session, values: Mapping[str, Any]) -> None:
    """Keep a call's hash; a corrected number replaces it."""
    session.execute(
        insert_once(CallerDigest)
        .values(**values)
        .on_conflict_do_update(
            index_elements=["call_id"],
            set_={name: values[name] for name in ("key_id", "digest", "noted_at")},
        )
    )


def drop_digest(session: Session, call_id: UUID) -> None:
    """Forget a call's hash: its number was corrected to none."""
    session.execute(delete(CallerDigest).where(CallerDigest.call_id == call_id))


def latest_call_from(
    session: Session, city_id: int, *, digests: Sequence[bytes], since: datetime, until: datetime
) -> UUID | None:
    """Return the newest call of a city from one of these hashes within a time."""
    rang_at = func.coalesce(TelephoneCall.rang_at, Call.received_at)
    return session.scalars(
        select(CallerDigest.call_id)
        .outerjoin(TelephoneCall, TelephoneCall.call_id == CallerDigest.call_id)
        .outerjoin(Call, Call.call_id == CallerDigest.call_id)
        .where(
            CallerDigest.city_id == city_id,
            CallerDigest.digest.in_(digests),
            rang_at.between(since, until),
        )
        .order_by(rang_at.desc(), CallerDigest.call_id)
        .limit(1)
    ).one_or_none()


def owing_call_from(
    session: Session, city_id: int, *, digests: Sequence[bytes], since: datetime
) -> AnyRow | None:
    """Return the newest call from these hashes that waits for a call-back, of an open incident."""
    return session.execute(
        select(*_CALL)
        .join(CallerDigest, CallerDigest.call_id == TelephoneCall.call_id)
        .join(Call, Call.call_id == TelephoneCall.call_id)
        .join(Incident, Incident.incident_id == Call.incident_id)
        .where(
            TelephoneCall.city_id == city_id,
            CallerDigest.digest.in_(digests),
            TelephoneCall.call_back.in_(("due", "unreached")),
            TelephoneCall.rang_at >= since,
            Incident.closed_at.is_(None),
            Incident.cancelled_at.is_(None),
        )
        .order_by(TelephoneCall.rang_at.desc(), TelephoneCall.call_id)
        .limit(1)
    ).one_or_none()


def digests_of(session: Session, incident_id: UUID) -> Sequence[bytes]:
    """Return the hashes of an incident's calls."""
    return session.scalars(
        select(CallerDigest.digest)
        .join(Call, Call.call_id == CallerDigest.call_id)
        .where(Call.incident_id == incident_id)
        .distinct()
    ).all()


def incidents_called(
    session: Session,
    city_id: int,
    *,
    digests: Sequence[bytes],
    besides: UUID,
    since: datetime,
    prefixes: Collection[str],
    limit: int,
) -> tuple[int, Sequence[AnyRow]]:
    """Return how many other incidents the same callers called for, and the newest of them."""
    which = (
        select(Call.incident_id)
        .join(CallerDigest, CallerDigest.call_id == Call.call_id)
        .where(CallerDigest.digest.in_(digests), CallerDigest.city_id == city_id)
    )
    fits = and_(
        Incident.incident_id.in_(which),
        Incident.incident_id != besides,
        Incident.received_at >= since,
        within(Incident.area_code, prefixes),
    )
    total = session.execute(select(func.count()).select_from(Incident).where(fits)).scalar_one()
    rows = session.execute(
        select(
            Incident.incident_id, Incident.number, Incident.received_at, Incident.state,
            Incident.category, Incident.complaint_code, Incident.outcome, Incident.place_label,
        )
        .where(fits)
        .order_by(Incident.received_at.desc(), Incident.incident_id)
        .limit(limit)
    ).all()  # fmt: skip
    return total, rows


def insert_fix(session: Session, values: Mapping[str, Any]) -> None:
    """Store what a phone said."""
    session.execute(insert(CallerFix).values(**values))


def fixes_of(session: Session, incident_id: UUID, *, limit: int) -> Sequence[AnyRow]:
    """Return what phones said of an incident's calls, newest first."""
    return session.execute(
        select(*_FIX)
        .join(Call, Call.call_id == CallerFix.call_id)
        .where(Call.incident_id == incident_id)
        .order_by(CallerFix.received_at.desc(), CallerFix.fix_id)
        .limit(limit)
    ).all()


def give_waiting_fixes(
    session: Session, city_id: int, call_id: UUID, *, digests: Sequence[bytes], since: datetime
) -> Sequence[AnyRow]:
    """Let what came before its call be that call's; return which."""
    return session.execute(
        update(CallerFix)
        .where(
            CallerFix.city_id == city_id,
            CallerFix.call_id.is_(None),
            CallerFix.digest.in_(digests),
            CallerFix.received_at >= since,
        )
        .values(call_id=call_id)
        .returning(CallerFix.fix_id, CallerFix.shown_radius_m, CallerFix.source)
    ).all()


def links_since(session: Session, call_id: UUID, since: datetime) -> int:
    """Return how many links were made for a call since."""
    return session.execute(
        select(func.count())
        .select_from(LocationLink)
        .where(LocationLink.call_id == call_id, LocationLink.made_at >= since)
    ).scalar_one()


def insert_link(session: Session, values: Mapping[str, Any]) -> None:
    """Store a link."""
    session.execute(insert(LocationLink).values(**values))


def lock_link(session: Session, token_digest: bytes) -> AnyRow | None:
    """Lock a link by its token's digest."""
    return session.execute(
        select(LocationLink.__table__)
        .where(LocationLink.token_digest == token_digest)
        .with_for_update()
    ).one_or_none()


def change_link(session: Session, link_id: UUID, values: Mapping[str, Any]) -> None:
    """Change a locked link."""
    session.execute(update(LocationLink).where(LocationLink.link_id == link_id).values(**values))


def past(
    session: Session, table: Any, at: Any, before: datetime, *, now: datetime, limit: int
) -> int:
    """Delete rows of `table` of before a time, `limit` at most; those of a held call stay."""
    key: Any = next(iter(table.__table__.primary_key.columns))
    due = (
        select(key)
        .outerjoin(Call, Call.call_id == table.call_id)
        .where(
            at < before,
            or_(Call.incident_id.is_(None), ~is_held("incident", Call.incident_id, now)),
            or_(table.call_id.is_(None), ~is_held("call", table.call_id, now)),
        )
        .limit(limit)
        .with_for_update(of=table, skip_locked=True)
    )
    return len(
        session.scalars(
            delete(table)
            .where(key.in_(due))
            .returning(key)
            .execution_options(synchronize_session=False)
        ).all()
    )

"""SQL of periods, nights, holds and erasures."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    Text,
    cast,
    delete,
    exists,
    func,
    insert,
    or_,
    select,
    text,
    tuple_,
    update,
)
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.orm import Session

from gis.rows import AnyRow
from gis.tables import ApiToken, LoginSession, User
from gis.tables.retention import Correction, Erasure, LegalHold, RetentionPeriod, RetentionRun

_LOCK = 4403125
CLOSED = "—"
"""What stands in the place of a forgotten account's name."""
_NO_PASSWORD = "!"  # noqa: S105 (no hash: it fits no password)


def lock_erasing(session: Session) -> None:
    """Let nobody place or lift a hold until commit; others may erase as well."""
    session.execute(text("SELECT pg_advisory_xact_lock_shared(:lock)"), {"lock": _LOCK})


def lock_holds(session: Session) -> None:
    """Wait until nobody erases, and let nobody until commit."""
    session.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})


def list_periods(session: Session) -> Sequence[AnyRow]:
    """Return every period that was set, newest first."""
    columns: list[Any] = list(RetentionPeriod.__table__.columns)
    return session.execute(
        select(*columns).order_by(RetentionPeriod.period_id.desc())
    ).all()  # fmt: skip


def insert_period(session: Session, values: Mapping[str, Any]) -> None:
    """Store a period."""
    session.execute(insert(RetentionPeriod).values(**values))


def insert_run(session: Session, values: Mapping[str, Any]) -> None:
    """Note that a night begins with a rule."""
    session.execute(insert(RetentionRun).values(**values))


def count_erased(session: Session, run_id: UUID, erased: int) -> None:
    """Add what one batch erased."""
    session.execute(
        update(RetentionRun)
        .where(RetentionRun.run_id == run_id)
        .values(erased=RetentionRun.erased + erased)
        .execution_options(synchronize_session=False)
    )


def end_run(session: Session, run_id: UUID, at: datetime) -> int:
    """Note that the night is done with a rule; returns what it erased."""
    erased: int = session.execute(
        update(RetentionRun)
        .where(RetentionRun.run_id == run_id)
        .values(ended_at=at)
        .returning(RetentionRun.erased)
    ).scalar_one()
    return erased


def list_runs(session: Session) -> Sequence[AnyRow]:
    """Return the newest run of each rule, with what all its runs erased (`total`)."""
    columns: list[Any] = list(RetentionRun.__table__.columns)
    total = func.sum(RetentionRun.erased).over(partition_by=RetentionRun.rule).label("total")
    return session.execute(
        select(*columns, total)
        .ext(distinct_on(RetentionRun.rule))
        .order_by(RetentionRun.rule, RetentionRun.began_at.desc(), RetentionRun.run_id.desc())
    ).all()


def in_force(at: datetime) -> ColumnElement[bool]:
    """Return the condition that a hold is in force."""
    return LegalHold.lifted_at.is_(None) & or_(LegalHold.ends_at.is_(None), LegalHold.ends_at > at)


def is_held(kind: str, subject_id: Any, at: datetime) -> ColumnElement[bool]:
    """Return the condition that a hold is in force on the subject that a column names."""
    return exists().where(
        LegalHold.subject_kind == kind, LegalHold.subject_id == cast(subject_id, Text), in_force(at)
    )


def hold_on(session: Session, subjects: Collection[tuple[str, str]], at: datetime) -> AnyRow | None:
    """Return the oldest hold in force on any of the subjects (kind, id)."""
    columns: list[Any] = list(LegalHold.__table__.columns)
    return session.execute(
        select(*columns)
        .where(
            tuple_(LegalHold.subject_kind, LegalHold.subject_id).in_(list(subjects)), in_force(at)
        )
        .order_by(LegalHold.placed_at)
        .limit(1)
    ).one_or_none()


def count_holds(session: Session, at: datetime) -> int:
    """Return how many holds are in force."""
    return session.execute(
        select(func.count()).select_from(LegalHold).where(in_force(at))
    ).scalar_one()


def list_holds(session: Session, *, at: datetime, all_of_them: bool) -> Sequence[AnyRow]:
    """Return holds, newest first: those in force, or all."""
    columns: list[Any] = list(LegalHold.__table__.columns)
    query = select(*columns).order_by(LegalHold.placed_at.desc(), LegalHold.hold_id)
    return session.execute(query if all_of_them else query.where(in_force(at))).all()


def insert_hold(session: Session, values: Mapping[str, Any]) -> None:
    """Store a hold."""
    session.execute(insert(LegalHold).values(**values))


def lift_hold(session: Session, hold_id: UUID, *, at: datetime, by: str, reason: str) -> bool:
    """End a hold; returns whether it was in force."""
    lifted = session.execute(
        update(LegalHold)
        .where(LegalHold.hold_id == hold_id, in_force(at))
        .values(lifted_at=at, lifted_by=by, lift_reason=reason)
        .returning(LegalHold.hold_id)
    )
    return lifted.first() is not None


def find_hold(session: Session, hold_id: UUID) -> AnyRow | None:
    """Return a hold, None if there is none."""
    columns: list[Any] = list(LegalHold.__table__.columns)
    return session.execute(select(*columns).where(LegalHold.hold_id == hold_id)).one_or_none()


def insert_erasure(session: Session, values: Mapping[str, Any]) -> None:
    """Write down an erasure."""
    session.execute(insert(Erasure).values(**values))


def list_erasures(
    session: Session, *, limit: int | None = None, before: datetime | None = None
) -> Sequence[AnyRow]:
    """Return erasures, newest first."""
    columns: list[Any] = list(Erasure.__table__.columns)
    query = select(*columns).order_by(Erasure.erased_at.desc(), Erasure.erasure_id.desc())
    if before is not None:
        query = query.where(Erasure.erased_at < before)
    return session.execute(query.limit(limit)).all()


def erasure_ids(session: Session) -> frozenset[UUID]:
    """Return the id of every erasure that stands here."""
    return frozenset(session.scalars(select(Erasure.erasure_id)))


def forget_account(session: Session, user_id: UUID) -> int:
    """Take name and password of a closed account; returns 1, or 0 if it is open or taken."""
    closed = session.execute(
        update(User)
        .where(User.user_id == user_id, User.disabled_at.is_not(None), User.display_name != CLOSED)
        .values(display_name=CLOSED, password_hash=_NO_PASSWORD, version=User.version + 1)
        .returning(User.user_id)
        .execution_options(synchronize_session=False)
    )
    if closed.first() is None:
        return 0
    for table in (ApiToken, LoginSession):
        session.execute(delete(table).where(table.user_id == user_id))
    return 1


def accounts_closed_before(
    session: Session, before: datetime, *, at: datetime, limit: int
) -> Sequence[UUID]:
    """Return closed accounts whose name still stands, the longest closed first; locked."""
    return session.scalars(
        select(User.user_id)
        .where(
            User.disabled_at < before,
            User.display_name != CLOSED,
            ~is_held("account", User.user_id, at),
        )
        .order_by(User.disabled_at)
        .limit(limit)
        .with_for_update(skip_locked=True)
    ).all()


def account_state(session: Session, user_id: UUID) -> AnyRow | None:
    """Return whether an account is closed; None if there is none. Locks it."""
    return session.execute(
        select(User.user_id, User.disabled_at).where(User.user_id == user_id).with_for_update()
    ).one_or_none()


def insert_correction(session: Session, values: Mapping[str, Any]) -> None:
    """Write down a correction."""
    session.execute(insert(Correction).values(**values))


def correction_ids(session: Session) -> frozenset[UUID]:
    """Return the id of every correction that stands here."""
    return frozenset(session.scalars(select(Correction.correction_id)))


def list_corrections(
    session: Session, *, limit: int | None = None, before: datetime | None = None
) -> Sequence[AnyRow]:
    """Return corrections, newest first."""
    columns: list[Any] = list(Correction.__table__.columns)
    query = select(*columns).order_by(
        Correction.corrected_at.desc(), Correction.correction_id.desc()
    )
    if before is not None:
        query = query.where(Correction.corrected_at < before)
    return session.execute(query.limit(limit)).all()

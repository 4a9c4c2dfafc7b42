"""Use cases of retention: the register with its periods, holds, erasing on demand, the night.

Each step is an event. Erasing and holding exclude one another: what is being erased cannot be
held in the same moment, and the other way round.
"""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from gis.access import EVERYWHERE
from gis.database import UnitOfWork, WritingUnitOfWork
from gis.errors import NotFoundError
from gis.events import NewEvent
from gis.jobs.service import defer
from gis.permissions import PRIVACY_ADMIN, USER_ADMIN
from gis.retention import repository
from gis.retention.errors import (
    SHORTEST_REASON,
    HeldError,
    HoldEndInvalidError,
    HoldUnknownError,
    NobodyToForgetError,
    PersonalSubjectUnknownError,
    PrivacyBeyondError,
    ReasonMissingError,
    RuleUnknownError,
)
from gis.retention.jobs import COPY_ERASURES
from gis.retention.views import (
    ErasureList,
    ErasureView,
    HoldList,
    HoldView,
    PeriodView,
    Register,
    RegisterEntry,
    RunView,
    SubjectView,
)
from gis.rooms.house import resolve
from gis.rooms.personal import PersonalField, PersonalSubject
from gis.rows import AnyRow, view_of

BATCH_ROWS = 1000
PAGE = 200


def checked_reason(reason: str) -> str:
    """Return a reason without blanks around it.

    Raises
    ------
    ReasonMissingError
        It says too little.
    """
    if len(reason.strip()) < SHORTEST_REASON:
        raise ReasonMissingError
    return reason.strip()


def show_register(uow: UnitOfWork) -> Register:
    """Return every personal field with its period, how that was set, and what the nights erased."""
    periods: dict[str, list[PeriodView]] = {}
    for row in repository.list_periods(uow.session):
        periods.setdefault(row.rule, []).append(view_of(PeriodView, row))
    runs = {row.rule: row for row in repository.list_runs(uow.session)}
    return Register(
        tuple(
            _entry(field, tuple(periods.get(name, ())), runs.get(name))
            for name, field in uow.house.personal_fields.items()
        ),
        repository.count_holds(uow.session, uow.clock.now()),
        tuple(
            SubjectView(kind, subject.words)
            for kind, subject in uow.house.personal_subjects.items()
        ),
    )


def set_period(uow: WritingUnitOfWork, rule: str, *, days: int, reason: str) -> Register:
    """Set how long a rule keeps what it rules, from the next night on, in every area.

    Raises
    ------
    PrivacyBeyondError, RuleUnknownError, ReasonMissingError
    """
    check_everywhere(uow)
    field = uow.house.personal_fields.get(rule)
    if field is None or field.carry_out is None:
        raise RuleUnknownError(rule)
    repository.lock_holds(uow.session)
    repository.insert_period(
        uow.session,
        {"rule": rule, "days": days, "reason": checked_reason(reason),
         "set_by": uow.identity.label, "set_at": uow.clock.now()},
    )  # fmt: skip
    _emit(uow, "retention_rule", rule, "retention.period_set", days=days)
    return show_register(uow)


def place_hold(
    uow: WritingUnitOfWork, kind: str, given: str, *, reason: str, ends_at: datetime | None
) -> HoldView:
    """Keep a subject (by number or id) from being erased until the hold is lifted or ends.

    Raises
    ------
    PersonalSubjectUnknownError, ReasonMissingError, HoldEndInvalidError, NotFoundError
    """
    now = uow.clock.now()
    if ends_at is not None and ends_at <= now:
        raise HoldEndInvalidError
    subject = subject_of(uow, kind)
    repository.lock_holds(uow.session)
    hold_id = uow.ids.new()
    repository.insert_hold(
        uow.session,
        {
            "hold_id": hold_id, "subject_kind": kind, "subject_id": resolve(subject.find)(
                uow, given
            ),
            "reason": checked_reason(reason), "placed_by": uow.identity.label, "placed_at": now,
            "ends_at": ends_at,
        },
    )  # fmt: skip
    _emit(uow, "legal_hold", str(hold_id), "legal_hold.placed", on=kind)
    return _hold_view(uow, hold_id)


def lift_hold(uow: WritingUnitOfWork, hold_id: UUID, *, reason: str) -> HoldView:
    """End a hold on what lies within the viewer's areas.

    Raises
    ------
    HoldUnknownError, ReasonMissingError, PrivacyBeyondError
    """
    repository.lock_holds(uow.session)
    hold = _hold_view(uow, hold_id)
    _check_reach(uow, hold.subject_kind, hold.subject_id)
    lifted = repository.lift_hold(
        uow.session, hold_id, at=uow.clock.now(), by=uow.identity.label,
        reason=checked_reason(reason),
    )  # fmt: skip
    if not lifted:
        raise HoldUnknownError(hold_id)
    _emit(uow, "legal_hold", str(hold_id), "legal_hold.lifted")
    return _hold_view(uow, hold_id)


def list_holds(uow: UnitOfWork, *, all_of_them: bool = False) -> HoldList:
    """Return the holds on what lies within the viewer's areas: in force, or all there ever were.

    Newest first. Whoever administers everywhere sees all.
    """
    rows = repository.list_holds(uow.session, at=uow.clock.now(), all_of_them=all_of_them)
    everything = any(uow.identity.allows(one, EVERYWHERE) for one in (PRIVACY_ADMIN, USER_ADMIN))
    return HoldList(tuple(
        view_of(HoldView, row) for row in rows
        if everything or _reaches(uow, row.subject_kind, row.subject_id)
    ))  # fmt: skip


def forget(uow: WritingUnitOfWork, kind: str, given: str, *, reason: str) -> ErasureList:
    """Erase the personal values of a subject, by number or id.

    Raises
    ------
    PersonalSubjectUnknownError, ReasonMissingError, NotFoundError
    HeldError
        Nothing was erased.
    """
    subject = subject_of(uow, kind)
    return _forget_all(uow, [(subject, resolve(subject.find)(uow, given))], reason=reason)


def forget_number(uow: WritingUnitOfWork, number: str, *, reason: str) -> ErasureList:
    """Erase what is kept of whoever called from a number, with or without the country's code.

    Raises
    ------
    NobodyToForgetError, ReasonMissingError
    HeldError
        One of them is held; nothing was erased.
    """
    found = found_by(uow, number, lambda subject: subject.by_number)
    return _forget_all(uow, found, reason=reason)


def forget_name(uow: WritingUnitOfWork, name: str, *, reason: str) -> ErasureList:
    """Erase what is kept of everybody who is written down under exactly this name.

    Raises
    ------
    NobodyToForgetError, ReasonMissingError
    HeldError
        One of them is held; nothing was erased.
    """
    found = found_by(uow, name, lambda subject: subject.by_name)
    return _forget_all(uow, found, reason=reason)


def repeat(uow: WritingUnitOfWork, erasures: Sequence[ErasureView]) -> int:
    """Erase again what a restored database lacks of `erasures`; returns how many were repeated.

    A hold that stands in the restored state was lifted before the erasure, so none is asked for.
    """
    known = repository.erasure_ids(uow.session)
    missing = [one for one in erasures if one.erasure_id not in known]
    for one in sorted(missing, key=lambda one: one.erased_at):
        subject = uow.house.personal_subjects.get(one.subject_kind)
        if subject is not None:
            resolve(subject.forget)(uow, one.subject_id)
        repository.insert_erasure(
            uow.session,
            {name: getattr(one, name) for name in ErasureView.__slots__},
        )  # fmt: skip
    return len(missing)


def list_erasures(uow: UnitOfWork, before: datetime | None = None) -> ErasureList:
    """Return erasures on demand, newest first, at most `PAGE`."""
    rows = repository.list_erasures(uow.session, limit=PAGE, before=before)
    return ErasureList(tuple(view_of(ErasureView, row) for row in rows))


def all_erasures(uow: UnitOfWork) -> list[ErasureView]:
    """Return every erasure on demand."""
    return [view_of(ErasureView, row) for row in repository.list_erasures(uow.session)]


class Night:
    """One rule of one night, batch by batch: each batch is a transaction of its own."""

    def __init__(self, field: PersonalField, *, days: int, at: datetime, run_id: UUID) -> None:
        self._field = field
        self._days = days
        self._at = at
        self._before = at - timedelta(days=days)
        self._run_id = run_id

    def begin(self, uow: WritingUnitOfWork) -> None:
        """Note that the rule is being carried out."""
        repository.insert_run(
            uow.session,
            {
                "run_id": self._run_id, "rule": self._field.name, "days": self._days,
                "before_at": self._before, "began_at": self._at,
                "holds": repository.count_holds(uow.session, self._at),
            },
        )  # fmt: skip

    def batch(self, uow: WritingUnitOfWork) -> bool:
        """Erase at most `BATCH_ROWS`, counted in the same transaction; return whether it did."""
        assert self._field.carry_out is not None
        repository.lock_erasing(uow.session)
        erased: int = resolve(self._field.carry_out)(uow, self._before, BATCH_ROWS)
        repository.count_erased(uow.session, self._run_id, erased)
        return erased > 0

    def end(self, uow: WritingUnitOfWork) -> int:
        """Note that the rule is done, in the log where it erased anything; return how much."""
        erased = repository.end_run(uow.session, self._run_id, uow.clock.now())
        if erased:
            repository.lock_holds(uow.session)
            _emit(
                uow, "retention_rule", self._field.name, "retention.carried_out",
                erased=erased, days=self._days,
            )  # fmt: skip
        return erased


def nights(uow: UnitOfWork) -> list[Night]:
    """Return what is to be done tonight: every rule with its period of now."""
    now = uow.clock.now()
    chosen: dict[str, int] = {}
    for row in repository.list_periods(uow.session):
        chosen.setdefault(row.rule, row.days)
    return [
        Night(field, days=chosen.get(field.name, field.keep_days), at=now, run_id=uow.ids.new())
        for field in uow.house.personal_fields.values()
        if field.carry_out is not None and field.keep_days is not None
    ]


def check_everywhere(uow: UnitOfWork) -> None:
    """Check that the viewer answers for the personal values of every area.

    Raises
    ------
    PrivacyBeyondError
    """
    if not uow.identity.allows(PRIVACY_ADMIN, EVERYWHERE):
        raise PrivacyBeyondError


def _hold_view(uow: UnitOfWork, hold_id: UUID) -> HoldView:
    row = repository.find_hold(uow.session, hold_id)
    if row is None:
        raise HoldUnknownError(hold_id)
    return view_of(HoldView, row)


def _check_reach(uow: UnitOfWork, kind: str, subject_id: str) -> None:
    if not uow.identity.allows(PRIVACY_ADMIN, EVERYWHERE) and not _reaches(uow, kind, subject_id):
        raise PrivacyBeyondError


def _reaches(uow: UnitOfWork, kind: str, subject_id: str) -> bool:
    """Return whether the viewer finds a subject: who or what lies within his or her areas."""
    subject = uow.house.personal_subjects.get(kind)
    try:
        return subject is not None and bool(resolve(subject.find)(uow, subject_id))
    except NotFoundError:
        return False


def _forget_all(
    uow: WritingUnitOfWork, found: Sequence[tuple[PersonalSubject, str]], *, reason: str
) -> ErasureList:
    reason = checked_reason(reason)
    repository.lock_erasing(uow.session)
    for subject, subject_id in found:
        refuse_if_held(uow, subject, subject_id)
    views = []
    for subject, subject_id in found:
        view = ErasureView(
            erasure_id=uow.ids.new(), subject_kind=subject.kind, subject_id=subject_id,
            erased=resolve(subject.forget)(uow, subject_id), reason=reason,
            erased_by=uow.identity.label, erased_at=uow.clock.now(),
        )  # fmt: skip
        repository.insert_erasure(
            uow.session, {name: getattr(view, name) for name in ErasureView.__slots__}
        )
        views.append(view)
    defer(uow, COPY_ERASURES, {}, key=COPY_ERASURES.name)
    return ErasureList(tuple(views))


def refuse_if_held(uow: UnitOfWork, subject: PersonalSubject, subject_id: str) -> None:
    """Check that no hold keeps a subject from being erased.

    Raises
    ------
    HeldError
    """
    with_it = () if subject.held_with is None else resolve(subject.held_with)(uow, subject_id)
    hold = repository.hold_on(
        uow.session, [(subject.kind, subject_id), *with_it], uow.clock.now()
    )  # fmt: skip
    if hold is not None:
        raise HeldError(
            hold.subject_kind, hold.subject_id, placed_by=hold.placed_by, placed_at=hold.placed_at
        )


def found_by(
    uow: UnitOfWork, given: str, way: Callable[[PersonalSubject], str | None]
) -> list[tuple[PersonalSubject, str]]:
    """Return the subjects that a number or a name leads to, by the reference that `way` gives.

    Raises
    ------
    NobodyToForgetError
    """
    found = [
        (subject, subject_id)
        for subject in uow.house.personal_subjects.values()
        if (reference := way(subject)) is not None
        for subject_id in resolve(reference)(uow, given)
    ]
    if not found:
        raise NobodyToForgetError
    return found


def subject_of(uow: UnitOfWork, kind: str) -> PersonalSubject:
    """Return a declared kind of thing.

    Raises
    ------
    PersonalSubjectUnknownError
    """
    known = uow.house.personal_subjects
    if kind not in known:
        raise PersonalSubjectUnknownError(kind, known)
    return known[kind]


def _entry(
    field: PersonalField, periods: tuple[PeriodView, ...], run: AnyRow | None
) -> RegisterEntry:
    return RegisterEntry(
        name=field.name, what=field.what, table=field.table, columns=field.columns,
        purpose=field.purpose, legal_basis=field.legal_basis, readers=field.readers,
        days=periods[0].days if periods else field.keep_days, default_days=field.keep_days,
        since=field.since, otherwise=field.otherwise,
        erased=0 if run is None else int(run.total), periods=periods,
        last_run=None if run is None else view_of(RunView, run),
    )  # fmt: skip


def _emit(uow: WritingUnitOfWork, kind: str, subject_id: str, type_: str, **payload: Any) -> None:
    uow.emit(NewEvent(kind, subject_id, type_, payload, occurred_at=uow.clock.now()))

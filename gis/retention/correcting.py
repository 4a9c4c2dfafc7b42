"""Use cases of correction: what is kept of a person is shown to be corrected, and corrected.

The corrected value takes the place of the one kept now, which stays as an earlier version until its
period is over, or is struck at once where law asks for it. The record of corrections holds no
value. What was erased does not come back by a correction.
"""

from datetime import datetime

from gis.database import UnitOfWork, WritingUnitOfWork
from gis.retention import repository
from gis.retention.errors import CorrectionInvalidError
from gis.retention.service import PAGE, checked_reason, found_by, refuse_if_held, subject_of
from gis.retention.views import CorrectionList, CorrectionView, KeptList, KeptView
from gis.rooms.house import resolve
from gis.rooms.personal import CorrectionAsked, PersonalSubject
from gis.rows import AnyRow
from gis.words import Words

MOST_SUBJECTS = 100
"""Of whom at most is read at once."""
_UNDECLARED = Words(en="no longer declared", zh="已不再登记")


def find_kept(uow: WritingUnitOfWork, by: str, given: str, *, reason: str) -> KeptList:
    """Return what can be corrected of a caller's number, or of a subject by its number or id.

    Of a subject that has nothing by itself, as an incident, it is that of what is held with it.
    Each read is on record.

    Raises
    ------
    PersonalSubjectUnknownError, NobodyToForgetError, ReasonMissingError, NotFoundError
    """
    reason = checked_reason(reason)
    if by == "number":
        found = found_by(uow, given, lambda subject: subject.by_number)
    else:
        subject = subject_of(uow, by)
        found = _with_members(uow, subject, resolve(subject.find)(uow, given))
    return KeptList(tuple(
        KeptView(
            subject_kind=subject.kind, subject_id=subject_id, subject=subject.words,
            field=one.field, what=one.words, value=values[one.field],
        )
        for subject, subject_id in found[:MOST_SUBJECTS]
        if subject.read is not None
        for values in [resolve(subject.read)(uow, subject_id, reason)]
        for one in subject.correctable
        if one.field in values
    ))  # fmt: skip


def correct(
    uow: WritingUnitOfWork, kind: str, given: str, asked: CorrectionAsked, *, reason: str
) -> CorrectionView:
    """Put a value in the place of the one kept now.

    Raises
    ------
    PersonalSubjectUnknownError, ReasonMissingError, NotFoundError, CorrectionInvalidError
    NothingToCorrectError
        Nothing is kept there, or no more.
    HeldError
        The value is to be struck and a hold keeps it.
    """
    subject = subject_of(uow, kind)
    reason = checked_reason(reason)
    known = {one.field for one in subject.correctable}
    if subject.correct is None or asked.field not in known:
        raise CorrectionInvalidError(
            asked.field, f"cannot be corrected of a {kind}; {', '.join(sorted(known))} can be"
        )
    subject_id = resolve(subject.find)(uow, given)
    repository.lock_erasing(uow.session)
    if asked.strike:
        refuse_if_held(uow, subject, subject_id)
    resolve(subject.correct)(uow, subject_id, asked)
    stored = {
        "correction_id": uow.ids.new(), "subject_kind": kind, "subject_id": subject_id,
        "field": asked.field, "asked_by": asked.asked_by.value, "reason": reason,
        "struck": asked.strike, "corrected_by": uow.identity.label,
        "corrected_at": uow.clock.now(),
    }  # fmt: skip
    repository.insert_correction(uow.session, stored)
    return CorrectionView(what=_words(uow, kind, asked.field), **stored)


def list_corrections(uow: UnitOfWork, before: datetime | None = None) -> CorrectionList:
    """Return corrections, newest first, at most `PAGE`."""
    rows = repository.list_corrections(uow.session, limit=PAGE, before=before)
    return CorrectionList(tuple(_view(uow, row) for row in rows))


def _view(uow: UnitOfWork, row: AnyRow) -> CorrectionView:
    return CorrectionView(what=_words(uow, row.subject_kind, row.field), **row._mapping)


def _words(uow: UnitOfWork, kind: str, field: str) -> Words:
    subject = uow.house.personal_subjects.get(kind)
    correctable = () if subject is None else subject.correctable
    return next((one.words for one in correctable if one.field == field), _UNDECLARED)


def _with_members(
    uow: UnitOfWork, subject: PersonalSubject, subject_id: str
) -> list[tuple[PersonalSubject, str]]:
    if subject.correctable or subject.held_with is None:
        return [(subject, subject_id)]
    return [
        (subject_of(uow, kind), member)
        for kind, member in resolve(subject.held_with)(uow, subject_id)
    ]

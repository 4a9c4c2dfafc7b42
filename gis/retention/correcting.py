"""Use cases of correction: what is kept of a person is shown to be corrected, and corrected.

The corrected value takes the place of the one kept now, which stays as an earlier version until its
period is over, or is struck at once where law asks for it. The record of corrections holds no
value. What was erased does not come back by a correction.
"""

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime

from gis.database import UnitOfWork, WritingUnitOfWork
from gis.errors import NotFoundError
from gis.jobs.service import defer
from gis.retention import repository
from gis.retention.errors import CorrectionInvalidError
from gis.retention.jobs import COPY_ERASURES
from gis.retention.service import PAGE, checked_reason, found_by, refuse_if_held, subject_of
from gis.retention.views import (
    CorrectionList,
    CorrectionRecord,
    CorrectionView,
    KeptList,
    KeptView,
)
from gis.rooms.house import resolve
from gis.rooms.personal import AskedBy, CorrectionAsked, PersonalSubject
from gis.rows import AnyRow, view_of
from gis.words import Words

Corrected = Mapping[tuple[str, str, str], str]
"""Values by kind and id of their subject and by field."""
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
    defer(uow, COPY_ERASURES, {}, key=COPY_ERASURES.name)
    return CorrectionView(what=_words(uow, kind, asked.field), **stored)


def all_corrections(uow: UnitOfWork) -> list[CorrectionRecord]:
    """Return every correction, newest first."""
    return [view_of(CorrectionRecord, row) for row in repository.list_corrections(uow.session)]


def values_now(uow: WritingUnitOfWork, corrections: Iterable[CorrectionRecord]) -> Corrected:
    """Return what stands now where something was corrected; each read is on record.

    What was erased since, or is not there, is left out.
    """
    found: dict[tuple[str, str, str], str] = {}
    for kind, subject_id in dict.fromkeys((one.subject_kind, one.subject_id)
                                          for one in corrections):  # fmt: skip
        subject = uow.house.personal_subjects.get(kind)
        if subject is None or subject.read is None:
            continue
        stored = resolve(subject.read)(uow, subject_id, "kept for a restore")
        found |= {(kind, subject_id, field): value for field, value in stored.items()}
    return found


def repeat(
    uow: WritingUnitOfWork,
    corrections: Iterable[CorrectionRecord],
    values: Corrected,
    *,
    forgotten: Collection[tuple[str, str]],
) -> tuple[CorrectionRecord, ...]:
    """Correct again what a restored database lacks of `corrections`.

    values : what stands now in the place of each value that was corrected. Several corrections of
        one are repeated as one, which strikes what one of them struck.
    forgotten : kinds and ids of who is forgotten by now: what was corrected of them stays on record

    Returns the corrections that could not be repeated, as the value is not known: they are to be
    made again by hand. What the restored database does not hold, or was erased, needs none.
    """
    known = repository.correction_ids(uow.session)
    missing = sorted(
        (one for one in corrections if one.correction_id not in known),
        key=lambda one: one.corrected_at,
    )
    by_value: dict[tuple[str, str, str], list[CorrectionRecord]] = {}
    for one in missing:
        by_value.setdefault((one.subject_kind, one.subject_id, one.field), []).append(one)
    left: list[CorrectionRecord] = []
    for (kind, subject_id, field), made in by_value.items():
        subject = uow.house.personal_subjects.get(kind)
        if subject is None or subject.correct is None:
            continue
        value = values.get((kind, subject_id, field))
        if value is None and (kind, subject_id) not in forgotten:
            left += made
            continue
        if value is not None:
            asked = CorrectionAsked(
                field, value, AskedBy(made[-1].asked_by), strike=any(one.struck for one in made)
            )
            try:
                resolve(subject.correct)(uow, subject_id, asked)
            except NotFoundError:
                continue
            except CorrectionInvalidError:
                # It says so already: put right and put back, or saved in between.
                pass
        for one in made:
            repository.insert_correction(
                uow.session, {name: getattr(one, name) for name in CorrectionRecord.__slots__}
            )
    return tuple(left)


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

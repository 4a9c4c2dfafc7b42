"""Use cases of the audit: reads of personal values reviewed by another, the glass broken.

Who reviews in some areas only sees and reviews what was read, and broken, there.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from gis.access import Permission
from gis.audit import repository
from gis.audit.errors import (
    AccessUnknownError,
    BreakGlassUnknownError,
    NotForBreakGlassError,
    OwnReviewError,
    ReviewedAlreadyError,
)
from gis.audit.views import AccessPage, AccessView, BreakGlassList, BreakGlassView, ReviewView
from gis.database import UnitOfWork, WritingUnitOfWork
from gis.events import NewEvent
from gis.permissions import AUDIT_REVIEW
from gis.retention.service import checked_reason
from gis.rows import view_of

_LISTED = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class AccessFilter:
    """Which reads are asked for; what is None does not matter. `reason`: a part of it."""

    actor: str | None = None
    subject: str | None = None
    reason: str | None = None
    since: datetime | None = None
    until: datetime | None = None
    reviewed: bool | None = None


def list_accesses(
    uow: UnitOfWork, wanted: AccessFilter, *, before: int | None, limit: int
) -> AccessPage:  # fmt: skip
    """Return reads of personal values with their reviews, newest first."""
    rows = repository.list_accesses(
        uow.session, actor=wanted.actor, subject=wanted.subject, reason=wanted.reason,
        since=wanted.since, until=wanted.until, reviewed=wanted.reviewed, before=before,
        limit=limit + 1, reach=uow.identity.jurisdictions(AUDIT_REVIEW),
    )  # fmt: skip
    page = rows[:limit]
    reviews: dict[int, list[ReviewView]] = {row.access_id: [] for row in page}
    for row in repository.list_reviews(uow.session, list(reviews)):
        reviews[row.access_id].append(view_of(ReviewView, row))
    entries = tuple(view_of(AccessView, row, reviews=tuple(reviews[row.access_id])) for row in page)
    return AccessPage(entries, page[-1].access_id if len(rows) > limit else None)


def note_access(
    uow: WritingUnitOfWork, kind: str, subject_id: str, *, reason: str, area_code: str | None
) -> None:
    """Write down that personal values of a subject are read now, by whom and why."""
    repository.insert_access(
        uow.session,
        {
            "actor": uow.identity.label, "subject_kind": kind, "subject_id": subject_id,
            "reason": checked_reason(reason), "accessed_at": uow.clock.now(),
            "area_code": area_code,
        },
    )  # fmt: skip


def review_access(uow: WritingUnitOfWork, access_id: int, *, verdict: str, note: str) -> ReviewView:
    """Write down what was found of another person's read.

    Raises
    ------
    AccessUnknownError, OwnReviewError
    """
    reach = uow.identity.jurisdictions(AUDIT_REVIEW)
    row = repository.find_access(uow.session, access_id, reach=reach)
    if row is None:
        raise AccessUnknownError(access_id)
    if row.actor == uow.identity.label:
        raise OwnReviewError
    review = ReviewView(uow.ids.new(), verdict, note, uow.identity.label, uow.clock.now())
    repository.insert_review(
        uow.session,
        {"access_id": access_id} | {name: getattr(review, name) for name in ReviewView.__slots__},
    )
    _emit(
        uow, "personal_access_review", review.review_id, "personal_access.reviewed",
        access_id=access_id, verdict=verdict,
    )  # fmt: skip
    return review


def break_glass(
    uow: WritingUnitOfWork, permission: str, *, jurisdiction: str, minutes: int, reason: str
) -> BreakGlassView:
    """Have a permission within an area for a short time.

    Raises
    ------
    NotForBreakGlassError, ReasonMissingError
    """
    right = uow.house.permissions.get(Permission(permission))
    if right is None or not right.break_glass:
        raise NotForBreakGlassError(permission)
    now, break_glass_id = uow.clock.now(), uow.ids.new()
    repository.insert_break_glass(
        uow.session,
        {
            "break_glass_id": break_glass_id, "user_id": uow.identity.user_id,
            "opened_by": uow.identity.label, "permission": permission,
            "jurisdiction": jurisdiction, "reason": checked_reason(reason), "opened_at": now,
            "expires_at": now + timedelta(minutes=minutes),
        },
    )  # fmt: skip
    _emit(
        uow, "break_glass", break_glass_id, "break_glass.opened", permission=permission,
        minutes=minutes,
    )  # fmt: skip
    return _shown(uow, break_glass_id)


def end_break_glass(uow: WritingUnitOfWork, break_glass_id: UUID) -> BreakGlassView:
    """End one's own break-glass.

    Raises
    ------
    BreakGlassUnknownError
    """
    ended = repository.end_break_glass(
        uow.session, break_glass_id, by=uow.identity.label, at=uow.clock.now()
    )
    if not ended:
        raise BreakGlassUnknownError(break_glass_id)
    _emit(uow, "break_glass", break_glass_id, "break_glass.ended")
    return _shown(uow, break_glass_id)


def review_break_glass(
    uow: WritingUnitOfWork, break_glass_id: UUID, *, verdict: str, note: str
) -> BreakGlassView:
    """Write down, once, what another person found of a break-glass.

    Raises
    ------
    BreakGlassUnknownError, OwnReviewError, ReviewedAlreadyError
    """
    if _shown(uow, break_glass_id).opened_by == uow.identity.label:
        raise OwnReviewError
    _shown(uow, break_glass_id, uow.identity.jurisdictions(AUDIT_REVIEW))
    reviewed = repository.review_break_glass(
        uow.session, break_glass_id,
        {"verdict": verdict, "note": note, "reviewed_by": uow.identity.label,
         "reviewed_at": uow.clock.now()},
    )  # fmt: skip
    if not reviewed:
        raise ReviewedAlreadyError
    _emit(uow, "break_glass", break_glass_id, "break_glass.reviewed", verdict=verdict)
    return _shown(uow, break_glass_id)


def list_break_glass(
    uow: UnitOfWork, *, reviewed: bool | None = None, own: bool = False
) -> BreakGlassList:
    """Return each time somebody broke the glass, newest first; `own`: the viewer, anywhere."""
    rows = repository.list_break_glass(
        uow.session, reviewed=reviewed, opened_by=uow.identity.label if own else None,
        reach=None if own else uow.identity.jurisdictions(AUDIT_REVIEW), limit=_LISTED,
    )  # fmt: skip
    return BreakGlassList(tuple(view_of(BreakGlassView, row) for row in rows))


def _shown(
    uow: UnitOfWork, break_glass_id: UUID, reach: Collection[str] | None = None
) -> BreakGlassView:
    rows = repository.list_break_glass(
        uow.session, break_glass_id=break_glass_id, reach=reach, limit=1
    )
    if not rows:
        raise BreakGlassUnknownError(break_glass_id)
    return view_of(BreakGlassView, rows[0])


def _emit(
    uow: WritingUnitOfWork, kind: str, subject_id: UUID, type_: str, **payload: object
) -> None:  # fmt: skip
    uow.emit(NewEvent(kind, str(subject_id), type_, payload, occurred_at=uow.clock.now()))

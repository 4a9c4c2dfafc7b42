"""What is shown of reads of personal values, of break-glass, and of their reviews."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID


@dataclass(frozen=True, slots=True)
class ReviewView:
    """What another person found."""

    review_id: UUID
    verdict: str
    note: str
    reviewed_by: str
    reviewed_at: datetime


@dataclass(frozen=True, slots=True)
class AccessView:
    """One read of personal values; `break_glass_id` where the glass was broken for it."""

    access_id: int
    actor: str
    subject_kind: str
    subject_id: str
    reason: str
    accessed_at: datetime
    break_glass_id: UUID | None
    reviews: tuple[ReviewView, ...]


@dataclass(frozen=True, slots=True)
class AccessPage:
    """Reads, newest first; `next_before` leads to the next page."""

    entries: tuple[AccessView, ...]
    next_before: int | None


@dataclass(frozen=True, slots=True)
class BreakGlassView:
    """A break-glass; `reads` counts the reads of personal values made while it was open."""

    break_glass_id: UUID
    opened_by: str
    permission: str
    jurisdiction: str
    reason: str
    opened_at: datetime
    expires_at: datetime
    ended_at: datetime | None
    reads: int
    reviewed_by: str | None
    reviewed_at: datetime | None
    verdict: str | None
    note: str | None


@dataclass(frozen=True, slots=True)
class BreakGlassList:
    """Each time somebody broke the glass, newest first."""

    opened: tuple[BreakGlassView, ...]

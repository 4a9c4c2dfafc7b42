"""What is shown of advisories; the fields are the JSON."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from gis.words import Words


@dataclass(frozen=True, slots=True, kw_only=True)
class AdvisoryView:
    """One advisory. cases: how many, None where that is not told; until: its last day."""

    advisory_id: UUID
    what: Words
    place: Words
    cases: int | None
    since: date
    until: date
    posted_at: datetime
    acknowledged_at: datetime | None
    acknowledged_by: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class AdvisoryList:
    """The advisories of a city that are not over, the newest first."""

    advisories: tuple[AdvisoryView, ...]

"""What is shown of waiting patients; the fields are the JSON."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from dispatch.surge.model import SurgeView
from gis.words import Words


@dataclass(frozen=True, slots=True)
class DeadlineView:
    """Until when something has to be done. escalates_at: when it is passed on otherwise.

    kind: call_back, answer, replacement. state: open, due, escalated, done, void. next_unit: who
    was offered in the place of a crew that did not answer.
    """

    deadline_id: UUID
    kind: str
    state: str
    begun_at: datetime
    due_at: datetime
    noted_at: datetime | None
    escalated_at: datetime | None
    call_sign: str | None
    next_unit_id: int | None
    next_unit: str | None


@dataclass(frozen=True, slots=True)
class WaitingRow:
    """One incident to which no crew has said that it comes. lost: its unit was taken from it."""

    incident_id: UUID
    number: str
    state: str
    version: int
    category: str | None
    complaint: Words | None
    place_label: str | None
    received_at: datetime
    waited_s: float
    lost: bool
    notified: tuple[str, ...]
    deadlines: tuple[DeadlineView, ...]


@dataclass(frozen=True, slots=True)
class WaitingCount:
    """How many of a category wait, and how long the first of them; null: not coded."""

    category: str | None
    count: int
    longest_s: float


@dataclass(frozen=True, slots=True)
class WaitingBoard:
    """Everybody who waits in a city: the more urgent first, of one category the longest first."""

    city_id: int
    at: datetime
    surge: SurgeView | None
    counts: tuple[WaitingCount, ...]
    rows: tuple[WaitingRow, ...]

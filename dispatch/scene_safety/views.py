"""What is shown of a scene's safety; the fields are the JSON."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from dispatch.scene_safety.model import Agency, Danger, DangerAnswer, Order, Staging
from gis.words import Words


@dataclass(frozen=True, slots=True, kw_only=True)
class HazardView:
    """A hazard of a place: whoever comes within `radius_m` of it is warned until it expires."""

    hazard_id: UUID
    kind: Danger
    lon: float
    lat: float
    radius_m: float
    created_at: datetime
    created_by: str
    expires_at: datetime
    ended_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class HazardList:
    """The hazards of a city that hold now, those that end first first."""

    hazards: tuple[HazardView, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderView:
    """An order that a crew has to confirm; `heard_at` null: not so far."""

    assignment_id: UUID
    unit_id: int
    call_sign: str
    order: Order
    since: datetime
    heard: str | None
    heard_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ToldView:
    """Who outside was told, as somebody wrote it down."""

    told_id: UUID
    agency: Agency
    to_whom: str
    told_at: datetime
    recorded_at: datetime
    recorded_by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SafetyView:
    """A scene: danger, staging, what each crew has yet to hear, who was told.

    answer : with the hazards of the place; `answered` is what was answered at the desk alone
    told_by_hand : words that no line to police or fire exists
    """

    incident_id: UUID
    answer: DangerAnswer
    kinds: tuple[Danger, ...]
    answered: DangerAnswer
    answered_at: datetime | None
    answered_by: str | None
    hazards: tuple[HazardView, ...]
    staging: Staging
    staged_at: datetime | None
    released_at: datetime | None
    released_by: str | None
    orders: tuple[OrderView, ...]
    told: tuple[ToldView, ...]
    told_by_hand: Words

"""What is shown of an arrest to the console."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from gis.words import Reason


@dataclass(frozen=True, slots=True)
class CrewOption:
    """A crew suggested. defibrillator: None where nobody wrote down what it carries."""

    unit_id: int
    call_sign: str
    level: str
    travel_time_s: float
    defibrillator: bool | None


@dataclass(frozen=True, slots=True)
class SurvivalOption:
    """What one way of helping comes to by Larsen's model, from the call on; None: not known."""

    option: str
    words: Reason
    cpr_s: float | None
    shock_s: float | None
    als_s: float | None
    survival_percent: float | None


@dataclass(frozen=True, slots=True)
class ApartAed:
    """An AED near by that nobody is sent for, and why."""

    aed_id: int
    name: str | None
    name_zh: str | None
    distance_m: float
    why: Reason


@dataclass(frozen=True, slots=True)
class AlertView:
    """One volunteer asked, without a name. call: where a recall that nobody heard is said."""

    alert_id: UUID
    state: str
    words: Reason
    route: str
    aed_id: int | None
    aed_name: str | None
    aed_name_zh: str | None
    predicted_s: float
    alerted_at: datetime
    answered_at: datetime | None
    on_scene_at: datetime | None
    with_patient_at: datetime | None
    aed_taken_at: datetime | None
    recalled_at: datetime | None
    recall_heard_at: datetime | None
    call: str | None


@dataclass(frozen=True, slots=True)
class ArrestView:
    """An arrest as the console shows it.

    blocks: what stands against asking volunteers, empty: they may be asked. stands: `not_begun`,
    `open` or `ended`.
    """

    incident_id: UUID
    stands: str
    ended_why: str | None
    blocks: tuple[Reason, ...]
    wave_size: int
    volunteers_near: int
    aeds_near: int
    crews: tuple[CrewOption, ...]
    carriers: tuple[CrewOption, ...]
    options: tuple[SurvivalOption, ...]
    apart: tuple[ApartAed, ...]
    alerts: tuple[AlertView, ...]


@dataclass(frozen=True, slots=True)
class Restocked:
    """An AED that is back and in service."""

    aed_id: int
    at: datetime

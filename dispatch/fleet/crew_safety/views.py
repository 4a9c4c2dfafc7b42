"""What is shown of crews' safety; the fields are the JSON."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from dispatch.fleet.crew_safety.model import Distress, Welfare


@dataclass(frozen=True, slots=True, kw_only=True)
class DistressView:
    """A crew in distress; presses: how often it pressed, which an acknowledgement names."""

    distress_id: UUID
    unit_id: int
    call_sign: str
    incident_id: UUID | None
    state: Distress
    raised_at: datetime
    pressed_at: datetime
    presses: int
    lon: float | None
    lat: float | None
    device_at: datetime | None
    acknowledged_at: datetime | None
    acknowledged_by: str | None
    ended_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class WelfareView:
    """A crew that is to be heard of every so often; missed: it was not, and that is an alarm."""

    unit_id: int
    call_sign: str
    state: Welfare
    every_s: int
    due_at: datetime
    missed_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class CrewAlarms:
    """What sounds at every desk of the city, and the timers that run."""

    distress: tuple[DistressView, ...]
    welfare: tuple[WelfareView, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class BoundView:
    """The unit that an account speaks for; null: none."""

    user_id: UUID
    unit_id: int | None

"""What is shown of a mass casualty incident; the fields are the JSON."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from dispatch.casualties.model import Aid, CasualtyState, Sector
from dispatch.casualties.sorting import Colour


@dataclass(frozen=True, slots=True, kw_only=True)
class ColourView:
    """A colour that a casualty got, and by which finding (null: given as a colour)."""

    colour: Colour
    method: str
    decided_by: str | None
    sorted_at: datetime
    sorted_by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CasualtyView:
    """One casualty. nemsis: its eScene.08 code.

    bed : `promised`; `expired` where the promise ran out; `overload` where it goes to a full
        hospital under somebody's name; `unconfirmed` where the hospital never said what it has;
        null without a hospital, or where it has arrived without a promise
    """

    casualty_id: UUID
    tag: str
    colour: Colour | None
    nemsis: str | None
    state: CasualtyState
    sector: Sector | None
    facility_id: int | None
    facility_name: str | None
    facility_name_zh: str | None
    bed: str | None
    overload_by: str | None
    assignment_id: UUID | None
    call_sign: str | None
    found_at: datetime
    changed_at: datetime
    history: tuple[ColourView, ...]
    version: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RoomView:
    """What a hospital has for a colour. free null: it never said; bound: casualties sent there."""

    colour: Colour
    free: int | None
    capacity: int | None
    bound: int
    reported_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class McHospitalView:
    """A hospital for this incident; distance in a straight line, null without a place."""

    facility_id: int
    name: str | None
    name_zh: str | None
    diverting: bool | None
    distance_m: float | None
    rooms: tuple[RoomView, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class McCrewView:
    """A unit of the incident; `staging` is its state while it waits outside."""

    assignment_id: UUID
    unit_id: int
    call_sign: str
    level: str
    state: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AidView:
    """Units that another service was asked for, as somebody wrote it down."""

    request_id: UUID
    service: str
    units: int
    state: Aid
    asked_at: datetime
    asked_by: str
    changed_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class MassCasualtyView:
    """A mass casualty incident at a glance.

    counts : casualties by colour, `unsorted` among them; order : who leaves next, by casualty_id
    hospitals : in the order to offer for the first that leaves
    """

    incident_id: UUID
    number: str
    method: str
    estimate: int | None
    declared_at: datetime
    declared_by: str
    ended_at: datetime | None
    counts: dict[str, int]
    casualties: tuple[CasualtyView, ...]
    order: tuple[UUID, ...]
    hospitals: tuple[McHospitalView, ...]
    crews: tuple[McCrewView, ...]
    aid: tuple[AidView, ...]
    version: int

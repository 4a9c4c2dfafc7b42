"""What is shown of move-ups; the fields are the JSON."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class SuggestedMoveView:
    """One move worth making: which free unit to which post, and what it adds.

    gain_points : of expected coverage, after the moves above it; moved_in_shift : of its crew
    position_assumed : nobody reported where the unit is, so it is taken to be at its station
    """

    unit_id: int
    call_sign: str
    from_station: str
    station_id: int
    station_name: str
    lon: float
    lat: float
    gain_points: float
    travel_time_s: float | None
    moved_in_shift: int
    position_assumed: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class MoveUpPlanView:
    """The moves worth making now.

    unknown : why nothing can be planned, as in coverage; points_before, points_after : expected
    coverage as it is and when all moves are made; moves_left : of the hour's budget
    protected : free units that stay: they rest after a move, were moved often enough, end their
    shift soon, or nobody knows where they are
    """

    city_id: int
    computed_at: datetime
    unknown: str | None
    points_before: float | None
    points_after: float | None
    moves_left: int
    protected: int
    moves: tuple[SuggestedMoveView, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class MoveUpView:
    """One decision and what came of it.

    state : accepted, at_post, ended, declined; points_reached : coverage when the unit stood there
    incident_number : of the call that it left its post or its way for
    """

    move_id: UUID
    unit_id: int
    call_sign: str
    station_id: int
    station_name: str
    state: str
    points_before: float
    points_after: float
    gain_points: float
    travel_time_s: float | None
    decided_at: datetime
    decided_by: str
    declined_because: str | None
    arrived_at: datetime | None
    points_reached: float | None
    ended_at: datetime | None
    ended_because: str | None
    incident_number: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class MoveUpList:
    """The decisions of the last day, the newest first."""

    moves: tuple[MoveUpView, ...]

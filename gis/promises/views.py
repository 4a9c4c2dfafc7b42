"""What is shown of a hospital's live status, its beds and the promises of them."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID


@dataclass(frozen=True, slots=True)
class HospitalStatusView:
    """Live status of one hospital; all None where it never reported."""

    facility_id: int
    name: str
    name_zh: str | None
    diverting: bool | None
    divert_reason: str | None
    emergency_beds_free: int | None
    reported_at: datetime | None
    version: int


@dataclass(frozen=True, slots=True)
class BedPoolView:
    """Beds of one kind: staffed, occupied as last reported, and promised."""

    pool_id: int
    facility_id: int
    kind: str
    capacity: int
    occupied: int
    promised: int
    reported_at: datetime
    version: int


@dataclass(frozen=True, slots=True)
class BedPromiseView:
    """A promise of beds to one transport; `state` is held, kept, released or expired."""

    promise_id: UUID
    pool_id: int
    facility_id: int
    kind: str
    beds: int
    state: str
    for_kind: str
    for_id: str
    promised_at: datetime
    expires_at: datetime
    ended_at: datetime | None
    version: int

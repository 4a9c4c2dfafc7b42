"""What is shown of a hospital's live status."""

from dataclasses import dataclass
from datetime import datetime


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

"""What the live stream sends: the data of each kind of server-sent event."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Literal, NotRequired

from typing_extensions import TypedDict

from dispatch.fleet.views import UnitView
from dispatch.incidents.views import IncidentView
from gis.jobs.model import JobView


class DomainFrame(TypedDict):
    """`domain`: something happened; with its subject as it is now, where the reader may see it."""

    position: int
    type: str
    subject_kind: str
    subject_id: str
    occurred_at: datetime
    actor: str
    payload: Mapping[str, Any]
    incident: NotRequired[IncidentView]
    unit: NotRequired[UnitView]


class GoneFrame(TypedDict):
    """`gone`: an incident is no longer the reader's to see."""

    incident_id: str


class VehiclePosition(TypedDict):
    """Where a vehicle is, WGS-84 degrees."""

    unit_id: int
    lon: float
    lat: float
    heading_deg: float | None
    speed_kmh: float | None
    device_at: datetime
    received_at: datetime


class PositionsFrame(TypedDict):
    """`positions`: where vehicles went since the last one."""

    positions: list[VehiclePosition]


class JobsFrame(TypedDict):
    """`jobs`: jobs that moved since the last one, as they are now."""

    jobs: list[JobView]


class PresenceFrame(TypedDict):
    """`presence`: somebody opened or left an incident; who has it open is to be asked."""

    incident_id: str


class TickFrame(TypedDict):
    """`tick`: all is well; the server's clock."""

    now: datetime


class ResyncFrame(TypedDict):
    """`resync`: read the lists anew."""

    reason: Literal["position_unknown", "slow_reader", "restored"]


class LogoutFrame(TypedDict):
    """`logout`: the session has ended. Empty."""


Frame = (
    DomainFrame | GoneFrame | PositionsFrame | JobsFrame | PresenceFrame | TickFrame
    | ResyncFrame | LogoutFrame
)  # fmt: skip

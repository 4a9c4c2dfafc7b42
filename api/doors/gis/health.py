"""Whether this process can work."""

from dataclasses import dataclass
from typing import Literal

from api.http.answers import Answer
from api.http.permissions import Public
from api.http.places import Work
from api.http.router import DoorRouter
from api.live.flow import require_flow, stream_position

router = DoorRouter(Work.EMERGENCY)


@dataclass(frozen=True, slots=True)
class Health:
    """The server can work; `stream_position` is the newest event that reached the stream."""

    status: Literal["ok"]
    stream_position: int


@router.get("/healthz", summary="Whether the server can work")
def healthz(uow: Public) -> Answer[Health]:
    """Answer 200 when the database answers and events reach the consoles, else 503."""
    require_flow(uow)
    return Answer(Health("ok", stream_position(uow)))

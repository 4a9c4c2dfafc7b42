"""Whether this process can work."""

from dataclasses import dataclass
from typing import Literal

from api.http.answers import Answer
from api.http.permissions import Public
from api.http.places import Work
from api.http.router import DoorRouter
from api.live.repository import STALLED_AFTER_S, oldest_waiting_s, stream_head
from gis.errors import UnavailableError

router = DoorRouter(Work.EMERGENCY)


@dataclass(frozen=True, slots=True)
class Health:
    """The server can work; `stream_position` is the newest event that reached the stream."""

    status: Literal["ok"]
    stream_position: int


class StreamStalledError(UnavailableError):
    """Events are saved, but the worker that passes them on to the consoles stands still."""

    code = "stream_stalled"

    def __init__(self, waiting_s: float) -> None:
        super().__init__(
            f"The oldest event has waited {waiting_s:.0f} s to reach the consoles. Nothing is "
            "lost; see why the worker process stands still, and restart it."
        )


@router.get("/healthz", summary="Whether the server can work")
def healthz(uow: Public) -> Answer[Health]:
    """Answer 200 when the database answers and events reach the consoles, else 503."""
    waiting_s = oldest_waiting_s(uow.session, uow.clock.now())
    if waiting_s > STALLED_AFTER_S:
        raise StreamStalledError(waiting_s)
    return Answer(Health("ok", stream_head(uow.session)))

"""How far the stream has come, and whether it flows."""

from api.live.repository import STALLED_AFTER_S, oldest_waiting_s
from gis.database import UnitOfWork
from gis.errors import UnavailableError
from gis.event_log import stream_head


class StreamStalledError(UnavailableError):
    """Events are saved, but the worker that passes them on to the consoles stands still."""

    code = "stream_stalled"

    def __init__(self, waiting_s: float) -> None:
        super().__init__(
            f"The oldest event has waited {waiting_s:.0f} s to reach the consoles. Nothing is "
            "lost; see why the worker process stands still, and restart it."
        )


def stream_position(uow: UnitOfWork) -> int:
    """Return the newest position, 0 while the stream is empty."""
    return stream_head(uow.session)


def require_flow(uow: UnitOfWork) -> None:
    """Check that events reach the stream.

    Raises
    ------
    StreamStalledError
        One has waited for longer than 5 s.
    """
    waiting_s = oldest_waiting_s(uow.session, uow.clock.now())
    if waiting_s > STALLED_AFTER_S:
        raise StreamStalledError(waiting_s)

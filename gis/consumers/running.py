"""The loop that keeps all consumers up with the stream, woken by what is sequenced."""

from collections.abc import Sequence
from datetime import datetime
from threading import Event

import psycopg

from gis.consumers.service import consume
from gis.database import Database
from gis.rooms.model import Consumer
from gis.sequencer import STREAM_CHANNEL

_LOOK_S = 30.0
"""Without a notification. Each is a statement or three, so that one lost costs at most this."""

_STOP_LOOK_S = 1.0


def keep_consuming(database: Database, stop: Event) -> None:
    """Hand events to the consumers of the house until `stop`.

    Raises
    ------
    psycopg.Error, SQLAlchemyError
        The database is away; to be begun anew.
    """
    consumers = database.house.consumers
    address = database.url.set(drivername="postgresql").render_as_string(hide_password=False)
    with psycopg.connect(address, autocommit=True, connect_timeout=5) as connection:
        connection.execute(f"LISTEN {STREAM_CHANNEL}")
        while not stop.is_set():
            due_at = _catch_up(database, consumers, stop)
            _wait(connection, _seconds_until(due_at, database.clock.now()), stop)


def _catch_up(
    database: Database, consumers: Sequence[Consumer], stop: Event
) -> datetime | None:  # fmt: skip
    """Let each consumer work, in turns, until none has more to do; return when one is due."""
    busy = list(consumers)
    due: list[datetime] = []
    while busy and not stop.is_set():
        progress = {consumer.name: consume(database, consumer) for consumer in busy}
        due += [one.retry_at for one in progress.values() if one.retry_at is not None]
        busy = [consumer for consumer in busy if progress[consumer.name].more]
    return min(due, default=None)


def _seconds_until(due_at: datetime | None, now: datetime) -> float:
    if due_at is None:
        return _LOOK_S
    return min(max((due_at - now).total_seconds(), 0.0), _LOOK_S)


def _wait(connection: psycopg.Connection, longest_s: float, stop: Event) -> None:
    """Wait for something new in the stream; look once a second whether to stop."""
    left_s = longest_s
    while left_s > 0 and not stop.is_set():
        step_s = min(left_s, _STOP_LOOK_S)
        for _ in connection.notifies(timeout=step_s, stop_after=1):
            return
        left_s -= step_s

"""The loop that keeps all consumers up with the stream, woken by what is sequenced."""

import logging
from collections.abc import Sequence
from datetime import datetime, timedelta
from threading import Event

from sqlalchemy.exc import SQLAlchemyError

from gis.consumers.service import consume
from gis.database import Database
from gis.listening import Listener
from gis.rooms.model import Consumer
from gis.sequencer import STREAM_CHANNEL

_LOOK_S = 30.0
"""The stream is looked at so often without a notification: one that is lost costs this much."""
_STOP_LOOK_S = 1.0
_AWAY_PAUSE_S = 1.0
_log = logging.getLogger("goldenhour.consumers")


def keep_consuming(database: Database, stop: Event) -> None:
    """Hand events to the consumers of the house until `stop`.

    A database that is away is waited for. A consumer whose transaction breaks off is let alone for
    a while; the others go on.
    """
    with Listener(database.url, STREAM_CHANNEL) as listener:
        # Before the first look: what comes during it ends the first wait.
        listener.wait(0.0)
        while not stop.is_set():
            due_at = _catch_up(database, database.house.consumers, stop)
            _wait(listener, _seconds_until(due_at, database.clock.now()), stop)


def _catch_up(
    database: Database, consumers: Sequence[Consumer], stop: Event
) -> datetime | None:  # fmt: skip
    """Let each consumer work, in turns, until none has more to do; return when one is due again."""
    busy = list(consumers)
    due: list[datetime] = []
    while busy and not stop.is_set():
        more: list[Consumer] = []
        for consumer in busy:
            try:
                progress = consume(database, consumer)
            except SQLAlchemyError as error:
                _log.warning("%s broke off: %s", consumer.name, type(error).__name__)
                due.append(database.clock.now() + timedelta(seconds=_AWAY_PAUSE_S))
                continue
            if progress.retry_at is not None:
                due.append(progress.retry_at)
            if progress.more:
                more.append(consumer)
        busy = more
    return min(due, default=None)


def _seconds_until(due_at: datetime | None, now: datetime) -> float:
    if due_at is None:
        return _LOOK_S
    return min(max((due_at - now).total_seconds(), 0.0), _LOOK_S)


def _wait(listener: Listener, longest_s: float, stop: Event) -> None:
    """Wait for something new in the stream; look once a second whether to stop."""
    left_s = longest_s
    while left_s > 0 and not stop.is_set():
        step_s = min(left_s, _STOP_LOOK_S)
        if listener.wait(step_s):
            return
        left_s -= step_s

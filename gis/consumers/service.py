"""Handing events of the stream to the rooms that asked for them.

A consumer's cursor moves in the transaction that holds its handler's effect, so that a process
may die at any moment: nothing is lost and nothing is done twice. Whoever holds the cursor's row
works; others pass by. Events come in stream order. One that fails is tried again after a pause,
ever longer, and then parked with its reason, so that those behind it go on.
"""

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.exc import DBAPIError

from gis.access import Identity
from gis.consumers import repository
from gis.consumers.errors import ParkedEventNotFoundError
from gis.consumers.repository import Cursor
from gis.database import Database, WritingUnitOfWork
from gis.errors import GoldenHourError
from gis.event_log import stream_head
from gis.rooms.house import resolve
from gis.rooms.model import ConsumedEvent, Consumer

ATTEMPTS = 5
FIRST_PAUSE_S = 2.0
"""Before the second attempt; doubled after each: parked half a minute after the first failure."""

BATCH = 200
"""Events in one transaction."""

SKIPPED_UNTOLD = 1000
"""Events of others pass without a write until so many have."""

Handle = Callable[[WritingUnitOfWork, ConsumedEvent], None]
_log = logging.getLogger("goldenhour.consumers")


@dataclass(frozen=True, slots=True)
class Progress:
    """What one look at the stream did: `more` waits already; a failure is due at `retry_at`."""

    handled: int
    more: bool
    retry_at: datetime | None = None


def consume(database: Database, consumer: Consumer) -> Progress:
    """Let a consumer handle what is next in the stream, at most `BATCH` events."""
    handle = _handler(consumer)
    with database.unit_of_work(identity_of(consumer)) as uow:
        cursor = repository.take_cursor(uow.session, consumer.name)
        now = uow.clock.now()
        if cursor is None:
            return Progress(0, more=False)
        if cursor.retry_at is not None and cursor.retry_at > now:
            return Progress(0, more=False, retry_at=cursor.retry_at)
        head = stream_head(uow.session)
        events = repository.events_after(
            uow.session, cursor.position, until=head, types=consumer.events, limit=BATCH
        )
        more = len(events) == BATCH
        after, reason, handled = _handle_all(uow, consumer, handle, events, cursor, now=now)
        if not more and after.failures == 0:
            after = Cursor(head, 0, None)
        if events or after.position - cursor.position >= SKIPPED_UNTOLD:
            repository.move_cursor(uow.session, consumer.name, after, reason=reason, at=now)
        return Progress(handled, more=more and after.failures == 0, retry_at=after.retry_at)


def retry_parked(database: Database, consumer: Consumer, position: int) -> None:
    """Handle a parked event now, out of its order.

    Raises
    ------
    ParkedEventNotFoundError
        It is not parked; what the handler raises, in which case it stays parked.
    """
    handle = _handler(consumer)
    with database.unit_of_work(identity_of(consumer)) as uow:
        if not repository.take_parked(uow.session, consumer.name, position):
            raise ParkedEventNotFoundError(consumer.name, position)
        handle(uow, repository.event_at(uow.session, position))


def identity_of(consumer: Consumer) -> Identity:
    """Return who acts: the event log names the consumer."""
    return Identity(None, f"consumer:{consumer.name}", consumer.name, all_powerful=True)


def _handler(consumer: Consumer) -> Handle:
    return resolve(consumer.handle)


def _handle_all(
    uow: WritingUnitOfWork,
    consumer: Consumer,
    handle: Handle,
    events: Sequence[ConsumedEvent],
    cursor: Cursor,
    *,
    now: datetime,
) -> tuple[Cursor, str | None, int]:
    """Handle `events` in order; stop at one that is to be tried again.

    Returns the cursor after them, the reason it stands still, and how many were handled.
    """
    handled = 0
    for event in events:
        reason = _attempt(uow, handle, event)
        if reason is None:
            handled += 1
            cursor = Cursor(event.position, 0, None)
            continue
        failures = cursor.failures + 1
        _log.warning("%s failed at position %d: %s", consumer.name, event.position, reason)
        if failures < ATTEMPTS:
            pause = timedelta(seconds=FIRST_PAUSE_S * 2 ** (failures - 1))
            return Cursor(cursor.position, failures, now + pause), reason, handled
        repository.park(uow.session, consumer.name, event, reason=reason, at=now)
        cursor = Cursor(event.position, 0, None)
    return cursor, None, handled


def _attempt(uow: WritingUnitOfWork, handle: Handle, event: ConsumedEvent) -> str | None:
    """Handle one event; return why it failed, its effects undone, or None."""
    try:
        with uow.session.begin_nested():
            handle(uow, event)
            # At the commit nobody could say whose fault it is, and nobody's cursor would move.
            repository.check_deferred(uow.session)
    except DBAPIError as error:
        if error.connection_invalidated:
            raise
        return f"The database refused it ({type(error.orig).__name__})."
    except GoldenHourError as error:
        return str(error)
    except Exception as error:  # noqa: BLE001 (whatever one handler raises, the others go on)
        # Not its words, which may hold a personal value.
        return f"Its handler broke off ({type(error).__name__})."
    return None

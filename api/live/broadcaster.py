"""Reads the stream once per process and hands it to every reader, each through its own filter.

One connection listens; what wakes it up carries a position only. Without that connection (or
when a notification is lost) the table is looked at every second anyway. Nothing is read while
nobody listens.
"""

import asyncio
import logging
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from datetime import datetime, timedelta

import psycopg
from anyio import CancelScope, create_task_group
from sqlalchemy.engine import URL
from sqlalchemy.exc import SQLAlchemyError
from starlette.concurrency import run_in_threadpool

from api.live.repository import (
    LatestPosition,
    StreamedEvent,
    events_between,
    newest_received_at,
    positions_since,
    stream_bounds,
    stream_head,
)
from api.live.subscription import Notice, Subscription
from gis.access import SYSTEM, Identity
from gis.database import Database, UnitOfWork
from gis.rooms.model import View
from gis.sequencer import STREAM_CHANNEL

POLL_S = 1.0
POSITIONS_EVERY_S = 0.5
POSITIONS_OVERLAP = timedelta(seconds=2)
CATCH_UP_LIMIT = 5000
_BATCH = 500

ReadViews = Callable[[UnitOfWork, Sequence[StreamedEvent]], Sequence[Mapping[str, View]]]
"""Returns, for each event, the current views to send along: `incident`, `unit`."""

_logger = logging.getLogger("goldenhour.stream")


class Broadcaster:
    """One per process. `subscribe` first, then `catch_up`, then the subscription's own queue."""

    def __init__(self, database: Database, *, read_views: ReadViews) -> None:
        self._database = database
        self._read_views = read_views
        self._subscriptions: set[Subscription] = set()
        self._position = 0
        self._reading = asyncio.Lock()
        self._somebody = asyncio.Event()
        self._news = asyncio.Event()
        self._scope: CancelScope | None = None
        self._running: asyncio.Task[None] | None = None
        self._positions_since: datetime | None = None
        self._positions_seen: dict[int, datetime] = {}

    def start(self) -> None:
        """Begin to listen; called inside the running event loop."""
        self._scope = CancelScope()
        self._running = asyncio.create_task(self._run(self._scope), name="stream")

    async def stop(self) -> None:
        """End; a read that is under way is waited for, so that its connection is given back."""
        if self._scope is not None and self._running is not None:
            self._scope.cancel()
            await self._running

    async def _run(self, scope: CancelScope) -> None:
        with scope:
            async with create_task_group() as tasks:
                tasks.start_soon(self._listen)
                tasks.start_soon(self._follow_events)
                tasks.start_soon(self._follow_positions)

    async def subscribe(self, identity: Identity, city_id: int | None) -> Subscription:
        """Add a reader who gets everything after the position its subscription carries."""
        async with self._reading:
            if not self._subscriptions:
                self._position, self._positions_since = await run_in_threadpool(self._read_start)
                self._positions_seen.clear()
            subscription = Subscription(identity, city_id, self._position)
            self._subscriptions.add(subscription)
            self._somebody.set()
        return subscription

    def unsubscribe(self, subscription: Subscription) -> None:
        """Remove a reader."""
        self._subscriptions.discard(subscription)
        if not self._subscriptions:
            self._somebody.clear()

    async def catch_up(self, subscription: Subscription, after: int) -> list[Notice] | None:
        """Return what the reader may have between `after` and its subscription's start.

        None when that is no longer kept, was never given, or is more than `CATCH_UP_LIMIT`: the
        reader must load its lists anew.
        """
        start = subscription.position
        if after == start:
            return []
        notices = await run_in_threadpool(self._read_gap, after, start)
        if notices is None:
            return None
        return [
            notice for notice in notices
            if notice.reaches(subscription.identity, subscription.city_id)
        ]  # fmt: skip

    def _read_start(self) -> tuple[int, datetime | None]:
        with self._database.read(SYSTEM) as uow:
            return stream_head(uow.session), newest_received_at(uow.session)

    def _read_gap(self, after: int, until: int) -> list[Notice] | None:
        with self._database.read(SYSTEM) as uow:
            oldest, newest = stream_bounds(uow.session)
            if not oldest - 1 <= after <= newest or until - after > CATCH_UP_LIMIT:
                return None
            events = events_between(uow.session, after, until=until, limit=CATCH_UP_LIMIT)
            return self._notices(uow, events)

    def _read_news(self) -> list[Notice]:
        with self._database.read(SYSTEM) as uow:
            events = events_between(uow.session, self._position, until=None, limit=_BATCH)
            return self._notices(uow, events)

    def _notices(self, uow: UnitOfWork, events: Sequence[StreamedEvent]) -> list[Notice]:
        views = self._read_views(uow, events) if events else []
        return [Notice(event, view, uow.house) for event, view in zip(events, views, strict=True)]

    async def _follow_events(self) -> None:
        while True:
            await self._somebody.wait()
            with suppress(TimeoutError):
                async with asyncio.timeout(POLL_S):
                    await self._news.wait()
            self._news.clear()
            try:
                await self._publish_news()
            except SQLAlchemyError as error:
                _logger.warning("the stream cannot be read: %s", type(error).__name__)
                await asyncio.sleep(POLL_S)

    async def _publish_news(self) -> None:
        more = True
        while more and self._subscriptions:
            async with self._reading:
                notices = await run_in_threadpool(self._read_news)
                if notices:
                    self._position = notices[-1].event.position
                    for subscription in self._subscriptions:
                        subscription.offer(notices, self._position)
            more = len(notices) == _BATCH

    async def _follow_positions(self) -> None:
        while True:
            await self._somebody.wait()
            await asyncio.sleep(POSITIONS_EVERY_S)
            try:
                positions = await run_in_threadpool(self._read_positions)
            except SQLAlchemyError as error:
                _logger.warning("positions cannot be read: %s", type(error).__name__)
                await asyncio.sleep(POLL_S)
                continue
            for subscription in self._subscriptions:
                subscription.offer_positions(positions)

    def _read_positions(self) -> list[LatestPosition]:
        since = self._positions_since
        with self._database.read(SYSTEM) as uow:
            found = positions_since(uow.session, since, overlap=POSITIONS_OVERLAP)
        seen = self._positions_seen
        fresh = [p for p in found if seen.get(p.unit_id) != p.received_at]
        self._positions_seen = {p.unit_id: p.received_at for p in found}
        if found:
            self._positions_since = max(p.received_at for p in found)
        return fresh

    async def _listen(self) -> None:
        while True:
            await self._somebody.wait()
            try:
                await self._pass_notifications_on()
            except psycopg.Error as error:
                _logger.warning("LISTEN is lost (%s); looking every second", type(error).__name__)
            await asyncio.sleep(POLL_S)

    async def _pass_notifications_on(self) -> None:
        connection = await psycopg.AsyncConnection.connect(
            _conninfo(self._database.url), autocommit=True, connect_timeout=5
        )
        async with connection:
            await connection.execute(f"LISTEN {STREAM_CHANNEL}")
            self._news.set()
            async for _ in connection.notifies():
                self._news.set()


def _conninfo(url: URL) -> str:
    return url.set(drivername="postgresql").render_as_string(hide_password=False)

"""Reads the stream once per process and hands it to every reader, each through its own filter.

Whatever concerns all readers is asked once for all: what they missed, whether their logins still
hold, whether events reach the stream at all.

One connection listens; what wakes it up carries a position only. Without that connection (or
when a notification is lost) the table is looked at every second anyway. Nothing is read while
nobody listens.
"""

import asyncio
import json
import logging
from collections import deque
from collections.abc import Callable, Collection, Mapping, Sequence
from contextlib import suppress
from datetime import datetime, timedelta

import psycopg
from anyio import CancelScope, create_task_group
from sqlalchemy.exc import SQLAlchemyError
from starlette.concurrency import run_in_threadpool

from api.live.jobs import JobFeed
from api.live.repository import (
    STALLED_AFTER_S,
    LatestPosition,
    StreamedEvent,
    events_between,
    newest_received_at,
    oldest_waiting_s,
    positions_since,
    stream_bounds,
)
from api.live.subscription import Notice, PositionNotice, PresenceNotice, Subscription
from dispatch.presence.service import PRESENCE_CHANNEL
from gis.access import SYSTEM, Identity
from gis.database import Database, UnitOfWork
from gis.epoch import current_epoch
from gis.event_log import stream_head
from gis.identity import Credential, identities_of
from gis.jobs.repository import JOBS_CHANNEL
from gis.listening import listen
from gis.permissions import EVENTS_READ
from gis.rooms.model import View
from gis.sequencer import STREAM_CHANNEL

POLL_S = 1.0
POSITIONS_EVERY_S = 0.5
POSITIONS_OVERLAP = timedelta(seconds=2)
CATCH_UP_LIMIT = 5000
LOGIN_CHECK_S = 30.0
FLOW_CHECK_S = 5.0
STALLED_CHECK_S = 2.0
_BATCH = 500
_KEPT = 1000
"""So many of the newest events stay in memory for readers that come back."""

ReadViews = Callable[[UnitOfWork, Sequence[StreamedEvent]], Sequence[Mapping[str, View]]]
"""Returns, for each event, the current views to send along: `incident`, `unit`."""

_logger = logging.getLogger("goldenhour.stream")


class Broadcaster:
    """One per process. `subscribe` first, then `catch_up`, then the subscription's own queue."""

    def __init__(self, database: Database, *, read_views: ReadViews) -> None:
        self._database = database
        self._read_views = read_views
        self._subscriptions: set[Subscription] = set()
        self._epoch = 0
        self._position = 0
        self._reading = asyncio.Lock()
        self._somebody = asyncio.Event()
        self._news = asyncio.Event()
        self._scope: CancelScope | None = None
        self._running: asyncio.Task[None] | None = None
        self._positions_since: datetime | None = None
        self._positions_seen: dict[int, datetime] = {}
        self._recent = _Recent(0)
        self._filling = asyncio.Lock()
        self._flowing = True
        self._jobs = JobFeed(database)
        self._job_news = asyncio.Event()

    @property
    def flowing(self) -> bool:
        """Whether events reach the stream; if not, silence makes the pages show it and poll."""
        return self._flowing

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
                tasks.start_soon(self._check_logins)
                tasks.start_soon(self._check_flow)
                tasks.start_soon(self._follow_jobs)

    async def subscribe(
        self, identity: Identity, city_id: int | None, *, credential: Credential
    ) -> Subscription:
        """Add a reader who gets everything after the position its subscription carries."""
        async with self._reading:
            if not self._subscriptions:
                await self._start_reading()
            subscription = Subscription(identity, city_id, self._position, credential=credential)
            self._subscriptions.add(subscription)
            self._somebody.set()
        return subscription

    async def _start_reading(self) -> None:
        """Go on from where the stream is now."""
        self._epoch, self._position, self._positions_since = await run_in_threadpool(
            self._read_start
        )
        self._positions_seen.clear()
        self._recent = _Recent(self._position)
        self._jobs.begin()

    def unsubscribe(self, subscription: Subscription) -> None:
        """Remove a reader."""
        self._subscriptions.discard(subscription)
        if not self._subscriptions:
            self._somebody.clear()
            self._recent = _Recent(self._position)

    async def catch_up(self, subscription: Subscription, after: int) -> list[Notice] | None:
        """Return what the reader may have between `after` and its subscription's start.

        None when that is no longer kept, was never given, or is more than `CATCH_UP_LIMIT`: the
        reader must load its lists anew. Of readers that come back together the first has the
        events read, the others find them in memory.
        """
        start = subscription.start
        if after == start:
            return []
        if start - after > CATCH_UP_LIMIT:
            return None
        async with self._filling:
            recent = self._recent
            # Taken together: while the older ones are read, memory moves on and lets go of some.
            kept, kept_after = list(recent.notices), recent.after
            notices = kept
            if after > start or after < kept_after:
                older = await run_in_threadpool(self._read_gap, after, min(start, kept_after))
                if older is None:
                    return None
                notices = [*older, *kept]
                recent.put_before(older, after)
        return [
            notice for notice in notices
            if after < notice.event.position <= start
            and notice.reaches(subscription.identity, subscription.city_id)
        ]  # fmt: skip

    def _read_start(self) -> tuple[int, int, datetime | None]:
        with self._database.read(SYSTEM) as uow:
            session = uow.session
            return current_epoch(session), stream_head(session), newest_received_at(session)

    def _read_gap(self, after: int, until: int) -> list[Notice] | None:
        with self._database.read(SYSTEM) as uow:
            oldest, newest = stream_bounds(uow.session)
            if not oldest - 1 <= after <= newest:
                return None
            events = events_between(uow.session, after, until=until, limit=CATCH_UP_LIMIT)
            return self._notices(uow, events)

    def _read_news(self) -> list[Notice] | None:
        """Return what is new; None where the database is another than the one read so far."""
        with self._database.read(SYSTEM) as uow:
            if current_epoch(uow.session) != self._epoch:
                return None
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
                if notices is None:
                    # Restored: what readers have seen since the backup did not happen.
                    await self._start_reading()
                    for subscription in self._subscriptions:
                        subscription.start_anew(self._position)
                    return
                if notices:
                    self._position = notices[-1].event.position
                    self._recent.extend(notices)
                    for subscription in self._subscriptions:
                        subscription.offer(notices, self._position)
            more = len(notices) == _BATCH

    async def _follow_positions(self) -> None:
        moving = True
        while True:
            await self._somebody.wait()
            await asyncio.sleep(POSITIONS_EVERY_S if moving else POLL_S)
            try:
                positions = await run_in_threadpool(self._read_positions)
            except SQLAlchemyError as error:
                _logger.warning("positions cannot be read: %s", type(error).__name__)
                await asyncio.sleep(POLL_S)
                continue
            moving = bool(positions)
            notices = [PositionNotice(position) for position in positions]
            for subscription in self._subscriptions:
                subscription.offer_positions(notices)

    async def _follow_jobs(self) -> None:
        while True:
            await self._somebody.wait()
            with suppress(TimeoutError):
                async with asyncio.timeout(POLL_S):
                    await self._job_news.wait()
            self._job_news.clear()
            try:
                moved = await run_in_threadpool(self._jobs.read)
            except SQLAlchemyError as error:
                _logger.warning("jobs cannot be read: %s", type(error).__name__)
                await asyncio.sleep(POLL_S)
                continue
            for subscription in self._subscriptions:
                subscription.offer_jobs(moved, self._database.house.jobs)

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

    async def _check_logins(self) -> None:
        """Take every reader's rights anew, in one statement for all; end the streams of the rest.

        While the database cannot say, it sends no events either.
        """
        while True:
            await self._somebody.wait()
            await asyncio.sleep(LOGIN_CHECK_S)
            shown = {one.credential for one in self._subscriptions if one.credential is not None}
            try:
                found = await run_in_threadpool(self._read_identities, shown)
            except SQLAlchemyError as error:
                _logger.warning("logins cannot be checked: %s", type(error).__name__)
                await asyncio.sleep(POLL_S)
                continue
            for subscription in self._subscriptions:
                if subscription.credential in shown:
                    identity = found.get(subscription.credential)
                    if identity is None or not identity.holds_any((EVENTS_READ,)):
                        subscription.log_out()
                    else:
                        subscription.identity = identity

    def _read_identities(self, shown: Collection[Credential]) -> dict[Credential, Identity]:
        with self._database.read(SYSTEM) as uow:
            return identities_of(uow, shown)

    async def _check_flow(self) -> None:
        while True:
            await self._somebody.wait()
            self._flowing = await run_in_threadpool(self._read_flow)
            await asyncio.sleep(FLOW_CHECK_S if self._flowing else STALLED_CHECK_S)

    def _read_flow(self) -> bool:
        try:
            with self._database.read(SYSTEM) as uow:
                waiting_s = oldest_waiting_s(uow.session, self._database.clock.now())
        except SQLAlchemyError:
            return False
        return waiting_s <= STALLED_AFTER_S

    async def _listen(self) -> None:
        while True:
            await self._somebody.wait()
            try:
                await self._pass_notifications_on()
            except psycopg.Error as error:
                _logger.warning("LISTEN is lost (%s); looking every second", type(error).__name__)
            await asyncio.sleep(POLL_S)

    async def _pass_notifications_on(self) -> None:
        told = {STREAM_CHANNEL: self._news, JOBS_CHANNEL: self._job_news}
        async with listen(self._database.url, *told, PRESENCE_CHANNEL) as connection:
            for news in told.values():
                news.set()
            async for one in connection.notifies():
                if one.channel == PRESENCE_CHANNEL:
                    self._offer_presence(PresenceNotice(**json.loads(one.payload)))
                else:
                    told[one.channel].set()

    def _offer_presence(self, notice: PresenceNotice) -> None:
        """Pass it on as it is: nothing is asked of the database for it."""
        for subscription in self._subscriptions:
            subscription.offer_presence(notice)


class _Recent:
    """The newest notices of the stream, all of those after the position `after`."""

    def __init__(self, after: int) -> None:
        self.after = after
        self.notices: deque[Notice] = deque()

    def extend(self, notices: Sequence[Notice]) -> None:
        """Add those that follow."""
        self.notices.extend(notices)
        while len(self.notices) > _KEPT:
            self.after = self.notices.popleft().event.position

    def put_before(self, notices: Sequence[Notice], after: int) -> None:
        """Add those from `after` on, as far as there is room and none is missing between."""
        until = notices[-1].event.position if notices else after
        room = _KEPT - len(self.notices)
        if until == self.after and len(notices) <= room:
            self.notices.extendleft(reversed(notices))
            self.after = after

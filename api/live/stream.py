"""The live stream: server-sent events, resumed by position, filtered for each viewer."""

import asyncio
import re
import time
from collections.abc import AsyncIterator, Iterator
from typing import Annotated, Literal

from fastapi import Header, Query
from fastapi.sse import format_sse_event
from starlette.responses import StreamingResponse
from starlette.types import Receive, Scope, Send

from api.context import AppContext, Context
from api.http.answers import Described, json_text
from api.http.permissions import StreamViewer
from api.http.places import Work
from api.http.router import DoorRouter
from api.http.schemas import MAX_ID
from api.live.broadcaster import STALLED_CHECK_S, Broadcaster
from api.live.frames import (
    Frame,
    GoneFrame,
    JobsFrame,
    PresenceFrame,
    ResyncFrame,
    TickFrame,
)
from api.live.subscription import Notice, PositionNotice, Subscription
from gis.jobs.model import JobView

TICK_S = 10.0

_POSITION = re.compile(r"[0-9]{1,18}")

router = DoorRouter(Work.EMERGENCY)


class EventStream(StreamingResponse, Described[Frame]):
    """Server-sent events that leave the broadcaster when the reader leaves, however it leaves."""

    media_type = "text/event-stream"

    def __init__(
        self, frames: AsyncIterator[bytes], broadcaster: Broadcaster, subscription: Subscription
    ) -> None:
        super().__init__(frames, headers={"Cache-Control": "no-cache", "X-Accel-Buffering": "no"})
        self._broadcaster = broadcaster
        self._subscription = subscription

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send until either side ends."""
        try:
            await super().__call__(scope, receive, send)
        finally:
            self._broadcaster.unsubscribe(self._subscription)


@router.get("/v1/stream", summary="What happens, live, as server-sent events")
async def stream(
    viewer: StreamViewer,
    context: Context,
    city_id: Annotated[int | None, Query(ge=1, le=MAX_ID)] = None,
    start: Annotated[int | None, Query(alias="from", ge=0, le=MAX_ID)] = None,
    last_event_id: Annotated[str | None, Header()] = None,
) -> EventStream:
    """Stream events after `Last-Event-ID`, else after `from`, else from now on."""
    after: int | None = start
    if last_event_id is not None:
        # An id that is not ours lies before everything kept, which leads to `resync`.
        after = int(last_event_id) if _POSITION.fullmatch(last_event_id) else -1
    subscription = await context.broadcaster.subscribe(
        viewer.identity, city_id, credential=viewer.credential
    )
    frames = _frames(context, subscription, after)
    return EventStream(frames, context.broadcaster, subscription)


async def _frames(
    context: AppContext, subscription: Subscription, after: int | None
) -> AsyncIterator[bytes]:
    yield format_sse_event(comment="GoldenHour", retry=2000)
    if after is not None:
        missed = await context.broadcaster.catch_up(subscription, after)
        if missed is None:
            yield _resync("position_unknown", position=subscription.start)
        else:
            for notice in missed:
                yield _domain(notice, subscription)
    next_tick = time.monotonic() + TICK_S
    while True:
        await subscription.wait(next_tick - time.monotonic())
        if subscription.logged_out:
            yield format_sse_event(event="logout", data_str="{}")
            return
        if subscription.restored:
            yield _resync("restored", position=subscription.position)
            return
        if subscription.lost:
            yield _resync("slow_reader")
            return
        position = subscription.position
        flowing = context.broadcaster.flowing
        for frame in _waiting(subscription, flowing=flowing):
            yield frame
        now = time.monotonic()
        if now >= next_tick:
            next_tick = now + (TICK_S if flowing else STALLED_CHECK_S)
            if flowing:
                # The id moves on past events that are not for this reader.
                tick: TickFrame = {"now": context.database.clock.now()}
                yield format_sse_event(
                    comment="keep-alive", event="tick", id=str(position), data_str=json_text(tick)
                )
        await asyncio.sleep(0)


def _waiting(subscription: Subscription, *, flowing: bool) -> Iterator[bytes]:
    """Take what waits for a reader; without events its map stands still, as the page says."""
    notices, positions = subscription.take()
    jobs = subscription.take_jobs()
    for notice in notices:
        yield _domain(notice, subscription)
    if positions and flowing:
        yield _positions(positions)
    if jobs:
        yield _jobs(jobs)
    for incident_id in subscription.take_presence():
        presence: PresenceFrame = {"incident_id": incident_id}
        yield format_sse_event(event="presence", data_str=json_text(presence))


def _domain(notice: Notice, subscription: Subscription) -> bytes:
    if notice.gone_for(subscription.identity, subscription.city_id):
        gone: GoneFrame = {"incident_id": notice.event.subject_id}
        return format_sse_event(
            event="gone", id=str(notice.event.position), data_str=json_text(gone)
        )
    return format_sse_event(
        event="domain", id=str(notice.event.position),
        data_str=notice.text_for(subscription.identity),
    )  # fmt: skip


def _positions(notices: list[PositionNotice]) -> bytes:
    texts = ",".join(notice.text for notice in notices)
    return format_sse_event(event="positions", data_str=f'{{"positions":[{texts}]}}')


def _jobs(jobs: list[JobView]) -> bytes:
    frame: JobsFrame = {"jobs": jobs}
    return format_sse_event(event="jobs", data_str=json_text(frame))


def _resync(
    reason: Literal["position_unknown", "slow_reader", "restored"], *, position: int | None = None
) -> bytes:
    frame: ResyncFrame = {"reason": reason}
    return format_sse_event(
        event="resync", data_str=json_text(frame),
        id=None if position is None else str(position),
    )  # fmt: skip

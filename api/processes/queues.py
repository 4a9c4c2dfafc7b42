"""Serving queues of jobs: the library fetches, runs and finishes; what it lacks is here.

A queue is looked into when its notification comes, when its next job falls due (`_alarm`), and
every second, for notifications that were lost.
"""

import asyncio
import json
import logging
from collections.abc import Awaitable, Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import procrastinate
import psycopg
from procrastinate.exceptions import ConnectorException, JobAborted
from procrastinate.job_context import AbortReason, JobContext
from procrastinate.jobs import Job as LibraryJob
from procrastinate.manager import get_channel_for_queues
from procrastinate.retry import BaseRetryStrategy, RetryDecision
from procrastinate.utils import utcnow
from psycopg_pool import AsyncConnectionPool, PoolTimeout
from sqlalchemy.exc import SQLAlchemyError

from gis.access import SYSTEM
from gis.cluster import APPLICATION_ROLE
from gis.database import Database
from gis.jobs import repository, service
from gis.jobs.errors import JobCancelledError
from gis.jobs.model import Job, Queue, attempts_allowed
from gis.jobs.running import Process, execute, is_permanent
from gis.listening import libpq_url, listen

POLL_S = 1.0
_ALARM_LOOK_S = 30.0
_AWAY_PAUSE_S = 1.0
_GRACE_S = 4.0
"""Work under way when the server stops has so long to end by itself."""
_MISSED_BY_S = 600.0
"""A timer that fell due while no server ran is begun at the start if no longer ago than this."""

_AWAY = (ConnectorException, PoolTimeout, psycopg.Error, SQLAlchemyError, OSError)
_log = logging.getLogger("goldenhour.jobs")

Perform = Callable[[Job, JobContext], object]
"""Does a job, in a thread or, if it is a coroutine function, in the event loop."""


@dataclass(frozen=True, slots=True)
class Pace:
    """How a worker shows that it lives, and when one that does not is taken to be gone."""

    heartbeat_s: float = 5.0
    silent_s: float = 15.0
    recover_every_s: float = 5.0


USUAL_PACE = Pace()


class InterruptedJobError(RuntimeError):
    """The server stopped while the job was at work; it is done by the next one."""


class BackOff(BaseRetryStrategy):
    """Tries again after a pause that doubles, unless trying again would end the same way."""

    def __init__(self, job: Job) -> None:
        self._job = job

    def get_retry_decision(
        self, *, exception: BaseException, job: LibraryJob
    ) -> RetryDecision | None:
        """Return when to try again, None if not."""
        if isinstance(exception, InterruptedJobError):
            return RetryDecision(retry_at=utcnow())
        if isinstance(exception, JobAborted) or is_permanent(exception):
            return None
        attempt = job.attempts + 1
        if attempt >= attempts_allowed(self._job, self._job.queue):
            return None
        pause = timedelta(seconds=self._job.pause_after(attempt))
        return RetryDecision(retry_at=utcnow() + pause)


class AskedToStop:
    """Whether the library was told that a job is to end; jobs in threads look at it."""

    def __init__(self, context: JobContext) -> None:
        self._context = context

    def is_set(self) -> bool:
        """Return whether somebody asked, or the worker ends."""
        return self._context.should_abort()


def in_this_process(process: Process) -> Perform:
    """Return how jobs are done in a thread of this process."""

    def perform(job: Job, context: JobContext) -> None:
        assert context.job.id is not None
        try:
            execute(process, job, context.job.id, stop=AskedToStop(context))
        except JobCancelledError as error:
            if context.abort_reason() is AbortReason.SHUTDOWN:
                raise InterruptedJobError from error
            raise JobAborted from error

    return perform


class QueueServer:
    """Serves one queue within an event loop."""

    def __init__(
        self,
        database: Database,
        queue: Queue,
        *,
        perform: Perform,
        concurrency: int = 1,
        pace: Pace = USUAL_PACE,
    ) -> None:
        """Serve the jobs that are given to `queue`, and begin those of its own timers."""
        self._queue = queue
        self._url = database.url
        self._concurrency = concurrency
        self._pace = pace
        connector = procrastinate.PsycopgConnector(
            conninfo=libpq_url(database.url),
            kwargs={"options": f"-c role={APPLICATION_ROLE} -c timezone=UTC"},
            min_size=1,
            max_size=4,
            pool_factory=_pool,
        )
        self._app = procrastinate.App(
            connector=connector, periodic_defaults={"max_delay": _MISSED_BY_S}
        )
        for job in database.house.jobs:
            # Any of them may have been given to this queue, though its own is another.
            task = self._app.task(
                name=job.name, queue=queue.value, pass_context=True, retry=BackOff(job)
            )(_bound(job, perform))
            for timer in database.house.timers if job.queue is queue else ():
                if timer.job is job:
                    self._app.periodic(cron=timer.cron, periodic_id=timer.cron)(task)

    async def run(self) -> None:
        """Serve until cancelled; a database that is away is waited for."""
        while True:
            try:
                async with self._app.open_async():
                    alarm = asyncio.create_task(self._alarm(), name=f"alarm of {self._queue}")
                    try:
                        await self._app.run_worker_async(
                            queues=[self._queue.value],
                            name=self._queue.value,
                            concurrency=self._concurrency,
                            fetch_job_polling_interval=POLL_S,
                            abort_job_polling_interval=POLL_S,
                            update_heartbeat_interval=self._pace.heartbeat_s,
                            stalled_worker_timeout=self._pace.silent_s,
                            shutdown_graceful_timeout=_GRACE_S,
                            install_signal_handlers=False,
                            # What timers did well is not kept: their list would hide all else.
                            delete_jobs=("successful" if self._queue is Queue.TIMERS else "never"),
                        )
                    finally:
                        alarm.cancel()
                        with suppress(asyncio.CancelledError):
                            await alarm
            except _AWAY as error:
                _log.warning("queue %s waits: %s", self._queue, type(error).__name__)
            await asyncio.sleep(_AWAY_PAUSE_S)

    async def _alarm(self) -> None:
        """Wake the worker in the moment in which a job falls due: the library only polls."""
        (channel,) = get_channel_for_queues([self._queue.value])
        ring = json.dumps({"type": "job_inserted", "job_id": 0})
        while True:
            try:
                async with listen(
                    self._url, channel, options=f"-c role={APPLICATION_ROLE}"
                ) as connection:  # fmt: skip
                    while True:
                        wait_s = await self._until_next(connection)
                        told = connection.notifies(timeout=min(wait_s, _ALARM_LOOK_S), stop_after=1)
                        if [one async for one in told] or wait_s > _ALARM_LOOK_S:
                            continue
                        await connection.execute("SELECT pg_notify(%s, %s)", (channel, ring))
            except (psycopg.Error, OSError) as error:
                _log.warning("the alarm of %s waits: %s", self._queue, type(error).__name__)
            await asyncio.sleep(_AWAY_PAUSE_S)

    async def _until_next(self, connection: psycopg.AsyncConnection[Any]) -> float:
        cursor = await connection.execute(repository.SECONDS_TO_NEXT, (self._queue.value,))
        row = await cursor.fetchone()
        return float("inf") if row is None or row[0] is None else max(float(row[0]), 0.0)


def _pool(**options: Any) -> AsyncConnectionPool[Any]:
    """Make the library's pool without its check of a connection before each statement.

    A connection that is gone ends the run of the worker, and the next begins with new ones.
    """
    return AsyncConnectionPool(**{**options, "check": None})


def _bound(job: Job, perform: Perform) -> Callable[..., object]:
    """Return the library's function of a job, which takes the job's arguments but leaves them."""
    if asyncio.iscoroutinefunction(perform):

        async def wait_for(context: JobContext, **_: Any) -> None:
            await perform(job, context)

        return wait_for

    def do(context: JobContext, **_: Any) -> None:
        perform(job, context)

    return do


async def keep_recovering(database: Database, pace: Pace) -> None:
    """Put jobs whose worker is gone back into their queues, until cancelled."""

    def recover() -> int:
        with database.unit_of_work(SYSTEM) as uow:
            return service.recover_jobs(uow, silent_s=pace.silent_s)

    while True:
        try:
            if found := await asyncio.to_thread(recover):
                _log.warning("%d jobs had lost their worker", found)
        except SQLAlchemyError as error:
            _log.warning("lost jobs wait: %s", type(error).__name__)
        await asyncio.sleep(pace.recover_every_s)


def begin_timers(database: Database) -> None:
    """Defer what is to be done at every start; of several servers that start at once one does."""
    for timer in database.house.timers:
        if timer.at_start:
            with database.unit_of_work(SYSTEM) as uow:
                service.defer(uow, timer.job, timer.arguments, key=f"start {timer.job.name}")


async def until_told(tasks: Iterable[Awaitable[None]], told: asyncio.Event) -> None:
    """Run `tasks` until `told` is set or one of them ends; then end them all."""
    running = [asyncio.ensure_future(task) for task in tasks]
    waiting = asyncio.create_task(told.wait())
    try:
        await asyncio.wait([*running, waiting], return_when=asyncio.FIRST_COMPLETED)
    finally:
        for task in (*running, waiting):
            task.cancel()
        await asyncio.gather(*running, waiting, return_exceptions=True)
    for task in running:
        if not task.cancelled() and (error := task.exception()) is not None:
            raise error

"""The worker process: the sequencer, the timers, and the parent of the heavy jobs.

It loads no roads and builds nothing itself, so that a timer is never late for it: light jobs have
a process of their own (`api.processes.light`), each heavy one another (`api.processes.heavy`).
"""

import asyncio
import logging
import signal
import threading
from collections.abc import Sequence

from api.processes.heavy import COMMAND, in_own_process
from api.processes.lasting import start_lasting
from api.processes.lifeline import end_with_parent
from api.processes.queues import (
    USUAL_PACE,
    Pace,
    QueueServer,
    begin_timers,
    in_this_process,
    keep_recovering,
    until_told,
)
from api.processes.sequencing import keep_sequencing
from api.processes.supervisor import keys
from gis.consumers.running import keep_consuming
from gis.database import Database
from gis.jobs.model import Queue
from gis.jobs.running import Process
from gis.provision import open_database
from gis.sequencer import SigningKey
from gis.settings import Settings, load_settings

_TIMER_THREADS = 4


async def serve_queues(
    settings: Settings,
    database: Database,
    told: asyncio.Event,
    *,
    heavy_command: Sequence[str] = COMMAND,
    pace: Pace = USUAL_PACE,
) -> None:
    """Serve timers and heavy jobs, and find lost jobs, until `told` is set."""
    prompt = QueueServer(
        database, Queue.TIMERS, concurrency=_TIMER_THREADS,
        perform=in_this_process(Process(settings, database)), pace=pace,
    )  # fmt: skip
    heavy = QueueServer(
        database, Queue.HEAVY, concurrency=settings.heavy_processes,
        perform=in_own_process(database, heavy_command), pace=pace,
    )  # fmt: skip
    await asyncio.to_thread(begin_timers, database)
    await until_told([prompt.run(), heavy.run(), keep_recovering(database, pace)], told)


async def _run(settings: Settings, database: Database, stop: threading.Event) -> None:
    told = asyncio.Event()
    loop = asyncio.get_running_loop()

    def end() -> None:
        stop.set()
        told.set()

    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, end)
    await serve_queues(settings, database, told)


def main() -> None:
    """Run until told to stop."""
    logging.basicConfig(level=logging.INFO, format="%(levelname)s %(name)s: %(message)s")
    logging.getLogger("procrastinate").setLevel(logging.WARNING)
    end_with_parent()
    settings = load_settings()
    database = open_database(settings)
    key_file = keys(settings) / "stream.pem"
    stop = threading.Event()
    sequencing = start_lasting(
        lambda: keep_sequencing(
            settings, database, lambda: SigningKey.load_or_make(key_file), stop
        ),
        name="sequencer",
        stop=stop,
    )
    consuming = None
    if database.house.consumers:
        consuming = start_lasting(
            lambda: keep_consuming(database, stop), name="consumers", stop=stop
        )
    try:
        asyncio.run(_run(settings, database, stop))
    finally:
        stop.set()
        sequencing.join(timeout=5.0)
        if consuming is not None:
            consuming.join(timeout=5.0)
        database.close()


if __name__ == "__main__":
    main()

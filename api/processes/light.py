"""The process of the light jobs: it keeps the roads mapped and does one job after the other."""

import asyncio
import logging
import signal

from api.processes.lifeline import end_with_parent
from api.processes.queues import QueueServer, in_this_process, until_told
from gis.jobs.model import Queue
from gis.jobs.running import Process
from gis.provision import open_database
from gis.settings import load_settings


async def _run() -> None:
    settings = load_settings()
    database = open_database(settings)
    told = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, told.set)
    light = QueueServer(
        database, Queue.LIGHT, perform=in_this_process(Process(settings, database))
    )  # fmt: skip
    try:
        await until_told([light.run()], told)
    finally:
        database.close()


def main() -> None:
    """Run until told to stop."""
    logging.basicConfig(level=logging.INFO, format="%(levelname)s %(name)s: %(message)s")
    logging.getLogger("procrastinate").setLevel(logging.WARNING)
    end_with_parent()
    asyncio.run(_run())


if __name__ == "__main__":
    main()

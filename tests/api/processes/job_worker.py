"""A worker with jobs that are made to go wrong: `python -m tests.api.processes.job_worker`.

With a number it is the process of one heavy job, as the worker starts it.
"""

import asyncio
import os
import signal
import sys
import time
from dataclasses import replace

from sqlalchemy import text

from api.processes import heavy
from api.processes.queues import Pace
from api.processes.worker import serve_queues
from api.rooms import HOUSE
from gis.access import SYSTEM
from gis.jobs.model import Job, Queue
from gis.jobs.running import Run
from gis.permissions import EVENTS_READ
from gis.provision import open_database
from gis.rooms.house import open_house
from gis.rooms.model import Room
from gis.settings import load_settings
from gis.words import Words

PACE = Pace(heartbeat_s=0.3, silent_s=1.5, recover_every_s=0.3)
_HERE = "tests.api.processes.job_worker"


def _job(name: str, queue: Queue) -> Job:
    return Job(
        f"test.{name}", queue, Words(en=name, zh=name), run=f"{_HERE}:{name}",
        permission=EVENTS_READ, pause_s=0.2,
    )  # fmt: skip


def _note(run: Run, word: str) -> None:
    with run.database.unit_of_work(SYSTEM) as uow:
        uow.session.execute(
            text("INSERT INTO noted (job_id, word) VALUES (:job_id, :word)"),
            {"job_id": run.record.job_id, "word": word},
        )


def tick(run: Run) -> None:
    """Note when it ran; done in the worker itself."""
    _note(run, str(time.time()))


def spin(run: Run) -> None:
    """Keep a core busy until told to stop, without letting go of the interpreter for long."""
    _note(run, f"begun {os.getpid()}")
    while not run.stop.is_set():
        sum(range(200_000))
    run.go_on()


def spin_deaf(run: Run) -> None:
    """The same, but whoever asks it to stop is not heard."""
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    _note(run, f"begun {os.getpid()}")
    while True:
        sum(range(200_000))


def count(run: Run) -> None:
    """Make an effect slowly: it is there at the end, or not at all."""
    with run.effect() as uow:
        uow.session.execute(
            text("INSERT INTO noted (job_id, word) VALUES (:job_id, 'effect')"),
            {"job_id": run.record.job_id},
        )
        _note(run, f"begun {os.getpid()}")
        time.sleep(1.0)
    _note(run, "after")
    if run.record.attempts == 0 and run.arguments.get("die_after"):
        os.kill(os.getpid(), signal.SIGKILL)


def linger(run: Run) -> None:
    """Make an effect, and go on without listening to who asks it to stop."""
    with run.effect():
        pass
    spin_deaf(run)


def obey(run: Run) -> None:
    """Come to the end when asked to stop."""
    _note(run, f"begun {os.getpid()}")
    while not run.stop.is_set():
        time.sleep(0.02)


def devour(run: Run) -> None:
    """Ask for more memory than there may be."""
    bytearray(2**40)


def fail(run: Run) -> None:
    """Fail every time."""
    _note(run, "tried")
    raise OSError("the disk is gone")


TICK = _job("tick", Queue.TIMERS)
SPIN = _job("spin", Queue.HEAVY)
SPIN_DEAF = replace(_job("spin_deaf", Queue.HEAVY), longest_s=12.0, attempts=1)
COUNT = _job("count", Queue.HEAVY)
LINGER = _job("linger", Queue.HEAVY)
OBEY = _job("obey", Queue.HEAVY)
DEVOUR = _job("devour", Queue.HEAVY)
FAIL = _job("fail", Queue.HEAVY)
ROOM = Room("test", jobs=(TICK, SPIN, SPIN_DEAF, COUNT, LINGER, OBEY, DEVOUR, FAIL))
ROOMS = (*(replace(room, timers=()) for room in HOUSE.rooms), ROOM)


async def _serve() -> None:
    settings = load_settings()
    told = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, told.set)
    await serve_queues(
        settings, open_database(settings), told, heavy_command=("-m", _HERE), pace=PACE
    )


if __name__ == "__main__":
    open_house(ROOMS)
    if len(sys.argv) > 1:
        sys.exit(heavy.main(int(sys.argv[1])))
    asyncio.run(_serve())

"""A heavy job in a process of its own: low priority, limited memory, ends when it is told to.

`python -m api.processes.heavy NUMBER` does one job that its parent has taken from the queue.
"""

import asyncio
import logging
import os
import resource
import signal
import sys
from collections.abc import Sequence
from types import TracebackType

from procrastinate.exceptions import JobAborted
from procrastinate.job_context import AbortReason, JobContext

from api.processes.lifeline import end_with_parent
from api.processes.queues import InterruptedJobError, Perform
from gis.access import SYSTEM
from gis.database import Database
from gis.errors import GoldenHourError, InvalidInputError
from gis.jobs import repository
from gis.jobs.errors import JobCancelledError, JobProcessLostError, JobTooLongError
from gis.jobs.model import Job
from gis.jobs.running import Process, execute, is_permanent, note_failure
from gis.provision import open_database
from gis.settings import PROJECT_FOLDER, load_settings

COMMAND = ("-m", "api.processes.heavy")
_STOPS_IN_S = 5.0
_NICENESS = 10
_CANCELLED, _FAILED, _FAILED_FOR_GOOD = 3, 4, 5
"""Exit statuses; what went wrong stands beside the job by then."""
_log = logging.getLogger("goldenhour.jobs")


class HeavyJobFailedError(GoldenHourError):
    """The job's process ended with an error that it has noted itself."""

    code = "heavy_job_failed"


class HeavyJobRefusedError(InvalidInputError):
    """The same, and trying again would end the same way."""

    code = "heavy_job_refused"


def in_own_process(database: Database, command: Sequence[str] = COMMAND) -> Perform:
    """Return how jobs are done in processes of their own: Python with `command` and the number."""

    async def perform(job: Job, context: JobContext) -> None:
        job_id = context.job.id
        assert job_id is not None
        child = await asyncio.create_subprocess_exec(
            sys.executable, *command, str(job_id),
            cwd=PROJECT_FOLDER, stdin=asyncio.subprocess.DEVNULL,
        )  # fmt: skip
        try:
            async with asyncio.timeout(job.longest_s):
                status = await child.wait()
        except TimeoutError:
            await _end(child)
            if await _is_done(database, child, job_id):
                return
            error = JobTooLongError(job.longest_s)
            raise await _noted(database, job, job_id, error) from None
        except asyncio.CancelledError as told:
            await _end(child)
            if await _is_done(database, child, job_id):
                return
            if context.abort_reason() is AbortReason.USER_REQUEST:
                raise JobAborted from told
            raise InterruptedJobError from told
        if status == _CANCELLED:
            # It was told to end, but not by us: the whole server is being stopped.
            raise InterruptedJobError
        if status in {_FAILED, _FAILED_FOR_GOOD}:
            words = f"The job's process ended with {status}."
            raise (HeavyJobFailedError if status == _FAILED else HeavyJobRefusedError)(words)
        if not await _is_done(database, child, job_id):
            how = f"was killed (signal {-status})" if status < 0 else f"ended with {status}"
            raise await _noted(database, job, job_id, JobProcessLostError(how))

    return perform


async def _end(child: asyncio.subprocess.Process) -> None:
    if child.returncode is not None:
        return
    child.terminate()
    gone = asyncio.ensure_future(child.wait())
    try:
        # Not `asyncio.timeout`: within a task that was cancelled Python 3.11.2 lets its end pass as
        # another cancellation, and the process would stay.
        await asyncio.wait([gone], timeout=_STOPS_IN_S)
    finally:
        if child.returncode is None:
            child.kill()
    await gone


async def _is_done(database: Database, child: asyncio.subprocess.Process, job_id: int) -> bool:
    """Return whether a process that has ended did its job, or made its effect before it was ended.

    What is in the database is done, whatever became of the process that put it there.
    """

    def look() -> bool:
        with database.read(SYSTEM) as uow:
            return repository.effect_made(uow.session, job_id)

    return child.returncode == 0 or await asyncio.to_thread(look)


async def _noted(
    database: Database, job: Job, job_id: int, error: GoldenHourError
) -> GoldenHourError:
    """Note what the job's process could not note itself; return it, to be raised."""

    def note() -> None:
        with database.read(SYSTEM) as uow:
            record = repository.read_job(uow.session, job_id)
        if record is not None:
            note_failure(
                database, record, job, code=error.code, sentence=str(error), last=False
            )  # fmt: skip

    await asyncio.to_thread(note)
    return error


def _end_noted(
    kind: type[BaseException], error: BaseException, trace: TracebackType | None
) -> None:
    """Write an error that nobody foresaw into the log, and end as one that is noted."""
    sys.__excepthook__(kind, error, trace)
    sys.stderr.flush()
    os._exit(_FAILED)


class _Told:
    """Whether a signal came. No lock: one within the handler of another would wait for itself."""

    def __init__(self) -> None:
        self._told = False

    def tell(self, *_: object) -> None:
        """Handle a signal."""
        self._told = True

    def is_set(self) -> bool:
        """Return whether one came."""
        return self._told


def _limit_memory(memory_mib: int, *, reserved_mib: int) -> None:
    for kind, mib in (
        (resource.RLIMIT_AS, memory_mib + reserved_mib),
        (resource.RLIMIT_DATA, memory_mib),
    ):
        resource.setrlimit(kind, (mib * 2**20, mib * 2**20))


def main(job_id: int) -> int:
    """Do one job; return the status this process ends with."""
    end_with_parent(by=signal.SIGKILL)
    logging.basicConfig(level=logging.INFO, format="%(levelname)s %(name)s: %(message)s")
    stop = _Told()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, stop.tell)
    os.nice(_NICENESS)
    settings = load_settings()
    database = open_database(settings)
    try:
        with database.read(SYSTEM) as uow:
            record = repository.read_job(uow.session, job_id)
        if record is not None:
            sys.excepthook = _end_noted
            job = database.house.jobs[record.name]
            _limit_memory(settings.heavy_memory_mib, reserved_mib=job.reserves_mib)
            execute(Process(settings, database), job, job_id, stop=stop)
    except JobCancelledError:
        return _CANCELLED
    except (GoldenHourError, MemoryError) as error:
        return _FAILED_FOR_GOOD if is_permanent(error) else _FAILED
    finally:
        database.close()
    return 0


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1])))

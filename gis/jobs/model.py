"""What a job is: declared once as data, listed by the room it belongs to. No I/O."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from types import MappingProxyType
from typing import Any

from gis.access import Identity, Permission
from gis.jobs.errors import UndeclaredJobError
from gis.permissions import USER_ADMIN
from gis.words import Words


class Queue(StrEnum):
    """Who runs a job. Each queue has a process of its own, so that none waits for another."""

    TIMERS = "timers"
    """Short steps that must not be late: they neither load roads nor read files."""
    LIGHT = "light"
    """Seconds: one process that keeps the roads mapped does them one after the other."""
    HEAVY = "heavy"
    """Minutes: each in a process of its own, limited in memory and time, which can be killed."""
    COMMAND = "command"
    """Done by the command that made it, in its own process; nobody else takes it."""


class JobState(StrEnum):
    """Where a job stands."""

    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"


KEPT_FOR = timedelta(days=30)
"""A job that has ended is kept this long at most."""
ENDED = frozenset({JobState.DONE, JobState.FAILED, JobState.CANCELLED})


@dataclass(frozen=True, slots=True)
class Job:
    """One kind of job.

    name : `room.work`, stable: it stands in the database
    label : what people call it
    run : `module:function`, imported when it runs, so that declaring a job loads nothing;
    the function takes a `gis.jobs.running.Run`; None = only commands do it, each in its own way
    permission : who may see it, in its area
    control : who may stop it and begin it again, beside whoever asked for it
    attempts : how often it is tried; `pause_s` before the second time, doubled each time after
    longest_s : a heavy job at work for longer is taken to hang, and stopped
    reserves_mib : address space that a library of a heavy job sets aside and does not use; it comes
    on top of the memory the job may have, which its data are then held to
    kept : how long one that was done is kept; one that failed is kept for `KEPT_FOR`
    """

    name: str
    queue: Queue
    label: Words
    run: str | None
    permission: Permission
    control: Permission = USER_ADMIN
    attempts: int = 3
    pause_s: float = 10.0
    longest_s: float = 6 * 3600.0
    reserves_mib: int = 0
    kept: timedelta = KEPT_FOR

    def pause_after(self, attempt: int) -> float:
        """Return the seconds to wait after the `attempt`-th try (1, 2, …) failed."""
        return self.pause_s * 2.0 ** (attempt - 1)


def attempts_allowed(job: Job | None, queue: Queue) -> int:
    """Return how often a job is tried: one that no room declares, or that a command does, once."""
    return 1 if job is None or queue is Queue.COMMAND else job.attempts


@dataclass(frozen=True, slots=True)
class Timer:
    """A job that begins again and again: `cron` in UTC, with an optional sixth field of seconds.

    `at_start` also begins it whenever the server starts.
    """

    job: Job
    cron: str
    at_start: bool = False
    arguments: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class JobRecord:
    """One job as it stands in the database.

    `done` of `total` steps, `total` None = not known; `message` says what is being done;
    `attempts` counts the tries that have ended; `error_code` and `error` say why
    the last one did; `result` is what a finished job gives, small and without personal values.
    """

    job_id: int
    name: str
    queue: Queue
    state: JobState
    city_id: int | None
    area_code: str | None
    requested_by: str
    created_at: datetime
    due_at: datetime | None
    started_at: datetime | None
    ended_at: datetime | None
    updated_at: datetime
    attempts: int
    done: float
    total: float | None
    message: Words | None
    error_code: str | None
    error: str | None
    result: Mapping[str, Any] | None
    cancel_requested_by: str | None
    arguments: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class JobView:
    """One job as people and programs see it; times and steps as in `JobRecord`.

    `may_control` : whether the viewer may stop it, and begin it again once it has failed
    """

    job_id: int
    name: str
    label: Words
    queue: str
    state: str
    city_id: int | None
    requested_by: str
    created_at: datetime
    due_at: datetime | None
    started_at: datetime | None
    ended_at: datetime | None
    attempts: int
    attempts_allowed: int
    done: float
    total: float | None
    message: Words | None
    error_code: str | None
    error: str | None
    result: Mapping[str, Any] | None
    cancel_requested: bool
    may_control: bool


@dataclass(frozen=True, slots=True)
class JobsPage:
    """Jobs, newest first; `next_before` is the cursor of the following page, None at the end."""

    jobs: tuple[JobView, ...]
    next_before: int | None


class JobKinds:
    """The kinds of jobs of all rooms, by name. Made once, never changed."""

    def __init__(self, jobs: Sequence[Job]) -> None:
        self._jobs = MappingProxyType({job.name: job for job in jobs})

    def __iter__(self) -> Iterator[Job]:
        return iter(self._jobs.values())

    def __getitem__(self, name: str) -> Job:
        """Return the kind named `name`; `UndeclaredJobError` if there is none."""
        try:
            return self._jobs[name]
        except KeyError:
            raise UndeclaredJobError(name) from None

    def __contains__(self, name: object) -> bool:
        return name in self._jobs

    def get(self, name: str) -> Job | None:
        """Return the kind named `name`, None if no room declares it."""
        return self._jobs.get(name)

    def visible_to(self, identity: Identity) -> list[Job]:
        """Return the kinds whose permission `identity` holds somewhere."""
        return [job for job in self if identity.holds_any([job.permission])]

"""What can be wrong with a job, or with what is asked of it."""

from gis.errors import ConflictError, GoldenHourError, InvalidInputError, NotFoundError


class JobUnknownError(NotFoundError):
    """There is no such job, or not for this viewer."""

    code = "job_unknown"

    def __init__(self, job_id: int) -> None:
        super().__init__(
            f"There is no job {job_id}. Jobs that are done are kept for 30 days; see the list."
        )


class JobOverError(ConflictError):
    """The job has ended and cannot be stopped any more."""

    code = "job_over"

    def __init__(self, job_id: int, state: str) -> None:
        super().__init__(f"Job {job_id} is over: {state}. There is nothing left to stop.")


class JobNotFailedError(ConflictError):
    """Only a job that failed can be tried again."""

    code = "job_not_failed"

    def __init__(self, job_id: int, state: str) -> None:
        super().__init__(
            f"Job {job_id} is {state}; only a job that failed is tried again. Ask for a new one."
        )


class JobCancelledError(ConflictError):
    """The job was stopped because somebody asked for it."""

    code = "job_cancelled"

    def __init__(self) -> None:
        super().__init__("The job was stopped because somebody asked for it. Nothing is half done.")


class JobPageInvalidError(InvalidInputError):
    """A page of jobs was asked for that cannot be."""

    code = "job_page_invalid"

    def __init__(self, what: str) -> None:
        super().__init__(f"{what} Leave the cursor out to begin with the newest job.")


class EffectMadeError(ConflictError):
    """An earlier try of the job has made its effect; nothing is left to do."""

    code = "job_effect_made"

    def __init__(self, job_id: int) -> None:
        super().__init__(f"Job {job_id} has done its work already; nothing is done twice.")


class JobProcessLostError(GoldenHourError):
    """The process that ran the job ended without a word."""

    code = "job_process_lost"

    def __init__(self, how: str) -> None:
        super().__init__(f"The process that ran the job {how}. What it had begun was undone.")


class JobTooLongError(GoldenHourError):
    """The job was at work for longer than it may be, and was stopped."""

    code = "job_too_long"

    def __init__(self, longest_s: float) -> None:
        super().__init__(
            f"The job was stopped after {longest_s / 60:.0f} minutes: it seems to hang. "
            "See the worker's log for what it was doing."
        )


class JobOutOfMemoryError(GoldenHourError):
    """The job needed more memory than it may have."""

    code = "job_out_of_memory"

    def __init__(self, memory_mib: int) -> None:
        super().__init__(
            f"The job needs more than the {memory_mib} MiB it may have. Give it less at once, or "
            "raise GOLDENHOUR_HEAVY_MEMORY_MIB."
        )


class UndeclaredJobError(LookupError):
    """A job stands in the database, or is asked for, that no room declares."""

    def __init__(self, name: str) -> None:
        super().__init__(f"No room declares the job {name!r}; add it to the room's jobs.")

"""What the job of call-backs does."""

from uuid import UUID

from dispatch.calls.service import say_overdue
from gis.jobs.running import Run


def see_call_back(run: Run) -> None:
    """Say that a call-back is overdue, if it still is."""
    with run.effect() as uow:
        say_overdue(uow, UUID(run.arguments["call_id"]))

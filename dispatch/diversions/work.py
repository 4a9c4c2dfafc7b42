"""What the job of diversions does."""

from uuid import UUID

from dispatch.diversions.service import ask_next
from gis.jobs.running import Run


def ask_next_unit(run: Run) -> None:
    """End an offer whose time is up and ask the next unit, both in one transaction, once."""
    with run.effect() as uow:
        ask_next(
            uow, UUID(run.arguments["diversion_id"]),
            answer_within_s=run.settings.diversion_answer_s,
        )  # fmt: skip

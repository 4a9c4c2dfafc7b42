"""What people see of the jobs. Written by `gis.jobs`, and by triggers on the library's tables.

The queue itself stands in the tables `procrastinate_*`, which belong to the library of that name.
"""

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, CheckConstraint, Index, Integer, text
from sqlalchemy.orm import Mapped, mapped_column

from gis.tables.base import Base


class JobRow(Base):
    """One row for each job of the queue, made and removed with it.

    `state`, `attempts` and the times follow the queue by trigger.
    """

    __tablename__ = "jobs"
    __table_args__ = (
        CheckConstraint("state IN ('waiting','running','done','failed','cancelled')", name="state"),
        Index("ix_jobs_updated_at", "updated_at"),
        Index("ix_jobs_state_job_id", "state", "job_id"),
    )

    job_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    name: Mapped[str]
    queue: Mapped[str]
    state: Mapped[str]
    city_id: Mapped[int | None]
    area_code: Mapped[str | None]
    requested_by: Mapped[str] = mapped_column(server_default=text("'system'"))
    created_at: Mapped[datetime]
    due_at: Mapped[datetime | None]
    started_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    updated_at: Mapped[datetime]
    attempts: Mapped[int] = mapped_column(Integer, server_default=text("0"))
    done: Mapped[float] = mapped_column(server_default=text("0"))
    total: Mapped[float | None]
    message: Mapped[dict[str, Any] | None]
    error_code: Mapped[str | None]
    error: Mapped[str | None]
    cancel_requested_by: Mapped[str | None]


class JobEffect(Base):
    """Made in the transaction of a job's effect: a job that runs again finds it.

    Apart from the job's own row, which takes progress while that transaction is open.
    """

    __tablename__ = "job_effects"

    job_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    made_at: Mapped[datetime]
    result: Mapped[dict[str, Any] | None]

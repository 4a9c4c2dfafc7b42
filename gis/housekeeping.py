"""Upkeep of the database: partitions made ahead, old ones dropped, expired rows swept."""

from datetime import date, datetime

from sqlalchemy import text
from sqlalchemy.orm import Session

from gis.access import SYSTEM
from gis.jobs.running import Run
from gis.jobs.service import sweep_jobs
from gis.promises.beds import expire_overdue

_SWEEP = (
    text("DELETE FROM login_sessions WHERE expires_at < :now"),
    text("DELETE FROM api_tokens WHERE expires_at < :now"),
    text("DELETE FROM idempotency_keys WHERE created_at < :now - make_interval(hours => :hours)"),
)
IDEMPOTENCY_HOURS = 24
PARTITION_DAYS_AHEAD = 3


def maintain_partitions(session: Session, today: date, *, retention_days: int) -> int:
    """Make partitions ahead (positions, indicators), drop old positions; return the changes."""
    changed: int = session.execute(
        text("SELECT maintain_position_partitions(:today, :ahead, :retention)"),
        {"today": today, "ahead": PARTITION_DAYS_AHEAD, "retention": retention_days},
    ).scalar_one()
    indicators: int = session.execute(
        text("SELECT maintain_indicator_partitions(:today)"), {"today": today}
    ).scalar_one()
    return changed + indicators


def sweep_expired(session: Session, now: datetime) -> None:
    """Delete expired logins and tokens, and idempotency keys older than a day."""
    for statement in _SWEEP:
        session.execute(statement, {"now": now, "hours": IDEMPOTENCY_HOURS})


def keep_house(run: Run) -> None:
    """Make partitions ahead, drop old ones, sweep expired logins, tokens, keys and jobs."""
    with run.database.unit_of_work(SYSTEM) as uow:
        now = uow.clock.now()
        maintain_partitions(
            uow.session, now.date(), retention_days=run.settings.position_retention_days
        )
        sweep_expired(uow.session, now)
        expire_overdue(uow)
        sweep_jobs(uow)

"""Which cities are to learn their speeds now: a look that loads no roads."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from gis.access import SYSTEM
from gis.database import UnitOfWork
from gis.jobs.running import Run
from gis.jobs.service import defer_once
from gis.settings import Settings
from routing.jobs import LEARN
from routing.learning.nightly import learning_due
from routing.learning.repository_nightly import LearningState, learning_states


def due_cities(uow: UnitOfWork, settings: Settings) -> list[tuple[LearningState, datetime]]:
    """Return the cities whose speeds are to be learned now, and up to when.

    None in a simulation, where units may drive faster than the clock.
    """
    if not settings.learn_speeds or settings.purpose != "live":
        return []
    now = uow.clock.now()
    due = []
    for state in learning_states(uow.session):
        to_at = learning_due(
            now, zone=ZoneInfo(state.time_zone), hour=settings.learn_speeds_hour,
            learned_until=state.learned_until,
            retention=timedelta(days=settings.position_retention_days),
        )  # fmt: skip
        if to_at is not None:
            due.append((state, to_at))
    return due


def defer_due(run: Run) -> None:
    """Defer the night's work of each city, once a night."""
    with run.database.unit_of_work(SYSTEM) as uow:
        for state, to_at in due_cities(uow, run.settings):
            defer_once(
                uow, LEARN, {"city_id": state.city_id, "to_at": to_at.isoformat()},
                alone=f"{LEARN.name} {state.city_id}",
            )  # fmt: skip

"""Use case: what was known of a city's incidents at a second, rebuilt from the log."""

from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

from dispatch.permissions import INCIDENT_READ
from dispatch.replay import repository
from dispatch.replay.fold import fold
from gis.cities import require_city
from gis.database import UnitOfWork
from gis.events import first_broken_link
from gis.jurisdiction import reach_of
from gis.sequencer import stored_event


@dataclass(frozen=True, slots=True)
class ReplayedIncident:
    """An incident as it was known; `assignments`: assignment's id → its state,
    null where its last stamp was taken back."""

    incident_id: str
    number: str | None
    state: str | None
    version: int
    category: str | None
    complaint_code: str | None
    assignments: dict[str, str | None]


@dataclass(frozen=True, slots=True)
class ReplayView:
    """What was known at a moment of the incidents of the 24 hours before it.

    intact : no chain of these incidents is broken up to then; broken : incidents whose chain is
    """

    city_id: int
    at: datetime
    intact: bool
    broken: tuple[str, ...]
    events: int
    incidents: tuple[ReplayedIncident, ...]


def replay_at(uow: UnitOfWork, city_id: int, at: datetime) -> ReplayView:
    """Return what had been written down at `at` of incidents within the viewer's areas.

    Raises
    ------
    CityUnknownError
    """
    require_city(uow, city_id)
    rows = repository.events_until(
        uow.session, city_id, at, reach=reach_of(uow.identity, INCIDENT_READ)
    )
    events = [stored_event(row) for row in rows]
    broken = tuple(
        subject_id
        for subject_id, chain in groupby(events, key=lambda one: one.subject_id)
        if first_broken_link(chain) is not None
    )
    return ReplayView(
        city_id, at, not broken, broken, len(events),
        tuple(
            ReplayedIncident(
                one.incident_id, one.number, one.state, one.version, one.category,
                one.complaint_code, dict(one.assignments),
            )
            for one in fold(events).values()
        ),
    )  # fmt: skip

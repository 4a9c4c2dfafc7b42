"""Incidents counted for publication: by area and urgency."""

from collections.abc import Sequence
from datetime import datetime

from dispatch.incidents.published import INCIDENTS_BY_WEEK, NOT_CODED
from dispatch.incidents.repository import count_incidents
from gis.database import UnitOfWork
from gis.disclosure.model import Counted


def incidents_counted(
    uow: UnitOfWork, city_id: int, *, since: datetime, before: datetime
) -> Sequence[Counted]:
    """Return how many incidents came in, by area and category."""
    known = {group.code for group in INCIDENTS_BY_WEEK.groups}
    return [
        Counted(area, category if category in known else NOT_CODED, count, simulated)
        for area, category, simulated, count in count_incidents(
            uow.session, city_id, since=since, before=before
        )
    ]

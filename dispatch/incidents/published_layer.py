"""What the layer of published incidents needs to know: which week is shown."""

from collections.abc import Mapping
from datetime import date, datetime
from zoneinfo import ZoneInfo

from dispatch.incidents.published import INCIDENTS_BY_WEEK
from gis.cities import find_city
from gis.database import UnitOfWork
from gis.disclosure.model import Release
from gis.disclosure.service import newest_release

NONE_PUBLISHED = 0
"""No release has this number."""


def shown_release(uow: UnitOfWork, city_id: int, at: datetime) -> Mapping[str, object]:
    """Return the release of the last week that had begun at a moment."""
    found = _newest(uow, city_id, at)
    return {"release_id": found.release_id if found else NONE_PUBLISHED}


def week_shown(uow: UnitOfWork, city_id: int) -> date | None:
    """Return the first day of the newest published week."""
    found = _newest(uow, city_id, uow.clock.now())
    return found.period_from if found else None


def _newest(uow: UnitOfWork, city_id: int, at: datetime) -> Release | None:
    city = find_city(uow.session, city_id)
    if city is None:
        return None
    day = at.astimezone(ZoneInfo(city.time_zone)).date()
    return newest_release(uow, INCIDENTS_BY_WEEK, city_id, begun_by=day)

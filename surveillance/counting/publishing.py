"""Counting for publication: who fell ill with what, where, in a period of reports."""

from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from gis.cities import require_city
from gis.database import UnitOfWork
from gis.disclosure.model import Counted
from gis.installation import installation_purpose
from surveillance.counting import repository
from surveillance.counting.model import Counting


def cases_of_period(
    uow: UnitOfWork, city_id: int, *, since: datetime, before: datetime
) -> Sequence[Counted]:
    """Return cases by area and disease whose report was entered in a period, each once.

    As known now; sensitive ones (also those under 14 years) count with their disease only where the
    disease itself is ordinary.
    """
    city = require_city(uow, city_id)
    zone = ZoneInfo(city.time_zone)
    rows = repository.cases_by_area(
        uow.session, Counting(city_id=city_id, as_of=uow.clock.now()),
        first=since.astimezone(zone).date(), until=before.astimezone(zone).date(),
    )  # fmt: skip
    simulated = installation_purpose(uow.session) == "simulation"
    return [Counted(area, disease, people, simulated) for area, disease, people in rows]

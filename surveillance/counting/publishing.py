"""Counting for publication: who fell ill with what, or died of it, where, in a period."""

from collections.abc import Sequence
from datetime import date, datetime
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
    counting, first, until = _asked(uow, city_id, since=since, before=before)
    rows = repository.cases_by_area(uow.session, counting, first=first, until=until)
    return _counted(uow, rows)


def deaths_of_period(
    uow: UnitOfWork, city_id: int, *, since: datetime, before: datetime
) -> Sequence[Counted]:
    """Return deaths of ordinary diseases by area and disease on the days of a period, as known now.

    None is a count of its own (a row of nobody) where cases of the period were reported and reports
    of the city tell deaths; where they never do, nothing is known and nothing is returned.
    """
    if not repository.deaths_are_told(uow.session, city_id):
        return []
    counting, first, until = _asked(uow, city_id, since=since, before=before)
    rows = repository.deaths_by_area(uow.session, counting, first=first, until=until)
    if rows:
        return _counted(uow, rows)
    cases = repository.cases_by_area(uow.session, counting, first=first, until=until)
    return _counted(uow, [(area, disease, 0) for area, disease, _ in cases])


def _asked(
    uow: UnitOfWork, city_id: int, *, since: datetime, before: datetime
) -> tuple[Counting, date, date]:
    zone = ZoneInfo(require_city(uow, city_id).time_zone)
    return (
        Counting(city_id=city_id, as_of=uow.clock.now()),
        since.astimezone(zone).date(), before.astimezone(zone).date(),
    )  # fmt: skip


def _counted(uow: UnitOfWork, rows: Sequence[tuple[str | None, str, int]]) -> list[Counted]:
    simulated = installation_purpose(uow.session) == "simulation"
    return [Counted(area, disease, people, simulated) for area, disease, people in rows]

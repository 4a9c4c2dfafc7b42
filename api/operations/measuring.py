"""Response times from the command line."""

from contextlib import closing
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from dispatch.kpis.profile import read_profile
from dispatch.kpis.service import By, measure_city
from dispatch.kpis.views import KpiView
from gis.access import SYSTEM
from gis.cities import CityUnknownError, list_cities
from gis.provision import bring_up, open_database
from gis.settings import Settings


def response_times(
    settings: Settings,
    city_key: str,
    *,
    profile: str,
    begin: datetime | None,
    until: datetime | None,
    by: By,
    recorded: bool,
    area: str | None,
) -> KpiView:
    """Return response times of a city; `profile` is a bundled one or a file, times by its clocks.

    Raises
    ------
    CityUnknownError, KpiProfileUnknownError, KpiProfileInvalidError, PeriodInvalidError
    """
    norm = read_profile(Path(profile)) if profile.endswith((".yaml", ".yml")) else profile
    bring_up(settings)
    with closing(open_database(settings)) as database, database.read(SYSTEM) as uow:
        city = next((one for one in list_cities(uow.session) if one.key == city_key), None)
        if city is None:
            raise CityUnknownError(city_key)
        zone = ZoneInfo(city.time_zone)
        first, last = (None if at is None else at.replace(tzinfo=zone) for at in (begin, until))
        return measure_city(
            uow, city.city_id, profile=norm, begin=first, until=last, by=by,
            records="recorded" if recorded else "dispatch", area=area,
        )  # fmt: skip

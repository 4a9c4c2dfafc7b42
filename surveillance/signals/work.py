"""What the nightly job does: the newest day of every city that has reports and is not judged."""

from contextlib import suppress
from dataclasses import replace
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from gis.access import SYSTEM
from gis.cities import CityRow, list_cities
from gis.database import Database, UnitOfWork
from gis.jobs.running import Run
from gis.jobs.service import defer
from gis.settings import Settings
from gis.words import Words
from surveillance.counting.model import DateBasis
from surveillance.counting.repository import reporting_span
from surveillance.counting.repository_counts import counts_span
from surveillance.signals import repository
from surveillance.signals.errors import NothingReportedError
from surveillance.signals.jobs import CLUSTERS
from surveillance.signals.material import read_material
from surveillance.signals.model import Rules
from surveillance.signals.service import judged_day, store_judged
from surveillance.signals.views import RunView


def rules_of(settings: Settings) -> Rules:
    """Return what staff of this installation decided."""
    return Rules(
        alarms_a_day=settings.surveillance_alarms_a_day,
        false_share=settings.surveillance_false_share,
        least_cases=settings.surveillance_least_cases,
    )


def rules_in(uow: UnitOfWork, settings: Settings, city_id: int) -> Rules:
    """Return what staff of a city decided; where they did not, of this installation."""
    rules, said = rules_of(settings), repository.newest_budget(uow.session, city_id)
    return rules if said is None else replace(rules, alarms_a_day=said.alarms_a_day)


def day_due(uow: UnitOfWork, city: CityRow) -> date | None:
    """Return the newest whole day that reports have come of, None if it is judged or there is none.

    Yesterday, or the day of the newest file if that is earlier: of days since nobody has reported.
    """
    span = reporting_span(uow.session, city.city_id) or counts_span(uow.session, city.city_id)
    if span is None:
        return None
    zone = ZoneInfo(city.time_zone)
    yesterday = uow.clock.now().astimezone(zone).date() - timedelta(days=1)
    day = min(yesterday, span[1].astimezone(zone).date())
    run = repository.newest_run(uow.session, city.city_id)
    return None if run is not None and run.day >= day else day


def judge_city(
    database: Database,
    city_id: int,
    day: date,
    *,
    rules: Rules,
    date_basis: DateBasis | None = None,
    level: str | None = None,
) -> RunView:
    """Judge a day of a city between two transactions: one reads, the other stores.

    Its clusters are looked for by a job of their own, once it is stored.

    Raises
    ------
    CityUnknownError, NothingReportedError, RunOutOfOrderError
    """
    with database.read(SYSTEM) as uow:
        material = read_material(
            uow, city_id, first_day=day, last_day=day, date_basis=date_basis, level=level
        )
    judged = judged_day(material, day, rules=rules)
    with database.unit_of_work(SYSTEM) as uow:
        run = store_judged(uow, judged)
        # One that waits already will look for the clusters of this day too: of the newest.
        defer(uow, CLUSTERS, {"city_id": city_id}, key=f"{CLUSTERS.name} {city_id}")
        return run


def run_cities(run: Run) -> None:
    """Judge every city in a transaction of its own; what one made stands though the next fails."""
    with run.database.read(SYSTEM) as uow:
        due = [
            (city, day_due(uow, city), rules_in(uow, run.settings, city.city_id))
            for city in list_cities(uow.session)
        ]
    for number, (city, day, rules) in enumerate(due):
        if day is None:
            continue
        run.report(
            Words(en=f"judging {city.name}, {day}", zh=f"监测{city.name_zh or city.name} {day}"),
            number, len(due),
        )  # fmt: skip
        # Reports without times of their own are known since their file, which came later.
        with suppress(NothingReportedError):
            judge_city(run.database, city.city_id, day, rules=rules)

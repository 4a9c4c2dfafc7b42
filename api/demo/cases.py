"""Simulated cases of the demo's own city, so that disease control has something to look at there.

Made once, up to the evening before the demo first started: six years of ten seasonal diseases with
outbreaks at random, and two that began a few days ago.
"""

from datetime import timedelta
from zoneinfo import ZoneInfo

from api.operations.errors import ResidentsUnknownError
from api.operations.simulated_cases import simulate_cases
from gis.access import SYSTEM
from gis.cities import require_city
from gis.jobs.running import Run
from gis.words import Words
from surveillance.counting.repository import reporting_span
from surveillance.signals.work import judge_city, rules_of

YEARS, A_YEAR, SEED = 6, 8.0, 1


def simulate(run: Run) -> None:
    """Store the cases of a city that has no report yet, then judge the newest day.

    A city of which nobody knows where people live gets none. Broken off, it begins again: stored
    cases are not stored twice.
    """
    city_id = run.arguments["city_id"]
    with run.database.read(SYSTEM) as uow:
        if reporting_span(uow.session, city_id) is not None:
            return
        zone = ZoneInfo(require_city(uow, city_id).time_zone)
        today = uow.clock.now().astimezone(zone).date()
    run.report(Words(en="making up cases", zh="生成病例"), 0.0)
    try:
        with run.database.unit_of_work(SYSTEM) as uow:
            simulate_cases(
                uow, city_id, until=today, years=YEARS, a_year=A_YEAR, seed=SEED, fresh=True
            )
    except ResidentsUnknownError:
        return
    run.report(Words(en="judging the newest day", zh="监测最近一日"), 0.3)
    judge_city(run.database, city_id, today - timedelta(days=1), rules=rules_of(run.settings))

"""Judging the calls of every city: yesterday's once they are whole, and today's so far."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from gis.access import SYSTEM
from gis.cities import CityRow, list_cities
from gis.database import UnitOfWork
from gis.jobs.running import Run
from gis.words import Words
from surveillance.counting.repository import area_codes, area_words
from surveillance.signals.calls import HISTORY_DAYS, call_signals
from surveillance.signals.model import Kind, Rules, Signal
from surveillance.signals.service import Found, apply_signals
from surveillance.signals.work import rules_of
from surveillance.syndromic.service import streams

LEVEL = "district"
QUIET_DAYS = 2
"""A signal of calls that was not found for so long has ended: calls are of the day."""


@dataclass(frozen=True, slots=True, kw_only=True)
class JudgedCalls:
    """The calls of a city, judged: the newest day on which something is unusual, or today."""

    day: date
    signals: tuple[Signal, ...]


def judged_calls(uow: UnitOfWork, city: CityRow, *, now: datetime, rules: Rules) -> JudgedCalls:
    """Return what is unusual in a city's calls today; yesterday's while today has nothing."""
    today = now.astimezone(ZoneInfo(city.time_zone)).date()
    read = streams(
        uow, city.city_id, since=today - timedelta(days=HISTORY_DAYS),
        before=today + timedelta(days=1),
    )  # fmt: skip
    areas = area_codes(uow.session, city.city_id, level=LEVEL)
    places: dict[str, Words] = area_words(uow.session, city.city_id, areas.codes)
    for day in (today, today - timedelta(days=1)):
        found = call_signals(
            read, day=day, over=day < today, areas=areas, places=places, rules=rules
        )
        if found:
            return JudgedCalls(day=day, signals=found)
    return JudgedCalls(day=today, signals=())


def run_calls(run: Run) -> None:
    """Judge the calls of every city, each in a transaction of its own."""
    rules = rules_of(run.settings)
    with run.database.read(SYSTEM) as uow:
        cities = list_cities(uow.session)
    for city in cities:
        run.go_on()
        with run.database.unit_of_work(SYSTEM) as uow:
            now = uow.clock.now()
            judged = judged_calls(uow, city, now=now, rules=rules)
            apply_signals(
                uow, judged.signals, kinds=(Kind.CALLS,), quiet_days=QUIET_DAYS,
                found=Found(
                    city_id=city.city_id, run_id=None, day=judged.day, at=now,
                    by=uow.identity.label,
                ),
            )  # fmt: skip

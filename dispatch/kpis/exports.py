"""Intervals and standards as an export on record: by district, of one profile and period."""

from datetime import datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from dispatch.kpis.files import rows_of
from dispatch.kpis.profile import bundled
from dispatch.kpis.service import measure_city
from gis.cities import list_cities
from gis.database import UnitOfWork
from gis.report_periods import ReportPeriod, parse_period


def kpis(uow: UnitOfWork, about: str | None, limit: int) -> list[tuple[Any, ...]]:
    """Return rows of every city by area; `about` names a profile and, after a blank, a period.

    Raises
    ------
    KpiProfileUnknownError, ReportPeriodUnreadableError
    """
    name, _, given = (about or next(iter(bundled()))).strip().partition(" ")
    period = parse_period(given.strip()) if given.strip() else None
    rows: list[tuple[Any, ...]] = []
    for city in list_cities(uow.session):
        begin, until = (
            (None, None) if period is None else moments_of(period, time_zone=city.time_zone)
        )
        view = measure_city(
            uow, city.city_id, profile=name, begin=begin, until=until, by="area"
        )  # fmt: skip
        rows += [(city.key, *row) for row in rows_of(view)]
        if len(rows) >= limit:
            break
    return rows[:limit]


def moments_of(period: ReportPeriod, *, time_zone: str) -> tuple[datetime, datetime]:
    """Return the first moment of a period and the first after it, by a city's clocks."""
    zone = ZoneInfo(time_zone)
    first, until = (datetime.combine(day, time(), zone) for day in (period.first, period.until))
    return first, until

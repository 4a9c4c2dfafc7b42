"""Reading a report and what its maps show, in one transaction."""

from collections.abc import Mapping
from dataclasses import dataclass

import shapely

from gis.cities import require_city
from gis.database import UnitOfWork
from gis.documents import Document, MapFigure
from gis.report_periods import ReportPeriod, parse_period
from gis.rooms.house import resolve
from gis.rooms.model import Report
from maps.reports.errors import ReportHasNoPeriodError, ReportNumberError
from maps.reports.ground import Ground
from maps.reports.marks import read_marks
from maps.reports.repository import read_areas, read_main_roads, read_water


@dataclass(frozen=True, slots=True)
class ReadReport:
    """A document with what each of its maps shows, by the map's name."""

    document: Document
    grounds: Mapping[str, Ground]


def period_of(report: Report, period: str | None) -> ReportPeriod | None:
    """Return the week or month that a report is asked for, by its name.

    Raises
    ------
    ReportHasNoPeriodError, ReportPeriodUnreadableError
    """
    if period is None:
        return None
    if not report.of_periods:
        raise ReportHasNoPeriodError(report.name)
    return parse_period(period)


def check_number(report: Report, number: int | None) -> None:
    """Raise `ReportNumberError` unless a report of one thing, and no other, has a number."""
    if (report.of_one is None) != (number is None):
        raise ReportNumberError(report.name, of_one=report.of_one is not None)


def read_report(
    uow: UnitOfWork,
    report: Report,
    city_id: int,
    *,
    period: str | None = None,
    number: int | None = None,
) -> ReadReport:
    """Return a report on a city as it is now.

    period : name of a week or month, of a report that is of one; None: the newest whole week
    number : of the one thing, of a report that is of one

    Raises
    ------
    CityUnknownError, ReportHasNoPeriodError, ReportPeriodUnreadableError, ReportNumberError
    """
    require_city(uow, city_id)
    asked = period_of(report, period)
    check_number(report, number)
    build = resolve(report.build)
    more = (asked,) if report.of_periods else () if number is None else (number,)
    document: Document = build(uow, city_id, *more)
    return ReadReport(
        document, {figure.name: read_ground(uow, city_id, figure) for figure in document.maps}
    )


def read_ground(uow: UnitOfWork, city_id: int, figure: MapFigure) -> Ground:
    """Return what a figure shows of a city; `CityUnknownError` if it is not loaded."""
    city = require_city(uow, city_id)
    width_deg = max(city.east - city.west, city.north - city.south)
    areas = read_areas(uow.session, city_id, width_deg=width_deg)
    bounds = (city.west, city.south, city.east, city.north)
    if areas:
        west, south, east, north = shapely.total_bounds([one.shape for one in areas])
        bounds = (float(west), float(south), float(east), float(north))
    return Ground(
        bounds=bounds, areas=areas,
        water=read_water(uow.session, city_id, width_deg=width_deg),
        roads=read_main_roads(uow.session, city_id, width_deg=width_deg),
        marks=tuple(read_marks(uow, city, drawn) for drawn in figure.layers),
    )  # fmt: skip

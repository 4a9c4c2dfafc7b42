"""Use cases of reports: what there is, asking for one, taking a file away."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from gis.access import EVERYWHERE
from gis.cities import find_city, require_city
from gis.database import UnitOfWork, WritingUnitOfWork
from gis.jobs import service as jobs
from gis.jobs.model import JobView
from gis.jurisdiction import reach_of
from gis.rooms.house import resolve
from gis.rooms.model import Report
from gis.words import Language, Words
from maps.reports.errors import ReportFileMissingError, ReportUnknownError
from maps.reports.jobs import MAKE_REPORT
from maps.reports.model import Format, file_name
from maps.reports.reading import check_number, period_of
from maps.reports.repository_made import MadeReport, read_file, read_reports

KEPT_FOR = timedelta(days=30)
MAX_LISTED = 100


@dataclass(frozen=True, slots=True)
class ReportKind:
    """A report that the viewer may have made."""

    name: str
    title: Words
    says: Words
    formats: tuple[str, ...]
    of_periods: bool
    of_one: bool


@dataclass(frozen=True, slots=True)
class Reports:
    """Kinds of reports, and those made of them that are kept, newest first."""

    kinds: tuple[ReportKind, ...]
    made: tuple[MadeReport, ...]


@dataclass(frozen=True, slots=True)
class TakenFile:
    """One file with the name it is kept under."""

    name: str
    made_as: Format
    content: bytes


def list_reports(uow: UnitOfWork, *, city_id: int | None) -> Reports:
    """Return what the viewer may have made, and what is there of it."""
    kinds = _allowed(uow)
    made = read_reports(
        uow.session, reach_by_name=_reaches(uow), city_id=city_id, now=uow.clock.now(),
        limit=MAX_LISTED,
    )  # fmt: skip
    formats = tuple(one.value for one in Format)
    return Reports(
        tuple(
            ReportKind(one.name, one.words, one.says, formats, one.of_periods,
                       one.of_one is not None)
            for one in kinds
        ),
        tuple(made),
    )  # fmt: skip


def request_report(
    uow: WritingUnitOfWork,
    name: str,
    *,
    city_id: int,
    language: Language,
    formats: Sequence[Format],
    period: str | None = None,
    number: int | None = None,
) -> JobView:
    """Ask for a report; its job's result names it as `report_id`.

    It is of the areas that the asker's right is for, and seen by those whose right reaches them.

    period : name of a week or month, of a report that is of one; None: the newest whole week
    number : of the one thing, of a report that is of one

    Raises
    ------
    ReportUnknownError
        There is none of that name for this viewer.
    CityUnknownError, ReportHasNoPeriodError, ReportPeriodUnreadableError, ReportNumberError
    """
    allowed = _reaches(uow)
    if name not in allowed:
        raise ReportUnknownError(name, sorted(allowed))
    require_city(uow, city_id)
    period_of(uow.house.reports[name], period)
    check_number(uow.house.reports[name], number)
    refuse = uow.house.reports[name].of_one
    if refuse is not None:
        resolve(refuse)(uow, city_id, number)
    asked = [one.value for one in Format if one in formats]
    return jobs.request(
        uow, MAKE_REPORT,
        {
            "name": name, "city_id": city_id, "language": language, "formats": asked,
            "areas": list(allowed[name] or (EVERYWHERE,)), "period": period, "number": number,
        },
    )  # fmt: skip


def take_file(uow: UnitOfWork, report_id: int, made_as: str) -> TakenFile:
    """Return a file; `ReportFileMissingError` if there is none, or not for this viewer."""
    found = read_file(
        uow.session, report_id, made_as, reach_by_name=_reaches(uow), now=uow.clock.now()
    )
    if found is None:
        raise ReportFileMissingError
    row, content = found
    city = find_city(uow.session, row.city_id)
    kept = Format(made_as)
    key = city.key if city else str(row.city_id)
    name = file_name(row.name, key, row.language, kept, period=row.period)
    return TakenFile(name, kept, content)


def _reaches(uow: UnitOfWork) -> dict[str, tuple[str, ...] | None]:
    """Return the kinds that the viewer may have, each with the areas; None: all of the city."""
    return {one.name: reach_of(uow.identity, one.permission) for one in _allowed(uow)}


def _allowed(uow: UnitOfWork) -> list[Report]:
    allowed = (
        one for one in uow.house.reports.values() if uow.identity.holds_any((one.permission,))
    )
    return sorted(allowed, key=lambda one: one.order)

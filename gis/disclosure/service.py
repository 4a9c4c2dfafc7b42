"""Use cases of published counts: release what is due, read what was released."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from gis.cities import CityRow, require_city
from gis.database import UnitOfWork, WritingUnitOfWork
from gis.disclosure import repository
from gis.disclosure.deciding import decide
from gis.disclosure.errors import PublishedCountUnknownError, ReleaseUnknownError
from gis.disclosure.model import Cell, Counted, Period, PublishedCount, Release
from gis.disclosure.periods import complete_periods, start_of
from gis.events import NewEvent
from gis.rooms.house import resolve

REACHES_BACK = timedelta(days=400)
"""How far back a period is still released that was not: after the first start, say."""
MAX_LISTED = 200


@dataclass(frozen=True, slots=True)
class ReleaseCells:
    """A release, and every cell of it."""

    release: Release
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Releases:
    """What is published of a city for the viewer: the subjects, and their releases."""

    subjects: tuple[PublishedCount, ...]
    releases: tuple[Release, ...]


def due_periods(uow: UnitOfWork, subject: PublishedCount, city: CityRow) -> list[Period]:
    """Return the complete periods of a city that are not published yet, oldest first."""
    now = uow.clock.now()
    zone = ZoneInfo(city.time_zone)
    there = repository.released_periods(uow.session, subject.name, city.city_id)
    return [
        period
        for period in complete_periods(
            (now - REACHES_BACK).astimezone(zone).date(), now, rhythm=subject.rhythm,
            delay_days=subject.delay_days, time_zone=zone,
        )
        if period.first not in there
    ]  # fmt: skip


def release(
    uow: WritingUnitOfWork, subject: PublishedCount, city: CityRow, period: Period
) -> int | None:
    """Count, decide what is told, store it for good; None: nobody was counted, or it is there.

    A period in which nobody was counted is not published, as nobody may have counted yet.
    """
    zone = ZoneInfo(city.time_zone)
    counted: Sequence[Counted] = resolve(subject.counts)(
        uow, city.city_id, since=start_of(period.first, zone),
        before=start_of(period.until, zone),
    )  # fmt: skip
    if not counted:
        return None
    last_day = period.until - timedelta(days=1)
    cells = decide(subject, repository.areas_on(uow.session, city.city_id, last_day), counted)
    release_id = repository.add_release(
        uow.session, subject, city_id=city.city_id, period=period,
        simulated=any(one.simulated for one in counted), made_at=uow.clock.now(), cells=cells,
    )  # fmt: skip
    if release_id is not None:
        uow.emit(
            NewEvent(
                "disclosure_release", str(release_id), "disclosure.released",
                {
                    "subject": subject.name, "period_from": period.first.isoformat(),
                    "period_until": period.until.isoformat(), "cells": len(cells),
                    "hidden": sum(cell.people is None for cell in cells),
                },
                uow.clock.now(), city_id=city.city_id,
            )
        )  # fmt: skip
    return release_id


def list_releases(uow: UnitOfWork, city_id: int, *, subject: str | None = None) -> Releases:
    """Return what the viewer may read of a city, newest first.

    Raises
    ------
    CityUnknownError, PublishedCountUnknownError
    """
    require_city(uow, city_id)
    open_to_viewer = tuple(
        one for one in uow.house.published.values()
        if uow.identity.holds_any((one.permission,)) and subject in {None, one.name}
    )  # fmt: skip
    if subject is not None and not open_to_viewer:
        raise PublishedCountUnknownError(subject)
    found = repository.list_releases(
        uow.session, city_id, subjects=[one.name for one in open_to_viewer], limit=MAX_LISTED
    )
    return Releases(open_to_viewer, tuple(found))


def newest_release(
    uow: UnitOfWork, subject: PublishedCount, city_id: int, *, begun_by: date
) -> Release | None:
    """Return the newest release of a city whose period had begun by a day."""
    return repository.newest_release(uow.session, subject.name, city_id, begun_by=begun_by)


def read_periods(
    uow: UnitOfWork, subject: PublishedCount, city_id: int, *, since: date, before: date
) -> dict[date, list[Cell]]:
    """Return what is published of periods that begin on the days of a span, by their first day.

    Of the areas that the viewer may read the subject for.

    Raises
    ------
    PublishedCountUnknownError
    """
    if not uow.identity.holds_any((subject.permission,)):
        raise PublishedCountUnknownError(subject.name)
    found: dict[date, list[Cell]] = {}
    reach = uow.identity.jurisdictions(subject.permission)
    for first, cell in repository.list_period_cells(
        uow.session, subject.name, city_id, since=since, before=before, reach=reach
    ):
        found.setdefault(first, []).append(cell)
    return found


def read_release(uow: UnitOfWork, release_id: int) -> ReleaseCells:
    """Return a release with its cells: of the areas that the viewer may read it for.

    Raises
    ------
    ReleaseUnknownError
    """
    found = repository.find_release(uow.session, release_id)
    subject = uow.house.published.get(found.subject) if found else None
    if found is None or subject is None or not uow.identity.holds_any((subject.permission,)):
        raise ReleaseUnknownError(release_id)
    reach = uow.identity.jurisdictions(subject.permission)
    return ReleaseCells(found, tuple(repository.list_cells(uow.session, release_id, reach=reach)))


def cells_of_group(
    uow: UnitOfWork, subject: PublishedCount, city_id: int, *, group: str, since: date
) -> list[tuple[Period, Cell]]:
    """Return what is published of one group period by period, in the areas of the viewer's right.

    Nothing, where the viewer may not read it.
    """
    reach = uow.identity.jurisdictions(subject.permission)
    return repository.cells_of_group(
        uow.session, subject.name, city_id, group=group, since=since, reach=reach
    )


def groups_told(
    uow: UnitOfWork, subject: PublishedCount, city_id: int, *, since: date
) -> list[str]:
    """Return the groups of which anybody was counted as published, most people first."""
    reach = uow.identity.jurisdictions(subject.permission)
    return repository.groups_told(uow.session, subject.name, city_id, since=since, reach=reach)

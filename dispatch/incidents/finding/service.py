"""Incidents are found again, ended ones too: by number, place, date, and the caller's number."""

from dataclasses import dataclass
from datetime import datetime

from dispatch.errors import NothingToFindError
from dispatch.incidents import repository
from dispatch.incidents.finding import repository as repository_finding
from dispatch.incidents.records import incident_views
from dispatch.incidents.views import IncidentPage
from dispatch.permissions import INCIDENT_READ, PERSONAL_READ
from gis.cities import require_city
from gis.database import UnitOfWork, WritingUnitOfWork
from gis.paging import Cursor, page_of

CALLER_REASON = "search by the caller's number"


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What an incident is looked for by; all that is given must fit.

    number: any part of it. place: any part of its label. since, before: when the call came in.
    """

    city_id: int
    number: str | None = None
    place: str | None = None
    since: datetime | None = None
    before: datetime | None = None


def find_incidents(
    uow: UnitOfWork, wanted: Wanted, *, limit: int = 25, cursor: str | None = None
) -> IncidentPage:
    """Return one page of the incidents that fit, within the jurisdiction, newest first.

    Raises
    ------
    CityUnknownError
        The city is not loaded.
    NothingToFindError
        Nothing was given to look for.
    CursorInvalidError
        `cursor` is none that a page gave.
    """
    require_city(uow, wanted.city_id)
    if not (wanted.number or wanted.place or wanted.since or wanted.before):
        raise NothingToFindError
    rows = repository_finding.find(
        uow.session, wanted.city_id,
        number=wanted.number, place=wanted.place, since=wanted.since, before=wanted.before,
        prefixes=uow.identity.jurisdictions(INCIDENT_READ), after=Cursor.parse(cursor),
        limit=limit + 1,
    )  # fmt: skip
    page, last = page_of(rows, limit)
    following = None if last is None else Cursor(last.received_at, last.incident_id).text()
    return IncidentPage(incident_views(uow, page), following)


def find_by_caller(
    uow: WritingUnitOfWork,
    city_id: int,
    *,
    caller_number: str,
    limit: int = 25,
    cursor: str | None = None,
) -> IncidentPage:
    """Return one page of the incidents called from a number, newest first.

    Each call that is found is a read of a personal value and written down as one; row-level
    security leaves out what the viewer's jurisdiction for personal values does not cover.

    Raises
    ------
    CityUnknownError
        The city is not loaded.
    NothingToFindError
        The number has no digits.
    CursorInvalidError
        `cursor` is none that a page gave.
    """
    require_city(uow, city_id)
    digits = repository_finding.digits_of(caller_number)
    if not digits:
        raise NothingToFindError
    found = repository_finding.calls_from(
        uow.session, city_id, digits=digits,
        prefixes=uow.identity.jurisdictions(PERSONAL_READ), after=Cursor.parse(cursor),
        limit=limit + 1,
    )  # fmt: skip
    page, last = page_of(found, limit)
    for row in page:
        for call_id in row.call_ids:
            repository.insert_personal_access(
                uow.session,
                {
                    "actor": uow.identity.label, "subject_kind": "call",
                    "subject_id": call_id, "reason": CALLER_REASON,
                    "accessed_at": uow.clock.now(),
                },
            )  # fmt: skip
    following = None if last is None else Cursor(last.received_at, last.incident_id).text()
    return IncidentPage(incident_views(uow, page), following)

"""Use cases of reports by citizens: a device is flagged at once; a moderator alone changes it."""

import hashlib
import math
from datetime import datetime, timedelta
from uuid import UUID

from dispatch.aeds import repository_reports as repository
from dispatch.aeds.views import AedReported, AedReportList, AedReportView
from dispatch.errors import (
    AedNotFoundError,
    AedReportDecidedError,
    AedReportNotFoundError,
    TooManyReportsError,
)
from gis.aeds import set_state
from gis.database import ReadingUnitOfWork, WritingUnitOfWork
from gis.events import NewEvent, new_salt
from gis.jurisdiction import area_at
from gis.permissions import AED_MODERATE
from gis.rows import AnyRow

WINDOW = timedelta(days=1)
ADDRESS_REPORTS = 5
"""So many a day from one address: a family behind one router has them together."""
DEVICE_REPORTS = 3
"""So many a day of one device: more tell a moderator nothing new."""
STATE_OF_KIND = {"missing": "missing", "broken": "out_of_service"}
LISTED = 500


def report_aed(
    uow: WritingUnitOfWork, aed_id: int, *, kind: str, words: str | None, address: str
) -> AedReported:
    """Store what a citizen reports; the device stays where it is, flagged until it is decided.

    address : the sender's, of which a salted digest is kept for a day, to count by.

    Raises
    ------
    AedNotFoundError
        There is no such device.
    TooManyReportsError
        As many as a day allows came from this address, or of this device.
    """
    now = uow.clock.now()
    repository.lock_reports(uow.session)
    aed = repository.find_aed(uow.session, aed_id)
    if aed is None:
        raise AedNotFoundError(aed_id)
    since = now - WINDOW
    if (
        repository.count_from(uow.session, address, since=since) >= ADDRESS_REPORTS
        or repository.count_of(uow.session, aed_id, since=since) >= DEVICE_REPORTS
    ):
        raise TooManyReportsError(math.ceil(WINDOW.total_seconds()))
    area_code = area_at(uow.session, aed.city_id, lon=aed.lon, lat=aed.lat)
    report_id, salt = uow.ids.new(), new_salt()
    repository.insert_report(uow.session, {
        "report_id": report_id, "aed_id": aed_id, "area_code": area_code, "kind": kind,
        "words": words or None, "reported_at": now, "sender_salt": salt,
        "sender_digest": hashlib.sha256(salt + address.encode()).digest(),
    })  # fmt: skip
    _emit(uow, aed, area_code, "aed.reported", {"report_id": str(report_id), "kind": kind}, at=now)
    return AedReported(aed_id, kind, now)


def list_reports(uow: ReadingUnitOfWork | WritingUnitOfWork) -> AedReportList:
    """Return the reports that wait in the viewer's area, and those decided lately."""
    rows = repository.list_reports(
        uow.session, prefixes=uow.identity.jurisdictions(AED_MODERATE), now=uow.clock.now(),
        limit=LISTED,
    )  # fmt: skip
    return AedReportList(tuple(AedReportView(**row._mapping) for row in rows))


def decide_report(uow: WritingUnitOfWork, report_id: UUID, decision: str) -> AedReportList:
    """Accept a report, which takes the device out, or dismiss it; returns the list as it is then.

    Raises
    ------
    AedReportNotFoundError, AedReportDecidedError
        There is nothing to decide.
    """
    report = repository.lock_report(
        uow.session, report_id, prefixes=uow.identity.jurisdictions(AED_MODERATE)
    )
    if report is None:
        raise AedReportNotFoundError(report_id)
    if report.decision is not None:
        raise AedReportDecidedError(report.decision)
    aed = repository.find_aed(uow.session, report.aed_id)
    if aed is None:
        raise AedNotFoundError(report.aed_id)
    now, actor = uow.clock.now(), uow.identity.label
    repository.decide(uow.session, report_id, decision, at=now, by=actor)
    if decision == "accepted":
        set_state(uow.session, aed.aed_id, STATE_OF_KIND[report.kind], at=now, by=actor)
    payload = {"report_id": str(report_id), "kind": report.kind, "decision": decision}
    _emit(uow, aed, report.area_code, "aed.report_decided", payload, at=now)
    return list_reports(uow)


def return_to_service(uow: WritingUnitOfWork, report_id: UUID) -> AedReportList:
    """Put the device of an accepted report back, once somebody has seen it there and working.

    Raises
    ------
    AedReportNotFoundError
        There is no such report that was accepted.
    """
    report = repository.lock_report(
        uow.session, report_id, prefixes=uow.identity.jurisdictions(AED_MODERATE)
    )
    if report is None or report.decision != "accepted":
        raise AedReportNotFoundError(report_id)
    aed = repository.find_aed(uow.session, report.aed_id)
    if aed is None:
        raise AedNotFoundError(report.aed_id)
    now = uow.clock.now()
    set_state(uow.session, aed.aed_id, "in_service", at=now, by=uow.identity.label)
    _emit(uow, aed, report.area_code, "aed.returned", {"report_id": str(report_id)}, at=now)
    return list_reports(uow)


def words_past(uow: WritingUnitOfWork, before: datetime, limit: int) -> int:
    """Empty what citizens wrote."""
    return repository.words_past(uow.session, before, limit)


def senders_past(uow: WritingUnitOfWork, before: datetime, limit: int) -> int:
    """Empty the digests of citizens' addresses."""
    return repository.senders_past(uow.session, before, limit)


def _emit(
    uow: WritingUnitOfWork,
    aed: AnyRow,
    area_code: str | None,
    kind: str,
    payload: dict[str, str],
    *,
    at: datetime,
) -> None:
    uow.emit(
        NewEvent("aed", str(aed.aed_id), kind, payload, at, city_id=aed.city_id,
                 area_code=area_code)
    )  # fmt: skip

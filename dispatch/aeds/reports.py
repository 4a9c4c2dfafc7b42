"""Use cases of reports by citizens: a device is flagged at once; a moderator alone changes it."""

import hashlib
import ipaddress
import math
from datetime import datetime, timedelta
from uuid import UUID

from dispatch.aeds import repository_reports as repository
from dispatch.aeds.errors import (
    AedAlreadyReportedError,
    AedNotFoundError,
    AedReportDecidedError,
    AedReportNotFoundError,
    TooManyReportsError,
)
from dispatch.aeds.views import (
    AedHistory,
    AedReported,
    AedReportList,
    AedReportView,
    AedStep,
)
from gis.aeds import set_state
from gis.database import ReadingUnitOfWork, WritingUnitOfWork
from gis.events import NewEvent, new_salt
from gis.jurisdiction import area_at
from gis.permissions import AED_MODERATE
from gis.rows import AnyRow

WINDOW = timedelta(days=1)
SENDER_REPORTS = 20
"""So many a day from one sender: those who share an address (a router, a mobile network, a proxy
that is not trusted) have them together."""
WAITING_REPORTS = 3
"""So many of one kind wait for one device, each from another sender: more tell a moderator nothing
new. No sender fills them alone."""
_IPV6_HOUSEHOLD_BITS = 64
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
    AedAlreadyReportedError
        This sender reported the same of it today, or enough others did and nobody has decided yet.
    TooManyReportsError
        As many as a day allows came from this sender.
    """
    sender = sender_of(address)
    now = uow.clock.now()
    repository.lock_reports(uow.session)
    aed = repository.find_aed(uow.session, aed_id)
    if aed is None:
        raise AedNotFoundError(aed_id)
    since = now - WINDOW
    mine = repository.reports_from(uow.session, sender, since=since)
    if (aed_id, kind) in mine or (
        repository.count_waiting(uow.session, aed_id, kind=kind) >= WAITING_REPORTS
    ):
        raise AedAlreadyReportedError
    if len(mine) >= SENDER_REPORTS:
        raise TooManyReportsError(math.ceil(WINDOW.total_seconds()))
    area_code = area_at(uow.session, aed.city_id, lon=aed.lon, lat=aed.lat)
    report_id, salt = uow.ids.new(), new_salt()
    repository.insert_report(uow.session, {
        "report_id": report_id, "aed_id": aed_id, "area_code": area_code, "kind": kind,
        "words": words or None, "reported_at": now, "sender_salt": salt,
        "sender_digest": hashlib.sha256(salt + sender.encode()).digest(),
    })  # fmt: skip
    _emit(uow, aed, area_code, "aed.reported", {"report_id": str(report_id), "kind": kind}, at=now)
    return AedReported(aed_id, kind, now)


def sender_of(address: str) -> str:
    """Return whom reports from an address are counted under.

    An IPv6 household holds 2^64 addresses and is one sender; so is an IPv4 address, however it is
    written.
    """
    try:
        at = ipaddress.ip_address(address)
    except ValueError:
        return address
    if isinstance(at, ipaddress.IPv4Address):
        return str(at)
    if at.ipv4_mapped is not None:
        return str(at.ipv4_mapped)
    return str(ipaddress.ip_network((int(at), _IPV6_HOUSEHOLD_BITS), strict=False))


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


def request_check(uow: WritingUnitOfWork, report_id: UUID) -> AedReportList:
    """Note that somebody was asked to look at the device; the report goes on waiting.

    Raises
    ------
    AedReportNotFoundError, AedReportDecidedError
        There is nothing to look into.
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
    now = uow.clock.now()
    repository.note_check(uow.session, report_id, at=now, by=uow.identity.label)
    payload = {"report_id": str(report_id), "kind": report.kind}
    _emit(uow, aed, report.area_code, "aed.check_requested", payload, at=now)
    return list_reports(uow)


def aed_history(uow: ReadingUnitOfWork, aed_id: int) -> AedHistory:
    """Return what was reported of a device and decided about it in the viewer's area, newest first.

    Raises
    ------
    AedNotFoundError
        There is no such device, or nothing was reported of it in the viewer's area.
    """
    rows = repository.list_steps(
        uow.session, aed_id, prefixes=uow.identity.jurisdictions(AED_MODERATE), limit=LISTED
    )
    if not rows:
        raise AedNotFoundError(aed_id)
    return AedHistory(
        aed_id,
        tuple(
            AedStep(row.occurred_at, row.type, row.actor, row.payload.get("kind"),
                    row.payload.get("decision"))
            for row in rows
        ),
    )  # fmt: skip


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

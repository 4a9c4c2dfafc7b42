"""Use cases of positions of phones: AML and ELS matched to their call, a link to open once."""

import hashlib
import secrets
from datetime import datetime, timedelta
from uuid import UUID

from dispatch.calls import repository, service
from dispatch.calls.aml import CallerFix, Method
from dispatch.calls.errors import (
    LocationLinkInvalidError,
    TelephoneCallUnknownError,
    TooManyLinksError,
)
from dispatch.calls.views import CallerFixView, CallsOfIncident, FixTaken, LinkMade, LinkUsed
from dispatch.incidents.records import lock_incident, read_incident
from dispatch.permissions import INCIDENT_READ, INCIDENT_WRITE
from gis.cities import require_city
from gis.database import UnitOfWork, WritingUnitOfWork
from gis.pseudonyms.keys import PseudonymKeys
from gis.rows import AnyRow, sql_point
from gis.tables.calls import CallerFix as StoredFix
from gis.words import Words

MATCH_BEFORE_S = 1_800.0
"""A position belongs to a call that rang at most so long before it came."""

LINK_VALID = timedelta(minutes=15)
LINKS_MOST = 3
LINKS_WITHIN = timedelta(minutes=10)
LINK_CONFIDENCE = 0.95
"""What a browser's accuracy means (W3C Geolocation, 95 % confidence)."""

TOKEN_BYTES = 18
MOST_FIXES = 20

METHOD_WORDS = {
    Method.GNSS: Words(en="satellite", zh="卫星"),
    Method.WIFI: Words(en="Wi-Fi", zh="Wi-Fi"),
    Method.CELL: Words(en="cell", zh="基站"),
    Method.UNKNOWN: Words(en="way not said", zh="方式不明"),
}


def take_fix(
    uow: WritingUnitOfWork,
    keys: PseudonymKeys,
    city_id: int,
    *,
    fix: CallerFix,
    number: str | None,
    source: str,
) -> FixTaken:
    """Keep what a phone says, with its call if that is known, else until it comes.

    It moves no place of an incident: somebody looks at the circle and takes it.

    Raises
    ------
    CityUnknownError
    """
    require_city(uow, city_id)
    now = uow.clock.now()
    known = service.hashes(keys, number)
    call_id = known and repository.latest_call_from(
        uow.session, city_id, digests=known,
        since=now - timedelta(seconds=MATCH_BEFORE_S), until=now + timedelta(seconds=60),
    )  # fmt: skip
    fix_id = _store(
        uow, city_id, fix, call_id=call_id or None, digest=known[-1] if known else None,
        source=source,
    )  # fmt: skip
    faults = tuple(fault.field for fault in fix.faults)
    if not fix.has_place:
        return FixTaken(fix_id, "no_place", faults)
    if not call_id:
        return FixTaken(fix_id, "waiting" if known else "unmatched", faults)
    return FixTaken(fix_id, "matched", faults)


def calls_and_fixes(uow: UnitOfWork, incident_id: UUID) -> CallsOfIncident:
    """Return an incident's lines, what phones said of it, and what its callers called for before.

    Raises
    ------
    IncidentNotFoundError
    """
    read_incident(uow, incident_id, INCIDENT_READ)
    now = uow.clock.now()
    rows = repository.fixes_of(uow.session, incident_id, limit=MOST_FIXES)
    known, total, earlier = service.earlier_calls(uow, incident_id)
    return CallsOfIncident(
        calls=service.calls_of(uow, incident_id),
        fixes=tuple(
            CallerFixView(
                fix_id=row.fix_id, call_id=row.call_id, source=row.source,
                received_at=row.received_at, positioned_at=row.positioned_at,
                age_s=max(0.0, (now - (row.positioned_at or row.received_at)).total_seconds()),
                lon=row.lon, lat=row.lat, shown_radius_m=row.shown_radius_m,
                radius_said=row.radius_m is not None, confidence=row.confidence,
                method=row.method, method_words=METHOD_WORDS[Method(row.method)],
                altitude_m=row.altitude_m, floor=row.floor, whole=row.whole,
                faults=tuple(row.faults),
            )
            for row in rows
        ),
        known_number=known, earlier_total=total, earlier=earlier,
    )  # fmt: skip


def make_link(uow: WritingUnitOfWork, call_id: UUID) -> LinkMade:
    """Make a link that the caller opens once to send where the phone is.

    Raises
    ------
    TelephoneCallUnknownError, IncidentNotFoundError, IncidentClosedError
    TooManyLinksError
        Enough were made for this call within a few minutes.
    """
    taken = repository.find_taken(uow.session, call_id)
    if taken is None:
        raise TelephoneCallUnknownError(call_id)
    incident = lock_incident(uow, taken.incident_id, INCIDENT_WRITE)
    now = uow.clock.now()
    if repository.links_since(uow.session, call_id, now - LINKS_WITHIN) >= LINKS_MOST:
        raise TooManyLinksError(round(LINKS_WITHIN.total_seconds()))
    token = secrets.token_urlsafe(TOKEN_BYTES)
    repository.insert_link(
        uow.session,
        {
            "link_id": uow.ids.new(), "city_id": taken.city_id, "call_id": call_id,
            "token_digest": _digest(token), "made_at": now, "expires_at": now + LINK_VALID,
        },
    )  # fmt: skip
    line = service.ensure_line(uow, call_id)
    service.emit(
        uow, line, "call.link_made", payload={}, at=now, area_code=incident.area_code
    )  # fmt: skip
    return LinkMade(f"/locate#{token}", now + LINK_VALID)


def use_link(
    uow: WritingUnitOfWork, token: str, *, lon: float, lat: float, accuracy_m: float
) -> LinkUsed:
    """Take the position that a caller's phone sends by a link, once.

    Raises
    ------
    LocationLinkInvalidError
        There is no such link, it was used, or its time is over.
    """
    link = repository.lock_link(uow.session, _digest(token))
    now = uow.clock.now()
    if link is None or link.used_at is not None or link.expires_at <= now:
        raise LocationLinkInvalidError
    fix = CallerFix(
        lon=lon, lat=lat, radius_m=accuracy_m, confidence=LINK_CONFIDENCE, positioned_at=now,
        method=Method.UNKNOWN,
    )  # fmt: skip
    _store(uow, link.city_id, fix, call_id=link.call_id, digest=None, source="link")
    repository.change_link(uow.session, link.link_id, {"used_at": now})
    return LinkUsed(now, fix.shown_radius_m)


def fixes_past(uow: WritingUnitOfWork, before: datetime, limit: int) -> int:
    """Delete what phones said."""
    return repository.past(
        uow.session, StoredFix, StoredFix.received_at, before, now=uow.clock.now(), limit=limit
    )


def _store(
    uow: WritingUnitOfWork,
    city_id: int,
    fix: CallerFix,
    *,
    call_id: UUID | None,
    digest: bytes | None,
    source: str,
) -> UUID:
    fix_id, now = uow.ids.new(), uow.clock.now()
    place = None
    if fix.lon is not None and fix.lat is not None:
        place = sql_point(fix.lon, fix.lat)
    radius_m = None if place is None else fix.shown_radius_m
    repository.insert_fix(
        uow.session,
        {
            "fix_id": fix_id, "city_id": city_id, "call_id": call_id,
            "digest": digest, "source": source, "received_at": now,
            "positioned_at": fix.positioned_at, "geom": place, "radius_m": fix.radius_m,
            "confidence": fix.confidence, "shown_radius_m": radius_m,
            "method": fix.method.value, "altitude_m": fix.altitude_m, "floor": fix.floor,
            "whole": fix.whole, "faults": [fault.field for fault in fix.faults],
        },
    )  # fmt: skip
    if call_id is not None and radius_m is not None:
        line = repository.lock_call(uow.session, call_id)
        taken = repository.find_taken(uow.session, call_id)
        if line is None and taken is not None:
            line = service.ensure_line(uow, call_id)
        if line is not None:
            service.emit(
                uow, line, "call.located",
                payload={"radius_m": round(radius_m), "source": source}, at=now,
                area_code=_area(taken),
            )  # fmt: skip
    return fix_id


def _area(taken: AnyRow | None) -> str | None:
    return None if taken is None else taken.area_code


def _digest(token: str) -> bytes:
    return hashlib.sha256(token.encode("utf-8", "replace")).digest()

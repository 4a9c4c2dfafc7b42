"""Use cases of presence: a desk says what it has open, and hears who else has.

A desk says so again every few seconds; one that has not is gone, however it went. Only coming and
going is told to the others at once.
"""

import json
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from dispatch.incidents import repository as repository_incidents
from dispatch.incidents.records import read_incident
from dispatch.permissions import INCIDENT_READ
from dispatch.presence import repository
from gis.database import UnitOfWork, WritingUnitOfWork
from gis.rows import AnyRow

PRESENCE_CHANNEL = "goldenhour_presence"
"""Carries the incident at which somebody came or went: incident_id, city_id, area_code."""

GONE_AFTER_S = 25.0
"""A desk that has said nothing for so long has the incident open no more."""


@dataclass(frozen=True, slots=True)
class DeskView:
    """Another desk that has the incident open. own: it is the viewer's, in another window."""

    desk_id: UUID
    name: str
    own: bool


@dataclass(frozen=True, slots=True)
class Desks:
    """The other desks that have an incident open, by name."""

    desks: tuple[DeskView, ...]


def look(uow: WritingUnitOfWork, incident_id: UUID, *, desk_id: UUID) -> Desks:
    """Say that a desk has an incident open, and return who else has.

    Raises
    ------
    IncidentNotFoundError
        There is none within the viewer's jurisdiction.
    """
    incident = read_incident(uow, incident_id, INCIDENT_READ)
    user_id = uow.identity.user_id
    assert user_id is not None, "who may read incidents has an account"
    now = uow.clock.now()
    since = now - timedelta(seconds=GONE_AFTER_S)
    before = repository.seen_on(uow.session, desk_id, since=since)
    repository.put(
        uow.session,
        {"desk_id": desk_id, "incident_id": incident_id, "user_id": user_id, "seen_at": now},
    )
    if before != incident_id:
        repository.sweep(uow.session, before=since)
        _tell(uow, incident)
        _tell_left(uow, before)
    return Desks(tuple(
        DeskView(one.desk_id, one.display_name, own=one.user_id == user_id)
        for one in repository.desks_at(uow.session, incident_id, since=since)
        if one.desk_id != desk_id
    ))  # fmt: skip


def leave(uow: WritingUnitOfWork, *, desk_id: UUID) -> Desks:
    """Say that a desk has nothing open any more; the answer is empty."""
    user_id = uow.identity.user_id
    assert user_id is not None, "who may read incidents has an account"
    _tell_left(uow, repository.remove(uow.session, desk_id, user_id=user_id))
    return Desks(())


def _tell_left(uow: UnitOfWork, incident_id: UUID | None) -> None:
    if incident_id is None:
        return
    rows = repository_incidents.find_incidents(uow.session, [incident_id])
    for row in rows:
        _tell(uow, row)


def _tell(uow: UnitOfWork, incident: AnyRow) -> None:
    told = {
        "incident_id": str(incident.incident_id), "city_id": incident.city_id,
        "area_code": incident.area_code,
    }  # fmt: skip
    repository.notify(uow.session, PRESENCE_CHANNEL, json.dumps(told))

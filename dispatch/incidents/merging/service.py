"""Calls that are about one thing: hints, links, merges, and taking these back.

A link says that two incidents belong together and changes nothing else. A merge answers *same
patient?* with yes: calls, patients and units of one incident go on with the other, which keeps the
higher category and the earlier clock; nobody is stood down, and the merged one stays to be found.
"""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from dispatch.errors import (
    DuplicateOfItselfError,
    IncidentMergedError,
    NotLinkedError,
)
from dispatch.incidents import repository
from dispatch.incidents.merging import repository as repository_merging
from dispatch.incidents.merging.similarity import HINT_SCORE, LONG_S, CallFacts, likeness
from dispatch.incidents.records import apply_change, incident_view, lock_incident, read_incident
from dispatch.incidents.views import IncidentView, LinkedIncident, Related, SimilarIncident
from dispatch.model import MERGED
from dispatch.permissions import INCIDENT_READ, INCIDENT_WRITE
from gis.concurrency import check_version
from gis.database import UnitOfWork, WritingUnitOfWork
from gis.geometry import Wgs84Point
from gis.rows import AnyRow

SEARCH_RADIUS_M = 3_000.0
"""Incidents farther than this are not looked at: circles of this width overlap by chance."""

MOST_HINTS = 5

_PLACE = ("geom", "uncertainty_m", "declared_datum", "place_confirmed", "place_source",
          "place_label", "located_at", "area_code")  # fmt: skip
_TRIAGE = ("coded_at", "protocol_version", "complaint_code", "determinant", "category",
           "response_plan", "triage_answers")  # fmt: skip


def related(uow: UnitOfWork, incident_id: UUID) -> Related:
    """Return what may be the same as an incident, the likeliest first, and what it is linked to.

    A fixed number of questions, however many incidents there are.
    """
    row = read_incident(uow, incident_id, INCIDENT_READ)
    prefixes = uow.identity.jurisdictions(INCIDENT_READ)
    linked = repository_merging.linked(uow.session, row, prefixes=prefixes)
    known = {incident_id, *(one.incident_id for one in linked)}
    hints: Sequence[AnyRow] = ()
    if row.closed_at is None and row.cancelled_at is None and row.lon is not None:
        hints = repository_merging.open_around(
            uow.session, row, prefixes=prefixes, radius_m=SEARCH_RADIUS_M, within_s=LONG_S
        )
    similar = [
        one
        for hint in hints
        if hint.incident_id not in known and (one := _similar(row, hint)) is not None
    ]
    similar.sort(key=lambda one: (-one.score, one.received_at, one.incident_id))
    return Related(
        similar=tuple(similar[:MOST_HINTS]),
        linked=tuple(
            LinkedIncident(
                incident_id=one.incident_id, number=one.number, state=one.state,
                merged=(row if one.incident_id == row.duplicate_of else one).outcome == MERGED,
                original=one.incident_id == row.duplicate_of,
            )
            for one in linked
        ),
    )  # fmt: skip


def merge(
    uow: WritingUnitOfWork, incident_id: UUID, *, into: UUID, expected_version: int | None = None
) -> IncidentView:
    """Let calls, patients and units of an incident go on with another; return the merged one.

    Of two desks that merge the same two at once, one is first and the other is told.

    Raises
    ------
    DuplicateOfItselfError
        Both are the same, or they are of two cities.
    IncidentMergedError
        One of them has been merged already.
    IncidentNotFoundError, StaleVersionError, IncidentClosedError
        One of the two cannot be used.
    """
    incident, other = _lock_both(uow, incident_id, into)
    if other.city_id != incident.city_id:
        raise DuplicateOfItselfError(incident.number)
    check_version(expected_version, incident.version)
    now = uow.clock.now()
    moved = repository_merging.move(uow.session, incident_id, into)
    repository_merging.insert_merge(
        uow.session,
        {
            "merge_id": uow.ids.new(), "incident_id": incident_id, "into_id": into,
            "merged_at": now, **moved,
        },
    )  # fmt: skip
    kept = _kept(incident, other)
    area_code = kept.get("area_code", other.area_code)
    repository.move_personal_values(uow.session, into, area_code=area_code)
    counts = {name: len(ids) for name, ids in moved.items()}
    apply_change(
        uow, other, "incident.merged",
        payload={
            "merged": incident_id, "merged_number": incident.number, **counts,
            "category": kept.get("category", other.category),
            "previous_category": other.category,
        },
        values=kept,
    )  # fmt: skip
    apply_change(
        uow, incident, "incident.merged_into",
        payload={"into": into, "into_number": other.number},
        values={"duplicate_of": into, "closed_at": now, "outcome": MERGED},
    )  # fmt: skip
    return incident_view(uow, incident_id)


def undo(
    uow: WritingUnitOfWork, incident_id: UUID, *, expected_version: int | None = None
) -> IncidentView:
    """Take a link or a merge back: what was the incident's own is its own again.

    The other keeps the category that it has: no need is lowered without somebody looking.

    Raises
    ------
    NotLinkedError
        It is linked to nothing.
    IncidentMergedError, IncidentClosedError
        The one it went on with has itself been merged, or has ended.
    IncidentNotFoundError, StaleVersionError
        One of the two cannot be used.
    """
    seen = read_incident(uow, incident_id, INCIDENT_WRITE)
    if seen.duplicate_of is None:
        raise NotLinkedError(seen.number)
    locked = {
        one: lock_incident(uow, one, INCIDENT_WRITE, must_be_open=False)
        for one in sorted({incident_id, seen.duplicate_of})
    }
    incident, other = locked[incident_id], locked[seen.duplicate_of]
    if incident.duplicate_of != other.incident_id:
        raise NotLinkedError(incident.number)
    check_version(expected_version, incident.version)
    if incident.outcome != MERGED:
        apply_change(
            uow, incident, "incident.link_undone",
            payload={"of": other.incident_id, "of_number": other.number},
            values={"duplicate_of": None},
        )  # fmt: skip
        return incident_view(uow, incident_id)
    _check_open(uow, other)
    stored = repository_merging.end_merge(uow.session, incident_id, at=uow.clock.now())
    repository_merging.move_back(uow.session, stored)
    repository.move_personal_values(uow.session, incident_id, area_code=incident.area_code)
    apply_change(
        uow, other, "incident.merge_undone",
        payload={"merged": incident_id, "merged_number": incident.number},
        values={"received_at": repository_merging.first_call_at(uow.session, other.incident_id)},
    )  # fmt: skip
    apply_change(
        uow, incident, "incident.merge_undone",
        payload={"merged": incident_id, "merged_number": incident.number},
        values={"duplicate_of": None, "closed_at": None, "outcome": None},
    )  # fmt: skip
    return incident_view(uow, incident_id)


def refuse_merged(uow: UnitOfWork, incident: AnyRow) -> None:
    """Check that an incident was not merged into another.

    Raises
    ------
    IncidentMergedError
        It was; the sentence says into which.
    """
    if incident.outcome == MERGED:
        (other,) = repository.find_incidents(uow.session, [incident.duplicate_of])
        raise IncidentMergedError(incident.number, other.number)


def _lock_both(uow: WritingUnitOfWork, incident_id: UUID, into: UUID) -> tuple[AnyRow, AnyRow]:
    """Lock both in the one order of everybody, and check that both can be used."""
    if incident_id == into:
        raise DuplicateOfItselfError(read_incident(uow, into, INCIDENT_WRITE).number)
    locked = {
        one: lock_incident(uow, one, INCIDENT_WRITE, must_be_open=False)
        for one in sorted((incident_id, into))
    }
    for one in (locked[into], locked[incident_id]):
        _check_open(uow, one)
    return locked[incident_id], locked[into]


def _check_open(uow: UnitOfWork, incident: AnyRow) -> None:
    refuse_merged(uow, incident)
    lock_incident(uow, incident.incident_id, INCIDENT_WRITE)


def _kept(incident: AnyRow, other: AnyRow) -> dict[str, Any]:
    """Return what changes of the one that goes on: a place it lacks, the higher category."""
    kept: dict[str, Any] = {"received_at": min(incident.received_at, other.received_at)}
    if other.lon is None and incident.lon is not None:
        kept |= {name: getattr(incident, name) for name in _PLACE if name != "geom"}
        kept["geom"] = repository_merging.place_of(incident)
    # C1 stands above C4, and no category below all.
    if incident.category is not None and incident.category < (other.category or "D"):
        kept |= {name: getattr(incident, name) for name in _TRIAGE}
    counts = [one.patient_count for one in (incident, other) if one.patient_count is not None]
    if counts:
        kept["patient_count"] = max(counts)
    return kept


def _similar(row: AnyRow, hint: AnyRow) -> SimilarIncident | None:
    like = likeness(_facts(row), _facts(hint))
    if like is None or like.score < HINT_SCORE:
        return None
    return SimilarIncident(
        incident_id=hint.incident_id, number=hint.number, state=hint.state,
        category=hint.category, place_label=hint.place_label, received_at=hint.received_at,
        score=round(like.score, 3), reasons=like.reasons,
    )  # fmt: skip


def _facts(row: AnyRow) -> CallFacts:
    if row.lon is None:
        return CallFacts(
            place=None, received_at=row.received_at, complaint_code=row.complaint_code
        )  # fmt: skip
    place = Wgs84Point(row.lon, row.lat, row.uncertainty_m or 0.0)
    return CallFacts(place=place, received_at=row.received_at, complaint_code=row.complaint_code)

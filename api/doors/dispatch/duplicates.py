"""Incidents that are about one thing: hints, links, merges, and taking these back."""

from typing import Literal
from uuid import UUID

from api.http.answers import Answer
from api.http.idempotency import OnceOptional
from api.http.permissions import IncidentReader, IncidentWriter
from api.http.places import Work
from api.http.router import DoorRouter
from api.http.schemas import Shape
from api.http.versions import ExpectedVersion
from dispatch.diversions import service as diversions
from dispatch.incidents.merging import service as merging
from dispatch.incidents.views import IncidentView, Related

router = DoorRouter(Work.EMERGENCY, prefix="/v1/incidents")


class MergeIn(Shape):
    """The incident that goes on, and that somebody has said it is the same patient or event."""

    into: UUID
    same_patient: Literal[True]


@router.get("/{incident_id}/related", summary="Incidents that may be the same, and linked ones")
def get_related(uow: IncidentReader, incident_id: UUID) -> Answer[Related]:
    """Return hints with their reasons, by space, time and complaint, and links and merges."""
    return Answer(merging.related(uow, incident_id))


@router.post("/{incident_id}/merge", summary="Merge into another incident: it is the same patient")
def post_merge(
    uow: IncidentWriter,
    once: OnceOptional,
    incident_id: UUID,
    version: ExpectedVersion,
    body: MergeIn,
) -> Answer[IncidentView]:
    """Let calls, patients and units go on with the other; nobody is stood down."""
    return once.change(
        uow, body,
        do=lambda: diversions.merge(uow, incident_id, into=body.into, expected_version=version),
    )  # fmt: skip


@router.post("/{incident_id}/duplicate/undo", summary="Undo a link or a merge")
def post_undo(
    uow: IncidentWriter, once: OnceOptional, incident_id: UUID, version: ExpectedVersion
) -> Answer[IncidentView]:
    """Make what was the incident's own its own again, while the other is open."""
    return once.change(
        uow, None, do=lambda: merging.undo(uow, incident_id, expected_version=version)
    )

"""Who else has an incident open."""

from typing import Annotated
from uuid import UUID

from fastapi import Depends

from api.http.answers import Answer
from api.http.permissions import writes
from api.http.places import Work
from api.http.router import DoorRouter
from dispatch.permissions import INCIDENT_READ
from dispatch.presence import service as presence
from dispatch.presence.service import Desks
from gis.database import WritingUnitOfWork

router = DoorRouter(Work.EMERGENCY)

IncidentLooker = Annotated[WritingUnitOfWork, Depends(writes(INCIDENT_READ), scope="function")]
"""A transaction that may write: looking is told to the others."""


@router.put("/v1/incidents/{incident_id}/desks/{desk_id}", summary="Say that one has it open")
def put_desk(uow: IncidentLooker, incident_id: UUID, desk_id: UUID) -> Answer[Desks]:
    """Return who else has it open; to be said again within 25 s, else the desk counts as gone."""
    return Answer(presence.look(uow, incident_id, desk_id=desk_id))


@router.delete("/v1/desks/{desk_id}", summary="Say that a desk has nothing open any more")
def delete_desk(uow: IncidentLooker, desk_id: UUID) -> Answer[Desks]:
    """Forget the desk."""
    return Answer(presence.leave(uow, desk_id=desk_id))

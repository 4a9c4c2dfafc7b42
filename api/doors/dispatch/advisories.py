"""What other rooms advise dispatch to mind."""

from uuid import UUID

from api.http.answers import Answer
from api.http.idempotency import OnceOptional
from api.http.permissions import IncidentReader, IncidentWriter
from api.http.places import Work
from api.http.router import DoorRouter
from api.http.schemas import CityQuery
from dispatch.advisories import service
from dispatch.advisories.views import AdvisoryList, AdvisoryView

router = DoorRouter(Work.ORDINARY, prefix="/v1/advisories")


@router.get("", summary="What dispatch is advised to mind")
def get_advisories(uow: IncidentReader, city_id: CityQuery) -> Answer[AdvisoryList]:
    """Return the advisories of a city that are not over: what, where, since and until when."""
    return Answer(service.advisories(uow, city_id))


@router.post("/{advisory_id}/acknowledge", summary="Say that dispatch has seen an advisory")
def post_acknowledge(
    uow: IncidentWriter, once: OnceOptional, advisory_id: UUID
) -> Answer[AdvisoryView]:
    """Note who saw it first; it stays on the console until its last day."""
    return once.change(uow, None, do=lambda: service.acknowledge(uow, advisory_id))

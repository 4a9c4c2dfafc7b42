"""What the jobs of deadlines do."""

from uuid import UUID

from dispatch.choosing import service as choosing
from dispatch.waiting import service
from gis.access import SYSTEM
from gis.jobs.running import Run
from routing.live.process import routing_of


def note_deadline(run: Run) -> None:
    """Note that a deadline has passed, in one transaction, once."""
    with run.effect() as uow:
        service.note_due(uow, UUID(run.arguments["deadline_id"]))


def find_next_unit(run: Run) -> None:
    """Look for the unit that is offered in the place of a crew that has not answered."""
    deadline_id = UUID(run.arguments["deadline_id"])
    routing = routing_of(run)
    with run.database.read(SYSTEM) as uow:
        incident_id = service.awaits_next(uow, deadline_id)
        if incident_id is None:
            return
        ranked = choosing.recommend(uow, routing, incident_id, limit=1)
    found = next((unit for unit in ranked.units if unit.eligible), None)
    if found is None:
        return
    with run.effect() as uow:
        service.offer_next(
            uow, deadline_id, unit_id=found.unit_id, call_sign=found.call_sign
        )  # fmt: skip

"""What the jobs of arrests do: each has its effect once, after a restart too."""

from uuid import UUID

from dispatch.arrest import service
from dispatch.arrest.search import find_helpers
from dispatch.volunteers import repository as volunteers
from gis.access import SYSTEM
from gis.jobs.running import Run
from routing.live.process import routing_of


def expire_alert(run: Run) -> None:
    """End an alert that nobody answered and ask the next volunteer, both in one transaction."""
    alert_id = UUID(run.arguments["alert_id"])
    with run.database.read(SYSTEM) as uow:
        alert = volunteers.find_alert(uow.session, alert_id)
    if alert is None:
        return
    routing = routing_of(run)
    with run.database.read(SYSTEM) as uow:
        helpers = find_helpers(uow, routing, alert.incident_id)
    with run.effect() as uow:
        service.expire_alert(uow, alert_id, helpers)


def expire_claim(run: Run) -> None:
    """Free an AED that was not taken in time."""
    with run.effect() as uow:
        service.expire_claim(uow, UUID(run.arguments["alert_id"]))


def say_recall_unheard(run: Run) -> None:
    """Tell the desk that a volunteer has not confirmed a recall."""
    with run.effect() as uow:
        service.say_recall_unheard(uow, UUID(run.arguments["alert_id"]))

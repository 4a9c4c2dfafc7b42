"""An ambulance drives past a cardiac arrest on its way to somebody who can wait."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import select, update

from dispatch.arrivals.prediction import UNASKED
from dispatch.assignments import service as assignments
from dispatch.choosing import service as choosing
from dispatch.diversions import service as diversions
from dispatch.fleet import service as fleet
from dispatch.incidents.records import incident_view
from dispatch.incidents.views import IncidentView, OfferView
from dispatch.model import AssignmentState, StampSource
from gis.access import SYSTEM, Identity
from gis.clock import FixedClock
from gis.database import Database
from gis.datum import Datum
from gis.tables import Incident, Unit
from routing.live.routing import Routing
from tests.dispatch.conftest import TestCity

ANSWER_WITHIN_S = 30.0
WAITED = timedelta(minutes=4)
"""How long ago the call of the lesser incident came when the offer is made."""


@dataclass
class Desk:
    """Does what a dispatcher does, each step in a transaction of its own."""

    database: Database
    routing: Routing
    dispatcher: Identity
    clock: FixedClock
    city: TestCity
    take: Callable[..., IncidentView]
    lesser: UUID
    arrest: UUID
    unit_id: int

    def code(self, incident_id: UUID, category: str, *levels: str) -> None:
        """Give an incident a category, and a plan of one unit of each level."""
        plan = {
            "mode": "lights", "capabilities": [],
            "units": [{"level": level, "count": 1} for level in levels],
        }  # fmt: skip
        with self.database.unit_of_work(SYSTEM) as uow:
            uow.session.execute(
                update(Incident)
                .where(Incident.incident_id == incident_id)
                .values(category=category, coded_at=uow.clock.now(), response_plan=plan)
            )

    def drive(self, unit_id: int, lon: float, lat: float = 22.55) -> None:
        """Put a unit somewhere."""
        report = fleet.PositionReport(unit_id, lon, lat, self.clock.now())
        with self.database.unit_of_work(self.dispatcher) as uow:
            fleet.record_positions(uow, [report], datum=Datum.WGS84, source="test")

    def send(self, incident_id: UUID, unit_id: int) -> UUID:
        """Send a unit, which begins to move; return the assignment."""
        with self.database.unit_of_work(self.dispatcher) as uow:
            made = assignments.assign(uow, incident_id, unit_id=unit_id).assignment_id
        self.stamp(made, AssignmentState.EN_ROUTE)
        return made

    def stamp(self, assignment_id: UUID, state: AssignmentState) -> None:
        """Stamp a status."""
        with self.database.unit_of_work(self.dispatcher) as uow:
            assignments.stamp(uow, assignment_id, state=state, source=StampSource.TABLET)

    def ranked(self, incident_id: UUID | None = None):
        """Return the recommendation for the arrest, or another incident."""
        with self.database.read(self.dispatcher) as uow:
            return choosing.recommend(uow, self.routing, incident_id or self.arrest)

    def ask(
        self, unit_id: int | None = None, identity: Identity | None = None, *,
        unreplaced: bool = False,
    ) -> OfferView:  # fmt: skip
        """Offer the diversion to the arrest."""
        ranked = self.ranked()
        with self.database.unit_of_work(identity or self.dispatcher) as uow:
            return diversions.offer(
                uow, self.arrest, unit_id=unit_id or self.unit_id, ranked=ranked,
                answer_within_s=ANSWER_WITHIN_S, unreplaced=unreplaced,
            )  # fmt: skip

    def accept(self, diversion_id: UUID) -> OfferView:
        """Enter the crew's yes."""
        with self.database.unit_of_work(self.dispatcher) as uow:
            return diversions.accept(
                uow, diversion_id, source=StampSource.CONSOLE, prediction=UNASKED
            )

    def decline(self, diversion_id: UUID) -> OfferView:
        """Enter the crew's no."""
        with self.database.unit_of_work(self.dispatcher) as uow:
            return diversions.decline(uow, diversion_id, source=StampSource.TABLET)

    def job(self, diversion_id: UUID) -> None:
        """Do what the timer does."""
        with self.database.unit_of_work(SYSTEM) as uow:
            diversions.ask_next(uow, diversion_id, answer_within_s=ANSWER_WITHIN_S)

    def look(self, incident_id: UUID) -> IncidentView:
        """Return an incident as shown."""
        with self.database.read(self.dispatcher) as uow:
            return incident_view(uow, incident_id)


@pytest.fixture
def desk(
    database: Database, city: TestCity, routing: Routing, dispatcher: Identity,
    take: Callable[..., IncidentView],
) -> Desk:  # fmt: skip
    """A C4 in the middle has an ALS on its way, which passes an arrest; the other ALS is far."""
    lesser = take(114.1).incident_id
    clock = database.clock
    assert isinstance(clock, FixedClock)
    clock.advance(WAITED.total_seconds())
    arrest = take(114.06).incident_id
    with database.read(SYSTEM) as uow:
        units = uow.session.execute(select(Unit.unit_id, Unit.level).order_by(Unit.unit_id)).all()
    als = next(unit.unit_id for unit in units if unit.level == "ALS")
    made = Desk(database, routing, dispatcher, clock, city, take, lesser, arrest, als)
    made.code(lesser, "C4", "BLS")
    made.code(arrest, "C1", "ALS")
    made.send(lesser, als)
    made.drive(als, 114.05)
    return made

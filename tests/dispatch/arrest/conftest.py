"""An arrest in the middle of Testburg, three AEDs of which one can be fetched, volunteers."""

from collections.abc import Callable
from dataclasses import dataclass, field
from uuid import UUID

import pytest
from sqlalchemy import delete, func, insert, select, update

from dispatch.arrest import service, show
from dispatch.arrest.search import find_helpers
from dispatch.arrest.views import ArrestView
from dispatch.incidents.views import IncidentView
from dispatch.scene_safety.model import Danger, DangerAnswer
from dispatch.scene_safety.service import answer_danger
from dispatch.volunteers import service as volunteers
from dispatch.volunteers.lifecycle import Step
from gis.access import SYSTEM, Identity
from gis.clock import FixedClock
from gis.database import Database
from gis.datum import Datum
from gis.geometry import DeclaredPoint
from gis.tables import Aed, AedState, Incident, User
from gis.tables.volunteers import AedClaim, VolunteerAlert, VolunteerPosition
from routing.live.routing import Routing
from tests.dispatch.conftest import TestCity
from tests.identities import granted

LAT = 22.55
METRE = 1.0 / 102_700.0
"""Degrees of longitude at that latitude."""
PLAN = {
    "mode": "lights", "capabilities": [], "units": [{"level": "ALS", "count": 1}],
    "cardiac_arrest": True,
}  # fmt: skip


@dataclass
class Centre:
    """Does what desk and volunteers do, each step in a transaction of its own."""

    database: Database
    routing: Routing
    dispatcher: Identity
    clock: FixedClock
    city: TestCity
    incident_id: UUID
    supervisor: Identity
    who: list[Identity] = field(default_factory=list)

    def code(self, **plan: object) -> None:
        """Give the incident a plan."""
        with self.database.unit_of_work(SYSTEM) as uow:
            uow.session.execute(
                update(Incident)
                .where(Incident.incident_id == self.incident_id)
                .values(
                    category="C1", coded_at=uow.clock.now(), response_plan={**PLAN, **plan},
                    complaint_code="2301021",
                )
            )  # fmt: skip

    def danger(self, answer: DangerAnswer, *kinds: Danger) -> None:
        """Answer *danger known?*."""
        with self.database.unit_of_work(self.dispatcher) as uow:
            answer_danger(uow, self.incident_id, answer=answer, kinds=kinds)

    def follow(self) -> None:
        """Do what the consumer of the incident's events does."""
        from types import SimpleNamespace

        with self.database.unit_of_work(SYSTEM) as uow:
            service.follow_incident(uow, SimpleNamespace(subject_id=str(self.incident_id)))

    def aed(self, east_m: float, *, state: str | None = "in_service", **values: object) -> int:
        """Put an AED so many metres east of the patient."""
        row = {"access": "public", "opening_hours": "24/7", "indoor": False} | values
        with self.database.unit_of_work(SYSTEM) as uow:
            aed_id = uow.session.scalars(
                insert(Aed).returning(Aed.aed_id).values(
                    city_id=self.city.city_id, source="t", source_ref=f"{east_m}",
                    name=f"AED {east_m}", geom=_point(114.05 + east_m * METRE), **row,
                )
            ).one()  # fmt: skip
            if state is not None:
                uow.session.execute(insert(AedState).values(
                    aed_id=aed_id, state=state, reported_at=uow.clock.now()
                ))  # fmt: skip
            return aed_id

    def volunteer(self, east_m: float, *, verified: bool = True) -> int:
        """Enrol one who stands so many metres east of the patient; return which."""
        name = f"volunteer{len(self.who)}"
        with self.database.unit_of_work(self.supervisor) as uow:
            user_id = uow.ids.new()
            uow.session.execute(insert(User).values(
                user_id=user_id, username=name, display_name=name, password_hash="x"
            ))  # fmt: skip
            made = volunteers.enrol(
                uow, self.city.city_id, username=name, phone="+86 138 0000 0000"
            )
            if verified:
                volunteers.verify(uow, made.volunteer_id)
        me = Identity(user_id, name, name, grants=(granted("volunteer", "4403"),))
        self.who.append(me)
        if verified:
            with self.database.unit_of_work(me) as uow:
                volunteers.set_duty(uow, on_duty=True)
                volunteers.put_position(
                    uow, DeclaredPoint(114.05 + east_m * METRE, LAT, Datum.WGS84, 10.0),
                    at=uow.clock.now(),
                )  # fmt: skip
        return len(self.who) - 1

    def begin(self) -> ArrestView:
        """Press the one key."""
        with self.database.unit_of_work(self.dispatcher) as uow:
            helpers = find_helpers(uow, self.routing, self.incident_id)
            crews = show.find_crews(uow, self.routing, self.incident_id)
            service.begin(uow, self.incident_id, helpers, crew_aed_s=crews.aed_s)
            return show.shown(uow, self.incident_id, helpers, crews)

    def look(self) -> ArrestView:
        """Look at the arrest."""
        with self.database.read(self.dispatcher) as uow:
            return show.show(uow, self.routing, self.incident_id)

    def mine(self, who: int):
        """Return what a volunteer sees."""
        with self.database.read(self.who[who]) as uow:
            return volunteers.own(uow)

    def press(self, who: int, step: str, alert_id: UUID | None = None):
        """Press a step on a volunteer's phone."""
        alert_id = alert_id or self.mine(who).alert.alert_id
        with self.database.unit_of_work(self.who[who]) as uow:
            helpers = find_helpers(uow, self.routing, self.incident_id)
            service.take_step(uow, alert_id, Step(step), helpers=helpers)
        return self.mine(who).alert

    def expire(self, alert_id: UUID) -> None:
        """Do what the timer of an alert does."""
        with self.database.unit_of_work(SYSTEM) as uow:
            service.expire_alert(uow, alert_id, find_helpers(uow, self.routing, self.incident_id))

    def alerts(self) -> dict[str, str]:
        """Return state by volunteer's name."""
        with self.database.read(SYSTEM) as uow:
            from gis.tables.volunteers import Volunteer

            rows = uow.session.execute(
                select(User.username, VolunteerAlert.state)
                .join(Volunteer, Volunteer.user_id == User.user_id)
                .join(VolunteerAlert, VolunteerAlert.volunteer_id == Volunteer.volunteer_id)
            )
            return {row.username: row.state for row in rows}

    def count(self, table: type = VolunteerPosition) -> int:
        """Return how many rows a table has."""
        with self.database.read(SYSTEM) as uow:
            asked = select(func.count()).select_from(table)
            return uow.session.execute(
                asked.where(AedClaim.ended_at.is_(None)) if table is AedClaim else asked
            ).scalar_one()


def _point(lon: float):
    return func.ST_SetSRID(func.ST_MakePoint(lon, LAT), 4326)


@pytest.fixture
def centre(
    database: Database, city: TestCity, routing: Routing, dispatcher: Identity,
    take: Callable[..., IncidentView],
) -> Centre:  # fmt: skip
    """An answered arrest without danger; nobody and nothing near it yet."""
    supervisor = Identity(
        UUID(int=77),
        "boss",
        "boss",
        grants=(granted("supervisor", "4403", codes=("440399", "440398")),),
    )
    assert isinstance(database.clock, FixedClock)
    with database.unit_of_work(SYSTEM) as uow:
        uow.session.execute(delete(Aed))
    centre = Centre(
        database, routing, dispatcher, database.clock, city, take().incident_id, supervisor
    )  # fmt: skip
    centre.code()
    centre.danger(DangerAnswer.NONE)
    return centre


LATER_S = 61.0

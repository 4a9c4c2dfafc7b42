"""Who may be diverted to an arrest as answered, whatever the patients who would lose it need."""

from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select, update

from dispatch.incidents.calls import code_triage
from gis.access import SYSTEM
from gis.database import UnitOfWork
from gis.tables import Incident, Unit
from tests.dispatch.diversions.conftest import Desk

pytestmark = pytest.mark.database


def plan_of(uow: UnitOfWork, incident_id: UUID) -> dict[str, Any]:
    return uow.session.execute(
        select(Incident.response_plan).where(Incident.incident_id == incident_id)
    ).scalar_one()


def test_an_arrest_as_answered_may_ask_a_crew_of_a_lesser_call(desk: Desk):
    with desk.database.unit_of_work(desk.dispatcher) as uow:
        code_triage(
            uow, desk.arrest, complaint_code="2301021",
            answers={"conscious": "no", "breathing": "no"},
        )  # fmt: skip
    ranked = desk.ranked()
    assert ranked.units
    assert any(unit.diversion is not None for unit in ranked.units)


def test_whoever_replaces_a_unit_can_what_its_patient_needs(desk: Desk):
    desk.code(desk.lesser, "C4", "BLS")
    with desk.database.unit_of_work(SYSTEM) as uow:
        plan = {**plan_of(uow, desk.lesser), "capabilities": ["defibrillator"]}
        uow.session.execute(
            update(Incident).where(Incident.incident_id == desk.lesser).values(response_plan=plan)
        )
    (asked,) = [unit for unit in desk.ranked().units if unit.diversion is not None]
    assert asked.diversion.replaced_by is not None
    with desk.database.unit_of_work(SYSTEM) as uow:
        uow.session.execute(
            update(Unit).where(Unit.unit_id != desk.unit_id).values(capabilities=[])
        )
    (asked,) = [unit for unit in desk.ranked().units if unit.diversion is not None]
    assert asked.diversion.replaced_by is None

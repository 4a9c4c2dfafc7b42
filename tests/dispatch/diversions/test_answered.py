"""An arrest as answered ranks whoever may be diverted to it."""

import pytest

from dispatch.incidents.calls import code_triage
from tests.dispatch.diversions.conftest import Desk

pytestmark = pytest.mark.database


def test_an_arrest_as_answered_may_ask_a_crew_of_a_lesser_call(desk: Desk):
    with desk.database.unit_of_work(desk.dispatcher) as uow:
        code_triage(
            uow, desk.arrest, complaint_code="2301021",
            answers={"conscious": "no", "breathing": "no"},
        )  # fmt: skip
    ranked = desk.ranked()
    assert ranked.units
    assert any(unit.diversion is not None for unit in ranked.units)

"""Units out of service and back, and their shifts."""

from datetime import timedelta

import pytest
from sqlalchemy import insert, update
from sqlalchemy.dialects.postgresql import Range

from dispatch.assignments import service as assignments
from dispatch.choosing import service as choosing
from dispatch.choosing.words import OUT_OF_SERVICE_WORDS
from dispatch.errors import (
    ReturnTimeError,
    ShiftTimeError,
    UnitAtWorkError,
    UnitOffDutyError,
)
from dispatch.fleet import duty
from dispatch.fleet.duty import OutOfService
from gis.access import SYSTEM
from gis.concurrency import StaleVersionError
from gis.tables import Shift, Unit
from tests.dispatch.conftest import NOW

pytestmark = pytest.mark.database


def ranked(database, dispatcher, routing, incident_id):
    with database.read(dispatcher) as uow:
        return choosing.recommend(uow, routing, incident_id).units


def test_a_unit_out_of_service_is_never_recommended_and_says_why(
    database, dispatcher, routing, take, clock
):
    incident_id = take().incident_id
    best = ranked(database, dispatcher, routing, incident_id)[0]
    back_at = NOW + timedelta(hours=1)
    with database.unit_of_work(dispatcher) as uow:
        out = duty.put_out(
            uow, best.unit_id, reason=OutOfService.WORKSHOP, expected_back_at=back_at
        )
    assert (out.status, out.secondary) == ("NotAvailable", ("OutofService",))
    assert (out.out_of_service_since, out.expected_back_at) == (NOW, back_at)
    units = ranked(database, dispatcher, routing, incident_id)
    said = next(unit for unit in units if unit.unit_id == best.unit_id)
    assert not said.eligible
    assert "Out of service: workshop" in {reason.en for reason in said.reasons}
    with database.unit_of_work(dispatcher) as uow, pytest.raises(UnitOffDutyError):
        assignments.assign(uow, incident_id, unit_id=best.unit_id)
    # The hour passes and nobody says that it is back: it stays out.
    clock.advance(7200)
    assert not next(
        unit for unit in ranked(database, dispatcher, routing, incident_id)
        if unit.unit_id == best.unit_id
    ).eligible  # fmt: skip
    with database.unit_of_work(dispatcher) as uow:
        corrected = duty.put_out(uow, best.unit_id, reason=OutOfService.CLEANING)
    assert (corrected.out_of_service_since, corrected.expected_back_at) == (NOW, None)
    with database.unit_of_work(dispatcher) as uow:
        again = duty.put_back(uow, best.unit_id)
        assert duty.put_back(uow, best.unit_id) == again
    assert again.out_of_service_since is None
    assert ranked(database, dispatcher, routing, incident_id)[0].unit_id == best.unit_id


def test_a_unit_at_work_is_not_taken_from_its_patient(database, city, dispatcher, routing, take):
    incident_id = take().incident_id
    unit_id = ranked(database, dispatcher, routing, incident_id)[0].unit_id
    with database.unit_of_work(dispatcher) as uow:
        assignments.assign(uow, incident_id, unit_id=unit_id)
    with database.unit_of_work(dispatcher) as uow, pytest.raises(UnitAtWorkError):
        duty.put_out(uow, unit_id, reason=OutOfService.OTHER)
    with database.unit_of_work(dispatcher) as uow, pytest.raises(UnitAtWorkError):
        duty.set_shift_end(uow, unit_id, ends_at=NOW)


def test_times_that_cannot_be_are_refused(database, city, dispatcher, clock):
    unit_id = city.unit_ids[0]
    with database.unit_of_work(dispatcher) as uow:
        for at in (NOW, NOW - timedelta(minutes=1), NOW + timedelta(days=366)):
            with pytest.raises(ReturnTimeError):
                duty.put_out(uow, unit_id, reason=OutOfService.BREAK, expected_back_at=at)
        with pytest.raises(StaleVersionError):
            duty.put_out(uow, unit_id, reason=OutOfService.BREAK, expected_version=99)
        for at in (NOW - timedelta(seconds=1), NOW + timedelta(days=366)):
            with pytest.raises(ShiftTimeError):
                duty.set_shift_end(uow, unit_id, ends_at=at)


def test_a_shift_ends_sooner_or_later_and_never_in_the_next_one(database, city, dispatcher, clock):
    unit_id = city.unit_ids[0]
    with database.unit_of_work(dispatcher) as uow:
        shown = duty.duty(uow, unit_id)
        assert {one.seat for one in shown.crew} == {"attendant", "driver"}
        assert shown.shift_starts_at < NOW < shown.shift_ends_at
        ends_at = NOW + timedelta(hours=2)
        duty.set_shift_end(uow, unit_id, ends_at=ends_at)
        assert duty.duty(uow, unit_id).shift_ends_at == ends_at
    with database.unit_of_work(SYSTEM) as uow:
        begins = NOW + timedelta(hours=3)
        uow.session.execute(insert(Shift).values(
            unit_id=unit_id, during=Range(begins, begins + timedelta(hours=8), bounds="[)")
        ))  # fmt: skip
    with database.unit_of_work(dispatcher) as uow:
        duty.set_shift_end(uow, unit_id, ends_at=begins)
        with pytest.raises(ShiftTimeError):
            duty.set_shift_end(uow, unit_id, ends_at=begins + timedelta(seconds=1))
        off = duty.set_shift_end(uow, unit_id, ends_at=NOW)
        assert not off.on_shift
        with pytest.raises(UnitOffDutyError):
            duty.set_shift_end(uow, unit_id, ends_at=begins)
        assert duty.duty(uow, unit_id).crew == ()


def test_every_reason_has_its_words(database, city, dispatcher):
    assert set(OUT_OF_SERVICE_WORDS) == set(OutOfService)
    # One that an import brought stands for itself.
    with database.unit_of_work(SYSTEM) as uow:
        uow.session.execute(update(Unit).values(out_of_service_reason="painted"))
        assert duty.duty(uow, city.unit_ids[0]).unit.out_of_service_reason == "painted"

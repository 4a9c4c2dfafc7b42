"""Scenes in the database: answered, staged, heard, told; hazards of places."""

from datetime import timedelta

import pytest

from dispatch.assignments.service import assign
from dispatch.incidents.repository import list_events
from dispatch.model import PlaceHeard
from dispatch.scene_safety import service
from dispatch.scene_safety.errors import (
    HazardExpiryError,
    HazardNotFoundError,
    OrderUnknownError,
)
from dispatch.scene_safety.model import (
    Agency,
    Danger,
    DangerAnswer,
    Order,
    Staging,
    StagingStep,
)
from gis.access import SYSTEM
from gis.datum import Datum
from gis.geometry import DeclaredPoint
from tests.dispatch.conftest import NOW

pytestmark = pytest.mark.database


def told(database, dispatcher, incident_id, type_):
    with database.read(dispatcher) as uow:
        events = list_events(uow.session, kind="incident", subject_id=str(incident_id))
    return [event for event in events if event.type == type_]


def hazard(database, dispatcher, city, lon=114.05, lat=22.55, **changes):
    values = {"kind": Danger.VIOLENCE, "radius_m": 50.0, "expires_at": NOW + timedelta(days=30)}
    with database.unit_of_work(dispatcher) as uow:
        return service.add_hazard(
            uow, city.city_id, point=DeclaredPoint(lon, lat, Datum.WGS84), **(values | changes)
        )


def test_a_scene_nobody_was_asked_about_is_unknown_and_each_change_is_told(
    database, clock, city, dispatcher, take
):
    incident_id = take().incident_id
    with database.unit_of_work(dispatcher) as uow:
        assert service.incident_dangers(uow, incident_id).answer is DangerAnswer.UNKNOWN
        assert not service.incident_dangers(uow, incident_id).is_clear
        service.answer_danger(uow, incident_id, answer=DangerAnswer.NONE)
        service.answer_danger(uow, incident_id, answer=DangerAnswer.NONE)
        assert service.incident_dangers(uow, incident_id).is_clear
    with database.unit_of_work(dispatcher) as uow:
        shown = service.answer_danger(
            uow, incident_id, answer=DangerAnswer.KNOWN, kinds=[Danger.WEAPON, Danger.VIOLENCE]
        )
    assert shown.kinds == (Danger.VIOLENCE, Danger.WEAPON)
    events = told(database, dispatcher, incident_id, "incident.danger_changed")
    assert [one.payload["answer"] for one in events] == ["none", "known"]
    assert events[1].payload["previous"] == "none"


def test_crews_wait_until_released_and_each_confirms_by_tablet_or_voice(
    database, clock, city, dispatcher, take
):
    incident_id = take().incident_id
    with database.unit_of_work(dispatcher) as uow:
        sent = assign(uow, incident_id, unit_id=city.unit_ids[0])
        shown = service.order_staging(uow, incident_id, step=StagingStep.STAGE)
    (order,) = shown.orders
    assert (shown.staging, order.order, order.heard) == (Staging.WAIT, Order.STAGE, None)
    with database.unit_of_work(dispatcher) as uow:
        heard = service.hear_order(
            uow, sent.assignment_id, order=Order.STAGE, since=order.since, heard=PlaceHeard.VOICE
        )
    assert heard.heard == "voice"
    clock.advance(60)
    # A unit that is sent later has the order to confirm as well.
    with database.unit_of_work(dispatcher) as uow:
        assign(uow, incident_id, unit_id=city.unit_ids[1])
        assert [one.heard for one in service.safety(uow, incident_id).orders].count(None) == 1
        released = service.order_staging(uow, incident_id, step=StagingStep.RELEASE)
    assert released.staging is Staging.RELEASED
    assert {(one.order, one.heard) for one in released.orders} == {(Order.RELEASE, None)}
    with database.unit_of_work(dispatcher) as uow, pytest.raises(OrderUnknownError):
        service.hear_order(
            uow, sent.assignment_id, order=Order.STAGE, since=order.since, heard=PlaceHeard.TABLET
        )


def test_a_hazard_warns_at_its_place_until_it_expires(database, clock, city, dispatcher, take):
    near, far = take().incident_id, take(lon=114.08).incident_id
    made = hazard(database, dispatcher, city)
    assert made.created_by == dispatcher.label
    assert len(told(database, dispatcher, near, "incident.danger_changed")) == 1
    assert told(database, dispatcher, far, "incident.danger_changed") == []
    with database.unit_of_work(dispatcher) as uow:
        service.answer_danger(uow, near, answer=DangerAnswer.NONE)
        assert service.incident_dangers(uow, near).kinds == (Danger.VIOLENCE,)
        assert service.incident_dangers(uow, far).answer is DangerAnswer.UNKNOWN
        assert len(service.hazards(uow, city.city_id).hazards) == 1
    with database.unit_of_work(dispatcher) as uow:
        service.end_hazard(uow, made.hazard_id)
        service.end_hazard(uow, made.hazard_id)
        assert service.incident_dangers(uow, near).is_clear
    short = hazard(database, dispatcher, city, expires_at=NOW + timedelta(hours=1))
    clock.advance(3601)
    with database.unit_of_work(SYSTEM) as uow:
        assert service.incident_dangers(uow, near).is_clear
        assert service.hazards(uow, city.city_id).hazards == ()
        assert service.hazards_past(uow, clock.now(), 10) == 2
        with pytest.raises(HazardNotFoundError):
            service.end_hazard(uow, short.hazard_id)
    for expires_at in (NOW, NOW + timedelta(days=400)):
        with pytest.raises(HazardExpiryError):
            hazard(database, dispatcher, city, expires_at=expires_at)


def test_who_was_told_is_written_down_and_the_log_names_nobody(
    database, clock, city, dispatcher, take
):
    incident_id = take().incident_id
    with database.unit_of_work(dispatcher) as uow:
        shown = service.tell_agency(
            uow, incident_id, agency=Agency.POLICE, to_whom="110, desk 3",
            told_at=NOW + timedelta(hours=1),
        )  # fmt: skip
    (one,) = shown.told
    assert (one.to_whom, one.told_at, one.recorded_by) == ("110, desk 3", NOW, dispatcher.label)
    assert "no line to police" in shown.told_by_hand.en
    (event,) = told(database, dispatcher, incident_id, "incident.agency_told")
    assert "desk 3" not in str(event.payload)

"""Calls at the border of a jurisdiction: taken, placed, passed on, and gone where they left."""

from uuid import uuid4

import pytest
from sqlalchemy import text

from api.live.repository import events_between
from api.live.subscription import Notice
from data.service import store_city
from dispatch.incidents import calls, outcomes
from dispatch.model import CallSource
from gis.access import SYSTEM, Identity
from gis.clock import SystemClock
from gis.database import Database
from gis.datum import Datum
from gis.geometry import DeclaredPoint
from gis.sequencer import Sequencer, SigningKey
from tests.cities import grid_city
from tests.identities import granted

pytestmark = pytest.mark.database

WEST = DeclaredPoint(114.001, 22.502, Datum.WGS84)
EAST = DeclaredPoint(114.006, 22.502, Datum.WGS84)


def dispatcher(area: str) -> Identity:
    return Identity(uuid4(), f"li-{area}", "Li", grants=(granted("dispatcher", area),))


@pytest.fixture
def city_id(database: Database) -> int:
    with database.unit_of_work(SYSTEM) as uow:
        return store_city(uow, grid_city()).city_id


def test_a_call_from_next_door_is_taken_with_its_words(database: Database, city_id: int) -> None:
    with database.unit_of_work(dispatcher("440305")) as uow:
        taken = calls.take_call(uow, calls.NewCall(
            city_id=city_id, source=CallSource.PHONE, point=EAST, words="痛", caller_number="1380",
        ))  # fmt: skip
    assert taken.incident.area_code == "440306"
    with database.unit_of_work(dispatcher("440306")) as uow:
        read = outcomes.read_caller(uow, taken.incident.incident_id, reason="call back")
    assert list(read.values()) == [{"words": "痛", "caller_number": "1380"}]


def test_a_placeless_call_is_passed_on_with_all_its_values(
    database: Database, city_id: int
) -> None:
    west, east = dispatcher("440305"), dispatcher("440306")
    with database.unit_of_work(west) as uow:
        incident = calls.take_call(uow, calls.NewCall(
            city_id=city_id, source=CallSource.PHONE, words="摔倒",
        )).incident  # fmt: skip
        calls.add_patient(uow, incident.incident_id, name="张三")
    with database.unit_of_work(west) as uow:
        calls.locate(uow, incident.incident_id, point=EAST, confirmed=True)
    with database.read(SYSTEM) as uow:
        areas = set(uow.session.execute(text("SELECT area_code FROM personal_values")).scalars())
    assert areas == {"440306"}
    with database.unit_of_work(east) as uow:
        assert outcomes.read_caller(uow, incident.incident_id, reason="call back")


def test_readers_of_the_area_it_left_are_told_that_it_is_gone(
    database: Database, city_id: int, tmp_path
) -> None:
    with database.unit_of_work(SYSTEM) as uow:
        incident = calls.take_call(uow, calls.NewCall(
            city_id=city_id, source=CallSource.PHONE, point=WEST,
        )).incident  # fmt: skip
    with database.unit_of_work(SYSTEM) as uow:
        calls.locate(uow, incident.incident_id, point=EAST, confirmed=True)
    key = SigningKey.load_or_make(tmp_path / "key.pem")
    Sequencer(database.engine, key=lambda: key, clock=SystemClock()).run_once()
    with database.read(SYSTEM) as uow:
        events = events_between(uow.session, 0, until=None, limit=100)
        moved = next(event for event in events if event.type == "incident.located")
    notice = Notice(moved, {})
    west, east = dispatcher("440305"), dispatcher("440306")
    assert notice.gone_for(west, city_id)
    assert not notice.visible_to(west, city_id)
    assert notice.visible_to(east, city_id)
    assert not notice.gone_for(east, city_id)
    assert not notice.reaches(dispatcher("440311"), city_id)
    assert not notice.reaches(west, city_id + 1)

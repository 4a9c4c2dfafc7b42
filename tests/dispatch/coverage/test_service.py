"""Coverage of Testburg: two stations at its ends, people between them, by straight line."""

import numpy as np
import pytest
from sqlalchemy import insert, text

from dispatch.coverage import repository, service
from dispatch.coverage.model import Rules, Unknown
from gis.access import SYSTEM
from gis.tables import PopulationCell
from gis.tables.coverage import BusyShare
from tests.seeds import NOW

PEOPLE = {114.01: 4000, 114.03: 6000, 114.10: 500, 114.17: 7000}


@pytest.fixture
def peopled(database, city):
    """Four cells with people: two near the western station, one between, one near the eastern."""
    with database.unit_of_work(SYSTEM) as uow:
        for lon, people in PEOPLE.items():
            box = text(f"ST_MakeEnvelope({lon - 0.002}, 22.548, {lon + 0.002}, 22.552, 4326)")
            uow.session.execute(insert(PopulationCell).values(
                city_id=city.city_id, source="census", source_ref=str(lon), population=people,
                geom=box,
            ))  # fmt: skip
    return city


def measured(database, city, share=0.4, unit_hours=100.0):
    with database.unit_of_work(SYSTEM) as uow:
        uow.session.execute(insert(BusyShare).values(
            city_id=city.city_id, hour=16, share=share, unit_hours=unit_hours, measured_at=NOW,
        ))  # fmt: skip


def costs(database, routing, city):
    with database.read(SYSTEM) as uow, routing.at(uow, city.city_id) as roads:
        units = service.city_units(uow, city.city_id)
        return units, service.costs_of(uow, roads, city.city_id, units)


def test_the_price_of_each_unit_is_daskins(database, routing, peopled):
    measured(database, peopled)
    units, found = costs(database, routing, peopled)
    west = units["lon"] < 114.1
    total = sum(PEOPLE.values())
    for side, people in ((west, 10_000), (~west, 7_000)):
        count = int((side & service.covering(units)).sum())
        assert count >= 1
        expected = 100 * people * 0.6 * 0.4 ** (count - 1) / total
        assert found.lost_points[side & service.covering(units)] == pytest.approx(expected)
    assert (found.basis, found.standard, found.busy.share) == (
        "straight_line", "travel_8_min", 0.4,
    )  # fmt: skip


def test_what_is_not_known_is_said_and_never_zero(database, routing, city):
    _, found = costs(database, routing, city)
    assert found.unknown is Unknown.POPULATION
    assert np.isnan(found.lost_points).all()
    assert found.void_of(0) is None


def test_too_few_hours_on_record_are_unknown_until_somebody_states_a_share(
    database, routing, peopled
):
    measured(database, peopled, unit_hours=3.0)
    _, found = costs(database, routing, peopled)
    assert found.unknown is Unknown.BUSY
    assert np.isnan(found.lost_points).all()
    with database.unit_of_work(SYSTEM) as uow:
        stated = Rules(assumed_busy=0.3, version=1)
        repository.add_rules(uow.session, peopled.city_id, stated, at=NOW, by="test")
    _, found = costs(database, routing, peopled)
    assert found.unknown is None
    assert found.busy.unit_hours is None

"""What OpenStreetMap tags say of each mode arrives in routing's arrays, through the database."""

from pathlib import Path

import pytest

from data.osm.pbf import read_pbf
from data.service import store_city
from gis.access import SYSTEM
from gis.database import Database
from routing.roads import repository
from routing.roads.model import Profile, Restriction
from routing.rules.jurisdiction import load_jurisdictions
from routing.rules.profiles import PROFILES, allowed_directions, barrier_wait_s
from tests.cities import grid_city

pytestmark = pytest.mark.database

OPL = """
n1 v1 x114.00 y22.50 T
n2 v1 x114.01 y22.50 Tbarrier=bollard,bicycle=no,emergency=yes
n3 v1 x114.02 y22.50 T
n4 v1 x114.03 y22.50 T
n5 v1 x114.03 y22.51 T
w10 v1 Thighway=residential,oneway=yes,oneway:psv=no Nn1,n2
w11 v1 Thighway=residential,oneway=yes,oneway:bicycle=no Nn2,n3
w12 v1 Thighway=tertiary,junction=roundabout,emergency=no Nn3,n4
w13 v1 Troute=ferry,motor_vehicle=yes,duration=5,motorcycle=no Nn4,n5
r1 v1 Ttype=restriction,restriction:conditional=no_exit%20%%40%%20%(8:00) Mw11@from,n3@via,w12@to
r2 v1 Ttype=restriction,restriction:motor_vehicle=no_exit Mw11@from,n3@via,w12@to
"""


@pytest.fixture
def session(database: Database, tmp_path: Path):
    path = tmp_path / "hand.opl"
    path.write_text(OPL.lstrip(), encoding="utf-8")
    with database.unit_of_work(SYSTEM) as uow:
        city_id = store_city(uow, read_pbf(path, key="hand")).city_id
        yield uow.session, city_id


def test_modes_of_roads_barriers_and_restrictions(session):
    segments = repository.segments_of(repository.read_segment_rows(*session))
    assert segments.osm_way_id.tolist() == [10, 11, 12, 13]
    assert segments.oneway.tolist() == [1, 1, 1, 0]
    assert segments.oneway_bus.tolist() == [0, 1, 1, 0]
    assert segments.oneway_bicycle.tolist() == [1, 0, 1, 0]
    assert segments.oneway_emergency.tolist() == [1, 1, 1, 0]
    assert segments.is_roundabout.tolist() == [False, False, True, False]
    assert [segments.emergency_access.text(i) for i in range(4)] == [None, None, "no", None]
    assert [segments.motorcycle_access.text(i) for i in range(4)] == [None, None, None, "no"]
    assert segments.highway.text(3) == "ferry"
    assert segments.maxspeed_kmh[3] == pytest.approx(segments.length_m[3] / 300 * 3.6)

    along, against = allowed_directions(segments, PROFILES[Profile.AMBULANCE])
    assert along.tolist() == [True, True, False, True]
    assert against.tolist() == [True, False, False, True]

    barriers = repository.read_barriers(*session)
    assert barriers.kind is not None
    assert barriers.kind.text(0) == "bollard"
    assert [barrier_wait_s(barriers, PROFILES[p])[0] for p in (Profile.CAR, Profile.BICYCLE)] == [
        float("inf")
    ] * 2
    assert barrier_wait_s(barriers, PROFILES[Profile.AMBULANCE])[0] == 10

    assert repository.read_restrictions(*session) == [
        Restriction("no_exit @ (8:00)", 11, 12, 3),
        Restriction("no_exit", 11, 12, 3, except_modes=("bicycle",)),
    ]


def test_whose_rules_hold(database: Database):
    with database.unit_of_work(SYSTEM) as uow:
        city_id = store_city(uow, grid_city()).city_id
        law = repository.read_jurisdiction_facts(uow.session, city_id)
    assert (law.area_codes, law.time_zone) == (("440305", "440306"), "Asia/Shanghai")
    found = load_jurisdictions().of_city("grid", area_codes=law.area_codes, time_zone=law.time_zone)
    assert found.key == "cn"


def test_roads_stored_before_modes_were(database: Database):
    city = grid_city()
    city.segments.at[0, "tags"] = {"junction": "roundabout"}
    with database.unit_of_work(SYSTEM) as uow:
        rows = repository.read_segment_rows(uow.session, store_city(uow, city).city_id)
    segments = repository.segments_of(rows)
    assert segments.is_roundabout.tolist() == [True] + [False] * (len(segments) - 1)
    assert (segments.oneway_bus == segments.oneway).all()
    assert (segments.bicycle_access.codes == -1).all()

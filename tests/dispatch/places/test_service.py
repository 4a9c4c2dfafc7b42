"""Defibrillators beyond the nearest forty, ways off the road, and what is sent already."""

from contextlib import contextmanager

import numpy as np
import pytest
from sqlalchemy import func, insert, text

from dispatch.aeds import service as aeds_service
from dispatch.aeds.walking import WALK_SPEED_M_S
from dispatch.assignments import service as assignments
from dispatch.choosing import service as choosing
from dispatch.fleet import service as fleet
from gis.access import SYSTEM
from gis.datum import Datum
from gis.geometry import DeclaredPoint
from gis.tables import Aed
from routing.live.answers import RoadVersions, TravelTimes
from routing.live.pinned import PinnedRoads
from routing.live.routing import Routing
from routing.roads.model import Profile, RouteResult

pytestmark = pytest.mark.database

HERE = DeclaredPoint(114.05, 22.55, Datum.WGS84)


def nearest(database, routing, city, **more):
    with database.read(SYSTEM) as uow:
        return aeds_service.nearest_aeds(uow, routing, city.city_id, point=HERE, **more).aeds


def test_an_open_device_is_found_behind_many_closed_ones(database, city, routing):
    closed = [
        {"city_id": city.city_id, "source": "test", "source_ref": f"near {i}", "name": "near",
         "access": "public", "opening_hours": "Mo-Su 02:00-03:00",
         "geom": func.ST_SetSRID(func.ST_MakePoint(114.05 + i * 1e-5, 22.55), 4326)}
        for i in range(60)
    ]  # fmt: skip
    with database.unit_of_work(SYSTEM) as uow:
        for row in closed:
            uow.session.execute(insert(Aed).values(**row))
    found = nearest(database, routing, city, limit=1)
    assert [(aed.name, aed.open_now) for aed in found] == [("open", True)]


class _OffRoad(Routing):
    """Routing to devices off the road."""

    @contextmanager
    def at(self, uow, city_id, *, at_least=None):
        yield _RoadsNearby(uow, city_id, None)


class _RoadsNearby(PinnedRoads):
    """Every device 100 m of road away in 75 s, the road so far from either end."""

    off_road_m = 200.0

    def times_from(self, origin, destinations, *, profile):
        count = len(destinations)
        return TravelTimes(
            np.full(count, 75.0), np.full(count, 75.0), np.full(count, self.off_road_m),
            self.off_road_m, np.zeros(count, bool), "road",
            RoadVersions("topology-1", "conditions-1"),
        )  # fmt: skip

    def routes_to(self, destination, origins, *, profile, k, heading_deg=None):
        assert profile is Profile.WALK
        return [
            (row, RouteResult(profile, 75.0, 100.0, np.array([origin, destination]), np.zeros(2),
                              (), np.zeros(1, np.int32), np.ones(1, bool)))
            for row, origin in enumerate(origins)
        ]  # fmt: skip


def test_walking_counts_the_way_off_the_road(database, city, tmp_path):
    aeds = {aed.name: aed for aed in nearest(database, _OffRoad(database, tmp_path), city)}
    # 514 m by air: 200 + 100 + 200 m cannot be enough, so it is the straight line's length.
    assert aeds["open"].basis == "road"
    assert aeds["open"].walking_distance_m == pytest.approx(513.6, abs=1.0)
    assert aeds["open"].walking_time_s == pytest.approx(513.6 / WALK_SPEED_M_S, rel=0.01)
    # 10 m and 205 m by air, the roads 400 m off: straight across.
    for name, metres in (("closed", 10.3), ("unknown", 205.4)):
        assert (aeds[name].basis, aeds[name].route) == ("straight_line", None)
        assert aeds[name].walking_distance_m == pytest.approx(metres, abs=0.5)
        assert aeds[name].walking_time_s == pytest.approx(metres / WALK_SPEED_M_S, rel=0.05)
    assert list(aeds) == ["open", "unknown", "closed"]


def test_units_already_sent_are_not_suggested_again(
    database, city, eastern_dispatcher, routing, take
):
    # Sent by somebody of another jurisdiction, too.
    incident = take(114.15)
    plan = '{"units": [{"level": "ALS", "count": 1}, {"level": "BLS", "count": 1}]}'
    with database.unit_of_work(SYSTEM) as uow:
        uow.session.execute(text("UPDATE incidents SET response_plan = CAST(:p AS jsonb)"),
                            {"p": plan})  # fmt: skip
        units = fleet.units_view(uow, city.city_id)
    western_als = next(u for u in units if u.level == "ALS" and u.area_code == city.west_code)

    def suggested():
        with database.read(eastern_dispatcher) as uow:
            found = choosing.recommend(uow, routing, incident.incident_id)
        words = [reason.en[:16] for unit in found.units for reason in unit.reasons
                 if reason.code == "suggested"]  # fmt: skip
        return sorted(words), [reason.code for reason in found.shortfalls]

    assert suggested() == (["Suggested as ALS", "Suggested as BLS"], [])
    with database.unit_of_work(SYSTEM) as uow:
        assignments.assign(uow, incident.incident_id, unit_id=western_als.unit_id)
    assert suggested() == (["Suggested as BLS"], [])

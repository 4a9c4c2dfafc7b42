"""Which unit, which hospital, which defibrillator: chosen from what the database holds."""

from contextlib import contextmanager
from uuid import uuid4

import numpy as np
import pytest

from dispatch.aeds import service as aeds_service
from dispatch.choosing import service as choosing
from gis.access import SYSTEM, Identity
from gis.concurrency import StaleVersionError
from gis.datum import Datum
from gis.errors import FacilityUnknownError, PermissionDeniedError
from gis.geometry import DeclaredPoint
from gis.promises import status as hospitals
from routing.live.answers import RoadVersions, TravelTimes
from routing.live.pinned import PinnedRoads
from routing.live.routing import Routing
from routing.roads.model import Profile, RouteResult
from tests.identities import granted

pytestmark = pytest.mark.database


class _RoadTimes(Routing):
    """Routing whose every way is known beforehand."""

    @contextmanager
    def at(self, uow, city_id, *, at_least=None):
        yield _KnownTimes(uow, city_id, None)


class _KnownTimes(PinnedRoads):
    """100 s for each row, a line of two points."""

    def times_to(self, destination, origins, *, profile, heading_deg=None):
        seconds = 100.0 * np.arange(1, len(origins) + 1)
        seconds[0] = np.inf
        return TravelTimes(
            seconds, seconds, np.zeros(len(origins)), 0.0, np.isinf(seconds), "road",
            RoadVersions("topology-1", "conditions-1"),
        )  # fmt: skip

    def routes_to(self, destination, origins, *, profile, k, heading_deg=None):
        assert profile is Profile.AMBULANCE_LIGHTS
        line = np.array([origins[0], destination])
        return [(0, RouteResult(profile, 1.0, 1.0, line, np.zeros(2), (), np.zeros(1, np.int32),
                                np.ones(1, bool)))]  # fmt: skip


def test_road_times_rank_and_routes_are_drawn(database, city, dispatcher, take, tmp_path):
    incident = take()
    with database.read(dispatcher) as uow:
        ranked = choosing.recommend(uow, _RoadTimes(database, tmp_path), incident.incident_id)
    assert [unit.travel_time_s for unit in ranked.units] == [200.0, 300.0, 400.0, None]
    assert ranked.units[0].route["type"] == "LineString"
    assert ranked.units[0].reasons[0].en == "Fastest by road: 3:20"
    assert ranked.units[1].route is None
    assert "no_road" in {reason.code for reason in ranked.units[3].reasons}
    assert (ranked.basis, ranked.conditions_id) == ("road", "conditions-1")


def test_hospital_status_is_its_own_and_changes_the_ranking(
    database, city, dispatcher, routing, take
):
    near, far = city.facility_ids
    emergency_room = Identity(
        uuid4(), "er", "ER", grants=(granted("hospital", city.west_code, facility_id=near),)
    )
    with database.unit_of_work(emergency_room) as uow:
        assert hospitals.hospital_status(uow, near).diverting is None
        status = hospitals.set_hospital_status(uow, near, diverting=True, expected_version=0)
        assert (status.diverting, status.version) == (True, 1)
        with pytest.raises(StaleVersionError):
            hospitals.set_hospital_status(uow, near, diverting=False, expected_version=0)
        with pytest.raises(PermissionDeniedError):
            hospitals.set_hospital_status(uow, far, diverting=True)
        with pytest.raises(FacilityUnknownError):
            hospitals.hospital_status(uow, -1)
    incident = take(114.055)
    with database.read(dispatcher) as uow:
        ranked = choosing.destinations(uow, routing, incident.incident_id)
    assert (ranked.basis, ranked.conditions_id) == ("straight_line", None)
    assert [(one.name, one.diverting) for one in ranked.destinations] == [
        ("Far", None),
        ("Near", True),
    ]


def test_nearest_aeds_are_ordered_by_being_open(database, city, routing):
    with database.read(SYSTEM) as uow:
        found = aeds_service.nearest_aeds(
            uow, routing, city.city_id, point=DeclaredPoint(114.05, 22.55, Datum.WGS84)
        )
    assert [(aed.name, aed.open_now) for aed in found.aeds] == [
        ("open", True), ("unknown", None), ("closed", False),
    ]  # fmt: skip
    assert found.aeds[0].walking_time_s > found.aeds[1].walking_time_s
    assert found.time_zone == "Asia/Shanghai"

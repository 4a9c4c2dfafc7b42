"""The simulated city over slow streets: learned hours are used, and arrival times come right."""

from datetime import timedelta
from pathlib import Path

import numpy as np
import pytest
from sqlalchemy import text

from data.service import store_city
from dispatch.arrivals.prediction import predict
from dispatch.arrivals.report import arrival_report, read_drives
from dispatch.assignments import service as assignments_service
from dispatch.fleet import repository as repository_fleet
from dispatch.fleet import service as fleet_service
from dispatch.incidents import calls
from dispatch.model import AssignmentState, CallSource, StampSource
from gis.access import SYSTEM
from gis.clock import FixedClock
from gis.database import Database
from gis.datum import Datum
from gis.geometry import DeclaredPoint
from routing.conditions.leg_times import Decider
from routing.learning.repository_traces import read_stamps
from routing.learning.service import learn
from routing.learning.trip_model import LIGHTS, PLAIN, STANDING
from routing.live.routing import Routing
from routing.roads.model import Profile
from tests.cities import corner, grid_city
from tests.dispatch.conftest import NOW

pytestmark = pytest.mark.database

SLOW_KMH = 12.0
ROW_M = 7 * 102.9
WEEK_S = 7 * 86_400.0
ON_DUTY = text(
    "SELECT u.unit_id FROM units u JOIN shifts s USING (unit_id) WHERE s.during @> :now"
    " AND u.city_id = :city_id"
    " ORDER BY 1 LIMIT 1"
)


class Town:
    """A grid of streets, its fleet, and drives from west to east that take as long as they do."""

    def __init__(self, database: Database, clock: FixedClock, folder: Path) -> None:
        self.database, self.clock = database, clock
        with database.unit_of_work(SYSTEM) as uow:
            self.city_id = store_city(uow, grid_city()).city_id
            fleet_service.create_fleet(uow, self.city_id)
        self.routing = Routing(database, folder)
        self.routing.refresh()

    def report_positions(self, unit_id: int, row: int, *, seconds: np.ndarray) -> None:
        (west, lat), (east, _) = corner(0, row), corner(7, row)
        times = [self.clock.now() + timedelta(seconds=s) for s in seconds.tolist()]
        share = np.minimum(seconds * SLOW_KMH / 3.6 / ROW_M, 1.0)
        n = seconds.size
        with self.database.unit_of_work(SYSTEM) as uow:
            repository_fleet.insert_positions(uow.session, {
                "unit_id": [unit_id] * n, "received_at": times, "device_at": times,
                "lon": (west + (east - west) * share).tolist(), "lat": [lat] * n,
                "heading_deg": [None] * n, "speed_kmh": [None] * n, "accuracy_m": [5.0] * n,
                "source": "test", "datum": "wgs84",
            })  # fmt: skip

    def dispatch(self, row: int) -> tuple[float, float]:
        """Send a unit along a row; return the seconds predicted and driven."""
        with self.database.read(SYSTEM) as uow:
            unit_id = uow.session.execute(
                ON_DUTY, {"now": self.clock.now(), "city_id": self.city_id}
            ).scalar_one()
        self.report_positions(unit_id, row, seconds=np.zeros(1))
        point = DeclaredPoint(*corner(7, row), Datum.WGS84, 5.0)
        with self.database.unit_of_work(SYSTEM) as uow:
            call = calls.NewCall(self.city_id, CallSource.PHONE, point=point)
            incident = calls.take_call(uow, call).incident
        with self.database.unit_of_work(SYSTEM) as uow:
            found = predict(
                uow, self.routing, incident.incident_id, unit_id=unit_id, database=self.database
            )
            sent = assignments_service.assign(
                uow, incident.incident_id, unit_id=unit_id, prediction=found
            )
        self.clock.advance(20.0)
        self.stamp(sent.assignment_id, "en_route")
        took_s = ROW_M / (SLOW_KMH / 3.6)
        self.report_positions(unit_id, row, seconds=np.arange(5.0, took_s, 5.0))
        self.clock.advance(took_s)
        self.stamp(sent.assignment_id, "on_scene")
        self.clock.advance(10.0)
        self.stamp(sent.assignment_id, "no_transport")
        return sent.predicted_travel_time_s, took_s

    def stamp(self, assignment_id, state: str) -> None:
        with self.database.unit_of_work(SYSTEM) as uow:
            assignments_service.stamp(
                uow, assignment_id, state=AssignmentState(state), source=StampSource.CONSOLE
            )


@pytest.fixture
def town(database: Database, tmp_path: Path):
    clock = FixedClock(NOW)
    own = Database(database.url, clock=clock, pool_size=4)
    yield Town(own, clock, tmp_path)
    own.close()


def test_learning_makes_the_arrival_times_right(town: Town) -> None:
    def report(begin):
        with town.database.read(SYSTEM) as uow:
            drives = read_drives(uow, town.city_id, from_at=begin, to_at=town.clock.now())
        return arrival_report(drives)

    before = [town.dispatch(row) for row in range(8)]
    found = report(NOW)
    error_s = np.array([actual_s - predicted_s for predicted_s, actual_s in before])
    assert found.report.overall.n == 8
    assert not found.excluded
    assert found.report.overall.median_error_s.value == pytest.approx(np.median(error_s), abs=0.01)
    assert found.report.overall.late.value == 1.0
    assert [one.name_en for one in found.report.by_distance] == ["0–2 km"]
    assert [one.name_en for one in found.report.by_hour] == ["16:00–16:59"]
    with town.database.read(SYSTEM) as uow:
        kept = uow.session.execute(
            text("SELECT DISTINCT topology_id, conditions_id, predicted_by FROM assignments")
        ).all()  # fmt: skip
        logged = uow.session.execute(
            text("SELECT payload FROM events WHERE type = 'incident.assigned'")
        ).scalars().all()  # fmt: skip
    versions = town.routing.city(town.city_id).network.layers[Profile.AMBULANCE_LIGHTS]
    assert {(row.topology_id, row.predicted_by) for row in kept} == {(versions.topology_id, "road")}
    assert all(row.conditions_id for row in kept)
    assert [one["predicted_travel_time_s"] % 30 for one in logged] == [0.0] * 8
    assert not any("distance" in name for one in logged for name in one)

    town.clock.advance(300.0)
    until = town.clock.now() - timedelta(seconds=300)
    learned = learn(town.database, town.routing, town.city_id, to_at=until)
    assert learned.stored.stored == learned.cells >= 8 * 5
    town.clock.advance(WEEK_S - (town.clock.now() - NOW).total_seconds())
    began = town.clock.now()
    after = [town.dispatch(row) for row in range(8)]
    source = town.routing.city(town.city_id).profile(Profile.AMBULANCE_LIGHTS).times.source
    assert (source == Decider.LEARNED).any()
    bias = report(began).report.overall.median_error_s.value
    assert bias == pytest.approx(np.median([a - p for p, a in after]), abs=0.01)
    # Of seven streets in a row the first and the last are not driven whole: they teach nothing.
    assert bias == pytest.approx(2 / 7 * float(np.median(error_s)), rel=0.05)


def test_a_patient_s_drive_of_a_call_with_lights_teaches_neither_kind(town: Town) -> None:
    with town.database.read(SYSTEM) as uow:
        unit_id = uow.session.execute(
            ON_DUTY, {"now": town.clock.now(), "city_id": town.city_id}
        ).scalar_one()
    point = DeclaredPoint(*corner(7, 3), Datum.WGS84, 5.0)
    with town.database.unit_of_work(SYSTEM) as uow:
        call = calls.NewCall(town.city_id, CallSource.PHONE, point=point)
        incident_id = calls.take_call(uow, call).incident.incident_id
    with town.database.unit_of_work(SYSTEM) as uow:
        sent = assignments_service.assign(uow, incident_id, unit_id=unit_id)
    for state in ("en_route", "on_scene", "at_patient", "left_scene", "at_destination",
                  "transferred", "available"):  # fmt: skip
        town.clock.advance(60.0)
        town.stamp(sent.assignment_id, state)
    with town.database.read(SYSTEM) as uow:
        stamps = read_stamps(
            uow.session, town.city_id, from_at=NOW, to_at=town.clock.now() + timedelta(seconds=1)
        )
    assert set(stamps.unit_id) == {unit_id}
    assert stamps.drives.tolist()[-7:] == [LIGHTS, *[STANDING] * 5, PLAIN]

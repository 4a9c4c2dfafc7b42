"""A dispatch keeps what road times said, waits hardly for it, and never fails for it."""

import logging
import threading
from contextlib import contextmanager
from datetime import timedelta
from types import SimpleNamespace

import numpy as np
import pytest
import shapely
from sqlalchemy import text

from data.service import store_city
from dispatch.arrivals import prediction as service_prediction
from dispatch.arrivals.prediction import DEADLINE_S, Prediction, predict
from dispatch.assignments import service as assignments_service
from dispatch.fleet import service as fleet
from dispatch.incidents import calls, repository
from dispatch.incidents.retention.service import forget_incident
from dispatch.model import CallSource
from gis.access import SYSTEM
from gis.datum import Datum
from gis.errors import UnavailableError
from gis.geometry import DeclaredPoint
from routing.conditions.closures import NewCondition, close_roads
from routing.conditions.sketch import Sketch
from routing.live.answers import RoadVersions
from routing.live.pinned import PinnedRoads
from routing.live.routing import Routing
from routing.roads.model import Profile
from tests.cities import corner, grid_city
from tests.dispatch.conftest import NOW

pytestmark = pytest.mark.database

KEPT = text("SELECT * FROM assignments WHERE assignment_id = :assignment_id")
LON, LAT = 114.05, 22.55


@pytest.fixture(autouse=True)
def _patience(monkeypatch):
    """Wait for the roads however busy the machine is; one test has the real deadline."""
    monkeypatch.setattr(service_prediction, "DEADLINE_S", 60.0)


def send(database, dispatcher, incident, unit_id, routing, **more):
    """Predict and assign in one transaction, as the door does; return the stored row."""
    with database.unit_of_work(dispatcher) as uow:
        found = predict(
            uow, routing, incident.incident_id, unit_id=unit_id, database=database
        )  # fmt: skip
        sent = assignments_service.assign(
            uow, incident.incident_id, unit_id=unit_id, prediction=found, **more
        )  # fmt: skip
    return kept(database, sent)


def kept(database, sent):
    with database.read(SYSTEM) as uow:
        return uow.session.execute(KEPT, {"assignment_id": sent.assignment_id}).one()


def unit_of(database):
    with database.read(SYSTEM) as uow:
        return uow.session.execute(text("SELECT min(unit_id) FROM units")).scalar_one()


class Roads:
    """Roads that answer every search in their own way, and count how often they were asked."""

    def __init__(self, answer, *, following=lambda _uow: None) -> None:
        self.answer = answer
        self.following = following
        self.asked = 0

    @contextmanager
    def at(self, uow, city_id):
        self.following(uow)
        yield PinnedRoads(uow, city_id, self)

    network = SimpleNamespace(layers=dict.fromkeys(Profile, "a layer"))

    def answering(self, _profile, *, at_least=None):
        return self, RoadVersions("topology", "conditions")

    def snap(self, _points, **_more):
        return self

    def require(self):
        return self

    distance_m = np.zeros(1)

    def times_to(self, _goal, _origins, *, k):
        self.asked += 1
        return self.answer()


def raising(error):
    def answer():
        raise error

    return answer


@pytest.mark.parametrize(
    "error",
    [
        UnavailableError(), RuntimeError(f"at {LON}"), TypeError(f"{LON}"), OSError(f"{LON}"),
        MemoryError(f"{LON}"), AttributeError(f"{LON}"), AssertionError(f"{LON}"),
        KeyError(f"{LON}"), TimeoutError(f"{LON}"), RecursionError(f"{LON}"),
    ],
    ids=lambda error: type(error).__name__,
)  # fmt: skip
def test_whatever_the_roads_raise_the_unit_is_sent(database, take, dispatcher, caplog, error):
    with caplog.at_level(logging.DEBUG):
        row = send(
            database, dispatcher, take(LON, LAT), unit_of(database), Roads(raising(error)),
            predicted_travel_time_s=123.0, predicted_by="road",
        )  # fmt: skip
    name = "unavailable" if isinstance(error, UnavailableError) else type(error).__name__
    assert row.prediction_fault == f"failed: {name}"
    assert (row.predicted_travel_time_s, row.predicted_by) == (123.0, "road")
    assert (row.shown_travel_time_s, row.shown_by) == (123.0, "road")
    # The log says of which kind it was; the error's words may hold the place.
    assert type(error).__name__ in caplog.text
    assert str(LON) not in caplog.text


@pytest.mark.parametrize("broken", ["_origin_of", "headings_deg", "_place_of", "_searches"])
def test_nor_does_it_fail_for_what_is_asked_of_them(
    database, take, dispatcher, monkeypatch, broken
):  # fmt: skip
    incident = take(LON, LAT)
    unit_id = unit_of(database)
    with monkeypatch.context() as patch, database.unit_of_work(dispatcher) as uow:
        patch.setattr(service_prediction, broken, lambda *_a, **_m: 1 / 0)
        found = predict(
            uow, Roads(lambda: None), incident.incident_id, unit_id=unit_id, database=database
        )
    assert found == Prediction(fault="failed: ZeroDivisionError")


@pytest.fixture
def _real_deadline(_patience, database, monkeypatch):
    """Wait no longer than a dispatch does; no search reads on when the database goes."""
    monkeypatch.setattr(service_prediction, "DEADLINE_S", DEADLINE_S)
    yield
    service_prediction._searches().shutdown()
    service_prediction._searches.cache_clear()


@pytest.mark.usefixtures("_real_deadline")
@pytest.mark.parametrize("slow", ["the search", "the look at the conditions"])
def test_roads_that_take_too_long_are_not_waited_for(database, city, take, dispatcher, slow):
    released, over = threading.Event(), threading.Event()

    def wait_for_it(*_):
        released.wait(5.0)
        over.set()
        return np.array([77.0])

    roads = Roads(wait_for_it) if slow == "the search" else Roads(
        lambda: np.array([77.0]), following=wait_for_it
    )  # fmt: skip
    incident = take(LON, LAT)
    try:
        row = send(database, dispatcher, incident, city.unit_ids[0], roads)
        assert not over.is_set()
    finally:
        released.set()
    assert row.prediction_fault == "too_slow"


def test_an_error_while_conditions_are_looked_up_spoils_no_dispatch(
    database, city, take, dispatcher
):  # fmt: skip
    failing = Roads(
        lambda: None, following=lambda uow: uow.session.execute(text("SELECT 1 / 0"))
    )  # fmt: skip
    row = send(database, dispatcher, take(LON, LAT), city.unit_ids[0], failing)
    assert row.prediction_fault == "failed: DataError"
    assert row.state == "notified"


def test_a_closure_of_another_process_counts_in_the_very_next_prediction(
    database, clock, tmp_path, dispatcher
):
    with database.unit_of_work(SYSTEM) as uow:
        city_id = store_city(uow, grid_city()).city_id
        fleet.create_fleet(uow, city_id)
        unit_id = min(unit.unit_id for unit in fleet.units_view(uow, city_id))
        call = calls.NewCall(
            city_id, CallSource.PHONE, point=DeclaredPoint(*corner(7, 3), Datum.WGS84, 5.0)
        )
        incident_id = calls.take_call(uow, call).incident.incident_id
    # Nothing tells this process of changes: no `refresh` or `keep_up` comes after.
    here = Routing(database, tmp_path)
    here.refresh()

    def predicted():
        with database.unit_of_work(dispatcher) as uow:
            return predict(uow, here, incident_id, unit_id=unit_id, database=database)

    before = predicted()
    assert (before.predicted_by, before.fault) == ("road", None)
    around = shapely.geometry.mapping(shapely.Point(corner(7, 3)).buffer(0.0004))
    sketch = Sketch("polygon", around, Datum.WGS84)
    with database.unit_of_work(SYSTEM) as uow:
        close_roads(uow, NewCondition(
            city_id, sketch, expires_at=NOW + timedelta(hours=1), reason_en="Burst pipe"
        ))  # fmt: skip
    after = predicted()
    assert after.conditions_id != before.conditions_id
    assert (after.fault, after.travel_time_s) == ("no_road", None)


def test_nothing_is_locked_while_the_roads_are_asked(database, city, take, dispatcher):
    incident = take(LON, LAT)
    free = []

    def answer():
        with database.unit_of_work(SYSTEM) as other:
            for table in ("incidents", "units"):
                free.append(other.session.execute(text(
                    f"SELECT count(*) FROM (SELECT 1 FROM {table} FOR UPDATE SKIP LOCKED) q"
                )).scalar_one() == other.session.execute(text(
                    f"SELECT count(*) FROM {table}"
                )).scalar_one())  # fmt: skip
        return np.array([77.0])

    row = send(database, dispatcher, incident, city.unit_ids[0], Roads(answer))
    assert row.predicted_travel_time_s == 77.0
    assert free == [True, True]


def test_a_unit_without_a_way_is_searched_for_once(database, city, take, dispatcher):
    roads = Roads(lambda: np.array([np.inf]))
    row = send(database, dispatcher, take(LON, LAT), city.unit_ids[0], roads)
    assert (row.prediction_fault, roads.asked) == ("no_road", 1)
    assert (row.predicted_travel_time_s, row.predicted_by) == (None, None)
    assert row.topology_id == "topology"


def test_a_prediction_for_another_place_is_not_kept(database, city, take, dispatcher):
    incident = take(LON, LAT)
    unit_id = city.unit_ids[0]
    roads = Roads(lambda: np.array([77.0]))
    with database.read(dispatcher) as uow:
        found = predict(uow, roads, incident.incident_id, unit_id=unit_id, database=database)
    assert (found.travel_time_s, found.low_s, found.high_s) == (77.0, 77.0 * 0.8, 77.0 * 1.3)
    with database.unit_of_work(dispatcher) as uow:
        calls.locate(
            uow, incident.incident_id, point=DeclaredPoint(LON + 0.01, LAT, Datum.WGS84, 5.0)
        )
    with database.unit_of_work(dispatcher) as uow:
        sent = assignments_service.assign(
            uow, incident.incident_id, unit_id=unit_id, prediction=found
        )
    row = kept(database, sent)
    assert row.prediction_fault == "place_moved"
    assert (row.predicted_travel_time_s, row.predicted_distance_m) == (None, None)


def test_a_prediction_for_another_way_of_driving_is_not_kept(take, database):
    incident_id = take(LON, LAT).incident_id
    with database.read(SYSTEM) as uow:
        incident = repository.find_incident(uow.session, incident_id, prefixes=[""])
    found = Prediction(77.0, "road", place=(incident.lon, incident.lat, "lights"))
    assert found.still_for(incident) is found
    quiet = SimpleNamespace(**dict(incident._mapping) | {"response_plan": {"mode": "normal"}})
    assert found.still_for(quiet) == Prediction(fault="mode_changed")
    moved = SimpleNamespace(**quiet.__dict__ | {"lon": LON + 0.01})
    assert found.still_for(moved) == Prediction(fault="place_moved")


def test_whoever_is_forgotten_leaves_no_time_and_no_distance(
    database, city, take, dispatcher, routing
):
    shown = {"predicted_travel_time_s": 321.0, "predicted_by": "road"}
    incident, other = take(), take()
    rows = [
        send(database, dispatcher, one, unit_id, routing, **shown)
        for one, unit_id in zip((incident, incident, other), city.unit_ids, strict=False)
    ]
    measured = (
        "predicted_travel_time_s", "predicted_low_s", "predicted_high_s", "predicted_distance_m",
        "shown_travel_time_s",
    )  # fmt: skip
    assert all(getattr(row, name) is not None for row in rows for name in measured)
    with database.unit_of_work(SYSTEM) as uow:
        forget_incident(uow, str(incident.incident_id))
    for row in rows[:2]:
        left = kept(database, row)._mapping
        assert [left[name] for name in measured] == [None] * 5
        # Nothing else that is a number of seconds or metres stands there.
        assert not any(isinstance(value, float) for value in left.values())
        assert (left["predicted_by"], left["state"]) == ("straight_line", "notified")
    assert kept(database, rows[2]) == rows[2]


def test_by_straight_line_and_without_a_place(database, city, take, dispatcher, routing):
    shown = {"predicted_travel_time_s": 321.0, "predicted_by": "straight_line"}
    straight = send(database, dispatcher, take(), city.unit_ids[0], routing, **shown)
    assert straight.predicted_by == "straight_line"
    assert straight.predicted_travel_time_s == pytest.approx(
        straight.predicted_distance_m * 1.3 / (30 / 3.6), rel=1e-3
    )
    # Straight lines are told with a wider interval: 0.6 to 2.0 times.
    assert straight.predicted_low_s == pytest.approx(0.6 * straight.predicted_travel_time_s)
    assert straight.predicted_high_s == pytest.approx(2.0 * straight.predicted_travel_time_s)
    assert (straight.conditions_id, straight.prediction_fault) == (None, None)
    # What the dispatcher saw is not lost where the own prediction worked.
    assert (straight.shown_travel_time_s, straight.shown_by) == (321.0, "straight_line")
    nowhere = send(database, dispatcher, take(lon=None), city.unit_ids[1], routing)
    assert nowhere.prediction_fault == "no_place"


def test_an_incident_that_is_not_the_viewers_says_nothing(
    database, city, take, eastern_dispatcher
):  # fmt: skip
    roads = Roads(lambda: np.array([77.0]))
    with database.unit_of_work(eastern_dispatcher) as uow:
        found = predict(
            uow, roads, take(LON, LAT).incident_id, unit_id=city.unit_ids[0], database=database
        )
    assert (found.fault, roads.asked) == ("not_asked", 0)


def test_no_event_tells_how_far_a_home_is_from_a_unit(
    database, city, take, dispatcher, routing
):  # fmt: skip
    incident = take()
    with database.unit_of_work(dispatcher) as uow:
        found = predict(
            uow, routing, incident.incident_id, unit_id=city.unit_ids[0], database=database
        )
        sent = assignments_service.assign(
            uow, incident.incident_id, unit_id=city.unit_ids[0], prediction=found,
            predicted_travel_time_s=123.4, predicted_by="straight_line",
        )  # fmt: skip
    row = kept(database, sent)
    with database.read(SYSTEM) as uow:
        events = uow.session.execute(text("SELECT type, payload FROM events")).all()
    assert row.predicted_distance_m > 1_000.0  # it stands on the row, which can be erased
    told = {event.type: event.payload for event in events}["incident.assigned"]
    assert told["predicted_by"] == "straight_line"
    assert told["predicted_travel_time_s"] is None  # a straight line's time is its length
    exact = [row.predicted_distance_m, row.predicted_travel_time_s, 123.4]
    for event in events:
        assert not any("distance" in name or "shown" in name for name in event.payload), event.type
        assert not any(value in exact for value in event.payload.values()), event.type


@pytest.mark.parametrize(("travel_time_s", "logged_s"), [(0.0, 0.0), (44.9, 30.0), (46.0, 60.0)])
def test_the_log_has_times_by_road_in_steps_of_half_a_minute(travel_time_s, logged_s):
    predicted = Prediction(travel_time_s, "road", 512.3, topology_id="t", conditions_id="c")
    assert predicted.payload() == {
        "predicted_travel_time_s": logged_s, "predicted_by": "road", "topology_id": "t",
        "conditions_id": "c", "prediction_fault": None,
    }  # fmt: skip

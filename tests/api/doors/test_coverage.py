"""Coverage through the door and by the command line: by right, what is not known is null.

The grid's two cells lie west and east; its stations stand on the diagonal.
"""

from collections.abc import Callable
from typing import Any

import pytest
import shapely
from fastapi import FastAPI
from sqlalchemy import select, text
from starlette.testclient import TestClient

from gis.access import SYSTEM, Grant
from gis.tables import Station
from tests.api.conftest import World, new_key
from tests.cities import corner

pytestmark = pytest.mark.database


DRIVES = (
    """
    INSERT INTO incidents SELECT (jsonb_populate_record(one, jsonb_build_object(
        'incident_id', md5('i' || n)::uuid, 'number', 'X' || n))).*
    FROM incidents AS one JOIN assignments USING (incident_id), generate_series(1, 240) AS n
    WHERE assignment_id = :assignment_id
    """,
    """
    INSERT INTO assignments SELECT (jsonb_populate_record(one, jsonb_build_object(
        'assignment_id', md5('a' || n)::uuid, 'incident_id', md5('i' || n)::uuid, 'state', 'home',
        'predicted_by', 'road', 'prediction_fault', NULL, 'predicted_travel_time_s', 200 + n))).*
    FROM assignments AS one, generate_series(1, 240) AS n
    WHERE one.assignment_id = :assignment_id
    """,
    """
    INSERT INTO assignment_stamps
        (stamp_id, assignment_id, ordinal, state, occurred_at, recorded_at, source)
    SELECT md5(stamp.state || n)::uuid, md5('a' || n)::uuid, nth, stamp.state, at, at, 'console'
    FROM generate_series(1, 240) AS n JOIN assignments ON assignment_id = :assignment_id,
    LATERAL (VALUES (1, 'notified', 0.0), (2, 'en_route', 30.0),
                    (3, 'on_scene', 30 + 1.5 * (200 + n))) AS stamp(nth, state, after_s),
    LATERAL (SELECT created_at + stamp.after_s * interval '1 second' AS at) AS moment
    """,
)
"""Copies of one assignment that were driven to the end."""


@pytest.fixture
def roads(app: FastAPI, client: TestClient) -> TestClient:
    """The application with its graphs loaded."""
    app.state.context.routing.refresh()
    return client


@pytest.fixture
def ask(roads: TestClient, world: World) -> Callable[..., Any]:
    """Return a function that asks as a planner."""
    planner = world.bearer(Grant("planner"))

    def asked(status: int = 200, **query: Any) -> Any:
        given = {"city_id": world.city_id, **query}
        answer = roads.get("/v1/planning/coverage", params=given, headers=planner)
        assert answer.status_code == status, answer.text
        return answer.json()

    return asked


def test_who_is_covered_by_which_standard(
    roads: TestClient, world: World, ask: Callable[..., Any]
) -> None:
    view = ask(busy=0.3, setting="urban")
    assert view["people"] == 3000
    city = {
        (one["standard"], one["fold"]): one for one in view["shares"]
        if one["part"] == "city" and one["unit_class"] is None and one["group"] == "all"
    }  # fmt: skip
    once, twice = city["travel_12_min", 1], city["travel_12_min", 2]
    assert once["covered"] <= once["known"] == 3000 - once["unknown"]
    assert twice["covered"] <= once["covered"]
    assert city["travel_8_min", 1]["covered"] <= once["covered"]
    assert once["share"] == pytest.approx(once["covered"] / once["known"], abs=1e-4)
    # By districts, and outside them, as many as in the city; ages of this count are not known.
    parts = [one for one in view["shares"] if one["part"] != "city" and one["unit_class"] is None]
    assert sum(
        one["covered"] for one in parts if (one["standard"], one["fold"]) == ("travel_12_min", 1)
    ) == once["covered"]  # fmt: skip
    assert {one["group"] for one in view["shares"]} == {"all"}
    assert len(view["hours"]) == 3 * 24
    (expects,) = (one for one in view["expected"] if one["standard"] == "travel_12_min")
    assert expects["covered"] <= once["covered"]
    rows = {one["standard"]: one for one in view["compliance"]}
    # Nobody recorded negative pressure, how soon calls are answered, or any departure.
    for code in ("negative_pressure", "answered_10_s", "turnout_3_min"):
        assert (rows[code]["value"], rows[code]["met"]) == (None, None)
    assert rows["people_per_ambulance"]["met"] in {True, False}
    assert "radius_rural" not in rows
    assert view["calibration"]["en"].startswith("Uncalibrated")
    assert view["change"] == []
    assert sum(one["people"] for one in view["worst"]) >= 1000

    unsaid = {one["standard"]: one for one in ask()["compliance"]}
    assert unsaid["radius_urban"]["met"] is unsaid["radius_rural"]["met"] is None

    wrong = ask(422, closed=[987])
    assert wrong["code"] == "coverage_input"
    assert "no station 987 to close" in wrong["detail"]
    path = f"/v1/planning/coverage?city_id={world.city_id}"
    assert roads.get(path).status_code == 401
    assert roads.get(path, headers=world.bearer(Grant("responder"))).status_code == 403


@pytest.fixture
def suppose(roads: TestClient, world: World) -> Callable[..., Any]:
    """Return a function that asks what would be, as a planner."""
    planner = world.bearer(Grant("planner"))

    def asked(status: int = 200, **body: Any) -> Any:
        given = {"city_id": world.city_id, **body}
        answer = roads.post("/v1/planning/coverage", json=given, headers=planner)
        assert answer.status_code == status, answer.text
        return answer.json()

    return asked


def point(column: float, row: float) -> dict[str, Any]:
    lon, lat = corner(column, row)
    return {"lon": lon, "lat": lat, "datum": "wgs84"}


def box(column: float, row: float, size: float = 0.0013) -> dict[str, Any]:
    lon, lat = corner(column, row)
    shape = shapely.box(lon - size, lat - size, lon + size, lat + size)
    return {"geometry": shapely.geometry.mapping(shape), "datum": "wgs84"}


def line(*ends: tuple[float, float]) -> dict[str, Any]:
    return {
        "geometry": {"type": "LineString", "coordinates": [corner(*end) for end in ends]},
        "datum": "wgs84",
    }


def worst_s(view: Any) -> int:
    return max(one["seconds"] for one in view["worst"])


def test_what_would_be(world: World, ask: Callable[..., Any], suppose: Callable[..., Any]) -> None:
    now = ask(calls_an_hour=1.0)
    with world.database.read(SYSTEM) as uow:
        stations = list(uow.session.scalars(select(Station.station_id)))
    # Closed stations are the same by both doors.
    rest = {"closed": stations[1:]}
    by_get, by_post = ask(**rest), suppose(**rest)
    assert {**by_get, "at": None} == {**by_post, "at": None}
    assert by_post["supposed"]["closed"] == stations[1:]
    # The same stations anew: nobody would notice.
    middle = {"name": "At the crossing", "point": point(3.0, 3.0), "units": 2}
    new = suppose(sites=[middle])
    assert now["supposed"] is None
    (site,) = new["supposed"]["sites"]
    assert (site["key"], site["units"]) == (-1, 2)
    assert new["stations"] == 4
    assert new["units_on_duty"] == now["units_on_duty"] + 2
    assert all(one["loses"] == one["slower"] == 0 for one in new["change"])
    assert worst_s(new) <= worst_s(now)
    ambulances = [
        sum(one["numerator"] for one in view["compliance"]
            if one["standard"] == "people_per_ambulance")
        for view in (now, new)
    ]  # fmt: skip
    assert ambulances[1] == ambulances[0] + 2
    # Water and barriers make it longer, a fast road through shorter, both together between.
    wet = suppose(floods=[box(5, 5) | {"depth_m": 0.2}])
    shut = suppose(closures=[line((5, 0), (5, 7))])
    fast = line((0, 0), (7, 7)) | {"speed_kmh": 100}
    quick = suppose(roads=[fast], closed=stations[1:])
    assert worst_s(wet) >= worst_s(now)
    assert worst_s(shut) >= worst_s(now)
    assert worst_s(quick) < worst_s(by_get)
    assert (wet["supposed"]["conditions"], quick["supposed"]["roads"]) == (1, 1)
    assert any("New roads" in one["en"] for one in quick["sentences"])
    tonight = suppose(drawn_at="2026-11-30T22:00:00Z")
    assert tonight["change"] == []
    # One call an hour, each an hour: the fleet at work covers less than all units standing by.
    for one in now["worked"]:
        (still,) = (
            share for share in now["shares"] if share["standard"] == one["standard"]
            and share["part"] == "city" and share["fold"] == 1 and share["unit_class"] is None
        )  # fmt: skip
        assert one["covered"] <= still["covered"]
        assert 0.0 < one["busy_least"] <= one["busy_mean"] <= one["busy_most"] < 1.0
    assert new["worked"] == []

    for wrong, words in (
        ({"sites": [middle | {"point": point(90, 90)}]}, "needs one"),
        ({"roads": [line((0, 0), (90, 90))]}, "from all roads"),
        ({"floods": [box(90, 90)]}, "hits no road"),
        ({"closed": [987]}, "no station 987"),
        ({"group_by": "weather"}, "cannot be weighed"),
        ({"calls_an_hour": 1000}, "cannot keep up"),
    ):
        refused = suppose(404 if "group_by" in wrong else 422, **wrong)
        assert words in refused["detail"]


@pytest.mark.acceptance
def test_closed_stations_and_what_was_recorded_count(
    roads: TestClient, world: World, ask: Callable[..., Any], dispatcher: dict[str, str],
    take_call: Any,
) -> None:  # fmt: skip
    view = ask()
    with world.database.read(SYSTEM) as uow:
        stations = list(uow.session.scalars(select(Station.station_id)))
    assert view["stations"] == len(stations) == 3
    # A unit of the middle of the city moves at once; then its station is closed.
    sent = roads.post(
        f"/v1/incidents/{take_call()['incident_id']}/assignments",
        json={"unit_id": world.unit_ids[0]}, headers=dispatcher | new_key(),
    ).json()  # fmt: skip
    stamp = {"state": "en_route", "source": "console"}
    answer = roads.post(
        f"/v1/assignments/{sent['assignment_id']}/stamps", json=stamp, headers=dispatcher
    )
    assert answer.status_code in {200, 201}, answer.text
    fewer = ask(closed=stations[1:])
    turnouts = [one for one in fewer["compliance"] if one["standard"] == "turnout_3_min"]
    assert [(one["numerator"], one["denominator"], one["met"]) for one in turnouts
            if one["met"] is not None] == [(1, 1, True)]  # fmt: skip
    assert (fewer["stations"], fewer["closed"]) == (1, stations[1:])
    assert fewer["units"] < view["units"]
    assert all(one["loses"] >= 0 and one["slower"] >= 0 for one in fewer["change"])
    assert max(one["seconds"] for one in fewer["worst"]) >= max(
        one["seconds"] for one in view["worst"]
    )

    # 240 drives took half as long again as was predicted: times are corrected, and it is said.
    with world.database.unit_of_work(SYSTEM) as uow:
        for statement in DRIVES:
            uow.session.execute(text(statement), {"assignment_id": sent["assignment_id"]})
    slower = ask()
    assert "Corrected by recorded responses" in slower["calibration"]["en"]
    assert slower["sentences"][0] == slower["calibration"]
    assert max(one["seconds"] for one in slower["worst"]) == pytest.approx(
        1.5 * max(one["seconds"] for one in view["worst"]), abs=1.5
    )

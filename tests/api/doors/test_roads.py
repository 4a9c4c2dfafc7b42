"""Road conditions and travel times through the doors: closed here, felt at once everywhere."""

import json
import math
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from gis.access import Grant
from tests.api.conftest import World, new_key
from tests.cities import corner

pytestmark = pytest.mark.database

VERSIONS = {"topology_id", "conditions_id", "metric_id"}


@pytest.fixture
def roads(app: FastAPI, client: TestClient) -> TestClient:
    """The application with its graphs loaded."""
    app.state.context.routing.refresh()
    return client


def point(column: float, row: float) -> dict[str, Any]:
    lon, lat = corner(column, row)  # type: ignore[arg-type]
    return {"lon": lon, "lat": lat, "datum": "wgs84"}


def tile_of(column: float, row: float, zoom: int = 15) -> tuple[int, int]:
    lon, lat = corner(column, row)  # type: ignore[arg-type]
    sine = math.sin(math.radians(lat))
    share = 0.5 - math.log((1 + sine) / (1 - sine)) / (4 * math.pi)
    return int((lon + 180) / 360 * 2**zoom), int(share * 2**zoom)


def points(*at: tuple[float, float]) -> dict[str, Any]:
    return {"lonlat": [corner(*one) for one in at], "datum": "wgs84"}  # type: ignore[arg-type]


def polygon(column: float, row: float, *, half: float) -> dict[str, Any]:
    ring = [(-half, -half), (half, -half), (half, half), (-half, half), (-half, -half)]
    corners = [corner(column + dx, row + dy) for dx, dy in ring]  # type: ignore[arg-type]
    return {"drawn": "polygon", "datum": "wgs84",
            "geometry": {"type": "Polygon", "coordinates": [corners]}}  # fmt: skip


def closure(world: World, sketch: dict[str, Any], **more: Any) -> dict[str, Any]:
    expires_at = datetime.now(tz=UTC) + timedelta(hours=1)
    return {"city_id": world.city_id, "kind": "closure", "sketch": sketch,
            "expires_at": expires_at.isoformat(), "reason_en": "burst main", **more}  # fmt: skip


def ask(client: TestClient, headers: dict[str, str], path: str, body: dict[str, Any]) -> Any:
    answer = client.post(f"/v1/routing/{path}", json=body, headers=headers)
    assert answer.status_code == 200, answer.text
    return answer.json()


def put_closure(
    client: TestClient, headers: dict[str, str], body: dict[str, Any]
) -> dict[str, Any]:
    answer = client.post("/v1/routing/conditions", json=body, headers=headers | new_key())
    assert answer.status_code == 201, answer.text
    made: dict[str, Any] = answer.json()
    return made


def way(world: World) -> dict[str, Any]:
    return {"city_id": world.city_id, "from": point(0, 3), "to": point(7, 3)}


def test_a_closure_lengthens_the_next_route_and_its_end_shortens_it_again(
    roads: TestClient, world: World, dispatcher: dict[str, str]
) -> None:
    before = ask(roads, dispatcher, "route", way(world))
    assert before.keys() >= VERSIONS
    made = put_closure(roads, dispatcher, closure(world, polygon(3.5, 3, half=0.3)))
    assert (made["kind"], made["state"], made["roads"]) == ("closure", "active", 1)
    assert [street["name"] for street in made["streets"]] == ["Row 3"]
    during = ask(roads, dispatcher, "route", way(world))
    assert during["travel_time_s"] > before["travel_time_s"] + 5
    assert during["conditions_id"] != before["conditions_id"]
    assert during["topology_id"] == before["topology_id"]
    ended = roads.post(f"/v1/routing/conditions/{made['condition_id']}/end", headers=dispatcher)
    assert ended.json()["state"] == "ended"
    assert ask(roads, dispatcher, "route", way(world))["travel_time_s"] == before["travel_time_s"]


def test_the_map_shows_a_closed_road_at_once(
    roads: TestClient, world: World, dispatcher: dict[str, str]
) -> None:
    x, y, zoom = *tile_of(3.5, 3), 15
    address = f"/v1/tiles/{world.city_id}/conditions/{zoom}/{x}/{y}.mvt"
    before = roads.get(address)
    assert before.content == b""
    assert before.headers["cache-control"] == "public, no-cache"
    put_closure(roads, dispatcher, closure(world, polygon(3.5, 3, half=0.3)))
    shown = roads.get(address)
    assert b"closure" in shown.content
    assert b"dispatcher" not in shown.content  # tiles are public, authors are not
    assert shown.headers["etag"] != before.headers["etag"]


def test_a_repeated_closure_is_one_closure(
    roads: TestClient, world: World, dispatcher: dict[str, str]
) -> None:
    headers, body = dispatcher | new_key(), closure(world, polygon(3.5, 3, half=0.3))
    first, again = (
        roads.post("/v1/routing/conditions", json=body, headers=headers) for _ in range(2)
    )
    assert first.json() == again.json()
    address = f"/v1/routing/conditions?city_id={world.city_id}"
    assert len(roads.get(address, headers=dispatcher).json()["conditions"]) == 1


def test_the_preview_stores_nothing_and_says_which_station_is_cut_off(
    roads: TestClient, world: World, dispatcher: dict[str, str]
) -> None:
    # Station 0 stands at the corner (0, 0), which has two roads.
    sketch = polygon(0, 0, half=0.5)
    seen = ask(roads, dispatcher, "conditions/preview",
               {"city_id": world.city_id, "sketch": sketch})  # fmt: skip
    assert seen["roads"] == 2
    assert seen["street_count"] == 2
    assert {one["name"] for one in seen["cut_off"]} >= {"Station 0"}
    address = f"/v1/routing/conditions?city_id={world.city_id}&state=current"
    assert roads.get(address, headers=dispatcher).json()["conditions"] == []
    made = put_closure(roads, dispatcher, closure(world, sketch))
    assert [one["name"] for one in made["cut_off"]] == [one["name"] for one in seen["cut_off"]]


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"expires_at": "2020-01-01T00:00:00Z"}, "condition_times_invalid"),
        ({"reason_en": " "}, "condition_reason_missing"),
        ({"sketch": {"drawn": "edges", "edges": [{"segment_id": 10**12}]}}, "roads_unknown"),
        ({"sketch": polygon(3, 3, half=0.2) | {"datum": None}}, "datum_required"),
        ({"sketch": polygon(30, 30, half=0.2)}, "drawing_invalid"),
        ({"sketch": polygon(3.5, 3.5, half=0.2)}, "no_road_hit"),
        ({"kind": "flood"}, "speed_invalid"),
        ({"kind": "roadworks", "speed_kmh": -3}, "speed_invalid"),
    ],
)
def test_what_cannot_be_stored_is_refused_in_words(
    roads: TestClient, world: World, dispatcher: dict[str, str], change: dict[str, Any], code: str
) -> None:
    body = closure(world, polygon(3.5, 3, half=0.3)) | change
    answer = roads.post("/v1/routing/conditions", json=body, headers=dispatcher | new_key())
    assert (answer.status_code, answer.json()["code"]) == (422, code)
    assert answer.headers["content-type"].startswith("application/problem+json")


def test_two_who_extend_at_once_are_told(
    roads: TestClient, world: World, dispatcher: dict[str, str]
) -> None:
    made = put_closure(roads, dispatcher, closure(world, polygon(3.5, 3, half=0.3)))
    address = f"/v1/routing/conditions/{made['condition_id']}/extend"
    body = {"expires_at": (datetime.now(tz=UTC) + timedelta(hours=4)).isoformat()}
    assert roads.post(address, json=body, headers=dispatcher).status_code == 428
    headers = dispatcher | {"If-Match": f'"{made["version"]}"'}
    extended = roads.post(address, json=body, headers=headers)
    assert extended.headers["etag"] == f'"{extended.json()["version"]}"'
    assert roads.post(address, json=body, headers=headers).status_code == 412


def test_only_a_signer_permits_contraflow(
    roads: TestClient, world: World, dispatcher: dict[str, str]
) -> None:
    body = closure(world, {"drawn": "area", "area_code": "440305"}, legal_basis="Order 12",
                   confirmed=True)  # fmt: skip
    # Confirmed: the test city has no one-way street.
    del body["kind"]
    address = "/v1/routing/conditions/permits"
    assert roads.post(address, json=body, headers=dispatcher | new_key()).status_code == 403
    supervisor = world.bearer(Grant("supervisor"))
    signed = roads.post(address, json=body, headers=supervisor | new_key())
    assert (signed.status_code, signed.json()["kind"]) == (201, "contraflow_permit")


def test_live_speeds_slow_the_next_route(
    roads: TestClient, world: World, dispatcher: dict[str, str]
) -> None:
    before = ask(roads, dispatcher, "route", way(world))
    row = points(*((n + 0.5, 3) for n in range(7)))
    found = ask(roads, dispatcher, "snap", {"city_id": world.city_id, "points": row})
    segment_ids = [one["candidates"][0]["segment_id"] for one in found["points"]]
    now = datetime.now(tz=UTC)
    body = {
        "city_id": world.city_id, "source": "test", "segment_id": segment_ids * 2,
        "direction": [0] * 7 + [1] * 7, "speed_kmh": [12.0] * 14, "observed_at": now.isoformat(),
        "expires_at": (now + timedelta(minutes=10)).isoformat(),
    }  # fmt: skip
    stored = roads.put("/v1/routing/conditions/speeds", json=body, headers=dispatcher)
    assert stored.json()["stored"] == 14
    assert ask(roads, dispatcher, "route", way(world))["travel_time_s"] > before["travel_time_s"]


def test_matrix_nearest_and_route_agree(
    roads: TestClient, world: World, dispatcher: dict[str, str]
) -> None:
    starts, ends = ((0, 0), (5, 2), (7, 7)), ((1, 4), (6, 6))
    answer = roads.post(
        "/v1/routing/matrix", headers=dispatcher,
        json={"city_id": world.city_id, "origins": points(*starts), "destinations": points(*ends)},
    )  # fmt: skip
    assert answer.headers["content-type"].startswith("application/x-ndjson")
    head, *rows = (json.loads(line) for line in answer.text.splitlines())
    assert (head["origins"], head["destinations"]) == (3, 2)
    assert head.keys() >= VERSIONS
    for start, row in zip(starts, rows, strict=True):
        for end, time_s in zip(ends, row, strict=True):
            body = {"city_id": world.city_id, "from": point(*start), "to": point(*end)}
            assert ask(roads, dispatcher, "route", body)["travel_time_s"] == time_s
    near = ask(roads, dispatcher, "nearest", {
        "city_id": world.city_id, "place": point(*ends[0]), "candidates": points(*starts), "k": 2,
        "routes": True,
    })  # fmt: skip
    column = [row[0] for row in rows]
    assert [one["travel_time_s"] for one in near["nearest"]] == sorted(column)[:2]
    assert near["nearest"][0]["route"]["steps"]


def test_a_matrix_says_null_where_no_road_leads(
    roads: TestClient, world: World, dispatcher: dict[str, str]
) -> None:
    put_closure(roads, dispatcher, closure(world, polygon(0, 0, half=0.5)))
    ends = points((0, 0), (1, 1))
    body = {"city_id": world.city_id, "origins": points((4, 4)), "destinations": ends}
    answer = roads.post("/v1/routing/matrix", headers=dispatcher, json=body)
    row = json.loads(answer.text.splitlines()[1])
    assert row[0] is None
    assert row[1] > 0


def test_isochrones_grow_and_are_polygons(
    roads: TestClient, world: World, dispatcher: dict[str, str]
) -> None:
    found = ask(roads, dispatcher, "isochrone",
                {"city_id": world.city_id, "place": point(4, 4), "limits_s": [60, 30]})  # fmt: skip
    small, large = found["features"]
    assert small["properties"]["limit_s"] == 30
    assert 0 < small["properties"]["area_km2"] < large["properties"]["area_km2"]
    assert large["geometry"]["type"] == "MultiPolygon"
    assert found.keys() >= VERSIONS


def test_snapping_tells_both_roads_of_a_corner_and_the_distance_of_none(
    roads: TestClient, world: World, dispatcher: dict[str, str]
) -> None:
    body = {"city_id": world.city_id, "points": points((3, 3), (3.5, 3.45)), "limit_m": 20}
    corner_, field = ask(roads, dispatcher, "snap", body)["points"]
    assert len(corner_["candidates"]) == 4
    assert field["candidates"] == []
    assert field["distance_m"] > 20


def test_versions_are_told_by_profile(
    roads: TestClient, world: World, dispatcher: dict[str, str]
) -> None:
    answer = roads.get(f"/v1/routing/versions?city_id={world.city_id}", headers=dispatcher)
    assert answer.json()["profiles"]["ambulance_lights"].keys() == VERSIONS


def test_an_unknown_city_is_not_found(roads: TestClient, dispatcher: dict[str, str]) -> None:
    body = {"city_id": 10**9, "place": point(4, 4), "limits_s": [60]}
    answer = roads.post("/v1/routing/isochrone", json=body, headers=dispatcher)
    assert answer.status_code == 404


def test_a_closure_that_ends_before_one_is_there_does_not_lengthen_a_later_departure(
    roads: TestClient, world: World, dispatcher: dict[str, str]
) -> None:
    free = ask(roads, dispatcher, "route", way(world))
    assert (free["time_dependent"], free["changes_at"], free["stood_s"]) == (False, [], 0)
    now = datetime.now(tz=UTC)
    ends_at = now + timedelta(minutes=30)
    body = closure(world, polygon(3.5, 3, half=0.3), expires_at=ends_at.isoformat())
    put_closure(roads, dispatcher, body)
    closed = ask(roads, dispatcher, "route", way(world))
    assert closed["travel_time_s"] > free["travel_time_s"]

    def leaving(at: datetime) -> Any:
        return ask(roads, dispatcher, "route", way(world) | {"depart_at": at.isoformat()})

    early, across, after = (
        leaving(ends_at + timedelta(seconds=seconds)) for seconds in (-900, -5, 5)
    )
    assert early["travel_time_s"] == closed["travel_time_s"]
    assert early["changes_at"] == []
    assert across["travel_time_s"] == free["travel_time_s"] == after["travel_time_s"]
    assert [datetime.fromisoformat(one) for one in across["changes_at"]] == [ends_at]
    assert across["time_dependent"]
    assert after["changes_at"] == []
    took = datetime.fromisoformat(after["arrives_at"]) - datetime.fromisoformat(after["departs_at"])
    assert took.total_seconds() == pytest.approx(after["travel_time_s"], abs=0.001)
    assert across.keys() >= VERSIONS


def test_a_long_trip_from_now_counts_what_changes_on_the_way_by_itself(
    roads: TestClient, world: World, dispatcher: dict[str, str]
) -> None:
    across = {"city_id": world.city_id, "from": point(0, 0), "to": point(7, 7)}
    on_foot = across | {"profile": "walk"}
    free = ask(roads, dispatcher, "route", on_foot)
    assert free["travel_time_s"] > 600
    body = closure(
        world, polygon(6.5, 7, half=0.3),
        expires_at=(datetime.now(tz=UTC) + timedelta(minutes=3)).isoformat(),
    )  # fmt: skip
    put_closure(roads, dispatcher, body)
    found = ask(roads, dispatcher, "route", on_foot)
    assert found["travel_time_s"] == free["travel_time_s"]
    assert found["time_dependent"]
    assert len(found["changes_at"]) == 1
    by_car = ask(roads, dispatcher, "route", across)
    assert not by_car["time_dependent"]


def test_who_is_shut_in_gets_out_when_the_closure_ends_and_the_answer_says_so(
    roads: TestClient, world: World, dispatcher: dict[str, str]
) -> None:
    now = datetime.now(tz=UTC)
    ends_at = now + timedelta(minutes=90)
    sketch = polygon(7, 3, half=0.5)
    put_closure(roads, dispatcher, closure(world, sketch, expires_at=ends_at.isoformat()))
    blocked = roads.post("/v1/routing/route", json=way(world), headers=dispatcher)
    assert blocked.status_code == 404
    found = ask(roads, dispatcher, "route", way(world) | {"depart_at": now.isoformat()})
    assert datetime.fromisoformat(found["arrives_at"]) > ends_at
    assert found["stood_s"] > 80 * 60


def test_the_nearest_at_a_departure_are_those_whose_route_arrives_first(
    roads: TestClient, world: World, dispatcher: dict[str, str]
) -> None:
    now = datetime.now(tz=UTC)
    body = closure(world, polygon(3.5, 3, half=0.3),
                   expires_at=(now + timedelta(minutes=10)).isoformat())  # fmt: skip
    put_closure(roads, dispatcher, body)
    candidates = ((0, 3), (5, 2), (7, 7))
    depart_at = (now + timedelta(seconds=595)).isoformat()
    near = ask(roads, dispatcher, "nearest", {
        "city_id": world.city_id, "place": point(4, 3), "candidates": points(*candidates),
        "k": 2, "routes": True, "depart_at": depart_at,
    })  # fmt: skip
    times = [
        ask(roads, dispatcher, "route", {
            "city_id": world.city_id, "from": point(*one), "to": point(4, 3),
            "depart_at": depart_at,
        })["travel_time_s"]
        for one in candidates
    ]  # fmt: skip
    assert [one["travel_time_s"] for one in near["nearest"]] == sorted(times)[:2]
    assert [one["route"]["travel_time_s"] for one in near["nearest"]] == sorted(times)[:2]
    assert near["time_dependent"]


@pytest.mark.parametrize("ahead", [timedelta(hours=-1), timedelta(days=8)])
def test_a_departure_that_is_past_or_far_ahead_is_refused(
    roads: TestClient, world: World, dispatcher: dict[str, str], ahead: timedelta
) -> None:
    body = way(world) | {"depart_at": (datetime.now(tz=UTC) + ahead).isoformat()}
    answer = roads.post("/v1/routing/route", json=body, headers=dispatcher)
    assert (answer.status_code, answer.json()["code"]) == (422, "departure_invalid")
    naive = way(world) | {"depart_at": "2026-05-04T12:00:00"}
    answer = roads.post("/v1/routing/route", json=naive, headers=dispatcher)
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid_request")


def test_whoever_plans_or_dispatches_sees_how_right_arrival_times_were(
    world: World, client: TestClient
) -> None:
    period = {"from": "2026-01-01T08:00:00+08:00", "to": "2026-03-01T00:00:00Z"}
    day = timedelta(days=1)
    asked = (datetime(2026, 1, 1, tzinfo=UTC), datetime(2026, 3, 1, tzinfo=UTC))
    midnight = datetime(2026, 1, 1, tzinfo=timezone(timedelta(hours=8)))
    for role, status, shown in (
        ("planner", 200, (midnight, midnight + 60 * day)),
        ("supervisor", 200, asked),
        ("clinic", 403, None),
    ):
        answer = client.get(
            "/v1/routing/calibration",
            params=period | {"city_id": world.city_id},
            headers=world.bearer(Grant(role)),
        )
        assert answer.status_code == status, answer.text
        if status == 200:
            told = answer.json()
            assert tuple(datetime.fromisoformat(told[end]) for end in ("from_at", "to_at")) == shown
            assert (told["assignments"], told["compared"], told["excluded"]) == (0, 0, [])
            assert told["overall"]["median_error_s"] == {"value": None, "low": None, "high": None}
    unknown = client.get(
        "/v1/routing/calibration", params={"city_id": 999},
        headers=world.bearer(Grant("planner")),
    )  # fmt: skip
    assert unknown.status_code == 404


@pytest.mark.parametrize(
    "period",
    [
        {"to": "0001-01-10T00:00:00Z"},
        {"to": "9999-12-31T23:59:59-14:00"},
        {"from": "0001-01-01T00:00:00+14:00", "to": "2026-01-01T00:00:00Z"},
        {"from": "2026-02-01T00:00:00Z", "to": "2026-01-01T00:00:00Z"},
        {"from": "2024-01-01T00:00:00Z", "to": "2026-01-01T00:00:00Z"},
    ],
)
def test_a_period_that_cannot_be_reported_on_is_refused(
    world: World, client: TestClient, dispatcher: dict[str, str], period: dict[str, str]
) -> None:
    answer = client.get(
        "/v1/routing/calibration", params=period | {"city_id": world.city_id}, headers=dispatcher
    )  # fmt: skip
    assert answer.status_code == 422, answer.text
    # The ends of time are refused by the door, what is merely no period by the report.
    ends_of_time = not all(at.startswith("202") for at in period.values())
    assert answer.json()["code"] == ("invalid_request" if ends_of_time else "period_invalid")
    said = "must lie between 1901 and 2198" if ends_of_time else "The period cannot be used: it "
    assert said in answer.json()["detail"]

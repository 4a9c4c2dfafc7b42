"""Headers, pages, tiles, and the public doors."""

import logging

import pytest
from starlette.testclient import TestClient

from gis.access import Grant
from tests.api.conftest import World
from tests.cities import corner

pytestmark = pytest.mark.database


def test_pages_and_their_files(client: TestClient) -> None:
    page = client.get("/console")
    assert page.headers["Content-Type"].startswith("text/html")
    assert page.headers["Cache-Control"] == "no-cache"
    icon = client.get("/static/icon.svg")
    assert icon.status_code == 200
    again = client.get("/static/icon.svg", headers={"If-None-Match": icon.headers["ETag"]})
    assert again.status_code == 304
    assert client.get("/static/../errors.py").status_code == 404


def test_the_built_in_documentation_pages_are_off(client: TestClient) -> None:
    assert client.get("/docs").status_code == 404
    assert client.get("/redoc").status_code == 404
    schema = client.get("/v1/openapi.json").json()
    assert "/v1/calls" in schema["paths"]


def test_cities(client: TestClient, world: World) -> None:
    (city,) = client.get("/v1/cities").json()["cities"]
    assert (city["key"], city["modelled"]) == ("grid", True)
    west, south, east, north = city["bbox"]
    assert west < city["centre"][0] < east
    assert south < city["centre"][1] < north
    assert city["counts"]["units"] == len(world.unit_ids)


def test_styles_tiles_and_layers(client: TestClient, world: World) -> None:
    style = client.get(f"/v1/map/style/{world.city_id}.json", params={"language": "en"}).json()
    assert style["version"] == 8
    assert client.get("/v1/map/style/99.json").json()["code"] == "city_unknown"
    assert set(style["sources"]) == {"base", "aeds", "stations", "facilities", "conditions"}
    base = client.get(
        f"/v1/map/style/{world.city_id}.json", params={"language": "en", "base": "only"}
    )
    assert set(base.json()["sources"]) == {"base"}
    # The tile of zoom 14 that holds the grid's corner 114.0, 22.5.
    path = f"/v1/tiles/{world.city_id}/roads/14/13380/7140.mvt"
    tile = client.get(path)
    assert tile.status_code == 200
    assert tile.headers["Content-Type"] == "application/vnd.mapbox-vector-tile"
    assert len(tile.content) > 100
    again = client.get(path, headers={"If-None-Match": tile.headers["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert client.get(f"/v1/tiles/{world.city_id}/secrets/1/1/1.mvt").status_code == 404


def test_facilities_are_geojson(client: TestClient, world: World) -> None:
    answer = client.get("/v1/facilities", params={"city_id": world.city_id, "kind": "hospital"})
    assert answer.headers["Content-Type"] == "application/geo+json"
    (feature,) = answer.json()["features"]
    assert feature["properties"]["name"] == "Grid Hospital"
    assert sorted(feature["properties"]["capabilities"]) == ["emergency", "pci"]
    clinics = client.get("/v1/facilities", params={"city_id": world.city_id, "kind": "clinic"})
    assert clinics.json()["features"] == []


def test_the_nearest_defibrillator_needs_no_login_and_leaves_no_trace(
    client: TestClient, world: World, caplog: pytest.LogCaptureFixture
) -> None:
    lon, lat = corner(2, 3)
    body = {"city_id": world.city_id, "point": {"lon": lon, "lat": lat, "datum": "wgs84"}}
    with caplog.at_level(logging.INFO):
        answer = client.post("/v1/aeds/nearest", json=body)
    found = answer.json()["aeds"]
    assert found[0]["name"] == "Lobby"
    assert found[0]["open_now"] is True
    assert "/v1/aeds/nearest" in caplog.text
    assert str(lat) not in caplog.text
    undeclared = client.post(
        "/v1/aeds/nearest", json={"city_id": world.city_id, "point": {"lon": lon, "lat": lat}}
    )
    assert undeclared.json()["code"] == "datum_required"


def test_a_route_says_what_it_rests_on(client: TestClient, world: World) -> None:
    ends = [dict(zip(("lon", "lat"), corner(*at), strict=True)) for at in ((0, 0), (5, 5))]
    answer = client.post(
        "/v1/routing/route", headers=world.bearer(Grant("planner")),
        json={"city_id": world.city_id, "from": ends[0] | {"datum": "wgs84"},
              "to": ends[1] | {"datum": "wgs84"}, "profile": "walk"},
    )  # fmt: skip
    body = answer.json()
    assert body["basis"] == "straight_line"
    assert body["travel_time_s"] > 600
    assert body["geometry"]["type"] == "LineString"


def test_a_place_is_found_by_name(
    client: TestClient, world: World, dispatcher: dict[str, str]
) -> None:
    answer = client.post(
        "/v1/places/search", json={"city_id": world.city_id, "query": "第2横路"}, headers=dispatcher
    )
    assert answer.json()["places"][0]["name"] == "Row 2"


def test_a_hospital_reports_for_itself_only(client: TestClient, world: World) -> None:
    facilities = client.get("/v1/facilities", params={"city_id": world.city_id}).json()
    own = facilities["features"][0]["id"]
    path = f"/v1/facilities/{own}/status"
    ours = world.bearer(Grant("hospital", "", own))
    stored = client.put(path, json={"diverting": True, "divert_reason": "CT down"}, headers=ours)
    assert stored.status_code == 200, stored.text
    shown = client.get(path, headers=world.bearer(Grant("dispatcher")))
    assert shown.json()["diverting"] is True
    assert shown.headers["ETag"] == stored.headers["ETag"]


def test_where_what_is_said_of_a_hospital_comes_from(client: TestClient, world: World) -> None:
    facilities = client.get("/v1/facilities", params={"city_id": world.city_id}).json()
    own = facilities["features"][0]
    path = f"/v1/facilities/{own['id']}"
    assert client.get(path).status_code == 401
    shown = client.get(path, headers=world.bearer(Grant("dispatcher"))).json()
    (record,) = shown["records"]
    assert (record["name"], record["ended_at"]) == (own["properties"]["name"], None)
    assert shown["kinds"][0]["kind"] == own["properties"]["kind"]
    assert shown["kinds"][0]["valid_until"] is None
    nobody = client.get("/v1/facilities/999999", headers=world.bearer(Grant("dispatcher")))
    assert (nobody.status_code, nobody.json()["code"]) == (404, "facility_unknown")


def test_simulation_control(client: TestClient, world: World) -> None:
    supervisor = world.bearer(Grant("supervisor"))
    changed = client.patch("/v1/simulation", json={"speed_factor": 10}, headers=supervisor)
    assert changed.json()["speed_factor"] == 10
    assert client.get("/v1/simulation", headers=supervisor).json()["speed_factor"] == 10
    wild = client.patch("/v1/simulation", json={"speed_factor": 1000}, headers=supervisor)
    assert wild.status_code == 422


def test_units_are_listed_with_their_status(
    client: TestClient, world: World, dispatcher: dict[str, str]
) -> None:
    units = client.get("/v1/units", params={"city_id": world.city_id}, headers=dispatcher).json()
    assert [unit["unit_id"] for unit in units["units"]] == list(world.unit_ids)
    assert {unit["status"] for unit in units["units"]} == {"Available"}


def test_a_body_that_is_too_large(client: TestClient, dispatcher: dict[str, str]) -> None:
    answer = client.post("/v1/calls", json={"words": "x" * 1_100_000}, headers=dispatcher)
    assert (answer.status_code, answer.json()["code"]) == (413, "body_too_large")

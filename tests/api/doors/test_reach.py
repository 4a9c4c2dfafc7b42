"""Who holds a right for one district reads nothing of another through any door.

The grid has two districts, west and east. What each may see is told here by shapely from what a
holder for the whole city sees, never by the database.
"""

import csv
import io
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import shapely
from fastapi import FastAPI
from sqlalchemy import text, update
from starlette.testclient import TestClient

from api.rooms import HOUSE
from gis.access import EVERYWHERE, SYSTEM, Grant, system_within
from gis.documents import KeyFigures, Table
from gis.permissions import RESOURCE_READ
from gis.rooms.layers import Computed
from gis.tables import Facility, FacilityCapability
from maps.reports.reading import read_report
from tests.api.conftest import World, new_key
from tests.api.doors.test_exports import FOR, approve
from tests.api.doors.test_reports import process
from tests.cities import corner
from tests.maps.test_declarations import fill
from tests.maps.tiles_read import read_all, tile_of

pytestmark = pytest.mark.database

WEST, EAST = "440305", "440306"
LAYERS = HOUSE.layers
GUARDED = {name for name, layer in LAYERS.items() if layer.permission is not None}
TARGETS = ("station", "emergency", "stroke", "pci")
Collection = dict[str, Any]


@pytest.fixture
def full(app: FastAPI, client: TestClient, world: World) -> TestClient:
    """The application with people, hospitals of every capability, a published week and roads."""
    with world.database.unit_of_work(SYSTEM) as uow:
        fill(uow, world.city_id)
        (hospital,) = uow.session.scalars(text("SELECT facility_id FROM facilities"))
        for capability in ("stroke_primary", "stroke_comprehensive", "trauma", "burn",
                           "obstetrics", "paediatric"):  # fmt: skip
            uow.session.add(FacilityCapability(
                facility_id=hospital, capability=capability, source="test",
                valid_from=uow.clock.now(),
            ))  # fmt: skip
    app.state.context.routing.refresh()
    return client


@pytest.fixture
def outlines(world: World) -> dict[str, shapely.Geometry]:
    with world.database.read(SYSTEM) as uow:
        rows = uow.session.execute(text("SELECT code, ST_AsBinary(geom) AS shape FROM areas"))
        return {row.code: shapely.from_wkb(bytes(row.shape)) for row in rows}


def features(client: TestClient, world: World, headers: dict[str, str], name: str) -> Collection:
    answer = client.get(
        f"/v1/map/layers/{name}/features", params={"city_id": world.city_id}, headers=headers
    )
    assert answer.status_code == 200, (name, answer.text)
    return json.loads(answer.content)


def rows_of(found: Collection) -> set[str]:
    return {json.dumps(one, sort_keys=True) for one in found["features"]}


def within(found: Collection, outline: shapely.Geometry) -> set[str]:
    """The oracle: features whose inner point the district covers."""
    return {
        json.dumps(one, sort_keys=True)
        for one in found["features"]
        if outline.covers(shapely.from_geojson(json.dumps(one["geometry"])).point_on_surface())
    }


@pytest.mark.parametrize("role", [role for role in HOUSE.roles if role != "anonymous"])
def test_every_layer_in_every_district_as_every_role(
    full: TestClient, world: World, outlines: dict[str, shapely.Geometry], tmp_path: Path, role: str
) -> None:
    everywhere = world.bearer(Grant(role))
    z, x, y = tile_of(*corner(4, 4), 12)
    for code, outline in outlines.items():
        here = world.bearer(Grant(role, code))
        listed = full.get(
            "/v1/map/layers", params={"city_id": world.city_id}, headers=here
        ).json()["layers"]  # fmt: skip
        for shown in listed:
            layer = LAYERS[shown["name"]]
            guarded = layer.name in GUARDED
            if not layer.exports:
                # Nothing is stored of one that asks for a right and gives no files.
                assert not guarded or not shown["count"], layer.name
                continue
            whole = features(full, world, everywhere, layer.name)
            part = features(full, world, here, layer.name)
            told = within(whole, outline) if guarded else rows_of(whole)
            assert rows_of(part) == told, (layer.name, code)
            if isinstance(layer.source, Computed):
                assert guarded
                continue
            assert shown["count"] == len(told), (layer.name, code)
            if guarded:
                assert bool(shown["empty"]) == (not told)
                path = f"/v1/guarded-tiles/{world.city_id}/{layer.name}/{z}/{x}/{y}.mvt"
                tile = full.get(path, headers=here).content
                folder = tmp_path / code / layer.name
                # Tiles are on a grid of some metres: by numbers, not by shapes.
                seen = len(read_all(tile, folder, z, x, y)[layer.name]) if tile else 0
                assert seen == len(told), (layer.name, code)


def test_the_layers_of_two_districts_are_the_whole_and_share_nothing(
    full: TestClient, world: World
) -> None:
    whole, west, east, both = (
        world.bearer(*(Grant("cdc", code) for code in codes))
        for codes in ((EVERYWHERE,), (WEST,), (EAST,), (WEST, EAST))
    )
    told = 0
    for name in sorted(GUARDED):
        if LAYERS[name].permission not in HOUSE.holdings["cdc"] or not LAYERS[name].exports:
            continue
        found = [rows_of(features(full, world, who, name)) for who in (whole, west, east, both)]
        assert found[1] | found[2] == found[0] == found[3], name
        assert not found[1] & found[2], name
        told += len(found[1])
    assert told > 5


def test_a_right_elsewhere_or_of_a_street_shows_what_lies_there(
    full: TestClient, world: World
) -> None:
    with world.database.unit_of_work(SYSTEM) as uow:
        uow.session.execute(text(
            "INSERT INTO areas (city_id, code, parent_id, level, name, valid_from, source, geom)"
            " SELECT city_id, '440305001', area_id, 'street', 'Corner', '2000-01-01', 'test',"
            " ST_Multi(ST_MakeEnvelope(113.9991, 22.4991, 113.9993, 22.4993, 4326))"
            " FROM areas WHERE code = '440305'"
        ))  # fmt: skip
    nowhere = world.bearer(Grant("cdc", "110101"))
    street = world.bearer(Grant("cdc", "440305001"))
    for who in (nowhere, street):
        for name in ("population_cells", "population_areas", "facilities_pci", "minutes_pci"):
            assert features(full, world, who, name)["features"] == [], name
    # A district holds the streets below it.
    assert features(full, world, world.bearer(Grant("cdc", WEST)), "population_cells")["features"]


@pytest.mark.parametrize("target", TARGETS)
def test_minutes_are_of_the_own_cells(full: TestClient, world: World, target: str) -> None:
    path, city = f"/v1/planning/minutes/{target}", {"city_id": world.city_id}
    whole, west, east = (world.bearer(Grant("planner", one)) for one in (EVERYWHERE, WEST, EAST))
    tags = []
    for part in ("", "/cells", "/features"):
        answers = [full.get(path + part, params=city, headers=who) for who in (whole, west, east)]
        tags += [answer.headers["etag"] for answer in answers]
        # What one of them has does not answer the other.
        again = full.get(
            path + part, params=city,
            headers=east | {"If-None-Match": answers[1].headers["etag"]},
        )  # fmt: skip
        assert again.status_code == 200
        same = full.get(
            path + part, params=city,
            headers=west | {"If-None-Match": answers[1].headers["etag"]},
        )  # fmt: skip
        assert same.status_code == 304
        whole_, west_, east_ = (answer.json() for answer in answers)
        match part:
            case "":
                assert [one["population"]["people"] for one in (whole_, west_, east_)] == [
                    3000, 1000, 2000
                ]  # fmt: skip
                assert [one["code"] for one in west_["districts"]] == [WEST]
                assert [one["code"] for one in east_["districts"]] == [EAST]
                assert any("your account" in one["en"] for one in west_["says"])
                assert not any("your account" in one["en"] for one in whole_["says"])
                people = sum(one["people_now"] for one in west_["classes"])
                assert people == 1000
            case "/cells":
                assert west_["columns"]["cell"] == ["0"]
                assert east_["columns"]["cell"] == ["1"]
                for mine in (west_, east_):
                    row = whole_["columns"]["cell"].index(mine["columns"]["cell"][0])
                    for name in ("people", "seconds", "open_seconds", "standing"):
                        assert mine["columns"][name] == [whole_["columns"][name][row]]
                    (near,), was = mine["columns"]["nearest"], whole_["columns"]["nearest"][row]
                    assert (near is None) == (was is None)
                    if near is not None:
                        assert mine["places"][near] == whole_["places"][was]
            case _:
                assert rows_of(west_) | rows_of(east_) == rows_of(whole_)
                assert not rows_of(west_) & rows_of(east_)
    assert len(set(tags)) == len(tags)


def test_targets_that_no_own_cell_needs_stay_unsaid(full: TestClient, world: World) -> None:
    west = world.bearer(Grant("planner", WEST))
    stations = full.get(
        "/v1/planning/minutes/station/cells", params={"city_id": world.city_id}, headers=west
    ).json()  # fmt: skip
    # Station 2 stands at the corner (7, 7), far east of the only western cell.
    assert "Station 2" not in [one["name"] for one in stations["places"]]
    with world.database.unit_of_work(SYSTEM) as uow:
        uow.session.execute(update(Facility).values(has_emergency_department=None))
    counts = [
        full.get(
            "/v1/planning/minutes/emergency", params={"city_id": world.city_id},
            headers=world.bearer(Grant("planner", code)),
        ).json()["target"]["of_unknown"]
        for code in (WEST, EAST, EVERYWHERE)
    ]  # fmt: skip
    assert counts == [0, 1, 1]


def test_published_cells_are_of_the_own_district(full: TestClient, world: World) -> None:
    with world.database.read(SYSTEM) as uow:
        (release_id,) = uow.session.scalars(text("SELECT release_id FROM disclosure_releases"))
    for code, told in ((WEST, {WEST}), (EAST, {EAST}), (EVERYWHERE, {WEST, EAST})):
        headers = world.bearer(Grant("cdc", code))
        cells = full.get(f"/v1/releases/{release_id}", headers=headers).json()["cells"]
        assert {one["area_code"] for one in cells} == told


def test_a_report_tells_of_the_districts_of_its_asker(world: World) -> None:
    found = {}
    for areas in (("",), (WEST,), (EAST,), (WEST, EAST), ("110101",)):
        with world.database.read(system_within(RESOURCE_READ, areas)) as uow:
            document = read_report(uow, HOUSE.reports["resources"], world.city_id).document
        (counts,) = (
            one for one in document.blocks if isinstance(one, Table) and one.name == "counts"
        )
        (figures,) = (one for one in document.blocks if isinstance(one, KeyFigures))
        found[areas] = (
            {row[0].en for row in counts.rows}, [one.value for one in figures.figures]
        )  # fmt: skip
        text_of = repr(document)
        if areas == (WEST,):
            assert "only, as far as its asker's account goes" in text_of
            assert "East" not in text_of
            assert "whole city" not in text_of.lower()
    assert found["",][0] == found[WEST, EAST][0] == {"West", "East"}
    assert found[WEST,][0] == {"West"}
    assert found[EAST,][0] == {"East"}
    assert found["110101",] == (set(), [0, 0, 0, 0, 0])
    for whole, west, east in zip(found["",][1], found[WEST,][1], found[EAST,][1], strict=True):
        assert whole == west + east


@pytest.mark.acceptance
def test_a_report_of_one_district_is_made_and_read_by_right(
    client: TestClient, world: World, state_folder: Path
) -> None:
    west, east, whole, both = (
        world.bearer(*(Grant("planner", code) for code in codes))
        for codes in ((WEST,), (EAST,), (EVERYWHERE,), (WEST, EAST))
    )
    made = {}
    for who, headers in (("west", west), ("whole", whole)):
        asked = client.post(
            "/v1/reports/resources", headers=headers | new_key(),
            json={"city_id": world.city_id, "language": "en", "formats": ["xlsx"]},
        )  # fmt: skip
        job = asked.json()["job_id"]
        assert process(world.database, state_folder, job).wait(240) == 0
        made[who] = client.get(f"/v1/jobs/{job}", headers=headers).json()["result"]["report_id"]
    for headers, seen in (
        (west, {"west"}), (east, set()), (whole, {"west", "whole"}), (both, {"west"}),
    ):  # fmt: skip
        listed = client.get("/v1/reports", headers=headers).json()["made"]
        assert {one["report_id"] for one in listed} == {made[one] for one in seen}
        for who, report_id in made.items():
            answer = client.get(f"/v1/reports/{report_id}.xlsx", headers=headers)
            assert answer.status_code == (200 if who in seen else 404)


def test_reads_of_personal_values_are_reviewed_where_they_were_made(
    client: TestClient, world: World, take_call: Callable[..., dict], dispatcher: dict[str, str]
) -> None:
    incidents = {
        code: take_call(at, caller_number="13800138000")
        for code, at in ((WEST, (1, 1)), (EAST, (6, 6)))
    }
    for code, incident in incidents.items():
        assert incident["area_code"] == code
        read = client.post(
            f"/v1/incidents/{incident['incident_id']}/caller", json={"reason": f"call {code}"},
            headers=dispatcher,
        )  # fmt: skip
        assert read.status_code == 200
        client.post(
            "/v1/break-glass", headers=dispatcher | new_key(),
            json={"jurisdiction": code, "minutes": 30, "reason": "caller transferred to us"},
        )  # fmt: skip
    officers = {
        code: world.bearer(Grant("privacy_officer", code)) for code in (WEST, EAST, EVERYWHERE)
    }
    reads, glasses = {}, {}
    for code, headers in officers.items():
        listed = client.get("/v1/admin/personal-access", headers=headers).json()["entries"]
        reads[code] = {one["reason"]: one["access_id"] for one in listed}
        opened = client.get("/v1/admin/break-glass", headers=headers).json()["opened"]
        glasses[code] = {one["jurisdiction"]: one["break_glass_id"] for one in opened}
        asked = client.post(
            "/v1/exports", json=FOR | {"kind": "personal_access"}, headers=headers | new_key()
        ).json()
        if asked["persons"]:
            approve(client, world, asked)
        file = client.get(f"/v1/exports/{asked['export_id']}/file", headers=headers)
        _, header, *rows = csv.reader(io.StringIO(file.content.decode("utf-8-sig")))
        assert {row[header.index("reason")] for row in rows} == set(reads[code])
    assert set(reads[WEST]) == {f"call {WEST}"}
    assert set(reads[EAST]) == {f"call {EAST}"}
    assert set(reads[EVERYWHERE]) == {f"call {WEST}", f"call {EAST}"}
    assert (set(glasses[WEST]), set(glasses[EAST])) == ({WEST}, {EAST})
    verdict = {"verdict": "in_order", "note": "called back"}
    beyond = client.post(
        f"/v1/admin/personal-access/{reads[EAST][f'call {EAST}']}/reviews", json=verdict,
        headers=officers[WEST] | new_key(),
    )  # fmt: skip
    assert (beyond.status_code, beyond.json()["code"]) == (404, "access_unknown")
    unseen = client.post(
        f"/v1/admin/break-glass/{glasses[EAST][EAST]}/review", json=verdict,
        headers=officers[WEST],
    )  # fmt: skip
    assert unseen.json()["code"] == "break_glass_unknown"
    # Of the record of exports one sees one's own, and those of the areas one decides on.
    seen = {
        code: {tuple(one["areas"]) for one in
               client.get("/v1/exports", headers=headers).json()["exports"]}
        for code, headers in officers.items()
    }  # fmt: skip
    assert seen == {WEST: {(WEST,)}, EAST: {(EAST,)}, EVERYWHERE: {(WEST,), (EAST,), ("",)}}

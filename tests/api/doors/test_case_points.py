"""Cases as points: for who reads cases there, never at a home, never of a sensitive disease."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
import shapely
from sqlalchemy import insert, text
from starlette.testclient import TestClient

from gis.access import SYSTEM, Grant
from gis.tables import Population
from gis.tables.signals import SurveillanceSeries
from surveillance.cases import repository
from tests.api.conftest import World
from tests.cities import corner
from tests.maps.tiles_read import tile_of
from tests.surveillance.cases.reports import reports
from tests.surveillance.signals.stored import DAY, store_run

pytestmark = pytest.mark.database

MONDAY = date(2026, 6, 1)
"""Of the last whole week before the day that was judged."""
WEST, EAST = "440305", "440306"
HOME = corner(3, 3)
PATH = "/v1/surveillance/maps/points"


@pytest.fixture
def homes(world: World) -> None:
    """Three cases of dengue and one of syphilis in the west, one of dengue in the east."""
    with world.database.unit_of_work(SYSTEM) as uow:
        at = datetime(2026, 6, 6, tzinfo=UTC)
        source_id = repository.lock_source(
            uow.session, world.city_id, "list", kind="line_list", at=at, by="test"
        ).source_id
        store_run(uow, world.city_id)
        usual = {"classification": "confirmed", "entered_on": MONDAY, "stated_at": at,
                 "residence": f"SRID=4326;POINT({HOME[0]} {HOME[1]})"}  # fmt: skip
        west = usual | {"residence_area": WEST, "owned_by_area": WEST}
        repository.store_reports(
            uow.session,
            reports([
                *({"key": f"w{number}", **west} for number in range(3)),
                {"key": "e", **usual, "residence_area": EAST, "owned_by_area": EAST},
                # Caught in the west, known and worked on in the east: no point for the west.
                {"key": "x", **usual, "residence_area": EAST, "owned_by_area": EAST,
                 "exposure_area": WEST},
                {"key": "s", **west, "residence": None, "disease": "syphilis",
                 "sensitive": "hiv_sti"},
                {"key": "late", **west, "entered_on": MONDAY + timedelta(days=7)},
                {"key": "d", **west, "disease": "measles", "deleted_at": at},
            ]),
            city_id=world.city_id, source_id=source_id, import_id=None, as_of=at, at=at,
        )  # fmt: skip
        for code in (WEST, EAST):
            for disease, sensitive in (("dengue", "ordinary"), ("syphilis", "hiv_sti")):
                uow.session.execute(
                    insert(SurveillanceSeries).values(
                        city_id=world.city_id, date_basis="entry", disease=disease,
                        area_code=code, age_group="*", sensitive=sensitive,
                        starts_on=DAY - timedelta(days=27), cases=[1] * 28, nowcast=None,
                    )
                )  # fmt: skip
        for code in (WEST, EAST):
            count(uow, code, 5_000)


def count(uow: Any, code: str, persons: int) -> None:
    area_id = uow.session.execute(
        text("SELECT area_id FROM areas WHERE code = :code AND valid_to IS NULL"), {"code": code}
    ).scalar_one()
    uow.session.execute(
        insert(Population).values(area_id=area_id, persons=persons, base="resident", source="t")
    )


def shown(client: TestClient, world: World, *grants: Grant, **query: Any) -> list[dict[str, Any]]:
    answer = client.get(
        PATH, params={"city_id": world.city_id, "disease": "dengue", **query},
        headers=world.bearer(*grants),
    )  # fmt: skip
    assert answer.status_code == 200, answer.text
    assert answer.headers["cache-control"] == "private, no-store"
    found: list[dict[str, Any]] = answer.json()["features"]
    return found


@pytest.mark.usefixtures("homes")
def test_points_lie_in_the_area_and_are_no_homes(client: TestClient, world: World) -> None:
    points = shown(client, world, Grant("cdc", WEST))
    assert [one["properties"]["code"] for one in points] == [WEST] * 3
    with world.database.read(SYSTEM) as uow:
        shape = shapely.from_wkb(bytes(uow.session.execute(
            text("SELECT ST_AsBinary(geom) FROM areas WHERE code = :code"), {"code": WEST}
        ).scalar_one()))  # fmt: skip
    places = [tuple(one["geometry"]["coordinates"]) for one in points]
    assert len(set(places)) == 3
    assert all(shape.buffer(1e-5).covers(shapely.Point(one)) for one in places)
    assert tuple(round(one, 5) for one in HOME) not in places
    assert points == shown(client, world, Grant("cdc", WEST))
    # Nothing of them leads to a card or a person.
    assert set(points[0]["properties"]) == {
        "day", "code", "area_zh", "area_en", "standing", "classification_zh", "classification_en",
    }  # fmt: skip


@pytest.mark.usefixtures("homes")
def test_an_area_sees_only_cases_that_it_works_on(client: TestClient, world: World) -> None:
    assert {one["properties"]["code"] for one in shown(client, world, Grant("cdc", EAST))} == {EAST}
    assert len(shown(client, world, Grant("cdc", EAST))) == 2
    assert len(shown(client, world, Grant("cdc"))) == 5


@pytest.mark.usefixtures("homes")
def test_a_sensitive_disease_has_no_points_for_anybody(client: TestClient, world: World) -> None:
    for role in ("cdc", "cdc_sensitive"):
        assert shown(client, world, Grant(role), disease="syphilis") == []


@pytest.mark.usefixtures("homes")
def test_an_area_of_few_people_is_too_fine(client: TestClient, world: World) -> None:
    with world.database.unit_of_work(SYSTEM) as uow:
        uow.session.execute(text("DELETE FROM populations"))
        count(uow, WEST, 499)
        count(uow, EAST, 500)
    answer = client.get(
        PATH, params={"city_id": world.city_id, "disease": "dengue"},
        headers=world.bearer(Grant("cdc")),
    )  # fmt: skip
    assert {one["properties"]["code"] for one in answer.json()["features"]} == {EAST}
    assert answer.json()["placed_nowhere"] == 3


@pytest.mark.usefixtures("homes")
def test_nobody_else_gets_them_by_address_layer_tile_or_export(
    client: TestClient, world: World
) -> None:
    z, x, y = tile_of(*HOME, 12)
    tile = f"/v1/guarded-tiles/{world.city_id}/case_points/{z}/{x}/{y}.mvt"
    features = "/v1/map/layers/case_points/features"
    for role in ("planner", "supervisor", "dispatcher", "hospital"):
        headers = world.bearer(Grant(role))
        query = {"city_id": world.city_id}
        assert client.get(PATH, params=query, headers=headers).status_code == 403
        layers = client.get("/v1/map/layers", params=query, headers=headers).json()["layers"]
        assert "case_points" not in {one["name"] for one in layers}
        assert client.get(tile, headers=headers).status_code in {401, 403, 404}
        assert client.get(features, params=query, headers=headers).status_code in {403, 404}
    # Who may see them gets them from their one address, not as a tile nor as a file.
    cdc = world.bearer(Grant("cdc"))
    assert client.get(tile, headers=cdc).status_code == 404
    answer = client.get(features, params={"city_id": world.city_id}, headers=cdc)
    assert answer.status_code in {403, 409, 422}
    assert "features" not in answer.json()

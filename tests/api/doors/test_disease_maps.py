"""Disease maps over HTTP: cases for who may read them, published cells for everybody else."""

from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import insert, select
from starlette.testclient import TestClient

from gis.access import SYSTEM, Grant
from gis.tables import Area, DisclosureCell, DisclosureRelease, Population
from gis.tables.signals import SurveillanceSeries
from tests.api.conftest import World
from tests.surveillance.signals.stored import AT, DAY, store_run

pytestmark = pytest.mark.database

MONDAY = date(2026, 6, 1)
"""Of the last whole week before the day that was judged."""
CASES = [21, 0]


@pytest.fixture
def districts(world: World) -> list[str]:
    with world.database.read(SYSTEM) as uow:
        rows = uow.session.execute(
            select(Area.code)
            .where(Area.city_id == world.city_id, Area.level == "district")
            .order_by(Area.code)
        )
        return list(rows.scalars())


@pytest.fixture
def reported(world: World, districts: list[str]) -> None:
    """A week of dengue in two districts, and their residents."""
    with world.database.unit_of_work(SYSTEM) as uow:
        store_run(uow, world.city_id)
        for code, cases in zip(districts, CASES, strict=False):
            days = [0] * 28
            days[(MONDAY - DAY).days - 1] = cases
            uow.session.execute(
                insert(SurveillanceSeries).values(
                    city_id=world.city_id, date_basis="entry", disease="dengue", area_code=code,
                    age_group="*", sensitive="ordinary", starts_on=DAY - timedelta(days=27),
                    cases=days, nowcast=None,
                )
            )  # fmt: skip
        uow.session.execute(
            insert(SurveillanceSeries).values(
                city_id=world.city_id, date_basis="entry", disease="dengue", area_code=None,
                age_group="*", sensitive="ordinary", starts_on=DAY - timedelta(days=27),
                cases=[1] * 28, nowcast=None,
            )
        )  # fmt: skip
        # A code that the table of diseases no longer has is stored and not shown.
        uow.session.execute(
            insert(SurveillanceSeries).values(
                city_id=world.city_id, date_basis="entry", disease="renamed_long_ago",
                area_code=districts[0], age_group="*", sensitive="ordinary",
                starts_on=DAY - timedelta(days=27), cases=[9] * 28, nowcast=None,
            )
        )  # fmt: skip
        count_people(uow, world.city_id, districts)


def count_people(uow: Any, city_id: int, codes: list[str]) -> None:
    ids = uow.session.execute(
        select(Area.area_id).where(Area.city_id == city_id, Area.code.in_(codes))
    ).scalars()
    uow.session.execute(
        insert(Population),
        [
            {"area_id": one, "counted_on": date(2020, 11, 1), "source": "census",
             "persons": 50_000.0}
            for one in ids
        ],
    )  # fmt: skip


def asked(client: TestClient, world: World, *grants: Grant, **query: Any) -> dict[str, Any]:
    answer = client.get(
        "/v1/surveillance/maps", params={"city_id": world.city_id, **query},
        headers=world.bearer(*grants),
    )  # fmt: skip
    assert answer.status_code == 200, answer.text
    assert answer.headers["cache-control"] == "private, no-store"
    found: dict[str, Any] = answer.json()
    return found


@pytest.mark.usefixtures("reported")
def test_disease_control_sees_counts_rates_and_risks(
    client: TestClient, world: World, districts: list[str]
) -> None:
    found = asked(client, world, Grant("cdc"), time=f"{MONDAY}T12:00:00Z")
    assert (found["disease"], found["published"]) == ("dengue", False)
    assert found["period"]["first"] == MONDAY.isoformat()
    row = {one["area_code"]: one for one in found["rows"]}
    first = row[districts[0]]
    assert (first["cases"], first["standing"]) == (21, "counted")
    assert first["rate"] == pytest.approx(42.0)
    assert first["relative_risk"] > 1.0
    assert row[districts[1]]["standing"] == "zero"
    assert (found["people"]["first_year"], found["people"]["sources"]) == (2020, ["census"])


@pytest.mark.usefixtures("reported")
def test_the_right_of_one_district_maps_that_district(
    client: TestClient, world: World, districts: list[str]
) -> None:
    found = asked(client, world, Grant("cdc", districts[1]))
    assert [one["area_code"] for one in found["rows"]] == [districts[1]]


@pytest.mark.usefixtures("reported")
def test_others_see_nothing_of_it_until_it_is_published_and_then_no_small_count(
    client: TestClient, world: World, districts: list[str]
) -> None:
    before = asked(client, world, Grant("supervisor"))
    assert before["published"]
    assert (before["rows"], before["period"], before["diseases"]) == ([], None, [])
    cells = {districts[0]: 21, districts[1]: None, "*": None}
    with world.database.unit_of_work(SYSTEM) as uow:
        release_id = uow.session.execute(
            insert(DisclosureRelease)
            .values(
                subject="surveillance.cases", city_id=world.city_id, period_from=MONDAY,
                period_until=MONDAY + timedelta(days=7), smallest_told=5, sensitivity="health",
                simulated=False, made_at=AT,
            )
            .returning(DisclosureRelease.release_id)
        ).scalar_one()  # fmt: skip
        uow.session.execute(
            insert(DisclosureCell),
            [
                {"release_id": release_id, "area_code": code, "group_code": "dengue",
                 "people": people}
                for code, people in cells.items()
            ],
        )  # fmt: skip
    for grant, more in ((Grant("supervisor"), {}), (Grant("cdc"), {"published": True})):
        found = asked(client, world, grant, **more)
        row = {one["area_code"]: one for one in found["rows"]}
        assert row[districts[0]]["cases"] == 21
        hidden = row[districts[1]]
        assert hidden["standing"] == "hidden"
        assert {hidden[name] for name in ("cases", "rate", "smoothed_rate", "relative_risk",
                                          "exceedance")} == {None}  # fmt: skip
        assert any("hidden" in note["en"] for note in found["notes"])


@pytest.mark.usefixtures("reported")
def test_the_areas_are_drawn_with_the_fields_of_their_layer(
    client: TestClient, world: World
) -> None:
    headers = world.bearer(Grant("cdc"))
    listed = client.get(
        "/v1/map/layers", params={"city_id": world.city_id}, headers=headers
    ).json()["layers"]  # fmt: skip
    layer = next(one for one in listed if one["name"] == "disease_exceedance")
    drawn = client.get(layer["data"], headers=headers)
    assert drawn.status_code == 200, drawn.text
    assert set(drawn.json()["features"][0]["properties"]) == {
        one["name"] for one in layer["fields"]
    }
    assert layer["as_of"] == DAY.isoformat()
    assert layer["population_base"]["year"] == 2020


def test_who_may_read_neither_cases_nor_signals_is_refused(
    client: TestClient, world: World
) -> None:
    for path in ("/v1/surveillance/maps", "/v1/surveillance/maps/features"):
        answer = client.get(
            path, params={"city_id": world.city_id}, headers=world.bearer(Grant("dispatcher"))
        )
        assert answer.status_code == 403

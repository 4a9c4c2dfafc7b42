"""Minutes by road through the doors: by right, on the live roads, never a number that is not known.

The grid's two cells lie west and east; its stations stand on the diagonal, its only hospital, which
has an emergency department and a catheter but no stroke unit, at the corner (7, 7).
"""

from datetime import UTC, date, datetime
from typing import Any

import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from gis.access import SYSTEM, Grant
from gis.indicators import Indication, put_indications
from routing.areas.nearest import NearestTimes, times_of_nearest
from tests.api.conftest import World
from tests.api.doors.test_roads import closure, polygon, put_closure
from tests.cities import corner

pytestmark = pytest.mark.database

TARGETS = ("station", "emergency", "stroke", "pci")


@pytest.fixture
def roads(app: FastAPI, client: TestClient) -> TestClient:
    """The application with its graphs loaded."""
    app.state.context.routing.refresh()
    return client


@pytest.fixture
def planner(world: World) -> dict[str, str]:
    return world.bearer(Grant("planner"))


def ask(
    client: TestClient, world: World, headers: dict[str, str], target: str, part: str = "",
    **query: Any,
) -> Any:  # fmt: skip
    answer = client.get(
        f"/v1/planning/minutes/{target}{part}",
        params={"city_id": world.city_id, **query}, headers=headers,
    )  # fmt: skip
    assert answer.status_code == 200, answer.text
    return answer.json()


@pytest.mark.parametrize(
    "role", ["cdc", "planner", "dispatcher", "supervisor", "hospital", "administrator"]
)
def test_whoever_has_the_right_may_ask(roads: TestClient, world: World, role: str) -> None:
    assert ask(roads, world, world.bearer(Grant(role)), "station")["population"]["cells"] == 2


@pytest.mark.parametrize("part", ["", "/cells", "/features"])
def test_others_may_not(roads: TestClient, world: World, part: str) -> None:
    path = f"/v1/planning/minutes/station{part}?city_id={world.city_id}"
    assert roads.get(path).status_code == 401
    assert roads.get(path, headers=world.bearer(Grant("responder"))).status_code == 403


def test_sums_columns_and_features_are_one_answer(
    roads: TestClient, world: World, planner: dict[str, str]
) -> None:
    for target in TARGETS:
        view, cells, features = (
            ask(roads, world, planner, target, part) for part in ("", "/cells", "/features")
        )
        assert view["roads"] == cells["roads"]
        assert features["conditions_id"] == view["roads"]["conditions_id"]
        assert sum(one["people_now"] for one in view["classes"]) == 3000
        assert sum(one["people"] + one["unknown"] for one in view["districts"]) == 3000
        minutes = [one["properties"]["minutes"] for one in features["features"]]
        assert minutes == [
            None if one is None else pytest.approx(one / 60, abs=0.06)
            for one in cells["columns"]["seconds"]
        ]
        assert features["features"][0]["geometry"]["type"] == "Polygon"
    assert view["population"] == {
        "base": "resident", "time_of_day": "all", "source": "test", "counted_on": None,
        "modelled": True, "people": 3000, "cells": 2,
    }  # fmt: skip


def test_a_closure_counts_in_the_next_answer(
    roads: TestClient, world: World, planner: dict[str, str], dispatcher: dict[str, str]
) -> None:
    before = ask(roads, world, planner, "pci", "/cells")
    assert before["columns"]["standing"] == ["reached", "reached"]
    assert before["columns"]["open_seconds"] == [None, None]

    across = [corner(*at) for at in ((4.6, 5.3), (7.4, 5.3), (7.4, 5.7), (4.6, 5.7), (4.6, 5.3))]
    sketch = {"drawn": "polygon", "datum": "wgs84",
              "geometry": {"type": "Polygon", "coordinates": [across]}}  # fmt: skip
    put_closure(roads, dispatcher, closure(world, sketch))
    during = ask(roads, world, planner, "pci", "/cells")
    assert during["roads"]["closed_legs"] > 0
    assert during["roads"]["conditions_id"] != before["roads"]["conditions_id"]
    (west, east), (west_before, east_before) = (
        one["columns"]["seconds"] for one in (during, before)
    )
    assert west >= west_before
    assert east > east_before
    assert during["columns"]["open_seconds"][1] == east_before

    put_closure(
        roads, dispatcher, closure(world, polygon(7, 7, half=0.4), confirmed=True)
    )  # fmt: skip
    cut_off = ask(roads, world, planner, "pci", "/cells")["columns"]
    assert cut_off["standing"] == ["unreachable", "unreachable"]
    assert cut_off["seconds"] == [None, None]
    assert cut_off["open_seconds"] == before["columns"]["seconds"]
    view = ask(roads, world, planner, "pci")
    assert view["beyond"] == {"limit_min": 12.0, "people_now": 3000, "people_open": 0}
    # The two other stations still reach everybody.
    assert ask(roads, world, planner, "station")["beyond"]["people_now"] == 0


def test_without_a_target_nothing_is_known(
    roads: TestClient, world: World, planner: dict[str, str]
) -> None:
    columns = ask(roads, world, planner, "stroke", "/cells")["columns"]
    assert columns["standing"] == ["no_target", "no_target"]
    assert columns["seconds"] == [None, None]
    view = ask(roads, world, planner, "stroke")
    assert view["beyond"]["people_now"] == 0
    assert view["classes"][-1] == {
        "code": "unknown", "at_least_min": None, "below_min": None, "people_now": 3000,
        "people_open": 3000, "cells_now": 2,
    }  # fmt: skip
    assert "No stroke-capable hospital is known" in view["says"][0]["en"]


def test_without_roads_nothing_is_known(
    client: TestClient, world: World, planner: dict[str, str]
) -> None:
    view = ask(client, world, planner, "station")
    assert view["roads"]["conditions_id"] is None
    assert view["classes"][-1]["people_now"] == 3000
    assert "not loaded" in view["says"][0]["en"]


def test_a_time_of_day_that_nobody_counted_is_empty_and_says_so(
    roads: TestClient, world: World, planner: dict[str, str]
) -> None:
    view = ask(roads, world, planner, "station", time_of_day="night")
    assert view["population"]["cells"] == 0
    assert view["districts"] == []
    assert "No population" in view["says"][0]["en"]


def test_what_the_asker_has_is_not_sent_again(
    roads: TestClient, world: World, planner: dict[str, str], dispatcher: dict[str, str]
) -> None:
    path = f"/v1/planning/minutes/emergency/features?city_id={world.city_id}"
    first = roads.get(path, headers=planner)
    known = planner | {"If-None-Match": first.headers["etag"]}
    again = roads.get(path, headers=known)
    assert (again.status_code, again.content) == (304, b"")
    put_closure(roads, dispatcher, closure(world, polygon(3.5, 3, half=0.3)))
    after = roads.get(path, headers=known)
    assert after.status_code == 200
    assert after.headers["etag"] != first.headers["etag"]


def test_an_answer_is_worked_out_once_for_one_state_of_the_roads(
    roads: TestClient, world: World, planner: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    searches = []

    def counted(*given: Any, **named: Any) -> NearestTimes:
        searches.append(named)
        return times_of_nearest(*given, **named)

    monkeypatch.setattr("routing.live.pinned.times_of_nearest", counted)
    for part in ("", "/cells", "/features", ""):
        ask(roads, world, planner, "station", part)
    assert len(searches) == 1


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("station?city_id=999999", 404),
        ("morgue?city_id={city_id}", 422),
        ("station?city_id={city_id}&limit_min=0", 422),
        ("station?city_id={city_id}&time_of_day=dusk", 422),
    ],
)
def test_what_is_not_there_is_refused(
    roads: TestClient, world: World, planner: dict[str, str], path: str, status: int
) -> None:
    answer = roads.get(
        f"/v1/planning/minutes/{path.format(city_id=world.city_id)}", headers=planner
    )  # fmt: skip
    assert answer.status_code == status


def test_people_are_weighed_by_a_stated_risk(
    roads: TestClient, world: World, planner: dict[str, str]
) -> None:
    plain = ask(roads, world, planner, "station", limit_min=1)
    assert plain["weighed"] is None
    nothing = ask(roads, world, planner, "station", limit_min=1, weigh_by="indicator_pm25")
    assert nothing["weighed"]["sources"] == []
    assert "no value is known" in nothing["says"][1]["en"]
    said = datetime(2026, 1, 10, tzinfo=UTC)
    with world.database.unit_of_work(SYSTEM) as uow:
        put_indications(uow.session, [
            Indication(code, "area", area, date(2025, 1, 1), date(2026, 1, 1), value, None, unit,
                       "yearbook", said)
            for code, unit, west, east in (
                ("pm25", "ug/m3", 30.0, 90.0), ("elderly_alone", "{person}", 6.0, 0.0)
            )
            for area, value in (("440305", west), ("440306", east))
        ])  # fmt: skip
    by_air = ask(roads, world, planner, "station", limit_min=1, weigh_by="indicator_pm25")
    # People are moved, none is added, and the answer says by what.
    assert by_air["weighed"]["total"] == plain["population"]["people"]
    assert by_air["weighed"]["last_day"] == "2025-12-31"
    assert by_air["beyond"] == plain["beyond"]
    assert "PM2.5" in by_air["says"][1]["en"]
    alone = ask(roads, world, planner, "station", limit_min=1, weigh_by="indicator_elderly_alone")
    assert alone["weighed"]["counts_people"] is True
    for name in ("total", "beyond_now", "beyond_open"):
        assert alone["weighed"][name] in {None, 0, 5, 6}
    assert alone["weighed"]["total"] == 6
    path = f"/v1/planning/minutes/station?city_id={world.city_id}&weigh_by="
    for name in ("indicator_wbgt", "stations", "nonsense"):
        answer = roads.get(f"{path}{name}", headers=planner)
        assert answer.status_code == 404
        assert answer.json()["code"] == "risk_unknown"
    # Who may not see the layer may not weigh by it, and is told nothing of what there is.
    answer = roads.get(f"{path}indicator_elderly_alone", headers=world.bearer(Grant("hospital")))
    assert answer.status_code == 404
    assert "elderly" not in answer.json()["detail"].split("Those that can")[1]

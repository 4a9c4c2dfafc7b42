"""Recorded responses: kept by the command line, told by the doors, used by coverage."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from fastapi import FastAPI
from sqlalchemy import text
from starlette.testclient import TestClient

from gis.access import SYSTEM, Grant
from gis.intake.moments import TimeOptions
from gis.intake.take import IntakeOptions
from planning.history.reading import understand
from planning.history.service import store
from routing.roads.model import Profile
from tests.api.conftest import World
from tests.cities import corner

pytestmark = pytest.mark.database

SLOWER = 1.5
FIRST_AT = datetime(2026, 3, 2, tzinfo=UTC)
COUNT = 320


@pytest.fixture
def ask(app: FastAPI, client: TestClient, world: World) -> Callable[..., Any]:
    """Return a function that asks as a planner, with the roads loaded."""
    app.state.context.routing.refresh()
    planner = world.bearer(Grant("planner"))

    def asked(what: str, status: int = 200, **query: Any) -> Any:
        answer = client.get(
            f"/v1/planning/{what}", params={"city_id": world.city_id, **query}, headers=planner
        )
        assert answer.status_code == status, answer.text
        return answer.json()

    return asked


def write(path: Path, app: FastAPI, world: World) -> None:
    """Write an hourly response of units that take half as long again as the roads say."""
    chance = np.random.default_rng(3)
    with world.database.read(SYSTEM) as uow:
        stations = uow.session.execute(
            text("SELECT name, ST_X(geom) AS lon, ST_Y(geom) AS lat FROM stations ORDER BY 1")
        ).all()
        places = [corner(*chance.integers(0, 8, 2).tolist()) for _ in range(COUNT)]
        with app.state.context.routing.at(uow, world.city_id) as roads:
            seconds = [
                roads.times_from((one.lon, one.lat), places, profile=Profile.AMBULANCE_LIGHTS)
                .time_s for one in stations
            ]  # fmt: skip
    lines = ["call,unit,received,dispatched,enroute,on_scene,station,lon,lat,priority"]
    for row, (lon, lat) in enumerate(places):
        which = row % len(stations)
        at = FIRST_AT + timedelta(hours=row)
        moving = at + timedelta(seconds=90)
        arrived = moving + timedelta(seconds=5 + SLOWER * float(seconds[which][row]))
        stamps = ",".join(f"{one:%Y-%m-%dT%H:%M:%S}Z" for one in (at, at, moving, arrived))
        name = f" {stations[which].name.upper()}" if row % 10 else "Elsewhere"
        lines.append(f"c{row},u{which},{stamps},{name},{lon:.6f},{lat:.6f},C{1 + row % 2}")
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


def keep(world: World, path: Path) -> int:
    options = IntakeOptions(datum="wgs84", time=TimeOptions(time_zone="Asia/Shanghai"))
    with world.database.unit_of_work(SYSTEM) as uow:
        taken = understand(uow, path, city_id=world.city_id, options=options)
        return store(uow, taken, city_id=world.city_id, source="test", datum="wgs84")


def test_what_was_recorded_is_kept_told_and_used(
    app: FastAPI, client: TestClient, world: World, ask: Callable[..., Any], tmp_path: Path
) -> None:
    for door in ("recorded", "calibration", "demand", "seats"):
        assert ask(door, 404)["code"] == "nothing_recorded"
    assert ask("coverage")["calibration"]["en"].startswith("Uncalibrated")
    slowest = max(one["seconds"] for one in ask("coverage")["worst"])

    path = tmp_path / "responses.csv"
    write(path, app, world)
    assert keep(world, path) == COUNT
    assert keep(world, path) == COUNT, "the same file again corrects, it doubles nothing"

    told = ask("recorded", by=["priority"])
    assert (told["responses"], told["calls"], told["sources"]) == (COUNT, COUNT, ["test"])
    turnout = [one for one in told["spans"] if one["span"] == "turnout"]
    assert {one["group"][0]: one["median_s"] for one in turnout} == {"C1": 90.0, "C2": 90.0}
    assert {one["counted"] for one in turnout} == {COUNT // 2}

    found = ask("calibration")
    assert found["left_out"] == {"no_place": 0, "station_unknown": COUNT // 10, "no_way": 0}
    assert found["compared"] == COUNT - COUNT // 10
    assert found["helps"]
    assert found["after"]["median_abs_s"] < found["before"]["median_abs_s"]
    assert {one["group"] for one in found["districts"]} == {"440305", "440306"}
    # Coverage takes the correction, and says so.
    corrected = ask("coverage")
    assert corrected["calibration"] == found["words"]
    assert max(one["seconds"] for one in corrected["worst"]) > 1.2 * slowest

    week = ask("demand")
    assert (week["source"], week["calls"], len(week["week"])) == ("recorded", COUNT, 168)
    # One call in every hour: so it is in every hour of the week.
    assert all(one["calls_an_hour"] == pytest.approx(1.0) for one in week["week"])
    assert all(one["low"] < 1.0 < one["high"] for one in week["week"])
    seats = ask("seats", handling_s=180)
    # Three minutes an hour are 0.05 Erlang: one seat keeps 5 % waiting, the standard allows 5 %.
    assert {one["needed"] for one in seats["week"]} <= {1, 2}
    assert all(one["answered"] >= 0.95 for one in seats["week"])
    assert all(one["cautious"] >= one["needed"] for one in seats["week"])
    assert seats["seat_hours"] == sum(one["needed"] for one in seats["week"])
    assert "12 weeks" in ask("forecast", 422)["detail"]
    assert "nowhere" in ask("forecast", 404, area_code="nowhere")["detail"]
    fewer = ask("seats", handling_s=180, share=0.5)["seat_hours"]
    assert fewer <= seats["seat_hours"]

    # Places are kept to about 100 m, and who sees one district is told of that one.
    with world.database.read(SYSTEM) as uow:
        coarse = uow.session.scalar(text(
            "SELECT bool_and(abs(ST_X(geom) - round(ST_X(geom)::numeric, 3)) < 1e-9) "
            "FROM recorded_responses"
        ))  # fmt: skip
    assert coarse
    west = world.bearer(Grant("planner", "440305"))
    part = client.get(
        "/v1/planning/recorded", params={"city_id": world.city_id, "by": "district"}, headers=west
    ).json()
    assert 0 < part["responses"] < COUNT
    assert {one["group"][0] for one in part["spans"]} == {"440305"}
    nobody = world.bearer(Grant("responder"))
    assert client.get(
        "/v1/planning/seats", params={"city_id": world.city_id}, headers=nobody
    ).status_code == 403  # fmt: skip

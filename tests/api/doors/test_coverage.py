"""Coverage through the door and by the command line: by right, what is not known is null.

The grid's two cells lie west and east; its stations stand on the diagonal.
"""

from typing import Any

import pytest
from fastapi import FastAPI
from sqlalchemy import select
from starlette.testclient import TestClient

from gis.access import SYSTEM, Grant
from gis.tables import Station
from tests.api.conftest import World, new_key

pytestmark = pytest.mark.database


@pytest.fixture
def roads(app: FastAPI, client: TestClient) -> TestClient:
    """The application with its graphs loaded."""
    app.state.context.routing.refresh()
    return client


def test_who_is_covered_by_which_standard(
    roads: TestClient, world: World, dispatcher: dict[str, str], take_call: Any
) -> None:
    planner = world.bearer(Grant("planner"))

    def ask(**query: Any) -> Any:
        given = {"city_id": world.city_id, **query}
        answer = roads.get("/v1/planning/coverage", params=given, headers=planner)
        assert answer.status_code == 200, answer.text
        return answer.json()

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

    wrong = roads.get(
        "/v1/planning/coverage", params={"city_id": world.city_id, "closed": [987]},
        headers=planner,
    )  # fmt: skip
    assert (wrong.status_code, wrong.json()["code"]) == (422, "coverage_input")
    assert "no station 987 to close" in wrong.json()["detail"]
    path = f"/v1/planning/coverage?city_id={world.city_id}"
    assert roads.get(path).status_code == 401
    assert roads.get(path, headers=world.bearer(Grant("responder"))).status_code == 403

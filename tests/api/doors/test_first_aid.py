"""The circle of first aid through its door: hours, floors, volunteers, and what is not known."""

from collections.abc import Callable
from typing import Any

import pytest
from fastapi import FastAPI
from sqlalchemy import text
from starlette.testclient import TestClient

from gis.access import SYSTEM, Grant
from tests.api.conftest import World
from tests.cities import corner

pytestmark = pytest.mark.database


@pytest.fixture
def ask(app: FastAPI, client: TestClient, world: World) -> Callable[..., Any]:
    """Return a function that asks as a planner, with the roads loaded."""
    app.state.context.routing.refresh()
    planner = world.bearer(Grant("planner"))

    def asked(status: int = 200, **body: Any) -> Any:
        given = {"city_id": world.city_id, **body}
        answer = client.post("/v1/planning/first-aid", json=given, headers=planner)
        assert answer.status_code == status, answer.text
        return answer.json()

    return asked


def test_the_circle_by_hour(world: World, client: TestClient, ask: Callable[..., Any]) -> None:
    # One device hangs in an office at the street, one on the fifth floor with unknown hours.
    with world.database.unit_of_work(SYSTEM) as uow:
        ids = list(uow.session.scalars(text("SELECT aed_id FROM aeds ORDER BY aed_id")))
        for aed_id, hours, floor in zip(
            ids, ("Mo-Su 08:00-18:00", None), ("1F", "5F"), strict=True
        ):
            uow.session.execute(
                text("UPDATE aeds SET opening_hours = :hours, floor = :floor, access = 'public' "
                     "WHERE aed_id = :aed_id"),
                {"hours": hours, "floor": floor, "aed_id": aed_id},
            )  # fmt: skip
    wide = ask(limit_min=60)
    assert len(wide["hours"]) == 24
    by_day, by_night = wide["hours"][12], wide["hours"][3]
    assert (by_day["devices"], by_night["devices"]) == (1, 0)
    assert (by_day["by_device"], by_night["by_device"]) == (1.0, 0.0)
    # Were the other one open by night, somebody could have it.
    assert by_night["at_most"] == 1.0
    assert wide["devices"]["hours_unknown"] == 1
    assert wide["volunteers"] == by_day["volunteers"] == 0
    assert by_day["by_volunteer"] == by_day["by_both"] == 0.0
    # Fetching takes at least as long as one way; a patient high up is reached by fewer.
    for limit_min in (1.0, 2.0, 4.0):
        one_way, fetched, high = (
            ask(limit_min=limit_min, **more)["hours"][12]["by_device"]
            for more in ({"there_and_back": False}, {}, {"patient_storeys": 10})
        )
        assert one_way >= fetched >= high
    # Volunteers of the night, at a corner of the city; nobody's home is stored.
    lon, lat = corner(6, 6)
    helpers = {"point": {"lon": lon, "lat": lat, "datum": "wgs84"}, "count": 3,
               "from_hour": 20, "to_hour": 6}  # fmt: skip
    both = ask(limit_min=60, volunteers=[helpers])
    assert (both["hours"][3]["volunteers"], both["hours"][12]["volunteers"]) == (3, 0)
    assert both["hours"][3]["by_either"] == both["hours"][3]["by_volunteer"] == 1.0
    assert {one["worst"] for one in both["districts"]} == {0.0}
    assert {one["best"] for one in both["districts"]} == {1.0}
    assert sum(one["people"] + one["unknown"] for one in both["districts"]) == both["people"]
    assert any("not stored" in one["en"] or "stored" in one["en"] for one in both["sentences"])

    with world.database.unit_of_work(SYSTEM) as uow:
        uow.session.execute(text("DELETE FROM aeds"))
    assert "Import a register" in ask(422)["detail"]
    body = {"city_id": world.city_id}
    assert client.post("/v1/planning/first-aid", json=body).status_code == 401
    responder = world.bearer(Grant("responder"))
    assert client.post(
        "/v1/planning/first-aid", json=body, headers=responder
    ).status_code == 403  # fmt: skip

"""Studies through their doors: by right, once, as the schema says, worked out by their job."""

import threading
from typing import Any

import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from gis.access import SYSTEM, Grant
from gis.jobs import repository
from gis.jobs.running import Process, Run
from gis.settings import Settings
from planning.studies.work import work_out
from tests.api.conftest import World, new_key
from tests.cities import corner

pytestmark = pytest.mark.database

STUDIES = "/v1/planning/studies"


def _site(name: str, *at: int) -> dict[str, Any]:
    lon, lat = corner(*at)
    return {"key": name, "lon": lon, "lat": lat, "name": name}


def test_a_study_from_its_form_to_its_map(
    app: FastAPI, client: TestClient, world: World, settings: Settings
) -> None:
    app.state.context.routing.refresh()
    planner = world.bearer(Grant("planner"))

    def get(path: str, status: int = 200, **query: Any) -> Any:
        answer = client.get(f"{STUDIES}{path}", params=query, headers=planner)
        assert answer.status_code == status, answer.text
        return answer.json()

    def post(path: str, body: Any, status: int, who: dict[str, str] = planner) -> Any:
        answer = client.post(f"{STUDIES}{path}", json=body, headers=who | new_key())
        assert answer.status_code == status, answer.text
        return answer.json()

    kinds = get("/kinds")["kinds"]
    assert [one["code"] for one in kinds] == ["siting", "units", "budget", "coverage", "aeds"]
    assert kinds[0]["schema"]["properties"]["new_sites"]["x-words"]["zh"] == "新增急救站数"

    asked = {
        "city_id": world.city_id, "name": "One more", "kind": "siting",
        "parameters": {"candidates": [_site("a", 1, 6), _site("b", 6, 1)], "reach_min": 1.0},
    }  # fmt: skip
    made = post("", asked, 202)
    assert (made["state"], made["answer"], made["shared"]) == ("waiting", None, False)
    assert made["parameters"]["candidate_count"] == 150
    study_id = made["study_id"]
    wrong = post("", asked | {"parameters": {"new_sites": -1}}, 422)
    assert (wrong["code"], "new_sites" in wrong["detail"]) == ("study_parameters", True)
    assert post("", asked | {"kind": "stations"}, 422)["code"] == "study_kind_unknown"
    assert get(f"/{study_id}/cells", 409)["code"] == "study_not_finished"
    assert get("/987", 404)["code"] == "study_unknown"

    # Who may only read makes none, and does not see what is not shared.
    reader = world.bearer(Grant("dispatcher"))
    post("", asked, 403, reader)
    assert client.get(f"{STUDIES}/{study_id}", headers=reader).status_code == 404
    assert client.get(f"{STUDIES}/{study_id}").status_code == 401
    assert post(f"/{study_id}/share", {"shared": True}, 200)["shared"]
    seen = client.get(f"{STUDIES}/{study_id}", headers=reader).json()
    assert (seen["mine"], seen["may_change"]) == (False, False)
    post(f"/{study_id}/stop", None, 403, reader)

    with world.database.read(SYSTEM) as uow:
        record = repository.read_job(uow.session, made["job_id"])
    assert record is not None
    work_out(Run(Process(settings, world.database), record, stop=threading.Event()))
    view = get(f"/{study_id}")
    assert (view["state"], view["ended"], view["changed"]) == ("done", "proven", [])
    assert view["answer"]["value"] <= view["answer"]["bound"]
    assert view["measure"]["limit_s"] == 60.0
    assert [one["study_id"] for one in get("", city_id=world.city_id)["studies"]] == [study_id]
    cells = get(f"/{study_id}/cells")
    assert {one["properties"]["change"] for one in cells["features"]} <= {
        "gains", "loses", "quicker", "slower", "same", "unknown",
    }  # fmt: skip
    lon, lat = corner(1, 1)
    assert get(f"/{study_id}/at", lon=lon, lat=lat)["people"] == 1000
    assert get(f"/{study_id}/at", 404, lon=0.0, lat=0.0)["code"] == "study_place_unknown"
    assert get("/compare", first=study_id, second=study_id)["same_inputs"]
    assert len(get("/compare/cells", first=study_id, second=study_id)["features"]) == 2
    assert post(f"/{study_id}/stop", None, 409)["code"] == "study_over"
    gone = client.delete(f"{STUDIES}/{study_id}", headers=planner)
    assert (gone.status_code, gone.json()) == (200, {"studies": []})

"""Jobs through the door: seen by right, page by page, stopped by who may, live on the stream."""

import pytest
from starlette.testclient import TestClient

from gis.access import SYSTEM, Grant
from gis.jobs import repository, service
from gis.jobs.model import JobState
from routing.jobs import BUILD, METRICS
from tests.api.conftest import World, new_key

pytestmark = pytest.mark.database


def deferred(world: World, job=METRICS, **arguments) -> int:
    with world.database.unit_of_work(SYSTEM) as uow:
        return service.defer(uow, job, arguments)


@pytest.fixture
def administrator(world: World) -> dict[str, str]:
    return world.bearer(Grant("administrator"))


def test_jobs_are_listed_page_by_page_and_by_state(
    client: TestClient, world: World, dispatcher: dict[str, str]
) -> None:
    made = [deferred(world, city_id=world.city_id) for _ in range(5)]
    with world.database.unit_of_work(SYSTEM) as uow:
        repository.finish(uow.session, made[0], JobState.DONE)
    seen, before = [], None
    while True:
        query = {"limit": 2, "state": ["waiting", "done"]} | ({"before": before} if before else {})
        page = client.get("/v1/jobs", params=query, headers=dispatcher).json()
        seen += [job["job_id"] for job in page["jobs"] if job["name"] == METRICS.name]
        before = page["next_before"]
        if before is None:
            break
    assert seen == made[::-1]
    (done,) = [
        job["job_id"]
        for job in client.get(
            "/v1/jobs", params={"state": "done", "city_id": world.city_id}, headers=dispatcher
        ).json()["jobs"]
    ]
    assert done == made[0]
    wrong = client.get("/v1/jobs", params={"before": 0}, headers=dispatcher)
    assert wrong.status_code == 422


def test_only_who_may_stops_a_job(
    client: TestClient, world: World, dispatcher: dict[str, str], administrator: dict[str, str]
) -> None:
    path = f"/v1/jobs/{deferred(world)}"
    assert client.get(path, headers=world.bearer(Grant("hospital"))).status_code == 404
    assert client.get(path, headers=dispatcher).json()["state"] == "waiting"
    for viewer, may in ((dispatcher, False), (administrator, True)):
        assert client.get(path, headers=viewer).json()["may_control"] is may
    refused = client.post(f"{path}/cancel", headers=dispatcher)
    assert (refused.status_code, refused.json()["code"]) == (403, "permission_denied")
    key = new_key()
    for _ in range(2):
        stopped = client.post(f"{path}/cancel", headers=administrator | key)
        assert (stopped.status_code, stopped.json()["state"]) == (200, "cancelled")
    again = client.post(f"{path}/retry", headers=administrator)
    assert (again.status_code, again.json()["code"]) == (409, "job_not_failed")


def test_a_failed_job_is_shown_with_its_sentence_and_begun_again(
    client: TestClient, world: World, administrator: dict[str, str]
) -> None:
    job_id = deferred(world, BUILD)
    with world.database.unit_of_work(SYSTEM) as uow:
        repository.note_error(
            uow.session, job_id, code="database_unavailable", sentence="The database was away."
        )
        repository.finish(uow.session, job_id, JobState.FAILED)
    shown = client.get(f"/v1/jobs/{job_id}", headers=administrator).json()
    assert (shown["state"], shown["error"]) == ("failed", "The database was away.")
    assert shown["label"] == BUILD.label.as_json()
    again = client.post(f"/v1/jobs/{job_id}/retry", headers=administrator).json()
    assert (again["state"], again["attempts"]) == ("waiting", 0)


def test_a_city_is_loaded_by_a_job_asked_for_once(
    client: TestClient, world: World, dispatcher: dict[str, str], administrator: dict[str, str]
) -> None:
    body = {"key": "coquimbo", "origin": "sample", "name": "coquimbo", "units": True}
    key = new_key()
    assert client.post("/v1/cities", json=body, headers=dispatcher | key).status_code == 403
    answers = [client.post("/v1/cities", json=body, headers=administrator | key) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [202, 202]
    assert answers[0].json() == answers[1].json()
    job = answers[0].json()
    assert (job["name"], job["queue"], job["state"]) == ("city.load", "heavy", "waiting")
    assert job["requested_by"].startswith("user:")

"""A repeated create is done once and answered alike."""

import threading
from concurrent.futures import ThreadPoolExecutor
from uuid import uuid4

import pytest
from fastapi import FastAPI
from sqlalchemy import func, select
from starlette.testclient import TestClient

from api.http.idempotency import REPLAY_HEADER
from gis.access import SYSTEM, Grant
from gis.tables import IdempotencyKey, Incident
from tests.api.conftest import World, new_key

pytestmark = pytest.mark.database


def incidents(world: World) -> int:
    with world.database.read(SYSTEM) as uow:
        return uow.session.execute(select(func.count()).select_from(Incident)).scalar_one()


def call(world: World, **fields: object) -> dict[str, object]:
    return {"city_id": world.city_id, "source": "phone", **fields}


def test_the_same_key_and_body_give_the_same_answer(
    client: TestClient, world: World, dispatcher: dict[str, str]
) -> None:
    headers = dispatcher | new_key()
    first = client.post("/v1/calls", json=call(world), headers=headers)
    again = client.post("/v1/calls", json=call(world, words=None), headers=headers)
    assert (again.status_code, again.json()) == (201, first.json())
    assert again.headers[REPLAY_HEADER] == "true"
    assert REPLAY_HEADER not in first.headers
    assert again.headers["ETag"] == first.headers["ETag"]
    assert incidents(world) == 1


def test_the_same_key_with_another_body_is_refused(
    client: TestClient, world: World, dispatcher: dict[str, str]
) -> None:
    headers = dispatcher | new_key()
    client.post("/v1/calls", json=call(world), headers=headers)
    refused = client.post("/v1/calls", json=call(world, words="other"), headers=headers)
    assert (refused.status_code, refused.json()["code"]) == (409, "idempotency_key_reused")
    assert incidents(world) == 1


def test_a_key_belongs_to_one_address(
    client: TestClient, dispatcher: dict[str, str], take_call
) -> None:
    headers = dispatcher | new_key()
    paths = [f"/v1/incidents/{take_call()['incident_id']}/patients" for _ in range(2)]
    assert client.post(paths[0], json={}, headers=headers).status_code == 201
    assert client.post(paths[1], json={}, headers=headers).status_code == 409


def test_two_people_may_have_the_same_key(client: TestClient, world: World) -> None:
    key = new_key()
    for _ in range(2):
        headers = world.bearer(Grant("dispatcher")) | key
        assert client.post("/v1/calls", json=call(world), headers=headers).status_code == 201
    assert incidents(world) == 2


@pytest.mark.parametrize("key", [None, "", "short", "with space 12", "x" * 201])
def test_every_create_needs_a_good_key(
    client: TestClient, world: World, dispatcher: dict[str, str], key: str | None
) -> None:
    headers = dispatcher if key is None else dispatcher | {"Idempotency-Key": key}
    incident_id = uuid4()
    for path in (
        "/v1/calls",
        f"/v1/incidents/{incident_id}/patients",
        f"/v1/incidents/{incident_id}/assignments",
    ):
        refused = client.post(path, json=call(world), headers=headers)
        assert (refused.status_code, refused.json()["code"]) == (400, "idempotency_key_required")


def test_a_refused_create_leaves_its_key_free(
    client: TestClient, world: World, dispatcher: dict[str, str]
) -> None:
    headers = dispatcher | new_key()
    refused = client.post("/v1/calls", json=call(world, city_id=999), headers=headers)
    assert refused.status_code == 404
    with world.database.read(SYSTEM) as uow:
        assert uow.session.execute(select(IdempotencyKey)).first() is None
    assert client.post("/v1/calls", json=call(world), headers=headers).status_code == 201


def test_ten_at_once_create_one(
    app: FastAPI, client: TestClient, world: World, dispatcher: dict[str, str]
) -> None:
    headers = dispatcher | new_key()
    together = threading.Barrier(10)

    def post(_: int):
        together.wait()
        return client.post("/v1/calls", json=call(world), headers=headers)

    with ThreadPoolExecutor(10) as pool:
        answers = list(pool.map(post, range(10)))
    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.json()["call_id"] for answer in answers}) == 1
    assert sum(REPLAY_HEADER not in answer.headers for answer in answers) == 1
    assert incidents(world) == 1


def test_a_repeated_stamp_with_a_key_is_answered_not_refused(
    client: TestClient, world: World, dispatcher: dict[str, str], take_call
) -> None:
    sent = client.post(
        f"/v1/incidents/{take_call()['incident_id']}/assignments",
        json={"unit_id": world.unit_ids[0]}, headers=dispatcher | new_key(),
    ).json()  # fmt: skip
    headers = dispatcher | new_key()
    body = {"state": "en_route", "source": "console"}
    path = f"/v1/assignments/{sent['assignment_id']}/stamps"
    first = client.post(path, json=body, headers=headers)
    client.post(path, json={"state": "on_scene", "source": "console"}, headers=dispatcher)
    again = client.post(path, json=body, headers=headers)
    assert (again.status_code, again.json()) == (first.status_code, first.json())

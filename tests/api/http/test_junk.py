"""Whatever is sent, by whomever: no 5xx, and every refusal is a sentence in our one shape."""

import json
import logging
import random
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from api.http.errors import PROBLEM_JSON
from api.rooms import HOUSE
from gis.access import Grant
from tests.api.conftest import World, new_key
from tests.api.http.junk import GOOD_GEOMETRIES, Answered, Asked, Json, Junk, ask, operations_of
from tests.cities import corner

pytestmark = pytest.mark.database

EVERY_ANSWER_HAS = (
    "X-Request-Id", "Content-Security-Policy", "X-Content-Type-Options", "Referrer-Policy",
    "Permissions-Policy", "Cross-Origin-Opener-Policy", "Cross-Origin-Resource-Policy",
)  # fmt: skip


@pytest.fixture
def known(
    app: FastAPI, client: TestClient, world: World, dispatcher: dict[str, str],
    take_call: Callable[..., dict],
) -> dict[str, list[Json]]:  # fmt: skip
    """Values by the name of a field or parameter: rows that exist, and places on the grid."""
    app.state.context.routing.refresh()
    incidents = [take_call((2 + n, 2))["incident_id"] for n in range(6)]
    calls = [
        client.post(
            "/v1/calls", headers=dispatcher | new_key(),
            json={"city_id": world.city_id, "source": "phone"},
        ).json()["call_id"]
    ]  # fmt: skip
    assignments = [
        client.post(
            f"/v1/incidents/{incident}/assignments", json={"unit_id": unit},
            headers=dispatcher | new_key(),
        ).json()["assignment_id"]
        for incident, unit in zip(incidents, world.unit_ids[:3], strict=False)
    ]  # fmt: skip
    expires_at = (datetime.now(tz=UTC) + timedelta(hours=5)).isoformat()
    conditions = [
        client.post(
            "/v1/routing/conditions", headers=dispatcher | new_key(),
            json={"city_id": world.city_id, "kind": "closure", "expires_at": expires_at,
                  "reason_en": "burst main", "confirmed": True,
                  "sketch": {"drawn": "polygon", "datum": "wgs84",
                             "geometry": GOOD_GEOMETRIES[0]}},
        ).json().get("condition_id", "")
        for _ in range(3)
    ]  # fmt: skip
    facilities = client.get("/v1/facilities", params={"city_id": world.city_id}).json()["features"]
    officer, administrator = (
        world.bearer(Grant(role)) for role in ("privacy_officer", "administrator")
    )
    account = client.post(
        "/v1/admin/accounts", headers=administrator | new_key(),
        json={"username": "wang.fang", "password": "a long password"},
    ).json()["user_id"]  # fmt: skip
    why = "a reason that is long enough"
    hold = client.post(
        "/v1/admin/holds", headers=officer | new_key(),
        json={"subject_kind": "incident", "subject": incidents[0], "reason": why},
    ).json()["hold_id"]  # fmt: skip
    export = client.post(
        "/v1/exports", headers=officer | new_key(),
        json={"kind": "personal_access", "purpose": why, "recipient": "council",
              "legal_basis": "law"},
    ).json()["export_id"]  # fmt: skip
    lon, lat = corner(3, 3)
    protocol = client.get("/v1/protocol", headers=dispatcher).json()
    return {
        "city_id": [world.city_id], "incident_id": incidents, "of": incidents, "call_id": calls,
        "assignment_id": assignments, "condition_id": conditions,
        "unit_id": list(world.unit_ids), "facility_id": [facilities[0]["id"]],
        "handover_facility_id": [facilities[0]["id"]], "datum": ["wgs84", "gcj02", "bd09"],
        "lon": [lon, lon + 0.001], "lat": [lat, lat + 0.001],
        "lonlat": [[[lon, lat], [lon + 0.001, lat]]], "geometry": list(GOOD_GEOMETRIES),
        "drawn": ["polygon", "line"], "z": [14],
        "layer": ["roads", "conditions", "population_cells", "incidents_by_week"],
        "user_id": [account], "hold_id": [hold], "export_id": [export], "name": ["resources"],
        "rule": ["call.caller"], "role": ["planner"], "permission": ["personal_read"],
        "by": ["number", "incident"],
        "subject_kind": ["incident", "call", "account"], "subject": incidents, "reason": [why],
        "purpose": [why], "made_as": ["pdf", "html"], "target": ["station", "pci"],
        "x": [13380], "y": [7140], "If-Match": ['"1"', '"2"', '"3"'], "if-match": ['"1"', '"2"'],
        "complaint_code": [one["code"] for one in protocol["complaints"]],
        "area_code": ["440305"], "segment_id": [1, 2, 3], "query": ["第2横路"],
        "expires_at": [expires_at], "cursor": ["e30"],
    }  # fmt: skip


def fault(asked: Asked, answered: Answered) -> str | None:
    """Return what is wrong with an answer, None if nothing is."""
    if answered.status >= 500 or answered.raised:
        return f"{answered.status} {answered.raised} {answered.body[:200]!r}"
    for name in EVERY_ANSWER_HAS:
        if not answered.header(name):
            return f"{answered.status} without {name}"
    if answered.status >= 400:
        if answered.header("content-type") != PROBLEM_JSON:
            return f"{answered.status} as {answered.header('content-type')}"
        problem = json.loads(answered.body)
        if problem["status"] != answered.status or problem["detail"].count(" ") < 2:
            return f"{answered.status} says {problem['detail']!r}"
        if len(problem["detail"]) > 1_000:
            return f"{answered.status} says {len(problem['detail'])} characters"
    return None


def faults(
    client: TestClient, world: World, known: dict[str, list[Json]], *, count: int, seed: int
) -> dict[str, str]:
    """Send `count` requests to each operation; return each kind of fault with one request."""
    app = client.app
    assert isinstance(app, FastAPI)
    document = app.openapi()
    junk = Junk(document, known, seed=seed)
    people: list[dict[str, str]] = [{}, *(world.bearer(Grant(role)) for role in HOUSE.roles)]
    chance = random.Random(seed)
    holders: dict[str, list[dict[str, str]]] = {}
    found: dict[str, str] = {}

    async def send_all() -> None:
        for operation in operations_of(document):
            if operation.path == "/healthz":
                continue  # 503 where no worker runs
            for _ in range(count):
                # Mostly somebody who may: the others are turned away early.
                may = holders.get(operation.name, [])
                who = chance.choice(may if may and chance.random() < 0.85 else people)
                key = {"Idempotency-Key": str(uuid4())} if chance.random() < 0.9 else {}
                asked = junk.request(operation, who | key)
                answered = await ask(app, asked)
                if answered.status not in {401, 403} and who not in may:
                    holders.setdefault(operation.name, []).append(who)
                wrong = fault(asked, answered)
                if wrong is not None:
                    found.setdefault(f"{operation.name}: {wrong}", str(asked))

    assert client.portal is not None
    client.portal.call(send_all)
    return found


def faults_of_each_place(
    client: TestClient, world: World, known: dict[str, list[Json]]
) -> dict[str, str]:  # fmt: skip
    """Put each of the worst values into each place; return each kind of fault with one request."""
    app = client.app
    assert isinstance(app, FastAPI)
    document = app.openapi()
    junk = Junk(document, known, seed=1, optional=1.0)
    anybody = world.bearer(*(Grant(role) for role in HOUSE.roles))
    found: dict[str, str] = {}

    async def send_all() -> None:
        for operation in operations_of(document):
            if operation.path == "/healthz":
                continue
            for asked in junk.each_place(operation, anybody | {"Idempotency-Key": str(uuid4())}):
                wrong = fault(asked, await ask(app, asked))
                if wrong is not None:
                    found.setdefault(f"{operation.name}: {wrong}", str(asked))

    assert client.portal is not None
    client.portal.call(send_all)
    return found


def listed(found: dict[str, str]) -> str:
    return "\n".join(f"{fault}\n    {asked}" for fault, asked in sorted(found.items()))


def test_whatever_is_sent_is_answered_in_our_shape(
    client: TestClient, world: World, known: dict[str, list[Json]], caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.CRITICAL)
    found = faults(client, world, known, count=8, seed=7)
    assert not found, listed(found)


@pytest.mark.acceptance
@pytest.mark.timeout(3_600)
def test_much_more_is_answered_in_our_shape(
    client: TestClient, world: World, known: dict[str, list[Json]], caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.CRITICAL)
    seed = int(datetime.now(tz=UTC).timestamp())
    found = faults(client, world, known, count=400, seed=seed)
    assert not found, f"seed {seed}\n{listed(found)}"


@pytest.mark.acceptance
@pytest.mark.timeout(3_600)
def test_the_worst_in_each_place_is_answered_in_our_shape(
    client: TestClient, world: World, known: dict[str, list[Json]], caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.CRITICAL)
    found = faults_of_each_place(client, world, known)
    assert not found, listed(found)

"""Default deny, proven for every route and every role."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Annotated, get_args, get_origin
from uuid import uuid4

import pytest
from fastapi import FastAPI
from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute, iter_route_contexts
from starlette.testclient import TestClient

from api.http import permissions
from api.http.permissions import Access, NoDatabase, OpenToAll, Requires, RequiresViewer
from api.rooms import HOUSE
from gis.access import Grant, Permission
from gis.database import ReadingUnitOfWork, WritingUnitOfWork
from tests.api.conftest import World, new_key

pytestmark = pytest.mark.database

PUBLIC = {
    "GET /docs/errors", "GET /healthz", "GET /v1/areas", "GET /v1/cities",
    "GET /v1/facilities", "GET /v1/map/layers", "GET /v1/map/layers/{layer}/style",
    "GET /v1/map/style/{city_id}.json",
    "GET /v1/tiles/{city_id}/{layer}/{z}/{x}/{y}.mvt", "POST /v1/aeds/around",
    "GET /v1/aeds/{aed_id}/photo",
    "POST /v1/aeds/nearest", "POST /v1/aeds/{aed_id}/reports", "POST /v1/session",
    "GET /aed/worker.js",
    # Whoever holds the one-time link sends one position; nothing can be read by it.
    "POST /v1/location-links/use",
}  # fmt: skip
"""What nobody needs a login for. A new entry here is a decision."""

PUBLIC |= {f"GET {path}" for path in HOUSE.pages}
"""A page's file holds nothing secret; whose page it is, the manifest says."""

LOGIN_ONLY = {
    "GET /v1/session", "DELETE /v1/session",
    # Each kind of job names who may see it and who may stop it (tests/api/doors/test_jobs.py).
    "GET /v1/jobs", "GET /v1/jobs/{job_id}", "POST /v1/jobs/{job_id}/cancel",
    "POST /v1/jobs/{job_id}/retry",
    "GET /v1/guarded-tiles/{city_id}/{layer}/{z}/{x}/{y}.mvt",
    "GET /v1/map/layers/{layer}/features",
    # Each count that is published names who may read it (tests/api/doors/test_releases.py).
    "GET /v1/releases", "GET /v1/releases/{release_id}",
    # Each kind of report names who has it (tests/api/doors/test_reports.py).
    "GET /v1/reports", "POST /v1/reports/{name}", "GET /v1/reports/{report_id}.{made_as}",
}  # fmt: skip
NOT_ROUTES_OF_OURS = {"/v1/openapi.json", "/static"}


@dataclass(frozen=True)
class Door:
    """One route with the access its signature declares."""

    method: str
    path: str
    declared: tuple[Access, ...]

    @property
    def name(self) -> str:
        """Return method and path."""
        return f"{self.method} {self.path}"

    @property
    def any_of(self) -> frozenset[Permission]:
        """Return the permissions of which one is needed; empty: none in particular."""
        access = self.declared[0]
        return frozenset(access.any_of if isinstance(access, (Requires, RequiresViewer)) else ())

    @property
    def url(self) -> str:
        """Return the path with plausible values filled in."""
        values = {"incident_id": str(uuid4()), "assignment_id": str(uuid4()), "layer": "roads",
                  "condition_id": str(uuid4())}  # fmt: skip
        return re.sub(r"\{(\w+)\}", lambda found: values.get(found[1], "1"), self.path)


def declarations(dependant: Dependant) -> Iterator[Access]:
    for dependency in dependant.dependencies:
        if isinstance(dependency.call, Access):
            yield dependency.call
        yield from declarations(dependency)


def doors_of(app: FastAPI) -> list[Door]:
    doors = []
    for context in iter_route_contexts(app.routes):
        route = context.original_route
        if not isinstance(route, APIRoute):
            assert context.path in NOT_ROUTES_OF_OURS, f"{context.path} is no door of ours"
            continue
        declared = tuple(declarations(route.dependant))
        doors += [Door(method, context.path or "", declared) for method in context.methods or ()]
    return doors


def test_a_door_gets_the_kind_of_transaction_that_its_type_names() -> None:
    declared = [one for one in vars(permissions).values() if get_origin(one) is Annotated]
    assert len(declared) > 20
    for one in declared:
        given, depends = get_args(one)
        access = depends.dependency
        if isinstance(access, (Requires, OpenToAll)):
            assert given is (ReadingUnitOfWork if access.read_only else WritingUnitOfWork)


@pytest.fixture
def doors(app: FastAPI) -> list[Door]:
    return doors_of(app)


def request(client: TestClient, door: Door, headers: dict[str, str]) -> tuple[int, str]:
    """Call the door with an empty body; return status and problem code."""
    body = None if door.method in {"GET", "DELETE"} else {}
    with client.stream(
        door.method, door.url, json=body, headers=headers | new_key() | {"If-Match": '"1"'},
        params={"city_id": "1"},
    ) as answer:  # fmt: skip
        if "problem" not in answer.headers.get("content-type", ""):
            return answer.status_code, ""
        answer.read()
        return answer.status_code, answer.json()["code"]


def test_every_route_declares_its_access_once(doors: list[Door]) -> None:
    assert len(doors) > 30
    assert [door.name for door in doors if len(door.declared) != 1] == []


def test_only_these_routes_are_public(doors: list[Door]) -> None:
    public = {
        door.name for door in doors if isinstance(door.declared[0], (OpenToAll, NoDatabase))
    }  # fmt: skip
    assert public == PUBLIC


def test_only_these_routes_need_no_permission(doors: list[Door]) -> None:
    login_only = {door.name for door in doors if door.name not in PUBLIC and not door.any_of}
    assert login_only == LOGIN_ONLY


def test_nobody_gets_in_without_a_login(client: TestClient, doors: list[Door]) -> None:
    for door in doors:
        status, code = request(client, door, {})
        if door.name in PUBLIC:
            assert status not in {401, 403}, door.name
            assert status < 500, door.name
        else:
            assert (status, code) == (401, "not_authenticated"), door.name


@pytest.mark.parametrize("role", HOUSE.roles)
def test_each_role_may_what_the_table_says_and_nothing_else(
    client: TestClient, world: World, doors: list[Door], role: str
) -> None:
    headers = world.bearer(Grant(role))
    held = HOUSE.holdings[role]
    for door in doors:
        status, code = request(client, door, headers)
        allowed = door.name in PUBLIC | LOGIN_ONLY or not held.isdisjoint(door.any_of)
        if allowed:
            # A crew's account speaks for its own unit: this one is bound to none.
            refused = status in {401, 403} and code != "not_own_unit"
            assert not refused, f"{role} is refused {door.name}: {code}"
            assert status < 500, f"{door.name}: {code}"
        else:
            assert (status, code) == (403, "permission_denied"), f"{role} gets into {door.name}"


def test_a_role_elsewhere_sees_nothing_here(client: TestClient, world: World, take_call) -> None:
    incident = take_call((1, 1))
    assert incident["area_code"] == "440305"
    elsewhere = world.bearer(Grant("dispatcher", "440306"))
    path = f"/v1/incidents/{incident['incident_id']}"
    assert client.get(path, headers=elsewhere).json()["code"] == "incident_not_found"
    listed = client.get("/v1/incidents", params={"city_id": world.city_id}, headers=elsewhere)
    assert listed.json()["incidents"] == []
    here = world.bearer(Grant("dispatcher", "440305"))
    assert client.get(path, headers=here).status_code == 200

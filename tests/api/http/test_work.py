"""Every door has a class of work, and an emergency waits for no heavy question."""

import asyncio
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import AsyncExitStack
from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.routing import APIRoute
from starlette.requests import Request
from starlette.testclient import TestClient

from api.app import DOORS
from api.http.answers import Lines
from api.http.places import HEAVY_QUEUE, Places, Work, places_of
from api.http.request_errors import AskerLeftError, HeavyWorkFullError, OverloadedError
from api.http.routes_table import described_routes
from api.http.work import TakesPlace
from gis.access import Grant
from routing.live.pinned import PinnedRoads
from tests.api.conftest import World, new_key
from tests.cities import corner

HEAVY = {
    "GET /v1/kpis", "GET /v1/kpis/file", "GET /v1/kpis/profiles", "POST /v1/kpis/judged",
    "GET /v1/replay",
    "POST /v1/routing/matrix", "POST /v1/routing/isochrone", "GET /v1/routing/calibration",
    "GET /v1/guarded-tiles/{city_id}/{layer}/{z}/{x}/{y}.mvt",
    "GET /v1/tiles/{city_id}/{layer}/{z}/{x}/{y}.mvt", "GET /v1/map/layers/{layer}/features",
    "GET /v1/planning/minutes/{target}", "GET /v1/planning/minutes/{target}/cells",
    "GET /v1/planning/minutes/{target}/features", "GET /v1/planning/coverage",
    "POST /v1/planning/coverage", "POST /v1/planning/first-aid", "GET /v1/planning/recorded",
    "GET /v1/planning/calibration", "GET /v1/planning/demand", "GET /v1/planning/seats",
    "GET /v1/planning/forecast", "GET /v1/planning/opportunities",
    "GET /v1/planning/studies/{study_id}/cells", "GET /v1/planning/studies/compare/cells",
    "GET /v1/admin/health", "POST /v1/exports",
    "GET /v1/surveillance/syndromic", "GET /v1/surveillance/data",
    "GET /v1/surveillance/diseases/seen", "GET /v1/surveillance/diseases/{disease}/curves",
    "POST /v1/surveillance/imports/preview", "GET /v1/surveillance/maps",
    "GET /v1/surveillance/maps/features", "GET /v1/surveillance/maps/points",
    "GET /v1/surveillance/clusters/{cluster_id}/zone",
}  # fmt: skip
PUBLIC_EMERGENCY = {"GET /healthz"}
"""Anybody may ask these, and so take a place from a dispatcher for a moment: only health."""


def routes() -> list[APIRoute]:
    found = [route for door in DOORS for route in door.router.routes]
    assert all(isinstance(route, APIRoute) for route in found)
    return [route for route in found if isinstance(route, APIRoute)]


def test_every_route_takes_one_place_before_anything_else() -> None:
    for route in routes():
        taken = [isinstance(one.call, TakesPlace) for one in route.dependant.dependencies]
        assert (taken[0], sum(taken)) == (True, 1), route.path


def test_these_routes_are_heavy() -> None:
    heavy = {f"{one.method} {one.path}" for one in described_routes() if one.work.is_heavy}
    assert heavy == HEAVY


def test_what_anybody_may_ask_takes_no_place_of_emergencies() -> None:
    public = {
        f"{one.method} {one.path}" for one in described_routes()
        if one.permission == "everybody" and one.work is Work.EMERGENCY
    }  # fmt: skip
    assert public == PUBLIC_EMERGENCY


@pytest.mark.parametrize("connections", [1, 4, 16, 36, 100])
def test_all_classes_together_have_as_many_places_as_connections(connections: int) -> None:
    places = places_of(connections, heavy=2)
    counts = {work: one.count for work, one in places.items()}
    assert set(counts) == set(Work)
    assert min(counts.values()) >= 1
    assert sum(counts.values()) <= max(connections, len(Work))
    assert counts[Work.EMERGENCY] == max(counts.values())


def request(left: asyncio.Event | None = None) -> Request:
    """Return a request whose asker leaves when `left` is set."""

    async def receive() -> dict[str, Any]:
        await (left or asyncio.Event()).wait()
        return {"type": "http.disconnect"}

    return Request({"type": "http"}, receive)


def test_a_full_queue_refuses_at_once() -> None:
    async def main() -> None:
        places = Places(Work.HEAVY, 1, queue=2)
        async with places.one(request()), asyncio.TaskGroup() as group:

            async def wait() -> None:
                async with places.one(request()):
                    pass

            waiting = [group.create_task(wait()) for _ in range(2)]
            await asyncio.sleep(0.01)
            with pytest.raises(HeavyWorkFullError):
                async with places.one(request()):
                    pass
            for task in waiting:
                task.cancel()
        async with places.one(request()):
            pass  # everything has been given back

    asyncio.run(main())


def test_who_leaves_while_waiting_leaves_the_queue() -> None:
    async def main() -> None:
        places = Places(Work.HEAVY, 1, queue=1)
        async with AsyncExitStack() as held:
            await held.enter_async_context(places.one(request()))
            left = asyncio.Event()
            asyncio.get_running_loop().call_later(0.01, left.set)
            with pytest.raises(AskerLeftError):
                async with places.one(request(left)):
                    pass
            left = asyncio.Event()
            waiting = asyncio.create_task(places.one(request(left)).__aenter__())
            await asyncio.sleep(0.01)
            assert not waiting.done()  # the queue had room again
        await waiting

    asyncio.run(main())


def test_who_waits_too_long_is_told_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("api.http.places._WAIT_S", 0.01)
    monkeypatch.setattr("api.http.places._TILE_WAIT_S", 0.01)

    async def main() -> None:
        for work in Work:
            places = Places(work, 1)
            async with places.one(request()):
                with pytest.raises(OverloadedError):
                    async with places.one(request()):
                        pass
            async with places.one(request()):
                pass

    asyncio.run(main())


def test_a_reader_who_takes_nothing_is_cut_off(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("api.http.answers.READER_WAIT_S", 0.02)
    computed: list[int] = []

    def rows() -> Iterator[str]:
        for row in range(1_000):
            computed.append(row)
            yield "[]\n"

    sent: list[str] = []

    async def receive() -> dict[str, Any]:
        await asyncio.Event().wait()
        return {}

    async def send(message: Any) -> None:
        sent.append(message["type"])
        if len(sent) > 3:
            await asyncio.Event().wait()  # a full buffer that nobody empties

    async def main() -> None:
        async with asyncio.timeout(10):
            await Lines(rows())({"type": "http", "asgi": {}}, receive, send)

    asyncio.run(main())
    assert len(sent) == 4
    assert len(computed) < 10


@pytest.mark.database
def test_with_every_heavy_place_taken_calls_are_taken_and_more_heavy_work_is_refused(
    app: FastAPI, client: TestClient, world: World, dispatcher: dict[str, str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    go_on = threading.Event()
    computing = threading.Semaphore(0)

    def endless(*_: object, **__: object) -> Any:
        computing.release()
        assert go_on.wait(60)
        raise ZeroDivisionError

    monkeypatch.setattr(PinnedRoads, "isochrone", endless)
    planner = world.bearer(Grant("planner"))
    lon, lat = corner(3, 3)
    question = {
        "city_id": world.city_id, "limits_s": [300],
        "place": {"lon": lon, "lat": lat, "datum": "wgs84"},
    }  # fmt: skip
    places = app.state.context.places[Work.HEAVY]
    many = places.count + HEAVY_QUEUE + 3

    def ask(_: int) -> tuple[int, str, str | None]:
        answer = client.post("/v1/routing/isochrone", json=question, headers=planner)
        return answer.status_code, answer.json()["code"], answer.headers.get("Retry-After")

    def take_call() -> None:
        body = {"city_id": world.city_id, "source": "phone"}
        answer = client.post("/v1/calls", json=body, headers=dispatcher | new_key())
        assert answer.status_code == 201

    with ThreadPoolExecutor(many) as pool:
        asked = pool.map(ask, range(many))
        for _ in range(places.count):
            assert computing.acquire(timeout=30)
        begun = time.monotonic()
        for _ in range(20):
            take_call()
        # The heavy work never ends by itself: had a call waited for it, this would never end.
        assert time.monotonic() - begun < 60
        tile = f"/v1/tiles/{world.city_id}/roads/14/13380/7140.mvt"
        assert client.get(tile).status_code == 200
        go_on.set()
        answers = list(asked)
    refused = [one for one in answers if one[1] == "heavy_work_full"]
    assert len(refused) >= 3
    assert {(status, after is not None) for status, _, after in refused} == {(503, True)}

"""Every answer, whatever it is and whoever made it, carries the policy and its number."""

import logging
import re
from collections.abc import Iterator

import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from api.http.middleware import CONTENT_SECURITY_POLICY, POLICY_OF_PARTS
from api.http.routes_table import described_routes
from gis.access import Grant
from tests.api.conftest import World

pytestmark = pytest.mark.database

PATHS = (
    "/", "/login", "/console", "/aed", "/docs/errors", "/healthz", "/v1/openapi.json",
    "/v1/cities", "/nowhere", "/v1/nowhere", "/static/icon.svg", "/static/nowhere.js",
    "/static/../app.py", "/static/", "/v1/tiles/1/roads/14/13380/7140.mvt",
    "/v1/tiles/1/secrets/1/1/1.mvt", "/v1/session", "/v1/cities/",
)  # fmt: skip


def check(method: str, path: str, answer: object) -> str:
    """Assert that an answer carries every header; return its number."""
    headers = answer.headers  # type: ignore[attr-defined]
    what = f"{method} {path}: {answer.status_code}"  # type: ignore[attr-defined]
    part = headers.get("Content-Type", "").startswith(("text/javascript", "text/css"))
    policy = POLICY_OF_PARTS if part else CONTENT_SECURITY_POLICY
    assert headers.get("Content-Security-Policy") == policy, what
    assert headers.get("X-Content-Type-Options") == "nosniff", what
    assert headers.get("Referrer-Policy") == "same-origin", what
    if not part:
        assert "camera=()" in headers.get("Permissions-Policy", ""), what
        assert headers.get("Cross-Origin-Opener-Policy") == "same-origin", what
    assert headers.get("Cross-Origin-Resource-Policy") == "same-origin", what
    number = headers.get("X-Request-Id", "")
    assert re.fullmatch("[0-9a-f]{32}", number), what
    if path.startswith("/v1/"):
        assert headers.get("Cache-Control"), what
    return str(number)


def test_the_policy_lets_nothing_in_from_elsewhere() -> None:
    for part in ("default-src 'self'", "object-src 'none'", "frame-ancestors 'none'"):
        assert part in CONTENT_SECURITY_POLICY
    assert "http" not in CONTENT_SECURITY_POLICY


def test_scripts_and_styles_bring_no_headers_of_documents(client: TestClient) -> None:
    for path in ("/static/js/kit/view.js", "/static/css/shell.css"):
        headers = client.get(path).headers
        # A worker has the policy of its script: it may ask this server, and nobody else.
        assert headers["Content-Security-Policy"] == POLICY_OF_PARTS == "default-src 'self'"
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["Cross-Origin-Resource-Policy"] == "same-origin"
        assert headers["Referrer-Policy"] == "same-origin"
        assert headers["X-Request-Id"]
        assert "Permissions-Policy" not in headers


def requests(world: World) -> Iterator[tuple[str, str]]:
    for path in PATHS:
        yield "GET", path
    for route in described_routes():
        if route.path != "/v1/stream":  # endless for who may; for others it is among these
            yield route.method, re.sub(r"\{\w+\}", "1", route.path)
    for method in ("HEAD", "OPTIONS", "TRACE", "PUT", "BREW"):
        yield method, "/v1/calls"
        yield method, "/static/icon.svg"


def test_every_answer_carries_the_headers(client: TestClient, world: World) -> None:
    supervisor = world.bearer(Grant("supervisor"))
    numbers = [
        check(method, path, client.request(method, path, headers=headers))
        for headers in ({}, supervisor, {"Authorization": "Bearer nonsense"})
        for method, path in requests(world)
    ]
    numbers.append(check("GET", "/v1/stream", client.get("/v1/stream")))
    assert len(set(numbers)) == len(numbers)


@pytest.mark.parametrize("tiles", ["tiles", "guarded-tiles"])
def test_the_log_does_not_say_where_somebody_looks(
    client: TestClient, caplog: pytest.LogCaptureFixture, tiles: str
) -> None:
    with caplog.at_level(logging.INFO, "goldenhour.access"):
        client.get(f"/v1/{tiles}/1/roads/14/13380/7140.mvt")
    assert f"/v1/{tiles}/…" in caplog.text
    assert "13380" not in caplog.text


def test_a_body_announced_too_large_is_refused_whatever_it_is_sent_to(client: TestClient) -> None:
    for path in ("/v1/cities", "/v1/calls", "/static/icon.svg", "/nowhere"):
        answer = client.get(path, headers={"Content-Length": "9" * 30})
        assert (answer.status_code, answer.json()["code"]) == (413, "body_too_large")
        check("GET", path, answer)


def test_also_those_that_the_middleware_makes(
    client: TestClient, dispatcher: dict[str, str]
) -> None:
    for content, headers, status in (
        (b'{"a":' + b"1" * 1_100_000, {"Content-Type": "application/json"}, 413),
        (b"{", {"Content-Type": "application/json"}, 400),
        (b"{}", {"Content-Type": "text/plain"}, 415),
        (b"{}", {"Content-Type": "application/json"}, 400),
    ):
        answer = client.post("/v1/calls", content=content, headers=dispatcher | headers)
        assert answer.status_code == status
        check("POST", "/v1/calls", answer)
        assert answer.json()["detail"].endswith(".")


def test_also_the_answer_to_a_mistake_of_the_program(
    app: FastAPI, client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    def mistake(*_: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr("api.doors.maps.tiles.tile", mistake)
    path = "/v1/tiles/1/roads/14/13380/7140.mvt"
    answer = client.get(path)
    assert (answer.status_code, answer.json()["code"]) == (500, "internal_error")
    check("GET", path, answer)

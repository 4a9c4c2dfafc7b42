"""Logging in by cookie and token; changes from foreign pages are refused."""

import pytest
from starlette.testclient import TestClient

from api.http.auth import SESSION_COOKIE
from gis.access import Grant
from tests.api.conftest import PASSWORD, World, new_key

pytestmark = pytest.mark.database

SAME_ORIGIN = {"Sec-Fetch-Site": "same-origin"}


@pytest.fixture
def username(world: World) -> str:
    return world.user(Grant("dispatcher", "4403"))


def log_in(client: TestClient, username: str, **headers: str):
    return client.post(
        "/v1/session", json={"username": username, "password": PASSWORD},
        headers={name.replace("_", "-"): value for name, value in headers.items()},
    )  # fmt: skip


def test_the_session_says_who_and_where(client: TestClient, username: str) -> None:
    answer = log_in(client, username)
    assert answer.status_code == 200
    body = answer.json()
    assert body["user"]["username"] == username
    assert body["user"]["grants"][0]["jurisdiction"] == "4403"
    assert "dispatch" in body["user"]["permissions"]
    assert body["installation"]["purpose"] == "simulation"
    assert client.get("/v1/session").json() == body


def test_the_cookie_is_for_our_pages_only(client: TestClient, username: str) -> None:
    cookie = log_in(client, username).headers["Set-Cookie"]
    assert cookie.startswith(f"{SESSION_COOKIE}=")
    for part in ("HttpOnly", "SameSite=strict", "Path=/", "Max-Age=43200"):
        assert part in cookie
    assert "Secure" not in cookie


def test_logging_out_ends_the_session_on_the_server(client: TestClient, username: str) -> None:
    log_in(client, username)
    token = client.cookies[SESSION_COOKIE]
    assert client.delete("/v1/session", headers=SAME_ORIGIN).status_code == 200
    client.cookies.set(SESSION_COOKIE, token)
    assert client.get("/v1/session").status_code == 401


def test_wrong_password(client: TestClient, username: str) -> None:
    answer = client.post("/v1/session", json={"username": username, "password": "wrong password"})
    assert (answer.status_code, answer.json()["code"]) == (401, "bad_credentials")
    assert "Set-Cookie" not in answer.headers


def test_guessing_is_slowed_down(client: TestClient, username: str) -> None:
    for _ in range(8):
        client.post("/v1/session", json={"username": username, "password": "wrong password"})
    answer = log_in(client, username)
    assert (answer.status_code, answer.json()["code"]) == (429, "too_many_attempts")
    assert int(answer.headers["Retry-After"]) > 0


@pytest.mark.parametrize(
    ("headers", "allowed"),
    [
        ({"Sec-Fetch-Site": "same-origin"}, True),
        ({"Origin": "http://testserver"}, True),
        ({"Sec-Fetch-Site": "cross-site"}, False),
        ({"Sec-Fetch-Site": "same-site"}, False),
        ({"Sec-Fetch-Site": "none"}, False),
        ({"Origin": "https://evil.example"}, False),
        ({"Origin": "null"}, False),
        ({"Sec-Fetch-Site": "cross-site", "Origin": "http://testserver"}, False),
        ({}, False),
    ],
)
def test_a_change_by_cookie_must_come_from_our_own_page(
    client: TestClient, world: World, username: str, headers: dict[str, str], allowed: bool
) -> None:
    log_in(client, username)
    answer = client.post(
        "/v1/calls", json={"city_id": world.city_id, "source": "phone"},
        headers=headers | new_key(),
    )  # fmt: skip
    if allowed:
        assert answer.status_code == 201
    else:
        assert (answer.status_code, answer.json()["code"]) == (403, "cross_site_request")


def test_reading_by_cookie_needs_no_origin(client: TestClient, world: World, username: str) -> None:
    log_in(client, username)
    answer = client.get("/v1/incidents", params={"city_id": world.city_id})
    assert answer.status_code == 200


def test_a_foreign_page_cannot_log_a_browser_in(client: TestClient, username: str) -> None:
    answer = log_in(client, username, Sec_Fetch_Site="cross-site")
    assert answer.json()["code"] == "cross_site_request"


def test_a_program_needs_no_origin(client: TestClient, world: World) -> None:
    headers = world.bearer(Grant("dispatcher"))
    answer = client.post(
        "/v1/calls", json={"city_id": world.city_id, "source": "phone"}, headers=headers | new_key()
    )
    assert answer.status_code == 201


def test_a_wrong_token_opens_nothing(client: TestClient) -> None:
    for value in ("Bearer nonsense", "Bearer ", "Basic eDp5"):
        assert client.get("/v1/session", headers={"Authorization": value}).status_code == 401

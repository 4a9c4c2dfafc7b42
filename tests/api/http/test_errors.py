"""Every error of the house has one shape at the door."""

import json
from collections import Counter

import pytest
from fastapi import FastAPI
from psycopg import errors as postgres
from pydantic import BaseModel
from sqlalchemy import exc as sql
from starlette.testclient import TestClient

from api.http.errors import (
    PROBLEM_JSON,
    STATUSES,
    database_problem,
    install_error_handlers,
    problem_of,
)
from gis.errors import GoldenHourError
from gis.identity_errors import TooManyAttemptsError
from tests.every_error import every_error

ERRORS = every_error()


def instance(error: type[GoldenHourError]) -> GoldenHourError:
    """Make an error without knowing what its constructor takes."""
    made = error.__new__(error)
    Exception.__init__(made, "A sentence.")
    if isinstance(made, TooManyAttemptsError):
        made.retry_after_s = 30
    return made


@pytest.mark.parametrize("error", ERRORS, ids=lambda error: error.__qualname__)
def test_every_error_has_one_shape(error: type[GoldenHourError]) -> None:
    response = problem_of(instance(error)).response()
    body = json.loads(response.body)
    assert response.media_type == PROBLEM_JSON
    assert set(body) == {"type", "title", "status", "detail", "code"}
    assert body["type"] == f"/docs/errors#{error.code}"
    assert body["status"] == response.status_code
    assert body["detail"] == "A sentence."
    assert 400 <= body["status"] <= 599
    assert error.__doc__
    if body["status"] in {429, 503}:
        assert int(response.headers["Retry-After"]) > 0
    if body["status"] == 401:
        assert response.headers["WWW-Authenticate"] == "Bearer"


def test_codes_are_not_shared() -> None:
    shared = {code for code, count in Counter(error.code for error in ERRORS).items() if count > 1}
    # These stand for their whole family.
    families = {base.code for base in STATUSES} | {"database_unavailable"}
    assert shared <= families


def test_known_errors_have_their_status() -> None:
    statuses = {error.__name__: problem_of(instance(error)).status for error in ERRORS}
    assert statuses["UnitAlreadyAssignedError"] == 409
    assert statuses["StaleVersionError"] == 412
    assert statuses["VersionRequiredError"] == 428
    assert statuses["DatumRequiredError"] == 422
    assert statuses["IncidentNotFoundError"] == 404
    assert statuses["MissingPermissionError"] == 403
    assert statuses["NotAuthenticatedError"] == 401
    assert statuses["TooManyAttemptsError"] == 429


SECRET = "13800138000"


@pytest.mark.parametrize(
    ("error", "status", "code"),
    [
        (sql.OperationalError("SELECT 1", {"n": SECRET}, Exception(SECRET)), 503,
         "database_unavailable"),
        (sql.TimeoutError(f"QueuePool {SECRET}"), 503, "database_unavailable"),
        (sql.InternalError("SELECT 1", {}, Exception(SECRET), connection_invalidated=True), 503,
         "database_unavailable"),
        (sql.OperationalError("SELECT 1", {}, postgres.LockNotAvailable(SECRET)), 503,
         "database_busy"),
        (sql.OperationalError("SELECT 1", {}, postgres.DeadlockDetected(SECRET)), 503,
         "database_busy"),
        (sql.DataError("INSERT", {"n": SECRET}, Exception(SECRET)), 422, "invalid_value"),
        (sql.IntegrityError("INSERT", {"n": SECRET}, Exception(SECRET)), 500, "internal_error"),
    ],
)  # fmt: skip
def test_the_databases_words_never_leave_the_house(
    error: sql.SQLAlchemyError, status: int, code: str
) -> None:
    problem = database_problem(error)
    assert (problem.status, problem.code) == (status, code)
    assert SECRET not in problem.response().body.decode()
    if status == 503:
        assert "Idempotency-Key" in problem.detail


class Body(BaseModel):
    """Something to validate."""

    number: int


@pytest.fixture
def client() -> TestClient:
    app = FastAPI()
    install_error_handlers(app)

    @app.post("/things")
    def post_thing(body: Body) -> int:
        return 1 // body.number

    @app.get("/broken")
    def broken() -> None:
        raise RuntimeError("the inside")

    return TestClient(app, raise_server_exceptions=False)


def test_unknown_address_and_method(client: TestClient) -> None:
    unknown = client.get("/nowhere")
    assert (unknown.status_code, unknown.json()["code"]) == (404, "route_unknown")
    wrong = client.get("/things")
    assert (wrong.status_code, wrong.json()["code"]) == (405, "method_not_allowed")
    assert wrong.headers["Allow"] == "POST"
    assert wrong.headers["Content-Type"] == PROBLEM_JSON


@pytest.mark.parametrize(
    ("accepted", "tag", "words"),
    [("zh-CN,en;q=0.5", "zh-CN", "没有这个页面"), ("en-GB", "en", "No such page"),
     ("es-CL", "es", "No existe esta página"), ("", "en", "No such page")],
)  # fmt: skip
@pytest.mark.parametrize("path", ["/no-such-page", "/console/old", "/aed/<script>"])
def test_a_browser_that_looks_for_a_page_that_is_not_there_gets_one(
    client: TestClient, path: str, accepted: str, tag: str, words: str
) -> None:
    headers = {"Accept": "text/html,*/*;q=0.8", "Accept-Language": accepted}
    answer = client.get(path, headers=headers)
    assert answer.status_code == 404
    assert answer.headers["content-type"].startswith("text/html")
    assert f'<html lang="{tag}">' in answer.text
    assert f"<h1>{words}</h1>" in answer.text
    assert 'href="/"' in answer.text
    assert "<script>" not in answer.text
    # Programs are told as everywhere, and so is whoever opens an address of the API.
    for told in (client.get(path), client.get("/v1/nothing", headers=headers)):
        assert told.json()["code"] == "route_unknown"


def test_a_wrong_shape_is_named_without_the_value(client: TestClient) -> None:
    answer = client.post("/things", json={"number": SECRET + "x"})
    body = answer.json()
    assert answer.status_code == 422
    assert body["code"] == "invalid_request"
    assert body["errors"][0]["where"] == "body.number"
    assert SECRET not in answer.text
    broken = client.post("/things", content="{", headers={"Content-Type": "application/json"})
    assert broken.status_code == 422
    assert "JSON" in broken.json()["detail"]


def test_a_mistake_of_ours_on_a_page_says_nothing_of_the_inside(client: TestClient) -> None:
    answer = client.get("/broken", headers={"Accept": "text/html", "Accept-Language": "en"})
    assert answer.status_code == 500
    assert "<h1>Something went wrong</h1>" in answer.text
    assert "inside" not in answer.text


def test_a_mistake_of_ours_says_nothing_of_the_inside(client: TestClient) -> None:
    answer = client.post("/things", json={"number": 0})
    assert answer.status_code == 500
    assert answer.json()["code"] == "internal_error"
    assert "ZeroDivision" not in answer.text

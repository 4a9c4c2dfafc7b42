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

    return TestClient(app, raise_server_exceptions=False)


def test_unknown_address_and_method(client: TestClient) -> None:
    unknown = client.get("/nowhere")
    assert (unknown.status_code, unknown.json()["code"]) == (404, "route_unknown")
    wrong = client.get("/things")
    assert (wrong.status_code, wrong.json()["code"]) == (405, "method_not_allowed")
    assert wrong.headers["Allow"] == "POST"
    assert wrong.headers["Content-Type"] == PROBLEM_JSON


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


def test_a_mistake_of_ours_says_nothing_of_the_inside(client: TestClient) -> None:
    answer = client.post("/things", json={"number": 0})
    assert answer.status_code == 500
    assert answer.json()["code"] == "internal_error"
    assert "ZeroDivision" not in answer.text

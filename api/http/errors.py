"""From what went wrong to what is answered: one table, RFC 9457 problem details."""

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NotRequired

from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from psycopg import errors as postgres
from sqlalchemy import exc as sql
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from typing_extensions import TypedDict

from api.http.bodies import UnreadableBodyError
from api.http.problem_page import problem_page, wants_page
from api.http.request_errors import CrossSiteRequestError, IdempotencyKeyRequiredError
from gis.concurrency import StaleVersionError, VersionRequiredError
from gis.errors import (
    ConflictError,
    GoldenHourError,
    InvalidInputError,
    NotFoundError,
    PermissionDeniedError,
    UnavailableError,
)
from gis.exports.errors import ExportExpiredError
from gis.identity_errors import NotAuthenticatedError, TooManyAttemptsError
from routing.conditions.errors import RoadConditionStaleError

PROBLEM_JSON = "application/problem+json"

STATUSES: Mapping[type[GoldenHourError], tuple[int, str]] = {
    GoldenHourError: (500, "Something is wrong in the program or its files"),
    InvalidInputError: (422, "The input cannot be used"),
    NotFoundError: (404, "Not found"),
    ExportExpiredError: (410, "Gone"),
    ConflictError: (409, "In conflict with the stored state"),
    PermissionDeniedError: (403, "Not allowed"),
    UnavailableError: (503, "Unavailable for now"),
    NotAuthenticatedError: (401, "Not logged in"),
    TooManyAttemptsError: (429, "Too many attempts"),
    StaleVersionError: (412, "Changed meanwhile"),
    RoadConditionStaleError: (412, "Changed meanwhile"),
    VersionRequiredError: (428, "Version required"),
    IdempotencyKeyRequiredError: (400, "Idempotency-Key required"),
    CrossSiteRequestError: (403, "Request from another site"),
}
"""Error class → status and title. A class not named here is answered like its nearest base."""

_HTTP_PROBLEMS: Mapping[int, tuple[str, str, str]] = {
    404: ("route_unknown", "Not found", "There is nothing at this address. Check its spelling."),
    405: ("method_not_allowed", "Method not allowed",
          "This address does not take this method; the Allow header lists those it takes."),
    400: ("body_unreadable", "Body unreadable",
          "The body is not JSON as it is documented here. Correct it."),
    413: ("body_too_large", "Body too large", "The request is too large. Send less at once."),
    415: ("content_type_unsupported", "Content type not supported",
          "Send the body as JSON, with the header Content-Type: application/json."),
}  # fmt: skip

_ERRORS_NAMED = 100
"""Of one body; a list of ten thousand wrong points need not be answered point by point."""

_BUSY = (postgres.LockNotAvailable, postgres.DeadlockDetected, postgres.SerializationFailure,
         postgres.QueryCanceled)  # fmt: skip
_logger = logging.getLogger("goldenhour.api")


class FieldProblem(TypedDict):
    """One field of a request that is not of the documented shape."""

    where: str
    code: str
    detail: str


class ProblemDetails(TypedDict):
    """Why a request was refused (RFC 9457); `detail` is a sentence that says what to do."""

    type: str
    title: str
    status: int
    detail: str
    code: str
    errors: NotRequired[list[FieldProblem]]


@dataclass(frozen=True, slots=True)
class Problem:
    """One problem-details answer."""

    status: int
    title: str
    code: str
    detail: str
    errors: Sequence[FieldProblem] | None = None
    retry_after_s: int | None = None

    def response(self) -> JSONResponse:
        """Return the answer to send."""
        body: ProblemDetails = {
            "type": f"/docs/errors#{self.code}",
            "title": self.title,
            "status": self.status,
            "detail": _readable(self.detail),
            "code": self.code,
        }
        if self.errors is not None:
            body["errors"] = list(self.errors)
        headers = {"Cache-Control": "no-store"}
        if self.retry_after_s is not None:
            headers["Retry-After"] = str(self.retry_after_s)
        if self.status == 401:
            headers["WWW-Authenticate"] = "Bearer"
        return JSONResponse(body, self.status, headers, media_type=PROBLEM_JSON)


def _readable(text: str, *, at_most: int = 1_000) -> str:
    """Return a sentence as it can be sent: it may repeat what somebody sent in."""
    whole = text.encode("utf-8", "replace").decode()
    return whole if len(whole) <= at_most else f"{whole[: at_most - 2]}…."


def problem_of(error: GoldenHourError) -> Problem:
    """Return how a domain error is answered: the entry of its nearest class in `STATUSES`."""
    status, title = next(STATUSES[base] for base in type(error).__mro__ if base in STATUSES)
    retry_after_s = error.retry_after_s if isinstance(error, TooManyAttemptsError) else None
    if status == 503:
        retry_after_s = 2
    return Problem(status, title, error.code, str(error), retry_after_s=retry_after_s)


def database_problem(error: sql.SQLAlchemyError) -> Problem:
    """Return how an error of the database is answered; its text never leaves the house."""
    original = error.orig if isinstance(error, sql.DBAPIError) else None
    if isinstance(original, _BUSY):
        return Problem(
            503, "Unavailable for now", "database_busy",
            "Somebody else is changing the same rows. Nothing was saved; repeat the request with "
            "the same Idempotency-Key.", retry_after_s=1,
        )  # fmt: skip
    lost = isinstance(error, (sql.OperationalError, sql.InterfaceError, sql.TimeoutError)) or (
        isinstance(error, sql.DBAPIError) and error.connection_invalidated
    )
    if lost:
        return Problem(
            503, "Unavailable for now", "database_unavailable",
            "The database does not answer, and nothing was saved that it did not confirm. Repeat "
            "the request with the same Idempotency-Key: what it creates is created once.",
            retry_after_s=2,
        )  # fmt: skip
    if isinstance(error, sql.DataError):
        return Problem(
            422, "The input cannot be used", "invalid_value",
            "A number is too large, or a text holds a character that cannot be stored. Correct it.",
        )  # fmt: skip
    return _internal_problem()


def _internal_problem() -> Problem:
    return Problem(
        500, "Internal error", "internal_error",
        "The program made a mistake; nothing was saved. The request's number is in the header "
        "X-Request-Id: tell it to whoever looks after this installation.",
    )  # fmt: skip


async def _domain_error(_: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, GoldenHourError)
    return problem_of(error).response()


async def _database_error(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, sql.SQLAlchemyError)
    problem = database_problem(error)
    if problem.status >= 500:
        cause = getattr(error, "orig", None) or error
        # Its text may hold parameters, that is, personal values: only its kind is logged.
        _logger.error(
            "%s %s: %s (%s), request %s", request.method, request.url.path, problem.code,
            type(cause).__name__, request.scope.get("goldenhour_request_id"),
        )  # fmt: skip
    return problem.response()


def http_problem(status: int) -> Problem:
    """Return how a request is refused that never reaches a door."""
    code, title, detail = _HTTP_PROBLEMS[status]
    return Problem(status, title, code, detail)


async def _http_error(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    if wants_page(request):
        return problem_page(request, error.status_code)
    known = _HTTP_PROBLEMS.get(error.status_code)
    code, title, detail = known or (
        f"http_{error.status_code}", "Request refused", str(error.detail)
    )  # fmt: skip
    if isinstance(error, UnreadableBodyError):
        detail = str(error.detail)
    response = Problem(error.status_code, title, code, detail).response()
    response.headers.update(error.headers or {})
    return response


async def _invalid_request(_: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, RequestValidationError)
    errors: list[FieldProblem] = [
        {"where": _readable(".".join(str(part) for part in item["loc"]), at_most=200),
         "code": item["type"], "detail": _readable(_sentence(item))}
        for item in error.errors()[:_ERRORS_NAMED]
    ]  # fmt: skip
    named = " ".join(f"{item['where']}: {item['detail']}" for item in errors[:3])
    return Problem(
        422, "The input cannot be used", "invalid_request",
        f"The request is not of the documented shape. {named}", errors=errors,
    ).response()  # fmt: skip


def _sentence(item: Mapping[str, Any]) -> str:
    """Return what to change; never the value itself, which may be personal."""
    match item["type"]:
        case "missing":
            return "is missing; give it."
        case "extra_forbidden":
            return "is not known here; leave it out or check its spelling."
        case "json_invalid":
            return "is not valid JSON; correct it."
    message = str(item["msg"]).removeprefix("Value error, ")
    return message if message.endswith(".") else f"{message}."


async def _unforeseen(request: Request, _: Exception) -> Response:
    problem = _internal_problem()
    return problem_page(request, problem.status) if wants_page(request) else problem.response()


def install_error_handlers(app: FastAPI) -> None:
    """Make every failure of `app` a problem+json answer, or a page where a browser wants one."""
    app.add_exception_handler(GoldenHourError, _domain_error)
    app.add_exception_handler(sql.SQLAlchemyError, _database_error)
    app.add_exception_handler(HTTPException, _http_error)
    app.add_exception_handler(RequestValidationError, _invalid_request)
    app.add_exception_handler(Exception, _unforeseen)

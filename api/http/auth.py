"""Who is asking: session cookie or bearer token, and whether a change came from our own page."""

from urllib.parse import urlsplit

from starlette.requests import HTTPConnection, Request
from starlette.responses import Response

from api.http.request_errors import CrossSiteRequestError
from gis.identity import Credential
from gis.settings import Settings

SESSION_COOKIE = "goldenhour_session"
_SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})


def credential_of(connection: HTTPConnection) -> Credential | None:
    """Return the bearer token, else the session cookie, else None."""
    scheme, _, token = connection.headers.get("authorization", "").partition(" ")
    if scheme.lower() == "bearer" and token.strip():
        return Credential("bearer", token.strip())
    cookie = connection.cookies.get(SESSION_COOKIE)
    return Credential("session", cookie) if cookie else None


def comes_from_here(request: Request, *, strict: bool) -> bool:
    """Return whether a browser says that one of our own pages made the request.

    `strict` also refuses a request that says nothing: no browser of today leaves out both headers
    on a change, and programs use tokens.
    """
    site = request.headers.get("sec-fetch-site")
    if site is not None:
        return site == "same-origin"
    origin = request.headers.get("origin")
    if origin is not None:
        return urlsplit(origin).netloc.lower() == request.headers.get("host", "").lower()
    return not strict


def refuse_cross_site(request: Request, credential: Credential | None) -> None:
    """Refuse a change whose cookie a foreign page made the browser send.

    Raises
    ------
    CrossSiteRequestError
    """
    if (
        credential is not None
        and credential.kind == "session"
        and request.method not in _SAFE_METHODS
        and not comes_from_here(request, strict=True)
    ):
        raise CrossSiteRequestError


def set_session_cookie(response: Response, token: str, *, settings: Settings) -> None:
    """Give the browser its session: unreadable to scripts, never sent from other sites."""
    response.set_cookie(
        SESSION_COOKIE, token, max_age=int(settings.session_hours * 3600), path="/",
        httponly=True, samesite="strict", secure=settings.tls_cert is not None,
    )  # fmt: skip


def clear_session_cookie(response: Response) -> None:
    """Take the session from the browser."""
    response.delete_cookie(SESSION_COOKIE, path="/", httponly=True, samesite="strict")

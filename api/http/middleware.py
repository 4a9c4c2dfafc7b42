"""Headers of every answer, an access log without bodies or queries, a limit on bodies."""

import logging
import time
from math import inf
from uuid import uuid4

from starlette.datastructures import Headers, MutableHeaders
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.http.errors import http_problem
from maps.pages import import_map_source

_POLICY = (
    "default-src 'self'",
    # The import map is the one script that stands in a page itself.
    f"script-src 'self' {import_map_source()}",
    "img-src 'self' data: blob:",
    "style-src 'self' 'unsafe-inline'",
    "connect-src 'self'",
    "worker-src 'self' blob:",
    "object-src 'none'",
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
)
CONTENT_SECURITY_POLICY = "; ".join(_POLICY)

_HEADERS = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "X-Content-Type-Options": "nosniff",
    # `no-referrer` would make browsers send `Origin: null` with our own forms.
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "geolocation=(self), camera=(), microphone=(), payment=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}

POLICY_OF_PARTS = "default-src 'self'"
"""Of scripts and style sheets; a worker's own script brings the policy of the worker."""

_PARTS = ("text/javascript", "text/css")
_HEADERS_OF_PARTS = {
    "Content-Security-Policy": POLICY_OF_PARTS,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
"""What documents alone need is left out: a page brings seventy such files."""

_access_log = logging.getLogger("goldenhour.access")


def _logged(path: str) -> str:
    """Return what the log may hold of a path: a tile's numbers tell where somebody looks."""
    for tiles in ("/v1/tiles/", "/v1/guarded-tiles/"):
        if path.startswith(tiles):
            return f"{tiles}…"
    return path


class HouseHeaders:
    """Adds the headers and writes one line per request: no body, no query, no person."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on and finish its answer."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        request_id = uuid4().hex
        scope["goldenhour_request_id"] = request_id
        started = time.perf_counter()

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                kind = headers.get("content-type", "")
                wanted = _HEADERS_OF_PARTS if kind.startswith(_PARTS) else _HEADERS
                for name, value in wanted.items():
                    headers.setdefault(name, value)
                headers["X-Request-Id"] = request_id
                if scope["path"].startswith("/v1/"):
                    headers.setdefault("Cache-Control", "no-store")
                _access_log.info(
                    "%s %s %s %.1f ms %s", scope["method"], _logged(scope["path"]),
                    message["status"],
                    (time.perf_counter() - started) * 1000, request_id,
                )  # fmt: skip
            await send(message)

        await self._app(scope, receive, send_with_headers)


def _announced_bytes(content_length: str) -> float:
    """Return what a Content-Length announces; 0 where it says nothing that can be read."""
    if not (content_length.isascii() and content_length.isdigit()):
        return 0
    return int(content_length) if len(content_length) < 19 else inf


class BodyLimit:
    """Refuses a body longer than `max_bytes`, while it is read: the answer has our shape."""

    def __init__(self, app: ASGIApp, *, max_bytes: int) -> None:
        self._app = app
        self._max_bytes = max_bytes

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, counting what is read of it."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        expected = _announced_bytes(Headers(scope=scope).get("content-length", ""))
        if expected > self._max_bytes:
            await http_problem(413).response()(scope, receive, send)
            return
        received = 0

        async def counted() -> Message:
            nonlocal received
            message = await receive()
            received += len(message.get("body", b""))
            if received > self._max_bytes:
                raise HTTPException(413)
            return message

        await self._app(scope, counted, send)

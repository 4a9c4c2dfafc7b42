"""Compression of answers that are text or tiles.

What a page of another site could learn from lengths it cannot: it never gets our session's cookie
sent (SameSite=Strict), so it can ask for nothing that is not public.
"""

import gzip
from collections.abc import Callable

import brotli
from anyio import to_thread
from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from maps.files import accepted_encoding

SMALLEST_BYTES = 1000
_IN_A_THREAD_FROM_BYTES = 32_000
_TYPES = (
    "application/json", "application/geo+json", "application/problem+json", "text/html",
    "text/csv", "application/vnd.mapbox-vector-tile",
)  # fmt: skip
# Quick ones: the answer is used once. Fast brotli is smaller than gzip and as fast.
_COMPRESS: dict[str, Callable[[bytes], bytes]] = {
    "br": lambda body: bytes(brotli.compress(body, quality=4)),
    "gzip": lambda body: gzip.compress(body, 4, mtime=0),
}


class Compressed:
    """Compresses whole answers to GET; what comes in pieces passes as it is."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on and compress its answer."""
        asked = Headers(scope=scope).get("accept-encoding", "") if scope["type"] == "http" else ""
        encoding = accepted_encoding(asked)
        if encoding is None or scope["method"] != "GET":
            await self._app(scope, receive, send)
            return
        head: Message | None = None

        async def compressed(message: Message) -> None:
            nonlocal head
            if message["type"] == "http.response.start" and _may_be(message):
                head = message
                return
            if head is not None and message["type"] == "http.response.body":
                start, head = head, None
                body = message.get("body", b"")
                if not message.get("more_body", False) and len(body) >= SMALLEST_BYTES:
                    smaller = await _compress(body, encoding)
                    headers = MutableHeaders(scope=start)
                    headers["Content-Encoding"] = encoding
                    headers["Content-Length"] = str(len(smaller))
                    headers.add_vary_header("Accept-Encoding")
                    message = {**message, "body": smaller}
                await send(start)
            await send(message)

        await self._app(scope, receive, compressed)


def _may_be(start: Message) -> bool:
    headers = Headers(scope=start)
    kind = headers.get("content-type", "").partition(";")[0].strip()
    return start["status"] == 200 and kind in _TYPES and "content-encoding" not in headers


async def _compress(body: bytes, encoding: str) -> bytes:
    compress = _COMPRESS[encoding]
    if len(body) < _IN_A_THREAD_FROM_BYTES:
        return compress(body)
    return await to_thread.run_sync(compress, body)

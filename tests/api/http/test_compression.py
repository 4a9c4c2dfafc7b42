"""Answers go compressed to who can read them, and are the same answers."""

import gzip

import brotli
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import Route
from starlette.testclient import TestClient

from api.http.compression import SMALLEST_BYTES, Compressed

LONG = {"names": [f"name {n}" for n in range(6000)]}
SHORT = {"name": "one"}


def _long(_: Request) -> JSONResponse:
    return JSONResponse(LONG, headers={"ETag": '"3"'})


def _pieces() -> StreamingResponse:
    return StreamingResponse(iter(["x" * SMALLEST_BYTES] * 3), media_type="application/json")


def _tile(_: Request) -> Response:
    return Response(b"tile" * 1000, media_type="application/vnd.mapbox-vector-tile")


@pytest.fixture
def client() -> TestClient:
    app = Starlette(routes=[
        Route("/long", _long, methods=["GET", "POST"]),
        Route("/short", lambda _: JSONResponse(SHORT)),
        Route("/refused", lambda _: JSONResponse(LONG, status_code=404)),
        Route("/pieces", lambda _: _pieces()),
        Route("/tile", _tile),
        Route("/picture", lambda _: Response(b"png!" * 1000, media_type="image/png")),
    ])  # fmt: skip
    return TestClient(Compressed(app))


@pytest.mark.parametrize(
    ("encoding", "read"), [("br", brotli.decompress), ("gzip", gzip.decompress)]
)
@pytest.mark.parametrize("path", ["/long", "/tile"])
def test_a_long_answer_is_smaller_and_the_same(client, path, encoding, read):
    plain = client.get(path, headers={"Accept-Encoding": "identity"})
    assert "content-encoding" not in plain.headers
    with client.stream("GET", path, headers={"Accept-Encoding": encoding}) as answer:
        raw = b"".join(answer.iter_raw())
    assert answer.headers["content-encoding"] == encoding
    assert int(answer.headers["content-length"]) == len(raw) < len(plain.content) / 2
    assert "Accept-Encoding" in answer.headers["vary"]
    assert answer.headers.get("etag") == plain.headers.get("etag")
    assert read(raw) == plain.content


@pytest.mark.parametrize("path", ["/short", "/refused", "/pieces", "/picture"])
def test_what_gains_nothing_passes_as_it_is(client, path):
    answer = client.get(path, headers={"Accept-Encoding": "br, gzip"})
    plain = client.get(path, headers={"Accept-Encoding": "identity"})
    assert "content-encoding" not in answer.headers
    assert answer.content == plain.content


def test_a_change_is_answered_plainly(client):
    assert "content-encoding" not in client.post("/long").headers

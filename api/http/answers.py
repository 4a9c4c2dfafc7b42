"""JSON as it leaves the house: times in UTC with Z, ids as text, infinity as null."""

import asyncio
import dataclasses
import json
import logging
import math
from collections.abc import Mapping
from datetime import UTC, date, datetime
from enum import Enum
from typing import TYPE_CHECKING, Any, ClassVar, Generic, TypeVar
from uuid import UUID

import numpy as np
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.types import Message, Send

READER_WAIT_S = 15.0
_logger = logging.getLogger("goldenhour.api")

Content = TypeVar("Content")


def plain(value: Any) -> Any:  # noqa: PLR0911 (one line per kind of value)
    """Return `value` made of dicts, lists, text, numbers, booleans and None only."""
    match value:
        case None | bool() | int():
            return value
        case Enum():
            return plain(value.value)
        case str():
            return value
        case float():
            return value if math.isfinite(value) else None
        case datetime():
            return value.astimezone(UTC).isoformat().replace("+00:00", "Z")
        case date():
            return value.isoformat()
        case UUID():
            return str(value)
        case np.generic():
            return plain(value.item())
        case np.ndarray():
            return plain(value.tolist())
        case Mapping():
            return {str(key): plain(item) for key, item in value.items()}
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        names = (field.name for field in dataclasses.fields(value))
        return {name: plain(getattr(value, name)) for name in names}
    return [plain(item) for item in value]


def fields_of(view: Any) -> dict[str, Any]:
    """Return the fields of a dataclass by name, to make a fuller one of them."""
    return {field.name: getattr(view, field.name) for field in dataclasses.fields(view)}


def json_text(value: Any) -> str:
    """Return compact JSON of `value`."""
    return json.dumps(plain(value), ensure_ascii=False, separators=(",", ":"), allow_nan=False)


class Described(Generic[Content]):
    """An answer that says in a door's signature what it holds: `-> Answer[UnitView]`.

    The type checker compares what the door returns with it, the OpenAPI document takes the shape
    from it (`api.http.openapi`), and no request pays for either.
    """

    shape: ClassVar[Any]

    if not TYPE_CHECKING:
        # FastAPI knows an answer by its class and would make a model of a generic alias.
        def __class_getitem__(cls, shape: Any) -> type:
            return type(cls.__name__, (cls,), {"shape": shape})


class Answer(JSONResponse, Described[Content]):
    """A JSON answer; `version`, where given, becomes its ETag."""

    def __init__(
        self,
        content: Content,
        status_code: int = 200,
        *,
        version: int | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(content, status_code, dict(headers or {}))
        if version is not None:
            self.headers["ETag"] = f'"{version}"'

    def render(self, content: Any) -> bytes:
        """Return the body."""
        return json_text(content).encode()


class GeoAnswer(Answer[Content]):
    """A GeoJSON answer."""

    media_type = "application/geo+json"


class Lines(StreamingResponse, Described[Content]):
    """Newline-delimited JSON, one `Content` a line, computed while it is read.

    It holds a place of heavy work until it is sent, so a reader who takes nothing for
    `READER_WAIT_S` is cut off.
    """

    media_type = "application/x-ndjson"

    async def stream_response(self, send: Send) -> None:
        """Send line by line; without the end of the answer, a server closes the connection."""

        async def patiently(message: Message) -> None:
            async with asyncio.timeout(READER_WAIT_S):
                await send(message)

        try:
            await super().stream_response(patiently)
        except TimeoutError:
            _logger.warning("a reader of lines took nothing for %d s", READER_WAIT_S)


class Binary(Response, Described[bytes]):
    """Bytes; a subclass says of which type."""

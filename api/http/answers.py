"""JSON as it leaves the house: times in UTC with Z, ids as text, infinity as null."""

import asyncio
import dataclasses
import logging
import math
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, date, datetime, timedelta
from enum import Enum
from functools import cache
from operator import attrgetter
from types import NoneType
from typing import TYPE_CHECKING, Any, ClassVar, Generic, Self, TypeVar
from uuid import UUID

import numpy as np
from pydantic_core import to_json
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.types import Message, Send

READER_WAIT_S = 15.0
_NOT_MODIFIED = 304
_logger = logging.getLogger("goldenhour.api")

Content = TypeVar("Content")


_LEAVES = frozenset({NoneType, bool, int, float, str, UUID, date})
_KEYS = frozenset({NoneType, int, str, UUID})
_UTC_OFFSET = timedelta(0)


def plain(value: Any) -> Any:  # noqa: C901, PLR0911 (one line per kind of value)
    """Return `value` made of dicts, lists, text, numbers, booleans and None only.

    Raises
    ------
    TypeError
        JSON has nothing for a part of it, such as bytes or a timedelta.
    """
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
        case bytes() | bytearray() | memoryview():
            raise TypeError("bytes are no JSON")
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        names = (field.name for field in dataclasses.fields(value))
        return {name: plain(getattr(value, name)) for name in names}
    return [plain(item) for item in value]


def fields_of(view: Any) -> dict[str, Any]:
    """Return the fields of a dataclass by name, to make a fuller one of them."""
    return {field.name: getattr(view, field.name) for field in dataclasses.fields(view)}


def json_bytes(value: Any) -> bytes:
    """Return compact JSON of `value`, in UTF-8: `plain(value)` written down.

    Raises
    ------
    TypeError
        JSON has nothing for a part of it, such as bytes or a timedelta.
    """
    writable = value if _is_written_alike(value) else plain(value)
    return to_json(writable, inf_nan_mode="null", fallback=plain)


def json_text(value: Any) -> str:
    """Return compact JSON of `value`; raises what `json_bytes` does."""
    return json_bytes(value).decode()


def _is_written_alike(value: Any) -> bool:
    """Return whether the compiled writer writes `value` as `plain` says it.

    It would keep a time's offset, and write bytes and timedeltas, which `plain` refuses. So all
    but leaves is looked at, which is a tenth of the work of `plain`.
    """
    level = [value]
    while level:
        inner = [item for item in level if type(item) not in _LEAVES]
        level = []
        for item, read in zip(inner, map(_reader_of, map(type, inner)), strict=True):
            parts = read(item)
            if parts is None:
                return False
            level.extend(parts)
    return True


@cache
def _reader_of(kind: type) -> Callable[[Any], Iterable[Any] | None]:  # noqa: PLR0911
    """Return what gives the parts of a `kind` to look at; None if `plain` must say it."""
    if issubclass(kind, Enum):
        return lambda item: (item.value,)
    if dataclasses.is_dataclass(kind):
        names = [field.name for field in dataclasses.fields(kind)]
        return attrgetter(*names) if len(names) > 1 else lambda item: fields_of(item).values()
    if issubclass(kind, list | tuple | set | frozenset):
        return lambda item: item
    # Of the next two the writer knows dict only; it asks `plain` for the others.
    if issubclass(kind, Mapping):
        return _values_of
    if issubclass(kind, np.ndarray | np.generic):
        return lambda item: () if item.dtype.kind in "biufU" else None
    if kind is datetime:
        return lambda item: () if item.utcoffset() == _UTC_OFFSET else None
    return lambda _: None


def _values_of(item: Mapping[Any, Any]) -> Iterable[Any] | None:
    keys = set(map(type, item))
    return item.values() if len(keys) <= 1 and keys <= _KEYS else None


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
        version: int | str | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(content, status_code, dict(headers or {}))
        if version is not None:
            self.headers["ETag"] = f'"{version}"'

    @classmethod
    def unchanged(cls, version: int | str, headers: Mapping[str, str] | None = None) -> Self:
        """Return 304, without a body: the asker has this version already."""
        nothing: Any = None
        answer = cls(nothing, _NOT_MODIFIED, version=version, headers=headers)
        del answer.headers["Content-Type"]
        return answer

    def render(self, content: Any) -> bytes:
        """Return the body."""
        return b"" if self.status_code == _NOT_MODIFIED else json_bytes(content)


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

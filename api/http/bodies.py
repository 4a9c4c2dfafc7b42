"""JSON as it comes in: UTF-8, each key once, numbers that are numbers, text that can be stored."""

import json
import re
import sys
from collections.abc import Iterator
from typing import Any, NoReturn

from starlette.exceptions import HTTPException
from starlette.requests import Request

MAX_NUMBER_CHARACTERS = 40
"""No float64 needs more than 24, no id more than 20; Python alone would parse 4,300 digits."""

_SUSPICIOUS = re.compile(
    rb"[0-9]{30}|[0-9][eE][+-]?[0-9]{3}|\\u(?:0000|[dD][89a-fA-F])|[\x00-\x1f]"
)
"""What only the careful reading below tells from junk: long numbers, large exponents, halves of
characters, characters that PostgreSQL cannot store."""


class UnsupportedContentError(HTTPException):
    """The body does not say that it is JSON."""

    def __init__(self) -> None:
        super().__init__(415)


class UnreadableBodyError(HTTPException):
    """The body is no JSON as the doors take it; `detail` says why."""

    def __init__(self, why: str) -> None:
        super().__init__(400, f"The body cannot be read: {why} Correct it.")


class DoorRequest(Request):
    """A request whose JSON is read strictly."""

    async def json(self) -> Any:
        """Return the body's JSON.

        Raises
        ------
        UnreadableBodyError
            It is no JSON, or JSON that readers disagree on.
        """
        return read_json(await self.body())


def says_json(content_type: str | None) -> bool:
    """Return whether a Content-Type header announces JSON."""
    kind = (content_type or "").partition(";")[0].strip().lower()
    return kind == "application/json" or (
        kind.startswith("application/") and kind.endswith("+json")
    )


def read_json(body: bytes) -> Any:
    """Return the value of a JSON text.

    Raises
    ------
    UnreadableBodyError
        It is not UTF-8, no JSON, repeats a key, nests too deeply, or holds NaN, an infinity, a
        number too long, too large or too small for float64, half a character, or a NUL.
    """
    try:
        text = body.decode()
    except UnicodeDecodeError:
        raise UnreadableBodyError("it is not UTF-8.") from None
    careful = _SUSPICIOUS.search(body) is not None
    try:
        value = json.loads(
            text, object_pairs_hook=_each_key_once, parse_constant=_no_constant,
            parse_int=_integer if careful else None, parse_float=_number if careful else None,
        )  # fmt: skip
    except json.JSONDecodeError as error:
        raise UnreadableBodyError(
            f"it is not JSON at line {error.lineno}, column {error.colno}."
        ) from None
    except RecursionError:
        raise UnreadableBodyError("it nests too deeply.") from None
    if careful:
        for part in _texts(value):
            _check_storable(part)
    return value


def _each_key_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise UnreadableBodyError("it holds a key twice in one object.")
    return found


def _no_constant(name: str) -> NoReturn:
    raise UnreadableBodyError(f"{name} is not a number in JSON.")


def _check_length(digits: str) -> None:
    if len(digits) > MAX_NUMBER_CHARACTERS:
        raise UnreadableBodyError(
            f"it holds a number of more than {MAX_NUMBER_CHARACTERS} characters."
        )


def _integer(digits: str) -> int:
    _check_length(digits)
    return int(digits)


def _number(digits: str) -> float:
    _check_length(digits)
    value = float(digits)
    if abs(value) > sys.float_info.max:
        raise UnreadableBodyError("it holds a number that is too large.")
    # A denormal, or so small that it became 0: half its digits are lost already.
    if abs(value) < sys.float_info.min and digits.lower().partition("e")[0].strip("-0."):
        raise UnreadableBodyError("it holds a number too close to 0; send 0.")
    return value


def _texts(value: Any) -> Iterator[str]:
    waiting = [value]
    while waiting:
        match waiting.pop():
            case str() as text:
                yield text
            case dict() as found:
                yield from found
                waiting += found.values()
            case list() as found:
                waiting += found


def _check_storable(text: str) -> None:
    if "\0" in text:
        raise UnreadableBodyError("a text in it holds the character NUL.")
    try:
        text.encode()
    except UnicodeEncodeError:
        raise UnreadableBodyError(
            "a text in it holds half a character (a lone surrogate)."
        ) from None

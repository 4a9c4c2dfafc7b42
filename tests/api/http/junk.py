"""Requests as nobody should send them, made by chance from the OpenAPI document.

Each request starts from one that fits the document, with ids of rows that exist, so that it gets
far; then one to three of its parts are replaced. It is sent as bytes, past any client that would
mend it.
"""

import asyncio
import json
import random
import traceback
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import quote, unquote
from uuid import uuid4

from fastapi import FastAPI

Json = Any
LIMIT_S = 60.0


class Token(str):
    """Text that goes into a JSON document as it stands."""

    __slots__ = ()


def json_bytes(value: Json) -> bytes:
    """Return JSON that may hold what no writer of JSON would write."""
    if isinstance(value, Token):
        return value.encode("utf-8", "surrogatepass")
    if isinstance(value, Mapping):
        return (
            b"{" + b",".join(json_bytes(k) + b":" + json_bytes(v) for k, v in value.items()) + b"}"
        )
    if isinstance(value, list | tuple):
        return b"[" + b",".join(json_bytes(item) for item in value) + b"]"
    return json.dumps(value).encode()


DIGITS = "9" * 5_000
DEEP = Token("[" * 20_000 + "]" * 20_000)
DEEP_OBJECTS = Token('{"a":' * 20_000 + "1" + "}" * 20_000)

TEXTS: tuple[Json, ...] = (
    "", " ", "\0", "a\0b", "\ud800", "a\udfffb", "\udc00\ud800", "\U0010ffff", "\ufeff", "\u202e",
    "x" * 300, "救" * 6_000, "'; --", "%s%n%d", "${a}", "{0}", "NaN", "Infinity", "-0", "１２３",
    "٣", DIGITS, "1e400", "null", "true", "\r\nX-A: b", "a\\", "/../..", "~", "*", "\u0085",
    Token('"\\ud83d"'), Token('"\xff"'), Token('"\ud800"'), Token('"tab\there"'),
)  # fmt: skip
NUMBERS: tuple[Json, ...] = (
    0, -1, 1, 2**31, -(2**31) - 1, 2**63 - 1, 2**63, -(2**63), 2**64, 10**30, 0.5, -0.0, 5e-324,
    -5e-324, 2.2e-308, 1e-320, 1e308, -1e308, 1e-7, 180.0, 180.0000001, -180.0, 90.0, 90.1, 1e9,
    Token("NaN"), Token("Infinity"), Token("-Infinity"), Token("1e400"), Token("-1e400"),
    Token(DIGITS), Token("-" + DIGITS), Token("0." + DIGITS), Token("1e" + "9" * 30),
    Token("1" + "0" * 400), Token("01"), Token("0x10"), Token("1_000"),
)  # fmt: skip
TIMES: tuple[Json, ...] = (
    "0001-01-01T00:00:00Z", "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59Z",
    "9999-12-31T23:59:59.999999-14:00", "9999-12-31T23:59:59-23:59", "0000-01-01T00:00:00Z",
    "2024-02-30T00:00:00Z", "2024-01-01T24:00:00Z", "2024-01-01T23:59:60Z", "2024-01-01",
    "2024-01-01T00:00:00", "1969-12-31T23:59:59Z", "-2024-01-01T00:00:00Z", "10000-01-01T00:00:00Z",
    "2300-01-01T00:00:00Z", "2024-01-01T00:00:00+99:99", 0, -1, 1e18, -1e18, 253402300799,
    253402300800, -62135596800, 2**63, Token(DIGITS), Token("NaN"), "now", "PT1H",
    "9999-12-31T23:59:59.999999", "0001-01-01T00:00:00",
)  # fmt: skip
OTHERS: tuple[Json, ...] = (
    None, True, False, [], {}, [[]], [None], {"": ""}, {"a": {"b": []}}, DEEP, DEEP_OBJECTS,
    [0] * 20_001, {str(n): n for n in range(2_000)}, {"\ud800": 1}, {"\0": "\0"},
)  # fmt: skip
IDS: tuple[Json, ...] = (
    "00000000-0000-0000-0000-000000000000", "ffffffff-ffff-ffff-ffff-ffffffffffff",
    "{12345678-1234-5678-1234-567812345678}", "urn:uuid:12345678-1234-5678-1234-567812345678",
    "12345678123456781234567812345678", "1234", "g" * 32,
)  # fmt: skip


def _ring(*corners: tuple[Json, Json]) -> list[list[Json]]:
    return [list(corner) for corner in corners]


SQUARE = _ring((114.0032, 22.5027), (114.0038, 22.5027), (114.0038, 22.5033), (114.0032, 22.5033),
               (114.0032, 22.5027))  # fmt: skip
GEOMETRIES: tuple[Json, ...] = (
    {}, {"type": "Polygon"}, {"type": "Polygon", "coordinates": None},
    {"type": "Polygon", "coordinates": []}, {"type": "Polygon", "coordinates": [[]]},
    {"type": "Polygon", "coordinates": [[[]]]}, {"type": "Polygon", "coordinates": [SQUARE[:-1]]},
    {"type": "Polygon", "coordinates": [SQUARE[:2]]}, {"type": "Polygon", "coordinates": SQUARE},
    {"type": "Polygon", "coordinates": [SQUARE, []]},
    {"type": "Polygon", "coordinates": [SQUARE, SQUARE]},
    {"type": "Polygon", "coordinates": [_ring((0, 0), (1, 1), (0, 1), (1, 0), (0, 0))]},
    {"type": "Polygon", "coordinates": [_ring(*[(114.0, 22.5)] * 5)]},
    {"type": "Polygon", "coordinates": [[[114.0]] * 5]},
    {"type": "Polygon", "coordinates": [[["114.0", "22.5"]] * 5]},
    {"type": "Polygon", "coordinates": [[[114.0, 22.5], [114.1, 22.5, 3.0], [114.1, 22.6],
                                         [114.0, 22.5]]]},
    {"type": "Polygon", "coordinates": [[[114.0, 22.5, 1, 2, 3]] * 5]},
    {"type": "Polygon", "coordinates": [[[None, None]] * 5]},
    {"type": "Polygon", "coordinates": [[[True, False]] * 5]},
    {"type": "Polygon", "coordinates": [_ring((1e308, 0), (-1e308, 0), (0, 1e308), (1e308, 0))]},
    {"type": "Polygon", "coordinates": [_ring((Token("NaN"), 0), (1, 0), (1, 1),
                                              (Token("NaN"), 0))]},
    {"type": "Polygon", "coordinates": [_ring((Token(DIGITS), 0), (1, 0), (1, 1), (0, 0))]},
    {"type": "Polygon", "coordinates": [_ring((5e-324, 5e-324), (1e-323, 0), (0, 1e-323),
                                              (5e-324, 5e-324))]},
    {"type": "Polygon", "coordinates": [[[114 + n / 1e6, 22.5 + (n % 7) / 1e6]
                                         for n in range(20_001)]]},
    {"type": "Polygon", "coordinates": DEEP}, {"type": "Polygon", "coordinates": "114 22"},
    {"type": "Polygon", "coordinates": {"0": SQUARE}},
    {"type": "LineString", "coordinates": []}, {"type": "LineString", "coordinates": SQUARE[:1]},
    {"type": "LineString", "coordinates": [[114.0, 22.5], [114.0, 22.5]]},
    {"type": "LineString", "coordinates": [SQUARE]},
    {"type": "LineString", "coordinates": [[1e300, 1e300], [-1e300, 0]]},
    {"type": "Point", "coordinates": [114.0, 22.5]}, {"type": "Point", "coordinates": []},
    {"type": "MultiPolygon", "coordinates": [[SQUARE]]},
    {"type": "MultiLineString", "coordinates": [SQUARE]},
    {"type": "GeometryCollection", "geometries": []},
    {"type": "GeometryCollection", "geometries": [{"type": "Polygon", "coordinates": [SQUARE]}]},
    {"type": "Feature", "geometry": {"type": "Polygon", "coordinates": [SQUARE]}},
    {"type": "\ud800", "coordinates": []}, {"type": None}, {"type": ["Polygon"]}, {"type": {}},
    {"type": "polygon", "coordinates": [SQUARE]},
    {"type": "Polygon", "coordinates": [SQUARE], "crs": {"type": "name"}},
    {"type": "Polygon", "coordinates": [SQUARE], "bbox": ["\0"]},
)  # fmt: skip
GOOD_GEOMETRIES: tuple[Json, ...] = (
    {"type": "Polygon", "coordinates": [SQUARE]},
    {"type": "LineString", "coordinates": [[114.0, 22.5035], [114.006, 22.5035]]},
)
CURSORS: tuple[str, ...] = (
    "~", "2024-01-01T00:00:00Z~" + IDS[0], "0001-01-01T00:00:00+14:00~" + IDS[0],
    "9999-12-31T23:59:59-14:00~" + IDS[0], "2024-01-01T00:00:00~" + IDS[0], "e30", "W10", "bnVsbA",
    "eyJhIjoxfQ", "WyIwMDAxLTAxLTAxVDAwOjAwOjAwKzE0OjAwIiwiYSJd", "====", "%00", "\0", "a" * 400,
    "1" * 90, "\ud800",
)  # fmt: skip
PATH_PARTS: tuple[bytes, ...] = (
    b"%00", b"%ff", b"%ED%A0%80", b"%", b"%zz", b"..", b"%2e%2e", b"%2f", b"%0d%0a", b"0", b"-1",
    b"%D9%A3", b"1.0", b"1e5", b"9223372036854775807", b"9223372036854775808", DIGITS.encode(),
    b"+1", b"%201", b"1_0", b"nan", b"null", b"x" * 3_000, b"*", b"{id}",
    *(i.encode() for i in IDS),
)  # fmt: skip
WORST: tuple[Json, ...] = (
    None, True, [], {}, "", "\0", "\ud800", "x" * 6_000, 0, -1, 2**63, 0.5, 5e-324, 1e308,
    "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00", Token("NaN"), Token("1e400"),
    Token(DIGITS), DEEP, [None], {"": ""},
)  # fmt: skip
HEADER_VALUES: tuple[bytes, ...] = (
    b"", b'"1"', b'W/"1"', b"*", b'"' + DIGITS.encode() + b'"', DIGITS.encode(), b"-1", b"\xff\xfe",
    "٣".encode(), "２".encode(), b'"9999999999999999999"', b'"999999999999999999"', b'"1", "2"',
    b"a" * 9_000, b"\xb2", b"1.5", b"a b", b"\x01", b"~" * 200, b"\xe2\x82\xac" * 8, b"1" * 19,
)  # fmt: skip
HEADERS = (
    b"if-match", b"idempotency-key", b"last-event-id", b"if-none-match", b"content-length",
    b"authorization", b"cookie", b"origin", b"host", b"accept", b"sec-fetch-site",
    b"content-encoding", b"accept-language", b"x-request-id",
)  # fmt: skip
QUERIES = (
    b"%", b"=%ff", b"a=%00", b"&&;=", b"a" * 9_000, b"%ED%A0%80=1", b"limit=1;limit=2", b"city_id",
)  # fmt: skip
CONTENT_TYPES: tuple[bytes | None, ...] = (
    None, b"", b"text/plain", b"application/xml", b"multipart/form-data",
    b"multipart/form-data; boundary=x", b"application/x-www-form-urlencoded",
    b"application/json; charset=utf-16", b"application/geo+json", b"application/json; charset=\xff",
    b"\xff", b"a/b/c", b"application/json" * 50,
)  # fmt: skip
BODIES: tuple[bytes, ...] = (
    b"", b" ", b"{", b"[]", b"null", b"0", b'""', b"\xff\xfe", b"{\xff}", b'{"a":"\xff"}',
    b"\xef\xbb\xbf{}", "{}".encode("utf-16"), "{}".encode("utf-32"), b"{}{}", b'{"a":1,"a":2}',
    b"NaN", DIGITS.encode(), b"-", b"[" * 100_000, b'{"a":' * 100_000, b"{'a': 1}", b"a=1&b=2",
    b'{"\\ud800":1}', b"\0", b"--x\r\n\r\n--x--", b"\x1f\x8b\x08\0junk",
)  # fmt: skip


@dataclass(frozen=True)
class Operation:
    """One operation of the OpenAPI document."""

    method: str
    path: str
    parameters: list[dict[str, Any]]
    body: dict[str, Any] | None

    @property
    def name(self) -> str:
        """Return method and path."""
        return f"{self.method} {self.path}"


def operations_of(document: Mapping[str, Any]) -> list[Operation]:
    """Return every operation of an OpenAPI document."""
    return [
        Operation(
            method.upper(), path, described.get("parameters", []),
            described.get("requestBody", {}).get("content", {})
            .get("application/json", {}).get("schema"),
        )
        for path, item in document["paths"].items()
        for method, described in item.items()
    ]  # fmt: skip


@dataclass(frozen=True)
class Asked:
    """One request, as bytes."""

    method: str
    path: bytes
    query: bytes = b""
    headers: tuple[tuple[bytes, bytes], ...] = ()
    body: bytes = b""

    def __str__(self) -> str:
        def short(value: bytes) -> str:
            shown = repr(value)[2:-1]
            return shown if len(shown) < 600 else f"{shown[:500]}… ({len(value)} bytes)"

        heads = {name.decode(): short(value) for name, value in self.headers
                 if name not in {b"authorization", b"cookie"}}  # fmt: skip
        return f"{self.method} {short(self.path)}?{short(self.query)} {heads} {short(self.body)}"


@dataclass
class Answered:
    """What came back; of an endless answer, its beginning."""

    status: int = 0
    headers: list[tuple[bytes, bytes]] = field(default_factory=list)
    body: bytes = b""
    raised: str = ""

    def header(self, name: str) -> str | None:
        """Return the value of a header."""
        wanted = name.lower().encode()
        return next((v.decode("latin-1") for k, v in self.headers if k.lower() == wanted), None)


async def ask(app: FastAPI, asked: Asked) -> Answered:
    """Send one request to the application as a server would, and return the answer."""
    scope = {
        "type": "http", "asgi": {"version": "3.0", "spec_version": "2.3"}, "http_version": "1.1",
        "method": asked.method, "scheme": "http", "path": unquote(asked.path.decode("ascii")),
        "raw_path": asked.path, "query_string": asked.query, "root_path": "",
        "headers": [(b"host", b"test"), *asked.headers], "client": ("127.0.0.1", 1),
        "server": ("test", 80), "state": {},
    }  # fmt: skip
    answered, sent, over = Answered(), False, asyncio.Event()

    async def receive() -> dict[str, Any]:
        nonlocal sent
        if not sent:
            sent = True
            return {"type": "http.request", "body": asked.body, "more_body": False}
        await over.wait()
        return {"type": "http.disconnect"}

    async def send(message: Mapping[str, Any]) -> None:
        if message["type"] == "http.response.start":
            answered.status = message["status"]
            answered.headers = list(message["headers"])
        elif message["type"] == "http.response.body":
            answered.body += message.get("body", b"")
            endless = answered.header("content-type") == "text/event-stream; charset=utf-8"
            if endless or not message.get("more_body", False):
                over.set()

    try:
        async with asyncio.timeout(LIMIT_S):
            await app(scope, receive, send)
    except Exception as error:  # noqa: BLE001 (whatever it is, it is a fault to report)
        # A server logs what the application lets through.
        at = traceback.extract_tb(error.__traceback__)[-1]
        answered.raised = f"{type(error).__name__} in {at.filename.rsplit('/', 3)[-1]}:{at.lineno}"
    return answered


@dataclass
class _Draft:
    """A request while it is being spoilt."""

    path: bytes
    query: list[tuple[str, str]]
    headers: dict[bytes, bytes]
    body: Json
    has_body: bool
    raw_query: bytes = b""
    raw_body: bytes | None = None


class Junk:
    """Makes requests by chance; the same seed makes the same ones."""

    def __init__(
        self,
        document: Mapping[str, Any],
        known: Mapping[str, list[Json]],
        *,
        seed: int,
        optional: float = 0.5,
    ) -> None:
        self._schemas = document.get("components", {}).get("schemas", {})
        self._known = known
        self._chance = random.Random(seed)
        self._optional = optional

    def request(self, operation: Operation, headers: Mapping[str, str]) -> Asked:
        """Return one request for `operation`, more or less spoilt."""
        chance = self._chance
        values = {
            place: {
                p["name"]: self._example(p["schema"], p["name"])
                for p in operation.parameters
                if p["in"] == place and (p.get("required") or chance.random() < self._optional)
            }
            for place in ("path", "query", "header")
        }
        path = operation.path.encode()
        for name, value in values["path"].items():
            path = path.replace(b"{%s}" % name.encode(), quote(str(value), safe="").encode())
        sent = {name.lower().encode(): value.encode() for name, value in headers.items()}
        sent |= {name.lower().encode(): str(value).encode("latin-1", "replace")
                 for name, value in values["header"].items() if value is not None}  # fmt: skip
        query = [(name, str(value)) for name, value in values["query"].items()]
        body: Json = None
        if operation.body is not None:
            body = self._example(operation.body, "body")
            sent[b"content-type"] = b"application/json"
        draft = _Draft(path, query, sent, body, has_body=operation.body is not None)
        for _ in range(chance.choice((0, 1, 1, 1, 2, 3))):
            self._spoil(draft, operation)
        asked = b"&".join(
            quote(name).encode() + b"=" + quote(value.encode("utf-8", "surrogatepass")).encode()
            for name, value in draft.query
        )  # fmt: skip
        whole = draft.raw_body
        if whole is None:
            whole = json_bytes(draft.body) if draft.has_body else b""
        return Asked(
            operation.method, draft.path, asked + draft.raw_query, tuple(draft.headers.items()),
            whole,
        )  # fmt: skip

    def each_place(self, operation: Operation, headers: Mapping[str, str]) -> Iterator[Asked]:
        """Yield a request for every place of a body and every parameter, with each of the worst."""
        sent = [(name.lower().encode(), value.encode()) for name, value in headers.items()]
        path = operation.path.encode()
        for one in operation.parameters:
            if one["in"] == "path":
                value = str(self._example(one["schema"], one["name"]))
                path = path.replace(b"{%s}" % one["name"].encode(), quote(value, safe="").encode())
        for one in operation.parameters:
            if one["in"] == "query":
                for worst in WORST:
                    text = worst if isinstance(worst, str) else str(worst)
                    value = quote(text.encode("utf-8", "surrogatepass"))
                    yield Asked(
                        operation.method, path, f"city_id=1&{one['name']}={value}".encode(),
                        tuple(sent),
                    )  # fmt: skip
        for name in HEADERS[:6]:
            for worst in HEADER_VALUES:
                yield Asked(operation.method, path, b"city_id=1", (*sent, (name, worst)))
        if operation.body is None:
            return
        sent += [(b"content-type", b"application/json"), (b"if-match", b'"1"')]
        body = self._example(operation.body, "body")
        for place in _places(body):
            worse = GEOMETRIES if place[-1:] == ("geometry",) else ()
            for worst in (*WORST, *worse):
                whole = json_bytes(_with(body, place, worst))
                yield Asked(operation.method, path, b"", tuple(sent), whole)

    def _spoil(self, draft: _Draft, operation: Operation) -> None:
        """Replace one part of a request."""
        chance = self._chance
        kind = chance.random()
        if draft.has_body and kind < 0.62:
            draft.body = self._spoilt(draft.body)
        elif draft.has_body and kind < 0.66:
            draft.raw_body = chance.choice(BODIES)
        elif draft.has_body and kind < 0.7:
            given = chance.choice(CONTENT_TYPES)
            draft.headers.pop(b"content-type", None)
            if given is not None:
                draft.headers[b"content-type"] = given
        elif draft.query and kind < 0.85:
            at = chance.randrange(len(draft.query))
            draft.query[at] = (draft.query[at][0], self._word())
            if chance.random() < 0.2:
                draft.query.append(draft.query[at])
            if chance.random() < 0.1:
                draft.raw_query = b"&" + chance.choice(QUERIES)
        elif "{" in operation.path and kind < 0.93:
            parts = draft.path.split(b"/")
            places = [n for n, part in enumerate(operation.path.split("/")) if "{" in part]
            parts[chance.choice(places)] = chance.choice(PATH_PARTS)
            draft.path = b"/".join(parts)
        else:
            draft.headers[chance.choice(HEADERS)] = chance.choice(HEADER_VALUES)

    def _word(self) -> str:
        chance = self._chance
        value = chance.choice(chance.choice((TEXTS, NUMBERS, TIMES, IDS, CURSORS)))
        return value if isinstance(value, str) else str(value)

    def _nasty(self, name: str) -> Json:
        chance = self._chance
        if name == "geometry" and chance.random() < 0.8:
            return chance.choice(GEOMETRIES)
        return chance.choice(chance.choice((TEXTS, NUMBERS, TIMES, OTHERS, IDS)))

    def _spoilt(self, value: Json) -> Json:
        """Return `value` with one place in it replaced, taken away or added to."""
        places = list(_places(value))
        path = self._chance.choice(places)
        return self._changed(value, path)

    def _changed(self, value: Json, path: tuple[str | int, ...], name: str = "body") -> Json:
        chance = self._chance
        if not path:
            what = chance.random()
            if isinstance(value, dict) and what < 0.2:
                return value | {chance.choice(("extra", "", "\0", "\ud800", "__proto__")): 1}
            if isinstance(value, list) and value and what < 0.3:
                return value * chance.choice((2, 3, 500))
            return self._nasty(name)
        step, rest = path[0], path[1:]
        if isinstance(value, dict):
            if not rest and chance.random() < 0.1:
                return {key: item for key, item in value.items() if key != step}
            return value | {step: self._changed(value[step], rest, str(step))}
        assert isinstance(step, int)
        return [*value[:step], self._changed(value[step], rest, name), *value[step + 1 :]]

    def _example(self, schema: Mapping[str, Any], name: str) -> Json:  # noqa: C901, PLR0911, PLR0912
        """Return a value that fits `schema`, an existing row's where `name` is known."""
        chance = self._chance
        known = self._known.get(name)
        if known and chance.random() < 0.9:
            return chance.choice(known)
        if "$ref" in schema:
            return self._example(self._schemas[schema["$ref"].rsplit("/", 1)[1]], name)
        for several in ("anyOf", "oneOf"):
            if several in schema:
                options = [one for one in schema[several] if one.get("type") != "null"]
                return self._example(chance.choice(options), name)
        if "allOf" in schema:
            return self._example(schema["allOf"][0], name)
        if "const" in schema:
            return schema["const"]
        if "enum" in schema:
            return chance.choice(schema["enum"])
        match schema.get("type"):
            case "object":
                needed = set(schema.get("required", ()))
                return {
                    key: self._example(inner, key)
                    for key, inner in schema.get("properties", {}).items()
                    if key in needed or chance.random() < self._optional
                }
            case "array":
                if "prefixItems" in schema:
                    return [self._example(one, name) for one in schema["prefixItems"]]
                count = max(schema.get("minItems", 0), chance.choice((0, 1, 3)))
                return [self._example(schema.get("items", {}), name) for _ in range(count)]
            case "integer" | "number":
                low = schema.get("minimum", schema.get("exclusiveMinimum", 0))
                high = min(schema.get("maximum", low + 50), low + 50)
                given = chance.uniform(low, high)
                return int(given) + 1 if schema["type"] == "integer" else given + 1e-9
            case "boolean":
                return chance.random() < 0.5
            case "string":
                if schema.get("format") == "uuid":
                    return str(uuid4())
                if schema.get("format") == "date-time":
                    hours = chance.choice((-1, 0.1, 1, 24, 48))
                    return (datetime.now(tz=UTC) + timedelta(hours=hours)).isoformat()
                return chance.choice(("text", "救命", "x" * schema.get("minLength", 1)))
        return None


def _with(value: Json, path: tuple[str | int, ...], item: Json) -> Json:
    """Return `value` with what stands at `path` replaced."""
    if not path:
        return item
    if isinstance(value, dict):
        return value | {path[0]: _with(value[path[0]], path[1:], item)}
    at = path[0]
    return [*value[:at], _with(value[at], path[1:], item), *value[at + 1 :]]


def _places(value: Json, path: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    yield path
    if isinstance(value, dict):
        for key, item in value.items():
            yield from _places(item, (*path, key))
    elif isinstance(value, list):
        for at, item in enumerate(value[:4]):
            yield from _places(item, (*path, at))

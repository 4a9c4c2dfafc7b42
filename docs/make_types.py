"""Write the types of the HTTP interface for the pages' scripts, from the OpenAPI document.

`python -m docs.make_reference` writes them with the reference. Each shape becomes a type of its
name; `Get<P>`, `Post<P>` and so on are what a path answers, `PostBody<P>` and so on what it takes,
so that the compiler knows both from the address in a script.
"""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from api.app import DOORS
from api.http.openapi import House
from gis.settings import PROJECT_FOLDER

FILE = PROJECT_FOLDER / "maps" / "web" / "static" / "js" / "types.d.ts"
METHODS = ("get", "post", "put", "patch", "delete")

Schema = Mapping[str, Any]


def document() -> dict[str, Any]:
    """Return the OpenAPI document of every door."""
    app = House(title="GoldenHour", version="1")
    for door in DOORS:
        app.include_router(door.router)
    return app.openapi()


def declarations(openapi: Mapping[str, Any]) -> str:
    """Return the text of `types.d.ts`."""
    lines = [
        "/** Shapes of the HTTP interface, made by `python -m docs.make_reference`. */",
        "",
    ]
    for name, schema in sorted(openapi["components"]["schemas"].items()):
        lines += [*_comment(schema, ""), *_declaration(name, schema), ""]
    for method in METHODS:
        lines += [*_answers(openapi["paths"], method), *_bodies(openapi["paths"], method)]
    lines += _keys()
    return "\n".join(lines)


def _keys() -> list[str]:
    """Return the type of the key of a text: of those all pages have, and of each page's own."""
    scripts = FILE.parent
    tables = [("words/common.js", "COMMON"), ("words/errors.js", "ERRORS")]
    tables += [
        (path.relative_to(scripts).as_posix(), "WORDS")
        for path in sorted(scripts.rglob("words.js"))
    ]
    return [
        "/** The key of a text that some page has. */",
        "export type Key =",
        *(f"  | keyof typeof import('./{path}').{name}" for path, name in tables),
        "  ;",
        "",
    ]


def type_of(schema: Schema) -> str:  # noqa: PLR0911 (one line per kind of schema)
    """Return the TypeScript type of a schema."""
    if "$ref" in schema:
        return str(schema["$ref"].rpartition("/")[2])
    if "const" in schema:
        return json.dumps(schema["const"])
    if "enum" in schema:
        return " | ".join(json.dumps(value) for value in schema["enum"])
    for union in ("anyOf", "oneOf"):
        if union in schema:
            return " | ".join(dict.fromkeys(map(type_of, schema[union])))
    match schema.get("type"):
        case "string":
            return "string"
        case "integer" | "number":
            return "number"
        case "boolean":
            return "boolean"
        case "null":
            return "null"
        case "array":
            return _array(schema)
        case "object":
            return _object(schema)
    return "unknown"


def _array(schema: Schema) -> str:
    if "prefixItems" in schema:
        return f"[{', '.join(map(type_of, schema['prefixItems']))}]"
    item = type_of(schema.get("items", {}))
    return f"({item})[]" if " " in item else f"{item}[]"


def _object(schema: Schema) -> str:
    if "properties" in schema:
        return "{ " + " ".join(_fields(schema)) + " }"
    return f"Record<string, {type_of(_values(schema))}>"


def _values(schema: Schema) -> Schema:
    values = schema.get("additionalProperties", {})
    return values if isinstance(values, Mapping) else {}


def _fields(schema: Schema) -> Iterator[str]:
    required = schema.get("required", ())
    for name, field in schema["properties"].items():
        key = name if name.isidentifier() else json.dumps(name)
        yield f"{key}{'' if name in required else '?'}: {type_of(field)};"


def _declaration(name: str, schema: Schema) -> list[str]:
    if schema.get("type") == "object" and "properties" in schema:
        return [f"export interface {name} {{", *(f"  {line}" for line in _fields(schema)), "}"]
    return [f"export type {name} = {type_of(schema)};"]


def _comment(schema: Schema, indent: str) -> list[str]:
    words = " ".join(str(schema.get("description", "")).split("\n\n")[0].split())
    return [f"{indent}/** {words} */"] if words else []


def _answers(paths: Mapping[str, Any], method: str) -> list[str]:
    found = {}
    for path, operations in paths.items():
        if method not in operations:
            continue
        responses = operations[method]["responses"]
        good = next(answer for status, answer in responses.items() if status.startswith("2"))
        schemas = [content["schema"] for content in good["content"].values()]
        found[path] = " | ".join(map(type_of, schemas))
    return _choice(f"{method.capitalize()}<P extends string>", found)


def _bodies(paths: Mapping[str, Any], method: str) -> list[str]:
    found = {}
    for path, operations in paths.items():
        body = operations.get(method, {}).get("requestBody")
        if body is not None:
            found[path] = type_of(body["content"]["application/json"]["schema"])
        elif method in operations:
            found[path] = "undefined"
    if method in {"get", "delete"}:
        return []
    return _choice(f"{method.capitalize()}Body<P extends string>", found)


def _choice(name: str, types: Mapping[str, str]) -> list[str]:
    """Return a type that chooses by the address; an address that is none is an error."""
    if not types:
        return []
    lines = [f"export type {name} ="]
    for path in sorted(types, key=_specificity):
        pattern = re.sub(r"\{\w+\}", "${string}", path)
        own = f"`{pattern}`" if "$" in pattern else f"'{pattern}'"
        lines.append(f"  P extends {own} | `{pattern}?${{string}}` ? {types[path]} :")
    return [*lines, "  never;", ""]


def _specificity(path: str) -> tuple[Sequence[int], str]:
    """Sort what says more of an address first: `/a/{id}/b`, then `/a/b`, then `/a/{id}`."""
    parts = path.split("/")
    return (-len(parts), path.count("{")), path

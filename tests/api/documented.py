"""Every answer of the tests beside what the OpenAPI document says of it."""

import copy
import json
import re
from functools import cache
from typing import Any

from httpx2 import Response
from jsonschema import Draft202012Validator

from api.app import DOORS
from api.http.openapi import House

JSON_TYPES = {
    "application/json", "application/geo+json", "application/problem+json", "application/x-ndjson"
}  # fmt: skip


@cache
def documented() -> "Documented":
    """Return the comparison with the document of the application, made once a process."""
    app = House(title="GoldenHour", version="1")
    for door in DOORS:
        app.include_router(door.router)
    return Documented(app.openapi())


class Documented:
    """Compares answers with a document in which no further field is allowed."""

    def __init__(self, document: dict[str, Any]) -> None:
        self._document = strict(document)

    def check(self, answer: Response) -> None:
        """Raise unless the body is of the documented shape."""
        media_type = answer.headers.get("content-type", "").partition(";")[0]
        if media_type not in JSON_TYPES:
            return
        path = self._template(answer.request.url.path)
        if path is None:
            return
        answer.read()
        method = answer.request.method.lower()
        responses = self._document["paths"][path].get(method, {}).get("responses")
        if responses is None:  # a method that the path does not take
            return
        said = responses.get(str(answer.status_code), responses["default"])
        assert media_type in said["content"], f"{method} {path} {answer.status_code}: {media_type}"
        validator = self._validator(json.dumps(said["content"][media_type]["schema"]))
        lines = answer.text.splitlines() if media_type.endswith("ndjson") else [answer.text]
        for line in lines:
            faults = [
                f"{method} {path} {answer.status_code} {fault.json_path}: {fault.message[:300]}"
                for fault in validator.iter_errors(json.loads(line))
            ]
            assert not faults, faults

    def _template(self, path: str) -> str | None:
        # An address without a parameter is meant before one that has some.
        for template in sorted(self._document["paths"], key=lambda one: one.count("{")):
            if re.fullmatch(re.sub(r"\{\w+\}", "[^/]+", template), path):
                return str(template)
        return None

    @cache  # noqa: B019 (there is one)
    def _validator(self, schema: str) -> Draft202012Validator:
        root = {"components": self._document["components"], **json.loads(schema)}
        return Draft202012Validator(root, format_checker=Draft202012Validator.FORMAT_CHECKER)


def strict(document: dict[str, Any]) -> dict[str, Any]:
    """Return the document with every object closed: a field it does not name is a fault."""
    closed = copy.deepcopy(document)

    def close(schema: Any) -> None:
        if isinstance(schema, dict):
            if "properties" in schema:
                schema.setdefault("additionalProperties", False)
            for part in schema.values():
                close(part)
        elif isinstance(schema, list):
            for part in schema:
                close(part)

    close(closed["components"])
    return closed

"""The OpenAPI document with the shape of every answer, read from the signatures of the doors.

FastAPI would build a model of each answer at start and validate each answer against it. Here the
shapes are worked out when the document is first asked for, and no request pays for them: that a
door returns what it says is checked by the type checker, and by the tests on real answers.
"""

import inspect
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, TypeVar

from fastapi import APIRouter, FastAPI
from fastapi.routing import APIRoute
from pydantic import TypeAdapter
from pydantic.json_schema import GenerateJsonSchema, JsonSchemaValue
from pydantic_core import core_schema
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from api.http.answers import Described
from api.http.errors import PROBLEM_JSON, ProblemDetails

_REFERENCE = "#/components/schemas/{model}"
_ERRORS_OF_FASTAPI = ("HTTPValidationError", "ValidationError")


class UndescribedAnswerError(TypeError):
    """A door's signature does not say what its answer holds."""

    def __init__(self, route: APIRoute) -> None:
        super().__init__(
            f"{route.path}: {route.endpoint.__name__} must return a described answer, such as "
            "Answer[UnitView]."
        )


@dataclass(frozen=True, slots=True)
class Operation:
    """One method of one path, and what it answers when all is well."""

    path: str
    method: str
    status: str
    media_type: str
    shape: Any


class House(FastAPI):
    """The application; its document holds the shapes of the answers."""

    def __init__(self, **options: Any) -> None:
        self._doors: list[APIRouter] = []
        super().__init__(**options)

    def include_router(self, router: APIRouter, **options: Any) -> None:
        """Add the routes of a door."""
        super().include_router(router, **options)
        self._doors.append(router)

    def operations(self) -> list[Operation]:
        """Return every operation that stands in the document.

        Raises
        ------
        UndescribedAnswerError
            A signature does not say what is answered.
        """
        return [
            operation
            for door in self._doors
            for route in door.routes
            if isinstance(route, APIRoute) and route.include_in_schema
            for operation in _operations(route)
        ]

    def setup(self) -> None:
        """Serve the document: from a thread, for making it takes most of a second the first time.

        FastAPI would make it in the event loop, and all others would wait.
        """
        assert self.openapi_url is not None
        self.add_route(self.openapi_url, self._answer_document, include_in_schema=False)

    def _answer_document(self, _: Request) -> JSONResponse:
        return JSONResponse(self.openapi())

    def openapi(self) -> dict[str, Any]:
        """Return the document, made once."""
        if self.openapi_schema is None:
            document = super().openapi()
            describe_answers(document, self.operations())
            self.openapi_schema = document
        return self.openapi_schema


def _operations(route: APIRoute) -> Iterator[Operation]:
    answer = inspect.signature(route.endpoint, eval_str=True).return_annotation
    described = inspect.isclass(answer) and issubclass(answer, Described)
    if not described or isinstance(answer.shape, TypeVar):
        raise UndescribedAnswerError(route)
    assert issubclass(answer, Response)
    for method in sorted(route.methods or ()):
        yield Operation(
            route.path, method.lower(), str(route.status_code or 200),
            str(answer.media_type), answer.shape,
        )  # fmt: skip


class _AnswerSchema(GenerateJsonSchema):
    """Every field of a dataclass is written, also one with a default."""

    def field_is_required(
        self,
        field: core_schema.ModelField | core_schema.DataclassField | core_schema.TypedDictField,
        total: bool,
    ) -> bool:
        if field["type"] == "typed-dict-field":
            return field.get("required", total)
        return True


def describe_answers(document: dict[str, Any], found: list[Operation]) -> None:
    """Put the shapes of the answers and of problems into a document of FastAPI."""
    schemas, components = shapes_of({
        **{f"{one.method} {one.path}": one.shape for one in found},
        "problem": ProblemDetails,
    })  # fmt: skip
    stored = document.setdefault("components", {}).setdefault("schemas", {})
    for name in _ERRORS_OF_FASTAPI:
        stored.pop(name, None)
    for name, schema in components.items():
        if stored.setdefault(name, schema) != schema:
            message = f"Two different shapes are called {name}; give one of them another name."
            raise ValueError(message)
    for one in found:
        responses = document["paths"][one.path][one.method]["responses"]
        responses.pop("422", None)
        responses[one.status]["content"] = {
            one.media_type: {"schema": schemas[f"{one.method} {one.path}"]}
        }
        responses["default"] = {
            "description": "A problem (RFC 9457); `code` says which.",
            "content": {PROBLEM_JSON: {"schema": schemas["problem"]}},
        }


def shapes_of(types: dict[str, Any]) -> tuple[dict[str, JsonSchemaValue], dict[str, Any]]:
    """Return the JSON schema of each type by its key, and the schemas they refer to by name."""
    found, definitions = TypeAdapter.json_schemas(
        [(key, "serialization", TypeAdapter(shape)) for key, shape in types.items()],
        ref_template=_REFERENCE,
        schema_generator=_AnswerSchema,
    )
    return {key: schema for (key, _), schema in found.items()}, definitions.get("$defs", {})

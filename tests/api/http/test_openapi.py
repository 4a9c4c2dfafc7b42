"""The OpenAPI document: what every operation answers, and that it is said truly."""

from dataclasses import dataclass
from typing import Any

import pytest
from fastapi import APIRouter

from api.app import DOORS
from api.http.answers import Answer
from api.http.errors import PROBLEM_JSON
from api.http.openapi import House, UndescribedAnswerError
from tests.api.documented import strict


@pytest.fixture(scope="module")
def document() -> dict[str, Any]:
    app = House(title="GoldenHour", version="1")
    for door in DOORS:
        app.include_router(door.router)
    return app.openapi()


def test_every_operation_says_what_it_answers_and_how_it_refuses(document: dict[str, Any]) -> None:
    operations = [one for path in document["paths"].values() for one in path.values()]
    assert len(operations) > 50
    for operation in operations:
        responses = operation["responses"]
        good = [response for status, response in responses.items() if status.startswith("2")]
        assert len(good) == 1, operation["operationId"]
        for response in (*good, responses["default"]):
            for content in response["content"].values():
                assert content["schema"], operation["operationId"]
        refused = responses["default"]["content"][PROBLEM_JSON]["schema"]
        assert refused == {"$ref": "#/components/schemas/ProblemDetails"}


def test_no_shape_of_the_library_is_left(document: dict[str, Any]) -> None:
    assert not {"HTTPValidationError", "ValidationError"} & set(document["components"]["schemas"])


def test_every_reference_leads_somewhere(document: dict[str, Any]) -> None:
    def references(part: Any) -> set[str]:
        if isinstance(part, dict):
            own = {part["$ref"]} if isinstance(part.get("$ref"), str) else set()
            return own.union(*(references(one) for one in part.values()))
        if isinstance(part, list):
            return set().union(*(references(one) for one in part))
        return set()

    known = {f"#/components/schemas/{name}" for name in document["components"]["schemas"]}
    assert references(document) <= known


def test_a_door_that_does_not_say_what_it_answers_is_refused() -> None:
    router = APIRouter()

    @router.get("/anything")
    def anything() -> Answer:
        """Return anything."""
        return Answer({})

    app = House(title="GoldenHour", version="1")
    app.include_router(router)
    with pytest.raises(UndescribedAnswerError, match="/anything"):
        app.openapi()


def test_two_shapes_of_one_name_are_told_apart() -> None:
    def shapes() -> tuple[type, type]:
        @dataclass
        class Row:
            a: int

        first = Row

        @dataclass
        class Row:  # type: ignore[no-redef]
            b: str

        return first, Row

    router = APIRouter()
    for name, shape in zip(("a", "b"), shapes(), strict=True):

        def endpoint() -> None:
            """Return a row."""

        endpoint.__annotations__["return"] = Answer[shape]
        router.add_api_route(f"/{name}", endpoint, response_model=None)
    app = House(title="GoldenHour", version="1")
    app.include_router(router)
    paths = app.openapi()["paths"]
    schemas = {
        paths[path]["get"]["responses"]["200"]["content"]["application/json"]["schema"]["$ref"]
        for path in ("/a", "/b")
    }
    assert len(schemas) == 2


def test_the_tests_take_no_field_that_is_not_said(document: dict[str, Any]) -> None:
    assert strict(document)["components"]["schemas"]["Health"]["additionalProperties"] is False

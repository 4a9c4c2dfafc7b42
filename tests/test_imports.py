"""Who may import whom, where import-linter cannot say it: by what a module is named after."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from gis.settings import PROJECT_FOLDER

DOMAIN = ("data", "routing", "dispatch", "surveillance", "planning", "referral", "maps")


def modules(*folders: str) -> Iterator[Path]:
    for folder in folders:
        yield from sorted((PROJECT_FOLDER / folder).rglob("*.py"))


def imported(file: Path) -> Iterator[str]:
    """Yield the full name of everything that a module imports, wherever it does so."""
    for node in ast.walk(ast.parse(file.read_text())):
        if isinstance(node, ast.Import):
            yield from (one.name for one in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{file}: imports are absolute here"
            yield from (f"{node.module}.{one.name}" for one in node.names)


def is_repository(name: str) -> bool:
    """Return whether a dotted name passes through a module of SQL."""
    return any(part.startswith("repository") or part.endswith("_repository")
               for part in name.split("."))  # fmt: skip


def test_doors_ask_use_cases_and_no_repository() -> None:
    found = {
        f"{file.relative_to(PROJECT_FOLDER)}: {name}"
        for file in modules("api/doors") for name in imported(file)
        if is_repository(name) or name.split(".")[0] == "sqlalchemy"
    }  # fmt: skip
    assert found == set()


def test_sql_stands_in_repositories() -> None:
    found = {
        f"{file.relative_to(PROJECT_FOLDER)}: {name}"
        for file in modules(*DOMAIN) for name in imported(file)
        if name.split(".")[0] in {"sqlalchemy", "geoalchemy2", "psycopg"}
        and not is_repository(file.stem)
    }  # fmt: skip
    assert found == set()


@pytest.mark.parametrize(
    ("name", "sql"),
    [
        ("routing.conditions.repository_streets.streets_of_segments", True),
        ("gis.identity_repository", True),
        ("api.live.repository.stream_bounds", True),
        ("api.live.flow.stream_position", False),
    ],
)
def test_what_a_repository_is_named(name: str, sql: bool) -> None:
    assert is_repository(name) is sql

"""The safety case: every test it names exists, every hazard has a control and a test."""

import ast
import re
from functools import lru_cache
from pathlib import Path

import pytest

from gis.settings import PROJECT_FOLDER

PAGE = PROJECT_FOLDER / "docs" / "safety.md"
NAMED = re.compile(r"`(tests/[\w/]+\.py)::(\w+)`")
COLUMNS = 5


def rows() -> list[list[str]]:
    """Return the cells of every hazard's row."""
    lines = [one for one in PAGE.read_text(encoding="utf-8").splitlines() if one.startswith("|")]
    cells = [[cell.strip() for cell in line.strip().strip("|").split("|")] for line in lines]
    return [row for row in cells if row[0] != "hazard" and set(row[0]) != {"-"}]


@lru_cache
def functions_of(path: Path) -> frozenset[str]:
    """Return the names of all functions and methods of a file, and of its state machines."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    found = {one.name for one in ast.walk(tree) if isinstance(one, ast.FunctionDef)}
    # A state machine of hypothesis is a test by assignment: `TestX = Machine.TestCase`.
    found |= {
        target.id for one in tree.body if isinstance(one, ast.Assign)
        for target in one.targets if isinstance(target, ast.Name)
    }  # fmt: skip
    return frozenset(found)


def test_there_are_hazards():
    assert len(rows()) > 2


@pytest.mark.parametrize("row", rows(), ids=lambda row: row[0][:60])
def test_a_hazard_has_its_control_and_a_test_that_exists(row):
    assert len(row) == COLUMNS, f"five columns, none of them with a bar in its text: {row}"
    hazard, harm, control, tests, _ = row
    assert all((hazard, harm, control))
    named = NAMED.findall(tests)
    assert named, f"{hazard}: no test is named as `tests/…py::name`"
    for path, name in named:
        assert (PROJECT_FOLDER / path).is_file(), path
        assert name in functions_of(PROJECT_FOLDER / path), f"{path} has no {name}"

"""The second look of the suite: only the few failed tests of pages."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.failures import VARIABLE, worth_a_second_look


@pytest.mark.parametrize(
    ("failed", "again"),
    [
        ({}, []),
        ({"b": True, "a": True}, ["a", "b"]),
        ({"a": True, "b": False}, []),
        ({"a": False}, []),
        (dict.fromkeys("abcd", True), []),
    ],
)
def test_only_few_tests_of_pages_are_run_again(failed: dict[str, bool], again: list[str]) -> None:
    assert worth_a_second_look(failed) == again


def test_what_failed_is_noted_with_its_kind(tmp_path: Path) -> None:
    (tmp_path / "test_it.py").write_text(
        "import pytest\n\n\n@pytest.mark.browser\ndef test_page():\n    assert 0\n\n\n"
        "def test_sum():\n    assert 0\n\n\ndef test_good():\n    pass\n"
    )
    noted = tmp_path / "failed.json"
    ran = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "tests.failures", "-p", "no:cacheprovider",
         "--import-mode=importlib", "-W", "ignore", str(tmp_path)],
        env={**os.environ, VARIABLE: str(noted), "PYTHONPATH": str(Path.cwd())},
        cwd=tmp_path, check=False, capture_output=True,
    )  # fmt: skip
    assert ran.returncode == pytest.ExitCode.TESTS_FAILED
    assert noted.read_text() == '{"test_it.py::test_page": true, "test_it.py::test_sum": false}'

"""Pytest plugin: writes the ids of failed tests, those of pages apart, for a second look.

The file is named by `GOLDENHOUR_TEST_FAILURES`; without it the plugin does nothing.
"""

import json
import os
from pathlib import Path
from typing import Final

import pytest

VARIABLE: Final = "GOLDENHOUR_TEST_FAILURES"
MOST_AGAIN: Final = 3
"""More failures than this are no accident of timing."""

_failed: dict[str, bool] = {}


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    """Note a failed test and whether it is one of a page."""
    if report.failed:
        _failed[report.nodeid] = "browser" in report.keywords


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Write them, once, where all workers' reports arrive."""
    path = os.environ.get(VARIABLE)
    # After anything but failed tests (a worker lost, a file that cannot be read) nothing is noted.
    ended = session.exitstatus == pytest.ExitCode.TESTS_FAILED
    if path and ended and not hasattr(session.config, "workerinput"):
        Path(path).write_text(json.dumps(_failed))


def worth_a_second_look(failed: dict[str, bool]) -> list[str]:
    """Return the tests to run again: all that failed, if they are few and all of pages.

    `failed` tells for each id whether it is a test of a page. A fault anywhere else, or in many
    pages at once, is a fault: nothing is run again.
    """
    if 0 < len(failed) <= MOST_AGAIN and all(failed.values()):
        return sorted(failed)
    return []

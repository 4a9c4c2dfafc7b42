"""What the tests of the command line start and hear."""

import os
import subprocess
import sys
from collections.abc import Callable

from sqlalchemy import text

from gis.access import SYSTEM
from gis.database import Database
from gis.settings import PROJECT_FOLDER

Run = Callable[..., subprocess.CompletedProcess[str]]


def environment_with(settings: dict[str, str]) -> dict[str, str]:
    """Return this process's environment with no other settings of ours than `settings`."""
    inherited = {name: value for name, value in os.environ.items() if "GOLDENHOUR" not in name}
    return inherited | {"PYTHONPATH": str(PROJECT_FOLDER)} | settings


def done(result: subprocess.CompletedProcess[str]) -> str:
    assert result.returncode == 0, result.stderr
    return result.stdout


def refusal(result: subprocess.CompletedProcess[str]) -> str:
    """Return the sentence on stderr; no traceback, nothing on stdout, exit code 1."""
    assert result.returncode == 1, (result.stdout, result.stderr)
    said = (line for line in result.stderr.strip().splitlines() if line.strip())
    lines = [line for line in said if not line.startswith("Using the ")]
    assert len(lines) == 1, result.stderr
    assert lines[0].startswith("goldenhour: ")
    assert lines[0].endswith((".", "!", "?", "goldenhour city add"))
    return lines[0]


def count(database: Database, table: str) -> int:
    with database.read(SYSTEM) as uow:
        return uow.session.execute(text(f"SELECT count(*) FROM {table}")).scalar_one()


def process(
    *arguments: str, settings: dict[str, str] | None = None
) -> subprocess.CompletedProcess[str]:
    """Run `python -m api.cli` as a shell does."""
    return subprocess.run(
        [sys.executable, "-m", "api.cli", *arguments],
        cwd=PROJECT_FOLDER, env=environment_with(settings or {}), stdin=subprocess.DEVNULL,
        text=True, capture_output=True, check=False, timeout=60,
    )  # fmt: skip

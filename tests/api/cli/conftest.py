"""`goldenhour` in a process of its own, over the database of a test."""

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from gis.settings import PROJECT_FOLDER
from tests.api.cli.said import Run, environment_with


@pytest.fixture(scope="session")
def run_with(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Run]:
    """Return a function that runs `goldenhour` under given settings in a process of its own."""
    folder = tmp_path_factory.mktemp("words")
    server = subprocess.Popen(
        [sys.executable, "-m", "tests.command_server"], cwd=PROJECT_FOLDER, text=True,
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=environment_with({}),
    )  # fmt: skip
    assert server.stdin is not None
    assert server.stdout is not None

    def run(
        settings: dict[str, str], *arguments: object, words: str = ""
    ) -> subprocess.CompletedProcess[str]:
        files = {name: folder / name for name in ("stdin", "stdout", "stderr")}
        for file in files.values():
            file.write_text("", encoding="utf-8")
        files["stdin"].write_text(words, encoding="utf-8")
        said = {name: str(file) for name, file in files.items()}
        request = said | {
            "arguments": list(map(str, arguments)), "environment": environment_with(settings),
        }  # fmt: skip
        server.stdin.write(json.dumps(request) + "\n")
        server.stdin.flush()
        code = int(server.stdout.readline())
        out, err = (files[name].read_text("utf-8") for name in ("stdout", "stderr"))
        return subprocess.CompletedProcess(arguments, code, out, err)

    yield run
    server.stdin.close()
    server.wait(20)
    server.stdout.close()


@pytest.fixture
def goldenhour(owner_url: str, state_folder: Path, run_with: Run) -> Run:
    """Return a function that runs a command on this test's own database."""
    environment = {
        "GOLDENHOUR_DATABASE_URL": owner_url, "GOLDENHOUR_STATE_FOLDER": str(state_folder),
        "GOLDENHOUR_PURPOSE": "simulation",
    }  # fmt: skip

    def run(*arguments: object, words: str = "") -> subprocess.CompletedProcess[str]:
        return run_with(environment, *arguments, words=words)

    return run

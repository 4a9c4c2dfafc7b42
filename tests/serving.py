"""A real server on a free port over a test database, as `goldenhour serve` runs it."""

import os
import signal
import ssl
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

from api.processes.kernel_cache import kernel_cache
from api.processes.supervisor import runtime_owner
from gis.settings import PROJECT_FOLDER, Settings, default_state_folder


@dataclass(frozen=True, slots=True)
class RunningServer:
    """Where a started server answers, and its supervisor's process."""

    url: str
    process: subprocess.Popen[str]

    def api_pids(self) -> list[int]:
        """Return the process ids of the API processes."""
        return self.child_pids("api.processes.server")

    def child_pids(self, module: str) -> list[int]:
        """Return the process ids of the supervisor's children that run `module`."""
        return _children(self.process.pid, module)


def _children(parent: int, module: str) -> list[int]:
    found = []
    for folder in Path("/proc").iterdir():
        if not folder.name.isdigit():
            continue
        try:
            words = (folder / "cmdline").read_bytes().split(b"\0")
            ppid = int((folder / "stat").read_text().rsplit(")", 1)[1].split()[1])
        except (OSError, IndexError):
            continue
        if ppid == parent and module.encode() in words:
            found.append(int(folder.name))
    return found


@contextmanager
def serving(
    owner_url: str,
    state_folder: Path,
    *,
    purpose: str = "simulation",
    processes: int = 1,
    arguments: Sequence[str] = (),
    settings: Mapping[str, str] | None = None,
    trust: ssl.SSLContext | None = None,
) -> Iterator[RunningServer]:
    """Run `goldenhour serve` on a free port until the block ends.

    `arguments` are more options, `settings` more of the environment; `trust` says whose
    certificate its HTTPS is checked against.
    """
    environment = {
        **os.environ,
        "GOLDENHOUR_DATABASE_URL": owner_url,
        "GOLDENHOUR_STATE_FOLDER": str(state_folder),
        "NUMBA_CACHE_DIR": str(kernel_folder()),
        **(settings or {}),
    }
    process = subprocess.Popen(
        [sys.executable, "-m", "api.cli", "serve", "--port", "0", f"--{purpose}",
         "--processes", str(processes), *arguments],
        cwd=PROJECT_FOLDER, env=environment, text=True,
        stdout=subprocess.PIPE, stderr=None, start_new_session=True,
    )  # fmt: skip
    assert process.stdout is not None
    reader = threading.Thread(target=process.stdout.read, daemon=True)
    try:
        url = next(line.strip() for line in process.stdout if line.startswith("http"))
        reader.start()
        _wait_until_it_answers(url, trust)
        yield RunningServer(url, process)
    finally:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        reader.join(5)
        process.stdout.close()


def kernel_folder() -> Path:
    """Return a folder of compiled kernels that every server of the test run shares."""
    settings = Settings(state_folder=default_state_folder() / "test-kernels")
    folder = kernel_cache(settings)
    folder.mkdir(parents=True, exist_ok=True)
    if (owner := runtime_owner()) is not None:
        os.chown(folder, *owner)
    return folder


def _wait_until_it_answers(url: str, trust: ssl.SSLContext | None) -> None:
    deadline = time.monotonic() + 280  # the first start after a change compiles the searches
    while True:
        try:
            with urlopen(f"{url}/healthz", timeout=2, context=trust) as answer:
                assert answer.status == 200
                return
        except (URLError, OSError):
            if time.monotonic() > deadline:
                raise
            time.sleep(0.1)

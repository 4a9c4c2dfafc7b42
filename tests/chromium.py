"""Debian's Chromium, one process for all modules of a test worker.

A Chromium that has just started compiles its shaders and scripts for seconds; a module that
connects to one that runs finds them done.
"""

import json
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

PROGRAMS = ("chromium-headless-shell", "chromium")
"""The first that is installed is used.

The shell is the same engine without the browser's own pages (its omnibox, its tab search), which
headless Chromium loads anew for every context: half the work of a short test.
"""
FLAGS = (
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
)  # fmt: skip


@contextmanager
def running_chromium(folder: Path) -> Iterator[str]:
    """Run headless Chromium until the block ends; yield the address that Playwright connects to.

    folder: where its configuration is written.
    """
    program = next(filter(None, map(shutil.which, PROGRAMS)), None)
    assert program, "Chromium is missing; ./run test installs it"
    settings = folder / "chromium.json"
    settings.write_text(json.dumps({"executablePath": program, "args": FLAGS, "headless": True}))
    process = subprocess.Popen(
        [sys.executable, "-m", "playwright", "launch-server",
         "--browser", "chromium", "--config", str(settings)],
        stdout=subprocess.PIPE, text=True, start_new_session=True,
    )  # fmt: skip
    assert process.stdout is not None
    try:
        address = process.stdout.readline().strip()
        assert address.startswith("ws://"), "Chromium did not start"
        yield address
    finally:
        os.killpg(process.pid, signal.SIGTERM)
        process.wait(20)
        process.stdout.close()

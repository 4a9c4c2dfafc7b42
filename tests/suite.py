"""Run the checks in the order that fails soonest: style, types, imports, then the tests.

`python -m tests.suite test` is what `./run test` starts; `… acceptance` runs everything and fails
on any skip.
"""

import subprocess
import sys
import time
from pathlib import Path

BIN = Path(sys.executable).parent
CHECKS = (
    ("style", ["ruff", "check", "."]),
    ("format", ["ruff", "format", "--check", "."]),
    ("types", ["mypy"]),
    ("imports", ["lint-imports"]),
)


def run(name: str, command: list[str]) -> bool:
    """Run one step, print how long it took, return whether it passed."""
    began = time.perf_counter()
    status = subprocess.run([str(BIN / command[0]), *command[1:]], check=False).returncode
    sys.stdout.write(
        f"-- {name}: {'ok' if status == 0 else 'FAILED'} in {time.perf_counter() - began:.0f} s\n"
    )
    sys.stdout.flush()
    return status == 0


def main(mode: str, arguments: list[str]) -> int:
    """Run every step, also after a failure, so that one run tells all."""
    passed = [run(name, command) for name, command in CHECKS]
    if mode == "acceptance":
        tests = [
            "pytest",
            "-n",
            "2",
            "--dist",
            "loadfile",
            "-p",
            "tests.no_skips",
            "--hypothesis-profile=acceptance",
        ]
    else:
        tests = ["pytest", "-n", "2", "--dist", "loadfile", "-m", "not acceptance"]
    passed.append(run("tests", [*tests, *arguments]))
    return 0 if all(passed) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], sys.argv[2:]))

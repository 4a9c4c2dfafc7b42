"""Run the checks in the order that fails soonest: style, types, imports, then the tests.

`python -m tests.suite test` is what `./run test` starts; `… acceptance` runs everything and fails
on any skip.
"""

import json
import os
import subprocess
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory

from api.processes.supervisor import runtime_owner
from tests.failures import VARIABLE, worth_a_second_look
from tests.serving import kernel_folder

BIN = Path(sys.executable).parent
PYTEST = ("pytest", "-n", "3", "--dist", "loadfile", "--no-loadscope-reorder", "--durations=40")
"""Three workers on two cores: tests of processes and pages wait as long as they work."""
CHECKS = (
    ("style", ["ruff", "check", "."]),
    ("format", ["ruff", "format", "--check", "."]),
    ("types", ["mypy"]),
    ("imports", ["lint-imports"]),
    ("types of the pages", [sys.executable, "-m", "tests.typescript"]),
)


def run(name: str, command: list[str], **environment: str) -> bool:
    """Run one step, print how long it took, return whether it passed."""
    began = time.perf_counter()
    status = subprocess.run(
        [str(BIN / command[0]), *command[1:]], env=os.environ | environment, check=False
    ).returncode
    sys.stdout.write(
        f"-- {name}: {'ok' if status == 0 else 'FAILED'} in {time.perf_counter() - began:.0f} s\n"
    )
    sys.stdout.flush()
    return status == 0


def compile_kernels() -> subprocess.Popen[bytes]:
    """Compile the searches beside the checks, into the folder that tests and servers read.

    Else every test process would compile them anew, and a server keep its test waiting.
    """
    os.environ["NUMBA_CACHE_DIR"] = str(kernel_folder())
    user, group = runtime_owner() or (None, None)
    return subprocess.Popen([sys.executable, "-m", "tests.compile"], user=user, group=group)


def run_tests(command: list[str]) -> bool:
    """Run the tests; the few of pages that failed a second time, alone and with a new server.

    A page is a race with a browser on a machine that is busy. What passes only the second time
    is named at the end, for it has to be mended all the same.
    """
    with TemporaryDirectory() as folder:
        noted = Path(folder) / "failed.json"
        passed = run("tests", [*command, "-p", "tests.failures"], **{VARIABLE: str(noted)})
        failed = json.loads(noted.read_text()) if noted.exists() else {}
    again = worth_a_second_look(failed)
    if passed or not again:
        return passed
    passed = run("a second look", ["pytest", *again])
    told = "passed only the second time, mend it" if passed else "failed twice or shared the run"
    sys.stdout.writelines(f"-- {test}: {told}\n" for test in again)
    return passed


def main(mode: str, arguments: list[str]) -> int:
    """Run every step, also after a failure, so that one run tells all."""
    compiling = compile_kernels()
    passed = [run(name, command) for name, command in CHECKS]
    passed.append(compiling.wait() == 0)
    if mode == "acceptance":
        tests = [*PYTEST, "-p", "tests.no_skips", "--hypothesis-profile=acceptance"]
        passed.append(run("tests", [*tests, *arguments]))
    else:
        passed.append(run_tests([*PYTEST, "-m", "not acceptance", *arguments]))
    return 0 if all(passed) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], sys.argv[2:]))

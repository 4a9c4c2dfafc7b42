"""Runs `goldenhour` commands in forks of one process that has imported everything already.

`python -m tests.command_server` reads one JSON request a line and answers each with the exit code.
Every command still has its own process, but not its own three seconds of imports.
"""

import gc
import importlib
import json
import os
import sys

from api.cli.main import main

WARM = ("api.operations.accounts", "api.operations.backup", "api.operations.city_loading",
"api.operations.reading", "data.registers.importers", "data.osm.pbf", "dispatch.fleet.service",
"dispatch.incidents.outcomes", "rich.progress")  # fmt: skip


def become(request: dict) -> None:
    """Turn this fork into the command."""
    for number, name in enumerate(("stdin", "stdout", "stderr")):
        flags = os.O_RDONLY if name == "stdin" else os.O_WRONLY
        os.dup2(os.open(request[name], flags), number)
    sys.stdin = open(0, encoding="utf-8", closefd=False)  # noqa: SIM115
    os.environ.clear()
    os.environ.update(request["environment"])
    sys.argv = ["goldenhour", *request["arguments"]]


def run() -> int:
    """Run the command; return its exit code. An unexpected error ends the fork with a traceback."""
    try:
        main()
    except SystemExit as ended:
        return ended.code if isinstance(ended.code, int) else int(ended.code is not None)
    return 0


def serve() -> None:
    """Answer requests until the input ends."""
    for name in WARM:
        importlib.import_module(name)
    gc.freeze()
    for line in iter(sys.stdin.readline, ""):
        pid = os.fork()
        if pid == 0:
            become(json.loads(line))
            code = run()
            sys.stdout.flush()
            sys.stderr.flush()
            os._exit(code)  # tearing the imported world down would cost another second
        _, status = os.waitpid(pid, 0)
        sys.stdout.write(f"{os.waitstatus_to_exitcode(status)}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    serve()

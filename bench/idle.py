"""What a server costs that has nothing to do: private memory and share of a core, by process.

Starts `goldenhour serve` over the sample city in a private cluster of its own, lets it settle, and
counts for a minute. Prints a Markdown table for docs/benchmarks.md. `python -m bench.idle --help`.
"""

import argparse
import os
import platform
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

from gis.settings import PROJECT_FOLDER

_SETTLE_S = 45.0
_TICKS_PER_S = os.sysconf("SC_CLK_TCK")


def private_dirty_mib(pid: int) -> float:
    """Return the memory that only this process has written to."""
    for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
        if line.startswith("Private_Dirty:"):
            return int(line.split()[1]) / 1024
    msg = f"process {pid} has no Private_Dirty"
    raise ValueError(msg)


def cpu_s(pid: int) -> float:
    """Return the seconds of processor time a process has used."""
    fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / _TICKS_PER_S


def children(parent: int) -> dict[int, str]:
    """Return the processes started by `parent`, by number, with the module they run."""
    found = {}
    for folder in Path("/proc").iterdir():
        if not folder.name.isdigit():
            continue
        try:
            ppid = int((folder / "stat").read_text().rsplit(")", 1)[1].split()[1])
            words = (folder / "cmdline").read_text().split("\0")
        except OSError:
            continue
        if ppid == parent:
            found[int(folder.name)] = words[words.index("-m") + 1] if "-m" in words else words[0]
    return found


def measure(folder: Path, *, seconds: float, settle_s: float) -> list[tuple[str, float, float]]:
    """Return (process, MiB, share of a core in %) of an idle server over the sample city."""
    environment = os.environ | {
        "GOLDENHOUR_STATE_FOLDER": str(folder), "GOLDENHOUR_PURPOSE": "live",
        "GOLDENHOUR_PORT": "0",
    }  # fmt: skip
    command = [sys.executable, "-m", "api.cli"]
    loaded = [*command, "city", "add", "coquimbo", "--sample", "coquimbo", "--units"]
    subprocess.run(loaded, cwd=PROJECT_FOLDER, env=environment, check=True, stdout=sys.stderr)
    for wait_s in (settle_s, settle_s):
        # Once to compile and build, once to start as a server does on every other day.
        server = subprocess.Popen(
            [*command, "serve"], cwd=PROJECT_FOLDER, env=environment, stdout=subprocess.PIPE,
            start_new_session=True,
        )  # fmt: skip
        assert server.stdout is not None
        while not server.stdout.readline().startswith(b"http"):
            pass
        time.sleep(wait_s)
        found = {server.pid: "supervisor", **children(server.pid)}
        before = {pid: cpu_s(pid) for pid in found}
        began = time.perf_counter()
        time.sleep(seconds)
        took_s = time.perf_counter() - began
        rows = [
            (name, private_dirty_mib(pid), 100 * (cpu_s(pid) - before[pid]) / took_s)
            for pid, name in found.items()
        ]
        server.send_signal(signal.SIGTERM)
        server.wait(30)
        server.stdout.close()
    subprocess.run([*command, "db", "down"], cwd=PROJECT_FOLDER, env=environment, check=False,
                   stdout=sys.stderr)  # fmt: skip
    return rows


def main() -> None:
    """Measure and print."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--seconds", type=float, default=60.0)
    asked.add_argument("--settle", type=float, default=_SETTLE_S)
    asked.add_argument("--folder", type=Path, default=Path("/var/tmp/goldenhour-idle"))
    given = asked.parse_args()
    shutil.rmtree(given.folder, ignore_errors=True)
    given.folder.mkdir(parents=True)
    try:
        rows = measure(given.folder, seconds=given.seconds, settle_s=given.settle)
    finally:
        shutil.rmtree(given.folder, ignore_errors=True)
    print(f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}\n")
    print("| process | private memory written (MiB) | of a core (%) |")
    print("|---|---|---|")
    for name, mib, share in sorted(rows):
        print(f"| `{name}` | {mib:.0f} | {share:.2f} |")
    workers = [row for row in rows if "worker" in row[0] or "light" in row[0]]
    print(f"| workers together | {sum(row[1] for row in workers):.0f} |"
          f" {sum(row[2] for row in workers):.2f} |")  # fmt: skip
    print(f"| all | {sum(row[1] for row in rows):.0f} | {sum(row[2] for row in rows):.2f} |")


if __name__ == "__main__":
    main()

"""Servers of peers on loopback: started, asked, measured by their own CPU time, stopped."""

import contextlib
import http.client
import json
import os
import signal
import socket
import subprocess
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

HOST = "127.0.0.1"
_START_LIMIT_S = 60.0
_REQUEST_LIMIT_S = 300.0


@dataclass(frozen=True, slots=True)
class Spent:
    """CPU seconds of a process (children not counted) and seconds on the wall."""

    cpu_s: float
    wall_s: float


def process_cpu_s(pid: int) -> float:
    """Return the CPU seconds that process `pid` has used, all its threads, to the nanosecond.

    The clock id is what clock_getcpuclockid(3) makes of a pid on Linux.
    """
    return time.clock_gettime((~pid << 3) | 2)


def run_program(command: Sequence[str | Path], *, log: Path) -> Spent:
    """Run a program to its end, its words into `log`; returns what it cost.

    Raises
    ------
    subprocess.CalledProcessError
        If it fails; the log says why.
    """
    began = time.perf_counter()
    with log.open("w") as output:
        process = subprocess.Popen(command, stdout=output, stderr=subprocess.STDOUT)
        _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != 0:
        raise subprocess.CalledProcessError(process.returncode, command)
    return Spent(usage.ru_utime + usage.ru_stime, time.perf_counter() - began)


def free_port() -> int:
    """Return a port of the loopback address that nobody listens on."""
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return int(probe.getsockname()[1])


@dataclass(slots=True)
class Server:
    """A running server of one peer."""

    pid: int
    port: int
    _connection: http.client.HTTPConnection | None = field(default=None)

    def ask(self, path: str, *, body: str | None = None) -> tuple[Any, Spent]:
        """GET `path` (POST with `body`): the JSON answered and what the server spent on it."""
        cpu_s, began = process_cpu_s(self.pid), time.perf_counter()
        try:
            answer = self._send(path, body)
        except (http.client.RemoteDisconnected, ConnectionResetError, BrokenPipeError):
            # Servers close connections that nobody used for some seconds.
            self.close()
            answer = self._send(path, body)
        words = answer.read()
        spent = Spent(process_cpu_s(self.pid) - cpu_s, time.perf_counter() - began)
        if answer.status != 200:
            raise ConnectionError(f"{answer.status}: {words[:200]!r}")
        if answer.will_close:
            self.close()
        return json.loads(words), spent

    def _send(self, path: str, body: str | None) -> http.client.HTTPResponse:
        if self._connection is None:
            self._connection = http.client.HTTPConnection(HOST, self.port, timeout=_REQUEST_LIMIT_S)
        self._connection.request("GET" if body is None else "POST", path, body)
        return self._connection.getresponse()

    def close(self) -> None:
        """Close the connection."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None


@contextlib.contextmanager
def serving(command: Sequence[str | Path], *, port: int, log: Path) -> Iterator[Server]:
    """Run a server for the block; it is stopped at the end, by its process id."""
    with log.open("w") as output:
        process = subprocess.Popen(command, stdout=output, stderr=subprocess.STDOUT)
    server = Server(process.pid, port)
    try:
        _wait_for(process, port, log)
        yield server
    finally:
        server.close()
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _wait_for(process: subprocess.Popen[bytes], port: int, log: Path) -> None:
    deadline = time.monotonic() + _START_LIMIT_S
    while time.monotonic() < deadline:
        with contextlib.suppress(OSError), socket.create_connection((HOST, port), 1):
            return
        if process.poll() is not None:
            break
        time.sleep(0.1)
    raise ConnectionError(f"The server did not start; see {log}.")

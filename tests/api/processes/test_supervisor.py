"""The supervisor: a taken port is told at once, children are kept alive and all end with it."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from urllib.request import urlopen

import pytest

from api.processes.supervisor import (
    PortTakenError,
    Supervisor,
    child_environment,
    listen,
    run_server,
)
from gis.settings import PROJECT_FOLDER, Settings
from tests.serving import RunningServer, serving


def wait_for(found: Callable[[], bool], *, limit_s: float = 20.0) -> None:
    deadline = time.monotonic() + limit_s
    while not found():
        assert time.monotonic() < deadline
        time.sleep(0.05)


def is_alive(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0]
    except OSError:
        return False
    return state != "Z"


def test_a_taken_port_is_told_before_anything_is_loaded(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    loaded: list[object] = []
    monkeypatch.setattr("api.processes.supervisor.bring_up", lambda *_, **__: loaded.append(1))
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        settings = Settings(state_folder=tmp_path / "never", port=port, purpose="simulation")
        with pytest.raises(PortTakenError, match=rf"127\.0\.0\.1:{port}.*in use.*--port"):
            run_server(settings, say=lambda _: None)
    assert loaded == []
    assert not (tmp_path / "never").exists()


@pytest.mark.parametrize("host", ["192.0.2.1", "no-such-host.invalid"])
def test_an_address_of_another_machine_is_not_called_taken(tmp_path: Path, host: str) -> None:
    settings = Settings(state_folder=tmp_path, host=host, port=0)
    with pytest.raises(PortTakenError, match=r"cannot listen on .*--host") as refused:
        Supervisor(settings, say=lambda _: None)
    assert "in use" not in str(refused.value)
    assert "None" not in str(refused.value)


def test_settings_reach_the_children_whole(tmp_path: Path) -> None:
    given = Settings(
        state_folder=tmp_path, database_url="postgresql://me:secret@/x", purpose="simulation",
        processes=3, session_hours=1.5, access_log=True, tls_cert=tmp_path / "c",
        tls_key=tmp_path / "k",
    )  # fmt: skip
    environment = {
        name: value
        for name, value in child_environment(given).items()
        if name.startswith("GOLDENHOUR_")
    }
    with pytest.MonkeyPatch.context() as patch:
        for name, value in environment.items():
            patch.setenv(name, value)
        assert Settings() == given


@pytest.mark.acceptance
@pytest.mark.database
def test_killed_children_come_back_and_all_end_together(owner_url: str, state_folder: Path) -> None:
    with serving(owner_url, state_folder, processes=2) as server:
        first = children(server)
        assert len(first) == 4
        (worker,) = server.child_pids("api.processes.worker")
        killed = [worker, server.api_pids()[0]]
        for pid in killed:
            os.kill(pid, signal.SIGKILL)
        wait_for(lambda: len(children(server) - set(killed)) == 4)
        second = children(server)
        assert not second & set(killed)
        with urlopen(f"{server.url}/healthz", timeout=20) as answer:
            assert answer.status == 200
        server.process.send_signal(signal.SIGTERM)
        assert server.process.wait(20) == 0
        assert [pid for pid in second if is_alive(pid)] == []
    with pytest.raises(OSError, match="refused"):
        urlopen(f"{server.url}/healthz", timeout=2)


def children(server: RunningServer) -> set[int]:
    workers = ("api.processes.worker", "api.processes.light")
    found = (server.child_pids(module) for module in workers)
    return set(server.api_pids()).union(*found)


BARE = """
from api.processes.supervisor import Supervisor
from gis.settings import load_settings

class Bare(Supervisor):
    def add(self, *_, **__):
        pass

supervisor = Bare(load_settings(), say=print)
supervisor.start()
print("ready", flush=True)
supervisor.run()
"""


def test_a_signal_within_the_handler_of_another_locks_nothing(state_folder: Path) -> None:
    """Many children that end at the same moment; then it still listens to who stops it."""
    with subprocess.Popen(
        [sys.executable, "-c", BARE], cwd=PROJECT_FOLDER, stdout=subprocess.PIPE, text=True,
        env=os.environ | {
            "GOLDENHOUR_STATE_FOLDER": str(state_folder), "GOLDENHOUR_PORT": "0",
            "GOLDENHOUR_DATABASE_URL": "postgresql://nobody@127.0.0.1:1/none",
        },
    ) as supervisor:  # fmt: skip
        try:
            assert supervisor.stdout is not None
            assert supervisor.stdout.readline() == "ready\n"
            for _ in range(20_000):
                supervisor.send_signal(signal.SIGCHLD)
            supervisor.terminate()
            assert supervisor.wait(10) == 0
        finally:
            supervisor.kill()


@pytest.mark.database
@pytest.mark.acceptance
def test_children_end_when_their_supervisor_is_killed(owner_url: str, state_folder: Path) -> None:
    with serving(owner_url, state_folder) as server:
        alive = children(server)
        assert len(alive) == 3
        server.process.kill()
        server.process.wait()
        wait_for(lambda: not any(is_alive(pid) for pid in alive))


def test_answers_do_not_wait_for_acknowledgements(state_folder: Path) -> None:
    """With Nagle's algorithm each kept-alive answer of two pieces came 40 ms late."""
    settings = Settings(state_folder=state_folder, port=0)
    with listen(settings) as listener, socket.create_connection(listener.getsockname()):
        accepted, _ = listener.accept()
        with accepted:
            assert accepted.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY) == 1

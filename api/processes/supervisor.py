"""`goldenhour serve`: n API processes on one socket and two workers, kept alive until stopped."""

import contextlib
import errno
import os
import signal
import socket
import ssl
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from queue import Empty, SimpleQueue

from api.processes.kernel_cache import kernel_cache
from gis.cluster import unprivileged_user
from gis.cluster_errors import ClusterStartError
from gis.errors import InvalidInputError, UnavailableError
from gis.provision import address_of, bring_up
from gis.pseudonyms.keys import PseudonymKeys
from gis.settings import PROJECT_FOLDER, Settings

_RESTART_PAUSE_S = 1.0
_LOOK_S = 1.0
"""A child that ends, and a signal, are noticed at once."""
_DATABASE_LOOK_S = 3.0


class PortTakenError(UnavailableError):
    """The server cannot listen on the port: another program does, or the system forbids it."""

    code = "port_taken"

    def __init__(self, host: str, port: int, *, reason: str) -> None:
        super().__init__(
            f"The server cannot listen on {host}:{port}: {reason}. Choose another port with "
            "--port, or another address with --host."
        )


@dataclass(slots=True)
class _Child:
    name: str
    command: list[str]
    environment: dict[str, str]
    process: subprocess.Popen[bytes]


class Supervisor:
    """Starts child processes and starts anew whichever ends by itself."""

    def __init__(self, settings: Settings, *, say: Callable[[str], None]) -> None:
        self._settings = settings
        self._say = say
        self._children: list[_Child] = []
        self._cluster = address_of(settings).cluster
        self._look_at_database_at = 0.0
        self._stopping = False
        # Signals put into it. Its `put` may interrupt itself; that of an `Event` would lock up.
        self._look: SimpleQueue[None] = SimpleQueue()
        self._owner = runtime_owner()
        self._socket = listen(settings)

    @property
    def port(self) -> int:
        """Return the port the server listens on."""
        return int(self._socket.getsockname()[1])

    def start(self) -> None:
        """Start the API processes and the workers; from now on a signal only asks `run` to end."""
        prepare_state_folder(self._settings, self._owner)
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, lambda *_: self.stop())
        signal.signal(signal.SIGCHLD, lambda *_: self._look.put(None))
        for index in range(self._settings.processes):
            self.add(f"api-{index}", ["-m", "api.processes.server", str(self._socket.fileno())])
        self.add("worker", ["-m", "api.processes.worker"])
        self.add("light worker", ["-m", "api.processes.light"])

    def add(
        self, name: str, arguments: list[str], *, environment: dict[str, str] | None = None
    ) -> None:
        """Start one more child: this Python with `arguments` and more environment."""
        command = [sys.executable, *arguments]
        more = environment or {}
        self._children.append(_Child(name, command, more, self._spawn(command, more)))

    def run(self) -> None:
        """Watch the children until a signal says to stop; then stop them."""
        try:
            while not self._stopping:
                for child in self._children:
                    if child.process.poll() is not None and not self._stopping:
                        self._say(f"{child.name} ended with {child.process.returncode}; restarting")
                        time.sleep(_RESTART_PAUSE_S)
                        child.process = self._spawn(child.command, child.environment)
                self._mend_database()
                self._wait_for_news()
        finally:
            self._end_children()

    def _wait_for_news(self) -> None:
        """Return when a signal came, or after a while; many that came are one piece of news."""
        with contextlib.suppress(Empty):
            self._look.get(timeout=_LOOK_S)
            while True:
                self._look.get_nowait()

    def _mend_database(self) -> None:
        """Start the private PostgreSQL again if it crashed; one that was stopped stays stopped."""
        if self._cluster is None or time.monotonic() < self._look_at_database_at:
            return
        self._look_at_database_at = time.monotonic() + _DATABASE_LOOK_S
        if self._cluster.has_crashed():
            self._say("PostgreSQL is gone; starting it again")
            try:
                self._cluster.up()
            except ClusterStartError as error:
                self._say(str(error))

    def stop(self) -> None:
        """Ask `run` to end."""
        self._stopping = True
        self._look.put(None)

    def _spawn(self, command: list[str], more: dict[str, str]) -> subprocess.Popen[bytes]:
        user, group = self._owner or (None, None)
        return subprocess.Popen(
            command,
            env=child_environment(self._settings) | more,
            cwd=PROJECT_FOLDER,
            stdin=subprocess.DEVNULL,
            pass_fds=(self._socket.fileno(),),
            start_new_session=True,
            user=user,
            group=group,
            extra_groups=None if user is None else [],
        )

    def _end_children(self) -> None:
        for child in self._children:
            with contextlib.suppress(ProcessLookupError):
                child.process.send_signal(signal.SIGTERM)
        deadline = time.monotonic() + 10
        for child in self._children:
            try:
                child.process.wait(max(0.1, deadline - time.monotonic()))
            except subprocess.TimeoutExpired:
                child.process.kill()
                child.process.wait()
        self._socket.close()


def runtime_owner() -> tuple[int, int] | None:
    """Return (uid, gid) the servers run as when we are root; None to stay who we are.

    Root's servers run as the unprivileged user that also runs PostgreSQL, provided that user can
    reach the interpreter and this folder.
    """
    user = unprivileged_user()
    if user is None:
        return None
    probe = subprocess.run(
        [sys.executable, "-c", "import api"],
        cwd="/", user=user.pw_uid, group=user.pw_gid, extra_groups=[], capture_output=True,
        env={"PYTHONPATH": str(PROJECT_FOLDER)}, check=False,
    ) if _traversable(Path(sys.executable)) else None  # fmt: skip
    if probe is None or probe.returncode != 0:
        return None
    return user.pw_uid, user.pw_gid


def _traversable(path: Path) -> bool:
    return all(parent.stat().st_mode & 0o001 for parent in path.resolve().parents)


def prepare_state_folder(settings: Settings, owner: tuple[int, int] | None) -> None:
    """Make the folders the servers write to, owned by whom they run as."""
    for folder in (
        settings.graph_cache_folder, kernel_cache(settings), keys(settings), backups(settings),
        uploads(settings),
    ):  # fmt: skip
        folder.mkdir(parents=True, exist_ok=True)
        if owner is not None:
            for path in (folder, *folder.rglob("*")):
                os.chown(path, *owner)
    for folder in (keys(settings), backups(settings), uploads(settings)):
        folder.chmod(0o700)


def keys(settings: Settings) -> Path:
    """Return the folder of the keys of this purpose's database: of the stream, of pseudonyms."""
    return settings.state_folder / f"keys-{settings.purpose}"


def backups(settings: Settings) -> Path:
    """Return the folder of the backups that are made from a page."""
    return settings.state_folder / f"backups-{settings.purpose}"


def uploads(settings: Settings) -> Path:
    """Return the folder of files of cases that were sent and wait to be taken in."""
    return settings.state_folder / f"uploads-{settings.purpose}"


def pseudonym_keys(settings: Settings) -> PseudonymKeys:
    """Return the keys of pseudonyms of this purpose's database."""
    return PseudonymKeys(keys(settings) / "pseudonyms")


def child_environment(settings: Settings) -> dict[str, str]:
    """Return the environment that carries `settings` to a child process."""
    given = {
        f"GOLDENHOUR_{name.upper()}": str(value)
        for name, value in settings.model_dump(exclude={"database_url"}).items()
        if value is not None
    }
    if settings.database_url is not None:
        given["GOLDENHOUR_DATABASE_URL"] = settings.database_url.get_secret_value()
    return {
        **os.environ,
        **given,
        "NUMBA_CACHE_DIR": os.environ.get("NUMBA_CACHE_DIR") or str(kernel_cache(settings)),
        "PYTHONPATH": str(PROJECT_FOLDER),
        "PYTHONUNBUFFERED": "1",
    }


def listen(settings: Settings) -> socket.socket:
    """Open the socket that all API processes share; raises `PortTakenError`."""
    listener = socket.socket(socket.AF_INET6 if ":" in settings.host else socket.AF_INET)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    # Connections inherit it; asyncio asks for it only where it knows the socket to be TCP. Without
    # it an answer in two pieces waits 40 ms for the acknowledgement of the first.
    listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    try:
        listener.bind((settings.host, settings.port))
        listener.listen(1024)
    except OSError as error:
        listener.close()
        taken = error.errno == errno.EADDRINUSE
        reason = "it is in use by another program" if taken else str(error.strerror)
        raise PortTakenError(settings.host, settings.port, reason=reason) from error
    listener.set_inheritable(True)
    return listener


def check_tls(settings: Settings) -> None:
    """Check that certificate and key are given together and fit each other.

    Raises
    ------
    InvalidInputError
        They cannot serve; without this check every API process would end at once, again and again.
    """
    certificate, key = settings.tls_cert, settings.tls_key
    if certificate is None and key is None:
        return
    if certificate is None or key is None:
        raise InvalidInputError("HTTPS needs both: give --tls-cert and --tls-key together.")
    for path in (certificate, key):
        if not path.is_file():
            raise InvalidInputError(f"{path.name} was not found. Check the path of the TLS files.")
    try:
        ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER).load_cert_chain(certificate, key)
    except ssl.SSLError as error:
        raise InvalidInputError(
            f"{certificate.name} and {key.name} are no PEM certificate and key that belong "
            f"together ({error.reason})."
        ) from error


def run_server(settings: Settings, *, say: Callable[[str], None]) -> None:
    """Bring the database up, then serve until stopped."""
    check_tls(settings)
    supervisor = Supervisor(settings, say=say)
    bring_up(settings, say=say)
    supervisor.start()
    scheme = "https" if settings.tls_cert else "http"
    say(f"{scheme}://{settings.host}:{supervisor.port}")
    supervisor.run()

"""A private PostgreSQL cluster over the PostGIS found on this machine.

It listens on a Unix socket only, in a folder of mode 0700 on a short path, and belongs to this
checkout and purpose. Root runs it through an unprivileged user, since PostgreSQL refuses root.
"""

import fcntl
import os
import pwd
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

from gis.cluster_errors import ClusterStartError, NoUnprivilegedUserError, PostgisMissingError

MINIMUM_MAJOR_VERSION = 15
OWNER_ROLE = "goldenhour_owner"
APPLICATION_ROLE = "goldenhour_app"
DATABASE_NAME = "goldenhour"
LOCALE = "en_US.UTF-8" if sys.platform == "darwin" else "C.UTF-8"
"""Never "C": trigrams of Chinese are empty there. macOS has no C.UTF-8."""

_READY_REJECTING = 1  # exit code of pg_isready: alive, but still starting
_RECOVERY_LIMIT_S = 60.0

_BINARY_FOLDERS = (
    "/usr/lib/postgresql/*/bin",  # Debian, Ubuntu
    "/usr/pgsql-*/bin",  # RPM packages
    "/opt/homebrew/opt/postgresql*/bin",
    "/usr/local/opt/postgresql*/bin",
    "/Applications/Postgres.app/Contents/Versions/*/bin",
)

_CONFIGURATION = """
listen_addresses = ''
unix_socket_permissions = 0700
max_connections = 200
shared_buffers = 256MB
maintenance_work_mem = 256MB
work_mem = 16MB
effective_cache_size = 2GB
random_page_cost = 1.1
max_wal_size = 2GB
checkpoint_timeout = 15min
timezone = 'UTC'
log_timezone = 'UTC'
logging_collector = off
jit = off
"""

_EPHEMERAL = """
fsync = off
synchronous_commit = off
full_page_writes = off
max_wal_size = 256MB
"""


@dataclass(frozen=True, slots=True)
class Installation:
    """PostgreSQL programs with PostGIS beside them."""

    bin_folder: Path
    major_version: int


def install_line() -> str:
    """Return the one line that installs PostGIS on this kind of machine."""
    if sys.platform == "darwin":
        return "brew install postgis"
    if shutil.which("apt-get"):
        return "sudo apt-get install -y postgresql-15-postgis-3  # or the -16, -17 of your release"
    if shutil.which("dnf"):
        return "sudo dnf install -y postgresql-server postgis"
    return "conda install -c conda-forge postgresql postgis"


def _candidate_folders() -> Iterator[Path]:
    if prefix := os.environ.get("CONDA_PREFIX"):
        yield Path(prefix) / "bin"
    if program := shutil.which("pg_config"):
        found = subprocess.run([program, "--bindir"], capture_output=True, text=True, check=False)
        if found.returncode == 0:
            yield Path(found.stdout.strip())
    for pattern in _BINARY_FOLDERS:
        yield from sorted(Path("/").glob(pattern.lstrip("/")), reverse=True)


def find_installation() -> Installation:
    """Find PostgreSQL ≥ 15 that carries PostGIS; the newest wins.

    Raises
    ------
    PostgisMissingError
        Nothing fitting was found; the message holds the line that installs it.
    """
    best: Installation | None = None
    for folder in _candidate_folders():
        initdb, pg_config = folder / "initdb", folder / "pg_config"
        if not initdb.exists():
            continue
        version_text = subprocess.run(
            [folder / "postgres", "--version"], capture_output=True, text=True, check=True
        ).stdout
        major = int(version_text.split()[2].split(".")[0])
        share = folder.parent / "share"
        if pg_config.exists():
            shown = subprocess.run(
                [pg_config, "--sharedir"], capture_output=True, text=True, check=False
            )
            if shown.returncode == 0:
                share = Path(shown.stdout.strip())
        controls = [
            share / "extension/postgis.control",
            Path(f"/usr/share/postgresql/{major}/extension/postgis.control"),
        ]
        fits = major >= MINIMUM_MAJOR_VERSION and any(control.exists() for control in controls)
        if fits and (best is None or major > best.major_version):
            best = Installation(folder, major)
    if best is None:
        raise PostgisMissingError(install_line())
    return best


def unprivileged_user() -> pwd.struct_passwd | None:
    """Return the user that runs PostgreSQL for root; None when we are not root.

    Raises
    ------
    NoUnprivilegedUserError
        We are root and no fitting user exists.
    """
    if os.geteuid() != 0:
        return None
    for name in ("goldenhour", "postgres", "nobody"):
        try:
            return pwd.getpwnam(name)
        except KeyError:
            continue
    raise NoUnprivilegedUserError


class PrivateCluster:
    """One private cluster: made, started, stopped and asked for its address."""

    def __init__(self, folder: Path, *, ephemeral: bool = False) -> None:
        self.folder = folder
        self.ephemeral = ephemeral
        self._user = unprivileged_user()
        owner = self._user.pw_uid if self._user else os.geteuid()
        key = sha256(str(folder.resolve()).encode()).hexdigest()[:10]
        self.socket_folder = Path(f"/tmp/goldenhour-{owner}-{key}")  # noqa: S108 (107-byte limit)

    @property
    def data_folder(self) -> Path:
        """Return PostgreSQL's data folder."""
        return self.folder / "pgdata"

    @property
    def log_file(self) -> Path:
        """Return PostgreSQL's log file."""
        return self.folder / "postgresql.log"

    def url(self, database: str = DATABASE_NAME, *, role: str = OWNER_ROLE) -> str:
        """Return the SQLAlchemy URL of `database` for `role`."""
        return f"postgresql+psycopg://{role}@/{database}?host={self.socket_folder}"

    def is_running(self) -> bool:
        """Return whether a server answers on our socket (a stale pid file does not count).

        One that is still recovering from a crash is waited for.
        """
        if not (self.data_folder / "postmaster.pid").exists():
            return False
        deadline = time.monotonic() + _RECOVERY_LIMIT_S
        while True:
            ready = self._run("pg_isready", "-q", "-h", str(self.socket_folder), check=False)
            if ready.returncode != _READY_REJECTING or time.monotonic() > deadline:
                return ready.returncode == 0
            time.sleep(0.1)

    def exists(self) -> bool:
        """Return whether the cluster was ever made."""
        return (self.data_folder / "PG_VERSION").exists()

    def has_crashed(self) -> bool:
        """Return whether the server is gone without having been stopped."""
        return (self.data_folder / "postmaster.pid").exists() and not self.is_running()

    def up(self) -> bool:
        """Make the cluster if it is not there and start it if it stands still.

        Returns whether it had to be started. Two processes calling this at once are put in a
        row by a lock file.
        """
        self._make_folder(self.folder)
        with self._lock():
            if self.is_running():
                return False
            if not self.exists():
                self._initialise()
            self._make_folder(self.socket_folder, mode=0o700)
            self._start()
            self._make_roles()
            return True

    def down(self) -> bool:
        """Stop the server; returns whether there was one to stop."""
        if not self.data_folder.exists() or not self.is_running():
            return False
        with self._lock():
            self._run("pg_ctl", "-D", str(self.data_folder), "-m", "fast", "-w", "stop")
        shutil.rmtree(self.socket_folder, ignore_errors=True)
        return True

    def destroy(self) -> None:
        """Stop the server and delete everything it holds."""
        self.down()
        shutil.rmtree(self.data_folder, ignore_errors=True)

    def program(self, name: str) -> Path:
        """Return the path of a PostgreSQL program, e.g. `pg_dump`."""
        return find_installation().bin_folder / name

    def _initialise(self) -> None:
        shutil.rmtree(self.data_folder, ignore_errors=True)
        unfinished = self.folder / "pgdata.unfinished"
        shutil.rmtree(unfinished, ignore_errors=True)
        self._run(
            "initdb", "-D", str(unfinished), "-U", OWNER_ROLE, "--auth=trust",
            "--encoding=UTF8", f"--locale={LOCALE}", *(["--no-sync"] if self.ephemeral else []),
        )  # fmt: skip
        with (unfinished / "postgresql.conf").open("a") as configuration:
            configuration.write(_CONFIGURATION + (_EPHEMERAL if self.ephemeral else ""))
        unfinished.rename(self.data_folder)

    def _start(self) -> None:
        self._drop_lock_files_of_a_zombie()
        started = self._run(
            "pg_ctl", "-D", str(self.data_folder), "-l", str(self.log_file), "-w", "-t", "60",
            "-o", f"-k {self.socket_folder}", "start", check=False,
        )  # fmt: skip
        if started.returncode != 0:
            log = self.log_file.read_text(errors="replace") if self.log_file.exists() else ""
            raise ClusterStartError(self.log_file, "\n".join(log.splitlines()[-15:]))

    def _drop_lock_files_of_a_zombie(self) -> None:
        """Remove the lock files of a killed server that nobody has reaped yet.

        PostgreSQL takes such a process for a running one and would refuse to start. Whether old
        backends still use the shared memory it checks by itself.
        """
        for lock_file in (
            self.data_folder / "postmaster.pid", self.socket_folder / ".s.PGSQL.5432.lock",
        ):  # fmt: skip
            try:
                pid = lock_file.read_text().split("\n", 1)[0]
                state = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0]
            except (OSError, IndexError):
                continue
            if state == "Z":
                lock_file.unlink()

    def _make_roles(self) -> None:
        exists = f"SELECT 1 FROM pg_roles WHERE rolname = '{APPLICATION_ROLE}'"  # noqa: S608
        create = f"CREATE ROLE {APPLICATION_ROLE} LOGIN"
        found = self._psql(exists)
        if "1" not in found:
            self._psql(create)

    def _psql(self, statement: str) -> str:
        return self._run(
            "psql", "-X", "-q", "-t", "-A", "-h", str(self.socket_folder), "-U", OWNER_ROLE,
            "-d", "postgres", "-c", statement,
        ).stdout  # fmt: skip

    def _run(
        self, program: str, *arguments: str, check: bool = True
    ) -> subprocess.CompletedProcess[str]:
        # pg_ctl's server would keep a pipe open for ever, so only psql's words are read.
        keep = program in {"psql", "pg_isready"}
        return subprocess.run(
            [self.program(program), *arguments],
            check=check, text=True, cwd="/",
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE if keep else subprocess.DEVNULL,
            stderr=subprocess.PIPE if keep else subprocess.DEVNULL,
            env={**os.environ, "LC_ALL": "C.UTF-8"},
            **self.run_as_owner(),
        )  # fmt: skip

    def run_as_owner(self) -> dict[str, Any]:
        """Return the `subprocess` arguments that run a program as the cluster's owner."""
        if self._user is None:
            return {}
        return {"user": self._user.pw_uid, "group": self._user.pw_gid, "extra_groups": []}

    def _make_folder(self, folder: Path, *, mode: int = 0o755) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        if self._user is not None:
            os.chown(folder, self._user.pw_uid, self._user.pw_gid)
        folder.chmod(mode)

    @contextmanager
    def _lock(self) -> Iterator[None]:
        with (self.folder / "cluster.lock").open("w") as handle:
            fcntl.flock(handle, fcntl.LOCK_EX)
            yield

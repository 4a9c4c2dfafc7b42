"""Backup and restore. A restored copy must pass its own check before it takes the place."""

import json
import os
import shutil
import subprocess
import tarfile
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import create_engine, text
from sqlalchemy.engine import URL

from api.supervisor import keys, prepare_state_folder, runtime_owner
from gis.clock import SystemClock
from gis.cluster import find_installation
from gis.errors import InvalidInputError, UnavailableError
from gis.provision import bring_up
from gis.schema import create_database_if_absent
from gis.sequencer import ChainReport, verify_log
from gis.settings import Settings

FORMAT = 1
_MEMBERS = ("record.json", "database.dump", "stream.pem")
_COUNTED = ("incidents", "assignments", "events", "calls", "cities", "road_segments", "users")


class BackupUnreadableError(InvalidInputError):
    """The file is no backup of ours, or cut short."""

    code = "backup_unreadable"

    def __init__(self, file: Path, reason: str) -> None:
        super().__init__(
            f"{file.name} is not a complete GoldenHour backup ({reason}). The present database "
            "was not touched."
        )


class BackupFailedError(UnavailableError):
    """PostgreSQL's own tool failed."""

    code = "backup_failed"

    def __init__(self, program: str, words: str) -> None:
        super().__init__(f"{program} failed: {words}")


class RestoreCheckFailedError(InvalidInputError):
    """The restored copy differs from what the backup says it held."""

    code = "restore_check_failed"

    def __init__(self, problems: list[str]) -> None:
        super().__init__(
            "The restored copy did not pass its check (" + "; ".join(problems) + "). It was "
            "thrown away and the present database was not touched."
        )


@dataclass(frozen=True, slots=True)
class BackupReport:
    """What a backup holds."""

    events: int
    size_bytes: int


def write_backup(settings: Settings, file: Path) -> BackupReport:
    """Write database, signing key and a record of what they hold into one tar file.

    The file appears under its name only when it is complete.
    """
    address = bring_up(settings)
    chain, counts = _examine(address.owner_url)
    with tempfile.TemporaryDirectory() as folder:
        dump = Path(folder) / "database.dump"
        _run("pg_dump", ["--format=custom", "--no-owner", f"--file={dump}"], address.owner_url)
        record = Path(folder) / "record.json"
        record.write_text(json.dumps({
            "format": FORMAT, "purpose": settings.purpose, "counts": counts,
            "problems": list(chain.problems), "made_at": SystemClock().now().isoformat(),
        }))  # fmt: skip
        unfinished = file.with_name(file.name + ".unfinished")
        unfinished.unlink(missing_ok=True)
        unfinished.touch(mode=0o600)
        with tarfile.open(unfinished, "w") as archive:
            archive.add(record, "record.json")
            archive.add(dump, "database.dump")
            key = keys(settings) / "stream.pem"
            if key.exists():
                archive.add(key, "stream.pem")
        unfinished.rename(file)
    return BackupReport(chain.events, file.stat().st_size)


def restore_backup(settings: Settings, file: Path) -> BackupReport:
    """Restore `file` into a new database, check it, then put it in the place of the present one.

    Raises
    ------
    BackupUnreadableError, RestoreCheckFailedError
        The present database stays as it is.
    """
    address = bring_up(settings)
    server, name = address.owner_url.set(database="postgres"), str(address.owner_url.database)
    copy_name, old_name = f"{name}_restored", f"{name}_before_restore"
    with tempfile.TemporaryDirectory() as folder:
        record = _unpack(file, Path(folder), settings)
        _drop(server, copy_name)
        create_database_if_absent(server, copy_name)
        copy_url = address.owner_url.set(database=copy_name)
        try:
            _run(
                "pg_restore",
                ["--no-owner", "--exit-on-error", f"--dbname={_plain(copy_url)}",
                 str(Path(folder) / "database.dump")],
                None,
            )  # fmt: skip
        except BackupFailedError as error:
            _drop(server, copy_name)
            raise BackupUnreadableError(file, str(error)) from error
        chain, counts = _examine(copy_url)
        problems = [
            f"{table}: {counts[table]} rows instead of {expected}"
            for table, expected in record["counts"].items()
            # Rows written while the dump ran may be in it or not; fewer is never right.
            if counts[table] < expected
        ] + [problem for problem in chain.problems if problem not in record["problems"]]
        if problems:
            _drop(server, copy_name)
            raise RestoreCheckFailedError(problems)
        _swap(server, name, copy_name=copy_name, old_name=old_name)
        key = Path(folder) / "stream.pem"
        if key.exists():
            owner = runtime_owner() if address.cluster is not None else None
            prepare_state_folder(settings, owner)
            shutil.copyfile(key, keys(settings) / "stream.pem")
            (keys(settings) / "stream.pem").chmod(0o600)
            prepare_state_folder(settings, owner)
    return BackupReport(chain.events, file.stat().st_size)


def _unpack(file: Path, folder: Path, settings: Settings) -> dict[str, Any]:
    try:
        with tarfile.open(file) as archive:
            for name in _MEMBERS:
                _unpack_member(archive, name, folder)
        record: dict[str, Any] = json.loads((folder / "record.json").read_text())
    except FileNotFoundError as error:
        raise BackupUnreadableError(file, "it was not found or lacks its record") from error
    except (tarfile.TarError, ValueError, EOFError) as error:
        raise BackupUnreadableError(file, str(error)) from error
    if record.get("format") != FORMAT:
        raise BackupUnreadableError(file, f"its format is {record.get('format')}")
    if record["purpose"] != settings.purpose:
        raise BackupUnreadableError(
            file, f"it is of a {record['purpose']} database, this one is {settings.purpose}"
        )
    folder.chmod(0o755)
    return record


def _unpack_member(archive: tarfile.TarFile, name: str, folder: Path) -> None:
    """Write one member under its own name; nothing else of the archive is looked at."""
    if name not in archive.getnames():
        return
    source = archive.extractfile(name)
    if source is not None:
        with source, (folder / name).open("wb") as target:
            shutil.copyfileobj(source, target)


def _examine(url: URL) -> tuple[ChainReport, dict[str, int]]:
    engine = create_engine(url)
    try:
        with engine.connect() as connection:
            chain = verify_log(connection)
            counts = {
                table: connection.execute(text(f"SELECT count(*) FROM {table}")).scalar_one()  # noqa: S608
                for table in _COUNTED
            }
        return chain, counts
    finally:
        engine.dispose()


def _swap(server: URL, name: str, *, copy_name: str, old_name: str) -> None:
    engine = create_engine(server, isolation_level="AUTOCOMMIT")
    try:
        with engine.connect() as connection:
            connection.execute(text(f'DROP DATABASE IF EXISTS "{old_name}" WITH (FORCE)'))
            connection.execute(
                text("SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                     " WHERE datname IN (:name, :copy)"),
                {"name": name, "copy": copy_name},
            )  # fmt: skip
            connection.execute(text(f'ALTER DATABASE "{name}" RENAME TO "{old_name}"'))
            connection.execute(text(f'ALTER DATABASE "{copy_name}" RENAME TO "{name}"'))
    finally:
        engine.dispose()


def _drop(server: URL, name: str) -> None:
    engine = create_engine(server, isolation_level="AUTOCOMMIT")
    try:
        with engine.connect() as connection:
            connection.execute(text(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)'))
    finally:
        engine.dispose()


def _run(program: str, arguments: list[str], url: URL | None) -> None:
    path = find_installation().bin_folder / program
    source = [] if url is None else [f"--dbname={_plain(url)}"]
    done = subprocess.run(
        [path, *arguments, *source], capture_output=True, text=True, check=False,
        stdin=subprocess.DEVNULL, env={**os.environ, "PGCONNECT_TIMEOUT": "10"},
    )  # fmt: skip
    if done.returncode != 0:
        raise BackupFailedError(program, done.stderr.strip()[-500:])


def _plain(url: URL) -> str:
    return url.set(drivername="postgresql").render_as_string(hide_password=False)


__all__ = ["BackupReport", "restore_backup", "write_backup"]

"""Backup and restore. A restored copy must pass its own check before it takes the place."""

import json
import os
import shutil
import subprocess
import tarfile
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import create_engine, text
from sqlalchemy.engine import URL

from api.operations.backup_files import FORMAT
from api.processes.supervisor import (
    keys,
    prepare_state_folder,
    pseudonym_keys,
    runtime_owner,
)
from gis.access import SYSTEM
from gis.clock import SystemClock
from gis.cluster import find_installation
from gis.database import Database
from gis.epoch import begin_epoch, given_numbers
from gis.errors import GoldenHourError, InvalidInputError, UnavailableError
from gis.provision import Address, bring_up, libpq_address
from gis.pseudonyms.keys import KEY_BYTES, KEY_FILE, PseudonymKeys
from gis.retention import correcting
from gis.retention import service as retention
from gis.retention.journal import corrections_beside, erasures_beside
from gis.retention.views import CorrectionRecord
from gis.schema import create_database_if_absent, migrate
from gis.sequencer import ChainReport, verify_log
from gis.settings import Settings

_PSEUDONYMS = Path("pseudonyms")
_RECORDED = {"purpose", "counts", "problems", "has_key"}
_END_CONNECTIONS = (
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = :database"
)
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
    """What a backup holds.

    problems : what was wrong with the log when it was made
    to_correct : corrections made since that a restore could not repeat
    """

    events: int
    size_bytes: int
    problems: tuple[str, ...] = ()
    to_correct: tuple[CorrectionRecord, ...] = ()


def write_backup(settings: Settings, file: Path) -> BackupReport:
    """Write database, keys and a record of what they hold into one tar file.

    The file appears under its name only when it is complete.

    Raises
    ------
    InvalidInputError
        There is no folder to write it to.
    """
    if not file.parent.is_dir():
        raise InvalidInputError(f"There is no folder {file.parent}. Make it, then save again.")
    return save_database(settings, bring_up(settings), file)


def save_database(settings: Settings, address: Address, file: Path) -> BackupReport:
    """Do what `write_backup` does with a database that is up and has this version's shape."""
    chain, counts = _examine(address.owner_url)
    with tempfile.TemporaryDirectory() as folder:
        dump = Path(folder) / "database.dump"
        _run(
            "pg_dump",
            [
                "--format=custom",
                "--no-owner",
                "--exclude-table-data=export_files",
                f"--file={dump}",
            ],
            address.owner_url,
        )
        record = Path(folder) / "record.json"
        key = keys(settings) / "stream.pem"
        # Read when the dump is done: each key that its rows were made with is among them.
        pseudonyms = PseudonymKeys(Path(folder) / _PSEUDONYMS)
        pseudonyms.put_back(copies := pseudonym_keys(settings).copies())
        record.write_text(json.dumps({
            "format": FORMAT, "purpose": settings.purpose, "counts": counts,
            "has_key": key.exists(), "pseudonym_keys": list(copies),
            "problems": list(chain.problems), "made_at": SystemClock().now().isoformat(),
        }))  # fmt: skip
        unfinished = file.with_name(file.name + ".unfinished")
        unfinished.unlink(missing_ok=True)
        unfinished.touch(mode=0o600)
        with tarfile.open(unfinished, "w") as archive:
            archive.add(record, "record.json")
            archive.add(dump, "database.dump")
            if key.exists():
                archive.add(key, "stream.pem")
            for key_id in copies:
                member = _PSEUDONYMS / f"{key_id}.key"
                archive.add(Path(folder) / member, str(member))
        unfinished.rename(file)
    return BackupReport(chain.events, file.stat().st_size, chain.problems)


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
        key = Path(folder) / "stream.pem"
        pseudonyms = PseudonymKeys(Path(folder) / _PSEUDONYMS).copies()
        owner = runtime_owner() if address.cluster is not None else None
        try:
            chain = _restore_copy(file, Path(folder), record, copy_url)
        except GoldenHourError:
            _drop(server, copy_name)
            raise
        left = _repeat(settings, copy_url, present=address.owner_url)
        _begin_epoch(copy_url, present=address.owner_url)
        with _swapped(server, name, copy_name=copy_name, old_name=old_name):
            if key.exists():
                _place_key(settings, key, owner)
            if pseudonyms:
                _place_pseudonym_keys(settings, pseudonyms, owner)
    return BackupReport(chain.events, file.stat().st_size, chain.problems, left)


def _repeat(settings: Settings, copy: URL, *, present: URL) -> tuple[CorrectionRecord, ...]:
    """Let no wrong value and nobody come back who was put right or forgotten since the backup.

    Asked are the present database, which is migrated by now, and the lists beside the keys. Values
    that were put right are known to the present database alone; returned is what was not repeated.
    """
    erasures = {one.erasure_id: one for one in erasures_beside(settings).read()}
    corrections = {one.correction_id: one for one in corrections_beside(settings).read()}
    with (
        closing(Database(present, pool_size=1, as_owner=True)) as database,
        database.unit_of_work(SYSTEM) as uow,
    ):
        erasures |= {one.erasure_id: one for one in retention.all_erasures(uow)}
        corrections |= {one.correction_id: one for one in correcting.all_corrections(uow)}
        values = correcting.values_now(uow, corrections.values())
    with (
        closing(Database(copy, pool_size=1, as_owner=True)) as database,
        database.unit_of_work(SYSTEM) as uow,
    ):
        forgotten = {(one.subject_kind, one.subject_id) for one in erasures.values()}
        left = correcting.repeat(uow, corrections.values(), values, forgotten=forgotten)
        # Last: who was forgotten after a correction is forgotten with what it put right.
        retention.repeat(uow, list(erasures.values()))
    return left


def _restore_copy(file: Path, folder: Path, record: dict[str, Any], copy_url: URL) -> ChainReport:
    """Fill the new database from the dump and check it against the record."""
    try:
        _run("pg_restore", ["--no-owner", "--exit-on-error", str(folder / "database.dump")],
             copy_url)  # fmt: skip
    except BackupFailedError as error:
        raise BackupUnreadableError(file, str(error)) from error
    # A backup of an older version takes this one's shape before it is counted.
    migrate(copy_url, purpose=record["purpose"])
    chain, counts = _examine(copy_url)
    problems = [
        f"{table}: {counts[table]} rows instead of {expected}"
        for table, expected in record["counts"].items()
        # Rows written while the dump ran may be in it or not; fewer is never right.
        if counts[table] < expected
    ] + [problem for problem in chain.problems if problem not in record["problems"]]
    if problems:
        raise RestoreCheckFailedError(problems)
    _administer(copy_url, "ANALYZE")
    return chain


def _unpack(file: Path, folder: Path, settings: Settings) -> dict[str, Any]:
    try:
        with tarfile.open(file) as archive:
            for name in archive.getnames():
                _unpack_member(archive, name, folder)
        record: Any = json.loads((folder / "record.json").read_text())
    except FileNotFoundError as error:
        raise BackupUnreadableError(file, "it was not found or lacks its record") from error
    except (tarfile.TarError, ValueError, EOFError) as error:
        raise BackupUnreadableError(file, str(error)) from error
    if not isinstance(record, dict) or record.get("format") != FORMAT:
        raise BackupUnreadableError(file, "its record is of another format")
    if not record.keys() >= _RECORDED or not record["counts"].keys() <= set(_COUNTED):
        raise BackupUnreadableError(file, "its record is incomplete")
    if record["has_key"] and not (folder / "stream.pem").exists():
        raise BackupUnreadableError(file, "it was cut short before the signing key")
    # Backups of older versions hold no keys of pseudonyms.
    sizes = {path.stem: path.stat().st_size for path in (folder / _PSEUDONYMS).glob("*.key")}
    if set(record.get("pseudonym_keys", ())) != set(sizes):
        raise BackupUnreadableError(file, "it was cut short before the keys of pseudonyms")
    if not set(sizes.values()) <= {0, KEY_BYTES}:
        raise BackupUnreadableError(file, "a key of pseudonyms is damaged")
    if record["purpose"] != settings.purpose:
        raise BackupUnreadableError(
            file, f"it is of a {record['purpose']} database, this one is {settings.purpose}"
        )
    return dict(record)


def _unpack_member(archive: tarfile.TarFile, name: str, folder: Path) -> None:
    """Write a member that backups have under its own name; no other is looked at."""
    path = Path(name)
    if name not in _MEMBERS and not (path.parent == _PSEUDONYMS and KEY_FILE.fullmatch(path.name)):
        return
    source = archive.extractfile(name)
    if source is not None:
        (folder / path).parent.mkdir(exist_ok=True)
        with source, (folder / path).open("wb") as target:
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


def _begin_epoch(copy: URL, *, present: URL) -> None:
    """Let running processes tell the copy from the present database, whose place it takes."""
    engines = [create_engine(url) for url in (present, copy)]
    try:
        with engines[0].connect() as connection:
            given = given_numbers(connection)
        with engines[1].begin() as connection:
            begin_epoch(connection, after=given)
    finally:
        for engine in engines:
            engine.dispose()


def _place_key(settings: Settings, key: Path, owner: tuple[int, int] | None) -> None:
    """Put the signing key in the place of the present one, whole or not at all."""
    prepare_state_folder(settings, owner)
    unfinished = keys(settings) / "stream.unfinished"
    unfinished.unlink(missing_ok=True)
    unfinished.touch(mode=0o600)
    shutil.copyfile(key, unfinished)
    # A running worker reads it again: it belongs to whom its folder belongs to.
    folder = keys(settings).stat()
    os.chown(unfinished, folder.st_uid, folder.st_gid)
    unfinished.rename(keys(settings) / "stream.pem")


def _place_pseudonym_keys(
    settings: Settings, copies: Mapping[str, bytes], owner: tuple[int, int] | None
) -> None:
    """Put the keys of pseudonyms beside the signing key, owned as their folder is."""
    prepare_state_folder(settings, owner)
    placed = pseudonym_keys(settings)
    placed.put_back(copies)
    folder = keys(settings).stat()
    for path in (placed.folder, *(placed.folder / f"{key_id}.key" for key_id in copies)):
        os.chown(path, folder.st_uid, folder.st_gid)


@contextmanager
def _swapped(server: URL, name: str, *, copy_name: str, old_name: str) -> Iterator[None]:
    """Put the copy in the place of the present database, which is kept as `old_name`.

    While the names change nobody may connect: a running server comes back within milliseconds,
    and a database in use cannot be renamed. The block runs while nobody is connected.
    """
    _drop(server, old_name)
    present = name
    _administer(server, f'ALTER DATABASE "{name}" ALLOW_CONNECTIONS false')
    try:
        for database in (name, copy_name):
            _administer(server, _END_CONNECTIONS, database=database)
        yield
        _administer(server, f'ALTER DATABASE "{name}" RENAME TO "{old_name}"')
        present = old_name
        _administer(server, f'ALTER DATABASE "{copy_name}" RENAME TO "{name}"')
    finally:
        _administer(server, f'ALTER DATABASE "{present}" ALLOW_CONNECTIONS true')


def _drop(server: URL, name: str) -> None:
    _administer(server, f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


def _administer(url: URL, statement: str, **parameters: str) -> None:
    """Run a statement that no transaction may hold."""
    engine = create_engine(url, isolation_level="AUTOCOMMIT")
    try:
        with engine.connect() as connection:
            connection.execute(text(statement), parameters)
    finally:
        engine.dispose()


def _run(program: str, arguments: list[str], url: URL) -> None:
    path = find_installation().bin_folder / program
    plain, environment = libpq_address(url)
    done = subprocess.run(
        [path, f"--dbname={plain}", *arguments], capture_output=True, text=True, check=False,
        stdin=subprocess.DEVNULL,
        env={**os.environ, **environment, "PGCONNECT_TIMEOUT": "10"},
    )  # fmt: skip
    if done.returncode != 0:
        raise BackupFailedError(program, done.stderr.strip()[-500:])


__all__ = ["BackupReport", "restore_backup", "save_database", "write_backup"]

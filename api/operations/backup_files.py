"""The backups that are in the installation's folder, as far as their records say."""

import json
import tarfile
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal

FORMAT = 1
_NEEDED = frozenset({"record.json", "database.dump"})


@dataclass(frozen=True, slots=True)
class BackupView:
    """One file. `complete`: whole, and the log's chain held when it was made.

    `events` : how many the log then had, None where the record cannot be read
    """

    name: str
    made_at: datetime
    size_bytes: int
    events: int | None
    state: Literal["complete", "log_broken", "damaged"]


@dataclass(frozen=True, slots=True)
class BackupList:
    """Every backup in the folder, newest first."""

    folder: str
    backups: tuple[BackupView, ...]


def list_backups(folder: Path) -> BackupList:
    """Return the backups in `folder`; one that is still being written is not among them."""
    seen = (_look_at(file) for file in folder.glob("*.tar"))
    found = sorted(
        (one for one in seen if one is not None), key=lambda one: one.made_at, reverse=True
    )
    return BackupList(str(folder), tuple(found))


def _look_at(file: Path) -> BackupView | None:
    """Return what a file is; None if it has just been taken away."""
    try:
        status = file.stat()
    except FileNotFoundError:
        return None
    try:
        record = _record(file)
        made_at = _moment(record["made_at"])
        events = int(record["counts"]["events"])
        broken = bool(record["problems"])
    except (tarfile.TarError, OSError, EOFError, ValueError, KeyError, TypeError, OverflowError):
        changed_at = datetime.fromtimestamp(status.st_mtime, UTC)
        return BackupView(file.name, changed_at, status.st_size, None, "damaged")
    state: Literal["complete", "log_broken"] = "log_broken" if broken else "complete"
    return BackupView(file.name, made_at, status.st_size, events, state)


def _moment(written: str) -> datetime:
    """Return a time; `ValueError` if it is none, or says no zone."""
    at = datetime.fromisoformat(written)
    if at.tzinfo is None:
        raise ValueError
    return at


def _record(file: Path) -> dict[str, Any]:
    """Return the record of a backup that is whole: every member of the archive is passed over."""
    with tarfile.open(file) as archive:
        if not set(archive.getnames()) >= _NEEDED:
            raise EOFError
        member = archive.extractfile("record.json")
        record: Any = json.loads(member.read()) if member is not None else None
    if not isinstance(record, dict) or record.get("format") != FORMAT:
        raise ValueError
    return record


__all__ = ["FORMAT", "BackupList", "BackupView", "list_backups"]

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
    found = sorted(
        (_look_at(file) for file in folder.glob("*.tar")),
        key=lambda one: one.made_at, reverse=True,
    )  # fmt: skip
    return BackupList(str(folder), tuple(found))


def _look_at(file: Path) -> BackupView:
    status = file.stat()
    try:
        record = _record(file)
        made_at = datetime.fromisoformat(record["made_at"])
        events = int(record["counts"]["events"])
        broken = bool(record["problems"])
    except (tarfile.TarError, OSError, EOFError, ValueError, KeyError, TypeError):
        changed_at = datetime.fromtimestamp(status.st_mtime, UTC)
        return BackupView(file.name, changed_at, status.st_size, None, "damaged")
    state: Literal["complete", "log_broken"] = "log_broken" if broken else "complete"
    return BackupView(file.name, made_at, status.st_size, events, state)


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

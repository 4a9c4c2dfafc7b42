"""The lists of erasures and of corrections outside the database, one line of JSON each.

They are only ever appended to, and stand beside the keys in the state folder, which no restore
replaces, so that a restored database can be told what must not come back and what was put right.
They hold ids, no number, no name, and no corrected value.
"""

import fcntl
import json
import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from pathlib import Path
from typing import Any, Generic, TypeVar
from uuid import UUID

from gis.retention.views import CorrectionRecord, ErasureView
from gis.settings import Settings

_MODE = 0o600
_READERS: Mapping[Any, Callable[[Any], Any]] = {UUID: UUID, datetime: datetime.fromisoformat}
Record = TypeVar("Record", ErasureView, CorrectionRecord)


@dataclass(frozen=True, slots=True)
class Journal(Generic[Record]):
    """One list: its file, what a line is, and the field that names it."""

    file: Path
    of: type[Record]
    key: str

    def read(self) -> list[Record]:
        """Return what stands in the file; a line cut short by a crash is left out."""
        if not self.file.exists():
            return []
        found = []
        for line in self.file.read_text(encoding="utf-8").splitlines():
            try:
                stored = json.loads(line)
            except json.JSONDecodeError:
                continue
            found.append(self.of(**{
                one.name: _READERS.get(one.type, _as_it_is)(stored[one.name])
                for one in fields(self.of)
            }))  # fmt: skip
        return found

    def append_missing(self, records: Sequence[Record]) -> int:
        """Append those that the file lacks, newest first given; wait until they are on the disk."""
        self.file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with os.fdopen(_owners_alone(self.file), "a", encoding="utf-8") as opened:
            fcntl.flock(opened, fcntl.LOCK_EX)
            known = {getattr(one, self.key) for one in self.read()}
            missing = [one for one in records if getattr(one, self.key) not in known]
            for one in reversed(missing):
                # A new line first: one that was cut short must not swallow this one.
                opened.write("\n" + json.dumps(_plain(one)) + "\n")
            opened.flush()
            os.fsync(opened.fileno())
        return len(missing)


def erasures_beside(settings: Settings) -> Journal[ErasureView]:
    """Return the list of erasures of this purpose's database."""
    return Journal(_folder(settings) / "erasures.jsonl", ErasureView, "erasure_id")


def corrections_beside(settings: Settings) -> Journal[CorrectionRecord]:
    """Return the list of corrections of this purpose's database."""
    return Journal(_folder(settings) / "corrections.jsonl", CorrectionRecord, "correction_id")


def _folder(settings: Settings) -> Path:
    return settings.state_folder / f"keys-{settings.purpose}"


def _owners_alone(file: Path) -> int:
    descriptor = os.open(file, os.O_WRONLY | os.O_APPEND | os.O_CREAT, _MODE)
    if os.geteuid() == 0:
        # Whoever serves goes on with what a command of root began.
        folder = file.parent.stat()
        os.fchown(descriptor, folder.st_uid, folder.st_gid)
    return descriptor


def _as_it_is(value: Any) -> Any:
    return value


def _plain(one: ErasureView | CorrectionRecord) -> dict[str, object]:
    def told(value: object) -> object:
        return value.isoformat() if isinstance(value, datetime) else (
            str(value) if isinstance(value, UUID) else value
        )  # fmt: skip

    return {field.name: told(getattr(one, field.name)) for field in fields(one)}

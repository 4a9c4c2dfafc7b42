"""The list of erasures outside the database: one line of JSON each, only ever appended to.

It stands beside the keys in the state folder, which no restore replaces, so that a restored
database can be told what must not come back. It holds ids, no number and no name.
"""

import fcntl
import json
import os
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from uuid import UUID

from gis.retention.views import ErasureView
from gis.settings import Settings

_MODE = 0o600


def journal_of(settings: Settings) -> Path:
    """Return the file of this purpose's database."""
    return settings.state_folder / f"keys-{settings.purpose}" / "erasures.jsonl"


def read_journal(file: Path) -> list[ErasureView]:
    """Return the erasures that stand in the file; a line cut short by a crash is left out."""
    if not file.exists():
        return []
    found = []
    for line in file.read_text(encoding="utf-8").splitlines():
        try:
            stored = json.loads(line)
        except json.JSONDecodeError:
            continue
        found.append(
            ErasureView(
                erasure_id=UUID(stored["erasure_id"]),
                subject_kind=stored["subject_kind"],
                subject_id=stored["subject_id"],
                erased=stored["erased"],
                reason=stored["reason"],
                erased_by=stored["erased_by"],
                erased_at=datetime.fromisoformat(stored["erased_at"]),
            )
        )
    return found


def append_missing(file: Path, erasures: Sequence[ErasureView]) -> int:
    """Append the erasures that the file lacks, and wait until they are on the disk."""
    file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with os.fdopen(_owners_alone(file), "a", encoding="utf-8") as opened:
        fcntl.flock(opened, fcntl.LOCK_EX)
        known = {one.erasure_id for one in read_journal(file)}
        missing = [one for one in erasures if one.erasure_id not in known]
        for one in reversed(missing):
            # A new line first: one that was cut short must not swallow this one.
            opened.write("\n" + json.dumps(_plain(one)) + "\n")
        opened.flush()
        os.fsync(opened.fileno())
    return len(missing)


def _owners_alone(file: Path) -> int:
    descriptor = os.open(file, os.O_WRONLY | os.O_APPEND | os.O_CREAT, _MODE)
    if os.geteuid() == 0:
        # Whoever serves goes on with what a command of root began.
        folder = file.parent.stat()
        os.fchown(descriptor, folder.st_uid, folder.st_gid)
    return descriptor


def _plain(one: ErasureView) -> dict[str, object]:
    return {
        "erasure_id": str(one.erasure_id), "subject_kind": one.subject_kind,
        "subject_id": one.subject_id, "erased": one.erased, "reason": one.reason,
        "erased_by": one.erased_by, "erased_at": one.erased_at.isoformat(),
    }  # fmt: skip

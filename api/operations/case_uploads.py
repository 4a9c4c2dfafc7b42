"""Files of cases that wait in the state folder until they are taken in.

Whoever reads one loads `api.operations.case_files`, and pandas with it: not every process.
"""

import base64
import shutil
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID

from api.processes.supervisor import uploads
from gis.errors import ConflictError, InvalidInputError
from gis.jobs.running import Run
from gis.settings import Settings

MOST_BYTES = 256 << 20
KEPT_FOR = timedelta(days=1)


class UploadTornError(ConflictError):
    """A part of a file came out of its place."""

    code = "upload_torn"

    def __init__(self, received: int) -> None:
        self.received = received
        super().__init__(
            f"The file has {received:,} bytes so far; send the part that begins there, or begin "
            "anew under another id."
        )


class UploadRefusedError(InvalidInputError):
    """A part of a file is none, or the file is too large."""

    code = "upload_refused"

    def __init__(self, why: str) -> None:
        super().__init__(f"The part cannot be taken: {why}.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """What is to become of a file that waits."""

    upload_id: UUID
    file_name: str
    city_id: int
    source: str
    mapping: str | None
    as_of: datetime | None


def receive(settings: Settings, upload_id: UUID, *, offset: int, content: str) -> int:
    """Append a part (base64) to the file that waits under an id; return its bytes so far.

    A part that is there already is taken as repeated.

    Raises
    ------
    UploadTornError, UploadRefusedError
    """
    try:
        part = base64.b64decode(content, validate=True)
    except ValueError:  # binascii's own is one; letters beyond ASCII raise another
        raise UploadRefusedError("it is not base64") from None
    path = _path(settings, upload_id)
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    _sweep(path.parent)
    received = path.stat().st_size if path.exists() else 0
    if offset + len(part) <= received:
        return received
    if offset != received:
        raise UploadTornError(received)
    if received + len(part) > MOST_BYTES:
        raise UploadRefusedError("the file is larger than 256 MiB; give it in parts of its own")
    path.touch(mode=0o600)
    with path.open("ab") as file:
        file.write(part)
    return received + len(part)


def import_waiting(run: Run) -> None:
    """Take a waiting file in, whole or not at all; it is removed once that is done."""
    from api.operations.case_files import given_of, import_given

    told = run.arguments
    waiting = Waiting(
        upload_id=UUID(told["upload_id"]), file_name=told["file_name"], city_id=told["city_id"],
        source=told["source"], mapping=told["mapping"],
        as_of=told["as_of"] and datetime.fromisoformat(told["as_of"]),
    )  # fmt: skip
    import_given(run, given_of(run.settings, waiting), by=run.record.requested_by)
    with suppress(FileNotFoundError):
        shutil.rmtree(waiting_file(run.settings, waiting).parent)
    _path(run.settings, waiting.upload_id).unlink(missing_ok=True)


def waiting_file(settings: Settings, waiting: Waiting) -> Path:
    """Return the waiting file under its own name: readers go by its ending."""
    path = _path(settings, waiting.upload_id)
    if not path.exists():
        raise UploadTornError(0)
    folder = path.with_suffix(".named")
    folder.mkdir(mode=0o700, exist_ok=True)
    named = folder / f"file{''.join(Path(waiting.file_name).suffixes[-2:]).lower()[:12]}"
    if not named.exists():
        named.hardlink_to(path)
    return named


def _path(settings: Settings, upload_id: UUID) -> Path:
    return uploads(settings) / f"{upload_id}.part"


def _sweep(folder: Path) -> None:
    """Remove what nobody took in within a day."""
    limit = (datetime.now(tz=UTC) - KEPT_FOR).timestamp()
    for path in folder.iterdir():
        with suppress(FileNotFoundError):
            if path.stat().st_mtime < limit:
                shutil.rmtree(path) if path.is_dir() else path.unlink()

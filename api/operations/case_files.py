"""Files of cases on their way in: they wait in the state folder, and are taken in by a job."""

import base64
import binascii
import shutil
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID

import pandas as pd

from api.processes.supervisor import pseudonym_keys, uploads
from gis.access import SYSTEM
from gis.database import Database
from gis.errors import ConflictError, InvalidInputError
from gis.intake.cells import shown
from gis.intake.take import write_rejects as write_frame
from gis.jobs.running import Run
from gis.settings import Settings
from gis.words import Words
from surveillance.cases.model import ImportView, RejectView
from surveillance.diseases.table import disease_table
from surveillance.intake.mapping import SourceMapping, parse_mapping
from surveillance.intake.service import Given, Prepared, look_up, prepare, store

MOST_BYTES = 256 << 20
KEPT_FOR = timedelta(days=1)
_STEPS = {
    "reading": Words(en="reading the file", zh="读取文件"),
    "understanding": Words(en="understanding its rows", zh="解析各行"),
    "finding places": Words(en="finding places and persons", zh="定位与人员匹配"),
    "storing": Words(en="storing", zh="保存"),
}


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
    except binascii.Error:
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


def given_of(settings: Settings, waiting: Waiting) -> Given:
    """Return a waiting file as it is handed in; its name's ending says what it is.

    Raises
    ------
    MappingRefusedError, DatumRequiredError
    """
    mapping = None if waiting.mapping is None else parse_mapping(waiting.mapping, disease_table())
    return given(
        _named(settings, waiting), waiting.file_name, city_id=waiting.city_id,
        source=waiting.source, mapping=mapping, as_of=waiting.as_of,
    )  # fmt: skip


def given(
    path: Path,
    file_name: str,
    *,
    city_id: int,
    source: str,
    mapping: SourceMapping | None,
    as_of: datetime | None,
) -> Given:
    """Return what is handed in."""
    return Given(
        path=path, file_name=shown(file_name), city_id=city_id, source=source, mapping=mapping,
        as_of=as_of,
    )  # fmt: skip


def look_at(settings: Settings, database: Database, handed: Given) -> Prepared:
    """Return a file understood; nothing is stored."""
    with database.read(SYSTEM) as uow:
        known = look_up(uow, handed)
    return prepare(handed, known, pseudonym_keys(settings))


def import_waiting(run: Run) -> None:
    """Take a waiting file in, whole or not at all; it is removed once that is done."""
    told = run.arguments
    waiting = Waiting(
        upload_id=UUID(told["upload_id"]), file_name=told["file_name"], city_id=told["city_id"],
        source=told["source"], mapping=told["mapping"],
        as_of=told["as_of"] and datetime.fromisoformat(told["as_of"]),
    )  # fmt: skip
    import_given(run, given_of(run.settings, waiting), by=run.record.requested_by)
    with suppress(FileNotFoundError):
        shutil.rmtree(_named(run.settings, waiting).parent)
    _path(run.settings, waiting.upload_id).unlink(missing_ok=True)


def import_given(run: Run, handed: Given, *, by: str) -> ImportView:
    """Take a file in as a job: understood outside of a transaction, stored in one."""

    def tell(step: str, share: float) -> None:
        run.report(_STEPS[step], share)

    with run.database.read(SYSTEM) as reading:
        known = look_up(reading, handed)
    prepared = prepare(handed, known, pseudonym_keys(run.settings), progress=tell)
    tell("storing", 0.7)
    with run.effect() as uow:
        taken = store(uow, handed, prepared, by=by)
        run.give(uow, {"import_id": str(taken.import_id), "rows": taken.rows_read,
                       "new": taken.rows_new, "rejected": taken.rows_rejected})  # fmt: skip
    return taken


def write_rejects(refused: Sequence[RejectView], path: Path) -> None:
    """Write refused rows and values as CSV: row, field, reason, then the cells as they stood."""
    names = list(dict.fromkeys(name for one in refused if one.field is None
                               for name in one.cells or ()))  # fmt: skip
    rows = [
        [one.row_number, one.field, one.reason,
         (one.cells or {}).get(one.field) if one.field else None,
         *((one.cells or {}).get(name) if one.field is None else None for name in names)]
        for one in refused
    ]  # fmt: skip
    columns = ["row_number", "field", "reason", "value", *names]
    write_frame(pd.DataFrame(rows, columns=columns, dtype=object), path)


def _named(settings: Settings, waiting: Waiting) -> Path:
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

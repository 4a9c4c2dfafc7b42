"""Files of cases on their way in: looked at, and taken in by a job."""

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

import pandas as pd

from api.operations.case_uploads import Waiting, waiting_file
from api.processes.supervisor import pseudonym_keys
from gis.access import SYSTEM
from gis.database import Database
from gis.intake.cells import shown
from gis.intake.take import write_rejects as write_frame
from gis.jobs.running import Run
from gis.settings import Settings
from gis.words import Words
from surveillance.cases.model import ImportView, RejectView
from surveillance.diseases.table import disease_table
from surveillance.intake.mapping import SourceMapping, parse_mapping
from surveillance.intake.service import Given, Prepared, look_up, prepare, store

_STEPS = {
    "reading": Words(en="reading the file", zh="读取文件"),
    "understanding": Words(en="understanding its rows", zh="解析各行"),
    "finding places": Words(en="finding places and persons", zh="定位与人员匹配"),
    "storing": Words(en="storing", zh="保存"),
}


def given_of(settings: Settings, waiting: Waiting) -> Given:
    """Return a waiting file as it is handed in; its name's ending says what it is.

    Raises
    ------
    MappingRefusedError, DatumRequiredError
    """
    mapping = None if waiting.mapping is None else parse_mapping(waiting.mapping, disease_table())
    return given(
        waiting_file(settings, waiting), waiting.file_name, city_id=waiting.city_id,
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

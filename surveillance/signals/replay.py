"""Use case of replays and simulations: reports come in that no person hands in."""

import hashlib
from datetime import datetime

from gis.database import WritingUnitOfWork
from surveillance.cases import repository as cases
from surveillance.cases.model import Reports, Stored


def take_reports(
    uow: WritingUnitOfWork,
    city_id: int,
    *,
    source: str,
    file_name: str,
    reports: Reports,
    as_of: datetime,
) -> Stored | None:
    """Store reports of a line list that no person handed in; None: this file is there already."""
    session, now, who = uow.session, uow.clock.now(), uow.identity.label
    source_id = cases.lock_source(
        session, city_id, source, kind="line_list", at=now, by=who
    ).source_id
    sha256 = hashlib.sha256(f"{source} {file_name}".encode()).digest()
    if cases.import_of(session, source_id, sha256) is not None:
        return None
    import_id = uow.ids.new()
    cases.open_import(
        session, import_id, source_id=source_id, file_name=file_name, sha256=sha256, as_of=as_of,
        at=now, by=who,
    )  # fmt: skip
    stored = cases.store_reports(
        session, reports, city_id=city_id, source_id=source_id, import_id=import_id, as_of=as_of,
        at=now,
    )  # fmt: skip
    cases.close_import(
        session, import_id, stored, repeated=0, rejected=0, fields_lost=0, told=[]
    )  # fmt: skip
    return stored

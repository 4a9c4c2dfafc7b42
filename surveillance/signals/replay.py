"""Use case of a replay: the reports of a day come in, then the day is judged, as it was then."""

import hashlib
from datetime import date, datetime

from gis.database import WritingUnitOfWork
from surveillance.cases import repository as cases
from surveillance.cases.model import Reports, Stored
from surveillance.signals.model import Rules
from surveillance.signals.service import run_day
from surveillance.signals.views import RunView


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


def replay_day(
    uow: WritingUnitOfWork,
    city_id: int,
    day: date,
    *,
    source: str,
    reports: Reports,
    as_of: datetime,
    rules: Rules,
) -> RunView:
    """Take in what was reported by the end of a day, and judge the day."""
    take_reports(
        uow, city_id, source=source, file_name=f"{day}.csv", reports=reports, as_of=as_of
    )  # fmt: skip
    return run_day(uow, city_id, day, rules=rules)

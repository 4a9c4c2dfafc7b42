"""Reports of cases that tests begin with."""

from collections.abc import Sequence
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

import numpy as np
from sqlalchemy import text

from gis.database import WritingUnitOfWork
from surveillance.cases import repository
from surveillance.cases.model import CONTENT, DAYS, MOMENTS, PERSON, Reports
from surveillance.cases.repository_review import find_doubles
from surveillance.counting.repository_counts import declare_frame


def objects(values: Sequence[Any]) -> np.ndarray:
    column = np.empty(len(values), dtype=object)
    column[:] = list(values)
    return column


def moments(values: Sequence[datetime | None]) -> np.ndarray:
    plain = [None if one is None else one.astimezone(UTC).replace(tzinfo=None) for one in values]
    return np.array(plain, dtype="datetime64[us]")


def reports(rows: Sequence[dict[str, Any]]) -> Reports:
    """Return reports; each row says what differs from a suspect case of dengue nobody reviewed."""
    usual = {
        "disease": "dengue", "classification": "suspect", "review_state": "unreviewed",
        "sensitive": "ordinary", "date_problems": "{}",
    }  # fmt: skip

    def column(name: str) -> np.ndarray:
        values = [row.get(name, usual.get(name)) for row in rows]
        if name in MOMENTS:
            return moments(values)
        if name in DAYS:
            return np.array(values, dtype="datetime64[us]")
        if name == "age_years":
            return np.array([np.nan if one is None else one for one in values])
        return objects(values)

    return Reports(
        source_key=objects([row["key"] for row in rows]),
        stated_at=moments([row.get("stated_at") for row in rows]),
        columns={name: column(name) for name in CONTENT},
        person_key="surveillance-0001",
        person_digest=objects([row.get("person_digest") for row in rows]),
        persons={name: objects([row.get(name) for row in rows]) for name in PERSON},
    )


def store_doubles(uow: WritingUnitOfWork, city_id: int) -> list[UUID]:
    """Store two reports that may be one case; each says that death came before onset."""
    at = uow.clock.now()
    source_id = repository.lock_source(
        uow.session, city_id, "doubles", kind="line_list", at=at, by="test"
    ).source_id
    alike = {"name": "王伟", "phone": "13800138000", "date_problems": "{death_before_onset}",
             "onset_on": date(2026, 3, 1), "residence_area": "1"}  # fmt: skip
    repository.store_reports(
        uow.session, reports([{"key": "a", **alike}, {"key": "b", **alike}]), city_id=city_id,
        source_id=source_id, import_id=None, as_of=at, at=at,
    )  # fmt: skip
    find_doubles(uow.session, city_id, at=at)
    return list(uow.session.execute(text("SELECT first_id, second_id FROM case_doubles")).one())


def store_institution(
    uow: WritingUnitOfWork, city_id: int, *, key: str, name: str, cases: int = 1,
    area: str | None = None, disease: str = "chickenpox", day: date | None = None,
) -> None:  # fmt: skip
    """Store cases that name one school or worksite."""
    at = uow.clock.now()
    source_id = repository.lock_source(
        uow.session, city_id, "schools", kind="line_list", at=at, by="test"
    ).source_id
    rows = [
        {"key": f"{name}-{number}-{day}", "disease": disease, "classification": "clinical",
         "institution": name, "institution_key": key, "residence_area": area,
         "owned_by_area": area, "onset_on": day or at.date(), "entered_on": day or at.date(),
         "stated_at": at}
        for number in range(cases)
    ]  # fmt: skip
    repository.store_reports(
        uow.session, reports(rows), city_id=city_id, source_id=source_id, import_id=None,
        as_of=at, at=at,
    )  # fmt: skip


def store_reporter(
    uow: WritingUnitOfWork, city_id: int, *, area: str | None = None, source: str = "sentinels"
) -> int:
    """Store that somebody is to report every week since the spring; return the number of it."""
    at = uow.clock.now()
    source_id = repository.lock_source(
        uow.session, city_id, source, kind="counts", at=at, by="test"
    ).source_id
    declare_frame(
        uow.session, source_id, rhythm="week", since=date(2026, 3, 2), areas=[area]
    )  # fmt: skip
    return int(
        uow.session.execute(
            text("SELECT frame_id FROM reporting_frame WHERE source_id = :source"),
            {"source": source_id},
        ).scalars().all()[-1]
    )  # fmt: skip

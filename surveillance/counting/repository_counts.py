"""SQL of aggregate counts and of who is to report them."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import func, select, text, update
from sqlalchemy.orm import Session

from gis.tables.surveillance import CaseCount, CaseImport, CaseSource, ReportingFrame
from surveillance.counting.frame import FrameRow
from surveillance.counting.reported import CountCells


def count_cells(session: Session, city_id: int, *, as_of: datetime, first: date) -> CountCells:
    """Return the counts known by `as_of` of periods from `first` on."""
    rows = session.execute(
        select(
            CaseCount.source_id, CaseCount.date_basis, CaseCount.place_basis, CaseCount.disease,
            CaseCount.area_code, CaseCount.period_from,
            CaseCount.period_until - CaseCount.period_from, CaseCount.age_from,
            CaseCount.age_below, CaseCount.sex, CaseCount.classification, CaseCount.cases,
            CaseCount.known_from, CaseCount.known_until, CaseSource.name,
        )
        .join(CaseSource, CaseSource.source_id == CaseCount.source_id)
        .where(
            CaseCount.city_id == city_id, CaseCount.known_from <= as_of,
            CaseCount.period_from >= first,
        )
    ).all()  # fmt: skip
    columns: list[Sequence[Any]] = list(zip(*rows, strict=True)) or [()] * 15
    said = list(zip(*columns[:3], strict=True))
    number = {key: place for place, key in enumerate(sorted(set(said)))}
    lines = {number[key]: name for key, name in zip(said, columns[14], strict=True)}
    ended = _ended(session, city_id)
    return CountCells(
        line=np.array([number[key] for key in said], np.int64), disease=_objects(columns[3]),
        area=_objects(columns[4]), first=np.array(columns[5], "datetime64[D]"),
        days=np.array(columns[6], np.int64), age_from=np.array(columns[7], np.float64),
        age_below=np.array([np.nan if one is None else one for one in columns[8]], np.float64),
        sex=_objects(columns[9]), classification=_objects(columns[10]),
        cases=np.array(columns[11], np.float64), known_from=_moments(columns[12]),
        known_until=_moments(columns[13]), lines=lines,
        ended={
            (line, area): until
            for (source, area), until in ended.items()
            for (of, _, _), line in number.items() if of == source
        },
    )  # fmt: skip


def _ended(session: Session, city_id: int) -> dict[tuple[int, str | None], date]:
    rows = session.execute(
        select(ReportingFrame.source_id, ReportingFrame.area_code, ReportingFrame.until)
        .join(CaseSource, CaseSource.source_id == ReportingFrame.source_id)
        .where(CaseSource.city_id == city_id, ReportingFrame.until.is_not(None))
    )
    return {(row.source_id, row.area_code): row.until for row in rows}


def _objects(values: Sequence[Any]) -> NDArray[np.object_]:
    made = np.empty(len(values), dtype=object)
    made[:] = values
    return made


def _moments(values: Sequence[datetime | None]) -> NDArray[np.datetime64]:
    plain = [None if value is None else value.replace(tzinfo=None) for value in values]
    return np.array(plain, dtype="datetime64[us]")


def counts_span(session: Session, city_id: int) -> tuple[date, datetime] | None:
    """Return the first day of any aggregate report, and as of when the newest file is."""
    row = session.execute(
        select(func.min(CaseCount.period_from), func.max(CaseImport.as_of))
        .join(CaseImport, CaseImport.import_id == CaseCount.import_id)
        .where(CaseCount.city_id == city_id)
    ).one()
    return None if row[0] is None or row[1] is None else (row[0], row[1])


def learn_frame(session: Session, source_id: int) -> None:
    """Put into the frame who reported two periods or more and does not stand there yet."""
    session.execute(_LEARN, {"source": source_id})


_LEARN = text("""
INSERT INTO reporting_frame (source_id, area_code, rhythm, since)
SELECT :source, c.area_code,
       CASE WHEN max(c.period_until - c.period_from) < 7 THEN 'day'
            WHEN max(c.period_until - c.period_from) < 28 THEN 'week' ELSE 'month' END,
       min(c.period_from)
FROM case_counts AS c
WHERE c.source_id = :source AND NOT EXISTS (
    SELECT 1 FROM reporting_frame AS f
    WHERE f.source_id = :source AND f.area_code IS NOT DISTINCT FROM c.area_code)
GROUP BY c.area_code HAVING count(DISTINCT c.period_from) >= 2
""")


def declare_frame(
    session: Session, source_id: int, *, rhythm: str, since: date, areas: Sequence[str | None]
) -> None:
    """Put who was said to report into the frame; who stands there has the rhythm that is said."""
    session.execute(
        _DECLARE,
        [{"source": source_id, "area": area, "rhythm": rhythm, "since": since} for area in areas],
    )


_DECLARE = text("""
INSERT INTO reporting_frame (source_id, area_code, rhythm, since)
VALUES (:source, :area, :rhythm, :since)
ON CONFLICT (source_id, disease, area_code, institution_key, since)
    DO UPDATE SET rhythm = excluded.rhythm, until = NULL
""")


def end_reporter(session: Session, frame_id: int, until: date) -> bool:
    """Say from which day on nobody is waited for; False: there is no such reporter."""
    return bool(
        session.execute(
            update(ReportingFrame)
            .where(ReportingFrame.frame_id == frame_id, ReportingFrame.since < until)
            .values(until=until)
            .returning(ReportingFrame.frame_id)
        ).all()
    )


def frame_rows(session: Session, city_id: int) -> list[FrameRow]:
    """Return who is to report in a city, with what there is of each.

    Of a line list there is something up to the day its newest file is of.
    """
    return [FrameRow(**row) for row in session.execute(_FRAME, {"city": city_id}).mappings()]


_FRAME = text("""
SELECT f.frame_id, s.name AS source, f.disease, f.area_code, f.rhythm, f.since, f.until,
       CASE WHEN s.kind = 'line_list' THEN (
           SELECT max((i.as_of AT TIME ZONE city.time_zone)::date) FROM case_imports AS i
           WHERE i.source_id = s.source_id)
       ELSE (
           SELECT max(c.period_until) FROM case_counts AS c
           WHERE c.source_id = s.source_id AND c.area_code IS NOT DISTINCT FROM f.area_code
             AND (f.disease IS NULL OR c.disease = f.disease)) END AS reported_until
FROM reporting_frame AS f
JOIN case_sources AS s ON s.source_id = f.source_id
JOIN cities AS city ON city.city_id = s.city_id
WHERE s.city_id = :city ORDER BY f.frame_id
""")

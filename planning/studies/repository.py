"""SQL of studies, their cells, and the AEDs that stand."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import (
    ColumnElement,
    Select,
    case,
    delete,
    func,
    insert,
    literal,
    null,
    or_,
    select,
    true,
    update,
)
from sqlalchemy.orm import Session

from gis.jurisdiction import may_reach
from gis.rows import AnyRow, view_of
from gis.tables import Aed, AedState
from gis.tables.jobs import JobRow
from gis.tables.studies import StudyCells, StudyRow
from planning.studies.record import CellsRecord, StudyRecord, Viewer

_GONE = ("out_of_service", "missing")


class AedRow(NamedTuple):
    """One AED that somebody may fetch; `opening_hours` None: nobody says."""

    aed_id: int
    lon: float
    lat: float
    opening_hours: str | None


def aeds(session: Session, city_id: int) -> list[AedRow]:
    """Return a city's AEDs that are neither private nor known to be gone."""
    rows = session.execute(
        select(Aed.aed_id, func.ST_X(Aed.geom), func.ST_Y(Aed.geom), Aed.opening_hours)
        .join(AedState, AedState.aed_id == Aed.aed_id, isouter=True)
        .where(
            Aed.city_id == city_id, Aed.access != "private",
            or_(AedState.state.is_(None), AedState.state.not_in(_GONE)),
        )
        .order_by(Aed.aed_id)
    )  # fmt: skip
    return [AedRow(*row) for row in rows]


def insert_study(session: Session, values: Mapping[str, Any]) -> int:
    """Keep what a study is asked, and return its number."""
    study_id: int = session.execute(
        insert(StudyRow).values(dict(values)).returning(StudyRow.study_id)
    ).scalar_one()
    return study_id


def _records(*, whole: bool) -> Select[Any]:
    """Return studies; unless `whole`, of answer and progress only what a list shows."""

    def told(column: Any) -> Any:
        if whole:
            return column
        names = ("value", "bound", "gap", "ended")
        pairs = (part for name in names for part in (literal(name), column[name]))
        return case((column.is_not(None), func.jsonb_build_object(*pairs))).label(column.key)

    return select(
        StudyRow.study_id, StudyRow.city_id, StudyRow.name, StudyRow.kind, StudyRow.parameters,
        StudyRow.areas, StudyRow.shared, StudyRow.made_at, StudyRow.made_by, StudyRow.job_id,
        StudyRow.stop_asked_at, StudyRow.started_at, StudyRow.finished_at, StudyRow.digest,
        (StudyRow.inputs if whole else null().label("inputs")), told(StudyRow.progress),
        told(StudyRow.answer), JobRow.state.label("job_state"),
        JobRow.error.label("job_error"),
    ).join(JobRow, JobRow.job_id == StudyRow.job_id, isouter=True)  # fmt: skip


def read_study(session: Session, study_id: int, viewer: Viewer | None) -> StudyRecord | None:
    """Return a study, None if there is none for a viewer; without one, any."""
    row = session.execute(
        _records(whole=True).where(StudyRow.study_id == study_id, _visible(viewer))
    ).one_or_none()
    return None if row is None else _record(row)


def read_studies(
    session: Session, city_id: int, viewer: Viewer | None, *, limit: int
) -> list[StudyRecord]:
    """Return a city's studies for a viewer, newest first; without one, all."""
    rows = session.execute(
        _records(whole=False)
        .where(StudyRow.city_id == city_id, _visible(viewer))
        .order_by(StudyRow.study_id.desc())
        .limit(limit)
    )
    return [_record(row) for row in rows]


def _visible(viewer: Viewer | None) -> ColumnElement[bool]:
    if viewer is None:
        return true()
    shared = StudyRow.shared & may_reach(StudyRow.areas, viewer.reach)
    return or_(StudyRow.made_by == viewer.label, shared)


def lock_study(session: Session, study_id: int) -> bool:
    """Hold a study's row until the transaction ends; False if there is none."""
    found = session.execute(
        select(StudyRow.study_id).where(StudyRow.study_id == study_id).with_for_update()
    ).one_or_none()
    return found is not None


def change_study(session: Session, study_id: int, values: Mapping[str, Any]) -> None:
    """Write columns of a study."""
    session.execute(update(StudyRow).where(StudyRow.study_id == study_id).values(dict(values)))


def stop_asked(session: Session, study_id: int) -> bool:
    """Return whether somebody asked the study to stop, or it is no longer there."""
    at: datetime | None = session.execute(
        select(func.coalesce(StudyRow.stop_asked_at, StudyRow.finished_at)).where(
            StudyRow.study_id == study_id
        )
    ).scalar_one_or_none()
    there = session.execute(
        select(StudyRow.study_id).where(StudyRow.study_id == study_id)
    ).one_or_none()
    return at is not None or there is None


def delete_study(session: Session, study_id: int) -> None:
    """Remove a study with its cells."""
    session.execute(delete(StudyRow).where(StudyRow.study_id == study_id))


def insert_cells(session: Session, study_id: int, cells: CellsRecord) -> None:
    """Keep the cells of a study's answer in the place of any others."""
    session.execute(delete(StudyCells).where(StudyCells.study_id == study_id))
    session.execute(insert(StudyCells).values(study_id=study_id, **cells.columns()))


def read_cells(session: Session, study_id: int) -> CellsRecord | None:
    """Return the cells of a study's answer, None without an answer."""
    columns = [getattr(StudyCells, name) for name in CellsRecord.names()]
    row = session.execute(
        select(*columns).where(StudyCells.study_id == study_id)
    ).one_or_none()  # fmt: skip
    return None if row is None else CellsRecord.of(*row)


def _record(row: AnyRow) -> StudyRecord:
    return view_of(StudyRecord, row)

"""SQL of runs, signals and the series they looked at."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, case, delete, func, insert, select, text, update
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.orm import Session

from gis.cities import IN_FORCE
from gis.rows import AnyRow, view_of
from gis.tables import Area, City
from gis.tables.budgets import AlarmBudget
from gis.tables.signals import SurveillanceRun, SurveillanceSeries, SurveillanceSignal
from surveillance.signals.views import BudgetView, RunView, SeriesView, StoredNowcast

_RUN = SurveillanceRun.__table__.columns
_SIGNAL = SurveillanceSignal.__table__.columns
_OUTLINES = "SELECT * FROM signal_outlines(:city)"


def lock_city(session: Session, city_id: int) -> None:
    """Hold a city's runs: of two, one waits for the other."""
    session.execute(
        select(City.city_id).where(City.city_id == city_id).with_for_update(key_share=True)
    )


def newest_run(session: Session, city_id: int) -> RunView | None:
    """Return the run of the newest day, the last one made of it."""
    row = session.execute(
        select(*_RUN)
        .where(SurveillanceRun.city_id == city_id)
        .order_by(SurveillanceRun.day.desc(), SurveillanceRun.made_at.desc())
        .limit(1)
    ).one_or_none()
    return None if row is None else view_of(RunView, row)


def newest_runs_by_day(session: Session, city_id: int, *, days: int) -> list[RunView]:
    """Return the last run of each of the newest judged days, the newest day first."""
    rows = session.execute(
        select(*_RUN)
        .where(SurveillanceRun.city_id == city_id)
        .ext(distinct_on(SurveillanceRun.day))
        .order_by(SurveillanceRun.day.desc(), SurveillanceRun.made_at.desc())
        .limit(days)
    )
    return [view_of(RunView, row) for row in rows]


def judged_cities(session: Session) -> list[int]:
    """Return the cities of which a day was judged, the last judged first."""
    return list(
        session.execute(
            select(SurveillanceRun.city_id)
            .group_by(SurveillanceRun.city_id)
            .order_by(func.max(SurveillanceRun.made_at).desc())
        ).scalars()
    )


def add_run(session: Session, values: Mapping[str, Any]) -> None:
    """Store a run."""
    session.execute(insert(SurveillanceRun).values(values))


def newest_signals(session: Session, city_id: int) -> Sequence[AnyRow]:
    """Return the newest signal of each series, ended ones too."""
    # An institution is where most of its cases live, which may change from day to day.
    in_area = case((SurveillanceSignal.institution_key.is_(None), SurveillanceSignal.area_code))
    key = (
        SurveillanceSignal.kind, SurveillanceSignal.disease, in_area,
        SurveillanceSignal.age_group, SurveillanceSignal.institution_key,
    )  # fmt: skip
    return session.execute(
        select(*_SIGNAL)
        .where(SurveillanceSignal.city_id == city_id)
        .ext(distinct_on(*key))
        .order_by(*key, SurveillanceSignal.raised_on.desc(), SurveillanceSignal.state_at.desc())
    ).all()


def add_signals(session: Session, rows: Sequence[Mapping[str, Any]]) -> None:
    """Store new signals."""
    if rows:
        session.execute(insert(SurveillanceSignal), [dict(row) for row in rows])


def change_signal(session: Session, signal_id: UUID, values: Mapping[str, Any]) -> None:
    """Change a signal and raise its version."""
    session.execute(
        update(SurveillanceSignal)
        .where(SurveillanceSignal.signal_id == signal_id)
        .values(**values, version=SurveillanceSignal.version + 1)
    )


def find_signal(session: Session, signal_id: UUID, *, lock: bool = False) -> AnyRow | None:
    """Return a signal that the viewer may see, and hold it for a change."""
    statement = select(*_SIGNAL).where(SurveillanceSignal.signal_id == signal_id)
    return session.execute(statement.with_for_update() if lock else statement).one_or_none()


def open_signals(session: Session, city_id: int) -> Sequence[AnyRow]:
    """Return the signals of a city that have not ended, the weightiest first."""
    return session.execute(
        select(*_SIGNAL)
        .where(SurveillanceSignal.city_id == city_id, SurveillanceSignal.state != "ended")
        .order_by(SurveillanceSignal.weight.desc(), SurveillanceSignal.signal_id)
    ).all()


def outlines(session: Session, city_id: int) -> Sequence[AnyRow]:
    """Return the told open signals of a city for those who may see no number of them.

    Of ordinary diseases, in the district that holds their area, or in the whole city.
    """
    return session.execute(text(_OUTLINES), {"city": city_id}).all()


def district_of(session: Session, city_id: int, area_code: str | None) -> str | None:
    """Return the district that a present area lies in, or is; None for the whole city."""
    above = select(func.unnest(Area.path)).where(
        Area.city_id == city_id, Area.code == area_code, *IN_FORCE[Area]
    )
    return session.execute(
        select(Area.code)
        .where(
            Area.city_id == city_id, Area.level == "district", Area.code.in_(above),
            *IN_FORCE[Area],
        )
        .limit(1)
    ).scalar_one_or_none()  # fmt: skip


def newest_budget(session: Session, city_id: int) -> BudgetView | None:
    """Return what staff of a city said they can verify; None: nothing yet."""
    row = session.execute(
        select(
            AlarmBudget.version, AlarmBudget.alarms_a_day, AlarmBudget.set_at, AlarmBudget.set_by
        )
        .where(AlarmBudget.city_id == city_id)
        .order_by(AlarmBudget.version.desc())
        .limit(1)
    ).one_or_none()
    return None if row is None else view_of(BudgetView, row)


def add_budget(
    session: Session, city_id: int, *, version: int, alarms_a_day: int, at: datetime, by: str
) -> None:
    """Store another version of what staff can verify."""
    session.execute(
        insert(AlarmBudget).values(
            city_id=city_id, version=version, alarms_a_day=alarms_a_day, set_at=at, set_by=by
        )
    )


def replace_series(session: Session, city_id: int, rows: Sequence[Mapping[str, Any]]) -> None:
    """Store the series of a city in the place of those before."""
    session.execute(delete(SurveillanceSeries).where(SurveillanceSeries.city_id == city_id))
    if rows:
        session.execute(insert(SurveillanceSeries), [dict(row) for row in rows])


def find_series(
    session: Session,
    city_id: int,
    *,
    diseases: Collection[str] | None = None,
    date_basis: str | None = None,
    age_groups: Collection[str] | None = None,
    in_whole_city: bool = False,
    last_days: int | None = None,
) -> list[SeriesView]:
    """Return series of a city that the viewer may see, or only their last days."""
    columns = SurveillanceSeries
    days = func.cardinality(columns.cases)
    starts_on: ColumnElement[Any] = columns.starts_on.expression
    cases: ColumnElement[Any] = columns.cases.expression
    if last_days is not None:
        first = func.greatest(days - last_days, 0)
        starts_on, cases = columns.starts_on + first, columns.cases[first + 1 : days]
    statement = select(
        columns.disease, columns.area_code, columns.age_group, columns.date_basis,
        starts_on.label("starts_on"), cases.label("cases"), columns.nowcast,
    ).where(columns.city_id == city_id)  # fmt: skip
    if diseases is not None:
        statement = statement.where(columns.disease.in_(diseases))
    if date_basis is not None:
        statement = statement.where(columns.date_basis == date_basis)
    if age_groups is not None:
        statement = statement.where(columns.age_group.in_(age_groups))
    if in_whole_city:
        statement = statement.where(columns.area_code.is_(None))
    return [
        SeriesView(
            disease=row.disease, area_code=row.area_code, age_group=row.age_group,
            date_basis=row.date_basis, starts_on=row.starts_on, cases=row.cases,
            nowcast=None if row.nowcast is None else StoredNowcast(**row.nowcast),
        )
        for row in session.execute(statement.order_by(columns.series_id))
    ]  # fmt: skip

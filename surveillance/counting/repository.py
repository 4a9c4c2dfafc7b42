"""SQL of counting: the versions of cases as columns, the areas of a level, and what reports."""

from collections.abc import Collection, Sequence
from datetime import date, datetime
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import func, or_, select
from sqlalchemy.orm import InstrumentedAttribute, Session, aliased

from gis.cities import IN_FORCE
from gis.tables import Area, Population
from gis.tables.surveillance import Case, CaseImport, CaseSource, CaseVersion
from gis.words import Words
from surveillance.counting.model import (
    COUNTED,
    AreaCodes,
    CaseColumns,
    Counting,
    DateBasis,
    PlaceBasis,
)
from surveillance.diseases.model import Sensitive
from surveillance.diseases.table import disease_table

ENOUGH = 0.9
_EARLIER = aliased(CaseVersion)
_DAY = {
    DateBasis.ONSET: CaseVersion.onset_on,
    DateBasis.DIAGNOSIS: CaseVersion.diagnosed_on,
    DateBasis.ENTRY: CaseVersion.entered_on,
    DateBasis.REVIEW: CaseVersion.reviewed_on,
}
_AREA = {
    PlaceBasis.RESIDENCE: CaseVersion.residence_area,
    PlaceBasis.REPORTING: CaseVersion.reporting_area,
    PlaceBasis.EXPOSURE: CaseVersion.exposure_area,
}


_PRESENT = (
    Case.same_as_id.is_(None), CaseVersion.known_until.is_(None), CaseVersion.deleted_at.is_(None),
    CaseVersion.disease.in_([
        one.code for one in disease_table() if one.sensitive is Sensitive.ORDINARY
    ]),
)  # fmt: skip
"""Present versions of ordinary diseases, each case once."""


def case_columns(
    session: Session, counting: Counting, *, first: date, diseases: Sequence[str] | None = None
) -> CaseColumns:
    """Return the versions known by `as_of` with a day from `first` on, or without one.

    diseases: codes, None = all. Versions that were overtaken by then come along: the columns can be
    counted as known at any earlier moment too. Merged reports of one case are left out but for one.
    """
    day = _DAY[counting.date_basis]
    statement = (
        select(
            CaseVersion.disease, _AREA[counting.place_basis], CaseVersion.sex,
            CaseVersion.age_years, day, CaseVersion.onset_on, CaseVersion.entered_on,
            CaseVersion.known_from, CaseVersion.known_until, CaseVersion.deleted_at,
            func.min(CaseVersion.known_from).over(partition_by=CaseVersion.case_id),
        )
        .join(Case, Case.case_id == CaseVersion.case_id)
        .where(
            CaseVersion.city_id == counting.city_id,
            Case.same_as_id.is_(None),
            CaseVersion.known_from <= counting.as_of,
            CaseVersion.classification.in_(counting.classifications),
            or_(day.is_(None), day >= first),
        )
    )  # fmt: skip
    if diseases is not None:
        statement = statement.where(CaseVersion.disease.in_(diseases))
    if counting.review_states is not None:
        statement = statement.where(CaseVersion.review_state.in_(counting.review_states))
    rows = session.execute(statement).all()
    columns: list[Sequence[Any]] = list(zip(*rows, strict=True)) or [()] * 11
    return CaseColumns(
        disease=_objects(columns[0]), area=_objects(columns[1]), sex=_objects(columns[2]),
        age=np.array([np.nan if age is None else age for age in columns[3]], dtype=np.float64),
        day=_days(columns[4]), onset=_days(columns[5]), entry=_days(columns[6]),
        known_from=_moments(columns[7]), known_until=_moments(columns[8]),
        deleted_at=_moments(columns[9]), counted_from=_moments(columns[10]),
    )  # fmt: skip


def first_reports(
    session: Session, city_id: int, *, first: datetime, until: datetime
) -> tuple[NDArray[np.object_], NDArray[np.object_], NDArray[np.datetime64]]:
    """Return reporting unit, its area and the moment (UTC) of each case that was first known in a
    span: reports as they came, of ordinary diseases, with whatever became of them.
    """
    rows = session.execute(
        select(CaseVersion.reporting_unit, CaseVersion.reporting_area, CaseVersion.known_from)
        .where(
            CaseVersion.city_id == city_id, CaseVersion.reporting_unit.is_not(None),
            CaseVersion.sensitive == Sensitive.ORDINARY.value,
            CaseVersion.known_from >= first, CaseVersion.known_from < until,
            ~select(_EARLIER.case_id)
            .where(
                _EARLIER.case_id == CaseVersion.case_id,
                _EARLIER.known_from < CaseVersion.known_from,
            )
            .exists(),
        )
    ).all()  # fmt: skip
    columns: list[Sequence[Any]] = list(zip(*rows, strict=True)) or [()] * 3
    return _objects(columns[0]), _objects(columns[1]), _moments(columns[2])


def _objects(values: Sequence[Any]) -> NDArray[np.object_]:
    made = np.empty(len(values), dtype=object)
    made[:] = values
    return made


def _days(values: Sequence[date | None]) -> NDArray[np.datetime64]:
    return np.array(values, dtype="datetime64[D]")


def _moments(values: Sequence[datetime | None]) -> NDArray[np.datetime64]:
    # Aware times of a UTC session; numpy keeps no zone.
    plain = [None if value is None else value.replace(tzinfo=None) for value in values]
    return np.array(plain, dtype="datetime64[us]")


def cases_by_area(
    session: Session, counting: Counting, *, first: date, until: date
) -> list[tuple[str | None, str, int]]:
    """Return area, disease and number of cases of ordinary diseases with a day in a period."""
    return _by_area(session, counting, _DAY[counting.date_basis], first=first, until=until)


def deaths_by_area(
    session: Session, counting: Counting, *, first: date, until: date
) -> list[tuple[str | None, str, int]]:
    """Return area, disease and number of such cases who died on a day of a period."""
    return _by_area(session, counting, CaseVersion.died_on, first=first, until=until)


def deaths_are_told(session: Session, city_id: int) -> bool:
    """Return whether any report of a city's ordinary diseases told a day of death or an outcome.

    Where none does, that nobody died is not known.
    """
    return bool(
        session.execute(
            select(
                select(CaseVersion.case_id)
                .join(Case, Case.case_id == CaseVersion.case_id)
                .where(
                    CaseVersion.city_id == city_id, *_PRESENT,
                    CaseVersion.classification.in_(COUNTED),
                    or_(CaseVersion.died_on.is_not(None), CaseVersion.outcome.is_not(None)),
                )
                .exists()
            )
        ).scalar_one()
    )  # fmt: skip


def _by_area(
    session: Session, counting: Counting, day: InstrumentedAttribute[date | None], *, first: date,
    until: date,
) -> list[tuple[str | None, str, int]]:  # fmt: skip
    area = _AREA[counting.place_basis]
    rows = session.execute(
        select(area, CaseVersion.disease, func.count())
        .join(Case, Case.case_id == CaseVersion.case_id)
        .where(
            CaseVersion.city_id == counting.city_id, *_PRESENT,
            CaseVersion.classification.in_(counting.classifications),
            day >= first, day < until,
        )
        .group_by(area, CaseVersion.disease)
    )  # fmt: skip
    return [(row[0], row[1], row[2]) for row in rows]


def area_codes(session: Session, city_id: int, *, level: str) -> AreaCodes:
    """Return the present areas of a level by code, and which of them each code lies in."""
    rows = session.execute(
        select(Area.code, Area.level, Area.path)
        .where(Area.city_id == city_id, *IN_FORCE[Area])
        .order_by(Area.code)
    ).all()
    codes = [row.code for row in rows if row.level == level]
    own = set(codes)
    of_code = {row.code: code for row in rows for code in row.path if code in own}
    return AreaCodes(codes=codes, of_code=of_code | {code: code for code in codes})


def area_residents(session: Session, city_id: int) -> dict[str, float]:
    """Return residents by code of the finest present areas of which they are known."""
    rows = session.execute(
        select(Area.code, Area.path, Population.persons)
        .join(Population, Population.area_id == Area.area_id)
        .where(
            Area.city_id == city_id, *IN_FORCE[Area], Population.base == "resident",
            Population.sex == "all", Population.age_from == 0, Population.age_below.is_(None),
        )
        .order_by(Area.code, Population.counted_on.nulls_first())
    ).all()  # fmt: skip
    above = {code for row in rows for code in row.path[:-1]}
    return {row.code: float(row.persons) for row in rows if row.code not in above}


def area_words(session: Session, city_id: int, codes: Collection[str]) -> dict[str, Words]:
    """Return the names of present areas by code."""
    rows = session.execute(
        select(Area.code, Area.name, Area.name_zh, Area.name_en).where(
            Area.city_id == city_id, Area.code.in_(codes), *IN_FORCE[Area]
        )
    )
    return {row.code: Words(en=row.name_en or row.name, zh=row.name_zh or row.name) for row in rows}


def usual_basis(session: Session, city_id: int) -> DateBasis:
    """Return the day that cases of a city are counted on unless somebody says otherwise.

    That of the report, which is whole when it ends; where a tenth of reports have none, whichever
    of report, onset and diagnosis most have.
    """
    bases = (DateBasis.ENTRY, DateBasis.ONSET, DateBasis.DIAGNOSIS)
    counted = session.execute(
        select(func.count(), *(func.count(_DAY[basis]) for basis in bases)).where(
            CaseVersion.city_id == city_id
        )
    ).one()
    if counted[1] >= ENOUGH * counted[0]:
        return DateBasis.ENTRY
    return max(bases, key=lambda basis: counted[1 + bases.index(basis)])


def reporting_span(session: Session, city_id: int) -> tuple[date, datetime] | None:
    """Return the first day of any report of line lists, and as of when the newest file is; None
    where there is none.
    """
    first = session.execute(select(func.cases_reported_since(city_id))).scalar_one()
    newest = session.execute(
        select(func.max(CaseImport.as_of))
        .join(CaseSource, CaseSource.source_id == CaseImport.source_id)
        .where(CaseSource.city_id == city_id, CaseSource.kind == "line_list")
    ).scalar_one()
    return None if first is None or newest is None else (first, newest)

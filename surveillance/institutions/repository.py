"""SQL of institutions: the cases that name them, and what was said of their names."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import func, insert, select
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.orm import Session

from gis.rows import AnyRow, view_of
from gis.tables.institutions import InstitutionName
from gis.tables.surveillance import Case, CaseVersion
from surveillance.counting.model import COUNTED
from surveillance.institutions.model import Decision, InstitutionCases, names_of

_DAY = func.coalesce(CaseVersion.onset_on, CaseVersion.diagnosed_on, CaseVersion.entered_on)
_ADMITTED = CaseVersion.outcome.op("~*")("住院|admitted|hospitali[sz]ed")
_DECISION = (
    InstitutionName.institution_key, InstitutionName.version, InstitutionName.name,
    InstitutionName.same_as_key, InstitutionName.decided_at, InstitutionName.decided_by,
)  # fmt: skip


def institution_cases(
    session: Session, city_id: int, *, as_of: datetime, first: date
) -> InstitutionCases:
    """Return the versions known by `as_of` that name an institution, with a day from `first` on."""
    names = names_of(decisions(session, city_id))
    rows = session.execute(
        select(
            CaseVersion.disease, CaseVersion.institution_key, CaseVersion.institution,
            CaseVersion.residence_area, _DAY, func.coalesce(_ADMITTED, False),
            CaseVersion.known_from, CaseVersion.known_until, CaseVersion.deleted_at,
        )
        .join(Case, Case.case_id == CaseVersion.case_id)
        .where(
            CaseVersion.city_id == city_id, CaseVersion.institution_key.is_not(None),
            Case.same_as_id.is_(None), CaseVersion.known_from <= as_of,
            CaseVersion.classification.in_(COUNTED), first <= _DAY,
        )
    ).all()  # fmt: skip
    columns: list[Sequence[Any]] = list(zip(*rows, strict=True)) or [()] * 9
    return InstitutionCases(
        disease=_objects(columns[0]), institution=_objects([names.root(key) for key in columns[1]]),
        written=_objects(columns[2]), area=_objects(columns[3]),
        day=np.array(columns[4], dtype="datetime64[D]"), admitted=np.array(columns[5], dtype=bool),
        known_from=_moments(columns[6]), known_until=_moments(columns[7]),
        deleted_at=_moments(columns[8]), names=names,
    )  # fmt: skip


def _objects(values: Sequence[Any]) -> NDArray[np.object_]:
    made = np.empty(len(values), dtype=object)
    made[:] = values
    return made


def _moments(values: Sequence[datetime | None]) -> NDArray[np.datetime64]:
    plain = [None if value is None else value.replace(tzinfo=None) for value in values]
    return np.array(plain, dtype="datetime64[us]")


def decisions(session: Session, city_id: int) -> list[Decision]:
    """Return the newest decision of each institution of a city."""
    rows = session.execute(
        select(*_DECISION)
        .where(InstitutionName.city_id == city_id)
        .ext(distinct_on(InstitutionName.institution_key))
        .order_by(InstitutionName.institution_key, InstitutionName.version.desc())
    ).all()
    return [view_of(Decision, row) for row in rows]


def history(session: Session, city_id: int, institution_key: str) -> Sequence[AnyRow]:
    """Return all decisions of an institution, the newest first."""
    return session.execute(
        select(*_DECISION)
        .where(
            InstitutionName.city_id == city_id,
            InstitutionName.institution_key == institution_key,
        )
        .order_by(InstitutionName.version.desc())
    ).all()


def add_decision(session: Session, city_id: int, decision: Decision) -> None:
    """Store what was said; earlier versions stay."""
    session.execute(
        insert(InstitutionName).values(
            city_id=city_id, institution_key=decision.institution_key, version=decision.version,
            name=decision.name, same_as_key=decision.same_as_key,
            decided_at=decision.decided_at, decided_by=decision.decided_by,
        )
    )  # fmt: skip


def written_names(session: Session, city_id: int, *, since: date) -> Sequence[AnyRow]:
    """Return, of each institution, its names as reports write them and its diseases: how many
    present cases have these, and the newest day of one; of the cases the viewer may read.
    """
    return session.execute(
        select(
            CaseVersion.institution_key, CaseVersion.institution, CaseVersion.disease,
            func.count().label("cases"), func.max(_DAY).label("newest_on"),
        )
        .where(
            CaseVersion.city_id == city_id, CaseVersion.institution_key.is_not(None),
            CaseVersion.known_until.is_(None), CaseVersion.deleted_at.is_(None), since <= _DAY,
        )
        .group_by(CaseVersion.institution_key, CaseVersion.institution, CaseVersion.disease)
    ).all()  # fmt: skip


def is_named(session: Session, city_id: int, institution_key: str) -> bool:
    """Return whether a case that the viewer may read names an institution."""
    return bool(
        session.execute(
            select(
                select(CaseVersion.case_id)
                .where(
                    CaseVersion.city_id == city_id, CaseVersion.institution_key == institution_key
                )
                .exists()
            )
        ).scalar_one()
    )  # fmt: skip

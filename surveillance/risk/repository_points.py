"""SQL of cases as points: which cases, never where they are."""

from collections.abc import Collection, Sequence
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from gis.jurisdiction import within
from gis.rows import AnyRow
from gis.tables.surveillance import Case, CaseVersion
from surveillance.counting.model import COUNTED, DateBasis
from surveillance.diseases.model import Sensitive

_DAY = {
    DateBasis.ONSET: CaseVersion.onset_on,
    DateBasis.DIAGNOSIS: CaseVersion.diagnosed_on,
    DateBasis.ENTRY: CaseVersion.entered_on,
    DateBasis.REVIEW: CaseVersion.reviewed_on,
}


def cases_of(
    session: Session, city_id: int, disease: str, *, basis: DateBasis, first: date, until: date,
    reach: Collection[str], limit: int,
) -> Sequence[AnyRow]:  # fmt: skip
    """Return number, area of residence, day and classification of cases, the newest first.

    Ordinary ones with a known residence, as they are counted, that areas within `reach` own.
    """
    day = _DAY[basis]
    return session.execute(
        select(
            CaseVersion.case_id, CaseVersion.residence_area, day.label("day"),
            CaseVersion.classification,
        )
        .join(Case, Case.case_id == CaseVersion.case_id)
        .where(
            CaseVersion.city_id == city_id, CaseVersion.disease == disease,
            CaseVersion.known_until.is_(None), CaseVersion.deleted_at.is_(None),
            Case.same_as_id.is_(None), CaseVersion.classification.in_(COUNTED),
            CaseVersion.sensitive == Sensitive.ORDINARY, CaseVersion.residence_area.is_not(None),
            CaseVersion.owned_by_area.is_not(None), within(CaseVersion.owned_by_area, reach),
            day >= first, day < until,
        )
        .order_by(day.desc(), CaseVersion.case_id)
        .limit(limit)
    ).all()  # fmt: skip

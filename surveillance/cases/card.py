"""The card of one case: all that its reports said, and who it is, to those who may know.

Every look is written down among the reads of personal values. Who it is, the exact home and what
else leads to a person are for whoever reads cases in the area that owns the case; others who may
see it, where it was reported or caught, get a place somewhere in an area of enough people.
"""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from gis.audit.service import note_access
from gis.database import WritingUnitOfWork
from gis.rows import AnyRow
from gis.words import Words
from surveillance.cases import repository_card as repository
from surveillance.cases.errors import CaseNotFoundError
from surveillance.cases.model import (
    CLASSIFICATION_WORDS,
    PROBLEM_WORDS,
    Classification,
    DateProblem,
)
from surveillance.cases.shown_places import area_of_enough, place_within
from surveillance.diseases.model import Sensitive
from surveillance.diseases.table import disease_table
from surveillance.permissions import CASES_READ


@dataclass(frozen=True, slots=True, kw_only=True)
class CardVersion:
    """What a report said, and from when to when that was what was known; the present one first.

    reporting_unit, institution, occupation: None also for who does not own the case.
    """

    stated_at: datetime
    known_from: datetime
    known_until: datetime | None
    recorded_at: datetime
    file_name: str | None
    imported_by: str | None
    disease: Words
    classification: Words
    course: str | None
    review_state: str
    onset_on: date | None
    diagnosed_on: date | None
    entered_on: date | None
    reviewed_on: date | None
    died_on: date | None
    outcome: str | None
    age_years: float | None
    sex: str | None
    residence_area: str | None
    reporting_area: str | None
    exposure_area: str | None
    reporting_unit: str | None
    institution: str | None
    occupation: str | None
    deleted_at: datetime | None
    problems: tuple[Words, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class CardPerson:
    """Who a case is, as its last report said."""

    name: str | None
    guardian: str | None
    phone: str | None
    address: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class CardPlace:
    """Where a case lives. exact: as reported; else somewhere in `area_code`, drawn without it."""

    lon: float
    lat: float
    exact: bool
    area_code: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseCard:
    """One case. owner: whether the viewer reads cases where it is worked on.

    person None: it was erased, never told, or is not for this viewer. place None: none was reported
    or kept, or no area of enough people holds it.
    """

    case_id: UUID
    source: str
    source_key: str
    same_as_id: UUID | None
    sensitive: str
    owner: bool
    person: CardPerson | None
    place: CardPlace | None
    versions: tuple[CardVersion, ...]


def read_card(uow: WritingUnitOfWork, case_id: UUID, *, reason: str) -> CaseCard:
    """Return the card of a case, and write down who looked and why.

    Needs a unit of work that may write.

    Raises
    ------
    CaseNotFoundError
        There is none that the viewer may see; a sensitive one asks for its own right.
    """
    rows = repository.versions_of(uow.session, case_id)
    if not rows:
        raise CaseNotFoundError(case_id)
    newest = rows[0]
    note_access(
        uow, "case", str(case_id), reason=reason,
        area_code=newest.owned_by_area,
    )  # fmt: skip
    owner = repository.is_owner(uow.session, case_id, uow.identity.jurisdictions(CASES_READ))
    person = repository.person_of(uow.session, case_id) if owner else None
    return CaseCard(
        case_id=case_id, source=newest.source, source_key=newest.source_key,
        same_as_id=newest.same_as_id, sensitive=newest.sensitive, owner=owner,
        person=None if person is None else CardPerson(
            name=person.name, guardian=person.guardian, phone=person.phone, address=person.address
        ),
        place=_place(uow, newest, owner=owner),
        versions=tuple(_version(row, owner=owner) for row in rows),
    )  # fmt: skip


def _place(uow: WritingUnitOfWork, row: AnyRow, *, owner: bool) -> CardPlace | None:
    if owner and row.lon is not None:
        return CardPlace(lon=row.lon, lat=row.lat, exact=True, area_code=row.residence_area)
    # Of sensitive cases no point is kept, and none is made up.
    if row.residence_area is None or row.sensitive != Sensitive.ORDINARY:
        return None
    above = repository.areas_above(uow.session, row.city_id, [row.residence_area])
    code = area_of_enough(above.get(row.residence_area, ()))
    shape = None if code is None else repository.shape_of(uow.session, row.city_id, code)
    if shape is None:
        return None
    lon, lat = place_within(row.case_id, shape)
    return CardPlace(lon=lon, lat=lat, exact=False, area_code=code)


def _version(row: AnyRow, *, owner: bool) -> CardVersion:
    return CardVersion(
        stated_at=row.stated_at, known_from=row.known_from, known_until=row.known_until,
        recorded_at=row.recorded_at, file_name=row.file_name, imported_by=row.imported_by,
        disease=disease_table().get(row.disease).words,
        classification=CLASSIFICATION_WORDS[Classification(row.classification)],
        course=row.course, review_state=row.review_state, onset_on=row.onset_on,
        diagnosed_on=row.diagnosed_on, entered_on=row.entered_on, reviewed_on=row.reviewed_on,
        died_on=row.died_on, outcome=row.outcome, age_years=row.age_years, sex=row.sex,
        residence_area=row.residence_area, reporting_area=row.reporting_area,
        exposure_area=row.exposure_area,
        reporting_unit=row.reporting_unit if owner else None,
        institution=row.institution if owner else None,
        occupation=row.occupation if owner else None, deleted_at=row.deleted_at,
        problems=tuple(PROBLEM_WORDS[DateProblem(one)] for one in row.date_problems),
    )  # fmt: skip

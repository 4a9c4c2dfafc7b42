"""Look through what was imported: doubles, impossible days, completeness, delays; and decide."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Literal
from uuid import UUID

from gis.access import EVERYWHERE
from gis.cities import require_city
from gis.database import UnitOfWork, WritingUnitOfWork
from gis.identity_errors import MissingPermissionError
from gis.rows import AnyRow
from gis.words import Words
from surveillance.cases import repository, repository_review
from surveillance.cases.errors import CaseDecidedError, CaseImportUnknownError
from surveillance.cases.model import (
    PROBLEM_WORDS,
    DateProblem,
    ImportView,
    RejectView,
    SourceView,
)
from surveillance.diseases.table import disease_table
from surveillance.permissions import CASES_IMPORT

MOST = 200
DELAYS_OF_DAYS = 365

FindingDecision = Literal["right", "reported_back"]


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceSeen:
    """A source and its mapping."""

    source_id: int
    name: str
    kind: str
    mapping: Mapping[str, Any]
    created_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class CompletenessView:
    """Of a source, how many cases have each field; `filled` is field → number."""

    source: str
    cases: int
    unreviewed: int
    filled: Mapping[str, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class DelayView:
    """Of a reporting unit, how late it reports; hours from diagnosis to entry."""

    reporting_unit: str | None
    reports: int
    unreviewed: int
    doubles: int
    late_2h: int
    late_24h: int
    median_h: float | None
    p90_h: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class DoubleSide:
    """One of two reports, without what tells who it is."""

    source: str
    source_key: str
    disease: Words
    classification: str
    onset_on: date | None
    diagnosed_on: date | None
    entered_on: date | None
    age_years: float | None
    sex: str | None
    residence_area: str | None
    reporting_unit: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class DoubleView:
    """Two reports that may be one case: the stored one first, the incoming beside it."""

    first_id: UUID
    second_id: UUID
    score: float
    agreeing: tuple[str, ...]
    first: DoubleSide
    second: DoubleSide


@dataclass(frozen=True, slots=True, kw_only=True)
class DateFindingView:
    """Days of a case that cannot be."""

    case_id: UUID
    problem: str
    words: Words
    source: str
    source_key: str
    disease: Words
    onset_on: date | None
    diagnosed_on: date | None
    entered_on: date | None
    died_on: date | None
    reporting_unit: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class DataView:
    """What was imported into a city, and what is to be looked through; lists of at most 200."""

    sources: tuple[SourceSeen, ...]
    imports: tuple[ImportView, ...]
    completeness: tuple[CompletenessView, ...]
    delays: tuple[DelayView, ...]
    doubles: tuple[DoubleView, ...]
    findings: tuple[DateFindingView, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class DoubleDecided:
    """What was said of two reports."""

    decision: Literal["same", "different"]


@dataclass(frozen=True, slots=True, kw_only=True)
class FindingDecided:
    """What was said of impossible days."""

    decision: FindingDecision


@dataclass(frozen=True, slots=True, kw_only=True)
class RejectList:
    """What one import refused."""

    rejects: tuple[RejectView, ...]


def look_through(uow: UnitOfWork, city_id: int) -> DataView:
    """Return what was imported, as far as the viewer may read cases.

    Raises
    ------
    CityUnknownError
    """
    require_city(uow, city_id)
    session = uow.session
    since = uow.clock.now().date() - timedelta(days=DELAYS_OF_DAYS)
    return DataView(
        sources=tuple(map(_source, repository.list_sources(session, city_id))),
        imports=tuple(repository.list_imports(session, city_id, limit=MOST)),
        completeness=tuple(
            CompletenessView(
                source=row.source, cases=row.cases, unreviewed=row.unreviewed,
                filled={name: getattr(row, name)
                        for name in (*repository_review.COMPLETED, "classification")},
            )
            for row in repository_review.completeness(session, city_id)
        ),
        delays=tuple(
            DelayView(**{name: getattr(row, name) for name in DelayView.__slots__})
            for row in repository_review.delays(
                session, city_id, law_terms(), since=since, limit=MOST
            )
        ),
        doubles=tuple(
            DoubleView(
                first_id=row.first_id, second_id=row.second_id, score=row.score,
                agreeing=tuple(row.agreeing), first=_side(row, "a"), second=_side(row, "b"),
            )
            for row in repository_review.open_doubles(session, city_id, limit=MOST)
        ),
        findings=tuple(
            _finding(row) for row in repository_review.open_findings(session, city_id, limit=MOST)
        ),
    )  # fmt: skip


def rejects_of(uow: UnitOfWork, import_id: UUID) -> RejectList:
    """Return what an import refused, with the rows as they stood.

    Raises
    ------
    CaseImportUnknownError, MissingPermissionError
    """
    check_importer(uow)
    if repository.find_import(uow.session, import_id) is None:
        raise CaseImportUnknownError(import_id)
    return RejectList(rejects=tuple(repository.rejects_of(uow.session, import_id)))


def check_importer(uow: UnitOfWork) -> None:
    """Check that the viewer may import for everywhere: files know no districts.

    Raises
    ------
    MissingPermissionError
    """
    if not uow.identity.allows(CASES_IMPORT, EVERYWHERE):
        raise MissingPermissionError(CASES_IMPORT)


def decide_double(
    uow: WritingUnitOfWork, first_id: UUID, second_id: UUID, *, same: bool
) -> DoubleDecided:
    """Say whether two reports are one case.

    Raises
    ------
    CaseDecidedError
    """
    done = repository_review.decide_double(
        uow.session, first_id, second_id, same=same, at=uow.clock.now(), by=uow.identity.label
    )
    if not done:
        raise CaseDecidedError
    return DoubleDecided(decision="same" if same else "different")


def decide_finding(
    uow: WritingUnitOfWork, case_id: UUID, problem: DateProblem, *, decision: FindingDecision
) -> FindingDecided:
    """Say that impossible days are right after all, or were reported back to who sent them.

    Raises
    ------
    CaseDecidedError
    """
    done = repository_review.decide_finding(
        uow.session, case_id, problem.value, decision=decision, at=uow.clock.now(),
        by=uow.identity.label,
    )  # fmt: skip
    if not done:
        raise CaseDecidedError
    return FindingDecided(decision=decision)


def law_terms() -> Mapping[str, Sequence[Any]]:
    """Return the terms of the law as columns: `code`, `since`, `until`, `hours`."""
    rows = [
        (disease.code, term.since, until, term.hours)
        for disease in disease_table()
        for term, until in zip(
            disease.terms, [*(one.since for one in disease.terms[1:]), disease.until], strict=False
        )
    ]
    code, since, until, hours = (list(column) for column in zip(*rows, strict=True))
    return {"code": code, "since": since, "until": until, "hours": hours}


def _source(source: SourceView) -> SourceSeen:
    return SourceSeen(
        source_id=source.source_id, name=source.name, kind=source.kind, mapping=source.mapping,
        created_at=source.created_at,
    )  # fmt: skip


def _side(row: AnyRow, side: str) -> DoubleSide:
    told = {
        name: getattr(row, f"{side}_{name}") for name in DoubleSide.__slots__ if name != "disease"
    }
    return DoubleSide(disease=disease_table().get(getattr(row, f"{side}_disease")).words, **told)


def _finding(row: AnyRow) -> DateFindingView:
    return DateFindingView(
        words=PROBLEM_WORDS[DateProblem(row.problem)],
        disease=disease_table().get(row.disease).words,
        **{
            name: getattr(row, name)
            for name in DateFindingView.__slots__
            if name not in {"words", "disease"}
        },
    )

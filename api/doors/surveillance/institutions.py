"""Schools and worksites that cases name: looked through, renamed, merged."""

from typing import Annotated

from fastapi import Depends, Query
from pydantic import Field

from api.http.answers import Answer
from api.http.idempotency import OnceOptional
from api.http.permissions import reads, writes
from api.http.places import Work
from api.http.router import DoorRouter
from api.http.schemas import MAX_ID, CityQuery, Name, Shape
from api.http.versions import VersionIfGiven
from gis.database import ReadingUnitOfWork, WritingUnitOfWork
from surveillance.institutions import service
from surveillance.institutions.model import DecisionList, InstitutionList
from surveillance.permissions import CASES_READ

router = DoorRouter(Work.ORDINARY, prefix="/v1/surveillance/institutions")

InstitutionReader = Annotated[ReadingUnitOfWork, Depends(reads(CASES_READ), scope="function")]
InstitutionWorker = Annotated[WritingUnitOfWork, Depends(writes(CASES_READ), scope="function")]
Key = Annotated[str, Field(min_length=1, max_length=300)]


class InstitutionDecisionIn(Shape):
    """What an institution is called, and which other one it is; null each: as reports write it."""

    city_id: Annotated[int, Field(ge=1, le=MAX_ID)]
    institution_key: Key
    name: Name | None = None
    same_as_key: Key | None = None


@router.get("", summary="Schools and worksites that cases name")
def get_institutions(uow: InstitutionReader, city_id: CityQuery) -> Answer[InstitutionList]:
    """Return those of a year with the most cases, with the names in reports and what was said."""
    return Answer(service.institutions(uow, city_id))


@router.get("/decisions", summary="What was said of an institution")
def get_decisions(
    uow: InstitutionReader,
    city_id: CityQuery,
    institution_key: Annotated[str, Query(min_length=1, max_length=300)],
) -> Answer[DecisionList]:
    """Return all versions of its name and merges, the newest first, with who and when."""
    return Answer(service.history(uow, city_id, institution_key))


@router.post("/decisions", summary="Rename an institution, or merge it with another")
def post_decision(
    uow: InstitutionWorker,
    once: OnceOptional,
    *,
    version: VersionIfGiven,
    body: InstitutionDecisionIn,
) -> Answer[DecisionList]:
    """Add a version of what is said of it; the next run counts by it. Earlier ones stay."""
    return once.change(
        uow, body,
        do=lambda: service.decide(
            uow, body.city_id, body.institution_key, name=body.name,
            same_as_key=body.same_as_key, expected_version=version,
        ),
    )  # fmt: skip

"""Planning studies: made, followed while they are worked out, stopped, shared, compared."""

from typing import Annotated, Any

from fastapi import Depends, Query
from pydantic import Field

from api.context import Context
from api.http.answers import Answer, GeoAnswer
from api.http.idempotency import OnceOptional, OnceRequired
from api.http.permissions import reads, writes
from api.http.places import Work
from api.http.router import DoorRouter
from api.http.schemas import MAX_ID, CityQuery, Code, Name, PathId, Shape
from api.http.work import works
from gis.database import ReadingUnitOfWork, WritingUnitOfWork
from planning.permissions import ACCESS_READ, STUDY_WRITE
from planning.studies import service, showing
from planning.studies.views import (
    AddressView,
    CellCollection,
    ComparisonView,
    KindsView,
    StudiesView,
    StudyView,
)

router = DoorRouter(Work.ORDINARY, prefix="/v1/planning/studies")

StudyReader = Annotated[ReadingUnitOfWork, Depends(reads(ACCESS_READ), scope="function")]
StudyMaker = Annotated[WritingUnitOfWork, Depends(writes(STUDY_WRITE), scope="function")]
StudyQuery = Annotated[int, Query(ge=1, le=MAX_ID, description="A study, by its number.")]


class StudyIn(Shape):
    """What a study is to be of; its parameters as the kind's schema says."""

    city_id: Annotated[int, Field(ge=1, le=MAX_ID)]
    name: Name
    kind: Code
    parameters: Annotated[dict[str, Any], Field(default_factory=dict)]
    shared: bool = False


class ShareIn(Shape):
    """Whether others may see it."""

    shared: bool


@router.get("/kinds", summary="Kinds of studies, and what each is asked")
def get_kinds(_: StudyReader) -> Answer[KindsView]:
    """Return each kind with the JSON Schema of its parameters, whose words make a form."""
    return Answer(service.kinds())


@router.post("", summary="Have a study worked out", status_code=202)
def post_study(uow: StudyMaker, body: StudyIn, once: OnceRequired) -> Answer[StudyView]:
    """Keep what is asked and ask for the job that works it out.

    People are counted in the areas that the right to read is held for.
    """
    return once.answer(
        uow, body,
        create=lambda: service.make_study(
            uow, city_id=body.city_id, name=body.name, kind=body.kind, parameters=body.parameters,
            shared=body.shared,
        ),
        status_code=202,
    )  # fmt: skip


@router.get("", summary="Studies of a city")
def get_studies(
    uow: StudyReader, city_id: CityQuery, limit: Annotated[int, Query(ge=1, le=200)] = 50
) -> Answer[StudiesView]:
    """Return the viewer's own and those that are shared in its areas, newest first."""
    return Answer(service.list_studies(uow, city_id, limit=limit))


@router.get("/compare", summary="Two studies beside one another")
def get_comparison(
    uow: StudyReader, first: StudyQuery, second: StudyQuery
) -> Answer[ComparisonView]:
    """Return sites of both and of each, what they were asked, and people by district.

    Studies that count other people, or have other limits, are refused.
    """
    return Answer(service.compare_studies(uow, first, second))


@router.get("/compare/cells", summary="Cells by two studies, as GeoJSON")
@works(Work.HEAVY)
def get_compared_cells(
    uow: StudyReader, first: StudyQuery, second: StudyQuery
) -> GeoAnswer[CellCollection]:
    """Return each cell by the first plan (`before_s`) and by the second (`after_s`)."""
    return GeoAnswer(showing.compared_view(uow, first, second))


@router.get("/{study_id}", summary="A study: its progress, its answer, what changed since")
def get_study(uow: StudyReader, context: Context, study_id: PathId) -> Answer[StudyView]:
    """Return it; while it is worked out, its best plan so far and the bound."""
    with context.routing.at(uow, service.city_of(uow, study_id)) as roads:
        return Answer(service.read_study(uow, study_id, roads))


@router.get("/{study_id}/cells", summary="Cells of a study, as GeoJSON")
@works(Work.HEAVY)
def get_cells(uow: StudyReader, study_id: PathId) -> GeoAnswer[CellCollection]:
    """Return each cell with its time and cover before and after: who gains and who loses."""
    return GeoAnswer(showing.cells_view(uow, study_id))


@router.get("/{study_id}/at", summary="What a study does at one place")
def get_address(
    uow: StudyReader,
    study_id: PathId,
    lon: Annotated[float, Query(ge=-180, le=180, description="Degrees, WGS-84.")],
    lat: Annotated[float, Query(ge=-90, le=90, description="Degrees, WGS-84.")],
) -> Answer[AddressView]:
    """Return the cell there before and after, and the nearest site after."""
    return Answer(showing.address_view(uow, study_id, lon=lon, lat=lat))


@router.post("/{study_id}/stop", summary="End a study with the best plan it has")
def post_stop(uow: StudyMaker, study_id: PathId, once: OnceOptional) -> Answer[StudyView]:
    """Ask it to end; within seconds its answer is the best plan so far, with its bound."""
    return once.change(uow, None, do=lambda: service.stop_study(uow, study_id))


@router.post("/{study_id}/share", summary="Show a study to others, or no more")
def post_share(
    uow: StudyMaker, study_id: PathId, body: ShareIn, once: OnceOptional
) -> Answer[StudyView]:
    """Show it to whoever may read in all areas that it counts people of, or to its maker alone."""
    return once.change(uow, body, do=lambda: service.share_study(uow, study_id, shared=body.shared))


@router.delete("/{study_id}", summary="Remove a study")
def delete_study(uow: StudyMaker, study_id: PathId, once: OnceOptional) -> Answer[StudiesView]:
    """Remove it with its answer; return the studies of the city that are left."""
    return once.change(uow, None, do=lambda: service.remove_study(uow, study_id))

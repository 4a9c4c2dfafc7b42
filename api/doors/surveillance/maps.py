"""Disease maps: counts, rates and smoothed risks by area and period."""

from typing import Annotated

from fastapi import Depends, Query
from pydantic import AwareDatetime

from api.http.answers import Answer, GeoAnswer
from api.http.permissions import reads
from api.http.places import Work
from api.http.router import DoorRouter
from api.http.schemas import CityQuery, Code
from gis.database import ReadingUnitOfWork
from surveillance.permissions import CASES_READ, SURVEILLANCE_READ
from surveillance.risk.features import RiskCollection, collection
from surveillance.risk.model import Step
from surveillance.risk.points import CasePoints, case_points
from surveillance.risk.service import disease_map_table, disease_map_view
from surveillance.risk.views import DiseaseMapView

router = DoorRouter(Work.HEAVY, prefix="/v1/surveillance/maps")

MapReader = Annotated[
    ReadingUnitOfWork, Depends(reads(CASES_READ, SURVEILLANCE_READ), scope="function")
]
CasesReader = Annotated[ReadingUnitOfWork, Depends(reads(CASES_READ), scope="function")]
DiseaseQuery = Annotated[
    Code | None, Query(description="Left out: the one with the most cases of late.")
]
StepQuery = Annotated[Step, Query(description="ISO weeks, or months.")]
TimeQuery = Annotated[
    AwareDatetime | None,
    Query(description="The period that holds this moment; left out: the newest whole one."),
]
PublishedQuery = Annotated[
    bool, Query(description="Published cells, also for those who may read cases.")
]

_KEPT_NOWHERE = {"Cache-Control": "private, no-store"}


@router.get("", summary="A disease by area in one period, and the periods there are")
def get_map(  # noqa: PLR0917 (parts of a query, asked for by name)
    uow: MapReader,
    city_id: CityQuery,
    disease: DiseaseQuery = None,
    step: StepQuery = Step.WEEK,
    time: TimeQuery = None,
    published: PublishedQuery = False,
) -> Answer[DiseaseMapView]:
    """Return cases, rates per 100,000, smoothed rates and risks, and P(relative risk > 1).

    Who may not read cases gets all of it from published cells: hidden counts enter no number.
    """
    view = disease_map_view(
        uow, city_id, disease=disease, step=step, at=time, published=published
    )  # fmt: skip
    return Answer(view, headers=_KEPT_NOWHERE)


@router.get("/features", summary="The same areas with their outlines, as GeoJSON")
def get_features(  # noqa: PLR0917 (as above)
    uow: MapReader,
    city_id: CityQuery,
    disease: DiseaseQuery = None,
    step: StepQuery = Step.WEEK,
    time: TimeQuery = None,
    published: PublishedQuery = False,
) -> GeoAnswer[RiskCollection]:
    """Return what the layers of disease maps show."""
    table = disease_map_table(
        uow, city_id, disease=disease, step=step, at=time, published=published
    )  # fmt: skip
    return GeoAnswer(collection(table), headers=_KEPT_NOWHERE)


@router.get("/points", summary="Cases of one period as points, each somewhere in its area")
def get_points(
    uow: CasesReader,
    city_id: CityQuery,
    disease: DiseaseQuery = None,
    step: StepQuery = Step.WEEK,
    time: TimeQuery = None,
) -> GeoAnswer[CasePoints]:
    """Return cases that are worked on where the viewer reads cases; no point is a home.

    A place is drawn in the finest area of 500 residents or more, the same at every look. Sensitive
    diseases have none.
    """
    points = case_points(uow, city_id, disease=disease, step=step, at=time)
    return GeoAnswer(points, headers=_KEPT_NOWHERE)

"""Diseases of a city, looked at one by one."""

from typing import Annotated

from fastapi import Depends, Query

from api.http.answers import Answer
from api.http.permissions import reads
from api.http.places import Work
from api.http.router import DoorRouter
from api.http.schemas import CityQuery, Code
from gis.database import ReadingUnitOfWork
from gis.words import Language
from maps.charts.epidemic import EpidemicCharts, epidemic_charts
from surveillance.permissions import CASES_READ
from surveillance.signals.curves import SeenDiseases, disease_view, diseases_seen

router = DoorRouter(Work.HEAVY, prefix="/v1/surveillance/diseases")

CurvesReader = Annotated[ReadingUnitOfWork, Depends(reads(CASES_READ), scope="function")]


@router.get("/seen", summary="Diseases of which a city has cases")
def get_seen(uow: CurvesReader, city_id: CityQuery) -> Answer[SeenDiseases]:
    """Return them with their cases of four weeks and of a year, most first."""
    return Answer(diseases_seen(uow, city_id))


@router.get("/{disease}/curves", summary="A disease's curves, as figures and as charts")
def get_curves(
    uow: CurvesReader,
    disease: Code,
    city_id: CityQuery,
    language: Annotated[Language, Query()] = "zh",
    area_code: Annotated[Code | None, Query(description="Left out: the whole city.")] = None,
) -> Answer[EpidemicCharts]:
    """Return what the newest run saw of a disease, in the city or in one area."""
    return Answer(
        epidemic_charts(disease_view(uow, city_id, disease, area_code=area_code), language=language)
    )

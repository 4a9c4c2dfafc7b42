"""Clusters of cases: what the newest scan of a city found, and a cluster's zone for a map."""

from typing import Annotated
from uuid import UUID

from fastapi import Depends

from api.context import Context
from api.http.answers import Answer, GeoAnswer
from api.http.permissions import reads
from api.http.places import Work
from api.http.router import DoorRouter
from api.http.schemas import CityQuery
from api.http.work import works
from gis.database import ReadingUnitOfWork
from surveillance.cluster_runs.showing import city_of, clusters_view, zone_view
from surveillance.cluster_runs.views import ClustersView, ZoneView
from surveillance.permissions import CASES_READ, SURVEILLANCE_READ

router = DoorRouter(Work.ORDINARY, prefix="/v1/surveillance/clusters")

ClustersReader = Annotated[
    ReadingUnitOfWork, Depends(reads(CASES_READ, SURVEILLANCE_READ), scope="function")
]
ZonesReader = Annotated[ReadingUnitOfWork, Depends(reads(CASES_READ), scope="function")]


@router.get("", summary="Clusters that the newest scan of a city found")
def get_clusters(uow: ClustersReader, city_id: CityQuery) -> Answer[ClustersView]:
    """Return them, the most seldom first, with members and what changed since the day before.

    Who may not read cases in every area of a cluster sees neither numbers nor its disease: a group
    and districts.
    """
    return Answer(clusters_view(uow, city_id))


@router.get("/{cluster_id}/zone", summary="A cluster's zone, as GeoJSON")
@works(Work.HEAVY)
def get_zone(uow: ZonesReader, context: Context, cluster_id: UUID) -> GeoAnswer[ZoneView]:
    """Return its areas with cases, and its circle, or the roads reached from the centre in time."""
    with context.routing.at(uow, city_of(uow, cluster_id)) as roads:
        return GeoAnswer(zone_view(uow, cluster_id, roads))

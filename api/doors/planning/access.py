"""Minutes by road between where people live and the nearest station or hospital, now."""

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Annotated

from fastapi import Depends, Path, Query
from starlette.requests import Request

from api.context import AppContext, Context
from api.http.answers import Answer, GeoAnswer
from api.http.permissions import reads
from api.http.places import Work
from api.http.router import DoorRouter
from api.http.schemas import CityQuery, Code
from gis.cities import require_city
from gis.database import ReadingUnitOfWork, UnitOfWork
from gis.jurisdiction import reach_of
from gis.risks import risk_of, risk_said_at
from planning.access.features import MinutesCollection, collection
from planning.access.model import SEARCHES, Question, RoadsShown, Target, TimeOfDay
from planning.access.service import access, question, seen_of
from planning.access.views import CellsView, MinutesView, cells_view, minutes_view
from planning.permissions import ACCESS_READ
from routing.live.pinned import PinnedRoads

router = DoorRouter(Work.HEAVY, prefix="/v1/planning/minutes")

AccessReader = Annotated[ReadingUnitOfWork, Depends(reads(ACCESS_READ), scope="function")]
TargetCode = Annotated[Target, Path(description="What the nearest one is looked for of.")]
LimitMin = Annotated[
    float, Query(ge=1, le=240, description="Minutes from which people are counted as too far.")
]

WeighBy = Annotated[
    Code | None,
    Query(description="Layer of risks by which people are weighed too, such as vulnerability."),
]

_CACHE = {"Cache-Control": "private, no-cache"}
"""The browser asks each time whether what it has still holds."""


@router.get("/{target}", summary="Minutes by road to the nearest station or hospital, summed up")
def minutes(  # noqa: PLR0917 (parts of a query, asked for by name)
    request: Request,
    uow: AccessReader,
    context: Context,
    target: TargetCode,
    city_id: CityQuery,
    limit_min: LimitMin = 12.0,
    time_of_day: TimeOfDay = TimeOfDay.ALL,
    weigh_by: WeighBy = None,
) -> Answer[MinutesView]:
    """Return people by class of minutes and by district, now and with all roads open.

    Closures committed before the request count; counted is who lives in the areas that the right
    is held for. People whose way is closed are over every limit;
    whose time is not known are in a class of their own. An answer that the asker has (`ETag`) is
    not sent again. `weighed` is the same people by a layer of risks of areas.
    """
    with _asked(context, uow, city_id, target, time_of_day) as (asked, roads):
        said = None if weigh_by is None else (
            risk_said_at(uow, city_id, weigh_by), uow.identity.label
        )  # fmt: skip
        version = _version(uow, asked, roads, limit_min, weigh_by, said)
        if _has(request, version):
            return Answer.unchanged(version, _CACHE)
        found = seen_of(uow, access(uow, roads, asked))
        risk = None if weigh_by is None else risk_of(uow, city_id, weigh_by, found.cells.lonlat)
        view = minutes_view(found, as_of=_as_of(uow, roads), limit_min=limit_min, risk=risk)
    return Answer(view, version=version, headers=_CACHE)


@router.get("/{target}/cells", summary="Minutes by road of every population cell, as columns")
def cells(  # noqa: PLR0917 (as above)
    request: Request,
    uow: AccessReader,
    context: Context,
    target: TargetCode,
    city_id: CityQuery,
    time_of_day: TimeOfDay = TimeOfDay.ALL,
) -> Answer[CellsView]:
    """Return the seconds of every cell without geometry: that is in the layer `population_cells`.

    `standing` is `reached`, or says why there is no time: `unreachable`, `no_road`, `no_target`,
    `no_roads`.
    """
    with _asked(context, uow, city_id, target, time_of_day) as (asked, roads):
        version = _version(uow, asked, roads)
        if _has(request, version):
            return Answer.unchanged(version, _CACHE)
        view = cells_view(seen_of(uow, access(uow, roads, asked)), as_of=_as_of(uow, roads))
    return Answer(view, version=version, headers=_CACHE)


@router.get("/{target}/features", summary="Minutes by road of every population cell, as GeoJSON")
def features(  # noqa: PLR0917 (as above)
    request: Request,
    uow: AccessReader,
    context: Context,
    target: TargetCode,
    city_id: CityQuery,
    time: RoadsShown = RoadsShown.NOW,
) -> GeoAnswer[MinutesCollection]:
    """Return every cell with its shape: what the layer `minutes_…` shows.

    `time` is `now`, or `open` for the roads with nothing closed.
    """
    with _asked(context, uow, city_id, target, TimeOfDay.ALL) as (asked, roads):
        version = _version(uow, asked, roads, time)
        if _has(request, version):
            return GeoAnswer.unchanged(version, _CACHE)
        found = collection(seen_of(uow, access(uow, roads, asked)), time)
    return GeoAnswer(found, version=version, headers=_CACHE)


@contextmanager
def _asked(
    context: AppContext, uow: UnitOfWork, city_id: int, target: Target, time_of_day: TimeOfDay
) -> Iterator[tuple[Question, PinnedRoads]]:
    require_city(uow, city_id)
    with context.routing.at(uow, city_id) as roads:
        yield question(uow, city_id, target, time_of_day), roads


def _version(uow: UnitOfWork, asked: Question, roads: PinnedRoads, *rest: object) -> str:
    """Return a name of all that an answer depends on, also the areas of the viewer's right."""
    versions = roads.versions(SEARCHES[asked.target].profile)
    # Which engine answers makes no difference to the times.
    roads_name = None if versions is None else (versions.topology_id, versions.conditions_id)
    reach = reach_of(uow.identity, ACCESS_READ)
    told = repr((asked, roads_name, reach, rest)).encode()
    return hashlib.blake2b(told, digest_size=12).hexdigest()


def _has(request: Request, version: str) -> bool:
    return f'"{version}"' in request.headers.get("if-none-match", "")


def _as_of(uow: UnitOfWork, roads: PinnedRoads) -> datetime:
    """Return the moment whose conditions an answer is from."""
    return uow.clock.now() if roads.city is None else roads.city.at

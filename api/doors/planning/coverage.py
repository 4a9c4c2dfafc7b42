"""Who is covered by the units on duty, by the roads as they are or as they might be."""

from typing import Annotated, Any, Literal

from fastapi import Depends, Query
from pydantic import Field

from api.context import AppContext, Context
from api.http.answers import Answer
from api.http.permissions import reads
from api.http.places import Work
from api.http.router import DoorRouter
from api.http.schemas import (
    CityQuery,
    Code,
    DrawingIn,
    Instant,
    LineStringIn,
    MultiPolygonIn,
    Name,
    PointIn,
    PolygonIn,
    RowId,
    Shape,
    parse_datum,
)
from gis.cities import require_city
from gis.database import ReadingUnitOfWork
from gis.standards import Setting
from planning.access.model import TimeOfDay
from planning.coverage.service import Asked, coverage
from planning.coverage.supposed import NewRoad, NewSite, Suppositions, line_of
from planning.coverage.views import CoverageView
from planning.permissions import ACCESS_READ
from routing.conditions.check import geometry_of
from routing.conditions.model import ConditionKind, Drawing, Drawn
from routing.conditions.supposed import Supposed

router = DoorRouter(Work.HEAVY, prefix="/v1/planning")

AccessReader = Annotated[ReadingUnitOfWork, Depends(reads(ACCESS_READ), scope="function")]
Closed = Annotated[
    list[int], Query(max_length=200, description="Stations as if closed, by their ids.")
]
Busy = Annotated[
    float | None, Query(ge=0, lt=1, description="Share of time each unit is busy, if asked for.")
]
GroupBy = Annotated[
    Code | None,
    Query(description="Layer of risks, such as vulnerability: people by its fifths too."),
]
Calls = Annotated[
    float | None,
    Query(gt=0, le=10_000, description="Calls an hour of the city, for the fleet at work."),
]
TaskMin = Annotated[
    float, Query(gt=0, le=600, description="Minutes a call keeps its unit, in the mean.")
]


class SiteIn(Shape):
    """A station that is not there: its units are on duty all day."""

    name: Name
    point: PointIn
    units: Annotated[int, Field(ge=0, le=20)] = 1
    level: Literal["BLS", "ALS", "critical_care", "first_responder"] = "BLS"


class FloodIn(Shape):
    """Water on the roads of a surface."""

    geometry: Annotated[PolygonIn | MultiPolygonIn, Field(discriminator="type")]
    datum: Code | None = Field(None, description="wgs84, gcj02, bd09 or cgcs2000")
    depth_m: Annotated[float, Field(gt=0, le=20)] = 0.5


class ClosureIn(Shape):
    """Roads closed along a line or within a surface."""

    geometry: DrawingIn
    datum: Code | None = Field(None, description="wgs84, gcj02, bd09 or cgcs2000")


class NewRoadIn(Shape):
    """A road that is not there: it meets others at its ends, and where a corner lies on one."""

    geometry: LineStringIn
    datum: Code | None = Field(None, description="wgs84, gcj02, bd09 or cgcs2000")
    speed_kmh: Annotated[float, Field(ge=5, le=130)] = 50.0
    one_way: bool = False


class WhatIfIn(Shape):
    """What of a city's coverage is asked, and what is as if it were so, all at once."""

    city_id: RowId
    time_of_day: TimeOfDay = TimeOfDay.ALL
    setting: Setting | None = None
    busy: Annotated[float | None, Field(ge=0, lt=1)] = None
    group_by: Code | None = None
    calls_an_hour: Annotated[float | None, Field(gt=0, le=10_000)] = None
    task_min: Annotated[float, Field(gt=0, le=600)] = 60.0
    closed: Annotated[tuple[RowId, ...], Field(max_length=200)] = ()
    sites: Annotated[tuple[SiteIn, ...], Field(max_length=100)] = ()
    floods: Annotated[tuple[FloodIn, ...], Field(max_length=50)] = ()
    closures: Annotated[tuple[ClosureIn, ...], Field(max_length=50)] = ()
    roads: Annotated[tuple[NewRoadIn, ...], Field(max_length=20)] = ()
    drawn_at: Instant | None = Field(
        None, description="Closures and roadworks on record as they hold then: tonight, say."
    )

    def suppositions(self) -> Suppositions:
        """Return what is supposed, in WGS-84."""
        conditions = [
            Supposed(ConditionKind.FLOOD, _drawn(one.geometry, one.datum), depth_m=one.depth_m)
            for one in self.floods
        ]
        conditions += [
            Supposed(ConditionKind.CLOSURE, _drawn(one.geometry, one.datum))
            for one in self.closures
        ]
        return Suppositions(
            tuple(sorted(set(self.closed))), tuple(map(_site, self.sites)), tuple(conditions),
            tuple(
                NewRoad(line_of(_drawn(one.geometry, one.datum).geometry), one.speed_kmh,
                        one.one_way)
                for one in self.roads
            ), self.drawn_at,
        )  # fmt: skip


@router.get("/coverage", summary="Who is covered by the units on duty, and by which standards")
def coverage_now(  # noqa: PLR0917 (parts of a query, asked for by name)
    uow: AccessReader,
    context: Context,
    city_id: CityQuery,
    closed: Closed = [],  # noqa: B006 (read, never changed)
    busy: Busy = None,
    setting: Setting | None = None,
    time_of_day: TimeOfDay = TimeOfDay.ALL,
    group_by: GroupBy = None,
    calls_an_hour: Calls = None,
    task_min: TaskMin = 60.0,
) -> Answer[CoverageView]:
    """Return people covered once and twice by class, hour, district, age and fifth of a risk.

    `closed`: what it would be without these stations and their units, and who loses by it.
    `calls_an_hour`: also with the fleet at work (`worked`). What nobody recorded is null, never
    zero. Counted is who lives in the areas that the right is held for.
    """
    return _answered(context, uow, Asked(
        city_id=city_id, at=uow.clock.now(), time_of_day=time_of_day,
        supposed=Suppositions(closed=tuple(sorted(set(closed)))), busy=busy, setting=setting,
        group_by=group_by, calls_an_hour=calls_an_hour, task_s=task_min * 60.0,
    ))  # fmt: skip


@router.post("/coverage", summary="Who would be covered: stations, floods, closures, new roads")
def coverage_if(uow: AccessReader, context: Context, body: WhatIfIn) -> Answer[CoverageView]:
    """Return coverage as if all of the body were so, and in `change` what that does to people.

    Stations closed and new, water on roads, roads closed and new, and what is on record for another
    moment. Nothing is stored. The answer is that of the GET.
    """
    return _answered(context, uow, Asked(
        city_id=body.city_id, at=uow.clock.now(), time_of_day=body.time_of_day,
        supposed=body.suppositions(), busy=body.busy, setting=body.setting,
        group_by=body.group_by, calls_an_hour=body.calls_an_hour, task_s=body.task_min * 60.0,
    ))  # fmt: skip


def _answered(
    context: AppContext, uow: ReadingUnitOfWork, asked: Asked
) -> Answer[CoverageView]:  # fmt: skip
    require_city(uow, asked.city_id)
    with context.routing.at(uow, asked.city_id) as roads:
        return Answer(coverage(uow, roads, asked))


def _drawn(geometry: Any, datum: str | None) -> Drawing:
    drawn = Drawn.LINE if geometry.type.endswith("LineString") else Drawn.POLYGON
    return Drawing(
        drawn, geometry_of(geometry.model_dump(), drawn=drawn, datum=parse_datum(datum))
    )  # fmt: skip


def _site(given: SiteIn) -> NewSite:
    at = given.point.declared_strictly().to_wgs84()
    return NewSite(given.name, at.lon, at.lat, given.units, given.level)

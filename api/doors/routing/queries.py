"""Travel times: route, nearest, matrix, reach, snapped points, and what the answers are from.

Each answer names its `topology_id`, `conditions_id` and `metric_id` (null where no hierarchy took
part). Conditions committed before the request count in its answer.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import datetime
from itertools import zip_longest
from typing import Annotated, Any, Literal

import numpy as np
from fastapi import Query
from pydantic import Field

from api.context import AppContext, Context
from api.http.answers import Answer, GeoAnswer, Lines, json_text
from api.http.permissions import ArrivalsViewer, RouteAsker
from api.http.places import Work
from api.http.router import DoorRouter
from api.http.schemas import CityQuery, Code, Instant, PointIn, RowId, Shape, parse_datum
from api.http.work import works
from dispatch.arrivals.report import arrival_report, read_drives
from dispatch.arrivals.views import ArrivalsView, arrivals_view
from gis.cities import require_city
from gis.database import UnitOfWork
from gis.datum import to_wgs84
from gis.geojson import LineString, MultiPolygon, Position, line_string
from gis.geometry import DeclaredPoint
from gis.words import Words
from routing.live.answers import Basis, Matrix, RoadVersions, TravelTimes
from routing.live.pinned import DISPATCH_SNAP_LIMIT_M, PinnedRoads
from routing.live.straight_line import STRAIGHT_LINE_DETOUR
from routing.roads.model import FloatArray, Manoeuvre, Profile, RouteResult

router = DoorRouter(Work.ORDINARY, prefix="/v1/routing")

MAX_POINTS = 10_000
"""Of one list; ten thousand pairs of numbers are well below the largest body."""

_TIME_DECIMALS = 3

Degrees = tuple[
    Annotated[float, Field(ge=-180, le=180)], Annotated[float, Field(ge=-90, le=90)]
]  # fmt: skip
Limits = Annotated[
    list[Annotated[float, Field(ge=30, le=7200)]], Field(min_length=1, max_length=12)
]  # fmt: skip
AtLeast = Annotated[
    str | None,
    Field(None, max_length=200, description="A conditions_id the answer must not be older than."),
]
DepartAt = Annotated[
    Instant | None,
    Field(
        None,
        description="When the trip leaves, with its zone, from now to seven days ahead; left out: "
        "now. The answer then counts what changes on the way: learned speeds by the hour, closures "
        "that begin or end, live speeds that expire. "
        "出发时间（须带时区，从现在起七天之内），不填即为现在。"
        "给出后，路线会计入途中的变化：各时段的常态速度、开始或结束的封路、到期的实时速度。",
    ),
]
Since = Annotated[Instant | None, Query(alias="from", description="With its zone.")]
Until = Annotated[Instant | None, Query(alias="to", description="With its zone.")]


class PointsIn(Shape):
    """Many points: longitude first, in degrees of one datum."""

    lonlat: Annotated[list[Degrees], Field(min_length=1, max_length=MAX_POINTS)]
    datum: Code | None = Field(None, description="wgs84, gcj02, bd09 or cgcs2000")

    def wgs84(self) -> FloatArray:
        """Return them as (n, 2) WGS-84.

        Raises
        ------
        DatumRequiredError
            No datum was given.
        """
        lon, lat = np.array(self.lonlat, np.float64).T
        return np.column_stack(to_wgs84(lon, lat, parse_datum(self.datum)))


class _Question(Shape):
    city_id: RowId
    profile: Profile = Profile.AMBULANCE
    min_conditions_id: AtLeast = None


class RouteIn(_Question):
    """Two places and a means of travel."""

    origin: PointIn = Field(alias="from")
    destination: PointIn = Field(alias="to")
    depart_at: DepartAt = None


class NearestIn(_Question):
    """One place, many candidates, and how many of them to name."""

    place: PointIn
    candidates: PointsIn
    k: Annotated[int, Field(ge=1, le=100)] = 5
    direction: Literal["to", "from"] = Field(
        "to", description="to: from the candidates to the place; from: the other way"
    )
    routes: bool = False
    depart_at: DepartAt = None


class MatrixIn(_Question):
    """Places to start from and places to reach."""

    origins: PointsIn
    destinations: PointsIn


class IsochroneIn(_Question):
    """A place and how many seconds from it, or to it."""

    place: PointIn
    limits_s: Limits
    direction: Literal["from", "to"] = "from"


class SnapIn(_Question):
    """Points, and for moving ones the direction they move in."""

    points: PointsIn
    heading_deg: (
        Annotated[list[Annotated[float, Field(ge=0, le=360)] | None], Field(max_length=MAX_POINTS)]
        | None
    ) = None
    limit_m: Annotated[float, Field(gt=0, le=DISPATCH_SNAP_LIMIT_M)] = 200.0
    geometry: bool = Field(False, description="Also the line of each road.")


@dataclass(frozen=True, slots=True, kw_only=True)
class FromVersions:
    """What an answer was computed from; null where no roads, or no hierarchy, took part."""

    topology_id: str | None
    conditions_id: str | None
    metric_id: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class StepView:
    """One line of guidance; `vertex` is the row of the route's geometry where it starts."""

    text: Words
    name: str | None
    manoeuvre: Manoeuvre
    exit: int | None
    side: Literal["left", "right"] | None
    vertex: int
    bearing_deg: float
    distance_m: float
    travel_time_s: float


@dataclass(frozen=True, slots=True, kw_only=True)
class RouteView:
    """A way by road, or the straight line with a guess where no roads are loaded."""

    travel_time_s: float
    distance_m: float
    basis: Basis
    geometry: LineString
    steps: tuple[StepView, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class TripView(RouteView):
    """A route and when it is driven; times null where it is a straight line."""

    departs_at: datetime | None
    arrives_at: datetime | None
    time_dependent: bool
    stood_s: float | None
    changes_at: tuple[datetime, ...]
    topology_id: str | None
    conditions_id: str | None
    metric_id: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class NearestRow:
    """One of the candidates, by its row; `route` only if asked for."""

    row: int
    travel_time_s: float
    snap_distance_m: float
    route: RouteView | None


@dataclass(frozen=True, slots=True, kw_only=True)
class NearestView(FromVersions):
    """The nearest candidates, soonest first; times of departure null where all leave now."""

    nearest: tuple[NearestRow, ...]
    place_snap_distance_m: float
    time_dependent: bool
    departs_at: datetime | None
    changes_at: tuple[datetime, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class MatrixHead(FromVersions):
    """The first line of a matrix; the others are the seconds of one origin each."""

    origins: int
    destinations: int
    origin_snap_distance_m: Sequence[float]
    destination_snap_distance_m: Sequence[float]


MatrixLine = MatrixHead | list[float | None]


@dataclass(frozen=True, slots=True)
class ReachProperties:
    """What one area stands for."""

    limit_s: float
    area_km2: float


@dataclass(frozen=True, slots=True)
class ReachFeature:
    """An area as a GeoJSON feature."""

    geometry: MultiPolygon
    properties: ReachProperties
    type: Literal["Feature"] = "Feature"


@dataclass(frozen=True, slots=True, kw_only=True)
class ReachView(FromVersions):
    """Areas as a GeoJSON FeatureCollection, the smallest first."""

    features: tuple[ReachFeature, ...]
    snap_distance_m: float
    type: Literal["FeatureCollection"] = "FeatureCollection"


@dataclass(frozen=True, slots=True, kw_only=True)
class CandidateRoad:
    """One road near a point; `along` and `against` say which way it may be driven from there."""

    segment_id: int
    fraction: float
    distance_m: float
    lonlat: Position
    along: bool
    against: bool
    name: str | None
    name_zh: str | None
    name_en: str | None
    geometry: LineString | None


@dataclass(frozen=True, slots=True, kw_only=True)
class SnappedPoint:
    """One point; without a road within the limit it has no candidates."""

    distance_m: float | None
    candidates: tuple[CandidateRoad, ...]
    heading_ignored: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Snapped(FromVersions):
    """The points in the order given."""

    points: tuple[SnappedPoint, ...]


@dataclass(frozen=True, slots=True)
class Versions:
    """The versions of each profile that is loaded."""

    profiles: Mapping[str, RoadVersions]


@router.post("/route", summary="Fastest route with guidance")
def route(uow: RouteAsker, context: Context, body: RouteIn) -> Answer[TripView]:
    """Return time, distance, geometry and steps in both languages.

    With `depart_at`, and for trips of more than ten minutes on which something is known to change,
    `time_dependent` is true: the times met on the way decide. `changes_at` lists when road times
    change before arrival; `stood_s` is spent in front of closed roads until they open.
    """
    origin = body.origin.declared_strictly().to_wgs84()
    destination = body.destination.declared_strictly().to_wgs84()
    ends = (origin.lon, origin.lat), (destination.lon, destination.lat)
    with _roads(context, uow, body) as roads:
        if not roads.has(body.profile):
            times = roads.times_from(ends[0], [ends[1]], profile=body.profile)
            distance_m = origin.distance_m(destination) * STRAIGHT_LINE_DETOUR
            return Answer(_straight(times, ends, distance_m=distance_m))
        trip = roads.route(*ends, profile=body.profile, depart_at=body.depart_at)
    return Answer(TripView(
        **_by_road(trip.route), departs_at=trip.departs_at, arrives_at=trip.arrives_at,
        time_dependent=trip.time_dependent, stood_s=trip.stood_s, changes_at=trip.changes_at,
        **asdict(trip.versions),
    ))  # fmt: skip


@router.post("/nearest", summary="The nearest of many candidates by road")
def nearest(uow: RouteAsker, context: Context, body: NearestIn) -> Answer[NearestView]:
    """Return rows of `candidates` with times, soonest first; those without a way are absent.

    With `depart_at` all leave then, `time_dependent` is true, and the times met on the way decide.
    """
    with _roads(context, uow, body) as roads:
        found = roads.nearest(
            _lonlat(body.place), body.candidates.wgs84(), profile=body.profile, k=body.k,
            towards=body.direction == "to", with_routes=body.routes, depart_at=body.depart_at,
        )  # fmt: skip
    rows = tuple(
        NearestRow(
            row=int(row), travel_time_s=time_s, snap_distance_m=found.snap_distance_m[row],
            route=None if way is None else RouteView(**_by_road(way)),
        )
        for row, time_s, way in zip_longest(found.row, found.time_s, found.routes)
    )  # fmt: skip
    return Answer(NearestView(
        nearest=rows, place_snap_distance_m=found.place_snap_distance_m,
        time_dependent=found.departs_at is not None, departs_at=found.departs_at,
        changes_at=found.changes_at,
        **asdict(found.versions),
    ))  # fmt: skip


@router.post("/matrix", summary="Times between many places, streamed row by row")
@works(Work.HEAVY)
def matrix(uow: RouteAsker, context: Context, body: MatrixIn) -> Lines[MatrixLine]:
    """Return NDJSON: one line about the answer, then one per origin: seconds, null = no way."""
    with _roads(context, uow, body) as roads:
        found = roads.matrix(body.origins.wgs84(), body.destinations.wgs84(), profile=body.profile)
    return Lines(_lines(found))


@router.post("/isochrone", summary="Areas reached within some seconds, as GeoJSON")
@works(Work.HEAVY)
def isochrone(uow: RouteAsker, context: Context, body: IsochroneIn) -> GeoAnswer[ReachView]:
    """Return a FeatureCollection, the smallest area first, each with its `area_km2`."""
    with _roads(context, uow, body) as roads:
        found = roads.isochrone(
            _lonlat(body.place), limits_s=body.limits_s, profile=body.profile,
            towards=body.direction == "to",
        )  # fmt: skip
    features = tuple(
        ReachFeature(_multi_polygon(area), ReachProperties(limit_s, float(area_m2) / 1e6))
        for limit_s, area, area_m2 in zip(found.limits_s, found.areas, found.area_m2, strict=True)
    )
    return GeoAnswer(ReachView(
        features=features, snap_distance_m=found.snap_distance_m, **asdict(found.versions)
    ))  # fmt: skip


@router.post("/snap", summary="The roads at each point")
def snap(uow: RouteAsker, context: Context, body: SnapIn) -> Answer[Snapped]:
    """Return all candidates of each point, the nearest first; none of several is hidden."""
    heading = None
    if body.heading_deg is not None:
        # A unit that stands has no heading; too short a list says so of the rest.
        given = [np.nan if one is None else one for one in body.heading_deg]
        count = len(body.points.lonlat)
        heading = np.array((given + [np.nan] * count)[:count])
    with _roads(context, uow, body) as roads:
        found, versions = roads.snap(
            body.points.wgs84(), profile=body.profile, heading_deg=heading,
            max_distance_m=body.limit_m,
        )  # fmt: skip
        segments = roads.segments

    def candidate(at: int) -> CandidateRoad:
        row = int(found.segment[at])
        lon, lat = found.snapped[at].tolist()
        return CandidateRoad(
            segment_id=int(segments.segment_id[row]), fraction=float(found.fraction[at]),
            distance_m=float(found.candidate_distance_m[at]), lonlat=(lon, lat),
            along=bool(found.open_legs[at, 0]), against=bool(found.open_legs[at, 1]),
            name=segments.name.text(row), name_zh=segments.name_zh.text(row),
            name_en=segments.name_en.text(row),
            geometry=line_string(segments.line(row)) if body.geometry else None,
        )  # fmt: skip

    points = tuple(
        SnappedPoint(
            distance_m=float(found.distance_m[point]),
            candidates=tuple(map(candidate, range(found.start[point], found.start[point + 1]))),
            heading_ignored=bool(found.heading_ignored[point]),
        )
        for point in range(len(found))
    )
    return Answer(Snapped(points=points, **asdict(versions)))


@router.get("/calibration", summary="Were the predicted arrival times right?")
@works(Work.HEAVY)
def calibration(
    viewer: ArrivalsViewer, context: Context, city_id: CityQuery, begin: Since = None,
    end: Until = None,
) -> Answer[ArrivalsView]:  # fmt: skip
    """Compare the times predicted at dispatch with those driven: all, by hour, by distance.

    Of assignments made from `from` (28 days before the end) to `to` (now), at most 400 days, in the
    areas where one plans or dispatches. Errors are actual minus predicted, in seconds, with exact
    95 % intervals, null where too few drives say; shares are 0 to 1, hours those of the city. A
    whole, hour or distance with fewer than `fewest_shown` drives is not shown, only counted
    (`small_groups`); drives that cannot be compared are counted by reason, rare reasons together.
    Who plans but does not dispatch gets whole days of the city. `remarks` say all this in words.
    """
    with context.database.read(viewer.identity) as uow:
        drives = read_drives(uow, city_id, from_at=begin, to_at=end)
    return Answer(arrivals_view(arrival_report(drives)))


@router.get("/versions", summary="What answers are computed from now")
def versions(uow: RouteAsker, context: Context, city_id: CityQuery) -> Answer[Versions]:
    """Return the versions of each profile; none where the city's roads are not loaded."""
    require_city(uow, city_id)
    with context.routing.at(uow, city_id) as roads:
        return Answer(Versions(roads.current_versions()))


@contextmanager
def _roads(context: AppContext, uow: UnitOfWork, body: _Question) -> Iterator[PinnedRoads]:
    """Pin the roads for one question."""
    require_city(uow, body.city_id)
    with context.routing.at(uow, body.city_id, at_least=body.min_conditions_id) as roads:
        yield roads


def _lonlat(point: PointIn) -> tuple[float, float]:
    declared: DeclaredPoint = point.declared_strictly()
    found = declared.to_wgs84()
    return found.lon, found.lat


def _lines(found: Matrix) -> Iterator[str]:
    yield json_text(MatrixHead(
        origins=found.shape[0], destinations=found.shape[1],
        origin_snap_distance_m=found.origin_snap_distance_m.tolist(),
        destination_snap_distance_m=found.destination_snap_distance_m.tolist(),
        **asdict(found.versions),
    )) + "\n"  # fmt: skip
    for block in found.blocks:
        rounded = np.round(block.astype(np.float64), _TIME_DECIMALS)
        yield "".join(json_text(row) + "\n" for row in rounded.tolist())


def _multi_polygon(area: Any) -> MultiPolygon:
    def ring(line: Any) -> Any:
        return np.round(np.asarray(line.coords), 6).tolist()

    return {
        "type": "MultiPolygon",
        "coordinates": [
            [ring(part.exterior), *(ring(hole) for hole in part.interiors)] for part in area.geoms
        ],
    }


def _by_road(found: RouteResult) -> dict[str, Any]:
    """Return the fields of a `RouteView`."""
    return {
        "travel_time_s": found.travel_time_s,
        "distance_m": found.distance_m,
        "basis": "road",
        "geometry": line_string(found.geometry),
        "steps": tuple(
            StepView(
                text=Words(en=step.text_en, zh=step.text_zh), name=step.name,
                manoeuvre=step.manoeuvre, exit=step.exit, side=step.side, vertex=step.vertex,
                bearing_deg=step.bearing_deg, distance_m=step.distance_m,
                travel_time_s=step.travel_time_s,
            )
            for step in found.steps
        ),
    }  # fmt: skip


def _straight(
    times: TravelTimes, ends: Sequence[tuple[float, float]], *, distance_m: float
) -> TripView:
    return TripView(
        travel_time_s=float(times.time_s[0]), distance_m=distance_m, basis="straight_line",
        geometry=line_string(ends), steps=(), departs_at=None, arrives_at=None,
        time_dependent=False, stood_s=None, changes_at=(), topology_id=None, conditions_id=None,
        metric_id=None,
    )  # fmt: skip

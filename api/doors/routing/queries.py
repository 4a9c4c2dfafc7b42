"""Travel times: route, nearest, matrix, reach, snapped points, and what the answers are from.

Each answer names its `topology_id`, `conditions_id` and `metric_id` (null where no hierarchy took
part). Conditions committed before the request count in its answer.
"""

import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from typing import Annotated, Any, Literal

import numpy as np
from fastapi import Query
from pydantic import AwareDatetime, Field
from starlette.responses import StreamingResponse

from api.context import Context
from api.http.answers import Answer, json_text, line_string
from api.http.permissions import ArrivalsViewer, RouteAsker
from api.http.places import Work
from api.http.router import DoorRouter
from api.http.schemas import CityQuery, PointIn, RowId, Shape, parse_datum
from api.http.work import works
from api.operations.city_repository import city_is_loaded
from dispatch.arrivals.report import arrival_report, read_drives
from dispatch.arrivals.views import as_json
from dispatch.errors import CityUnknownError
from gis.database import UnitOfWork
from gis.datum import to_wgs84
from gis.geometry import DeclaredPoint
from routing.live import departures, queries
from routing.live.routing import DISPATCH_SNAP_LIMIT_M, STRAIGHT_LINE_DETOUR, Routing
from routing.roads.model import FloatArray, Profile, RouteResult

router = DoorRouter(Work.ORDINARY, prefix="/v1/routing")

MAX_POINTS = 10_000
"""Of one list; ten thousand pairs of numbers are well below the largest body."""

NDJSON = "application/x-ndjson"
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
    AwareDatetime | None,
    Field(
        None,
        description="When the trip leaves, with its zone, from now to seven days ahead; left out: "
        "now. The answer then counts what changes on the way: learned speeds by the hour, closures "
        "that begin or end, live speeds that expire. "
        "出发时间（须带时区，从现在起七天之内），不填即为现在。"
        "给出后，路线会计入途中的变化：各时段的常态速度、开始或结束的封路、到期的实时速度。",
    ),
]
Since = Annotated[AwareDatetime | None, Query(alias="from", description="With its zone.")]
Until = Annotated[AwareDatetime | None, Query(alias="to", description="With its zone.")]


class PointsIn(Shape):
    """Many points: longitude first, in degrees of one datum."""

    lonlat: Annotated[list[Degrees], Field(min_length=1, max_length=MAX_POINTS)]
    datum: str | None = Field(None, description="wgs84, gcj02, bd09 or cgcs2000")

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


@router.post("/route", summary="Fastest route with guidance")
def route(uow: RouteAsker, context: Context, body: RouteIn) -> Answer:
    """Return time, distance, geometry and steps in both languages.

    With `depart_at`, and for trips of more than ten minutes on which something is known to change,
    `time_dependent` is true: the times met on the way decide. `changes_at` lists when road times
    change before arrival; `stood_s` is spent in front of closed roads until they open.
    """
    routing = _following(context.routing, uow, body.city_id)
    origin = body.origin.declared_strictly().to_wgs84()
    destination = body.destination.declared_strictly().to_wgs84()
    ends = (origin.lon, origin.lat), (destination.lon, destination.lat)
    if routing.router(body.city_id, body.profile) is None:
        distance_m = origin.distance_m(destination) * STRAIGHT_LINE_DETOUR
        return Answer(_straight(routing, body, ends, distance_m=distance_m))
    trip = departures.route(
        routing, uow, body.city_id, *ends, profile=body.profile, depart_at=body.depart_at,
        at_least=body.min_conditions_id,
    )  # fmt: skip
    return Answer({
        **_by_road(trip.route), "departs_at": trip.departs_at, "arrives_at": trip.arrives_at,
        "time_dependent": trip.time_dependent, "stood_s": trip.stood_s,
        "changes_at": trip.changes_at, **asdict(trip.versions),
    })  # fmt: skip


@router.post("/nearest", summary="The nearest of many candidates by road")
def nearest(uow: RouteAsker, context: Context, body: NearestIn) -> Answer:
    """Return rows of `candidates` with times, soonest first; those without a way are absent.

    With `depart_at` all leave then, `time_dependent` is true, and the times met on the way decide.
    """
    routing = _following(context.routing, uow, body.city_id)
    place, candidates = _lonlat(body.place), body.candidates.wgs84()
    towards, timed = body.direction == "to", {}
    if body.depart_at is None:
        found = queries.nearest(
            routing, body.city_id, place, candidates, profile=body.profile, k=body.k,
            towards=towards, with_routes=body.routes, at_least=body.min_conditions_id,
        )  # fmt: skip
    else:
        departing = departures.nearest(
            routing, uow, body.city_id, place, candidates, profile=body.profile, k=body.k,
            depart_at=body.depart_at, towards=towards, with_routes=body.routes,
        )  # fmt: skip
        found = departing.nearest
        timed = {"departs_at": departing.departs_at, "changes_at": departing.changes_at}
    rows = [
        {"row": row, "travel_time_s": time_s, "snap_distance_m": found.snap_distance_m[row]}
        for row, time_s in zip(found.row, found.time_s, strict=True)
    ]
    for row, way in zip(rows, found.routes, strict=False):
        row["route"] = _by_road(way)
    return Answer({
        "nearest": rows, "place_snap_distance_m": found.place_snap_distance_m,
        "time_dependent": bool(timed), **timed, **asdict(found.versions),
    })  # fmt: skip


@router.post("/matrix", summary="Times between many places, streamed row by row")
@works(Work.HEAVY)
def matrix(uow: RouteAsker, context: Context, body: MatrixIn) -> StreamingResponse:
    """Return NDJSON: one line about the answer, then one per origin: seconds, null = no way."""
    routing = _following(context.routing, uow, body.city_id)
    found = queries.matrix(
        routing, body.city_id, body.origins.wgs84(), body.destinations.wgs84(),
        profile=body.profile, at_least=body.min_conditions_id,
    )  # fmt: skip
    return StreamingResponse(_lines(found), media_type=NDJSON)


@router.post("/isochrone", summary="Areas reached within some seconds, as GeoJSON")
@works(Work.HEAVY)
def isochrone(uow: RouteAsker, context: Context, body: IsochroneIn) -> Answer:
    """Return a FeatureCollection, the smallest area first, each with its `area_km2`."""
    routing = _following(context.routing, uow, body.city_id)
    found = queries.isochrone(
        routing, body.city_id, _lonlat(body.place), limits_s=body.limits_s, profile=body.profile,
        towards=body.direction == "to", at_least=body.min_conditions_id,
    )  # fmt: skip
    features = [
        {
            "type": "Feature",
            "geometry": _multi_polygon(area),
            "properties": {"limit_s": limit_s, "area_km2": float(area_m2) / 1e6},
        }
        for limit_s, area, area_m2 in zip(found.limits_s, found.areas, found.area_m2, strict=True)
    ]
    return Answer(
        {
            "type": "FeatureCollection", "features": features,
            "snap_distance_m": found.snap_distance_m, **asdict(found.versions),
        },
        headers={"Content-Type": "application/geo+json"},
    )  # fmt: skip


@router.post("/snap", summary="The roads at each point")
def snap(uow: RouteAsker, context: Context, body: SnapIn) -> Answer:
    """Return all candidates of each point, the nearest first; none of several is hidden."""
    routing = _following(context.routing, uow, body.city_id)
    heading = None
    if body.heading_deg is not None:
        # A unit that stands has no heading; too short a list says so of the rest.
        given = [np.nan if one is None else one for one in body.heading_deg]
        count = len(body.points.lonlat)
        heading = np.array((given + [np.nan] * count)[:count])
    found, versions = queries.snap(
        routing, body.city_id, body.points.wgs84(), profile=body.profile, heading_deg=heading,
        max_distance_m=body.limit_m,
    )  # fmt: skip
    city = routing.city(body.city_id)
    assert city is not None  # else the question was refused above
    segments = city.network.segments
    points: list[dict[str, Any]] = []
    for point in range(len(found)):
        candidates = []
        for at in range(found.start[point], found.start[point + 1]):
            row = int(found.segment[at])
            candidates.append({
                "segment_id": segments.segment_id[row], "fraction": found.fraction[at],
                "distance_m": found.candidate_distance_m[at], "lonlat": found.snapped[at],
                "along": found.open_legs[at, 0], "against": found.open_legs[at, 1],
                "name": segments.name.text(row), "name_zh": segments.name_zh.text(row),
                "name_en": segments.name_en.text(row),
                **({"geometry": line_string(segments.line(row))} if body.geometry else {}),
            })  # fmt: skip
        points.append({
            "distance_m": found.distance_m[point], "candidates": candidates,
            "heading_ignored": found.heading_ignored[point],
        })  # fmt: skip
    return Answer({"points": points, **asdict(versions)})


@router.get("/calibration", summary="Were the predicted arrival times right?")
@works(Work.HEAVY)
def calibration(
    viewer: ArrivalsViewer, context: Context, city_id: CityQuery, begin: Since = None,
    end: Until = None,
) -> Answer:  # fmt: skip
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
    return Answer(as_json(arrival_report(drives)))


@router.get("/versions", summary="What answers are computed from now")
def versions(uow: RouteAsker, context: Context, city_id: CityQuery) -> Answer:
    """Return the versions of each profile; none where the city's roads are not loaded."""
    routing = _following(context.routing, uow, city_id)
    loaded = routing.city(city_id) is not None
    return Answer({"profiles": queries.versions(routing, city_id) if loaded else {}})


def _following(routing: Routing, uow: UnitOfWork, city_id: int) -> Routing:
    if not city_is_loaded(uow.session, city_id):
        raise CityUnknownError(city_id)
    routing.follow(uow, city_id)
    return routing


def _lonlat(point: PointIn) -> tuple[float, float]:
    declared: DeclaredPoint = point.declared_strictly()
    found = declared.to_wgs84()
    return found.lon, found.lat


def _lines(found: queries.Matrix) -> Iterator[str]:
    yield json_text({
        "origins": found.shape[0], "destinations": found.shape[1],
        "origin_snap_distance_m": found.origin_snap_distance_m,
        "destination_snap_distance_m": found.destination_snap_distance_m,
        **asdict(found.versions),
    }) + "\n"  # fmt: skip
    for block in found.blocks:
        rounded = np.round(block.astype(np.float64), _TIME_DECIMALS).astype(object)
        rounded[~np.isfinite(block)] = None
        yield "".join(json.dumps(row, separators=(",", ":")) + "\n" for row in rounded.tolist())


def _multi_polygon(area: Any) -> dict[str, Any]:
    def ring(line: Any) -> Any:
        return np.round(np.asarray(line.coords), 6).tolist()

    return {
        "type": "MultiPolygon",
        "coordinates": [
            [ring(part.exterior), *(ring(hole) for hole in part.interiors)] for part in area.geoms
        ],
    }


def _by_road(found: RouteResult) -> dict[str, Any]:
    return {
        "travel_time_s": found.travel_time_s,
        "distance_m": found.distance_m,
        "basis": "road",
        "geometry": line_string(found.geometry),
        "steps": [
            {
                "text": {"en": step.text_en, "zh": step.text_zh},
                "name": step.name,
                "manoeuvre": step.manoeuvre,
                "exit": step.exit,
                "side": step.side,
                "vertex": step.vertex,
                "bearing_deg": step.bearing_deg,
                "distance_m": step.distance_m,
                "travel_time_s": step.travel_time_s,
            }
            for step in found.steps
        ],
    }


def _straight(
    routing: Routing,
    body: RouteIn,
    ends: Sequence[tuple[float, float]],
    *,
    distance_m: float,
) -> dict[str, Any]:
    times = routing.travel_times_from(body.city_id, ends[0], [ends[1]], profile=body.profile)
    return {
        "travel_time_s": float(times.time_s[0]),
        "distance_m": distance_m,
        "basis": "straight_line",
        "geometry": line_string(ends),
        "steps": [],
        "time_dependent": False,
        "topology_id": None,
        "conditions_id": None,
        "metric_id": None,
    }

"""The way from one place to another."""

from typing import Any

from fastapi import APIRouter
from pydantic import Field

from api.answers import Answer, line_string
from api.city_repository import city_is_loaded
from api.context import Context
from api.permissions import RouteAsker
from api.schemas import PointIn, RowId, Shape
from dispatch.errors import CityUnknownError
from routing.model import Profile, RouteResult
from routing.service import STRAIGHT_LINE_DETOUR, Routing

router = APIRouter()


class RouteIn(Shape):
    """Two places and a means of travel."""

    city_id: RowId
    origin: PointIn = Field(alias="from")
    destination: PointIn = Field(alias="to")
    profile: Profile = Profile.AMBULANCE


@router.post("/v1/routing/route", summary="Fastest route with guidance")
def route(uow: RouteAsker, context: Context, body: RouteIn) -> Answer:
    """Return time, distance, geometry and steps in both languages."""
    if not city_is_loaded(uow.session, body.city_id):
        raise CityUnknownError(body.city_id)
    origin = body.origin.declared_strictly().to_wgs84()
    destination = body.destination.declared_strictly().to_wgs84()
    ends = (origin.lon, origin.lat), (destination.lon, destination.lat)
    found = context.routing.route(body.city_id, *ends, profile=body.profile)
    if found is not None:
        return Answer(_by_road(found))
    distance_m = origin.distance_m(destination) * STRAIGHT_LINE_DETOUR
    return Answer(_straight(context.routing, body, ends, distance_m=distance_m))


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
                "distance_m": step.distance_m,
                "travel_time_s": step.travel_time_s,
            }
            for step in found.steps
        ],
    }


def _straight(
    routing: Routing,
    body: RouteIn,
    ends: tuple[tuple[float, float], tuple[float, float]],
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
    }

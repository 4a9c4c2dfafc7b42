"""Use case of the nearest defibrillators."""

from collections.abc import Sequence
from datetime import datetime

import numpy as np

from dispatch.aeds import repository
from dispatch.aeds.views import AedsFound, AedView
from dispatch.aeds.walking import open_now, order_aeds, whole_walks
from dispatch.places.service import CALL_MARGIN_M
from gis.cities import CityRow, check_inside, require_city
from gis.database import UnitOfWork
from gis.geojson import line_string
from gis.geometry import DeclaredPoint, Wgs84Point
from gis.kernels.opening_hours import open_states
from gis.rows import AnyRow
from routing.live.answers import version_names
from routing.live.routing import Routing
from routing.roads.model import Profile

AED_CANDIDATES = (40, 200, 1000)
"""So many devices nearest by air line are looked at: more while too few of them are open."""


def nearest_aeds(
    uow: UnitOfWork,
    routing: Routing,
    city_id: int,
    *,
    point: DeclaredPoint,
    limit: int = 5,
    at: datetime | None = None,
) -> AedsFound:
    """Find the nearest defibrillators by walking time, those open at `at` (default now) first.

    Raises
    ------
    CityUnknownError, PlaceOutsideCityError, CoordinatesSwappedError
        There is nothing to look for there.
    """
    city = require_city(uow, city_id)
    here = point.to_wgs84()
    check_inside(city, lon=here.lon, lat=here.lat, margin_m=CALL_MARGIN_M)
    moment = at or uow.clock.now()
    rows, states = _aed_candidates(uow, city, place=here, moment=moment, wanted=limit)
    if not rows:
        return AedsFound(moment, city.time_zone, **version_names(None), aeds=())
    points = np.array([(row.lon, row.lat) for row in rows], dtype=np.float64)
    origin = (here.lon, here.lat)
    with routing.at(uow, city_id) as roads:
        times = roads.times_from(origin, points, profile=Profile.WALK)
        walks = whole_walks(
            times.time_s,
            times.snap_distance_m + times.place_snap_distance_m,
            np.array([row.distance_m for row in rows], dtype=np.float64),
        )
        chosen = order_aeds(states, walks.time_s, limit=limit)
        # Walking takes as long there as back, so one search towards the caller gives every way.
        ways = dict(roads.routes_to(origin, points[chosen], profile=Profile.WALK, k=len(chosen)))
    aeds = []
    for place, index in enumerate(chosen):
        row, seconds = rows[index], float(walks.time_s[index])
        straight = bool(walks.straight[index])
        way = None if straight else ways.get(place)
        aeds.append(
            AedView(
                **{name: getattr(row, name) for name in _AED_FIELDS},
                open_now=states[index],
                walking_time_s=seconds if np.isfinite(seconds) else None,
                walking_distance_m=walks.distance_m(
                    index, road_m=way.distance_m if way else None, straight_line_m=row.distance_m
                ),
                basis="straight_line" if straight else times.basis,
                route=line_string(way.geometry[::-1]) if way else None,
            )
        )
    return AedsFound(
        moment, city.time_zone, **version_names(times.versions), aeds=tuple(aeds)
    )  # fmt: skip


_AED_FIELDS = (
    "aed_id", "name", "name_zh", "location", "location_zh", "access", "opening_hours", "indoor",
    "floor", "phone", "last_checked_at", "modelled", "lon", "lat",
)  # fmt: skip


def _aed_candidates(
    uow: UnitOfWork, city: CityRow, *, place: Wgs84Point, moment: datetime, wanted: int
) -> tuple[Sequence[AnyRow], list[bool | None]]:
    """Return the nearest devices, enough that `wanted` of them are open, and which are."""
    rows: Sequence[AnyRow] = ()
    states: list[bool | None] = []
    for count in AED_CANDIDATES:
        rows = repository.nearest_aeds(
            uow.session, city.city_id, lon=place.lon, lat=place.lat, limit=count
        )
        hours = [row.opening_hours for row in rows]
        by_hours = open_states(hours, moment, time_zone=city.time_zone)
        states = [open_now(state, access=row.access)
                  for state, row in zip(by_hours, rows, strict=True)]  # fmt: skip
        if len(rows) < count or states.count(True) >= wanted:
            break
    return rows, states

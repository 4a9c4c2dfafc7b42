"""Questions of travel time with a departure: answered by the times met on the way."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TypeVar

import numpy as np
from numpy.typing import ArrayLike

from gis.database import UnitOfWork
from routing.conditions.read import read_hours
from routing.conditions.snapshot import ConditionsSnapshot
from routing.errors import DepartureInvalidError, NoRouteError, StraightLineOnlyError
from routing.live.city_roads import CityRoads, RoadVersions
from routing.live.loading import Layer
from routing.live.queries import Nearest
from routing.live.routing import DISPATCH_SNAP_LIMIT_M, Routing
from routing.roads.model import FloatArray, Profile, RouteResult
from routing.timed.departures import TimedRoute, TimedRouter
from routing.timed.times_ahead import MAX_AHEAD, change_instants_us

TIMED_FROM_S = 600.0
"""Shorter trips that leave now are answered by the times of now."""

MAX_DEPARTURE_AHEAD = timedelta(days=7)
"""Learned speeds go by the hour of the week; of closures beyond that little is known."""

_LATE = timedelta(minutes=1)
"""A clock that is so much behind ours asks for now."""

_MARGIN = timedelta(minutes=10)
_FIRST_LOOK = timedelta(minutes=40)
_NEVER = datetime.max.replace(tzinfo=UTC)

T = TypeVar("T")


@dataclass(frozen=True, slots=True, eq=False)
class Trip:
    """A route with its departure.

    time_dependent : the times met on the way decided, else those of the departure
    stood_s : seconds in front of closed roads until they open
    changes_at : when road times change between departure and arrival
    """

    route: RouteResult
    departs_at: datetime
    arrives_at: datetime
    time_dependent: bool
    stood_s: float
    changes_at: tuple[datetime, ...]
    versions: RoadVersions


@dataclass(frozen=True, slots=True, eq=False)
class NearestDeparting:
    """The nearest at a departure, and when road times change before the last of them is there."""

    nearest: Nearest
    departs_at: datetime
    changes_at: tuple[datetime, ...]


def route(
    routing: Routing,
    uow: UnitOfWork,
    city_id: int,
    origin: ArrayLike,
    destination: ArrayLike,
    *,
    profile: Profile,
    depart_at: datetime | None = None,
    at_least: str | None = None,
) -> Trip:
    """Return the route that arrives first, leaving at `depart_at`, or now.

    Who leaves now is answered by the times of now, unless the trip is longer than `TIMED_FROM_S`
    and something is known to change on the way.

    Raises
    ------
    StraightLineOnlyError, NoRoadNearbyError, NoRouteError, ConditionsIdInvalidError
        The city has no graph, a place is off the network, nothing joins the two, or `at_least`
        is no name of conditions.
    DepartureInvalidError
        The departure is past, or more than a week ahead.
    """
    city, layer = _city(routing, city_id, profile)
    at = _departure(uow, city, depart_at)
    answering = city.answering(profile, at_least=at_least)
    assert answering is not None  # there is a layer
    router, versions = answering
    ends = router.snap(
        np.array([origin, destination], np.float64), max_distance_m=DISPATCH_SNAP_LIMIT_M
    )
    start, end = ends.take(0), ends.take(1)
    trip = _FIRST_LOOK / 2
    if depart_at is None:
        found = router.route(start, end)
        trip = timedelta(seconds=found.travel_time_s)
        if found.travel_time_s <= TIMED_FROM_S or not _changes(city, layer, at, at + trip):
            return Trip(found, at, at + trip, False, 0.0, (), versions)

    def ask(router: TimedRouter) -> tuple[TimedRoute, datetime]:
        one = router.route(start, end, depart_at=at)
        return one, one.arrives_at

    timed, _ = _settled(uow, city, layer, ask, at=at, until=at + 1.5 * trip + _MARGIN)
    return Trip(
        timed.route, at, timed.arrives_at, True, timed.stood_s, timed.instants,
        RoadVersions(layer.topology_id, city.conditions_id),
    )  # fmt: skip


def nearest(
    routing: Routing,
    uow: UnitOfWork,
    city_id: int,
    place: ArrayLike,
    others: ArrayLike,
    *,
    profile: Profile,
    k: int,
    depart_at: datetime,
    towards: bool = True,
    with_routes: bool = False,
) -> NearestDeparting:
    """Return the `k` of `others` (n, 2) that arrive (`towards`) or are reached first.

    Raises
    ------
    StraightLineOnlyError, NoRoadNearbyError, DepartureInvalidError
        The city has no graph, the one place is off the network, or the departure is past or more
        than a week ahead.
    """
    city, layer = _city(routing, city_id, profile)
    at = _departure(uow, city, depart_at)
    one = layer.snapper.snap(place, max_distance_m=DISPATCH_SNAP_LIMIT_M).require()
    many = layer.snapper.snap(others, max_distance_m=DISPATCH_SNAP_LIMIT_M)

    wanted = min(k, int(np.count_nonzero(many.found)))

    def ask(router: TimedRouter) -> tuple[FloatArray, datetime]:
        search = router.times_to if towards else router.times_from
        time_s = search(one, many, depart_at=at, k=k)
        reached = time_s[np.isfinite(time_s)]
        if reached.size < wanted:
            return time_s, _NEVER
        return time_s, at + timedelta(seconds=float(reached.max(initial=0.0)))

    time_s, router = _settled(uow, city, layer, ask, at=at, until=at + _FIRST_LOOK)
    row = np.argsort(time_s, kind="stable")[:k]
    row = row[np.isfinite(time_s[row])]
    routes: tuple[RouteResult, ...] = ()
    if with_routes:
        pairs = ((many.take(int(i)), one) if towards else (one, many.take(int(i))) for i in row)
        routes = tuple(router.route(*pair, depart_at=at).route for pair in pairs)
    last = at + timedelta(seconds=float(time_s[row].max(initial=0.0)))
    return NearestDeparting(
        Nearest(
            row, time_s[row], routes, many.distance_m, float(one.distance_m[0]),
            RoadVersions(layer.topology_id, city.conditions_id),
        ),
        at,
        tuple(change for change in router.ahead.instants if at < change < last),
    )  # fmt: skip


def _settled(
    uow: UnitOfWork,
    city: CityRoads,
    layer: Layer,
    ask: Callable[[TimedRouter], tuple[T, datetime]],
    *,
    at: datetime,
    until: datetime,
) -> tuple[T, TimedRouter]:
    """Look further ahead until all that `ask` found lies within what was looked at."""

    def read(snapshot: ConditionsSnapshot, hours: frozenset[int]) -> ConditionsSnapshot:
        city_id, segments = city.network.version.city_id, city.network.segments
        return read_hours(uow, city_id, snapshot, segments=segments, hours=hours)

    latest = at + MAX_AHEAD
    while True:
        until = min(until, latest)
        router = city.forecast.router(layer, at=at, until=until, read=read)
        try:
            answer, settled_at = ask(router)
        except NoRouteError:
            # What is closed may open later on.
            if until == latest:
                raise
            until = latest
            continue
        if settled_at <= router.ahead.until or until == latest:
            return answer, router
        until = latest if settled_at == _NEVER else max(settled_at + _MARGIN, at + 2 * (until - at))


def _changes(city: CityRoads, layer: Layer, at: datetime, until: datetime) -> bool:
    return bool(change_instants_us(city.snapshot, layer.rules, at=at, until=until).size)


def _departure(uow: UnitOfWork, city: CityRoads, depart_at: datetime | None) -> datetime:
    now = uow.clock.now()
    if depart_at is not None and not now - _LATE <= depart_at <= now + MAX_DEPARTURE_AHEAD:
        raise DepartureInvalidError(depart_at, now=now)
    # Another machine's clock may be ahead of ours: nothing is known from before its last write.
    return max(depart_at or now, now, city.snapshot.changed_at)


def _city(routing: Routing, city_id: int, profile: Profile) -> tuple[CityRoads, Layer]:
    city = routing.city(city_id)
    layer = None if city is None else city.network.layers.get(profile)
    if city is None or layer is None:
        raise StraightLineOnlyError(city_id)
    return city, layer

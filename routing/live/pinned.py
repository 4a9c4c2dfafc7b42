"""One version of a city's roads for a whole use case: `with routing.at(uow, city_id) as roads:`.

Times, routes, matrices, areas and snapped points asked of it come from the same topology and the
same conditions, whatever the process learns meanwhile. Where the city has no usable graph, times
are by straight line and say so; all other questions are refused by `StraightLineOnlyError`.
"""

from collections.abc import Callable, Hashable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from typing import TypeVar

import numpy as np
import shapely
from numpy.typing import ArrayLike

from gis.database import UnitOfWork
from routing.areas.isochrone import isochrone_bands, service_areas
from routing.areas.lines import stretches_as_lines
from routing.areas.nearest import NearestTimes, times_of_nearest
from routing.areas.reach import reach, reach_of_nearest
from routing.conditions.errors import ConditionsOutdatedError
from routing.conditions.read import read_hours
from routing.conditions.snapshot import ConditionsSnapshot
from routing.conditions.supposed import Supposed, supposed_table, supposition_name
from routing.live.answers import Matrix, Nearest, Reach, RoadVersions, TravelTimes, Trip
from routing.live.city_roads import CityRoads
from routing.live.errors import DepartureInvalidError, MatrixTooLargeError, StraightLineOnlyError
from routing.live.loading import Layer
from routing.live.straight_line import straight_line_times
from routing.roads.model import FloatArray, Profile, RouteResult, Segments, SnapResult
from routing.search.errors import NoRouteError
from routing.search.router import DijkstraRouter, RoadRouter, whole_ms
from routing.snap.snapper import DEFAULT_MAX_DISTANCE_M
from routing.timed.departures import TimedRoute, TimedRouter
from routing.timed.times_ahead import MAX_AHEAD, change_instants_us

DISPATCH_SNAP_LIMIT_M = 2_000.0
"""A call from a hillside still gets times to the nearest road; the distance is reported."""

MAX_MATRIX_CELLS = 100_000_000
"""Ten thousand by ten thousand: streamed, it takes no memory but its time."""

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


class PinnedRoads:
    """The roads of one city as one use case sees them from its beginning to its end.

    `uow` is only for what is read when asked for, learned speeds of hours ahead: such questions
    belong inside the `with` block. All places are longitude, latitude in degrees, WGS-84.
    """

    def __init__(
        self,
        uow: UnitOfWork,
        city_id: int,
        city: CityRoads | None,
        *,
        at_least: str | None = None,
    ) -> None:
        """Pin `city`, None where it has no roads; `at_least` as in `Routing.at`."""
        if city is not None and at_least is not None and not city.is_at_least(at_least):
            raise ConditionsOutdatedError
        self._uow = uow
        self._at_least = at_least
        self._answering: dict[Profile, tuple[DijkstraRouter, RoadVersions]] = {}
        self.city_id = city_id
        self.city = city

    def has(self, profile: Profile) -> bool:
        """Return whether there are roads for a means of travel, or straight lines only."""
        return self.city is not None and profile in self.city.network.layers

    def supposing(
        self, conditions: Sequence[Supposed] = (), *, drawn_at: datetime | None = None
    ) -> "PinnedRoads":
        """Return the same roads as if more were drawn on them; nothing is stored.

        drawn_at : of what is on record, what holds then counts, instead of what holds now; the
        speeds stay those of now

        Raises
        ------
        StraightLineOnlyError
            The city has no graph.
        """
        city = self._required()
        table = supposed_table(
            city.snapshot.table, conditions, segments=self.segments, drawn_at=drawn_at
        )
        name = supposition_name(conditions, drawn_at)
        return PinnedRoads(self._uow, self.city_id, city.supposing(table, name=name))

    @property
    def segments(self) -> Segments:
        """The roads themselves; raises `StraightLineOnlyError` where there are none."""
        return self._required().network.segments

    def versions(self, profile: Profile) -> RoadVersions | None:
        """Return what answers for a means of travel are from, None by straight line."""
        return self._answers(profile)[1] if self.has(profile) else None

    def current_versions(self) -> dict[str, RoadVersions]:
        """Return by profile what is in force; `metric_id` may be of older conditions."""
        if self.city is None:
            return {}
        fast, conditions_id = self.city.fast, self.city.conditions_id
        return {
            profile.value: RoadVersions(
                layer.topology_id, conditions_id,
                fast[profile].metric_id if profile in fast else None,
            )
            for profile, layer in self.city.network.layers.items()
        }  # fmt: skip

    def router(self, profile: Profile) -> RoadRouter:
        """Return who answers; raises `StraightLineOnlyError` where there is no graph."""
        return self._answers(profile)[0]

    def times_to(
        self,
        destination: ArrayLike,
        origins: ArrayLike,
        *,
        profile: Profile,
        heading_deg: ArrayLike | None = None,
    ) -> TravelTimes:
        """Return the times from every origin (n, 2) to one destination (2,).

        `heading_deg` (n,): direction of travel of origins that move, NaN of those that stand.
        """
        return self._times(
            destination, origins, profile=profile, towards=True, heading_deg=heading_deg
        )

    def times_from(
        self, origin: ArrayLike, destinations: ArrayLike, *, profile: Profile
    ) -> TravelTimes:
        """Return the times from one origin (2,) to every destination (n, 2)."""
        return self._times(origin, destinations, profile=profile, towards=False)

    def routes_to(
        self,
        destination: ArrayLike,
        origins: ArrayLike,
        *,
        profile: Profile,
        k: int,
        heading_deg: ArrayLike | None = None,
    ) -> list[tuple[int, RouteResult]]:
        """Return (row of `origins`, route) of the k nearest; empty where there is no graph."""
        if not self.has(profile):
            return []
        router, _ = self._answers(profile)
        goal = router.snap(destination, max_distance_m=DISPATCH_SNAP_LIMIT_M)
        if not goal.found[0]:
            return []
        starts = router.snap(origins, max_distance_m=DISPATCH_SNAP_LIMIT_M, heading_deg=heading_deg)
        return router.routes_to(goal, starts, k=k)

    def route(
        self,
        origin: ArrayLike,
        destination: ArrayLike,
        *,
        profile: Profile,
        depart_at: datetime | None = None,
    ) -> Trip:
        """Return the route that arrives first, leaving at `depart_at`, or now.

        Who leaves now is answered by the times of now, unless the trip is longer than
        `TIMED_FROM_S` and something is known to change on the way.

        Raises
        ------
        StraightLineOnlyError, NoRoadNearbyError, NoRouteError
            The city has no graph, a place is off the network, or nothing joins the two.
        DepartureInvalidError
            The departure is past, or more than a week ahead.
        """
        router, versions = self._answers(profile)
        at = self._departure(depart_at)
        ends = router.snap(
            np.array([origin, destination], np.float64), max_distance_m=DISPATCH_SNAP_LIMIT_M
        )
        start, end = ends.take(0), ends.take(1)
        trip = _FIRST_LOOK / 2
        if depart_at is None:
            found = router.route(start, end)
            trip = timedelta(seconds=found.travel_time_s)
            changes = found.travel_time_s > TIMED_FROM_S and self._changes(profile, at, at + trip)
            if not changes:
                return Trip(found, at, at + trip, False, 0.0, (), versions)

        def ask(router: TimedRouter) -> tuple[TimedRoute, datetime]:
            one = router.route(start, end, depart_at=at)
            return one, one.arrives_at

        timed, _ = self._settled(profile, ask, at=at, until=at + 1.5 * trip + _MARGIN)
        return Trip(
            timed.route, at, timed.arrives_at, True, timed.stood_s, timed.instants,
            self._timed_versions(profile),
        )  # fmt: skip

    def nearest(
        self,
        place: ArrayLike,
        others: ArrayLike,
        *,
        profile: Profile,
        k: int,
        towards: bool = True,
        with_routes: bool = False,
        heading_deg: ArrayLike | None = None,
        depart_at: datetime | None = None,
    ) -> Nearest:
        """Return the `k` of `others` (n, 2) that arrive (`towards`) or are reached first.

        With `depart_at` all leave then and the times met on the way decide.

        Raises
        ------
        StraightLineOnlyError, NoRoadNearbyError, DepartureInvalidError
            The city has no graph, the one place is off the network, or the departure is past or
            more than a week ahead.
        """
        router, versions = self._answers(profile)
        at = None if depart_at is None else self._departure(depart_at)
        one = router.snap(place, max_distance_m=DISPATCH_SNAP_LIMIT_M).require()
        many = router.snap(others, max_distance_m=DISPATCH_SNAP_LIMIT_M, heading_deg=heading_deg)
        if at is not None:
            return self._nearest_departing(
                one, many, profile=profile, k=k, towards=towards, with_routes=with_routes, at=at
            )
        search = router.times_to if towards else router.times_from
        time_s = search(one, many, k=k)
        row = _soonest(time_s, k)
        routes = tuple(
            router.route(*_ends(one, many, int(i), towards=towards))
            for i in (row if with_routes else ())
        )
        return Nearest(
            row, time_s[row], routes, many.distance_m, float(one.distance_m[0]), versions
        )

    def matrix(
        self,
        origins: ArrayLike,
        destinations: ArrayLike,
        *,
        profile: Profile,
        max_distance_m: float = DISPATCH_SNAP_LIMIT_M,
        free_flow: bool = False,
    ) -> Matrix:
        """Return the times from every origin (n, 2) to every destination (m, 2).

        Its blocks may be read after the `with` block. `free_flow`: as if the roads were empty and
        nothing closed.

        Raises
        ------
        MatrixTooLargeError
            More than `MAX_MATRIX_CELLS` were asked for.
        StraightLineOnlyError
            The city has no graph.
        """
        starts, ends = (
            np.asarray(one, np.float64).reshape(-1, 2) for one in (origins, destinations)
        )
        if len(starts) * len(ends) > MAX_MATRIX_CELLS:
            raise MatrixTooLargeError(len(starts), len(ends), limit=MAX_MATRIX_CELLS)
        self._layer(profile)
        router, versions = (
            self._required().free_flow(profile) if free_flow else self._answers(profile)
        )
        here = router.snap(starts, max_distance_m=max_distance_m)
        there = router.snap(ends, max_distance_m=max_distance_m)
        return Matrix(
            router.matrix(here, there),
            (len(starts), len(ends)),
            here.distance_m,
            there.distance_m,
            versions,
        )

    def isochrone(
        self,
        place: ArrayLike,
        *,
        limits_s: Sequence[float],
        profile: Profile,
        towards: bool = False,
    ) -> Reach:
        """Return the areas reached from a place within each limit, or from which it is reached.

        Raises
        ------
        StraightLineOnlyError, NoRoadNearbyError, AreaTooLargeError
            The city has no graph, the place is off the network, or the area is beyond what is
            drawn.
        """
        router, versions = self._answers(profile)
        here = router.snap(place, max_distance_m=DISPATCH_SNAP_LIMIT_M).require()
        limits = tuple(sorted(set(limits_s)))
        times = reach(router, here, limit_s=limits[-1], towards=towards)
        plane = router.snapper.plane
        areas = isochrone_bands(
            self.segments, times, limits_ms=[round(limit * 1000) for limit in limits], plane=plane
        )
        flat = shapely.transform(np.array(areas, object), plane.to_xy)
        area_m2 = np.asarray(shapely.area(flat), dtype=np.float64)
        return Reach(limits, tuple(areas), area_m2, float(here.distance_m[0]), versions)

    def roads_reached(
        self, place: ArrayLike, *, limit_s: float, profile: Profile, free_flow: bool = False
    ) -> shapely.MultiLineString:
        """Return the roads, or parts of them, that are reached from a place within a limit.

        `free_flow`: as if the roads were empty and nothing closed.

        Raises
        ------
        StraightLineOnlyError, NoRoadNearbyError
            The city has no graph, or the place is off the network.
        """
        self._layer(profile)
        router, _ = self._required().free_flow(profile) if free_flow else self._answers(profile)
        here = router.snap(place, max_distance_m=DISPATCH_SNAP_LIMIT_M).require()
        times = reach(router, here, limit_s=limit_s)
        return stretches_as_lines(
            times.within(whole_ms(limit_s)).united(), self.segments, router.snapper.plane
        )

    def areas_of_nearest(
        self, places: ArrayLike, *, limit_s: float, profile: Profile
    ) -> tuple[dict[int, shapely.MultiPolygon], RoadVersions]:
        """Divide the area reached within a limit among the places (n, 2) that reach it first.

        Raises
        ------
        StraightLineOnlyError, AreaTooLargeError
            The city has no graph, or the area is beyond what is drawn.
        """
        router, versions = self._answers(profile)
        standing = router.snap(places, max_distance_m=DISPATCH_SNAP_LIMIT_M)
        times = reach_of_nearest(router, standing, limit_s=limit_s)
        areas = service_areas(
            self.segments, times, limit_ms=round(limit_s * 1000), plane=router.snapper.plane
        )
        return areas, versions

    def times_of_nearest(
        self,
        places: SnapResult,
        others: SnapResult,
        *,
        profile: Profile,
        towards: bool,
        ignoring_closures: bool = False,
    ) -> NearestTimes:
        """Return the least time between each of `others` and any of `places`, by one search.

        Both as `snap` of these roads and this profile gave them. `towards`: driven from the others
        to the places; else from the places to the others. `ignoring_closures`: as if nothing were
        closed, everything else as it is.

        Raises
        ------
        StraightLineOnlyError
            The city has no graph.
        """
        router, _ = self._answers(profile)
        if ignoring_closures:
            router = self._required().profile(profile).ignoring_closures
        return times_of_nearest(router, places, others, towards=towards)

    def times_to_each(
        self, places: SnapResult, origins: SnapResult, *, profile: Profile, limit_s: float
    ) -> Iterator[FloatArray]:
        """Yield for each of some places the times (n,) from all origins, inf beyond a limit.

        Both as `snap` of these roads and this profile gave them. One short search a place: for many
        origins and a limit near by, where a matrix would look at all of them. May be read after the
        `with` block.

        Raises
        ------
        StraightLineOnlyError
            The city has no graph.
        """
        router, _ = self._answers(profile)
        pinned = router.pin(origins)
        nothing = np.full(len(origins), np.inf)

        def searched() -> Iterator[FloatArray]:
            for row in range(len(places)):
                one = places.take(row)
                found = bool(one.found[0])
                yield router.times_to(one, pinned, limit_s=limit_s) if found else nothing

        return searched()

    def reaching(
        self, destinations: ArrayLike, *, profile: Profile, limit_s: float
    ) -> Callable[[ArrayLike], Iterator[FloatArray]]:
        """Return a search: of origins (k, 2) it yields the times (n,) to all destinations (n, 2).

        Times are inf beyond the limit, and NaN to destinations that have no road near by. The
        destinations are made ready once; one short search an origin. By straight line where the
        city has no graph. May be called after the `with` block, and by any thread.
        """
        many = np.asarray(destinations, np.float64).reshape(-1, 2)
        if not self.has(profile):

            def measured(origins: ArrayLike) -> Iterator[FloatArray]:
                for one in np.asarray(origins, np.float64).reshape(-1, 1, 2):
                    time_s = straight_line_times(one, many, profile=profile).time_s
                    yield np.where(time_s <= limit_s, time_s, np.inf)

            return measured
        router, _ = self._answers(profile)
        there = router.snap(many, max_distance_m=DISPATCH_SNAP_LIMIT_M)
        pinned = router.pin_destinations(there)

        def searched(origins: ArrayLike) -> Iterator[FloatArray]:
            here = router.snap(origins, max_distance_m=DISPATCH_SNAP_LIMIT_M)
            nothing = np.full(len(there), np.inf)
            for row in range(len(here)):
                one = here.take(row)
                found = bool(one.found[0])
                time_s = router.times_from(one, pinned, limit_s=limit_s) if found else nothing
                yield np.where(there.found, time_s, np.nan)

        return searched

    def closed_legs(self, profile: Profile) -> int:
        """Return how many directions of road are closed now and would otherwise be open."""
        self._layer(profile)
        return int(self._required().profile(profile).times.closed_legs.size)

    def kept(self, key: Hashable, make: Callable[[], T]) -> T:
        """Return what `make` works out from these very roads, once while they are in force.

        `key` names all that `make` depends on besides the roads.

        Raises
        ------
        StraightLineOnlyError
            The city has no graph.
        """
        return self._required().kept.get(key, make)

    def snap(
        self,
        points: ArrayLike,
        *,
        profile: Profile,
        heading_deg: ArrayLike | None = None,
        max_distance_m: float = DEFAULT_MAX_DISTANCE_M,
    ) -> tuple[SnapResult, RoadVersions]:
        """Return the roads at each point (k, 2), all candidates, and what the answer is from.

        Raises
        ------
        StraightLineOnlyError
            The city has no graph.
        """
        router, versions = self._answers(profile)
        found = router.snap(points, max_distance_m=max_distance_m, heading_deg=heading_deg)
        return found, versions

    def _required(self) -> CityRoads:
        if self.city is None:
            raise StraightLineOnlyError(self.city_id)
        return self.city

    def _layer(self, profile: Profile) -> Layer:
        layer = self._required().network.layers.get(profile)
        if layer is None:
            raise StraightLineOnlyError(self.city_id)
        return layer

    def _answers(self, profile: Profile) -> tuple[DijkstraRouter, RoadVersions]:
        """Return who answers, and from what: decided once, by the first question."""
        if profile not in self._answering:
            self._layer(profile)
            self._answering[profile] = self._required().answering(profile, at_least=self._at_least)
        return self._answering[profile]

    def _times(
        self,
        place: ArrayLike,
        others: ArrayLike,
        *,
        profile: Profile,
        towards: bool,
        heading_deg: ArrayLike | None = None,
    ) -> TravelTimes:
        one = np.asarray(place, np.float64).reshape(1, 2)
        many = np.asarray(others, np.float64).reshape(-1, 2)
        if not self.has(profile):
            return straight_line_times(one, many, profile=profile)
        router, versions = self._answers(profile)
        here = router.snap(one, max_distance_m=DISPATCH_SNAP_LIMIT_M)
        there = router.snap(many, max_distance_m=DISPATCH_SNAP_LIMIT_M, heading_deg=heading_deg)
        time_s = _searched(router, here, there, towards=towards)
        return TravelTimes(
            time_s=time_s,
            ignoring_closures_s=self._ignoring_closures_s(
                profile, time_s, here, there, towards=towards
            ),
            snap_distance_m=there.distance_m,
            place_snap_distance_m=float(here.distance_m[0]),
            no_road=~there.found,
            basis="road",
            versions=versions,
        )

    def _ignoring_closures_s(
        self,
        profile: Profile,
        time_s: FloatArray,
        here: SnapResult,
        there: SnapResult,
        *,
        towards: bool,
    ) -> FloatArray:
        """Return `time_s` with the times of who is cut off as if nothing were closed."""
        cut_off = np.isinf(time_s) & there.found
        if not cut_off.any():
            return time_s
        roads = self._required().profile(profile)
        if not roads.times.closed_legs.size:
            return time_s
        open_s = time_s.copy()
        open_s[cut_off] = _searched(
            roads.ignoring_closures, here, there.take(cut_off), towards=towards
        )
        return open_s

    def _nearest_departing(
        self,
        one: SnapResult,
        many: SnapResult,
        *,
        profile: Profile,
        k: int,
        towards: bool,
        with_routes: bool,
        at: datetime,
    ) -> Nearest:
        wanted = min(k, int(np.count_nonzero(many.found)))

        def ask(router: TimedRouter) -> tuple[FloatArray, datetime]:
            search = router.times_to if towards else router.times_from
            time_s = search(one, many, depart_at=at, k=k)
            reached = time_s[np.isfinite(time_s)]
            if reached.size < wanted:
                return time_s, _NEVER
            return time_s, at + timedelta(seconds=float(reached.max(initial=0.0)))

        time_s, router = self._settled(profile, ask, at=at, until=at + _FIRST_LOOK)
        row = _soonest(time_s, k)
        routes = tuple(
            router.route(*_ends(one, many, int(i), towards=towards), depart_at=at).route
            for i in (row if with_routes else ())
        )
        last = at + timedelta(seconds=float(time_s[row].max(initial=0.0)))
        return Nearest(
            row, time_s[row], routes, many.distance_m, float(one.distance_m[0]),
            self._timed_versions(profile), departs_at=at,
            changes_at=tuple(change for change in router.ahead.instants if at < change < last),
        )  # fmt: skip

    def _settled(
        self,
        profile: Profile,
        ask: Callable[[TimedRouter], tuple[T, datetime]],
        *,
        at: datetime,
        until: datetime,
    ) -> tuple[T, TimedRouter]:
        """Look further ahead until all that `ask` found lies within what was looked at."""
        city, layer = self._required(), self._layer(profile)

        def read(snapshot: ConditionsSnapshot, hours: frozenset[int]) -> ConditionsSnapshot:
            return read_hours(
                self._uow, self.city_id, snapshot, segments=self.segments, hours=hours
            )

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
            until = (
                latest if settled_at == _NEVER else max(settled_at + _MARGIN, at + 2 * (until - at))
            )

    def _timed_versions(self, profile: Profile) -> RoadVersions:
        """Times met on the way are of the conditions; no hierarchy takes part."""
        return RoadVersions(self._layer(profile).topology_id, self._required().conditions_id)

    def _changes(self, profile: Profile, at: datetime, until: datetime) -> bool:
        rules, snapshot = self._layer(profile).rules, self._required().snapshot
        return bool(change_instants_us(snapshot, rules, at=at, until=until).size)

    def _departure(self, depart_at: datetime | None) -> datetime:
        now = self._uow.clock.now()
        if depart_at is not None and not now - _LATE <= depart_at <= now + MAX_DEPARTURE_AHEAD:
            raise DepartureInvalidError(depart_at, now=now)
        # Another machine's clock may be ahead of ours: nothing is known from before its last write.
        return max(depart_at or now, now, self._required().snapshot.changed_at)


def _searched(
    router: RoadRouter, here: SnapResult, there: SnapResult, *, towards: bool
) -> FloatArray:
    if not here.found[0] or not len(there):
        return np.full(len(there), np.inf)
    return router.times_to(here, there) if towards else router.times_from(here, there)


def _soonest(time_s: FloatArray, k: int) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    """Return the rows of the k least times that are finite, soonest first."""
    row = np.argsort(time_s, kind="stable")[:k]
    return row[np.isfinite(time_s[row])]


def _ends(
    one: SnapResult, many: SnapResult, row: int, *, towards: bool
) -> tuple[SnapResult, SnapResult]:
    """Return start and end of the trip between the one place and a row of the many."""
    return (many.take(row), one) if towards else (one, many.take(row))

"""Exact routes and times of trips on which the roads change: by the hour, by what expires."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import numpy as np

from routing.engine.digraph import INFINITE_MS
from routing.engine.fifo import Direct, Ends, Starts, arrivals, driven_ms, path_to
from routing.graph.places import Places
from routing.guidance.path import Drive, assemble_route, drive_along
from routing.roads.model import BoolArray, FloatArray, IndexArray, RouteResult, SnapResult
from routing.search.errors import NoRouteError
from routing.search.router import DijkstraRouter, Scratch, arc_arrays, no_route_reason, seconds
from routing.timed.times_ahead import TimesAhead


@dataclass(frozen=True, slots=True, eq=False)
class TimedRoute:
    """A route driven at the times met on the way.

    route : its `elapsed_s` and steps are as driven
    arrives_at : when it ends
    stood_s : seconds of it spent in front of closed roads until they open
    instants : when road times change between departure and arrival
    """

    route: RouteResult
    arrives_at: datetime
    stood_s: float
    instants: tuple[datetime, ...]


@dataclass(frozen=True, slots=True, eq=False)
class _Found:
    """Outcome of one search; the parents in `scratch` are valid only while it is borrowed."""

    arrival_ms: IndexArray
    last: IndexArray
    starts: Places
    ends: Places
    direct: Direct
    scratch: Scratch


class TimedRouter:
    """Answers for any departure from `ahead.begins` on; changes after `ahead.until` are not known.

    A road that is closed when it is reached, or would be before it is left, is not entered: one
    stands in front of it until it opens, if that arrives earlier than every way around or there is
    none. Nobody stands in the middle of a road but who starts there.
    """

    def __init__(self, router: DijkstraRouter, ahead: TimesAhead) -> None:
        """Take graph, snapping and scratch arrays from `router`, the times from `ahead`."""
        self.ahead = ahead
        self._static = router
        self._bounds: DijkstraRouter | None = None

    def route(
        self, origin: SnapResult, destination: SnapResult, *, depart_at: datetime
    ) -> TimedRoute:
        """Return the route that arrives first.

        Raises
        ------
        NoRoadNearbyError
            If a point was not snapped.
        NoRouteError
            If no way joins them even after all that is known to change; `reason` says why.
        """
        destination.require()
        depart_ms = self._depart_ms(depart_at)
        with self._search(
            origin, destination, depart_ms=depart_ms, wanted=1, limit_ms=INFINITE_MS
        ) as found:
            if found.arrival_ms[0] >= INFINITE_MS:
                reason = no_route_reason(found.starts, found.ends)
                raise NoRouteError(reason, profile=self._static.profile)
            drive = self._drive(found, depart_ms)
        shares = (drive.start_share, drive.end_share)
        links = self.ahead.legs.arrays
        stood_ms, took_ms = driven_ms(links, drive.leg, drive.wait_ms, shares, depart_ms)
        route = assemble_route(
            self._static.graph,
            replace(drive, wait_ms=drive.wait_ms + stood_ms),
            driven_ms=took_ms,
            plane=self._static.snapper.plane,
            destination=destination.point[0],
        )
        arrives_at = self.ahead.begins + timedelta(milliseconds=int(found.arrival_ms[0]))
        passed = [one for one in self.ahead.instants if depart_at < one < arrives_at]
        return TimedRoute(route, arrives_at, float(stood_ms.sum()) / 1000.0, tuple(passed))

    def times_from(
        self,
        origin: SnapResult,
        destinations: SnapResult,
        *,
        depart_at: datetime,
        k: int | None = None,
        limit_s: float = np.inf,
    ) -> FloatArray:
        """Times (n,) in seconds to each destination, of the `k` reached first if given."""
        depart_ms = self._depart_ms(depart_at)
        found_count = int(np.count_nonzero(destinations.found))
        with self._search(
            origin, destinations, depart_ms=depart_ms,
            wanted=found_count if k is None else min(k, found_count),
            limit_ms=_limit_ms(depart_ms, limit_s),
        ) as found:  # fmt: skip
            return _since(depart_ms, found.arrival_ms)

    def times_to(
        self,
        destination: SnapResult,
        origins: SnapResult,
        *,
        depart_at: datetime,
        k: int | None = None,
        limit_s: float = np.inf,
    ) -> FloatArray:
        """Times (n,) in seconds from each origin, all leaving at once, of the `k` first if given.

        One search against the traffic at the least time of every road puts the origins in order
        of a bound that none can beat; in that order each is searched forward exactly, until the
        next bound lies behind the k-th arrival. Of origins that arrive together those with the
        lower row go first.
        """
        destination.require()
        depart_ms = self._depart_ms(depart_at)
        wanted = len(origins) if k is None else min(k, len(origins))
        arrival_ms = np.full(len(origins), INFINITE_MS, dtype=np.int32)
        latest_ms = _limit_ms(depart_ms, limit_s)
        done: list[int] = []
        for row, bound_ms in self._in_order(destination, origins, wanted):
            if depart_ms + bound_ms > latest_ms:
                break
            with self._search(
                origins.take(row), destination, depart_ms=depart_ms, wanted=1, limit_ms=latest_ms
            ) as found:
                arrival_ms[row] = found.arrival_ms[0]
            done.append(row)
            if len(done) >= wanted:
                kth_ms = int(np.partition(arrival_ms[done], wanted - 1)[wanted - 1])
                latest_ms = min(latest_ms, kth_ms)
        time_s = _since(depart_ms, arrival_ms)
        time_s[np.argsort(time_s, kind="stable")[wanted:]] = np.inf
        return time_s

    def _in_order(
        self, destination: SnapResult, origins: SnapResult, wanted: int
    ) -> Iterator[tuple[int, int]]:
        """Yield origins and their least times in ms, soonest first, as many as are asked for."""
        if self._bounds is None:
            self._bounds = self._static.with_times(self.ahead.least)
        told, count = 0, min(2 * wanted, len(origins))
        while count:
            bound_s = self._bounds.times_to(destination, origins, k=count)
            order = np.argsort(bound_s, kind="stable")[:count]
            for row in order[told:]:
                if np.isfinite(bound_s[row]):
                    yield int(row), round(bound_s[row] * 1000.0)
            told = count
            if count == len(origins) or not np.isfinite(bound_s[order[-1]]):
                return
            count = min(2 * count, len(origins))

    def _depart_ms(self, depart_at: datetime) -> int:
        if depart_at < self.ahead.begins:
            msg = f"Times are known from {self.ahead.begins} on, not at {depart_at}."
            raise ValueError(msg)
        return self.ahead.since_ms(depart_at)

    def _drive(self, found: _Found, depart_ms: int) -> Drive:
        """Unfold what was found for the first point into legs."""
        graph, starts, ends = self._static.graph, found.starts, found.ends
        last = int(found.last[0])
        if last < 0:
            start, end = int(found.direct[1][-2 - last]), int(found.direct[2][-2 - last])
            pairs, states = [(start, end)], [int(starts.state[start])]
        else:
            start, path = path_to(last, found.scratch.work)
            states = [int(starts.state[start]), *path]
            pairs = [(start, int(end)) for end in np.flatnonzero(ends.state == last)]
        drives = [
            drive_along(
                graph, states,
                start=(int(starts.row[start]), float(starts.share[start])),
                end=(int(ends.row[end]), float(ends.share[end])),
            )
            for start, end in pairs
        ]  # fmt: skip
        # Of several places of the destination on the last state that which is reached first.
        return min(drives, key=lambda one: self._time_ms(one, depart_ms))

    def _time_ms(self, drive: Drive, depart_ms: int) -> int:
        shares = (drive.start_share, drive.end_share)
        spans = driven_ms(self.ahead.legs.arrays, drive.leg, drive.wait_ms, shares, depart_ms)
        return int(sum(span.sum(dtype=np.int64) for span in spans) + drive.wait_ms.sum())

    @contextmanager
    def _search(
        self,
        origin: SnapResult,
        destinations: SnapResult,
        *,
        depart_ms: int,
        wanted: int,
        limit_ms: int,
    ) -> Iterator[_Found]:
        """Search from the one origin; what is left in the scratch is valid inside the context."""
        origin.require()
        graph, ahead = self._static.graph, self.ahead
        starts = self._static.places(origin)
        ends = self._static.places(destinations).with_copies(graph, ahead.base.leg_ms).by_state()
        direct = _direct(starts, ends)
        start_places: Starts = (starts.state, starts.row, starts.share)
        end_places: Ends = (ends.point, ends.state, ends.row, ends.share)
        n_points = len(destinations)
        arrival_ms = np.full(n_points, INFINITE_MS, dtype=np.int32)
        last = np.full(n_points, -1, dtype=np.int32)
        with self._static.scratch(n_points) as scratch:
            arrivals(
                arc_arrays(graph.successors),
                (graph.state_leg_start, graph.state_leg, graph.state_wait_ms),
                ahead.legs.arrays, ahead.states.arrays,
                (start_places, end_places, direct),
                depart_ms, wanted, limit_ms, scratch.query, scratch.work, arrival_ms, last,
            )  # fmt: skip
            yield _Found(arrival_ms, last, starts, ends, direct, scratch)


def _direct(starts: Places, ends: Places) -> Direct:
    """Pair places on one state, the end not behind the start; `ends` are in order of states."""
    left = np.searchsorted(ends.state, starts.state, side="left")
    count = np.searchsorted(ends.state, starts.state, side="right") - left
    here = np.repeat(np.arange(count.size), count)
    there = np.arange(here.size) - np.repeat(np.cumsum(count) - count - left, count)
    row, end = starts.row[here], ends.row[there]
    ahead: BoolArray = (row < end) | ((row == end) & (starts.share[here] <= ends.share[there]))
    pairs: Direct = (
        ends.point[there[ahead]],
        here[ahead].astype(np.int32),
        there[ahead].astype(np.int32),
    )
    return pairs


def _limit_ms(depart_ms: int, limit_s: float) -> int:
    return int(min(depart_ms + limit_s * 1000.0, INFINITE_MS - 1))


def _since(depart_ms: int, arrival_ms: IndexArray) -> FloatArray:
    return seconds(np.where(arrival_ms < INFINITE_MS, arrival_ms - depart_ms, INFINITE_MS))

"""Simulated drives with known legs and times, seen by a noisy receiver."""

from dataclasses import dataclass

import numpy as np

from routing.engine.digraph import INFINITE_MS
from routing.matching.model import Trace
from routing.roads.plane import LocalPlane
from routing.search.errors import NoRouteError
from routing.search.router import DijkstraRouter


@dataclass
class Drive:
    """Legs driven whole, when each is entered, and the path (v, 2) metres at times (v,)."""

    leg: np.ndarray
    enter_s: np.ndarray
    exit_s: np.ndarray
    xy: np.ndarray
    at_s: np.ndarray


def leg_line(segments, plane: LocalPlane, leg: int) -> np.ndarray:
    line = plane.to_xy(segments.line(leg // 2))
    return line if leg % 2 == 0 else line[::-1]


def drive_legs(segments, plane, legs, speed_m_s, *, stop_s=None) -> Drive:
    """Drive `legs` one after the other at (p,) metres of the map per second, stopping behind."""
    stop_s = np.zeros(len(legs)) if stop_s is None else stop_s
    xy, at_s, enter_s, exit_s, now = [], [], [], [], 0.0
    for leg, speed, stop in zip(legs, speed_m_s, stop_s, strict=True):
        line = leg_line(segments, plane, leg)
        along = np.concatenate(([0.0], np.cumsum(np.hypot(*np.diff(line, axis=0).T))))
        took = segments.length_m[leg // 2] / speed
        xy += [line, line[-1:]]
        at_s += [now + along / along[-1] * took, [now + took + stop]]
        enter_s.append(now)
        now += took + stop
        exit_s.append(now)
    return Drive(
        np.array(legs),
        np.array(enter_s),
        np.array(exit_s),
        np.concatenate(xy),
        np.concatenate(at_s),
    )


def observe(drive: Drive, plane, rng, *, every_s: float, noise_m: float, **columns) -> Trace:
    """Positions every `every_s` with normal noise in both axes."""
    at_s = np.arange(0.0, drive.at_s[-1], every_s)
    xy = np.column_stack([np.interp(at_s, drive.at_s, drive.xy[:, axis]) for axis in (0, 1)])
    seen = xy + rng.normal(0.0, noise_m, xy.shape)
    return Trace.of(plane.to_lonlat(seen), 1e9 + at_s, **columns)


def random_drive(graph, router: DijkstraRouter, rng, *, least_m: float) -> Drive:
    """A drive along the fastest way of a city whose times are disturbed: not the map's fastest."""
    segments, plane = graph.segments, router.snapper.plane
    free = graph.free_flow_ms
    disturbed = np.minimum(free * rng.uniform(1.0, 2.0, free.size), INFINITE_MS).astype(np.int32)
    other = router.with_times(disturbed)
    while True:
        ends = segments.coords[rng.integers(0, len(segments.coords), 2)]
        if np.hypot(*np.diff(plane.to_xy(ends), axis=0)[0]) < least_m:
            continue
        snapped = other.snap(ends, max_distance_m=5_000.0)
        try:
            route = other.route(snapped.take(0), snapped.take(1))
        except NoRouteError:
            continue
        legs = 2 * route.segment + np.where(route.forward, 0, 1)
        if legs.size < 5:
            continue
        pace = rng.uniform(0.5, 1.1, legs.size)
        speed = segments.length_m[legs // 2] / (free[legs] / 1000.0) * pace
        stop_s = np.where(rng.random(legs.size) < 0.15, rng.uniform(5, 40, legs.size), 0.0)
        return drive_legs(segments, plane, legs, speed, stop_s=stop_s)


def legs_right(truth: np.ndarray, found: np.ndarray) -> int:
    """Length of the longest common subsequence."""
    best = np.zeros(found.size + 1, dtype=int)
    for leg in truth:
        diagonal = np.where(found == leg, best[:-1] + 1, 0)
        best[1:] = np.maximum.accumulate(np.maximum(best[1:], diagonal))
    return int(best[-1])

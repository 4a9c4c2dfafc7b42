"""Traces of vehicles onto legs, with the time at which each was entered and left.

Hidden Markov model of Newson and Krumm, Hidden Markov map matching through noise and sparseness
(ACM GIS 2009): how far a road is from the observation, and how much the way between two places on
roads differs from the straight line between the observations. Ways are the fastest ones, bounded
by the time that passed.
"""

from dataclasses import dataclass

import numpy as np

from routing.engine.digraph import INFINITE_MS
from routing.graph.build import RoadGraph
from routing.matching.driven import Driven
from routing.matching.kernels import START, Goals, Layers, Origins, decode, new_work
from routing.matching.model import (
    DEFAULT_SETTINGS,
    MATCHED,
    NO_ROAD,
    OUTLIER,
    STILL,
    MatchedTrace,
    MatchSettings,
    Trace,
)
from routing.matching.path import drive, thin, waits
from routing.roads.model import FloatArray, IdArray, IndexArray, freeze
from routing.snap.snapper import Snapper

_MAX_CANDIDATES = 20
_MIN_SIGMA_M = 4.0
_SIGMAS_PER_ACCURACY = 1.5  # the radius of 68 % of a round normal distribution


@dataclass(frozen=True, slots=True, eq=False)
class _Candidates:
    """Places on legs; point (c,) row of the observation, sorted; the rest as in the kernels."""

    point: IndexArray
    leg: IndexArray
    share: FloatArray
    distance_m: FloatArray
    origins: Origins
    goals: Goals


class Matcher:
    """Matches traces on one graph; not to be shared between threads that run at once."""

    def __init__(
        self,
        graph: RoadGraph,
        *,
        snapper: Snapper | None = None,
        leg_ms: IndexArray | None = None,
        settings: MatchSettings = DEFAULT_SETTINGS,
    ) -> None:
        """Match on `graph` at its own times, or those of `leg_ms` (2 * n_segments,) int32."""
        self.graph = graph
        self.settings = settings
        self._snapper = snapper or Snapper(graph.segments, graph.usable_legs)
        self._leg_ms = graph.free_flow_ms if leg_ms is None else leg_ms
        row_ms = self._leg_ms[graph.state_leg].astype(np.int64) + graph.state_wait_ms
        row_m = graph.segments.length_m[graph.state_leg // 2]
        self._before_ms = np.concatenate(([0], np.cumsum(row_ms)))
        self._before_m = np.concatenate(([0.0], np.cumsum(row_m)))
        arcs = graph.successors
        state_m = self._before_m[graph.state_leg_start[1:]]
        self._ways = (
            arcs.start,
            arcs.to,
            arcs.delay_ms,
            graph.state_times_ms(self._leg_ms),
            freeze(state_m - self._before_m[graph.state_leg_start[:-1]]),
        )
        self._chains = (graph.state_leg_start, graph.state_wait_ms, graph.place_state)
        self._work = new_work(graph.n_states, arcs.to.size)

    def match(self, trace: Trace) -> MatchedTrace:
        """Find the likeliest legs of a trace.

        Raises
        ------
        InvalidPointError
            If a place is no longitude and latitude.
        """
        n = trace.at_s.size
        xy = self._snapper.plane.to_xy(trace.lonlat)
        told = trace.accuracy_m / _SIGMAS_PER_ACCURACY
        sigma_m = np.maximum(np.where(np.isnan(told), self.settings.sigma_m, told), _MIN_SIGMA_M)
        kept_as = thin(xy, 2.0 * sigma_m)
        kept = np.flatnonzero(kept_as == np.arange(n))
        candidates = self._candidates(trace, kept, sigma_m)
        points, first = np.unique(candidates.point, return_index=True)
        away = candidates.distance_m / sigma_m[candidates.point]
        layers: Layers = (
            np.append(first, candidates.point.size).astype(np.int32),
            np.ascontiguousarray(xy[points]),
            trace.at_s[points],
            5.0 * sigma_m[points],
            candidates.leg,
            -0.5 * away**2,
        )
        settings = self.settings
        self._renew_work()
        previous, chosen, probability = decode(
            self._ways, layers, candidates.origins, candidates.goals,
            (settings.beta_m, settings.beta_share), settings.max_gap_s, settings.max_skipped,
            settings.max_speed_m_s, self._work,
        )  # fmt: skip
        # A part of one observation says nothing of where the vehicle went.
        alone = (previous == START) & ~np.isin(np.arange(previous.size), previous)
        chosen[alone] = -1
        rows, target, turned, visit = drive(
            self._ways, self._chains, layers, candidates.origins, candidates.goals,
            previous, chosen, self._work,
        )  # fmt: skip
        on = np.flatnonzero(chosen >= 0)
        driven = Driven(
            row=rows,
            leg=self.graph.state_leg[rows],
            part=(np.cumsum(previous[on] == START)[np.searchsorted(on, target)] - 1),
            turned=turned,
            after=np.searchsorted(on, target),
            visit=visit[on],
            share=candidates.share[chosen[on]],
        )
        length_m = self.graph.segments.length_m[driven.leg // 2]
        noise_m = float(sigma_m.max(initial=_MIN_SIGMA_M))
        driven = driven.without_spurs(length_m, at_most_m=4.0 * noise_m)
        length_m = self.graph.segments.length_m[driven.leg // 2]
        driven = driven.without_stubs(length_m, at_most_m=2.5 * noise_m)
        observed = points[on]
        departed = np.append(kept[1:], n)[np.searchsorted(kept, observed)] - 1
        enter_s, exit_s, from_share, to_share = driven.times(
            self._leg_ms[driven.leg],
            trace.at_s[observed],
            departed_s=trace.at_s[departed],
            at_junction=driven.share * self.graph.segments.length_m[driven.leg[driven.visit] // 2]
            <= 2.5 * noise_m,
        )
        share, distance_m = np.full((2, n), np.nan)
        share[observed] = driven.share
        distance_m[observed] = candidates.distance_m[chosen[on]]
        visit_of = np.full(n, -1, dtype=np.int32)
        visit_of[observed] = driven.visit
        status = np.full(n, NO_ROAD, dtype=np.int8)
        status[points] = np.where(chosen >= 0, MATCHED, OUTLIER)
        status[(kept_as != np.arange(n)) & (status[kept_as] == MATCHED)] = STILL
        # At a junction the end of one leg and the start of the next are one place.
        sure = np.where(np.isin(candidates.leg, driven.leg), probability, 0.0)
        seen_sure = np.bincount(candidates.point, sure, minlength=n)[observed].astype(np.float64)
        return MatchedTrace(
            leg=freeze(driven.leg),
            part=freeze(driven.part.astype(np.int32)),
            from_share=freeze(from_share),
            to_share=freeze(to_share),
            enter_s=freeze(enter_s),
            exit_s=freeze(exit_s),
            wait_s=freeze(waits(self._ways, self._chains, driven.row) / 1000.0),
            confidence=freeze(driven.confidence(seen_sure)),
            status=freeze(status),
            visit=freeze(visit_of),
            share=freeze(share),
            distance_m=freeze(distance_m),
        )

    def _candidates(self, trace: Trace, kept: IdArray, sigma_m: FloatArray) -> _Candidates:
        """Collect the legs near each kept observation, the nearest `_MAX_CANDIDATES` of them."""
        radius_m = np.maximum(self.settings.radius_m, 4.0 * sigma_m[kept])
        widest_m = float(radius_m.max(initial=0.0))
        near = self._snapper.snap(
            trace.lonlat[kept],
            max_distance_m=widest_m,
            heading_deg=trace.heading_deg[kept],
            slack_m=widest_m,
        )
        owner = near.point_of_candidate()
        row, direction = np.nonzero(near.open_legs)
        leg = (2 * near.segment[row] + direction).astype(np.int32)
        usable = near.candidate_distance_m[row] <= radius_m[owner[row]]
        usable &= (self.graph.leg_place[leg] >= 0) & (self._leg_ms[leg] < INFINITE_MS)
        row, direction, leg = row[usable], direction[usable], leg[usable]
        point = owner[row]
        rank = np.arange(point.size) - np.searchsorted(point, point, side="left")
        few = rank < _MAX_CANDIDATES
        row, direction, leg, point = row[few], direction[few], leg[few], point[few]
        share = np.where(direction == 0, near.fraction[row], 1.0 - near.fraction[row])
        return _Candidates(
            point=kept[point].astype(np.int32),
            leg=leg,
            share=share,
            distance_m=near.candidate_distance_m[row],
            origins=self._origins(leg, share),
            goals=self._goals(leg, share),
        )

    def _origins(self, leg: IndexArray, share: FloatArray) -> Origins:
        """Where candidates stand on their states, and where they would after turning round."""
        legs = np.column_stack((leg, leg ^ 1))
        shares = np.column_stack((share, 1.0 - share))
        row = self.graph.leg_place[legs]
        open_ = (row >= 0) & (self._leg_ms[legs] < INFINITE_MS)
        state = np.where(open_, self.graph.place_state[row], -1).astype(np.int32)
        spent_ms, spent_m = self._spent(row, legs, shares)
        left_ms = np.clip(self._ways[3][state] - spent_ms, 0, INFINITE_MS).astype(np.int32)
        return state, row, spent_ms, left_ms, spent_m, self._ways[4][state] - spent_m

    def _goals(self, leg: IndexArray, share: FloatArray) -> Goals:
        """Rows on which candidates may be reached: a leg's own and those of its copies."""
        graph = self.graph
        first = np.searchsorted(graph.copy_leg, leg, side="left")
        copies = np.searchsorted(graph.copy_leg, leg, side="right") - first
        start = np.concatenate(([0], np.cumsum(copies + 1))).astype(np.int32)
        candidate = np.repeat(np.arange(leg.size), copies + 1)
        nth = np.arange(candidate.size) - start[candidate]
        row = graph.leg_place[leg[candidate]]
        copied = nth > 0
        row[copied] = graph.copy_place[first[candidate[copied]] + nth[copied] - 1]
        spent_ms, spent_m = self._spent(row, leg[candidate], share[candidate])
        return start, graph.place_state[row], row, spent_ms, spent_m

    def _spent(
        self, row: IndexArray, leg: IndexArray, share: FloatArray
    ) -> tuple[IndexArray, FloatArray]:
        """Free-flow milliseconds and metres from the start of the state to a place on it."""
        first = self.graph.state_leg_start[self.graph.place_state[row]]
        spent_ms = self._before_ms[row] - self._before_ms[first]
        spent_ms = np.minimum(spent_ms + np.rint(share * self._leg_ms[leg]), INFINITE_MS)
        spent_m = self._before_m[row] - self._before_m[first]
        spent_m = spent_m + share * self.graph.segments.length_m[leg // 2]
        return spent_ms.astype(np.int32), spent_m

    def _renew_work(self) -> None:
        """Stamps are 32-bit numbers; a fresh scratch starts them anew long before they run out."""
        if self._work[7].max() > 2**30:
            self._work = new_work(self.graph.n_states, self._ways[1].size)

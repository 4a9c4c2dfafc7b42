"""The plain search that trips with changing times are held against: leg by leg, read afresh."""

from datetime import UTC, datetime, timedelta
from heapq import heappop, heappush

import numpy as np

from routing.conditions.leg_times import leg_times
from routing.conditions.snapshot import to_us
from routing.engine.digraph import INFINITE_MS
from routing.roads.model import Profile
from routing.rules.profiles import PROFILES

T = datetime(2026, 5, 4, 11, 57, tzinfo=UTC)
ZONE = "Asia/Shanghai"
AHEAD = timedelta(hours=3)


class Afresh:
    """Every leg's times read from the snapshot as a whole at every instant; no shortcuts."""

    def __init__(self, graph, shot, profile=Profile.CAR, until=T + AHEAD):
        self.graph = graph
        us = to_us(T)
        hours = [us // 3_600_000_000 * 3_600_000_000 + i * 3_600_000_000 for i in range(1, 5)]
        self.instants = sorted(
            one for one in {*shot.transitions_us.tolist(), *hours} if us < one <= to_us(until)
        )
        moments = [T, *(T + timedelta(microseconds=one - us) for one in self.instants)]
        self.leg_ms = [
            leg_times(
                graph.segments, PROFILES[profile], free_flow_ms=graph.free_flow_ms,
                snapshot=shot, at=at, contraflow_ms=graph.contraflow_ms,
            ).leg_ms.tolist()
            for at in moments
        ]  # fmt: skip
        self.since = [0, *(-((us - one) // 1000) for one in self.instants)]
        self.arcs = [[] for _ in range(graph.state_leg.size)]
        for state in range(graph.n_states):
            first, stop = graph.state_leg_start[state : state + 2]
            for row in range(first, stop - 1):
                self.arcs[row].append((row + 1, int(graph.state_wait_ms[row])))
            arcs = graph.successors
            for arc in range(arcs.start[state], arcs.start[state + 1]):
                entered = int(graph.state_leg_start[arcs.to[arc]])
                self.arcs[stop - 1].append((entered, int(arcs.delay_ms[arc])))

    def finish(self, leg, now, begin=0.0, end=1.0):
        """Drive a leg in one go: from now, or from the first instant at which that is possible."""

        def part(piece):
            ms = self.leg_ms[piece][leg]
            return np.floor(end * ms + 0.5) - np.floor(begin * ms + 0.5)

        for depart in [now, *(one for one in self.since if one > now)]:
            piece = max(i for i, one in enumerate(self.since) if one <= depart)
            at, left = float(depart), None
            while self.leg_ms[piece][leg] < INFINITE_MS:
                if left is None:
                    left = part(piece)
                if piece + 1 == len(self.since) or at + left <= self.since[piece + 1]:
                    return int(np.rint(at + left))
                if self.leg_ms[piece + 1][leg] != self.leg_ms[piece][leg]:
                    share = (left - (self.since[piece + 1] - at)) / part(piece)
                    left, at = share * part(piece + 1), float(self.since[piece + 1])
                else:
                    left -= self.since[piece + 1] - at
                    at = float(self.since[piece + 1])
                piece += 1
        return None

    def arrival(self, origin, destination, depart_ms):
        """Instant of arrival between two points on legs (segment, fraction), or infinity."""
        graph, best, heap, label = self.graph, np.inf, [], {}
        goals = {}
        for leg, share in _legs(graph, *destination):
            copies = graph.copy_place[graph.copy_leg == leg].tolist()
            goals |= dict.fromkeys([int(graph.leg_place[leg]), *copies], share)
        for leg, share in _legs(graph, *origin):
            row = int(graph.leg_place[leg])
            if row in goals and share <= goals[row]:
                end = self.finish(leg, depart_ms, share, goals[row])
                best = best if end is None else min(best, end)
            end = self.finish(leg, depart_ms, share)
            for to, wait in self.arcs[row] if end is not None else ():
                heappush(heap, (end + wait, to))
        while heap:
            now, row = heappop(heap)
            if now >= best or label.get(row, np.inf) <= now:
                continue
            label[row] = now
            leg = int(graph.state_leg[row])
            if row in goals:
                end = self.finish(leg, now, 0.0, goals[row])
                best = best if end is None else min(best, end)
            end = self.finish(leg, now)
            for to, wait in self.arcs[row] if end is not None else ():
                heappush(heap, (end + wait, to))
        return best


def _legs(graph, segment, fraction):
    for leg, share in ((2 * segment, fraction), (2 * segment + 1, 1.0 - fraction)):
        if graph.leg_place[leg] >= 0:
            yield leg, share

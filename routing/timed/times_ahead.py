"""Times of legs and states over the hours ahead: what is known now of what will change. Pure.

A trip of an hour meets another hour of the week, and conditions that begin or expire on the way. At
each such instant only the legs it can touch are looked at again, by the one rule of `leg_times`.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from routing.conditions.leg_times import leg_times
from routing.conditions.model import MOTOR_CLASSES, LegArray, ProfileRows, SpeedRows, vehicle_class
from routing.conditions.snapshot import ConditionsSnapshot, to_time, to_us
from routing.engine.fifo import Change, ChangingTimes
from routing.graph.build import RoadGraph
from routing.graph.chains import chain_times_ms
from routing.graph.edge_times import EdgeTimes
from routing.roads.model import BoolArray, FloatArray, IdArray, IndexArray
from routing.rules.model import ProfileRules

MAX_AHEAD = timedelta(hours=6)
"""How far ahead changes are looked at. What holds then is taken to hold from then on."""

_HOUR_US = 3_600_000_000


@dataclass(frozen=True, eq=False)
class TimesAhead:
    """Times of one profile from a moment on. Arrays are read-only.

    begins : when they begin; instants in the searches are milliseconds since then
    until : up to when changes were looked at
    base : times from `begins` to the first change
    instants : when a leg's time changes, ascending
    """

    begins: datetime
    until: datetime
    base: EdgeTimes
    instants: tuple[datetime, ...]
    legs: ChangingTimes
    states: ChangingTimes
    graph: RoadGraph

    @cached_property
    def least(self) -> EdgeTimes:
        """The least time of each leg, and their sums: a bound that no departure beats."""
        return EdgeTimes.of(self.graph, self.legs.least_ms())

    def since_ms(self, at: datetime) -> int:
        """Return the instant of a time, rounded down."""
        return (at - self.begins) // timedelta(milliseconds=1)

    def before(self, at: datetime) -> tuple[datetime, ...]:
        """Return the instants before `at`."""
        return tuple(one for one in self.instants if one < at)


def change_instants_us(
    snapshot: ConditionsSnapshot, rules: ProfileRules, *, at: datetime, until: datetime
) -> IdArray:
    """Return when something that is known may change after `at`, up to `until`: (c,) int64 us."""
    begins_us, until_us = snapshot.moment_us(at), to_us(until)
    known = snapshot.transitions_us
    passed = known[(known > begins_us) & (known <= until_us)]
    if not _goes_by_the_hour(snapshot, rules):
        return passed
    first = (begins_us // _HOUR_US + 1) * _HOUR_US
    return np.union1d(passed, np.arange(first, until_us + 1, _HOUR_US, dtype=np.int64))


def hours_needed(
    snapshot: ConditionsSnapshot, rules: ProfileRules, *, at: datetime, until: datetime
) -> frozenset[int]:
    """Return the hours of the week whose learned speeds are needed and not in the snapshot."""
    if not _goes_by_the_hour(snapshot, rules):
        return frozenset()
    steps = range((until - at) // timedelta(hours=1) + 1)
    moments = [*(at + timedelta(hours=step) for step in steps), until]
    hours = {snapshot.hour_of_week(moment) for moment in moments}
    return frozenset(hour for hour in hours if (hour, False) not in snapshot.profiles)


def times_ahead(
    graph: RoadGraph,
    rules: ProfileRules,
    snapshot: ConditionsSnapshot,
    *,
    at: datetime,
    until: datetime,
) -> TimesAhead:
    """Work out what changes between two moments.

    Parameters
    ----------
    graph, rules, snapshot
        Of one network.
    at, until : datetime
        Aware; `at` before the snapshot's last write is taken as that.

    Raises
    ------
    ConditionsOutdatedError
        The learned speeds of an hour are missing; see `hours_needed`.
    """
    begins = to_time(snapshot.moment_us(at))
    by_the_hour = _goes_by_the_hour(snapshot, rules)
    if not by_the_hour:
        snapshot = replace(snapshot, profiles_change=0, profiles={})
    base = EdgeTimes.of(graph, _all_ms(graph, rules, snapshot, at=begins))
    instants_us = change_instants_us(snapshot, rules, at=begins, until=until)
    some = _SomeRoads.touched(graph, rules, snapshot, instants_us=instants_us)
    now_ms = base.leg_ms.copy()
    leg_changes: list[Change] = []
    state_changes: list[Change] = []
    instants = []
    for instant_us in instants_us:
        moment = to_time(int(instant_us))
        if by_the_hour and instant_us % _HOUR_US == 0:
            then_ms = _all_ms(graph, rules, snapshot, at=moment)
            legs = np.flatnonzero(then_ms != now_ms).astype(np.int32)
            later_ms = then_ms[legs]
        else:
            then_ms = some.at(moment)
            touched = then_ms != now_ms[some.leg]
            legs, later_ms = some.leg[touched], then_ms[touched]
        if not legs.size:
            continue
        now_ms[legs] = later_ms
        # Rounded up: not before it is so.
        since_ms = -((to_us(begins) - int(instant_us)) // 1000)
        states = graph.states_of(legs)
        leg_changes.append((legs, since_ms, later_ms))
        state_changes.append((states, since_ms, _state_times_ms(graph, states, now_ms)))
        instants.append(moment)
    return TimesAhead(
        begins=begins, until=until, base=base, instants=tuple(instants),
        legs=ChangingTimes.of(base.leg_ms, leg_changes),
        states=ChangingTimes.of(base.state_ms, state_changes), graph=graph,
    )  # fmt: skip


def _goes_by_the_hour(snapshot: ConditionsSnapshot, rules: ProfileRules) -> bool:
    return bool(snapshot.profiles_change) and vehicle_class(rules.profile) in MOTOR_CLASSES


def _all_ms(
    graph: RoadGraph, rules: ProfileRules, snapshot: ConditionsSnapshot, *, at: datetime
) -> IndexArray:
    return leg_times(
        graph.segments, rules, free_flow_ms=graph.free_flow_ms, snapshot=snapshot, at=at,
        contraflow_ms=graph.contraflow_ms,
    ).leg_ms  # fmt: skip


def _state_times_ms(graph: RoadGraph, states: IndexArray, leg_ms: IndexArray) -> IndexArray:
    first = graph.state_leg_start[states]
    size = graph.state_leg_start[states + 1] - first
    start = np.concatenate(([0], np.cumsum(size))).astype(np.int32)
    row = np.arange(start[-1]) + np.repeat(first - start[:-1], size)
    return chain_times_ms(start, graph.state_leg[row], graph.state_wait_ms[row], leg_ms)


@dataclass(frozen=True, slots=True, eq=False)
class _SomeRoads:
    """The roads that transitions touch, as a small network of its own.

    leg : (2k,) int32 their legs in the whole network; `length_m` (k,) as `Lengths`
    """

    leg: LegArray
    length_m: FloatArray
    rules: ProfileRules
    snapshot: ConditionsSnapshot
    free_flow_ms: IndexArray
    contraflow_ms: IndexArray

    @classmethod
    def touched(
        cls,
        graph: RoadGraph,
        rules: ProfileRules,
        snapshot: ConditionsSnapshot,
        *,
        instants_us: IdArray,
    ) -> "_SomeRoads":
        """Cut out the roads of all conditions and speeds that begin or expire at `instants_us`."""
        table, live = snapshot.table, snapshot.speeds
        turning = np.isin(table.starts_us, instants_us) | np.isin(table.expires_us, instants_us)
        legs = (table.leg[turning[table.owner]], live.leg[np.isin(live.expires_us, instants_us)])
        hit = np.zeros(len(graph.segments), dtype=np.bool_)
        hit[np.concatenate(legs) >> 1] = True
        segment: LegArray = np.flatnonzero(hit).astype(np.int32)
        leg = np.repeat(2 * segment, 2)
        leg[1::2] += 1

        def within(one: LegArray) -> tuple[BoolArray, NDArray[np.int32]]:
            place = np.searchsorted(leg, one)
            found = place < leg.size
            found[found] = leg[place[found]] == one[found]
            return found, place[found].astype(np.int32)

        kept, place = within(table.leg)
        table = replace(table, owner=table.owner[kept], leg=place, share=table.share[kept])
        kept, place = within(live.leg)
        live = SpeedRows(place, *(column[kept] for column in live.columns[1:]))
        profiles = {}
        for key, rows in snapshot.profiles.items():
            kept, place = within(rows.leg)
            profiles[key] = ProfileRows(place, rows.speed_kmh[kept])
        return cls(
            leg, graph.segments.length_m[segment], rules,
            replace(snapshot, table=table, speeds=live, profiles=profiles),
            graph.free_flow_ms[leg], graph.contraflow_ms[leg],
        )  # fmt: skip

    def at(self, moment: datetime) -> IndexArray:
        """Time of each of `leg` at a moment, (2k,) int32 ms."""
        return leg_times(
            self, self.rules, free_flow_ms=self.free_flow_ms, snapshot=self.snapshot, at=moment,
            contraflow_ms=self.contraflow_ms,
        ).leg_ms  # fmt: skip

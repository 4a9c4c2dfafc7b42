"""Any order of writes and hours against a plain list: which legs are closed at each moment?"""

from datetime import UTC, datetime, timedelta

import hypothesis
import numpy as np
import pytest
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from data.service import store_city
from gis.access import SYSTEM
from gis.clock import FixedClock
from gis.database import Database
from routing.conditions.closures import (
    NewCondition,
    close_roads,
    end_condition,
    extend_condition,
    report_flood,
)
from routing.conditions.errors import (
    ConditionTimesError,
    RoadConditionOverError,
    RoadConditionStaleError,
)
from routing.conditions.leg_times import leg_times
from routing.conditions.read import read_snapshot, refresh_network
from routing.conditions.sketch import EdgeChoice, Sketch
from routing.conditions.snapshot import to_us
from routing.conditions.speeds import SpeedBatch, set_speeds
from routing.engine.digraph import INFINITE_MS
from routing.graph.build import build_graph
from routing.roads import repository
from routing.roads.model import Profile
from routing.rules.profiles import PROFILES
from tests.cities import grid_city

pytestmark = pytest.mark.database

START = datetime(2026, 5, 4, 12, tzinfo=UTC)
SEGMENTS = 12
DIRECTIONS = {"both": (0, 1), "forward": (0,), "backward": (1,)}
MINUTES = st.integers(1, 90)
EDGES = st.lists(
    st.tuples(st.integers(0, SEGMENTS - 1), st.sampled_from(sorted(DIRECTIONS))),
    min_size=1,
    max_size=3,
)


class Machine(RuleBasedStateMachine):
    """The database beside a list of [id, legs, start, end, version, ended]."""

    def __init__(self, database: Database, clock: FixedClock) -> None:
        super().__init__()
        self.database, self.clock = database, clock
        self.known: list[dict] = []
        self.live: dict[tuple[int, str], tuple[float, datetime, datetime]] = {}
        with database.unit_of_work(SYSTEM) as uow:
            key = f"grid-{uow.ids.new()}"
            self.data = grid_city(3, key=key)
            self.city_id = store_city(uow, self.data).city_id
        self.load()

    def load(self) -> None:
        with self.database.read(SYSTEM) as uow:
            self.segments = repository.segments_of(
                repository.read_segment_rows(uow.session, self.city_id)
            )
            versions = {v.city_id: v for v in repository.network_versions(uow.session)}
        assert len(self.segments) == SEGMENTS
        self.version = versions[self.city_id].network_version
        self.free_ms = build_graph(self.segments, Profile.CAR).free_flow_ms
        self.snapshot = None
        self.stale = False

    def write(self, use_case, *args, **given):
        with self.database.unit_of_work(SYSTEM) as uow:
            return use_case(uow, *args, **given)

    def _sketch(self, edges) -> Sketch:
        # Edges are named as the stored map has them, which this process may not hold yet.
        with self.database.read(SYSTEM) as uow:
            stored = repository.segments_of(
                repository.read_segment_rows(uow.session, self.city_id)
            ).segment_id
        return Sketch("edges", edges=tuple(
            EdgeChoice(segment_id=int(stored[row]), direction=direction)
            for row, direction in edges
        ))  # fmt: skip

    def _remember(self, view, edges) -> None:
        legs = {2 * row + side for row, direction in edges for side in DIRECTIONS[direction]}
        self.known.append({
            "id": view.condition_id, "legs": legs, "start": view.starts_at,
            "end": view.expires_at, "version": view.version, "ended": False,
        })  # fmt: skip

    @rule(edges=EDGES, wait=st.integers(0, 40), minutes=MINUTES, water=st.booleans())
    def close(self, edges, wait, minutes, water) -> None:
        now = self.clock.now()
        start = now + timedelta(minutes=wait)
        new = NewCondition(
            self.city_id, self._sketch(edges), start + timedelta(minutes=minutes),
            reason_en="test", starts_at=start, confirmed=True,
        )  # fmt: skip
        given = {"depth_m": 1.0} if water else {}
        view = self.write(report_flood if water else close_roads, new, **given)
        self._remember(view, edges)

    @rule(data=st.data())
    def end(self, data) -> None:
        if not self.known:
            return
        one = data.draw(st.sampled_from(self.known))
        over = one["ended"] or one["end"] <= self.clock.now()
        if over:
            with pytest.raises(RoadConditionOverError):
                self.write(end_condition, one["id"])
        else:
            self.write(end_condition, one["id"], expected_version=one["version"])
            one["ended"] = True

    @rule(data=st.data(), minutes=st.integers(-30, 90), right=st.booleans())
    def extend(self, data, minutes, right) -> None:
        if not self.known:
            return
        one = data.draw(st.sampled_from(self.known))
        now = self.clock.now()
        end = now + timedelta(minutes=minutes)
        version = one["version"] if right else one["version"] + 7
        given = {"expires_at": end, "expected_version": version}
        refusals = (
            (one["ended"] or one["end"] <= now, RoadConditionOverError),
            (not right, RoadConditionStaleError),
            (end <= now or end <= one["start"], ConditionTimesError),
        )
        error = next((kind for applies, kind in refusals if applies), None)
        if error:
            with pytest.raises(error):
                self.write(extend_condition, one["id"], **given)
        else:
            view = self.write(extend_condition, one["id"], **given)
            one |= {"end": end, "version": view.version}

    @rule(row=st.integers(0, SEGMENTS - 1), kmh=st.integers(1, 200), minutes=MINUTES,
          source=st.sampled_from("ab"))  # fmt: skip
    def measure(self, row, kmh, minutes, source) -> None:
        now = self.clock.now()
        with self.database.read(SYSTEM) as uow:
            stored = repository.segments_of(
                repository.read_segment_rows(uow.session, self.city_id)
            ).segment_id
        end = now + timedelta(minutes=minutes)
        batch = SpeedBatch(int(stored[row]), 0, kmh, to_us(now), to_us(end))
        self.write(set_speeds, self.city_id, batch, source=source)
        self.live[2 * row, source] = (kmh, now, end)

    @rule(minutes=st.integers(0, 45))
    def wait(self, minutes) -> None:
        self.clock.advance(60.0 * minutes)

    @rule(carried=st.booleans(), followed=st.booleans())
    def load_new_map(self, carried, followed) -> None:
        with self.database.unit_of_work(SYSTEM) as uow:
            store_city(uow, self.data)
            if carried:
                refresh_network(uow, self.city_id)
        if not carried:
            # Speeds are only known again when they are carried over; closures always are.
            self.write(refresh_network, self.city_id)
        self.stale = not followed
        if followed:
            self.load()

    @rule()
    def follow_new_map(self) -> None:
        self.load()

    @invariant()
    def the_same_legs_are_closed(self) -> None:
        now = self.clock.now()
        with self.database.read(SYSTEM) as uow:
            given = {"segments": self.segments, "network_version": self.version, "at": now}
            self.snapshot = read_snapshot(uow, self.city_id, previous=self.snapshot, **given)
            fresh = read_snapshot(uow, self.city_id, **given)
        expected = set()
        for one in self.known:
            if not one["ended"] and one["start"] <= now < one["end"]:
                expected |= one["legs"]
        free = {"free_flow_ms": self.free_ms, "at": now}
        times = leg_times(self.segments, PROFILES[Profile.CAR], snapshot=self.snapshot, **free)
        again = leg_times(self.segments, PROFILES[Profile.CAR], snapshot=fresh, **free)
        assert set(np.flatnonzero(times.leg_ms >= INFINITE_MS)) == expected
        assert set(np.flatnonzero(again.leg_ms >= INFINITE_MS)) == expected
        if not self.stale:
            assert times.conditions_id == again.conditions_id
            self._same_speeds(times.without_closures_ms, now)

    def _same_speeds(self, ms, now) -> None:
        for leg in range(2 * SEGMENTS):
            rows = [
                (seen, kmh) for (one, _), (kmh, seen, end) in self.live.items()
                if one == leg and now < end
            ]  # fmt: skip
            newest = max((seen for seen, _ in rows), default=None)
            allowed = {
                max(1, round(float(self.segments.length_m[leg // 2]) * 3600 / kmh))
                for seen, kmh in rows if seen == newest
            }  # fmt: skip
            assert int(ms[leg]) in (allowed or {int(self.free_ms[leg])})


def test_the_database_agrees_with_a_plain_list(database: Database) -> None:
    clock = FixedClock(START)
    examples = 8 if hypothesis.settings().max_examples < 100 else 60
    opened = Database(database.url, clock=clock, pool_size=2)
    try:
        run_state_machine_as_test(
            lambda: Machine(opened, clock),
            settings=hypothesis.settings(
                max_examples=examples, stateful_step_count=20, deadline=None,
                suppress_health_check=list(hypothesis.HealthCheck),
            ),
        )  # fmt: skip
    finally:
        opened.close()

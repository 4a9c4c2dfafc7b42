"""Positions in the database become the speeds of the next answer, each counted once."""

from datetime import timedelta
from pathlib import Path

import numpy as np
import pytest

from gis.access import SYSTEM
from gis.database import Database
from routing.conditions.leg_times import Decider
from routing.learning import service as service_learning
from routing.learning.leg_cells import HALF_LIFE_DAYS
from routing.roads.model import Profile
from tests.cities import corner
from tests.routing.conditions.town import NOON
from tests.routing.learning.town import LATER, LearningTown

pytestmark = pytest.mark.database

SLOW_KMH = 9.0
DAY = timedelta(days=1)


@pytest.fixture
def town(database: Database, tmp_path: Path):
    town = LearningTown(database, tmp_path)
    yield town
    town.database.close()


def test_slow_streets_are_slow_in_the_same_hour_of_the_next_week(town: LearningTown) -> None:
    def follow_and_ask() -> float:
        with town.database.read(SYSTEM) as uow, town.routing.at(uow, town.city_id) as roads:
            return float(roads.times_from(*ends, profile=Profile.AMBULANCE).time_s[0])

    ends = corner(0, 3), [corner(7, 3)]
    empty_s = follow_and_ask()
    for unit in range(4):
        town.drive(row=3, start_at=NOON + timedelta(minutes=5), speed_kmh=SLOW_KMH, unit=unit)
    tried = town.learn(store=False)
    assert (tried.stored, tried.trips, tried.refused, tried.since) == (None, 4, 0, None)
    assert (town.seen(), town.counters()) == ([], (0, 0, None))
    steps = []
    learned = town.learn(progress=lambda *at: steps.append(at))
    assert steps[-1] == ("trips", 1.0)
    assert sorted(steps) == steps
    assert (learned.drives, learned.cells) == (tried.drives, tried.cells)
    assert learned.stored.stored == learned.cells > 0
    rows = town.seen()
    # 9 km/h are 0.4 s/m; the ends of the row are driven in part and teach nothing.
    assert len(rows) >= 5
    assert {row.hour for row in rows} == {20}
    for row in rows:
        assert (row.drives, row.drives_square, row.weighed_at) == (4.0, 4.0, LATER)
        assert row.pace_s_per_m == pytest.approx(0.4, rel=0.05)
        assert row.speed_kmh == pytest.approx(SLOW_KMH, rel=0.05)
    again = town.learn()
    assert (again.positions, again.drives, again.stored, again.since) == (0, 0, None, LATER)
    assert town.seen() == rows
    assert town.learned_events() == [learned.cells]
    town.clock.advance(6 * 86_400 + 300)
    assert town.clock.now() > NOON + 7 * DAY
    slow_s = follow_and_ask()
    source = town.routing.city(town.city_id).profile(Profile.AMBULANCE).times.source
    assert (source == Decider.LEARNED).any()
    # The next street is free, so that the way there may be quicker than the slow one.
    assert slow_s > 1.15 * empty_s
    town.clock.advance(3 * 3_600)
    assert follow_and_ask() == pytest.approx(empty_s, rel=0.01)


def test_knowledge_outlives_the_positions_and_weighs_less_with_age(town: LearningTown) -> None:
    for unit in range(4):
        town.drive(row=3, start_at=NOON, speed_kmh=9.0, unit=unit)
    town.drive(row=5, start_at=NOON + timedelta(minutes=20), speed_kmh=9.0)
    town.learn()
    before = {row[:4]: row for row in town.seen()}
    town.write("DELETE FROM unit_positions")
    # 13 weeks are 91 days: 2 ** -(91 / 90) of what was seen; the hour of the week is the same.
    town.clock.advance(91 * 86_400)
    weight = 0.5 ** (91 / HALF_LIFE_DAYS)
    for unit in range(4):
        town.drive(row=3, start_at=NOON + 91 * DAY, speed_kmh=36.0, unit=unit)
    town.learn(to_at=LATER + 91 * DAY)
    after = {row[:4]: row for row in town.seen()}
    assert after.keys() == before.keys()
    driven = [key for key in after if after[key].drives > 4.0]
    assert 5 <= len(driven) < len(after)
    for key, row in after.items():
        old = before[key]
        age = 0.5 ** ((LATER + 91 * DAY - row.weighed_at) / DAY / HALF_LIFE_DAYS)
        if key not in driven:
            assert row.drives * age == pytest.approx(old.drives * weight)
            assert row.pace_s_per_m == pytest.approx(old.pace_s_per_m)
            continue
        assert age == 1.0
        assert row.drives == pytest.approx(4 * weight + 4)
        assert row.drives_square == pytest.approx(4 * weight**2 + 4)
        # 36 km/h are 0.1 s/m.
        expected = (4 * weight * old.pace_s_per_m + 4 * 0.1) / (4 * weight + 4)
        assert row.pace_s_per_m == pytest.approx(expected, rel=0.05)
        assert 9.0 < row.speed_kmh < 36.0


def test_only_what_changed_is_written_and_what_is_forgotten_goes(town: LearningTown) -> None:
    town.drive(row=3, start_at=NOON, speed_kmh=30.0)
    town.drive(row=6, start_at=NOON + timedelta(minutes=10), speed_kmh=30.0)
    first = town.learn()
    town.drive(row=3, start_at=NOON + DAY, speed_kmh=30.0)
    town.clock.advance(86_400)
    second = town.learn(to_at=LATER + DAY)
    assert second.cells > first.cells
    assert second.stored.received == second.drives < second.cells
    assert {row.weighed_at for row in town.seen()} == {LATER, LATER + DAY}
    assert len(town.seen()) == second.cells
    # 0.5 ** (400 / 90) is 0.046 of a drive.
    town.clock.advance(400 * 86_400)
    town.drive(row=1, start_at=NOON + 401 * DAY, speed_kmh=30.0)
    third = town.learn(to_at=LATER + 401 * DAY)
    assert third.cells == len(town.seen()) == third.drives
    assert {row.weighed_at for row in town.seen()} == {LATER + 401 * DAY}


def test_many_days_at_once_are_learned_as_night_after_night(town: LearningTown) -> None:
    for day in range(3):
        for unit, kmh in enumerate((9.0, 20.0, 30.0)):
            town.drive(row=3, start_at=NOON + day * DAY, speed_kmh=kmh + day, unit=unit)
    town.clock.advance(2 * 86_400)
    at_once = town.learn(to_at=NOON + 3 * DAY)
    assert len(town.learned_events()) == 3
    assert sum(town.learned_events()) == at_once.stored.stored
    rows = town.seen()
    town.write("DELETE FROM road_speed_profiles")
    town.write("UPDATE road_conditions_state SET learned_until = NULL")
    nights = [town.learn(to_at=NOON + day * DAY) for day in (1, 2, 3)]
    assert sum(one.drives for one in nights) == at_once.drives
    assert [one.since for one in nights] == [None, NOON + DAY, NOON + 2 * DAY]
    for one, other in zip(rows, town.seen(), strict=True):
        assert one[:4] == other[:4]
        np.testing.assert_allclose(
            [float(value) for value in one[4:11]], [float(value) for value in other[4:11]]
        )


def test_a_trip_over_a_day_cut_teaches_every_street_of_it(town: LearningTown) -> None:
    # The first report of all begins the day, the row is driven over its end.
    town.report(np.zeros(1), row=0, start_at=NOON - DAY, speed_kmh=9.0)
    town.drive(row=3, start_at=NOON - timedelta(seconds=140), speed_kmh=9.0, unit=1)
    cut = town.learn()
    assert cut.trips == 1
    streets = {(row.segment_id, row.direction) for row in town.seen()}
    town.write("DELETE FROM road_speed_profiles")
    town.write("UPDATE road_conditions_state SET learned_until = NULL")
    town.write("DELETE FROM unit_positions WHERE received_at < :at", at=NOON - timedelta(hours=1))
    whole = town.learn()
    assert whole.trips == 1
    assert {(row.segment_id, row.direction) for row in town.seen()} == streets
    assert cut.drives == whole.drives


def test_what_was_sent_twice_counts_once_also_over_the_end_of_a_period(town: LearningTown) -> None:
    took_s = town.drive(row=3, start_at=NOON, speed_kmh=36.0)
    end = NOON + timedelta(seconds=took_s + 1)
    first = town.learn(to_at=end)
    assert first.drives >= 5
    # The device did not hear that its reports had arrived.
    town.drive(row=3, start_at=NOON, speed_kmh=36.0, delay_s=120.0)
    second = town.learn()
    assert (second.positions, second.trips, second.drives) == (first.positions, 0, 0)
    assert {row.drives for row in town.seen()} == {1.0}


def test_a_report_of_the_very_end_belongs_to_the_next_period(town: LearningTown) -> None:
    town.report(np.arange(0.0, 20.0, 5.0), row=3, start_at=NOON, speed_kmh=9.0)
    at = NOON + timedelta(seconds=10)
    assert town.learn(to_at=at).positions == 2
    assert town.learn().positions == 2


def test_impossible_device_times_are_left_out_and_counted(town: LearningTown) -> None:
    town.drive(row=2, start_at=NOON, speed_kmh=9.0, delay_s=5.9 * 3_600)
    town.drive(row=3, start_at=NOON, speed_kmh=9.0, delay_s=6.1 * 3_600, unit=1)
    town.drive(row=4, start_at=NOON, speed_kmh=9.0, delay_s=-50.0, unit=2)
    town.drive(row=5, start_at=NOON, speed_kmh=9.0, delay_s=-70.0, unit=3)
    learned = town.learn()
    assert learned.trips == 2
    assert learned.untimely == learned.positions / 2
    assert {row.hour for row in town.seen()} == {20}


def test_a_parked_unit_is_no_traffic_jam(town: LearningTown) -> None:
    town.drive(row=3, start_at=NOON, speed_kmh=30.0, stands_s=1_500.0)
    assert town.learn().drives >= 5
    assert min(row.speed_kmh for row in town.seen()) > 24.0


def test_several_batches_raise_the_counter_once_and_last(
    town: LearningTown, monkeypatch: pytest.MonkeyPatch
) -> None:
    written, change = [], []
    put = service_learning.put_profiles

    def putting(uow, city_id, batch):
        stored = put(uow, city_id, batch)
        written.append(stored)
        # Nobody who closes a road would wait here.
        change.append(town.counters())
        town.write("UPDATE road_conditions_state SET changed_at = now()")
        return stored

    monkeypatch.setattr(service_learning, "MAX_BATCH_ROWS", 10)
    monkeypatch.setattr(service_learning, "put_profiles", putting)
    for row in range(4):
        town.drive(row=row, start_at=NOON + timedelta(minutes=10 * row), speed_kmh=30.0)
    learned = town.learn()
    assert len(written) >= 2
    assert sum(written) == learned.stored.stored == learned.cells
    assert town.learned_events() == [learned.cells]
    assert set(change) == {(0, 0, None)}
    assert town.counters() == (1, 1, LATER)
    assert learned.stored.change == 1


def test_where_nothing_was_driven_the_period_is_done_all_the_same(town: LearningTown) -> None:
    nothing = town.learn()
    assert (nothing.drives, nothing.stored) == (0, None)
    assert town.counters() == (0, 0, LATER)
    assert town.learned_events() == []
    town.clock.advance(3_600)
    town.report(np.zeros(1), row=0, start_at=LATER + timedelta(minutes=1), speed_kmh=9.0)
    end = LATER + timedelta(hours=1)
    assert town.learn(to_at=end, store=False).since == LATER
    assert town.counters() == (0, 0, LATER)
    assert town.learn(to_at=end).positions == 1
    assert town.counters() == (0, 0, end)

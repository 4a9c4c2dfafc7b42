"""When nothing is learned: wrong periods, old maps, others at work, poisoned traces, a stop."""

from datetime import timedelta
from pathlib import Path
from threading import Event

import numpy as np
import pytest
from alembic import command
from sqlalchemy import create_engine, text

from gis.access import Identity
from gis.database import Database
from gis.schema import alembic_config
from routing.conditions.errors import RoadAuthorityError
from routing.learning import traces as service_traces
from routing.learning.errors import (
    LearnedMeanwhileError,
    LearnedOnOldMapError,
    LearningPeriodError,
    TracesRefusedError,
)
from tests.routing.conditions.town import NOON
from tests.routing.learning.town import LATER, LearningTown

pytestmark = pytest.mark.database


@pytest.fixture
def town(database: Database, tmp_path: Path):
    town = LearningTown(database, tmp_path)
    yield town
    town.database.close()


def test_a_period_ends_five_minutes_ago_at_the_latest(town: LearningTown) -> None:
    town.drive(row=2, start_at=NOON, speed_kmh=9.0)
    second = timedelta(seconds=1)
    for given in (
        {"to_at": LATER + second}, {"to_at": LATER + timedelta(days=27_000)},
        {"from_at": LATER, "to_at": LATER}, {"from_at": LATER, "to_at": NOON},
    ):  # fmt: skip
        with pytest.raises(LearningPeriodError, match=LATER.isoformat()[:19]):
            town.learn(**given)
    assert town.counters() == (0, 0, None)
    assert town.learn(to_at=LATER, from_at=LATER - second).drives == 0


def test_nobody_counts_twice_what_another_counted_meanwhile(town: LearningTown) -> None:
    town.drive(row=2, start_at=NOON, speed_kmh=9.0)
    inside: list[object] = []

    def another(_step: str, _share: float) -> None:
        if not inside:
            inside.append(None)
            inside.append(town.learn())

    with pytest.raises(LearnedMeanwhileError):
        town.learn(progress=another)
    assert {row.drives for row in town.seen()} == {1.0}
    assert len(town.learned_events()) == 1


def test_who_may_not_write_conditions_is_told_before_anything_is_read(town: LearningTown) -> None:
    steps = []
    town.drive(row=2, start_at=NOON, speed_kmh=9.0)
    nobody = Identity(None, "nobody", "N")
    with pytest.raises(RoadAuthorityError):
        town.learn(identity=nobody, progress=lambda *at: steps.append(at))
    assert steps == []
    assert town.learn(identity=nobody, store=False).stored is None


def test_a_new_map_is_noticed_at_the_start_and_at_the_end(town: LearningTown) -> None:
    town.drive(row=2, start_at=NOON, speed_kmh=9.0)
    replaced: list[object] = []

    def replace(_step: str, _share: float) -> None:
        if not replaced:
            replaced.append(None)
            town.replace_map()

    with pytest.raises(LearnedOnOldMapError, match="run it again"):
        town.learn(progress=replace)
    with pytest.raises(LearnedOnOldMapError):
        town.learn()
    assert (town.seen(), town.counters()[2]) == ([], None)
    town.routing.refresh()
    assert town.learn().drives >= 5


def test_between_two_maps_what_was_learned_is_kept(town: LearningTown) -> None:
    town.drive(row=2, start_at=NOON, speed_kmh=9.0)
    before = town.learn()
    town.replace_map()
    town.routing.refresh()
    town.clock.advance(86_400)
    town.drive(row=2, start_at=NOON + timedelta(days=1), speed_kmh=9.0)
    # A row of a road that nobody carried over.
    town.write(
        "INSERT INTO road_speed_profiles (city_id, hour, siren, segment_id, direction, way_share,"
        " n, speed_kmh, spread_kmh, learned_at, drives, drives_square, pace_s_per_m, pace_square,"
        " weighed_at) VALUES (:city_id, 3, false, -5, 0, 0.5, 1, 20, 0, now(), 1, 1, 0.2, 0, :at)",
        city_id=town.city_id, at=LATER,
    )  # fmt: skip
    after = town.learn(to_at=LATER + timedelta(days=1))
    assert after.vanished == 1
    # The same street, a day later: Monday and Tuesday.
    assert after.cells == before.cells + after.drives
    monday = {row.segment_id for row in town.seen() if row.hour == 20}
    assert monday == {row.segment_id for row in town.seen() if row.hour == 44}
    ids = {row.segment_id for row in town.rows("SELECT segment_id FROM road_segments")}
    assert monday <= ids


@pytest.mark.parametrize(("poison", "reason"), [
    ("accuracy", "trace_invalid"), ("ValueError", "ValueError"), ("IndexError", "IndexError"),
    ("ZeroDivisionError", "ZeroDivisionError"),
])  # fmt: skip
def test_one_poisoned_trace_does_not_keep_the_others_from_teaching(
    town: LearningTown, monkeypatch: pytest.MonkeyPatch, poison: str, reason: str
) -> None:
    town.drive(row=2, start_at=NOON, speed_kmh=9.0)
    if poison == "accuracy":
        town.drive(row=3, start_at=NOON, speed_kmh=9.0, unit=1, accuracy_m=-1.0)
    else:
        town.drive(row=3, start_at=NOON, speed_kmh=9.0, unit=1)
        match = service_traces.Matcher.match

        def failing(self, trace):
            if abs(trace.lonlat[0, 1] - 22.503) < 1e-6:
                raise {"ValueError": ValueError, "IndexError": IndexError}.get(
                    poison, ZeroDivisionError
                )
            return match(self, trace)

        monkeypatch.setattr(service_traces.Matcher, "match", failing)
    learned = town.learn()
    assert (learned.trips, learned.refused) == (1, 1)
    assert dict(learned.reasons) == {reason: 1}
    assert learned.stored.stored >= 5


def test_many_poisoned_traces_are_no_accident(town: LearningTown) -> None:
    for number in range(6):
        at = NOON + timedelta(minutes=10 * number)
        town.drive(row=2, start_at=at, speed_kmh=9.0, accuracy_m=-1.0)
        town.report(np.zeros(1), row=0, start_at=at + timedelta(minutes=7), speed_kmh=9.0)
        town.write(
            "UPDATE unit_positions SET accuracy_m = -1 WHERE received_at = :at",
            at=at + timedelta(minutes=7),
        )  # fmt: skip
    for unit in range(1, 4):
        town.drive(row=3, start_at=NOON, speed_kmh=9.0, unit=unit)
    for unit in range(1, 6):
        for hour in (1, 2):
            at = NOON + timedelta(hours=hour)
            town.drive(row=4, start_at=at, speed_kmh=9.0, unit=unit, accuracy_m=-1.0)
    with pytest.raises(TracesRefusedError, match="trace_invalid") as refused:
        town.learn()
    assert refused.value.reasons["trace_invalid"] > 5
    assert (town.seen(), town.counters()) == ([], (0, 0, None))


def test_what_is_stopped_stores_nothing_of_the_day(town: LearningTown) -> None:
    town.drive(row=2, start_at=NOON, speed_kmh=9.0)
    stop = Event()
    stop.set()
    assert town.learn(stop=stop) is None
    n_units = len(town.rows("SELECT 1 FROM units"))
    # After the first unit, in the middle, and between the last unit and the store.
    for after in (1, n_units // 2, n_units):
        stop, steps = Event(), []

        def stopping(_step: str, share: float, stop=stop, steps=steps, after=after) -> None:
            steps.append(share)
            if len(steps) == after:
                stop.set()

        assert town.learn(stop=stop, progress=stopping) is None
        assert len(steps) == after
        assert (town.seen(), town.counters(), town.learned_events()) == ([], (0, 0, None), [])
    assert town.learn().drives >= 5


def test_days_that_were_done_before_a_stop_are_not_learned_again(town: LearningTown) -> None:
    for day in range(2):
        town.drive(row=2, start_at=NOON + timedelta(days=day), speed_kmh=9.0)
    town.clock.advance(86_400)
    to_at, stop = LATER + timedelta(days=1), Event()

    def stopping(_step: str, share: float) -> None:
        if share > 0.6:
            stop.set()

    assert town.learn(to_at=to_at, stop=stop, progress=stopping) is None
    assert town.counters()[2] == NOON + timedelta(days=1)
    assert {row.drives for row in town.seen()} == {1.0}
    rest = town.learn(to_at=to_at)
    assert rest.since == NOON + timedelta(days=1)
    assert (rest.trips, len({row.hour for row in town.seen()})) == (1, 2)


def test_no_transaction_is_open_while_traces_are_matched(
    town: LearningTown, monkeypatch: pytest.MonkeyPatch
) -> None:
    town.drive(row=2, start_at=NOON, speed_kmh=9.0)
    match, open_ = service_traces.Matcher.match, []

    def watching(self, trace):
        open_.append(town.rows(
            "SELECT count(*) AS n FROM pg_stat_activity WHERE datname = current_database()"
            " AND pid <> pg_backend_pid() AND xact_start IS NOT NULL"
        )[0].n)  # fmt: skip
        return match(self, trace)

    monkeypatch.setattr(service_traces.Matcher, "match", watching)
    town.learn()
    assert open_ == [0]


def test_speeds_of_the_old_method_are_forgotten_and_all_positions_learned(
    owner_url: str,
) -> None:
    engine = create_engine(owner_url)
    with engine.begin() as connection:
        connection.execute(text("ALTER TABLE installation DISABLE TRIGGER ALL"))
        command.downgrade(alembic_config(connection), "0003")
        connection.execute(text(
            "INSERT INTO cities (city_id, key, name, name_zh, source, time_zone, extent,"
            " attribution, added_at) VALUES (7, 'old', 'Old', '旧', 'test', 'UTC',"
            " ST_MakeEnvelope(0, 0, 1, 1, 4326), 'test', now())"
        ))  # fmt: skip
        connection.execute(text(
            "INSERT INTO road_conditions_state (city_id, change, profiles_change, changed_at)"
            " VALUES (7, 5, 2, now())"
        ))  # fmt: skip
        connection.execute(text(
            "INSERT INTO road_speed_profiles (city_id, hour, siren, segment_id, direction,"
            " way_share, n, speed_kmh, spread_kmh, learned_at)"
            " VALUES (7, 3, false, 1, 0, 0.5, 1, 20, 0, now())"
        ))  # fmt: skip
        command.upgrade(alembic_config(connection), "head")
        left = connection.execute(text("SELECT count(*) FROM road_speed_profiles")).scalar_one()
        state = connection.execute(
            text("SELECT change, profiles_change, learned_until FROM road_conditions_state")
        ).one()
    engine.dispose()
    assert left == 0
    assert tuple(state) == (6, 3, None)


def test_the_day_is_read_without_reading_everything(town: LearningTown) -> None:
    indexes = {
        row.indexname
        for row in town.rows(
            "SELECT indexname FROM pg_indexes WHERE tablename IN"
            " ('assignment_stamps', 'unit_positions')"
        )
    }
    assert "ix_assignment_stamps_occurred_at" in indexes
    # The primary key is the same.
    assert "ix_unit_positions_unit_id_received_at" not in indexes

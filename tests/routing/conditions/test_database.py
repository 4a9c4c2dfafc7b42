"""Live conditions in the database: what is written, who may, and that no write is ever lost."""

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import numpy as np
import pytest
from sqlalchemy import text

from data.service import store_city
from gis.access import SYSTEM, Identity
from gis.database import Database
from gis.datum import Datum
from gis.jobs.running import perform
from routing.conditions.closures import (
    close_roads,
    end_condition,
    extend_condition,
    list_conditions,
    preview,
    report_flood,
    set_roadworks,
    sign_contraflow,
)
from routing.conditions.errors import (
    ConditionTimesError,
    DrawingInvalidError,
    LegalBasisMissingError,
    NoRoadHitError,
    ReasonMissingError,
    RoadAuthorityError,
    RoadConditionOverError,
    RoadConditionStaleError,
    SpeedsRejectedError,
    UnknownRoadsError,
)
from routing.conditions.leg_times import Decider, leg_times
from routing.conditions.read import read_hours, refresh_network
from routing.conditions.repository import counters, next_change, number_change
from routing.conditions.sketch import EdgeChoice, Sketch
from routing.conditions.snapshot import to_us
from routing.conditions.speeds import (
    LearnedBatch,
    SpeedBatch,
    set_speeds,
    store_profiles,
    sweep_speeds,
)
from routing.engine.digraph import INFINITE_MS
from routing.jobs import SWEEP_SPEEDS
from tests.cities import grid_city
from tests.identities import granted
from tests.routing.conditions.town import CAR, HOUR, NOON, Town, square
from tests.running import running
from tests.statements import counted

pytestmark = pytest.mark.database


@pytest.fixture
def town(grid_database: Database):
    made = Town(grid_database)
    yield made
    made.database.close()


def test_a_closure_is_seen_and_expires_by_itself(town: Town) -> None:
    before = town.snapshot()
    shown = town.close(square(3.5, 3))
    assert shown.state == "active"
    assert shown.roads == 1
    assert shown.author == "system"
    after = town.snapshot(before)
    assert after.conditions_id(NOON) > before.conditions_id(NOON)
    assert len(town.closed()) == 2
    town.clock.advance(3599)
    assert len(town.closed()) == 2
    name = after.conditions_id(town.clock.now())
    town.clock.advance(1)
    assert town.closed() == set()
    assert after.conditions_id(town.clock.now()) > name
    assert town.snapshot(after) is after


def test_a_second_write_never_wipes_the_first(town: Town) -> None:
    town.close(square(1.5, 1))
    town.close(square(4.5, 4))
    assert len(town.closed()) == 4


def test_two_closures_at_the_same_time_both_survive(town: Town) -> None:
    gate = threading.Barrier(2)
    faults: list[BaseException] = []

    def press(place: float) -> None:
        try:
            for n in range(10):
                gate.wait(10)
                town.close(square(place, n % 7 + 0.5), reason_en=f"{place} {n}")
        except BaseException as error:  # noqa: BLE001 (told in the other thread)
            faults.append(error)

    threads = [threading.Thread(target=press, args=(place,)) for place in (1, 5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert not faults
    with town.database.read(SYSTEM) as uow:
        newest = counters(uow.session, town.city_id).change
        numbers = uow.session.scalars(
            text("SELECT CAST(payload ->> 'change' AS bigint) FROM events"
                 " WHERE type = 'road.closed'")
        ).all()  # fmt: skip
        page = list_conditions(uow, town.city_id, limit=200)
    assert len(page.items) == len(set(numbers)) == 20
    assert max(numbers) == newest
    assert len(town.closed()) == 28


def test_a_write_that_waited_is_numbered_after_whom_it_waited_for(town: Town) -> None:
    town.close(square(1.5, 1))
    now = town.clock.now()

    def number(parts: tuple[str, ...] = ("drawn_change", "speeds_change")) -> int:
        with town.database.unit_of_work(SYSTEM) as uow:
            return number_change(uow.session, town.city_id, *parts, now=now)

    with ThreadPoolExecutor(1) as other, town.database.unit_of_work(SYSTEM) as first:
        earlier = number_change(first.session, town.city_id, "drawn_change", now=now)
        waiting = other.submit(number)
        while not _waits_for_a_row(town):
            time.sleep(0.01)
        drawn_meanwhile = next_change(first.session)
        first.session.commit()
        later = waiting.result(10)
    assert earlier < drawn_meanwhile < later
    with town.database.read(SYSTEM) as uow:
        held = counters(uow.session, town.city_id)
    assert held.change == held.drawn_change == held.speeds_change == later
    assert held.profiles_change == 0


def _waits_for_a_row(town: Town) -> bool:
    with town.database.read(SYSTEM) as uow:
        return bool(
            uow.session.execute(text(
                "SELECT count(*) FROM pg_locks"
                " WHERE NOT granted AND locktype IN ('transactionid', 'tuple')"
            )).scalar_one()
        )  # fmt: skip


def test_a_closure_takes_few_statements(town: Town) -> None:
    town.close(square(1.5, 1))
    with counted(town.database.engine) as statements:
        town.close(square(4.5, 4))
    # Who asks, city, roads, areas, number, condition, the metrics that wait already, event; the
    # edges are copied in beside them.
    assert len(statements) <= 8, statements


def test_ending_twice_gives_one_clear_conflict(town: Town) -> None:
    made = town.close(square(3.5, 3))
    ended = town.write(end_condition, made.condition_id, expected_version=1)
    assert ended.state == "ended"
    assert town.closed() == set()
    with pytest.raises(RoadConditionOverError, match="ended by system"):
        town.write(end_condition, made.condition_id)


def test_ending_at_once_in_two_threads(town: Town) -> None:
    made = town.close(square(3.5, 3))
    gate = threading.Barrier(2)
    answers: list[str] = []

    def press() -> None:
        gate.wait(10)
        try:
            town.write(end_condition, made.condition_id)
            answers.append("ended")
        except RoadConditionOverError:
            answers.append("over")

    threads = [threading.Thread(target=press) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert sorted(answers) == ["ended", "over"]


def test_extending_needs_the_version_that_was_read(town: Town) -> None:
    made = town.close(square(3.5, 3))
    later = town.write(
        extend_condition, made.condition_id, expires_at=NOON + 2 * HOUR, expected_version=1
    )
    assert (later.version, later.expires_at) == (2, NOON + 2 * HOUR)
    with pytest.raises(RoadConditionStaleError):
        town.write(
            extend_condition, made.condition_id, expires_at=NOON + 3 * HOUR, expected_version=1
        )
    town.clock.advance(7200)
    with pytest.raises(RoadConditionOverError, match="expired"):
        town.write(end_condition, made.condition_id)


def test_a_start_to_come_counts_from_then(town: Town) -> None:
    town.close(square(3.5, 3), starts_at=NOON + HOUR / 2)
    snapshot = town.snapshot()
    assert town.closed() == set()
    name = snapshot.conditions_id(NOON)
    town.clock.advance(1800)
    assert len(town.closed()) == 2
    assert snapshot.conditions_id(town.clock.now()) > name


DISPATCHER_WEST = Identity(None, "west", "W", grants=(granted("dispatcher", "440305"),))
SUPERVISOR = Identity(None, "boss", "B", grants=(granted("supervisor", ""),))


def test_jurisdiction_is_checked_in_every_area_that_is_hit(town: Town) -> None:
    mine, both = square(1.5, 1), square(3.5, 1, 0.0012)
    town.write(close_roads, town.new(mine), identity=DISPATCHER_WEST)
    with pytest.raises(RoadAuthorityError, match="440306"):
        town.write(close_roads, town.new(both, confirmed=True), identity=DISPATCHER_WEST)
    shown = town.write(close_roads, town.new(both, confirmed=True))
    assert shown.area_codes == ["440305", "440306"]
    assert shown.area_code == "440300"
    with pytest.raises(RoadAuthorityError):
        town.write(end_condition, shown.condition_id, identity=DISPATCHER_WEST)


def test_only_who_may_sign_opens_contraflow(town: Town) -> None:
    area = Sketch("area", area_code="440305")
    new = town.new(area, legal_basis="Road Traffic Safety Law, article 53", confirmed=True)
    with pytest.raises(RoadAuthorityError):
        town.write(sign_contraflow, new, identity=DISPATCHER_WEST)
    with pytest.raises(LegalBasisMissingError):
        town.write(sign_contraflow, town.new(area), identity=SUPERVISOR)
    shown = town.write(sign_contraflow, new, identity=SUPERVISOR)
    assert shown.authority_permission == "contraflow_sign"
    assert town.write(end_condition, shown.condition_id, identity=SUPERVISOR).state == "ended"


def test_what_cannot_be_is_refused_and_nothing_is_stored(town: Town) -> None:
    bowtie = {"type": "Polygon", "coordinates": [[[114.001, 22.501], [114.003, 22.503],
              [114.003, 22.501], [114.001, 22.503], [114.001, 22.501]]]}  # fmt: skip
    for error, new in (
        (DrawingInvalidError, town.new(Sketch("polygon", bowtie, Datum.WGS84))),
        (DrawingInvalidError, town.new(square(500, 3))),
        (NoRoadHitError, town.new(square(3.5, 3.5, 0.0001))),
        (ConditionTimesError, town.new(square(3, 3), expires_at=None)),
        (ConditionTimesError, town.new(square(3, 3), expires_at=NOON - HOUR)),
        (ConditionTimesError, town.new(square(3, 3), expires_at=NOON + timedelta(days=91))),
        (ConditionTimesError, town.new(square(3, 3), starts_at=NOON + 2 * HOUR)),
        (ReasonMissingError, town.new(square(3, 3), reason_en="  ")),
        (UnknownRoadsError, town.new(Sketch("edges", edges=(EdgeChoice(segment_id=-5),)))),
    ):
        with pytest.raises(error):
            town.write(close_roads, new)
    with town.database.read(SYSTEM) as uow:
        assert counters(uow.session, town.city_id).change == 0
        assert uow.session.execute(text("SELECT count(*) FROM road_conditions")).scalar_one() == 0
    assert town.close(square(3.5, 3.5, 0.0001), confirmed=True).roads == 0


def test_edges_are_chosen_by_segment_and_share(town: Town) -> None:
    segment_id = int(town.segments.segment_id[10])
    choice = EdgeChoice(segment_id=segment_id, from_share=0.25, to_share=0.75, direction="forward")
    town.close(Sketch("edges", edges=(choice,)))
    condition = town.snapshot().table.conditions[0]
    assert condition.legs.leg.tolist() == [20]
    assert condition.legs.share == pytest.approx([0.5])
    assert town.closed() == {20}


def test_learned_speeds_of_further_hours_are_read_beside_the_snapshot(town: Town) -> None:
    segment_id = int(town.segments.segment_id[10])
    for hour, speed_kmh in ((30, 11.0), (31, 33.0)):
        learned = LearnedBatch(segment_id, 0, hour, False, 9, speed_kmh)
        town.write(store_profiles, town.city_id, learned)
    near = town.snapshot()
    with town.database.read(SYSTEM) as uow:
        far = read_hours(uow, town.city_id, near, segments=town.segments, hours=(31, 30))
    assert near.profiles.keys() | {(h, s) for h in (30, 31) for s in (False, True)} == (
        far.profiles.keys()
    )
    for hour, speed_kmh in ((30, 11.0), (31, 33.0)):
        rows = far.profiles[hour, False]
        assert (rows.leg.tolist(), rows.speed_kmh.tolist()) == ([20], [speed_kmh])
        assert not len(far.profiles[hour, True])
    assert str(far.conditions_id(NOON)) == str(near.conditions_id(NOON))


def test_conditions_follow_the_roads_to_a_new_map(town: Town) -> None:
    segment_id = int(town.segments.segment_id[10])
    town.close(Sketch("edges", edges=(EdgeChoice(segment_id=segment_id),)))
    town.close(square(3.5, 3))
    town.write(set_speeds, town.city_id, SpeedBatch(segment_id, 0, 12.0, to_us(NOON),
               to_us(NOON + HOUR)), source="feed")  # fmt: skip
    town.write(store_profiles, town.city_id, LearnedBatch(segment_id, 1, 5, False, 9, 22.0))
    closed = town.closed()
    line = town.segments.line(10)
    before = town.snapshot()
    with town.database.unit_of_work(SYSTEM) as uow:
        store_city(uow, grid_city())
    # Until they are carried over, and while this process holds the old map, nothing is lost.
    assert {int(leg) for leg in town.times(before).closed_legs} == closed
    town.load()
    assert not np.isin(segment_id, town.segments.segment_id)
    assert town.closed() == closed
    assert town.write(refresh_network, town.city_id) == 2
    assert town.closed() == closed
    assert np.allclose(town.segments.line(10), line)
    with town.database.read(SYSTEM) as uow:
        for table in ("road_speeds", "road_speed_profiles"):
            moved = uow.session.execute(text(f"SELECT segment_id FROM {table}")).scalar_one()
            assert moved == town.segments.segment_id[10]


def test_live_speeds_decide_until_they_expire_and_sources_stand_side_by_side(town: Town) -> None:
    ids = town.segments.segment_id[:3]
    start, end = to_us(NOON), to_us(NOON + HOUR)
    batch = SpeedBatch(ids, 0, [10.0, 20.0, 30.0], start, [end, end, start + 1])
    assert town.write(set_speeds, town.city_id, batch, source="a").stored == 3
    newer = SpeedBatch(ids[:1], 0, 40.0, start + 1, end)
    town.write(set_speeds, town.city_id, newer, source="b")
    late = SpeedBatch(ids[1:2], 0, 99.0, start - 60_000_000, end)
    assert town.write(set_speeds, town.city_id, late, source="a").stored == 0
    times = town.times()
    length = town.segments.length_m[:3]
    expected = np.rint(length * 3600 / np.array([40.0, 20.0, 30.0]))
    assert times.leg_ms[[0, 2, 4]].tolist() == expected.tolist()
    assert (times.source[[0, 2, 4]] == Decider.LIVE).all()
    snapshot = town.snapshot()
    town.clock.advance(61)
    assert str(snapshot.conditions_id(town.clock.now())) != times.conditions_id
    assert town.times().source[[0, 2, 4]].tolist() == [2, 2, 0]
    town.clock.advance(3 * 3600)
    assert town.times().leg_ms.tolist() == town.free_ms.tolist()
    assert town.write(sweep_speeds, town.city_id) == 0
    town.close(square(3, 3))
    name = town.snapshot().conditions_id(town.clock.now())
    assert town.write(sweep_speeds, town.city_id) == 4
    assert town.snapshot().conditions_id(town.clock.now()) == name


def test_a_batch_with_one_bad_row_is_refused_whole_and_every_fault_is_named(town: Town) -> None:
    ids = town.segments.segment_id[:6].copy()
    start, end = to_us(NOON), to_us(NOON + HOUR)
    speeds = [0.0, -1.0, np.nan, 201.0, 30.0, 30.0]
    with pytest.raises(SpeedsRejectedError) as caught:
        town.write(set_speeds, town.city_id, SpeedBatch(ids, 0, speeds, start, end), source="a")
    assert [row for row, _ in caught.value.rejected] == [0, 1, 2, 3]
    ids[[1, 4]] = -7, -8
    with pytest.raises(SpeedsRejectedError) as caught:
        town.write(set_speeds, town.city_id, SpeedBatch(ids, 0, 30.0, start, end), source="a")
    assert [row for row, _ in caught.value.rejected] == [1, 4]
    assert town.snapshot().change == 0


def test_a_snapshot_read_bit_by_bit_equals_one_read_at_once(town: Town) -> None:
    rng = np.random.default_rng(3)
    snapshot = town.snapshot()
    for n in range(12):
        ids = rng.choice(town.segments.segment_id, 20, replace=False)
        start = to_us(town.clock.now())
        batch = SpeedBatch(ids, rng.integers(0, 2, 20), rng.uniform(5, 60, 20), start,
                           start + rng.integers(60, 600, 20) * 1_000_000)  # fmt: skip
        town.write(set_speeds, town.city_id, batch, source=f"feed {n % 2}")
        if n % 3 == 0:
            town.close(square(n % 7 + 0.5, n % 5))
        if n % 4 == 1:
            town.write(report_flood, town.new(square(n % 6, 2)), depth_m=0.2)
            town.write(set_roadworks, town.new(square(n % 5, 6)), speed_factor=0.5)
        if n == 6:
            town.write(
                store_profiles,
                town.city_id,
                LearnedBatch(
                    town.segments.segment_id, 1, np.arange(len(town.segments)) % 168, False, 3, 25.0
                ),
            )
        town.clock.advance(float(rng.integers(1, 400)))
        snapshot = town.snapshot(snapshot)
        at = town.clock.now()
        given = {"free_flow_ms": town.free_ms, "at": at}
        bit_by_bit = leg_times(town.segments, CAR, snapshot=snapshot, **given)
        at_once = leg_times(town.segments, CAR, snapshot=town.snapshot(), **given)
        assert bit_by_bit.conditions_id == at_once.conditions_id
        assert (bit_by_bit.leg_ms == at_once.leg_ms).all()
        assert (bit_by_bit.source == at_once.source).all()


def test_preview_counts_and_stores_nothing(town: Town) -> None:
    with town.database.read(DISPATCHER_WEST) as uow:
        shown = preview(uow, "closure", town.new(square(3.5, 1, 0.0012)))
    assert shown.roads > 2
    assert shown.missing_areas == ("440306",)
    assert shown.lines["type"] == "MultiLineString"
    assert town.snapshot().change == 0


def test_lists_are_paged_from_the_newest(town: Town) -> None:
    made = []
    for n in range(5):
        made.append(town.close(square(n + 0.5, n)).condition_id)
        town.clock.advance(1)
    town.write(end_condition, made[2])
    seen, after = [], None
    with town.database.read(SYSTEM) as uow:
        while True:
            page = list_conditions(uow, town.city_id, after=after, limit=2)
            seen += [one.condition_id for one in page.items]
            after = page.next_after
            if after is None:
                break
        over = list_conditions(uow, town.city_id, states=("ended",))
    assert seen == [made[4], made[3], made[1], made[0]]
    assert [one.condition_id for one in over.items] == [made[2]]


def test_every_write_leaves_its_event(town: Town) -> None:
    made = town.close(square(3.5, 3))
    town.write(end_condition, made.condition_id)
    with town.database.read(SYSTEM) as uow:
        types = uow.session.execute(
            text("SELECT type FROM events WHERE subject_kind = 'road_condition' "
                 "ORDER BY subject_version")
        ).scalars().all()  # fmt: skip
    assert types == ["road.closed", "road.reopened"]


def test_a_closed_leg_keeps_its_time_without_the_closure(town: Town) -> None:
    town.close(square(3.5, 3))
    times = town.times()
    closed = times.closed_legs
    assert (times.leg_ms[closed] == INFINITE_MS).all()
    assert (times.without_closures_ms == town.free_ms).all()


def test_the_worker_sweeps_every_city(town: Town) -> None:
    batch = SpeedBatch(town.segments.segment_id[0], 0, 9.0, to_us(NOON), to_us(NOON + HOUR))
    town.write(set_speeds, town.city_id, batch, source="feed")

    def swept(database: Database) -> object:
        return perform(running(database, SWEEP_SPEEDS), SWEEP_SPEEDS)

    assert swept(town.database) == 0
    town.clock.advance(3 * 3600)
    town.close(square(3, 3))
    assert swept(town.database) == 1

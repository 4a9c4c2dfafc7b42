"""Move-ups in Testburg: decided once, followed, ended; voids beside them."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import insert, select, text

from dispatch.coverage import repository as repository_coverage
from dispatch.coverage import service as coverage
from dispatch.coverage.model import Rules
from dispatch.moveup import service as moveup
from dispatch.moveup.errors import MoveUpBudgetError, MoveUpEndedError, MoveUpTakenError
from gis.access import SYSTEM
from gis.tables import Event, PopulationCell, Unit
from tests.seeds import NOW

RULES = Rules(
    assumed_busy=0.2, least_gain_points=0.1, least_area_share=0.0, void_holds_s=30,
    void_opens_people=1000, void_closes_people=500, moves_per_hour=1, version=1,
)  # fmt: skip


@pytest.fixture
def peopled(database, city):
    """Nearly everybody lives by the western station, and all its units are out of service."""
    with database.unit_of_work(SYSTEM) as uow:
        for lon, people in ((114.02, 50_000), (114.18, 900)):
            box = text(f"ST_MakeEnvelope({lon - 0.002}, 22.548, {lon + 0.002}, 22.552, 4326)")
            uow.session.execute(insert(PopulationCell).values(
                city_id=city.city_id, source="census", source_ref=str(lon), population=people,
                geom=box,
            ))  # fmt: skip
        uow.session.execute(text(
            "UPDATE units SET out_of_service_reason = 'repair' FROM stations"
            " WHERE stations.station_id = units.station_id AND ST_X(stations.geom) < 114.1"
        ))  # fmt: skip
        repository_coverage.add_rules(uow.session, city.city_id, RULES, at=NOW, by="test")
    return city


def plan_of(database, routing, city, identity=SYSTEM):
    with database.read(identity) as uow, routing.at(uow, city.city_id) as roads:
        return moveup.suggested(uow, roads, city.city_id)


def test_a_move_is_decided_once_and_ends_with_a_call(database, routing, peopled, dispatcher, take):
    offered = plan_of(database, routing, peopled, dispatcher)
    (move,) = offered.moves
    assert move.station_name == "Station w"
    assert offered.points_after - offered.points_before == pytest.approx(move.gain_points)
    chosen = {"unit_id": move.unit_id, "station_id": move.station_id}

    def accept(_):
        try:
            with database.unit_of_work(dispatcher) as uow:
                return moveup.decide(uow, offered, **chosen, because=None)
        except (MoveUpTakenError, MoveUpBudgetError) as error:
            return error

    with ThreadPoolExecutor(2) as two:
        answers = list(two.map(accept, range(2)))
    (refused,) = [one for one in answers if isinstance(one, Exception)]
    assert isinstance(refused, MoveUpTakenError)
    (made,) = [one for one in answers if not isinstance(one, Exception)]
    with database.read(SYSTEM) as uow, routing.at(uow, peopled.city_id) as roads:
        now = coverage.coverage(uow, roads, peopled.city_id)
    assert now.points == pytest.approx(offered.points_after)
    assert plan_of(database, routing, peopled).moves_left == 0

    with database.unit_of_work(dispatcher) as uow:
        uow.session.execute(text(
            "INSERT INTO assignments (assignment_id, incident_id, unit_id, state, created_at)"
            " VALUES (gen_random_uuid(), :incident, :unit, 'notified', :now)"
        ), {"incident": take().incident_id, "unit": move.unit_id, "now": NOW})  # fmt: skip
    with database.unit_of_work(SYSTEM) as uow:
        moveup.follow(uow, peopled.city_id, points=None)
    with database.unit_of_work(dispatcher) as uow:
        (seen,) = moveup.moves(uow, peopled.city_id).moves
        assert (seen.state, seen.ended_because) == ("ended", "called")
        assert seen.incident_number is not None
        with pytest.raises(MoveUpEndedError):
            moveup.end(uow, made.move_id)


def test_what_was_declined_is_not_suggested_again(database, routing, peopled, dispatcher):
    offered = plan_of(database, routing, peopled, dispatcher)
    (move,) = offered.moves
    with database.unit_of_work(dispatcher) as uow:
        told = moveup.decide(
            uow, offered, unit_id=move.unit_id, station_id=move.station_id, because="crew"
        )
    assert (told.state, told.declined_because) == ("declined", "crew")
    again = plan_of(database, routing, peopled)
    assert (move.unit_id, move.station_id) not in {
        (one.unit_id, one.station_id) for one in again.moves
    }


def test_a_void_opens_after_a_while_is_acknowledged_and_closes(
    database, routing, peopled, dispatcher, clock
):
    def look():
        with database.read(SYSTEM) as uow, routing.at(uow, peopled.city_id) as roads:
            picture, rules, _ = coverage.city_picture(uow, roads, peopled.city_id)
        with database.unit_of_work(SYSTEM) as uow:
            coverage.note_voids(uow, peopled.city_id, picture, rules)
            return [one.people for one in repository_coverage.list_voids(
                uow.session, peopled.city_id, ("",)
            )]  # fmt: skip

    assert look() == []
    clock.advance(31)
    assert look() == [50_000.0]
    with database.unit_of_work(dispatcher) as uow:
        with routing.at(uow, peopled.city_id) as roads:
            (void,) = coverage.coverage(uow, roads, peopled.city_id).voids
        for _ in range(2):
            assert coverage.acknowledge(uow, void.void_id).acknowledged_by == dispatcher.label
    with database.unit_of_work(SYSTEM) as uow:
        uow.session.execute(Unit.__table__.update().values(out_of_service_reason=None))
    assert look() == [0.0]
    clock.advance(31)
    assert look() == []
    with database.read(SYSTEM) as uow:
        told = uow.session.scalars(
            select(Event.type).where(Event.subject_kind == "coverage").order_by(Event.occurred_at)
        ).all()
    assert sorted(told) == [
        "coverage.void_acknowledged", "coverage.void_closed", "coverage.void_opened",
    ]  # fmt: skip


def test_an_hour_ahead_counts_who_is_expected_back(database, routing, peopled):
    with database.unit_of_work(SYSTEM) as uow:
        uow.session.execute(text(
            "UPDATE units SET expected_back_at = :at WHERE out_of_service_reason = 'repair'"
        ), {"at": NOW + timedelta(minutes=20)})  # fmt: skip

    def points(ahead_s):
        with database.read(SYSTEM) as uow, routing.at(uow, peopled.city_id) as roads:
            return coverage.cells(uow, roads, peopled.city_id, ahead_s=ahead_s).points

    assert points(0) == points(1199) < points(1200)


def test_how_busy_units_were_is_measured(database, peopled, dispatcher, take):
    with database.unit_of_work(SYSTEM) as uow:
        repository_coverage.measure(
            uow.session, peopled.city_id, time_zone="Asia/Shanghai",
            since=NOW, now=NOW + timedelta(hours=1),
        )  # fmt: skip
        _, found = repository_coverage.rules_and_busy(uow.session, peopled.city_id, at=NOW)
    assert (found.share, found.unit_hours) == (0.0, len(peopled.unit_ids))

"""Voids and moves as tests of doors begin from them."""

from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import insert, select, text

from dispatch.coverage import repository
from dispatch.coverage.model import Rules
from gis.database import WritingUnitOfWork
from gis.tables import Station, Unit
from gis.tables.coverage import CoverageVoid
from gis.tables.moveups import MoveUp


def store_void(uow: WritingUnitOfWork, city_id: int, area_code: str) -> UUID:
    """Store an open void of an area."""
    void_id, now = uuid4(), uow.clock.now()
    uow.session.execute(insert(CoverageVoid).values(
        void_id=void_id, city_id=city_id, area_code=area_code, standard="travel_8_min",
        people=9000, most_people=9000, lon=114.0, lat=22.5, since=now, opened_at=now,
    ))  # fmt: skip
    return void_id


def store_move(uow: WritingUnitOfWork, city_id: int) -> UUID:
    """Store an accepted move of the first unit to the first station."""
    move_id = uuid4()
    unit_id = uow.session.scalar(select(Unit.unit_id).where(Unit.city_id == city_id).limit(1))
    station_id = uow.session.scalar(
        select(Station.station_id).where(Station.city_id == city_id).limit(1)
    )
    uow.session.execute(insert(MoveUp).values(
        move_id=move_id, city_id=city_id, unit_id=unit_id, station_id=station_id, state="accepted",
        standard="travel_8_min", points_before=50, points_after=60, gain_points=10,
        decided_at=uow.clock.now(), decided_by="test",
    ))  # fmt: skip
    return move_id


def store_worth_moving(uow: WritingUnitOfWork, city_id: int, *, at: datetime) -> None:
    """Let everybody live by the stations and every unit be far from any road."""
    uow.session.execute(text("""
        INSERT INTO population_cells (city_id, source, source_ref, population, geom)
        SELECT city_id, 'test', station_id::text, 50000, ST_Expand(geom, 0.001)
        FROM stations WHERE city_id = :city_id
        ON CONFLICT DO NOTHING
    """), {"city_id": city_id})  # fmt: skip
    uow.session.execute(text("""
        INSERT INTO unit_latest_positions
            (unit_id, received_at, device_at, source, declared_datum, geom)
        SELECT unit_id, :at, :at, 'test', 'wgs84', ST_SetSRID(ST_MakePoint(100, 10), 4326)
        FROM units WHERE city_id = :city_id
        ON CONFLICT (unit_id) DO UPDATE SET geom = excluded.geom, device_at = excluded.device_at
    """), {"city_id": city_id, "at": at})  # fmt: skip
    version = repository.rules(uow.session, city_id).version + 1
    rules = Rules(assumed_busy=0.3, least_area_share=0.0, version=version)
    repository.add_rules(uow.session, city_id, rules, at=at, by="test")

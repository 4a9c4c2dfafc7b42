"""Cities that tests start from: stored once in a template database, cloned for each test."""

from collections.abc import Callable
from datetime import UTC, date, datetime

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import func, insert

from data.coquimbo.city import coquimbo
from data.service import store_city
from dispatch.fleet.service import create_fleet
from gis.access import SYSTEM
from gis.clock import FixedClock
from gis.database import Database
from gis.facilities.service import record_facilities
from gis.sequencer import Sequencer, SigningKey
from gis.tables import Aed, Area, City, Place, Station
from tests.cities import grid_city
from tests.facilities import record

NOW = datetime(2026, 5, 4, 8, 0, tzinfo=UTC)
"""When Testburg's fleet goes on duty, and where its tests' clocks stand."""


def grid(database: Database) -> None:
    """The grid of streets with its fleet, on duty from now on."""
    with database.unit_of_work(SYSTEM) as uow:
        create_fleet(uow, store_city(uow, grid_city()).city_id)


def sample(database: Database) -> None:
    """La Serena and Coquimbo with their modelled fleet, on duty from now on."""
    with database.unit_of_work(SYSTEM) as uow:
        create_fleet(uow, store_city(uow, coquimbo()).city_id)


def _box(west: float, south: float, east: float, north: float):
    return func.ST_MakeEnvelope(west, south, east, north, 4326)


def _point(lon: float, lat: float):
    return func.ST_SetSRID(func.ST_MakePoint(lon, lat), 4326)


def testburg(database: Database) -> None:
    """Two districts, two stations, two hospitals, AEDs, places and a fleet; no streets."""
    database.clock = FixedClock(NOW)
    with database.unit_of_work(SYSTEM) as uow:
        run = uow.session.execute
        city_id = run(
            insert(City).returning(City.city_id).values(
                key="testburg", name="Testburg", name_zh="测试市", source="test",
                attribution="test", time_zone="Asia/Shanghai",
                extent=_box(114.0, 22.5, 114.2, 22.6),
            )
        ).scalar_one()  # fmt: skip
        for code, west, east in (("440399", 114.0, 114.1), ("440398", 114.1, 114.2)):
            run(insert(Area).values(
                city_id=city_id, code=code, level="district", name=code, source="test",
                valid_from=date(2020, 1, 1),
                geom=func.ST_Multi(_box(west, 22.5, east, 22.6)),
            ))  # fmt: skip
        for ref, lon in (("w", 114.02), ("e", 114.18)):
            run(insert(Station).values(
                city_id=city_id, source="test", source_ref=ref, name=f"Station {ref}",
                geom=_point(lon, 22.55),
            ))  # fmt: skip
        record_facilities(uow, city_id, [
            record(
                name, name_zh=f"{name}医院", has_emergency_department=True, lon=lon, lat=22.55,
                capabilities=capabilities,
            )
            for name, lon, capabilities in (("Near", 114.06, {}), ("Far", 114.16, {"pci": None}))
        ])  # fmt: skip
        for ref, lon, hours, access in (
            ("closed", 114.0501, "Mo-Su 02:00-03:00", "public"),
            ("open", 114.055, "24/7", "public"),
            ("unknown", 114.052, None, "public"),
        ):
            run(insert(Aed).values(
                city_id=city_id, source="test", source_ref=ref, name=ref, access=access,
                opening_hours=hours, geom=_point(lon, 22.55),
            ))  # fmt: skip
        for ref, kind, name, zh, text, lon in (
            (
                "1",
                "street",
                "深南大道",
                "深南大道",
                "深南大道 shennandadao shen nan da dao",
                114.05,
            ),
            (
                "2",
                "intersection",
                "新洲路 & 深南大道",
                "新洲路与深南大道交叉口",
                "新洲路 xinzhoulu xin zhou lu 深南大道 shennandadao shen nan da dao",
                114.06,
            ),
            (
                "3",
                "facility",
                "人民医院",
                "人民医院",
                "人民医院 renminyiyuan ren min yi yuan",
                114.02,
            ),
            (
                "4",
                "facility",
                "人民医院",
                "人民医院",
                "人民医院 renminyiyuan ren min yi yuan",
                114.15,
            ),
            ("5", "street", "Avenida Balmaceda", None, "avenida balmaceda", 114.11),
        ):
            run(insert(Place).values(
                city_id=city_id, source="test", source_ref=ref, kind=kind, name=name, name_zh=zh,
                search_text=text, radius_m=50.0, geom=_point(lon, 22.55),
            ))  # fmt: skip
        create_fleet(uow, city_id)


SEEDS: dict[str, Callable[[Database], None]] = {
    "grid": grid, "sample": sample, "testburg": testburg,
}  # fmt: skip


SEED_KEY = Ed25519PrivateKey.from_private_bytes(b"the key that signs what is sown.")
"""Signs the stream of every seed: a test that checks signatures puts it among its keys."""


def sow(database: Database, seed: str) -> None:
    """Store a seed, its events put into the stream: else health calls each clone stalled."""
    SEEDS[seed](database)
    key = SigningKey(SEED_KEY)
    Sequencer(database.engine, key=lambda: key, clock=database.clock).run_once()

"""A grid of streets and its fleet, whose positions are learned from."""

from datetime import datetime, timedelta
from pathlib import Path

import numpy as np
from sqlalchemy import text

from data.service import store_city
from dispatch.fleet import repository as repository_fleet
from dispatch.fleet.service import create_fleet
from gis.access import SYSTEM
from gis.clock import FixedClock
from gis.database import Database
from routing.conditions.read import refresh_network
from routing.learning.service import Learned, learn
from routing.live.routing import Routing
from tests.cities import corner, grid_city
from tests.routing.conditions.town import NOON

ROW_M = 7 * 102.9
LATER = NOON + timedelta(days=1)


def report(
    database: Database, seconds: np.ndarray, *, row: int, start_at: datetime, speed_kmh: float,
    unit: int = 0, delay_s: float = 0.0, accuracy_m: float = 5.0,
) -> None:  # fmt: skip
    """Report a unit on its way from west to east along a whole row of the grid."""
    (west, lat), (east, _) = corner(0, row), corner(7, row)
    share = np.clip(seconds * (speed_kmh / 3.6) / ROW_M, 0.0, 1.0)
    n = seconds.size
    made = [start_at + timedelta(seconds=s) for s in seconds.tolist()]
    with database.unit_of_work(SYSTEM) as uow:
        unit_id = uow.session.execute(
            text("SELECT unit_id FROM units ORDER BY 1 OFFSET :n LIMIT 1"), {"n": unit}
        ).scalar_one()
        repository_fleet.insert_positions(uow.session, {
            "unit_id": [unit_id] * n,
            "received_at": [one + timedelta(seconds=delay_s) for one in made],
            "device_at": made, "lon": (west + (east - west) * share).tolist(),
            "lat": [lat] * n, "heading_deg": [None] * n, "speed_kmh": [None] * n,
            "accuracy_m": [accuracy_m] * n, "source": "test", "datum": "wgs84",
        })  # fmt: skip


def drive(
    database: Database, *, row: int, start_at: datetime, speed_kmh: float, stands_s: float = 0.0,
    **given,
) -> float:  # fmt: skip
    """Report the whole row every five seconds; return how long it took."""
    took_s = ROW_M / (speed_kmh / 3.6)
    seconds = np.arange(0.0, took_s + stands_s, 5.0)
    report(database, seconds, row=row, start_at=start_at, speed_kmh=speed_kmh, **given)
    return took_s


def seen(database: Database, *, siren: bool = False):
    """What is stored: a line per street, direction and hour."""
    with database.read(SYSTEM) as uow:
        return uow.session.execute(
            text(
                "SELECT segment_id, direction, hour, siren, speed_kmh, spread_kmh, n, drives,"
                " drives_square, pace_s_per_m, pace_square, weighed_at FROM road_speed_profiles"
                " WHERE siren = :siren ORDER BY 1, 2, 3"
            ),
            {"siren": siren},
        ).all()


class LearningTown:
    """The grid city in a database with a clock of its own, which stands a day after `NOON`."""

    def __init__(self, database: Database, folder: Path) -> None:
        self.clock = FixedClock(LATER + timedelta(minutes=5))
        self.database = Database(database.url, clock=self.clock, pool_size=4)
        with self.database.unit_of_work(SYSTEM) as uow:
            self.city_id = store_city(uow, grid_city()).city_id
        with self.database.unit_of_work(SYSTEM) as uow:
            create_fleet(uow, self.city_id)
        self.routing = Routing(self.database, folder)
        self.routing.refresh()

    def replace_map(self) -> None:
        with self.database.unit_of_work(SYSTEM) as uow:
            refresh_network(uow, store_city(uow, grid_city()).city_id)

    def rows(self, query: str, **given):
        with self.database.read(SYSTEM) as uow:
            return uow.session.execute(text(query), given).all()

    def write(self, statement: str, **given) -> None:
        with self.database.unit_of_work(SYSTEM) as uow:
            uow.session.execute(text(statement), given)

    def report(self, seconds: np.ndarray, **given) -> None:
        report(self.database, seconds, **given)

    def drive(self, **given) -> float:
        return drive(self.database, **given)

    def seen(self, *, siren: bool = False):
        return seen(self.database, siren=siren)

    def learn(self, *, to_at: datetime = LATER, **given) -> Learned | None:
        return learn(self.database, self.routing, self.city_id, to_at=to_at, **given)

    def counters(self) -> tuple[int, int, datetime | None]:
        rows = self.rows("SELECT change, profiles_change, learned_until FROM road_conditions_state")
        return tuple(rows[0]) if rows else (0, 0, None)

    def learned_events(self) -> list[int]:
        rows = self.rows(
            "SELECT payload FROM events WHERE type = 'road.profiles_learned' ORDER BY recorded_at,"
            " subject_version"
        )
        return [row.payload["count"] for row in rows]

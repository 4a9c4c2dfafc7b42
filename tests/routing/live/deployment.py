"""A city in the database with the process that makes metrics and one that answers."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import numpy as np
import shapely

from gis.access import SYSTEM
from gis.database import Database
from gis.datum import Datum
from routing.conditions.closures import NewCondition, close_roads
from routing.conditions.sketch import Sketch
from routing.conditions.speeds import SpeedBatch, set_speeds
from routing.live.metrics import MetricStore, MetricWorker
from routing.live.pinned import PinnedRoads
from routing.live.routing import Routing
from routing.roads.model import Profile
from tests.cities import corner, grid_id

LIGHTS = Profile.AMBULANCE_LIGHTS


class Deployment:
    """A city in the database, the worker's process and one that answers."""

    def __init__(self, database: Database, folder: Path) -> None:
        self.database, self.folder = database, folder
        self.city_id = grid_id(database)
        self.worker_roads = Routing(database, folder, build_hierarchies=True)
        self.worker_roads.refresh()
        self.worker = MetricWorker(database, MetricStore(folder))
        self.routing = Routing(database, folder)
        self.routing.refresh()
        self.work()

    def work(self) -> int:
        """Let the worker catch up, then the other process."""
        self.worker_roads.keep_up()
        made = sum(self.worker.keep_up(roads) for roads in self.worker_roads.cities())
        self.routing.keep_up()
        return made

    def close(self, column: float, row: float, size: float = 0.0003):
        lon, lat = corner(column, row)
        box = shapely.geometry.mapping(shapely.box(lon - size, lat - size, lon + size, lat + size))
        with self.database.unit_of_work(SYSTEM) as uow:
            until = uow.clock.now() + timedelta(hours=1)
            new = NewCondition(
                self.city_id, Sketch("polygon", box, Datum.WGS84), until,
                reason_en="Burst pipe", confirmed=True,
            )  # fmt: skip
            return close_roads(uow, new)

    def set_speed(self, speed_kmh: float) -> None:
        """Give every road of the city one live speed."""
        segments = self.routing.city(self.city_id).network.segments
        with self.database.unit_of_work(SYSTEM) as uow:
            now_us = int(uow.clock.now().timestamp() * 1e6)
            every = np.repeat(segments.segment_id, 2)
            batch = SpeedBatch(
                every, np.tile([0, 1], len(segments)), np.full(every.size, speed_kmh),
                np.full(every.size, now_us), np.full(every.size, now_us + 3_600_000_000),
            )  # fmt: skip
            set_speeds(uow, self.city_id, batch, source="test")

    @contextmanager
    def roads(self, routing: Routing | None = None, **given) -> Iterator[PinnedRoads]:
        with (
            self.database.read(SYSTEM) as uow,
            (routing or self.routing).at(uow, self.city_id, **given) as roads,
        ):
            yield roads

    def versions(self) -> dict:
        with self.roads() as roads:
            return roads.current_versions()

    def times(self, routing: Routing | None = None):
        with self.roads(routing) as roads:
            return roads.times_to(
                corner(3, 3), [corner(c, r) for c in range(7) for r in range(7)], profile=LIGHTS
            )

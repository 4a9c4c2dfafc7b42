"""A grid city in the database, and its roads as the rules see them."""

from datetime import UTC, datetime, timedelta

import shapely

from gis.access import SYSTEM
from gis.clock import FixedClock
from gis.database import Database
from gis.datum import Datum
from routing.conditions.closures import NewCondition, close_roads
from routing.conditions.leg_times import leg_times
from routing.conditions.read import read_snapshot
from routing.conditions.sketch import Sketch
from routing.conditions.snapshot import ConditionsSnapshot
from routing.graph.build import build_graph
from routing.roads import repository
from routing.roads.model import Profile, Segments
from routing.rules.profiles import PROFILES
from tests.cities import corner, grid_id

NOON = datetime(2026, 5, 4, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
CAR = PROFILES[Profile.CAR]


def square(column: float, row: float, size: float = 0.0003) -> Sketch:
    """A square around a place of the grid."""
    lon, lat = corner(column, row)
    box = shapely.box(lon - size, lat - size, lon + size, lat + size)
    return Sketch("polygon", shapely.geometry.mapping(box), Datum.WGS84)


class Town:
    """A grid city in the database, with a clock of its own."""

    def __init__(self, database: Database) -> None:
        self.clock = FixedClock(NOON)
        self.database = Database(database.url, clock=self.clock, pool_size=4)
        self.city_id = grid_id(self.database)
        self.load()

    def load(self) -> None:
        with self.database.read(SYSTEM) as uow:
            self.segments: Segments = repository.segments_of(
                repository.read_segment_rows(uow.session, self.city_id)
            )
            versions = repository.network_versions(uow.session)
        self.network_version = versions[0].network_version
        self.free_ms = build_graph(self.segments, Profile.CAR).free_flow_ms

    def new(self, sketch: Sketch, **given) -> NewCondition:
        defaults = {"expires_at": self.clock.now() + HOUR, "reason_en": "Burst pipe"}
        return NewCondition(self.city_id, sketch, **(defaults | given))

    def write(self, use_case, *args, identity=SYSTEM, **given):
        with self.database.unit_of_work(identity) as uow:
            return use_case(uow, *args, **given)

    def close(self, sketch: Sketch, **given):
        return self.write(close_roads, self.new(sketch, **given))

    def snapshot(self, previous: ConditionsSnapshot | None = None) -> ConditionsSnapshot:
        with self.database.read(SYSTEM) as uow:
            return read_snapshot(
                uow, self.city_id, segments=self.segments, network_version=self.network_version,
                at=self.clock.now(), previous=previous,
            )  # fmt: skip

    def times(self, previous: ConditionsSnapshot | None = None):
        return leg_times(
            self.segments, CAR, free_flow_ms=self.free_ms, snapshot=self.snapshot(previous),
            at=self.clock.now(),
        )  # fmt: skip

    def closed(self) -> set[int]:
        return set(self.times().closed_legs.tolist())

"""Road graphs and metrics by the workers of a real server: built, followed, told."""

import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
import shapely
from sqlalchemy import text

from gis.access import SYSTEM
from gis.database import Database
from gis.datum import Datum
from routing.conditions.closures import NewCondition, close_roads
from routing.conditions.sketch import Sketch
from tests.api.conftest import World
from tests.cities import corner
from tests.serving import serving

pytestmark = pytest.mark.database


def ready(database: Database) -> set[str]:
    """Return the conditions of which a metric is ready."""
    with database.read(SYSTEM) as uow:
        found = uow.session.execute(
            text("SELECT conditions_id FROM road_metrics WHERE state = 'ready'")
        )
        return set(found.scalars())


def until(what: Callable[[], object], *, limit_s: float) -> float:
    """Wait until `what` holds; return how long that took, in seconds."""
    began = time.monotonic()
    while not what():
        assert time.monotonic() - began < limit_s
        time.sleep(0.05)
    return time.monotonic() - began


@pytest.mark.acceptance
def test_graphs_are_built_at_the_start_and_a_closure_gets_its_metric(
    world: World, owner_url: str, state_folder: Path
) -> None:
    with serving(owner_url, state_folder):
        until(lambda: ready(world.database), limit_s=120)
        before = ready(world.database)
        lon, lat = corner(2, 2)
        around = shapely.box(lon - 3e-4, lat - 3e-4, lon + 3e-4, lat + 3e-4)
        with world.database.unit_of_work(SYSTEM) as uow:
            close_roads(uow, NewCondition(
                world.city_id, Sketch("polygon", shapely.geometry.mapping(around), Datum.WGS84),
                uow.clock.now() + timedelta(seconds=8), reason_en="test", confirmed=True,
            ))  # fmt: skip
        until(lambda: ready(world.database) - before, limit_s=10)
        closed = ready(world.database)
        # It ends by itself: nobody writes anything, and the metric follows.
        until(lambda: ready(world.database) - closed, limit_s=20)

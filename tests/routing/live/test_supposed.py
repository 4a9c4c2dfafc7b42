"""Roads as if more were drawn on them: as if it had been stored, and nobody else sees it."""

from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import numpy as np
import pytest
import shapely

from gis.access import SYSTEM
from gis.database import Database
from gis.datum import Datum
from routing.conditions.closures import NewCondition
from routing.conditions.errors import DrawingInvalidError
from routing.conditions.model import ConditionKind, Drawing, Drawn
from routing.conditions.sketch import Sketch
from routing.conditions.supposed import Supposed
from routing.live.routing import Routing
from routing.live.service import set_condition
from routing.roads.model import Profile
from tests.cities import corner, grid_id

LIGHTS = Profile.AMBULANCE_LIGHTS
pytestmark = pytest.mark.database

PLACES = [corner(c, r) for c in (0.3, 3.5, 6.2) for r in (0.4, 3.5, 6.0)]


def box(size: float = 0.0013) -> shapely.Polygon:
    lon, lat = corner(3, 3)
    return shapely.box(lon - size, lat - size, lon + size, lat + size)


def flood(depth_m: float) -> Supposed:
    return Supposed(ConditionKind.FLOOD, Drawing(Drawn.POLYGON, box()), depth_m=depth_m)


@contextmanager
def pinned(database: Database, routing: Routing):
    with database.read(SYSTEM) as uow, routing.at(uow, grid_id(database)) as roads:
        yield roads


def times(roads) -> np.ndarray:
    return np.concatenate(list(roads.matrix(PLACES, PLACES, profile=LIGHTS).blocks))


def test_supposed_water_is_as_stored_water_and_leaves_the_roads_alone(
    grid_database: Database, tmp_path: Path
):
    routing = Routing(grid_database, tmp_path)
    routing.refresh()
    wet = {}
    with pinned(grid_database, routing) as roads:
        before = times(roads)
        for depth_m in (0.2, 0.6):
            wet[depth_m] = times(roads.supposing([flood(depth_m)]))
        supposed = roads.supposing([flood(0.6)])
        assert supposed.versions(LIGHTS) != roads.versions(LIGHTS)
        assert supposed.versions(LIGHTS) == roads.supposing([flood(0.6)]).versions(LIGHTS)
        assert (times(roads) == before).all()
        with pytest.raises(DrawingInvalidError, match="hits no road"):
            roads.supposing([Supposed(
                ConditionKind.CLOSURE, Drawing(Drawn.POLYGON, shapely.box(1, 1, 2, 2))
            )])  # fmt: skip
    assert (before <= wet[0.2]).all()
    assert (wet[0.2] <= wet[0.6]).all()
    assert (before < wet[0.6]).any()
    # Another process' roads know nothing of it; stored, the same water gives the same times.
    with pinned(grid_database, routing) as roads:
        assert (times(roads) == before).all()
    now = grid_database.clock.now()
    with grid_database.unit_of_work(SYSTEM) as uow:
        set_condition(
            uow, routing, "flood",
            NewCondition(
                grid_id(grid_database),
                Sketch("polygon", shapely.geometry.mapping(box()), Datum.WGS84),
                now + timedelta(hours=2), reason_en="test", confirmed=True,
            ),
            depth_m=0.6,
        )  # fmt: skip
    with pinned(grid_database, routing) as roads:
        assert (times(roads) == wet[0.6]).all()
        # As of tomorrow it is gone.
        later = roads.supposing(drawn_at=now + timedelta(days=1))
        assert (times(later) == before).all()

"""Zones by travel time: the roads as they are, empty ones, and who no road comes near to."""

from pathlib import Path

import numpy as np
import pytest

from gis.database import Database
from routing.live.city_roads import FREE_FLOW
from routing.roads.model import Profile
from surveillance.scan.roads import zones_by_road, zones_of_times
from tests.cities import corner
from tests.routing.live.deployment import LIGHTS, Deployment

PLACES = np.array([corner(c, r) for c in (0.3, 3.5, 6.2) for r in (0.4, 3.5, 6.0)])


def test_zones_follow_the_times_block_by_block() -> None:
    random = np.random.default_rng(1)
    far = random.uniform(1, 99, (11, 11)).astype(np.float32)
    far[3, 7] = far[:, 9] = far[9, :] = np.inf
    people = random.uniform(1, 5, 11)
    zones = zones_of_times([far[:4], far[4:8], far[8:]], people, 1.0)
    assert zones.centre.tolist() == list(range(11))
    for centre, near in enumerate(np.split(zones.order, zones.start[1:-1])):
        times = far[centre].copy()
        times[centre] = 0
        expected = [place for place in np.argsort(times) if np.isfinite(times[place])]
        assert near.tolist() == expected
    assert zones.members(9, int(zones.start[9])).tolist() == [9]


@pytest.mark.database
def test_a_closed_crossing_moves_places_apart_and_empty_roads_do_not_know_of_it(
    grid_database: Database, tmp_path: Path
) -> None:
    deployment = Deployment(grid_database, tmp_path)
    people = np.ones(len(PLACES))
    with deployment.roads() as roads:
        before = zones_by_road(roads, PLACES, people, 1.0, profile=LIGHTS)
        plain = np.array([
            roads.times_from(one, PLACES, profile=LIGHTS).time_s for one in PLACES
        ])  # fmt: skip
        empty = zones_by_road(roads, PLACES, people, 1.0, profile=LIGHTS, free_flow=True)
    for centre, near in enumerate(np.split(before.order, before.start[1:-1])):
        assert (np.diff(plain[centre][near]) >= -1e-3).all()
    # around a place in the middle, so large that every way to it is closed
    deployment.close(3.5, 3.5, size=0.004)
    deployment.work()
    with deployment.roads() as roads:
        after = zones_by_road(roads, PLACES, people, 1.0, profile=LIGHTS)
        still = zones_by_road(roads, PLACES, people, 1.0, profile=LIGHTS, free_flow=True)
        table = roads.matrix(PLACES, PLACES, profile=LIGHTS, free_flow=True)
    assert table.versions.conditions_id == FREE_FLOW
    assert after.order.tolist() != before.order.tolist()
    assert still.order.tolist() == empty.order.tolist()


@pytest.mark.database
def test_a_place_off_the_roads_is_a_zone_by_itself(grid_database: Database, tmp_path: Path) -> None:
    deployment = Deployment(grid_database, tmp_path)
    places = np.vstack([PLACES, PLACES[:1] + 0.5])
    with deployment.roads() as roads:
        zones = zones_by_road(roads, places, np.ones(len(places)), 1.0, profile=Profile.CAR)
    near = np.split(zones.order, zones.start[1:-1])
    assert near[-1].tolist() == [len(places) - 1]
    assert all(len(places) - 1 not in one for one in near[:-1])

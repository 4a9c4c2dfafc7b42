"""Surveillance from the command line."""

from tests.api.cli.said import Run, done
from tests.api.conftest import World


def test_zones_are_compared_on_the_roads_of_a_city(goldenhour: Run, world: World) -> None:
    told = done(
        goldenhour("surveillance", "compare-zones", "grid", "--places", "12", "--outbreaks", "1")
    )
    rows = [line for line in told.splitlines() if line.startswith("| by ")]
    assert len(rows) == 4, world.city_id

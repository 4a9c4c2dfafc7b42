"""Units in and out of service from the command line."""

import pytest

from gis.database import Database
from tests.api.cli.said import Run, done, refusal
from tests.api.conftest import World


@pytest.mark.database
def test_a_unit_is_taken_out_and_put_back(
    goldenhour: Run, world: World, database: Database
) -> None:
    assert "A101 (ALS): in service, Available" in done(goldenhour("unit", "list"))
    out = done(goldenhour("unit", "out", "A101", "--reason", "workshop", "--back", "14:30"))
    assert "A101 (ALS): out of service, workshop; back " in out
    assert "14:30" in out
    assert done(goldenhour("unit", "list", "--out")).count("\n") == 1
    assert "workshop, cleaning" in refusal(goldenhour("unit", "out", "A101", "--reason", "paint"))
    assert "14:30" in refusal(goldenhour("unit", "out", "A101", "--reason", "break", "--back", "x"))
    assert "A999" in refusal(goldenhour("unit", "in", "A999"))
    assert "in service" in done(goldenhour("unit", "in", "A101"))
    assert "driver: driver" in done(goldenhour("unit", "show", "A101"))
    assert "shift ends" in done(goldenhour("unit", "shift", "A101", "--ends", "now"))
    assert "no crew on shift" in done(goldenhour("unit", "show", "A101"))

"""The demo asks for studies once, and only for such as can be meant."""

import pytest

from api.demo.studies import STUDIES, ask_for_studies
from gis.access import SYSTEM
from planning.studies.service import list_studies
from tests.api.conftest import World

pytestmark = pytest.mark.database


@pytest.mark.parametrize("city", STUDIES)
def test_a_citys_studies_are_asked_for_once(world: World, city: str) -> None:
    for _ in range(2):
        ask_for_studies(world.database, city, world.city_id)
    with world.database.read(SYSTEM) as uow:
        found = list_studies(uow, world.city_id).studies
    assert sorted(one.name for one in found) == sorted(one.name for one in STUDIES[city])
    assert {one.state for one in found} == {"waiting"}
    assert all(one.shared for one in found)

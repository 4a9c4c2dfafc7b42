"""A register in the database: as many rows as the file has entries, the same when loaded again."""

from pathlib import Path

import pytest
import shapely
from sqlalchemy import text

from data.registers.importers import read_register
from data.service import store_city, store_register
from gis.access import SYSTEM
from gis.database import Database
from tests.cities import grid_city

pytestmark = pytest.mark.database


def test_cells_of_several_days_and_times_are_all_stored(database: Database, tmp_path: Path) -> None:
    path = tmp_path / "p.csv"
    path.write_text(
        "id,lon,lat,population,counted_on,time_of_day\n"
        "c1,114.05,22.54,100,2020-11-01,day\n"
        "c1,114.05,22.54,40,2020-11-01,night\n"
        "c1,114.05,22.54,90,2010-11-01,day\n"
        "c1,114.05,22.54,60,,\n"
    )
    with database.unit_of_work(SYSTEM) as uow:
        city_id = store_city(uow, grid_city()).city_id
    read = read_register(
        path, kind="population", datum="wgs84", source="census",
        city_extent=shapely.box(113.9, 22.4, 114.2, 22.7),
    )  # fmt: skip
    for _ in range(2):
        with database.unit_of_work(SYSTEM) as uow:
            store_register(uow, read.good, kind="population", city_id=city_id, source="census")
            stored = uow.session.execute(
                text("SELECT population FROM population_cells WHERE source = 'census' ORDER BY 1")
            )
            assert list(stored.scalars()) == [40, 60, 90, 100]


def test_a_stored_city_leaves_the_search_no_list_to_read_through(
    database: Database, owner_url: str
) -> None:
    pending = text("SELECT gin_clean_pending_list('ix_places_search_text_trgm')")
    owner = Database(owner_url, as_owner=True)
    try:
        with owner.unit_of_work(SYSTEM) as uow:
            store_city(uow, grid_city())
        with owner.unit_of_work(SYSTEM) as uow:
            assert uow.session.execute(pending).scalar_one() == 0
            uow.session.execute(text("UPDATE places SET search_text = search_text || ' x'"))
            assert uow.session.execute(pending).scalar_one() > 0
    finally:
        owner.close()

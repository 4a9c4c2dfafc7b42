"""Areas across loads: they end instead of vanishing, join to a tree, and keep their people."""

from datetime import date

import geopandas as gpd
import pandas as pd
import pytest
import shapely
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from data import repository
from data.frames import frame_of_rows
from data.model import AREA_COLUMNS, COUNT_COLUMNS
from data.service import store_city
from gis.access import SYSTEM
from gis.database import Database
from tests.cities import grid_city

pytestmark = pytest.mark.database

WHOLE = shapely.MultiPolygon([shapely.box(113.0, 22.0, 115.0, 23.0)])


def areas(*codes: str, since: date = date(2000, 1, 1)) -> gpd.GeoDataFrame:
    """A city, and in it districts of the given codes."""
    rows = [{"code": "440300", "level": "city", "population": 900}]
    rows += [{"code": code, "level": "district", "population": 100} for code in codes]
    return frame_of_rows(
        AREA_COLUMNS,
        [{"name": "n", "valid_from": since, "source": "test", "modelled": True, "geometry": WHOLE}
         | row for row in rows],
    )  # fmt: skip


def load(database: Database, frame: gpd.GeoDataFrame, counts: pd.DataFrame | None = None) -> int:
    city = grid_city()
    city.areas = frame
    if counts is not None:
        city.populations = counts
    with database.unit_of_work(SYSTEM) as uow:
        return store_city(uow, city).city_id


def column(database: Database, statement: str) -> list[object]:
    with database.read(SYSTEM) as uow:
        return list(uow.session.execute(text(statement)).scalars())


def test_an_area_that_is_gone_ends_and_comes_back(database: Database) -> None:
    load(database, areas("440305", "440306"))
    load(database, areas("440305"))
    ended = "SELECT code FROM areas WHERE valid_to IS NOT NULL"
    assert column(database, ended) == ["440306"]
    load(database, areas("440305", "440306"))
    assert column(database, ended) == []
    assert column(database, "SELECT count(*) FROM areas") == [3]


def test_districts_lie_in_their_city(database: Database) -> None:
    load(database, areas("440305"))
    assert column(
        database,
        "SELECT p.code FROM areas a JOIN areas p ON p.area_id = a.parent_id"
        " WHERE a.code = '440305'",
    ) == ["440300"]
    assert column(database, "SELECT path[array_length(path, 1)] FROM areas ORDER BY code") == [
        "440300", "440305",
    ]  # fmt: skip


def test_people_are_counted_by_age_and_base_once(database: Database) -> None:
    counts = pd.DataFrame(
        [("440305", date(2020, 11, 1), 0, None, "all", "resident", "census", 120.0),
         ("440305", date(2020, 11, 1), 0, 15, "all", "resident", "census", 20.0),
         ("440305", date(2020, 11, 1), 0, None, "all", "registered", "police", 80.0)],
        columns=list(COUNT_COLUMNS), dtype=object,
    )  # fmt: skip
    for _ in range(2):
        load(database, areas("440305"), counts)
    assert column(database, "SELECT count(*) FROM populations") == [4]
    assert column(database, "SELECT area_residents(area_id) FROM areas ORDER BY code") == [900, 120]


def test_an_area_passes_on_no_more_than_itself(database: Database) -> None:
    city_id = load(database, areas("440305"))
    load(database, areas("440309", "440311", since=date(2025, 1, 1)))
    day = date(2025, 1, 1)
    with database.unit_of_work(SYSTEM) as uow:
        repository.put_successors(
            uow.session, city_id, [("440305", "440309", day, 0.7), ("440305", "440311", day, 0.3)]
        )
    assert column(database, "SELECT share FROM area_successors ORDER BY share") == [0.3, 0.7]
    with (
        pytest.raises(IntegrityError, match="more than itself"),
        database.unit_of_work(SYSTEM) as uow,
    ):
        repository.put_successors(uow.session, city_id, [("440305", "440311", day, 0.5)])

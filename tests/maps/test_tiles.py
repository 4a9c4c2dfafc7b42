"""Tiles hold what the catalogue says, where it is, and nothing of another city."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import geopandas as gpd
import pytest
import shapely
from sqlalchemy import insert

from api.rooms import HOUSE
from gis.access import ANONYMOUS, SYSTEM, Identity
from gis.database import Database, UnitOfWork
from gis.permissions import EVENTS_READ
from gis.rooms.house import gather
from gis.rooms.layers import BASE_TILE, MAX_ZOOM, Shown, Sql
from gis.tables import Place, WaterBody
from maps.errors import LayerNotFoundError, TileOutOfRangeError
from maps.tiles import tile
from tests.cities import STEP, WEST, corner, grid_id
from tests.identities import granted
from tests.maps.tiles_read import read_all, tile_of

LAYERS = HOUSE.layers
STORED = {name: layer for name, layer in LAYERS.items() if isinstance(layer.source, Sql)}
pytestmark = pytest.mark.database

LON, LAT = corner(3, 3)


@pytest.fixture
def city_id(shared_grid: Database) -> int:
    return grid_id(shared_grid)


@pytest.fixture
def uow(shared_grid: Database) -> Iterator[UnitOfWork]:
    with shared_grid.unit_of_work(SYSTEM) as opened:
        yield opened
        opened.session.rollback()


def features(
    uow: UnitOfWork, city_id: int, layer: str, folder: Path, *, z: int
) -> gpd.GeoDataFrame:
    address = tile_of(LON, LAT, z)
    (found,) = read_all(tile(uow, city_id, layer, *address), folder, *address).values()
    return found


def test_streets_come_with_names_and_lie_where_they_are(
    uow: UnitOfWork, city_id: int, tmp_path: Path
):
    roads = features(uow, city_id, "roads", tmp_path, z=15)
    assert set(roads["class"]) == {"residential"}
    assert {"Row 3", "Column 3"} <= set(roads["name"])
    assert {"第3横路", "第3纵路"} <= set(roads["name_zh"])
    row = roads[roads["name"] == "Row 3"].union_all()
    metre_deg = 1 / 111_000
    assert row.distance(shapely.Point(LON, LAT)) < metre_deg


def test_small_streets_wait_for_their_zoom(uow: UnitOfWork, city_id: int):
    assert tile(uow, city_id, "roads", *tile_of(LON, LAT, 12)) == b""
    assert tile(uow, city_id, "roads", *tile_of(LON, LAT, 13)) != b""


def test_an_area_is_a_surface_a_border_and_one_label(uow: UnitOfWork, city_id: int, tmp_path: Path):
    areas = features(uow, city_id, "areas", tmp_path, z=10)
    by_part = areas.groupby("part").size().to_dict()
    assert by_part["label"] == 2
    assert by_part["polygon"] == by_part["border"] == 2
    assert set(areas["name_zh"]) == {"西区", "东区"}
    assert set(areas.geometry[areas["part"] == "label"].geom_type) == {"Point"}


def test_points_keep_what_the_map_needs(uow: UnitOfWork, city_id: int, tmp_path: Path):
    (hospital,) = features(uow, city_id, "facilities", tmp_path, z=11).to_dict("records")
    assert (hospital["kind"], bool(hospital["emergency"])) == ("hospital", True)
    assert hospital["name_zh"] == "方格医院"
    assert set(features(uow, city_id, "aeds", tmp_path, z=13)["name"]) == {"Lobby", "Gym"}
    assert len(features(uow, city_id, "stations", tmp_path, z=12)) == 3


def test_water_is_labelled_once(uow: UnitOfWork, city_id: int, tmp_path: Path):
    lake = shapely.MultiPolygon([shapely.box(WEST, LAT, WEST + 4 * STEP, LAT + STEP)])
    uow.session.execute(
        insert(WaterBody).values(city_id=city_id, name="Lago", geom=f"SRID=4326;{lake.wkt}")
    )
    water = features(uow, city_id, "water", tmp_path, z=12)
    assert sorted(water["part"]) == ["label", "polygon"]


def test_only_labels_of_places_are_shown(uow: UnitOfWork, city_id: int, tmp_path: Path):
    for ref, kind in (("l", "locality"), ("s", "street"), ("c", "intersection")):
        uow.session.execute(
            insert(Place).values(
                city_id=city_id, source="test", source_ref=ref, kind=kind, name=kind,
                search_text=kind, radius_m=500.0, geom=f"SRID=4326;POINT({LON} {LAT})",
            )
        )  # fmt: skip
    assert set(features(uow, city_id, "places", tmp_path, z=14)["kind"]) == {"locality"}


@pytest.mark.parametrize("layer", STORED)
def test_every_layer_answers_at_every_zoom(uow: UnitOfWork, city_id: int, layer: str):
    for z in range(MAX_ZOOM + 1):
        body = tile(uow, city_id, layer, *tile_of(LON, LAT, z))
        assert isinstance(body, bytes)
        if z < LAYERS[layer].minzoom:
            assert body == b""


@pytest.mark.parametrize("layer", STORED)
def test_another_city_shows_nothing_of_this_one(uow: UnitOfWork, city_id: int, layer: str):
    assert tile(uow, city_id + 1, layer, *tile_of(LON, LAT, 14)) == b""


def test_unknown_layers_and_tiles_are_refused(uow: UnitOfWork, city_id: int):
    with pytest.raises(LayerNotFoundError, match="roads"):
        tile(uow, city_id, "secrets", 0, 0, 0)
    for z, x, y in ((-1, 0, 0), (3, 8, 0), (3, 0, -1), (MAX_ZOOM + 1, 0, 0)):
        with pytest.raises(TileOutOfRangeError):
            tile(uow, city_id, "roads", z, x, y)


def test_a_guarded_layer_is_there_only_for_who_may_see_it(shared_grid: Database, city_id: int):
    *others, maps_room = HOUSE.rooms
    by_rows = Sql(rows="maps:sql/rows/stations.sql")
    layers = tuple(
        replace(layer, permission=EVENTS_READ, shown=Shown.CHOSEN, source=by_rows)
        if layer.name == "stations"
        else layer
        for layer in maps_room.layers
    )
    guarded = Database(shared_grid.url, house=gather([*others, replace(maps_room, layers=layers)]))
    address = tile_of(LON, LAT, 12)
    hospital = Identity(None, "er", "ER", grants=(granted("hospital"),))
    dispatcher = Identity(None, "li", "Li", grants=(granted("dispatcher"),))
    for viewer in (ANONYMOUS, hospital):
        with guarded.read(viewer) as uow, pytest.raises(LayerNotFoundError, match="roads"):
            tile(uow, city_id, "stations", *address)
    with guarded.read(dispatcher) as uow:
        assert tile(uow, city_id, "stations", *address)
    guarded.close()


def test_the_base_tile_holds_its_layers_one_after_the_other(uow: UnitOfWork, city_id: int):
    for z in (6, 12, 15):
        address = tile_of(LON, LAT, z)
        apart = [
            tile(uow, city_id, name, *address)
            for name, layer in LAYERS.items()
            if layer.shown is Shown.BASE
        ]
        assert tile(uow, city_id, BASE_TILE, *address) == b"".join(apart)
    assert sum(body != b"" for body in apart) > 1

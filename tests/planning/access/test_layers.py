"""The layers of minutes by road hold what they declare, on the live roads."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from api.rooms import HOUSE
from gis.access import SYSTEM
from gis.cities import CityRow, require_city
from gis.database import Database, ReadingUnitOfWork
from gis.rooms.layers import Export, Ramp
from maps.catalogue.exports import PROVENANCE, export, layer_features
from maps.catalogue.service import catalogue
from maps.errors import LayerTimeInvalidError
from planning.access.layers import BREAKS_MIN, LAYERS
from planning.access.model import Target
from routing.live.routing import Routing
from tests.cities import grid_id

pytestmark = pytest.mark.database

NAMES = [layer.name for layer in LAYERS]


@pytest.fixture
def uow(shared_grid: Database) -> Iterator[ReadingUnitOfWork]:
    with shared_grid.read(SYSTEM) as opened:
        yield opened


@pytest.fixture
def city(uow: ReadingUnitOfWork, shared_grid: Database) -> CityRow:
    return require_city(uow, grid_id(shared_grid))


@pytest.fixture
def routing(shared_grid: Database, tmp_path: Path, kernels: None) -> Routing:
    made = Routing(shared_grid, tmp_path)
    made.refresh()
    return made


def test_there_is_a_layer_for_every_target() -> None:
    assert [f"minutes_{target}" for target in Target] == NAMES
    for layer in LAYERS:
        assert isinstance(layer.classes, Ramp)
        assert layer.classes.breaks == BREAKS_MIN
        words = [entry.words.en for entry in layer.legend]
        assert words[-2:] == ["no open road leads there", "not known"]


@pytest.mark.parametrize("name", NAMES)
def test_rows_are_the_declared_fields(
    uow: ReadingUnitOfWork, city: CityRow, routing: Routing, name: str
) -> None:
    layer, table = layer_features(uow, name, city, routing=routing)
    assert set(table.columns) == {PROVENANCE} | {field.name for field in layer.fields}
    assert len(table) == 2
    for minutes, standing in zip(
        table.columns["minutes"], table.columns["standing"], strict=True
    ):  # fmt: skip
        assert (minutes is None) == (standing != "reached")
    known = name != "minutes_stroke"
    assert set(table.columns["standing"]) == {"reached" if known else "unknown"}


def test_a_file_says_what_it_is(uow: ReadingUnitOfWork, city: CityRow, routing: Routing) -> None:
    made = export(uow, "minutes_pci", city, Export.GEOJSON, routing=routing)
    collection = json.loads(made.content)
    assert collection["metadata"]["provenance"] == "simulated"
    assert collection["metadata"]["unit_ucum"] == "min"
    open_roads = export(uow, "minutes_pci", city, Export.GEOJSON, time="open", routing=routing)
    assert json.loads(open_roads.content)["features"] == collection["features"]
    with pytest.raises(LayerTimeInvalidError):
        export(uow, "minutes_pci", city, Export.CSV, time="night", routing=routing)
    with pytest.raises(ValueError, match="worked out from roads"):
        export(uow, "minutes_pci", city, Export.CSV)


def test_the_catalogue_says_where_the_times_are_from_and_whom_they_count(
    uow: ReadingUnitOfWork, city: CityRow
) -> None:
    view = next(one for one in catalogue(uow, city) if one.name == "minutes_station")
    assert view.data == f"/v1/planning/minutes/station/features?city_id={city.city_id}"
    assert view.tiles is None
    assert view.population_base is not None
    assert view.population_base.year is None, "the grid's count has no day"
    assert HOUSE.layers["minutes_station"].live

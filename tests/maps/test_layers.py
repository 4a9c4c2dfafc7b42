"""The catalogue and what is drawn from it must name the same things."""

import re
from importlib.resources import files

import pytest

from api.rooms import HOUSE
from gis.rooms.layers import MAX_ZOOM, Layer, Sql
from maps.zooms import (
    AREA_LEVEL_MIN_ZOOM,
    FACILITY_KIND_MIN_ZOOM,
    PLACE_KIND_MIN_ZOOM,
    ROAD_CLASS_MIN_ZOOM,
)

LAYERS = HOUSE.layers
STORED = {name: layer for name, layer in LAYERS.items() if isinstance(layer.source, Sql)}
FIRST_SHOWN = {
    "roads": ROAD_CLASS_MIN_ZOOM,
    "areas": AREA_LEVEL_MIN_ZOOM,
    "places": PLACE_KIND_MIN_ZOOM,
    "facilities": FACILITY_KIND_MIN_ZOOM,
}


def test_names_are_keys_and_titles_stand_in_both_languages():
    for name, layer in LAYERS.items():
        assert layer.name == name
        assert layer.says
        assert 0 <= layer.minzoom <= layer.maxzoom <= MAX_ZOOM


def test_fields_are_named_once():
    for layer in LAYERS.values():
        names = [field.name for field in layer.fields]
        assert len(names) == len(set(names))


@pytest.mark.parametrize("layer", FIRST_SHOWN)
def test_a_layer_begins_where_its_first_kind_is_shown(layer: str):
    assert LAYERS[layer].minzoom <= min(FIRST_SHOWN[layer].values())
    assert max(FIRST_SHOWN[layer].values()) <= LAYERS[layer].maxzoom


@pytest.mark.parametrize("layer", STORED.values(), ids=STORED)
def test_each_layer_has_its_statement_with_every_field(layer: Layer):
    assert isinstance(layer.source, Sql)
    for reference in layer.source.statements:
        package, _, name = reference.partition(":")
        sql = files(package).joinpath(name).read_text(encoding="utf-8")
        if reference == layer.source.has_any:
            continue  # whether there is anything at all
        assert (f"ST_AsMVT(feature, '{layer.name}'" in sql) == (reference != layer.source.rows)
        if layer.source.tile_below and reference == layer.source.tile_below[1]:
            continue  # fewer fields than near
        for field in layer.fields:
            assert re.search(rf"\b{field.name}\b", sql), field.name

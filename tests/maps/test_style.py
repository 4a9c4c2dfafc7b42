"""The style draws only what the catalogue holds, asks nobody else, and speaks both languages."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest

from api.rooms import HOUSE
from gis.cartography import NAMED, THEMES
from gis.rooms.layers import BASE_TILE, Shown
from maps.assets import STATIC_FOLDER
from maps.errors import UnknownLanguageError, UnknownThemeError
from maps.style import LANGUAGES, build_style

LAYERS = HOUSE.layers
ON_EVERY_MAP = {name for name, layer in LAYERS.items() if layer.shown is Shown.ALWAYS}
IN_BASE_TILE = {name for name, layer in LAYERS.items() if layer.shown is Shown.BASE}


@dataclass(frozen=True)
class City:
    city_id: int = 7
    attribution: str = "© OpenStreetMap contributors <b>&</b> others"
    modelled: bool = True
    network_version: int = 3


@pytest.fixture(params=[(theme, language) for theme in THEMES for language in LANGUAGES])
def style(request: pytest.FixtureRequest) -> dict[str, Any]:
    theme, language = request.param
    return build_style(City(), LAYERS, theme=theme, language=language)


def words_of(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        for inner in value.values():
            yield from words_of(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from words_of(inner)
    elif isinstance(value, str):
        yield value


def test_it_is_json_of_version_8(style: dict[str, Any]):
    assert json.loads(json.dumps(style))["version"] == 8


def test_every_drawn_layer_stands_in_the_catalogue(style: dict[str, Any]):
    ids = [layer["id"] for layer in style["layers"]]
    assert len(ids) == len(set(ids))
    for layer in style["layers"]:
        if layer["type"] != "background":
            assert layer["source"] in style["sources"]
            assert layer["source-layer"] in LAYERS


def test_what_stands_on_every_map_is_drawn_from_own_tiles(style: dict[str, Any]):
    drawn = {(layer["source"], layer["source-layer"]) for layer in style["layers"][1:]}
    assert drawn == {(name, name) for name in ON_EVERY_MAP} | {
        (BASE_TILE, name) for name in IN_BASE_TILE
    }
    assert set(style["sources"]) == {BASE_TILE, *ON_EVERY_MAP}
    for name, source in style["sources"].items():
        assert source["tiles"] == [f"/v1/tiles/7/{name}/{{z}}/{{x}}/{{y}}.mvt?v=3"]


def test_fields_asked_for_exist(style: dict[str, Any]):
    for layer in style["layers"]:
        if layer["type"] == "background":
            continue
        known = {field.name for field in LAYERS[layer["source-layer"]].fields}
        text = json.dumps(layer)
        asked = set(re.findall(r'\["(?:get|has)", "(\w+)"\]', text))
        # A layer without English names falls back to the signed name.
        assert asked - known <= {"name_en"}, layer["id"]


def test_nothing_comes_from_another_host(style: dict[str, Any]):
    assert "glyphs" not in style
    assert "sprite" not in style
    assert not [word for word in words_of(style) if "//" in word]


def test_icons_are_drawn_by_the_page(style: dict[str, Any]):
    drawn = (STATIC_FOLDER / "js/map/icons.js").read_text(encoding="utf-8")
    icons = {word for word in words_of(style["layers"]) if word.startswith("place-")}
    for name in icons - {"place-name"}:
        assert f"'{name}'" in drawn, name


def test_attribution_is_escaped_and_says_what_is_modelled():
    source = build_style(City(), LAYERS, theme="light", language="zh")["sources"]["base"]
    assert "&lt;b&gt;&amp;&lt;/b&gt;" in source["attribution"]
    assert "模型" in source["attribution"]
    surveyed = build_style(City(modelled=False), LAYERS, theme="light", language="en")
    assert "modelled" not in surveyed["sources"]["base"]["attribution"]


def test_labels_follow_the_language():
    for language in LANGUAGES:
        style = build_style(City(), LAYERS, theme="light", language=language)
        label = next(layer for layer in style["layers"] if layer["id"] == "area-name")
        named = f"name_{language}" if language in NAMED else "name"
        assert label["layout"]["text-field"][1] == ["get", named]


def test_themes_differ_in_colour_only():
    light, dark = (build_style(City(), LAYERS, theme=theme, language="en") for theme in THEMES)
    assert [layer["id"] for layer in light["layers"]] == [layer["id"] for layer in dark["layers"]]
    assert light["layers"][0] != dark["layers"][0]


def test_unknown_theme_and_language_are_refused():
    with pytest.raises(UnknownThemeError, match="light"):
        build_style(City(), LAYERS, theme="sepia", language="en")
    with pytest.raises(UnknownLanguageError, match="zh"):
        build_style(City(), LAYERS, theme="light", language="fr")


def test_a_map_that_is_fed_by_the_catalogue_takes_the_base_only():
    style = build_style(City(), LAYERS, theme="light", language="en", base_only=True)
    assert set(style["sources"]) == {BASE_TILE}
    assert {layer["source-layer"] for layer in style["layers"][1:]} == IN_BASE_TILE
    full = build_style(City(), LAYERS, theme="light", language="en")
    assert [one for one in full["layers"] if one in style["layers"]] == style["layers"]


def test_the_light_style_has_one_line_a_road_and_few_names():
    usual = build_style(City(), LAYERS, theme="light", language="en")
    light = build_style(City(), LAYERS, theme="light", language="en", light=True)
    roads = [one for one in light["layers"] if one.get("source-layer") == "roads"]
    assert [(one["id"], one["type"]) for one in roads] == [
        ("road-minor", "line"), ("road-major", "line"), ("road-name", "symbol"),
    ]  # fmt: skip
    assert light["sources"] == usual["sources"]
    assert len(light["layers"]) < len(usual["layers"]) - 10

"""The style draws only what the catalogue holds, asks nobody else, and speaks both languages."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

import pytest

from api.rooms import HOUSE
from gis.access import Permission
from gis.cartography import THEMES
from maps.assets import STATIC_FOLDER
from maps.errors import UnknownLanguageError, UnknownThemeError
from maps.style import LANGUAGES, NAMED, build_style


@dataclass(frozen=True)
class City:
    city_id: int = 7
    attribution: str = "© OpenStreetMap contributors <b>&</b> others"
    modelled: bool = True
    network_version: int = 3


def styled(*, theme: str, language: str, city: City | None = None) -> dict[str, Any]:
    return build_style(city or City(), theme=theme, language=language, layers=HOUSE.layers)


@pytest.fixture(params=[(theme, language) for theme in THEMES for language in LANGUAGES])
def style(request: pytest.FixtureRequest) -> dict[str, Any]:
    theme, language = request.param
    return styled(theme=theme, language=language)


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
            assert layer["source-layer"] in HOUSE.layers


def test_every_catalogue_layer_is_drawn_from_own_tiles(style: dict[str, Any]):
    drawn = {layer.get("source-layer") for layer in style["layers"]}
    assert drawn >= set(HOUSE.layers)
    for name, source in style["sources"].items():
        assert source["tiles"] == [f"/v1/tiles/7/{name}/{{z}}/{{x}}/{{y}}.mvt?v=3"]


def test_fields_asked_for_exist(style: dict[str, Any]):
    for layer in style["layers"]:
        if layer["type"] == "background":
            continue
        known = {field.name for field in HOUSE.layers[layer["source-layer"]].fields}
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
    source = styled(theme="light", language="zh")["sources"]["roads"]
    assert "&lt;b&gt;&amp;&lt;/b&gt;" in source["attribution"]
    assert "模型" in source["attribution"]
    surveyed = styled(theme="light", language="en", city=City(modelled=False))
    assert "modelled" not in surveyed["sources"]["roads"]["attribution"]


def test_labels_follow_the_language():
    for language in LANGUAGES:
        style = styled(theme="light", language=language)
        label = next(layer for layer in style["layers"] if layer["id"] == "area-name")
        named = f"name_{language}" if language in NAMED else "name"
        assert label["layout"]["text-field"][1] == ["get", named]


def test_themes_differ_in_colour_only():
    light, dark = (styled(theme=theme, language="en") for theme in THEMES)
    assert [layer["id"] for layer in light["layers"]] == [layer["id"] for layer in dark["layers"]]
    assert light["layers"][0] != dark["layers"][0]


def test_unknown_theme_and_language_are_refused():
    with pytest.raises(UnknownThemeError, match="light"):
        styled(theme="sepia", language="en")
    with pytest.raises(UnknownLanguageError, match="zh"):
        styled(theme="light", language="fr")


def test_a_layer_that_asks_for_a_permission_is_not_in_the_public_style():
    guarded = replace(HOUSE.layers["conditions"], permission=Permission("road_conditions_read"))
    layers = {**HOUSE.layers, "conditions": guarded}
    style = build_style(City(), theme="light", language="en", layers=layers)
    assert "conditions" not in style["sources"]
    assert "conditions" not in {layer.get("source") for layer in style["layers"]}

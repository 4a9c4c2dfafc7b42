"""The basemap's style: a calm grey city, light or dark, from our own tiles.

Written by hand as MapLibre style specification version 8. There is no `glyphs` URL: the page draws
letters with the fonts of the workstation. Icons are named here and drawn by the page
(`maps/web/static/js/map/icons.js`).
"""

import html
from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any, Protocol

from gis.cartography import (
    FONT,
    THEMES,
    Drawing,
    Expression,
    Palette,
    Sheet,
    Style,
    stops,
    style_layer,
)
from gis.facilities.kinds import HOSPITAL_KINDS
from gis.rooms.house import resolve
from gis.rooms.layers import Layer
from maps.errors import UnknownLanguageError, UnknownThemeError

LANGUAGES = ("zh", "en", "es")
NAMED = ("zh", "en")
"""Languages in which the tiles carry names of their own, as `name_zh`."""
MODELLED_NOTICE = MappingProxyType({
    "zh": "含模型生成数据，非实测",
    "en": "contains modelled data, not surveyed",
    "es": "contiene datos modelados, no levantados en terreno",
})  # fmt: skip


class StyledCity(Protocol):
    """What the style needs to know of a city."""

    @property
    def city_id(self) -> int: ...
    @property
    def attribution(self) -> str: ...
    @property
    def modelled(self) -> bool: ...
    @property
    def network_version(self) -> int: ...


_MAJOR = ("motorway", "trunk", "primary", "secondary", "tertiary")
_MINOR = ("unclassified", "residential", "living_street", "road", "pedestrian", "service", "track")
_PATHS = ("footway", "path", "cycleway", "steps", "bridleway", "corridor")

ROAD_WIDTH_PX: dict[str, tuple[float, float, float, float]] = {
    "service": (0.0, 0.8, 3.0, 9.0),
    "residential": (0.0, 1.2, 6.0, 16.0),
    "tertiary": (0.5, 2.0, 8.0, 20.0),
    "secondary": (0.7, 2.8, 10.0, 24.0),
    "primary": (1.0, 3.6, 12.0, 28.0),
    "trunk": (1.3, 4.4, 14.0, 32.0),
    "motorway": (1.6, 5.0, 16.0, 36.0),
}
"""Width in pixels at zooms 9, 13, 16 and 18, by class; other small roads are as `residential`."""

_WIDTH_ZOOMS = (9, 13, 16, 18)


def build_style(
    city: StyledCity, *, theme: str, language: str, layers: Mapping[str, Layer]
) -> Style:
    """Return the MapLibre style of one city as a JSON-ready dict: what everybody may see.

    Of `layers`, those of the house, it draws what asks for no permission. `theme` is `light` or
    `dark`, `language` one of `LANGUAGES`; others raise `UnknownThemeError` or
    `UnknownLanguageError`. Tile addresses carry the network version, so that a changed city is not
    shown from a cache.
    """
    palette = THEMES.get(theme)
    if palette is None:
        raise UnknownThemeError(theme, tuple(THEMES))
    if language not in LANGUAGES:
        raise UnknownLanguageError(language, LANGUAGES)
    shown = [layer for layer in layers.values() if layer.permission is None]
    drawings = [_drawing(layer, Sheet(palette, language)) for layer in shown]
    return {
        "version": 8,
        "name": f"GoldenHour {theme}",
        "metadata": {"goldenhour:theme": theme, "goldenhour:language": language},
        "sources": _sources(city, shown, language),
        "layers": [
            {"id": "land", "type": "background", "paint": {"background-color": palette.land}},
            *_ground(palette),
            *_roads(palette),
            *_borders(palette),
            *(style for drawing in drawings for style in drawing.over_roads),
            *_labels(palette, language),
            *_symbols(palette, language),
            *(style for drawing in drawings for style in drawing.marks),
        ],
    }


def _drawing(layer: Layer, sheet: Sheet) -> Drawing:
    if layer.draw is None:
        return Drawing()
    drawing: Drawing = resolve(layer.draw)(sheet)
    return drawing


def _sources(city: StyledCity, shown: Sequence[Layer], language: str) -> dict[str, Any]:
    attribution = html.escape(city.attribution)
    if city.modelled:
        attribution = f"{attribution} · {MODELLED_NOTICE[language]}"
    folder = f"/v1/tiles/{city.city_id}"
    return {
        layer.name: {
            "type": "vector",
            "tiles": [f"{folder}/{layer.name}/{{z}}/{{x}}/{{y}}.mvt?v={city.network_version}"],
            "minzoom": layer.minzoom,
            "maxzoom": layer.maxzoom,
            "attribution": attribution,
        }
        for layer in shown
    }


def _ground(palette: Palette) -> list[Style]:
    return [
        style_layer("area-fill", "fill", "areas", filter=_part("polygon"),
               paint={"fill-color": palette.area, "fill-antialias": False}),
        style_layer("water", "fill", "water", filter=_part("polygon"),
               paint={"fill-color": palette.water}),
    ]  # fmt: skip


def _roads(palette: Palette) -> list[Style]:
    """Return tunnels, then roads on the ground, then bridges: each casing below its fills."""
    tunnel, bridge = ["get", "tunnel"], ["get", "bridge"]
    ground = ["all", ["!", tunnel], ["!", bridge]]
    layers = [
        style_layer("road-path", "line", "roads", minzoom=15, filter=_classes(_PATHS),
               paint={"line-color": palette.path, "line-width": stops((15, 0.8), (18, 2.5)),
                      "line-dasharray": [2, 1.5]}),
    ]  # fmt: skip
    for level, where in (("tunnel", tunnel), ("ground", ground), ("bridge", bridge)):
        for group, classes in (("minor", _MINOR), ("major", _MAJOR)):
            layers.extend(_road_pair(palette, level=level, group=group,
                                     where=["all", where, _classes(classes)]))  # fmt: skip
    layers.append(_oneway_arrows())
    return layers


def _road_pair(palette: Palette, *, level: str, group: str, where: Expression) -> list[Style]:
    casing: Style = {"line-color": palette.casing, "line-width": _road_width(extra_px=1.6)}
    if level == "tunnel":
        casing["line-dasharray"] = [1.5, 1]
    layout = {
        "line-cap": "butt" if level != "ground" else "round",
        "line-join": "round",
        "line-sort-key": ["+", ["*", ["get", "layer"], 100], _class_rank()],
    }
    fill_colour = palette.tunnel if level == "tunnel" else _road_colour(palette)
    if group == "major":
        # Further out there is no casing: the line itself must stand out from the land.
        fill_colour = stops((11, palette.road_far), (12.5, fill_colour))
    minzoom = 13 if group == "minor" else 4
    return [
        style_layer(f"road-{level}-{group}-casing", "line", "roads", filter=where, layout=layout,
               minzoom=max(minzoom, 11), paint=casing),
        style_layer(f"road-{level}-{group}", "line", "roads", filter=where, layout=layout,
               minzoom=minzoom, paint={"line-color": fill_colour, "line-width": _road_width()}),
    ]  # fmt: skip


def _oneway_arrows() -> Style:
    return style_layer(
        "road-oneway", "symbol", "roads", minzoom=16, filter=["!=", ["get", "oneway"], 0],
        layout={
            "symbol-placement": "line",
            "symbol-spacing": 140,
            "icon-image": "oneway",
            "icon-rotate": ["case", ["==", ["get", "oneway"], -1], 180, 0],
            "icon-size": 0.6,
            "icon-padding": 0,
        },
        paint={"icon-opacity": 0.55},
    )  # fmt: skip


def _borders(palette: Palette) -> list[Style]:
    def border(name: str, levels: list[str], width_px: float, **rest: Any) -> Style:
        return style_layer(
            name, "line", "areas",
            filter=["all", _part("border"), ["in", ["get", "level"], ["literal", levels]]],
            paint={"line-color": palette.border, "line-width": width_px, **rest},
        )  # fmt: skip

    return [
        border(
            "border-street",
            ["street"],
            0.6,
            **{"line-dasharray": [2, 3], "line-opacity": 0.35},
        ),
        border("border-district", ["district"], 1.2, **{"line-dasharray": [4, 2]}),
        border("border-city", ["city", "province", "country"], 2.0),
    ]


def _labels(palette: Palette, language: str) -> list[Style]:
    name = _name(language)
    text = {"text-color": palette.label, "text-halo-color": palette.halo, "text-halo-width": 1.4}
    faint = {**text, "text-color": palette.label_faint}
    return [
        style_layer("water-name", "symbol", "water", minzoom=9, filter=_part("label"),
               layout=_text(["get", "name"], size=12),
               paint={**text, "text-color": palette.water_label}),
        style_layer("road-name", "symbol", "roads", minzoom=13,
               filter=["all", ["has", "name"], ["!", ["get", "link"]]],
               layout={**_text(name, size=stops((13, 10), (17, 13))),
                       "symbol-placement": "line", "symbol-spacing": 320,
                       "text-max-angle": 35, "text-padding": 4,
                       "symbol-sort-key": ["-", 20, _class_rank()]},
               paint=faint),
        style_layer("place-name", "symbol", "places",
               layout={**_text(name, size=stops((9, 12), (15, 11.5))), "text-padding": 6},
               paint=faint),
        style_layer("area-name-street", "symbol", "areas", minzoom=13, maxzoom=15,
               filter=["all", _part("label"),
                       ["in", ["get", "level"], ["literal", ["street"]]]],
               layout={**_text(name, size=11), "text-padding": 12}, paint=faint),
        style_layer("area-name", "symbol", "areas", maxzoom=15,
               filter=["all", _part("label"),
                       ["in", ["get", "level"], ["literal", ["district"]]]],
               layout={**_text(name, size=stops((8, 11), (13, 16))), "text-letter-spacing": 0.08},
               paint=text),
    ]  # fmt: skip


def _symbols(palette: Palette, language: str) -> list[Style]:
    """Return hospitals, stations and AEDs: icons drawn by the page, named `place-…`."""
    label = {
        "text-color": palette.label, "text-halo-color": palette.halo, "text-halo-width": 1.4,
    }  # fmt: skip

    def symbol(name: str, source: str, icon: Expression | str, *, label_zoom: int,
               **rest: Any) -> Style:  # fmt: skip
        layout = {
            **_text(["step", ["zoom"], "", label_zoom, _name(language)], size=11),
            "icon-image": icon,
            "icon-size": stops((9, 0.55), (14, 0.9)),
            "icon-allow-overlap": True,
            "icon-padding": 0,
            "text-optional": True,
            "text-anchor": "top",
            "text-offset": [0, 0.9],
        }
        return style_layer(name, "symbol", source, layout=layout, paint=label, **rest)

    facility = [
        "match", ["get", "kind"],
        list(HOSPITAL_KINDS),
        ["case", ["==", ["get", "emergency"], True], "place-hospital-ed", "place-hospital"],
        "place-clinic",
    ]  # fmt: skip
    return [
        symbol("aeds", "aeds", "place-aed", label_zoom=17, minzoom=13),
        symbol("stations", "stations", "place-station", label_zoom=14, minzoom=9),
        symbol("facilities", "facilities", facility, label_zoom=13),
    ]


def _text(field: Any, *, size: Any) -> Style:
    return {"text-field": field, "text-font": FONT, "text-size": size, "text-max-width": 8}


def _name(language: str) -> Expression:
    # In another language a place keeps the name it has where it is.
    own = [["get", f"name_{language}"]] if language in NAMED else []
    return ["coalesce", *own, ["get", "name"], ["get", "name_zh"], ""]


def _part(part: str) -> Expression:
    return ["==", ["get", "part"], part]


def _classes(classes: tuple[str, ...]) -> Expression:
    return ["in", ["get", "class"], ["literal", list(classes)]]


def _class_rank() -> Expression:
    cases = [part for rank, name in enumerate(ROAD_WIDTH_PX) for part in (name, rank)]
    return ["match", ["get", "class"], *cases, 1]


def _road_width(*, extra_px: float = 0.0) -> Expression:
    """Return the width expression; ramps are drawn at 0.6 of their road, casings wider."""

    def at(index: int) -> Expression:
        cases: list[Any] = []
        for name, widths in ROAD_WIDTH_PX.items():
            cases += [name, widths[index]]
        width = ["match", ["get", "class"], *cases, ROAD_WIDTH_PX["residential"][index]]
        return ["+", ["*", width, ["case", ["get", "link"], 0.6, 1.0]], extra_px]

    return stops(*((zoom, at(index)) for index, zoom in enumerate(_WIDTH_ZOOMS)))


def _road_colour(palette: Palette) -> Expression:
    return [
        "match", ["get", "class"],
        ["motorway", "trunk"], palette.road_motorway,
        ["primary", "secondary"], palette.road_major,
        palette.road,
    ]  # fmt: skip

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
    THEMES,
    Drawing,
    Expression,
    Palette,
    Sheet,
    Style,
    draw_classes,
    labelled_by,
    stops,
    style_layer,
    text,
)
from gis.rooms.house import resolve
from gis.rooms.layers import BASE_TILE, MAX_ZOOM, Layer, Shown
from maps.errors import UnknownLanguageError, UnknownThemeError
from maps.tiles import tile_address

LANGUAGES = ("zh", "en", "es")
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


def sheet_for(theme: str, language: str) -> Sheet:
    """Return what is drawn for: `theme` is `light` or `dark`, `language` one of `LANGUAGES`.

    Raises
    ------
    UnknownThemeError, UnknownLanguageError
    """
    palette = THEMES.get(theme)
    if palette is None:
        raise UnknownThemeError(theme, tuple(THEMES))
    if language not in LANGUAGES:
        raise UnknownLanguageError(language, LANGUAGES)
    return Sheet(palette, language)


def build_style(
    city: StyledCity, layers: Mapping[str, Layer], *, theme: str, language: str,
    base_only: bool = False, light: bool = False,
) -> Style:  # fmt: skip
    """Return the MapLibre style of one city as a JSON-ready dict: what every map shows.

    That is the base tile and, unless `base_only`, the layers that stand on every map. Tile
    addresses carry the network version, so that a changed city is not shown from a cache. `light`
    is for machines that draw by software: each road is one plain line, small ones come later, and
    only names of districts, places and large roads are written.

    Raises
    ------
    UnknownThemeError, UnknownLanguageError
    """
    sheet = sheet_for(theme, language)
    palette = sheet.palette
    shown = [] if base_only else [one for one in layers.values() if one.shown is Shown.ALWAYS]
    drawings = [drawing_of(layer, sheet) for layer in shown]
    return {
        "version": 8,
        "name": f"GoldenHour {theme}",
        "metadata": {"goldenhour:theme": theme, "goldenhour:language": language},
        "sources": _sources(city, shown, language),
        "layers": [
            {"id": "land", "type": "background", "paint": {"background-color": palette.land}},
            *_ground(palette),
            *(_light_roads(palette) if light else _roads(palette)),
            *(one for one in _borders(palette) if not light or one["id"] != "border-street"),
            *(style for drawing in drawings for style in drawing.over_roads),
            *_labels(palette, language, light=light),
            *(style for drawing in drawings for style in drawing.symbols),
            *(style for drawing in drawings for style in drawing.marks),
        ],
    }


def drawing_of(layer: Layer, sheet: Sheet) -> Drawing:
    """Return how a layer is drawn: by a function of its room, else by its classes.

    A layer of the base tile is drawn with the others of it, so by itself it is nothing.
    """
    if layer.draw is not None:
        drawing: Drawing = resolve(layer.draw)(sheet)
        return drawing
    return Drawing() if layer.shown is Shown.BASE else draw_classes(layer, sheet)


def _sources(city: StyledCity, shown: Sequence[Layer], language: str) -> dict[str, Any]:
    attribution = html.escape(city.attribution)
    if city.modelled:
        attribution = f"{attribution} · {MODELLED_NOTICE[language]}"

    def source(name: str, minzoom: int, maxzoom: int) -> Style:
        return {
            "type": "vector",
            "tiles": [f"{tile_address(city.city_id, name)}?v={city.network_version}"],
            "minzoom": minzoom,
            "maxzoom": maxzoom,
            "attribution": attribution,
        }

    return {
        BASE_TILE: source(BASE_TILE, 0, MAX_ZOOM),
        **{layer.name: source(layer.name, layer.minzoom, layer.maxzoom) for layer in shown},
    }


def _base(name: str, kind: str, layer: str, **rest: Any) -> Style:
    return style_layer(name, kind, layer, source=BASE_TILE, **rest)


def _ground(palette: Palette) -> list[Style]:
    return [
        _base("area-fill", "fill", "areas", filter=_part("polygon"),
               paint={"fill-color": palette.area, "fill-antialias": False}),
        _base("water", "fill", "water", filter=_part("polygon"),
               paint={"fill-color": palette.water}),
    ]  # fmt: skip


def _roads(palette: Palette) -> list[Style]:
    """Return tunnels, then roads on the ground, then bridges: each casing below its fills."""
    tunnel, bridge = ["get", "tunnel"], ["get", "bridge"]
    ground = ["all", ["!", tunnel], ["!", bridge]]
    layers = [
        _base("road-path", "line", "roads", minzoom=15, filter=_classes(_PATHS),
               paint={"line-color": palette.path, "line-width": stops((15, 0.8), (18, 2.5)),
                      "line-dasharray": [2, 1.5]}),
    ]  # fmt: skip
    for level, where in (("tunnel", tunnel), ("ground", ground), ("bridge", bridge)):
        for group, classes in (("minor", _MINOR), ("major", _MAJOR)):
            layers.extend(_road_pair(palette, level=level, group=group,
                                     where=["all", where, _classes(classes)]))  # fmt: skip
    layers.append(_oneway_arrows())
    return layers


def _light_roads(palette: Palette) -> list[Style]:
    return [
        _base(f"road-{group}", "line", "roads", filter=_classes(classes), minzoom=minzoom,
               paint={"line-color": colour, "line-width": stops((9, thin), (13, 1.5 * thin),
                                                                (18, 8.0 * thin))})
        for group, classes, minzoom, colour, thin in (
            ("minor", _MINOR, 15, palette.casing, 1.0),
            ("major", _MAJOR, 4, palette.road_far, 1.2),
        )
    ]  # fmt: skip


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
        _base(f"road-{level}-{group}-casing", "line", "roads", filter=where, layout=layout,
               minzoom=max(minzoom, 11), paint=casing),
        _base(f"road-{level}-{group}", "line", "roads", filter=where, layout=layout,
               minzoom=minzoom, paint={"line-color": fill_colour, "line-width": _road_width()}),
    ]  # fmt: skip


def _oneway_arrows() -> Style:
    return _base(
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
        return _base(
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


def _labels(palette: Palette, language: str, *, light: bool) -> list[Style]:
    name = labelled_by(language)
    paint = {"text-color": palette.label, "text-halo-color": palette.halo, "text-halo-width": 1.4}
    faint = {**paint, "text-color": palette.label_faint}
    road_names: Expression = ["all", ["has", "name"], ["!", ["get", "link"]]]
    if light:
        road_names.append(_classes(_MAJOR))
    layers = [
        _base("water-name", "symbol", "water", minzoom=9, filter=_part("label"),
               layout=text(["get", "name"], size=12),
               paint={**paint, "text-color": palette.water_label}),
        _base("road-name", "symbol", "roads", minzoom=14 if light else 13, filter=road_names,
               layout={**text(name, size=stops((13, 10), (17, 13))),
                       "symbol-placement": "line", "symbol-spacing": 320,
                       "text-max-angle": 35, "text-padding": 4,
                       "symbol-sort-key": ["-", 20, _class_rank()]},
               paint=faint),
        _base("place-name", "symbol", "places",
               layout={**text(name, size=stops((9, 12), (15, 11.5))), "text-padding": 6},
               paint=faint),
        _base("area-name-street", "symbol", "areas", minzoom=13, maxzoom=15,
               filter=["all", _part("label"),
                       ["in", ["get", "level"], ["literal", ["street"]]]],
               layout={**text(name, size=11), "text-padding": 12}, paint=faint),
        _base("area-name", "symbol", "areas", maxzoom=15,
               filter=["all", _part("label"),
                       ["in", ["get", "level"], ["literal", ["district"]]]],
               layout={**text(name, size=stops((8, 11), (13, 16))), "text-letter-spacing": 0.08},
               paint=paint),
    ]  # fmt: skip
    return [one for one in layers if not light or one["id"] != "area-name-street"]


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

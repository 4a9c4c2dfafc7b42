"""The basemap's style: a calm grey city, light or dark, from our own tiles.

Written by hand as MapLibre style specification version 8. There is no `glyphs` URL: the page draws
letters with the fonts of the workstation. Icons are named here and drawn by the page
(`maps/web/static/js/map/icons.js`).
"""

import html
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Protocol

from maps.errors import UnknownLanguageError, UnknownThemeError
from maps.layers import LAYERS

Style = dict[str, Any]
Expression = list[Any]

FONT = ["Noto Sans CJK SC", "Noto Sans SC", "Microsoft YaHei", "PingFang SC", "sans-serif"]
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


@dataclass(frozen=True, slots=True)
class Palette:
    """Colours of one theme. Greys throughout: colour is left to what is abnormal."""

    land: str
    area: str
    border: str
    water: str
    water_label: str
    road: str
    road_major: str
    road_motorway: str
    road_far: str
    casing: str
    tunnel: str
    path: str
    label: str
    label_faint: str
    halo: str


THEMES = MappingProxyType({
    "light": Palette(
        land="#eef0f1", area="#f4f5f6", border="#a3abb3", water="#c8d6de", water_label="#54707f",
        road="#ffffff", road_major="#fdfdfb", road_motorway="#e3e6e8",
        road_far="#b7bfc6", casing="#bcc3c9",
        tunnel="#dde1e4", path="#c9ced2", label="#3c444b", label_faint="#5f6971", halo="#f7f8f8",
    ),
    "dark": Palette(
        land="#1d2226", area="#20262a", border="#59646d", water="#16313f", water_label="#8fb1c2",
        road="#363e44", road_major="#434c53", road_motorway="#525c64",
        road_far="#4c565e", casing="#14181b",
        tunnel="#2a3136", path="#3a4248", label="#c9d0d5", label_faint="#9aa5ad", halo="#181c1f",
    ),
})  # fmt: skip

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


def build_style(city: StyledCity, *, theme: str, language: str) -> Style:
    """Return the MapLibre style of one city as a JSON-ready dict.

    `theme` is `light` or `dark`, `language` one of `LANGUAGES`; others raise `UnknownThemeError` or
    `UnknownLanguageError`. Tile addresses carry the network version, so that a changed city is not
    shown from a cache.
    """
    palette = THEMES.get(theme)
    if palette is None:
        raise UnknownThemeError(theme, tuple(THEMES))
    if language not in LANGUAGES:
        raise UnknownLanguageError(language, LANGUAGES)
    return {
        "version": 8,
        "name": f"GoldenHour {theme}",
        "metadata": {"goldenhour:theme": theme, "goldenhour:language": language},
        "sources": _sources(city, language),
        "layers": [
            {"id": "land", "type": "background", "paint": {"background-color": palette.land}},
            *_ground(palette),
            *_roads(palette),
            *_borders(palette),
            *_conditions(palette),
            *_labels(palette, language),
            *_symbols(palette, language),
            _closed_crosses(),
        ],
    }


def _sources(city: StyledCity, language: str) -> dict[str, Any]:
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
        for layer in LAYERS.values()
    }


def _layer(name: str, kind: str, source: str, **rest: Any) -> Style:
    return {"id": name, "type": kind, "source": source, "source-layer": source, **rest}


def _ground(palette: Palette) -> list[Style]:
    return [
        _layer("area-fill", "fill", "areas", filter=_part("polygon"),
               paint={"fill-color": palette.area, "fill-antialias": False}),
        _layer("water", "fill", "water", filter=_part("polygon"),
               paint={"fill-color": palette.water}),
    ]  # fmt: skip


def _roads(palette: Palette) -> list[Style]:
    """Return tunnels, then roads on the ground, then bridges: each casing below its fills."""
    tunnel, bridge = ["get", "tunnel"], ["get", "bridge"]
    ground = ["all", ["!", tunnel], ["!", bridge]]
    layers = [
        _layer("road-path", "line", "roads", minzoom=15, filter=_classes(_PATHS),
               paint={"line-color": palette.path, "line-width": _stops((15, 0.8), (18, 2.5)),
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
        fill_colour = _stops((11, palette.road_far), (12.5, fill_colour))
    minzoom = 13 if group == "minor" else 4
    return [
        _layer(f"road-{level}-{group}-casing", "line", "roads", filter=where, layout=layout,
               minzoom=max(minzoom, 11), paint=casing),
        _layer(f"road-{level}-{group}", "line", "roads", filter=where, layout=layout,
               minzoom=minzoom, paint={"line-color": fill_colour, "line-width": _road_width()}),
    ]  # fmt: skip


def _oneway_arrows() -> Style:
    return _layer(
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
        return _layer(
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


CONDITION_COLOURS = MappingProxyType({
    "closure": "#d55e00", "flood": "#0072b2", "roadworks": "#b39b00",
})  # fmt: skip
"""Of roads under a condition: the colours of the console's marks (`symbols.js`)."""


def _conditions(palette: Palette) -> list[Style]:
    """Return roads that are closed (hatched), flooded or dug up, over all other roads."""

    def line(kind: str, name: str, **paint: Any) -> Style:
        return _layer(
            name, "line", "conditions", minzoom=9, filter=["==", ["get", "kind"], kind],
            layout={"line-cap": "butt", "line-join": "round"}, paint=paint,
        )  # fmt: skip

    def hatched(kind: str) -> list[Style]:
        return [
            line(kind, f"condition-{kind}-casing",
                 **{"line-color": CONDITION_COLOURS[kind],
                    "line-width": _stops((9, 2.5), (13, 6), (16, 12), (18, 24))}),
            line(kind, f"condition-{kind}",
                 **{"line-pattern": f"hatch:{kind}",
                    "line-width": _stops((9, 1.5), (13, 4), (16, 9), (18, 20))}),
        ]  # fmt: skip

    flood = [
        line("flood", "condition-flood-casing",
             **{"line-color": palette.halo,
                "line-width": _stops((9, 3), (13, 7), (16, 13), (18, 26))}),
        line("flood", "condition-flood",
             **{"line-color": CONDITION_COLOURS["flood"],
                "line-width": _stops((9, 2), (13, 4.5), (16, 10), (18, 22))}),
    ]  # fmt: skip
    return [*hatched("roadworks"), *flood, *hatched("closure")]


def _closed_crosses() -> Style:
    """Return a cross on pieces of closed roads: colour never stands alone."""
    return _layer(
        "condition-cross", "symbol", "conditions", minzoom=13,
        filter=["==", ["get", "kind"], "closure"],
        layout={
            "symbol-placement": "line-center", "text-field": "✕",
            "text-font": FONT, "text-size": _stops((13, 11), (17, 17)),
            "text-rotation-alignment": "viewport", "text-ignore-placement": True,
            "text-padding": 3,
        },
        paint={"text-color": "#ffffff", "text-halo-color": CONDITION_COLOURS["closure"],
               "text-halo-width": 2.5},
    )  # fmt: skip


def _labels(palette: Palette, language: str) -> list[Style]:
    name = _name(language)
    text = {"text-color": palette.label, "text-halo-color": palette.halo, "text-halo-width": 1.4}
    faint = {**text, "text-color": palette.label_faint}
    return [
        _layer("water-name", "symbol", "water", minzoom=9, filter=_part("label"),
               layout=_text(["get", "name"], size=12),
               paint={**text, "text-color": palette.water_label}),
        _layer("road-name", "symbol", "roads", minzoom=13,
               filter=["all", ["has", "name"], ["!", ["get", "link"]]],
               layout={**_text(name, size=_stops((13, 10), (17, 13))),
                       "symbol-placement": "line", "symbol-spacing": 320,
                       "text-max-angle": 35, "text-padding": 4,
                       "symbol-sort-key": ["-", 20, _class_rank()]},
               paint=faint),
        _layer("place-name", "symbol", "places",
               layout={**_text(name, size=_stops((9, 12), (15, 11.5))), "text-padding": 6},
               paint=faint),
        _layer("area-name-street", "symbol", "areas", minzoom=13, maxzoom=15,
               filter=["all", _part("label"),
                       ["in", ["get", "level"], ["literal", ["street"]]]],
               layout={**_text(name, size=11), "text-padding": 12}, paint=faint),
        _layer("area-name", "symbol", "areas", maxzoom=15,
               filter=["all", _part("label"),
                       ["in", ["get", "level"], ["literal", ["district"]]]],
               layout={**_text(name, size=_stops((8, 11), (13, 16))), "text-letter-spacing": 0.08},
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
            "icon-size": _stops((9, 0.55), (14, 0.9)),
            "icon-allow-overlap": True,
            "icon-padding": 0,
            "text-optional": True,
            "text-anchor": "top",
            "text-offset": [0, 0.9],
        }
        return _layer(name, "symbol", source, layout=layout, paint=label, **rest)

    facility = [
        "match", ["get", "kind"],
        "hospital", ["case", ["get", "emergency"], "place-hospital-ed", "place-hospital"],
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


def _stops(*stops: tuple[float, Any]) -> Expression:
    flat = [value for stop in stops for value in stop]
    return ["interpolate", ["exponential", 1.4], ["zoom"], *flat]


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

    return _stops(*((zoom, at(index)) for index, zoom in enumerate(_WIDTH_ZOOMS)))


def _road_colour(palette: Palette) -> Expression:
    return [
        "match", ["get", "class"],
        ["motorway", "trunk"], palette.road_motorway,
        ["primary", "secondary"], palette.road_major,
        palette.road,
    ]  # fmt: skip

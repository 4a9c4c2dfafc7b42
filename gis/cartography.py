"""What every room draws its layers with: palettes, fonts and expressions of MapLibre's style."""

from collections.abc import Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from gis.rooms.layers import GREY, ON_DARK, WHITE, Categories, Layer, Ramp

Style = dict[str, Any]
Expression = list[Any]

FONT = ["Noto Sans CJK SC", "Noto Sans SC", "Microsoft YaHei", "PingFang SC", "sans-serif"]

NAMED = ("zh", "en")
"""Languages in which tiles carry names of their own, as `name_zh`."""


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
    dark: bool = False


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
        dark=True,
    ),
})  # fmt: skip


@dataclass(frozen=True, slots=True)
class Sheet:
    """What a layer is drawn for: a theme's colours and a language of labels."""

    palette: Palette
    language: str


@dataclass(frozen=True, slots=True)
class Drawing:
    """Style layers of one map layer, from below to above.

    over_roads : below all labels and symbols of the basemap
    symbols : above its labels
    marks : above everything
    """

    over_roads: tuple[Style, ...] = ()
    symbols: tuple[Style, ...] = ()
    marks: tuple[Style, ...] = ()

    @property
    def styles(self) -> tuple[Style, ...]:
        """Return all of them, from below to above."""
        return (*self.over_roads, *self.symbols, *self.marks)


def style_layer(
    name: str, kind: str, layer: str, *, source: str | None = None, **rest: Any
) -> Style:  # fmt: skip
    """Return a style layer that draws one map layer, from the source of its name or another."""
    return {"id": name, "type": kind, "source": source or layer, "source-layer": layer, **rest}


def stops(*stops: tuple[float, Any]) -> Expression:
    """Return a value by zoom, growing like the map does."""
    flat = [value for stop in stops for value in stop]
    return ["interpolate", ["exponential", 1.4], ["zoom"], *flat]


def text(field: Any, *, size: Any) -> Style:
    """Return the layout of a label."""
    return {"text-field": field, "text-font": FONT, "text-size": size, "text-max-width": 8}


def labelled_by(language: str) -> Expression:
    """Return a feature's name in a language; in another one a place keeps the name it has there."""
    own = [["get", f"name_{language}"]] if language in NAMED else []
    return ["coalesce", *own, ["get", "name"], ["get", "name_zh"], ""]


def draw_classes(layer: Layer, sheet: Sheet) -> Drawing:
    """Return a layer drawn by its classes: filled areas, lines, or discs with a letter."""
    colour, named = class_colour(layer.classes, dark=sheet.palette.dark), layer.name
    if layer.geometry == "point":
        return Drawing(marks=_discs(layer, colour, sheet))
    if layer.geometry == "line":
        line = {
            "line-color": colour, "line-opacity": layer.opacity,
            "line-width": stops((8, 1.5), (13, 4), (16, 8)),
        }  # fmt: skip
        return Drawing((style_layer(named, "line", named, paint=line),))
    fill = {"fill-color": colour, "fill-opacity": layer.opacity}
    edge = {"line-color": sheet.palette.border, "line-width": 0.5, "line-opacity": layer.opacity}
    return Drawing(
        (
            style_layer(named, "fill", named, paint=fill),
            style_layer(f"{named}-edge", "line", named, minzoom=12, paint=edge),
        )
    )


def class_colour(classes: Categories | Ramp | None, *, dark: bool) -> Expression | str:
    """Return a class's colour as an expression over its field; what has none is grey.

    dark: on a dark map, where ramps go the other way.
    """
    match classes:
        case Ramp(field=field, breaks=breaks, colours=light, apart=apart, zero=zero):
            colours = [ON_DARK[one] for one in light] if dark else light
            steps = [part for pair in zip(breaks, colours[1:], strict=True) for part in pair]
            step: Expression = ["step", ["get", field], colours[0], *steps]
            if zero is not None:
                step = ["case", ["==", ["get", field], 0], ON_DARK[WHITE] if dark else WHITE, step]
            other = GREY if apart is None else class_colour(apart, dark=dark)
            return ["case", ["==", ["typeof", ["get", field]], "number"], step, other]
        case Categories(field=None, entries=(only,)):
            return only.colour
        case Categories(field=field, entries=entries):
            return _by_value(field, [(one.value, one.colour) for one in entries], GREY)
    return GREY


def _discs(layer: Layer, colour: Expression | str, sheet: Sheet) -> tuple[Style, ...]:
    named, radius = layer.name, stops((9, 4), (14, 9))
    ring = {
        "circle-color": colour, "circle-radius": radius, "circle-opacity": layer.opacity,
        "circle-stroke-color": sheet.palette.halo, "circle-stroke-width": 1.5,
    }  # fmt: skip
    letters: Expression | str = ""
    if isinstance(layer.classes, Categories):
        pairs = [(one.value, one.shape) for one in layer.classes.entries if len(one.shape) == 1]
        plain = layer.classes.field is None
        letters = pairs[0][1] if plain and pairs else _by_value(layer.classes.field, pairs, "")
    letter = style_layer(
        f"{named}-letter", "symbol", named, minzoom=11,
        layout={
            "text-field": letters, "text-font": FONT, "text-size": stops((11, 8), (14, 12)),
            "text-allow-overlap": True, "text-ignore-placement": True, "text-padding": 0,
        },
        paint={"text-color": "#ffffff", "text-halo-color": "#000000", "text-halo-width": 0.8},
    )  # fmt: skip
    return (style_layer(named, "circle", named, paint=ring), letter)


def _by_value(
    field: str | None, pairs: Sequence[tuple[str | bool | int, str]], otherwise: str
) -> Expression | str:
    if field is None or not pairs:
        return otherwise
    cases = [part for value, out in pairs for part in (["==", ["get", field], value], out)]
    return ["case", *cases, otherwise]

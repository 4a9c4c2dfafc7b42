"""What every room draws its layers with: palettes, fonts and expressions of MapLibre's style."""

from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

Style = dict[str, Any]
Expression = list[Any]

FONT = ["Noto Sans CJK SC", "Noto Sans SC", "Microsoft YaHei", "PingFang SC", "sans-serif"]


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


@dataclass(frozen=True, slots=True)
class Sheet:
    """What a layer is drawn for: a theme's colours and a language of labels."""

    palette: Palette
    language: str


@dataclass(frozen=True, slots=True)
class Drawing:
    """Style layers of one map layer, from below to above.

    over_roads : below all labels and symbols of the basemap
    marks : above everything
    """

    over_roads: tuple[Style, ...] = ()
    marks: tuple[Style, ...] = ()


def style_layer(name: str, kind: str, source: str, **rest: Any) -> Style:
    """Return a style layer that draws one map layer."""
    return {"id": name, "type": kind, "source": source, "source-layer": source, **rest}


def stops(*stops: tuple[float, Any]) -> Expression:
    """Return a value by zoom, growing like the map does."""
    flat = [value for stop in stops for value in stop]
    return ["interpolate", ["exponential", 1.4], ["zoom"], *flat]

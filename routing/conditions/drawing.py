"""How roads under a condition are drawn."""

from types import MappingProxyType
from typing import Any

from gis.cartography import FONT, Drawing, Palette, Sheet, Style, stops, style_layer

CONDITION_COLOURS = MappingProxyType({
    "closure": "#d55e00", "flood": "#0072b2", "roadworks": "#b39b00",
})  # fmt: skip
"""Of roads under a condition: the colours of the console's marks (`symbols.js`)."""


def _conditions(palette: Palette) -> list[Style]:
    """Return roads that are closed (hatched), flooded or dug up, over all other roads."""

    def line(kind: str, name: str, **paint: Any) -> Style:
        return style_layer(
            name, "line", "conditions", minzoom=9, filter=["==", ["get", "kind"], kind],
            layout={"line-cap": "butt", "line-join": "round"}, paint=paint,
        )  # fmt: skip

    def hatched(kind: str) -> list[Style]:
        return [
            line(kind, f"condition-{kind}-casing",
                 **{"line-color": CONDITION_COLOURS[kind],
                    "line-width": stops((9, 2.5), (13, 6), (16, 12), (18, 24))}),
            line(kind, f"condition-{kind}",
                 **{"line-pattern": f"hatch:{kind}",
                    "line-width": stops((9, 1.5), (13, 4), (16, 9), (18, 20))}),
        ]  # fmt: skip

    flood = [
        line("flood", "condition-flood-casing",
             **{"line-color": palette.halo,
                "line-width": stops((9, 3), (13, 7), (16, 13), (18, 26))}),
        line("flood", "condition-flood",
             **{"line-color": CONDITION_COLOURS["flood"],
                "line-width": stops((9, 2), (13, 4.5), (16, 10), (18, 22))}),
    ]  # fmt: skip
    return [*hatched("roadworks"), *flood, *hatched("closure")]


def _closed_crosses() -> Style:
    """Return a cross on pieces of closed roads: colour never stands alone."""
    return style_layer(
        "condition-cross", "symbol", "conditions", minzoom=13,
        filter=["==", ["get", "kind"], "closure"],
        layout={
            "symbol-placement": "line-center", "text-field": "✕",
            "text-font": FONT, "text-size": stops((13, 11), (17, 17)),
            "text-rotation-alignment": "viewport", "text-ignore-placement": True,
            "text-padding": 3,
        },
        paint={"text-color": "#ffffff", "text-halo-color": CONDITION_COLOURS["closure"],
               "text-halo-width": 2.5},
    )  # fmt: skip


def draw(sheet: Sheet) -> Drawing:
    """Return closed, flooded and dug up roads over all others, and a cross on closed ones."""
    return Drawing(tuple(_conditions(sheet.palette)), (_closed_crosses(),))

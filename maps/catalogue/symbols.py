"""How places that stand on every map are drawn: icons made by the page, named `place-…`."""

from typing import Any

from gis.cartography import Drawing, Expression, Sheet, Style, labelled_by, stops, style_layer, text
from gis.facilities.kinds import HOSPITAL_KINDS


def draw_aeds(sheet: Sheet) -> Drawing:
    """Return AEDs; named where there is room."""
    return _symbol(sheet, "aeds", "place-aed", label_zoom=17, minzoom=13)


def draw_stations(sheet: Sheet) -> Drawing:
    """Return ambulance stations."""
    return _symbol(sheet, "stations", "place-station", label_zoom=14, minzoom=9)


def draw_facilities(sheet: Sheet) -> Drawing:
    """Return hospitals, those with an emergency department apart, and the rest as clinics."""
    icon = [
        "match", ["get", "kind"],
        list(HOSPITAL_KINDS),
        ["case", ["==", ["get", "emergency"], True], "place-hospital-ed", "place-hospital"],
        "place-clinic",
    ]  # fmt: skip
    return _symbol(sheet, "facilities", icon, label_zoom=13)


def _symbol(
    sheet: Sheet, layer: str, icon: Expression | str, *, label_zoom: int, **rest: Any
) -> Drawing:
    layout: Style = {
        **text(["step", ["zoom"], "", label_zoom, labelled_by(sheet.language)], size=11),
        "icon-image": icon,
        "icon-size": stops((9, 0.55), (14, 0.9)),
        "icon-allow-overlap": True,
        "icon-padding": 0,
        "text-optional": True,
        "text-anchor": "top",
        "text-offset": [0, 0.9],
    }
    palette = sheet.palette
    paint = {
        "text-color": palette.label, "text-halo-color": palette.halo, "text-halo-width": 1.4,
    }  # fmt: skip
    return Drawing(
        symbols=(style_layer(layer, "symbol", layer, layout=layout, paint=paint, **rest),)
    )

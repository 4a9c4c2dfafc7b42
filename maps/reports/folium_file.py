"""A report's map as one HTML file that works without a network: folium, with Leaflet inside.

Folium would fetch Leaflet and more from elsewhere; nothing of that is left. Its script stands in
the page, so the file is for opening by itself and never part of our own pages.
"""

import json
import re
from collections.abc import Callable, Mapping
from html import escape
from importlib.resources import files
from typing import Any

import folium
import numpy as np
import shapely
from branca.element import Element, Figure

from gis.cartography import THEMES
from gis.documents import BADGES, Document, MapFigure, MarkClass, Marks
from gis.words import Language, Words
from maps.assets import vendor_file
from maps.reports.ground import Ground
from maps.reports.plan import (
    LEGEND_ROADS,
    LEGEND_WATER,
    MODELLED_SUFFIX,
    ROAD_OPACITY,
    ROAD_WIDTH_PX,
)
from maps.reports.wording import facts

LARGEST_FILE_MB = 5
DECIMALS = 5
"""Of a coordinate: a metre."""
_PAPER = THEMES["light"]
_DISTRICTS = Words(en="Districts", zh="各区")
_GROUND = Words(en="Water and main roads", zh="水域与主要道路")
_CELLS = Words(en="Cells", zh="格网")
_FOLIUM_ID = re.compile(r"[0-9a-f]{32}")
_TEMPLATE_SIGNS = str.maketrans({sign: f"&#{ord(sign)};" for sign in "`$\\"})
"""What a JavaScript template reads, as HTML writes it."""
_Style = Callable[[dict[str, Any]], dict[str, Any]]


def make(document: Document, grounds: Mapping[str, Ground], language: Language) -> bytes:
    """Return the file: the document's first map, with all that the printed one says."""
    figure = document.maps[0]
    ground = grounds[figure.name]
    west, south, east, north = ground.bounds
    shown = folium.Map(
        location=[(south + north) / 2, (west + east) / 2], tiles=None, control_scale=True,
        zoom_snap=0.25, attribution_control=False,
    )  # fmt: skip
    # Folium would fetch Leaflet, jQuery, Bootstrap and letters of icons from elsewhere.
    shown.default_js, shown.default_css = [], []
    shown.fit_bounds([[south, west], [north, east]])
    _add_ground(shown, ground, language)
    _add_areas(shown, figure, ground, language)
    _add_surfaces(shown, figure, language)
    for layer in (*ground.marks, *figure.marks):
        _add_marks(shown, layer, language)
    folium.LayerControl(collapsed=False, position="topright").add_to(shown)
    root = shown.get_root()
    assert isinstance(root, Figure)
    css = files("maps.reports").joinpath("map.css").read_text(encoding="utf-8")
    leaflet_css = re.sub(r"url\([^)]*\)", "none", _leaflet("leaflet.css"))
    root.header.add_child(Element(f"<style>{leaflet_css}\n{css}</style>"), index=0)
    root.header.add_child(Element(f"<script>{_leaflet('leaflet.js')}</script>"), index=1)
    root.html.add_child(Element(_panel(document, figure, ground, language)))
    title = f"{document.city.in_language(language)} · {figure.title.in_language(language)}"
    root.header.add_child(Element(f"<title>{escape(title)}</title>"))
    page: str = root.render()
    return _numbered(page).encode()


def _leaflet(name: str) -> str:
    return vendor_file("leaflet", name).read_text(encoding="utf-8")


def _numbered(page: str) -> str:
    """Return the page with folium's random names counted: the same report gives the same bytes."""
    names: dict[str, str] = {}
    return _FOLIUM_ID.sub(lambda found: names.setdefault(found[0], str(len(names) + 1)), page)


def _feature(shape: shapely.Geometry, **properties: str) -> dict[str, Any]:
    rounded = shapely.transform(shape, lambda points: np.round(points, DECIMALS))
    geometry = json.loads(shapely.to_geojson(rounded))
    return {"type": "Feature", "geometry": geometry, "properties": properties}


def _in_template(text: str) -> str:
    """Return a text as HTML that folium may put into a JavaScript template unread."""
    return escape(text).translate(_TEMPLATE_SIGNS)


def _styled(**look: Any) -> _Style:
    return lambda _: look


def _add_ground(shown: folium.Map, ground: Ground, language: Language) -> None:
    group = folium.FeatureGroup(_GROUND.in_language(language))
    folium.GeoJson(
        _feature(ground.water), interactive=False,
        style_function=_styled(fillColor=_PAPER.water, fillOpacity=1, weight=0),
    ).add_to(group)  # fmt: skip
    for road in ground.roads:
        look = _styled(
            color="#8d979f", weight=1.6 * ROAD_WIDTH_PX[road.highway],
            opacity=ROAD_OPACITY[road.highway],
        )  # fmt: skip
        folium.GeoJson(_feature(road.shape), interactive=False, style_function=look).add_to(group)
    group.add_to(shown)


def _add_areas(
    shown: folium.Map, figure: MapFigure, ground: Ground, language: Language
) -> None:  # fmt: skip
    if not ground.areas:
        return
    group = folium.FeatureGroup(_DISTRICTS.in_language(language))
    for area in ground.areas:
        place = (figure.shade_of or {}).get(area.code)
        value = (figure.values or {}).get(area.code)
        name = area.words.in_language(language)
        said = name if value is None else f"{name}: {value.in_language(language)}"
        fill = _PAPER.area if place is None else figure.shades[place].colour
        folium.GeoJson(
            _feature(area.shape),
            style_function=_styled(
                fillColor=fill, fillOpacity=0.5, color="#6b757d", weight=1.2, dashArray="5 3"
            ),
            tooltip=folium.Tooltip(_in_template(said), sticky=True),
        ).add_to(group)
        letter = "" if place is None else f" {figure.shades[place].letter}"
        folium.Marker(
            [area.label[1], area.label[0]], interactive=False,
            icon=folium.DivIcon(
                html=f'<span class="name">{escape(name + letter)}</span>', icon_size=(0, 0)
            ),
        ).add_to(group)  # fmt: skip
    group.add_to(shown)


def _add_surfaces(shown: folium.Map, figure: MapFigure, language: Language) -> None:
    if not figure.surfaces:
        return
    title = figure.surfaces_title or _CELLS
    group = folium.FeatureGroup(escape(title.in_language(language)))
    for one in figure.surfaces:
        folium.GeoJson(
            _feature(one.shape), interactive=False,
            style_function=_styled(fillColor=one.shade.colour, fillOpacity=0.65, weight=0),
        ).add_to(group)  # fmt: skip
    group.add_to(shown)


def _add_marks(shown: folium.Map, layer: Marks, language: Language) -> None:
    group = folium.FeatureGroup(escape(layer.words.in_language(language)))
    for place, look in enumerate(layer.classes):
        features = [
            _feature(
                shapely.Point(mark.lon, mark.lat),
                # What stands in a tooltip is read as HTML.
                name=escape(
                    mark.words.in_language(language)
                    + (MODELLED_SUFFIX.in_language(language) if mark.modelled else "")
                ),
                what=escape(look.words.in_language(language)),
            )
            for mark in layer.marks
            if mark.of_class == place
        ]
        if features:
            folium.GeoJson(
                {"type": "FeatureCollection", "features": features},
                marker=folium.Marker(icon=folium.DivIcon(
                    html=_symbol(look), icon_size=(18, 18), icon_anchor=(9, 9), class_name=""
                )),
                tooltip=folium.GeoJsonTooltip(fields=["name", "what"], labels=False),
            ).add_to(group)  # fmt: skip
    group.add_to(shown)


def _symbol(look: MarkClass) -> str:
    colours = (
        f"background:#fff;color:{look.colour};border-color:{look.colour}" if look.hollow
        else f"background:{look.colour};color:#fff;border-color:#fff"
    )  # fmt: skip
    return f'<span class="mark" style="{colours}">{escape(look.letter)}</span>'


def _panel(
    document: Document, figure: MapFigure, ground: Ground, language: Language
) -> str:  # fmt: skip
    badge = BADGES[document.provenance]
    lines = [
        f"<li>{_symbol(look)} {escape(look.words.in_language(language))}</li>"
        for layer in (*ground.marks, *figure.marks)
        for look in layer.used
    ]
    water, roads = (escape(one.in_language(language)) for one in (LEGEND_WATER, LEGEND_ROADS))
    lines += [
        f'<li><i style="background:{_PAPER.water}"></i> {water}</li>',
        f'<li><i class="line"></i> {roads}</li>',
    ]
    if figure.shade_of and figure.shades_title is not None:
        lines.append(f"<li><b>{escape(figure.shades_title.in_language(language))}</b></li>")
        lines += [
            f'<li><i style="background:{shade.colour}">{shade.letter}</i> '
            f"{escape(shade.words.in_language(language))}</li>"
            for place, shade in enumerate(figure.shades)
            if place in figure.shade_of.values()
        ]
    if figure.surfaces:
        if figure.surfaces_title is not None:
            lines.append(f"<li><b>{escape(figure.surfaces_title.in_language(language))}</b></li>")
        lines += [
            f'<li><i style="background:{one.shade.colour}">{one.shade.letter}</i> '
            f"{escape(one.shade.words.in_language(language))}</li>"
            for one in figure.surfaces
        ]
    notes = "".join(
        f"<p>{escape(label)}: {escape(text)}</p>" for label, text in facts(document, language)
    )
    mark = "" if badge is None else f'<p class="badge">{escape(badge.in_language(language))}</p>'
    return (
        f'<aside class="panel">{mark}<h1>{escape(document.city.in_language(language))}</h1>'
        f"<h2>{escape(figure.title.in_language(language))}</h2><ul>{''.join(lines)}</ul>"
        f'<div class="facts">{notes}</div></aside>'
    )

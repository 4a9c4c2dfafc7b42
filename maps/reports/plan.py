"""A map in print: a figure of a report as SVG, with legend, scale bar, north and attribution."""

import html
from collections.abc import Sequence
from dataclasses import dataclass
from math import cos, floor, log10, radians

import shapely

from gis.cartography import FONT, THEMES
from gis.documents import BADGES, MapFigure, MarkClass, Marks
from gis.rooms.layers import Provenance
from gis.words import Language, Words
from maps.reports.ground import Ground

WIDTH_PX = 680
HIGHEST_PX = 620
MARGIN = 0.03
"""Part of the map's width that is left around the city."""
METRES_PER_DEGREE = 111_195.0
ROAD_WIDTH_PX = {"motorway": 1.3, "trunk": 1.0, "primary": 0.6}
ROAD_OPACITY = {"motorway": 0.8, "trunk": 0.65, "primary": 0.4}
CROWD = 600
"""With more marks than this they are drawn smaller and without letters."""
LONGEST_NAME = 24
_PAPER = THEMES["light"]
_INK, _FAINT, _ORANGE = "#22282d", "#5f6971", "#D55E00"
_LINE_PX, _LEGEND_PX = 17, 11

NORTH = Words(en="N", zh="北")
LEGEND_WATER = Words(en="water", zh="水域")
LEGEND_ROADS = Words(en="main roads", zh="主要道路")
MODELLED_SUFFIX = Words(en=" (modelled)", zh="（模型）")


@dataclass(frozen=True, slots=True)
class _Frame:
    """From WGS-84 degrees to pixels: equirectangular about the city's middle, true to scale."""

    west: float
    north: float
    px_per_degree: float
    stretch: float
    height_px: float

    @classmethod
    def around(cls, bounds: tuple[float, float, float, float]) -> "_Frame":
        west, south, east, north = bounds
        stretch = cos(radians((south + north) / 2))
        wide, high = max((east - west) * stretch, 1e-4), max(north - south, 1e-4)
        pad = MARGIN * max(wide, high)
        scale = min(WIDTH_PX / (wide + 2 * pad), HIGHEST_PX / (high + 2 * pad))
        # A tall city stands in the middle of the page's width.
        spare = WIDTH_PX / scale - wide
        return cls(
            west - spare / 2 / stretch, north + pad, scale, stretch, (high + 2 * pad) * scale
        )

    def at(self, lon: float, lat: float) -> tuple[float, float]:
        return (
            (lon - self.west) * self.stretch * self.px_per_degree,
            (self.north - lat) * self.px_per_degree,
        )

    def path(self, shape: shapely.Geometry) -> str:
        """Return the `d` of an SVG path, to a tenth of a pixel."""
        parts = []
        for ring in _rings(shape):
            points = [self.at(lon, lat) for lon, lat in shapely.get_coordinates(ring)]
            parts.append("M" + "L".join(f"{x:.1f},{y:.1f}" for x, y in points))
        return "".join(parts)

    @property
    def metres_per_px(self) -> float:
        return METRES_PER_DEGREE / self.px_per_degree


def _rings(shape: shapely.Geometry) -> list[shapely.Geometry]:
    kinds = {shapely.GeometryType.POLYGON, shapely.GeometryType.LINESTRING}
    found = []
    for part in shapely.get_parts(shapely.get_parts(shape)):
        if shapely.get_type_id(part) in kinds and not part.is_empty:
            found += [part.exterior, *part.interiors] if hasattr(part, "exterior") else [part]
    return found


def svg(
    figure: MapFigure,
    ground: Ground,
    *,
    language: Language,
    provenance: Provenance,
    attribution: str,
) -> str:
    """Return a figure as SVG of `WIDTH_PX`; letters stay letters."""
    frame = _Frame.around(ground.bounds)
    shown = (*ground.marks, *figure.marks)
    legend, legend_px = _legend(figure, shown, language, top_px=frame.height_px + 20)
    lines = _wrapped(attribution, WIDTH_PX - 8, 8.5)
    height_px = frame.height_px + legend_px + 12 * len(lines) + 14
    font = html.escape(", ".join(f"'{name}'" for name in FONT))
    size = f'width="{WIDTH_PX}" height="{frame.height_px:.1f}"'
    notes = "".join(
        f'<text x="2" y="{height_px - 4 - 12 * (len(lines) - 1 - place):.1f}" font-size="8.5" '
        f'fill="{_FAINT}">{html.escape(line)}</text>'
        for place, line in enumerate(lines)
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH_PX}" height="{height_px:.0f}" '
        f'viewBox="0 0 {WIDTH_PX} {height_px:.0f}" font-family="{font}" role="img" '
        f'aria-label="{html.escape(figure.alt.in_language(language))}">'
        f'<rect width="{WIDTH_PX}" height="{height_px:.0f}" fill="#ffffff"/>'
        f'<clipPath id="frame-{figure.name}"><rect {size}/></clipPath>'
        f'<g clip-path="url(#frame-{figure.name})"><rect {size} fill="{_PAPER.land}"/>'
        f"{''.join(_land(figure, ground, frame))}{''.join(_marks(shown, frame))}"
        f"{''.join(_names(figure, ground, frame, language, shown))}{_badge(provenance, language)}"
        f"{_north(language)}{_scale_bar(frame)}</g>"
        f'<rect {size} fill="none" stroke="{_PAPER.border}"/>{"".join(legend)}{notes}</svg>'
    )


def _land(figure: MapFigure, ground: Ground, frame: _Frame) -> list[str]:
    shade_of = figure.shade_of or {}
    parts = []
    for area in ground.areas:
        place = shade_of.get(area.code)
        fill = _PAPER.area if place is None else figure.shades[place].colour
        parts.append(
            f'<path d="{frame.path(area.shape)}" fill="{fill}" fill-opacity="0.75" '
            'fill-rule="evenodd"/>'
        )
    parts.append(
        f'<path d="{frame.path(ground.water)}" fill="{_PAPER.water}" fill-rule="evenodd"/>'
    )
    parts += [
        f'<path d="{frame.path(one.shape)}" fill="{one.shade.colour}" fill-opacity="0.8" '
        'fill-rule="evenodd"/>'
        for one in figure.surfaces
    ]
    parts += [
        f'<path d="{frame.path(road.shape)}" fill="none" stroke="#8d979f" stroke-linejoin="round" '
        f'stroke-opacity="{ROAD_OPACITY[road.highway]}" '
        f'stroke-width="{ROAD_WIDTH_PX[road.highway]}"/>'
        for road in ground.roads
    ]
    parts += [
        f'<path d="{frame.path(area.shape)}" fill="none" stroke="#6b757d" stroke-width="1.1" '
        'stroke-linejoin="round" stroke-dasharray="5 2"/>'
        for area in ground.areas
    ]
    return parts


def _marks(shown: Sequence[Marks], frame: _Frame) -> list[str]:
    total = sum(len(one.marks) for one in shown)
    crowded = total > CROWD
    parts = []
    for layer in shown:
        for mark in layer.marks:
            x, y = frame.at(mark.lon, mark.lat)
            parts.append(_symbol(layer.classes[mark.of_class], x, y, 3.0 if crowded else 4.6,
                                 lettered=not crowded))  # fmt: skip
    return parts


def _symbol(look: MarkClass, x: float, y: float, half_px: float, *, lettered: bool) -> str:
    fill, ink = ("#ffffff", look.colour) if look.hollow else (look.colour, "#ffffff")
    edge = look.colour if look.hollow else "#ffffff"
    square = (
        f'<rect x="{x - half_px:.1f}" y="{y - half_px:.1f}" width="{2 * half_px:.1f}" '
        f'height="{2 * half_px:.1f}" rx="1.2" fill="{fill}" stroke="{edge}" stroke-width="0.9"/>'
    )
    if not lettered:
        return square
    size = half_px * 1.6
    return (
        f'{square}<text x="{x:.1f}" y="{y + size * 0.36:.1f}" font-size="{size:.1f}" '
        f'font-weight="bold" text-anchor="middle" fill="{ink}">{html.escape(look.letter)}</text>'
    )


def _names(
    figure: MapFigure, ground: Ground, frame: _Frame, language: Language, shown: Sequence[Marks]
) -> list[str]:
    parts = []
    marks = [frame.at(mark.lon, mark.lat) for layer in shown for mark in layer.marks]
    for area in ground.areas:
        x, y = frame.at(*area.label)
        name = area.words.in_language(language)
        if len(name) > LONGEST_NAME:
            name = name[: LONGEST_NAME - 1] + "…"
        place = (figure.shade_of or {}).get(area.code)
        letter = "" if place is None else f" {figure.shades[place].letter}"
        text = html.escape(name + letter)
        half = _width_px(name + letter, 13) / 2
        x = min(max(x, half + 6), WIDTH_PX - half - 6)
        y += _beside_marks(x, y, half_px=half, marks=marks)
        place_px = f'x="{x:.1f}" y="{y:.1f}" font-size="13" font-weight="bold" text-anchor="middle"'
        # Twice rather than `paint-order`, which not every reader of SVG knows.
        parts.append(
            f'<text {place_px} fill="none" stroke="#ffffff" stroke-opacity="0.9" '
            f'stroke-width="3.4" stroke-linejoin="round">{text}</text>'
            f'<text {place_px} fill="{_INK}">{text}</text>'
        )
    return parts


def _beside_marks(
    x: float, y: float, *, half_px: float, marks: Sequence[tuple[float, float]]
) -> float:
    """Return how far down a name goes so that it covers no mark; 0 where there is no such place."""
    for down_px in (0.0, 16.0, -16.0, 28.0, -28.0, 40.0, -40.0):
        middle = y + down_px - 4.5
        if not any(abs(x - mx) < half_px + 6 and abs(middle - my) < 13 for mx, my in marks):
            return down_px
    return 0.0


def _badge(provenance: Provenance, language: Language) -> str:
    badge = BADGES[provenance]
    if badge is None:
        return ""
    words = badge.in_language(language)
    width_px = _width_px(words, 11) + 16
    return (
        f'<rect x="8" y="8" width="{width_px:.1f}" height="21" rx="2" fill="#ffffff" '
        f'stroke="{_ORANGE}"/><text x="16" y="22.5" font-size="11" font-weight="bold" '
        f'fill="#a64800">{html.escape(words)}</text>'
    )


def _north(language: Language) -> str:
    x = WIDTH_PX - 22
    return (
        f'<path d="M{x},10l7,19l-7,-4.5l-7,4.5z" fill="{_INK}" stroke="#ffffff" stroke-width="1"/>'
        f'<text x="{x}" y="42" font-size="11" font-weight="bold" text-anchor="middle" '
        f'fill="{_INK}">{NORTH.in_language(language)}</text>'
    )


def _scale_bar(frame: _Frame) -> str:
    longest_m = 0.22 * WIDTH_PX * frame.metres_per_px
    power = 10 ** floor(log10(longest_m))
    length_m = max(step * power for step in (1, 2, 5) if step * power <= longest_m)
    width_px = length_m / frame.metres_per_px
    words = f"{length_m / 1000:g} km" if length_m >= 1000 else f"{length_m:g} m"
    y = frame.height_px - 14
    return (
        f'<rect x="8" y="{y - 16:.1f}" width="{width_px + 16:.1f}" height="24" rx="2" '
        f'fill="#ffffff" fill-opacity="0.85"/>'
        f'<path d="M16,{y - 4:.1f}v6h{width_px:.1f}v-6" fill="none" stroke="{_INK}" '
        f'stroke-width="1.4"/><text x="{16 + width_px / 2:.1f}" y="{y - 2:.1f}" font-size="10" '
        f'text-anchor="middle" fill="{_INK}">{words}</text>'
    )


def _legend(
    figure: MapFigure, shown: Sequence[Marks], language: Language, *, top_px: float
) -> tuple[list[str], float]:
    """Return the legend's lines, in as many rows as it takes, and its height."""
    parts: list[str] = []
    x, y = 2.0, top_px

    def entry(picture: str, picture_px: float, words: str) -> None:
        nonlocal x, y
        width_px = picture_px + 6 + _width_px(words, _LEGEND_PX) + 16
        if x > 2 and x + width_px > WIDTH_PX:
            x, y = 2.0, y + _LINE_PX
        parts.append(
            f'<g transform="translate({x:.1f},{y:.1f})">{picture}<text x="{picture_px + 6:.1f}" '
            f'y="0" font-size="{_LEGEND_PX}" fill="{_INK}">{html.escape(words)}</text></g>'
        )
        x += width_px

    for layer in shown:
        for look in layer.used:
            entry(_symbol(look, 6, -4, 5.2, lettered=True), 12, look.words.in_language(language))
    entry(
        f'<rect y="-10" width="16" height="11" fill="{_PAPER.water}"/>', 16,
        LEGEND_WATER.in_language(language),
    )  # fmt: skip
    entry(
        '<path d="M0,-4h16" stroke="#8d979f" stroke-width="1.4"/>',
        16,
        LEGEND_ROADS.in_language(language),
    )
    used = set((figure.shade_of or {}).values())
    for title, shades in (
        (figure.shades_title, [one for at, one in enumerate(figure.shades) if at in used]),
        (figure.surfaces_title, [one.shade for one in figure.surfaces]),
    ):
        if not shades:
            continue
        x, y = 2.0, y + _LINE_PX
        if title is not None:
            words = title.in_language(language)
            parts.append(
                f'<text x="2" y="{y:.1f}" font-size="{_LEGEND_PX}" font-weight="bold" '
                f'fill="{_INK}">{html.escape(words)}</text>'
            )
            x += _width_px(words, _LEGEND_PX) + 14
        for shade in shades:
            picture = (
                f'<rect y="-10" width="20" height="13" fill="{shade.colour}" '
                f'fill-opacity="0.75" stroke="#6b757d" stroke-width="0.7"/>'
                f'<text x="10" y="0.5" font-size="11" font-weight="bold" text-anchor="middle" '
                f'fill="{_INK}">{shade.letter}</text>'
            )
            entry(picture, 20, shade.words.in_language(language))
    return parts, y - top_px + 26


def _width_px(words: str, size: float) -> float:
    """Return about how wide a line of letters is: none of the fonts is read for it."""
    return sum(
        size * (1.0 if ord(letter) > 0x2E7F else 0.72 if letter.isupper() else 0.56)
        for letter in words
    )


def _wrapped(words: str, width_px: float, size: float) -> list[str]:
    lines = [""]
    for word in words.split(" "):
        longer = f"{lines[-1]} {word}".strip()
        if lines[-1] and _width_px(longer, size) > width_px:
            lines.append(word)
        else:
            lines[-1] = longer
    return lines

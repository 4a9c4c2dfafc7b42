"""Charts as pictures, drawn by the Vega inside vl-convert: no browser, no network."""

import json
from functools import lru_cache

import vl_convert

from maps.charts.colours import Spec

PNG_SCALE = 2.0
"""Pixels of a picture per pixel of the chart: sharp when printed at 15 cm."""


def svg(spec: Spec) -> str:
    """Return a chart as SVG; the letters stay letters."""
    drawn: str = vl_convert.vegalite_to_svg(json.dumps(spec), allowed_base_urls=[])
    return drawn


@lru_cache(maxsize=32)
def png_of_svg(drawing: str) -> bytes:
    """Return an SVG as PNG, `PNG_SCALE` times as large, with the fonts of this machine.

    Kept: several files of one report show the same picture.
    """
    picture: bytes = vl_convert.svg_to_png(drawing, scale=PNG_SCALE)
    return picture

"""What all charts share, without the library that makes most of them."""

from typing import Any

BLUE, ORANGE, INK, FAINT = "#0072B2", "#D55E00", "#22282d", "#5f6971"
"""Okabe and Ito's blue and vermillion, and two greys for letters."""
Spec = dict[str, Any]
"""A Vega-Lite specification, JSON-ready."""

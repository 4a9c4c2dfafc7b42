"""SQL of the vector tiles: what of each layer is shown at a zoom, simplified to the pixel.

Geometry is stored in WGS-84; the index filter compares stored boxes with the tile's box brought to
WGS-84, so nothing is transformed that is not drawn. A tile holds at most `FEATURE_CAP` features,
the most important first.
"""

from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any

from sqlalchemy import TextClause, text
from sqlalchemy.orm import Session

from gis.rooms.layers import Layer
from maps.zooms import AREA_LEVEL_MIN_ZOOM, ROAD_CLASS_MIN_ZOOM

FEATURE_CAP = 20_000
TILE_PIXELS = 512
EQUATOR_M = 40_075_016.685578488


def tile_bytes(
    session: Session, layer: Layer, *, city_id: int, z: int, x: int, y: int
) -> bytes:  # fmt: skip
    """Return the tile of `layer`; empty bytes where nothing is shown."""
    below, other = layer.sql_below or (0, "")
    statement, names = _statement(other if z < below else layer.sql)
    values: dict[str, Any] = {
        "city_id": city_id,
        "z": z,
        "x": x,
        "y": y,
        "tolerance_m": EQUATOR_M / 2**z / TILE_PIXELS / 2,
        "classes": _with_links(_shown(ROAD_CLASS_MIN_ZOOM, z)),
        "ranks": list(ROAD_CLASS_MIN_ZOOM),
        "levels": _shown(AREA_LEVEL_MIN_ZOOM, z),
        "kinds": _shown(layer.first_zooms, z),
        "cap": FEATURE_CAP,
    }
    wanted = {name: values[name] for name in names}
    found = session.execute(statement, wanted).scalar_one_or_none()
    return bytes(found) if found else b""


@cache
def _statement(reference: str) -> tuple[TextClause, tuple[str, ...]]:
    """Return the statement of a file and the names of its parameters."""
    package, _, name = reference.partition(":")
    statement = text(files(package).joinpath(name).read_text(encoding="utf-8"))
    return statement, tuple(statement.compile().params)


def _shown(min_zoom: Mapping[str, int], z: int) -> list[str]:
    return [name for name, first in min_zoom.items() if z >= first]


def _with_links(classes: list[str]) -> list[str]:
    return classes + [f"{name}_link" for name in classes]

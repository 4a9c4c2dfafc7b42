"""SQL of the vector tiles: what of each layer is shown at a zoom, simplified to the pixel.

Geometry is stored in WGS-84; the index filter compares stored boxes with the tile's box brought to
WGS-84, so nothing is transformed that is not drawn. A tile holds at most `FEATURE_CAP` features,
the most important first.
"""

from functools import cache
from pathlib import Path
from typing import Any

from sqlalchemy import TextClause, text
from sqlalchemy.orm import Session

FEATURE_CAP = 20_000
TILE_PIXELS = 512
EQUATOR_M = 40_075_016.685578488
JOIN_BELOW_ZOOM = 13
"""Below it street pieces of one class are joined: names and one-ways are not drawn there."""

ROAD_CLASS_MIN_ZOOM: dict[str, int] = {
    "motorway": 4,
    "trunk": 5,
    "primary": 7,
    "secondary": 10,
    "tertiary": 11,
    "unclassified": 13,
    "residential": 13,
    "living_street": 13,
    "road": 13,
    "pedestrian": 14,
    "service": 14,
    "track": 14,
    "footway": 15,
    "path": 15,
    "cycleway": 15,
    "steps": 15,
    "bridleway": 15,
    "corridor": 16,
}
"""First zoom at which a class is drawn, most important class first."""

AREA_LEVEL_MIN_ZOOM: dict[str, int] = {
    "country": 0,
    "province": 0,
    "city": 3,
    "district": 6,
    "street": 11,
    "zone": 12,
}

PLACE_KIND_MIN_ZOOM: dict[str, int] = {
    "locality": 10,
    "station": 13,
    "poi": 15,
    "building": 16,
}
"""Streets, crossings, addresses and facilities are absent: other layers carry their names."""

FACILITY_KIND_MIN_ZOOM: dict[str, int] = {
    "hospital": 5,
    "community_health_centre": 12,
    "clinic": 13,
}

_SQL_FOLDER = Path(__file__).parent / "sql"


def tile_bytes(session: Session, layer: str, *, city_id: int, z: int, x: int, y: int) -> bytes:
    """Return the tile of `layer`, a key of the catalogue; empty bytes where nothing is shown."""
    joined = layer == "roads" and z < JOIN_BELOW_ZOOM
    statement = _statement("roads_joined" if joined else layer)
    kinds = FACILITY_KIND_MIN_ZOOM if layer == "facilities" else PLACE_KIND_MIN_ZOOM
    values: dict[str, Any] = {
        "city_id": city_id,
        "z": z,
        "x": x,
        "y": y,
        "tolerance_m": EQUATOR_M / 2**z / TILE_PIXELS / 2,
        "classes": _with_links(_shown(ROAD_CLASS_MIN_ZOOM, z)),
        "ranks": list(ROAD_CLASS_MIN_ZOOM),
        "levels": _shown(AREA_LEVEL_MIN_ZOOM, z),
        "kinds": _shown(kinds, z),
        "cap": FEATURE_CAP,
    }
    wanted = {name: values[name] for name in statement.compile().params}
    found = session.execute(statement, wanted).scalar_one_or_none()
    return bytes(found) if found else b""


@cache
def _statement(name: str) -> TextClause:
    return text((_SQL_FOLDER / f"{name}.sql").read_text(encoding="utf-8"))


def _shown(min_zoom: dict[str, int], z: int) -> list[str]:
    return [name for name, first in min_zoom.items() if z >= first]


def _with_links(classes: list[str]) -> list[str]:
    return classes + [f"{name}_link" for name in classes]
